"""Whether the routes that can be guessed at or abused hold back a burst of tries.

One after the other, with a made-up account at the client's own domain, a password that is random
each time, and an end at the first resistance. Nothing of it is kept but counts and statuses.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections import Counter
from typing import Literal
from urllib.parse import unquote_plus, urlencode, urljoin, urlsplit

from launchready_tui.engine import fact
from launchready_tui.facts.burst import MOST, By, End, Reply, ended, spent, words_of
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.limit_headers import announced
from launchready_tui.facts.noisy import NoisyNeighbour
from launchready_tui.facts.page import Form
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Permits, Target
from launchready_tui.model import Fact, Level, Record, Unknown
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched
from launchready_tui.text import plural

PROBE = "login-burst"
SECONDS = 30.0
"""For all routes together."""
MOST_FORMS = 2
MOST_API = 1
BODY = 65_536
_ACCOUNT = re.compile(r"mail|user|login|account|name", re.IGNORECASE)
_SECRET = re.compile(r"pass|pwd|secret", re.IGNORECASE)
_TOKEN = re.compile(r"csrf|xsrf|token|nonce", re.IGNORECASE)
_SIGN_UP = re.compile(r"confirm|repeat|again|pass\w{0,10}2|first.?name|company", re.IGNORECASE)

RouteKind = Literal["login", "reset", "signup", "invite", "api"]


class Route(Record, frozen=True, kw_only=True):
    """Where tries go. `form` is a form of a page; without one the fields are guessed."""

    kind: RouteKind
    url: str
    form: Form | None = None


class Tried(Record, frozen=True, kw_only=True):
    """One route: how often it was tried, what it answered, and what ended that.

    `firm`: its answers were those to a try, not to a request that it did not understand.
    """

    kind: RouteKind
    url: str
    tries: int
    statuses: tuple[tuple[int, int], ...] = ()
    """Pairs of status and how often; 0 is no answer."""
    stopped_by: By = ""
    gap: str = ""
    firm: bool = True
    announced: tuple[str, ...] = ()
    """Headers that tell of a limit."""


class AuthTries(Fact, frozen=True, kw_only=True):
    routes: tuple[Tried, ...]


@fact(limit=SECONDS + 15)
async def auth_tries(
    net: Network,
    web: WebHosts | Unknown,
    target: Target,
    permits: Permits,
    noise: NoisyNeighbour | Unknown,
) -> AuthTries:
    """After the noise, if there is any: the two would each spoil what the other sees."""
    permits.insist(PROBE)
    return await tried(net, routes(target, web), target.domain)


def routes(target: Target, web: WebHosts | Unknown) -> tuple[Route, ...]:
    """What a person listed, and sign-in forms of the front pages. Mail-sending ones only listed."""
    listed = target.web
    logins = [Route(kind="login", url=listed.login)] if listed.login else []
    others: tuple[tuple[RouteKind, str], ...] = (
        ("signup", listed.signup),
        ("reset", listed.reset),
        ("invite", listed.invite),
        *(("api", url) for url in listed.api[:MOST_API]),
    )
    known = {listed.login, listed.signup}
    return (
        *logins,
        *_forms(web, known),
        *(Route(kind=kind, url=url) for kind, url in others if url),
    )


def _forms(web: WebHosts | Unknown, known: set[str]) -> list[Route]:
    found: dict[str, Route] = {}
    for host in web.able if isinstance(web, WebHosts) else ():
        for form in host.page.forms if host.page else ():
            at = host.front.hops[-1].url
            try:
                action = form.action
                whole = action.partition("?")[0] if "…" in action else action
                url = urljoin(at, whole or at)
            except ValueError:
                continue
            if _signs_in(form) and url not in known:
                found.setdefault(url, Route(kind="login", url=url, form=form))
    return list(found.values())[:MOST_FORMS]


def _signs_in(form: Form) -> bool:
    return form.password and form.method == "post" and not any(map(_SIGN_UP.search, form.fields))


async def tried(
    net: Network, wanted: tuple[Route, ...], domain: str, seconds: float = SECONDS
) -> AuthTries:
    """Try one route after the other, within one span of time."""
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    account = f"lr-{secrets.token_hex(4)}@{domain}"
    return AuthTries(routes=tuple([await _burst(net, r, account, until) for r in wanted]))


async def _burst(net: Network, route: Route, account: str, until: float) -> Tried:
    clock = asyncio.get_running_loop().time
    as_json = route.form is None and _takes_json(route.url)
    replies: list[Reply] = []
    statuses: Counter[int] = Counter()
    headers: set[str] = set()
    end: End | None = None
    while end is None and clock() < until and statuses.total() < MOST:
        started = clock()
        fetched = await _try(net, route, account, as_json=as_json)
        reply = _reply(fetched, clock() - started)
        statuses[reply.status] += 1
        headers |= set(announced(fetched.last))
        if reply.status == 415 and not replies and statuses.total() == 1:
            as_json = not as_json
            continue
        replies.append(reply)
        end = ended(replies) or _needs_sign_in(route, reply)
    tries = statuses.total()
    if end is None:
        late = f"only {plural(tries, 'try', 'tries')} in the time there was"
        end = spent(replies) if tries >= MOST else End(gap=late)
    return Tried(
        kind=route.kind,
        url=without_secrets(route.url),
        tries=tries,
        statuses=tuple(sorted(statuses.items())),
        stopped_by=end.by,
        gap=end.gap,
        firm=_firm(route, replies),
        announced=tuple(sorted(headers)),
    )


async def _try(net: Network, route: Route, account: str, *, as_json: bool) -> Fetched:
    if route.kind == "api":
        return await net.fetch(route.url, follow=False, body_limit=BODY, level=Level.ACTIVE)
    fields = _filled(route, account)
    parts = urlsplit(route.url)
    content = json.dumps(fields) if as_json else urlencode(fields)
    kind = "application/json" if as_json else "application/x-www-form-urlencoded"
    return await net.fetch(
        route.url,
        method="POST",
        follow=False,
        headers={"content-type": kind, "origin": f"{parts.scheme}://{parts.netloc}"},
        content=content.encode(),
        body_limit=BODY,
        level=Level.ACTIVE,
    )


def _filled(route: Route, account: str) -> dict[str, str]:
    """The fields of a try. A sign-up's password is one that no app should take."""
    password = "x" if route.kind == "signup" else secrets.token_urlsafe(12)
    if route.form is not None:
        return {name: _value(name, account, password) for name in route.form.fields}
    fields = {"email": account}
    if route.kind in ("login", "signup"):
        fields |= {"username": account, "password": password}
    return fields


