"""Hosts of acme.test whose answers forbid all they should, but for what an example changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cases.world import DOMAIN, TARGET
from launchready_tui.facts.api import ApiAnswer, ApiAnswers
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.page import Page, read_page
from launchready_tui.facts.site import CanonicalStarts, HostPages, Visit
from launchready_tui.facts.web import Missing, MissingPages, WebHost, WebHosts, made_up
from launchready_tui.given import Target
from launchready_tui.model import Fact
from launchready_tui.network.seen import Hop

APP = f"app.{DOMAIN}"
YEAR = "max-age=31536000"
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
GOOD: dict[str, str | Sequence[str]] = {
    "strict-transport-security": YEAR,
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=()",
    "server": "nginx",
}
HTML = Page(title="Acme", shell="a1")
SHELL = read_page('<title>Desk</title><div id=app></div><script src="/assets/index-1.js"></script>')
SIGN_IN = read_page('<form method=post action="/login"><input type=password name=word></form>')


def answer(
    url: str, status: int = 200, *, to: str = "", **headers: str | Sequence[str] | None
) -> Hop:
    """A sound answer, with some headers changed, several, or gone (None)."""
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = GOOD | {"location": to} if to else {**GOOD}
    pairs: list[tuple[str, str]] = []
    for name, value in {**kept, **changed}.items():
        values = () if value is None else (value,) if isinstance(value, str) else value
        pairs += [(name, one) for one in values]
    return Hop(url=url, method="GET", outcome="ok", status=status, headers=tuple(pairs))


def shown(
    host: str = DOMAIN, page: Page | None = HTML, status: int = 200, path: str = "/", **headers: Any
) -> Visit:
    """A page at a host."""
    url = f"https://{host}{path}"
    return Visit(url=url, hops=(answer(url, status, **headers),), ended="ok", page=page)


def led(*hops: Hop, page: Page | None = HTML) -> Visit:
    """A visit that was sent on."""
    return Visit(url=hops[0].url, hops=hops, ended="ok", page=page)


def absent(
    host: str = DOMAIN, page: Page | None = HTML, status: int = 404, debug: tuple[str, ...] = (),
    **headers: Any,
) -> Missing:  # fmt: skip
    """What a host answers at its made-up address."""
    seen = shown(host, page, status, f"/{made_up(host)}", **headers)
    return Missing(host=host, visit=seen, debug=debug)


def answered(
    url: str = f"https://{DOMAIN}/api/orders",
    status: int = 200,
    *,
    challenge: str = "",
    **headers: Any,
) -> ApiAnswer:
    """What an API address answers a stranger."""
    hop = answer(url, status, **headers)
    return ApiAnswer(url=url, status=status, challenge=challenge, hop=hop)


def held(host: str, cause: str = "") -> WebHost:
    """A host that could not be looked at."""
    front = Visit(url=f"https://{host}/", hops=(), ended="unknown", cause=cause)
    return WebHost(host=host, front=front, cause=cause)


def facts(
    *visits: Visit,
    api: tuple[ApiAnswer, ...] = (),
    starts: tuple[Visit, ...] = (),
    gone: tuple[Missing, ...] | None = None,
    hosts: tuple[WebHost, ...] = (),
    app: str = "",
    target: Target = TARGET,
    app_start: Visit | None = None,
) -> tuple[Fact, ...]:
    """The domain's front page, all given visits, and an error page of each host."""
    every = {v.url: v for v in (shown(), *visits)}
    web = {host_of(v.url): v for v in every.values() if v.url.startswith("https:")}
    entries = [WebHost(host=host, front=visit) for host, visit in web.items()]
    entries = [*entries, *hosts]
    named = app or (APP if APP in web else DOMAIN)
    missing = gone if gone is not None else tuple(absent(host) for host in web)
    return (
        ApiAnswers(answers=api),
        WebHosts(hosts=tuple(entries), app=named),
        target,
        CanonicalStarts(
            starts=(every.pop(f"https://{DOMAIN}/"), *starts), carried=(), app=app_start
        ),
        HostPages(pages=tuple(every.values())),
        MissingPages(pages=missing),
    )
