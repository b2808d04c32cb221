"""What a stranger is given at the addresses that only signed-in people should see."""

from __future__ import annotations

import asyncio
from typing import Literal
from urllib.parse import urlsplit

from msgspec.structs import replace

from launchready_tui.engine import fact
from launchready_tui.facts.answers import Looks, looks
from launchready_tui.facts.challenge import challenged, challenger
from launchready_tui.facts.limit_headers import announced
from launchready_tui.facts.page import read_page
from launchready_tui.facts.site import without_secrets, without_values
from launchready_tui.facts.volatile import steady
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched, Hop

BODY = 262_144
MOST = 12
"""Addresses of either list."""
JUDGED = (
    "cache-control",
    "content-type",
    "server",
    "server-timing",
    "set-cookie",
    "strict-transport-security",
    "traceparent",
    "vary",
    "x-aspnet-version",
    "x-aspnetmvc-version",
    "x-b3-traceid",
    "x-backend-server",
    "x-content-type-options",
    "x-datadog-trace-id",
    "x-debug-token",
    "x-debug-token-link",
    "x-powered-by",
    "x-runtime",
)


class AnonymousPage(Record, frozen=True, kw_only=True):
    """One address as a stranger gets it: the bare URL, without a cookie, once.

    `ended` and `cause` are the visit's; `status` that of the answer at `at`, where its redirects
    led. `first` is the address's own answer, with the headers that are judged. Cookies keep names
    and attributes only, and nothing of the body is kept.
    """

    url: str
    named: Literal["private", "api"]
    ended: Literal["ok", "loop", "long", "tls", "refused", "blocked", "unknown"]
    status: int = 0
    at: str = ""
    first: Hop | None = None
    announced: tuple[str, ...] = ()
    """Headers of the first answer that tell of a rate limit."""
    looks: Looks = Looks()
    challenge: str = ""
    """Whose bot rule answered somewhere on the way, or nobody's."""
    moved: bool = False
    """Redirected to another page: a login, as a rule."""
    cause: str = ""
    first_challenge: str = ""
    """Whose bot rule gave the first answer."""
    nothing_at: str = ""
    """The platform that says by itself that there is nothing: the app was never asked."""

    @property
    def challenged(self) -> bool:
        return bool(self.challenge)


class AnonymousPages(Fact, frozen=True, kw_only=True):
    """The private and the API addresses of launchready.toml, without signing in."""

    pages: tuple[AnonymousPage, ...]
    left_out: int = 0

    def of(self, url: str) -> AnonymousPage | None:
        return next((page for page in self.pages if page.url == without_secrets(url)), None)


@fact
async def anonymous_pages(net: Network, target: Target) -> AnonymousPages:
    private = list(dict.fromkeys(target.web.private))
    rest = dict.fromkeys([*private, *target.web.webhooks])
    api = [url for url in dict.fromkeys(target.web.api) if url not in rest]
    asked: list[tuple[str, Literal["private", "api"]]] = [
        *((url, "private") for url in private[:MOST]),
        *((url, "api") for url in api[:MOST]),
    ]
    with net.log.side_by_side():
        answers = await asyncio.gather(*(net.fetch(url, body_limit=BODY) for url, _ in asked))
    pages = tuple(
        _page(url, named, answer, target.web.markers)
        for (url, named), answer in zip(asked, answers, strict=True)
    )
    return AnonymousPages(pages=pages, left_out=len(private) + len(api) - len(asked))


def _page(
    url: str, named: Literal["private", "api"], answer: Fetched, markers: tuple[str, ...]
) -> AnonymousPage:
    last = steady(without_values(answer.last))
    return AnonymousPage(
        url=without_secrets(url),
        named=named,
        ended=answer.ended,
        status=last.status,
        at=last.url,
        first=_judged(answer.hops[0]),
        announced=announced(answer.hops[0]),
        looks=looks(answer.body, last.header("content-type"), markers),
        challenge=challenger(answer.hops),
        first_challenge=challenged(answer.hops[0]),
        nothing_at=_nothing_at(answer),
        moved=_moved(answer.hops),
        cause=without_secrets(answer.cause or answer.last.cause),
    )


def _judged(hop: Hop) -> Hop:
    """The answer with what is judged of its head, and nothing that changes between two looks."""
    bare = without_values(hop)
    kept = tuple((key, value) for key, value in bare.headers if key in JUDGED)
    return replace(bare, headers=kept, address="")


def _nothing_at(answer: Fetched) -> str:
    """Whose own page says that nothing is there; an app's own error page names no platform."""
    last = answer.last
    if last.status != 404:
        return ""
    if last.header("x-vercel-error") == "NOT_FOUND":
        return "Vercel"
    title = read_page(answer.body).title.lower()
    if title == "page not found" and last.header("x-nf-request-id"):
        return "Netlify"
    return "GitHub Pages" if title.endswith("· github pages") else ""


def _moved(hops: tuple[Hop, ...]) -> bool:
    """Whether the answer is another page's: a slash, https or www more is still the same one."""
    first, last = (_place(hops[index].url) for index in (0, -1))
    return first != last


def _place(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
    except ValueError:
        return "", url