def _value(name: str, account: str, password: str) -> str:
    if _SECRET.search(name):
        return password
    return account if _ACCOUNT.search(name) and not _TOKEN.search(name) else ""


def _takes_json(url: str) -> bool:
    parts = urlsplit(url)
    return "/api/" in f"{parts.path}/" or (parts.hostname or "").startswith(("api.", "auth."))


def _reply(fetched: Fetched, seconds: float) -> Reply:
    hop = fetched.last
    cut = fetched.ended != "ok" and 200 <= hop.status < 300  # what it says of limits is lost
    if hop.outcome != "ok" or cut:
        return Reply(
            seconds=seconds,
            cause=hop.cause or fetched.cause,
            final=hop.outcome in ("blocked", "tls", "refused"),
        )
    location = hop.header("location")
    held, captcha, form_token = words_of(f"{unquote_plus(location)}\n{fetched.body}")
    return Reply(
        status=hop.status,
        seconds=seconds,
        challenge=challenged(hop),
        held=held,
        captcha=captcha,
        form_token=form_token,
        location=without_secrets(location[:200]),
    )


def _needs_sign_in(route: Route, reply: Reply) -> End | None:
    """An invite that only a signed-in person may send is out of a stranger's reach."""
    away = reply.status in (302, 303) and re.search(r"log.?in|sign.?in", reply.location.lower())
    if route.kind == "invite" and (reply.status == 401 or away):
        return End(gap="it asks for a sign-in first, so only the code shows its limit")
    return None


def _firm(route: Route, replies: list[Reply]) -> bool:
    misread = all(reply.status in (400, 422) for reply in replies)
    token = any(reply.form_token for reply in replies)
    fields = route.form.fields if route.form else ()
    return not (misread or token or any(map(_TOKEN.search, fields)))
