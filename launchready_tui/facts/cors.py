"""Which origins an address lets read its answers (CORS), asked with origins that attackers have.

Three questions to each address; only where an answer depends on who asks come nine more, each a
way in which comparing origins goes wrong. A preflight asks for leave to change things, and is
sent only where a person allowed it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Literal

from launchready_tui.engine import fact
from launchready_tui.facts.cache_signs import cache_head
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.scripts import ShippedAddresses
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Permits, Target
from launchready_tui.model import CouldNotTell, Fact, Level, Record, Unknown
from launchready_tui.network import Network
from launchready_tui.network.seen import Hop
from launchready_tui.text import safe

PROBE = "cors-preflight"
MOST_PATHS = 3
MOST_ASKED = 12
MOST_PREFLIGHT_PATHS = 6
FOREIGN = "https://evil.example"
CHANGES: tuple[Literal["PUT", "DELETE"], ...] = ("PUT", "DELETE")

Who = Literal["stranger", "opaque", "plain", "leftover", "below", "own"]
"""Whose an origin is. `stranger`: anybody can have it · `opaque`: null, which any page can send ·
`plain`: the app's own over http · `leftover`: from development · `below`: an own sub-domain ·
`own`: the app itself."""


class Origin(Record, frozen=True, kw_only=True):
    value: str
    who: Who
    slip: str = ""
    """The mistake in comparing that lets it in."""


class Allowed(Record, frozen=True, kw_only=True):
    """What one origin was answered. `allow` is Access-Control-Allow-Origin as it came."""

    origin: Origin
    status: int = 0
    allow: str = ""
    credentials: bool = False
    varies: bool = False
    storable: bool = True
    """Nothing forbids shared caches to keep the answer."""
    method: str = "GET"
    cause: str = ""

    @property
    def reflected(self) -> bool:
        return bool(self.allow) and self.allow == self.origin.value


class CorsPath(Record, frozen=True, kw_only=True):
    """One address. `private`: only a signed-in person may see what it answers."""

    url: str
    private: bool = False
    answers: tuple[Allowed, ...] = ()


class CorsAnswers(Fact, frozen=True, kw_only=True):
    """By plain GETs, as any page in a browser sends them."""

    paths: tuple[CorsPath, ...]
    left_out: tuple[str, ...] = ()
    cause: str = ""


class CorsPreflights(Fact, frozen=True, kw_only=True):
    """By OPTIONS that name a change."""

    paths: tuple[CorsPath, ...]
    left_out: tuple[str, ...] = ()


def first_origins(own: str) -> tuple[Origin, ...]:
    """A stranger, no origin at all, and the app itself: whether an answer depends on who asks."""
    return (
        Origin(value=FOREIGN, who="stranger", slip="any origin is echoed"),
        Origin(value="null", who="opaque", slip="null is taken for an origin"),
        Origin(value=own, who="own"),
    )


def origins_for(host: str, domain: str) -> tuple[Origin, ...]:
    """The origins that pass a careless comparison with https://HOST.

    What can be registered is told from `domain`, which a person gave, and never by cutting labels
    off: the name above it may be a public suffix. The first ones say most.
    """
    domain = domain if host == domain or host.endswith(f".{domain}") else host
    cut = host[1:] if "." not in host[:2] else ""
    dotless = host.replace(".", "x", 1) if host.count(".") > 1 else ""
    below: Who = "below" if host != domain else "stranger"
    made: tuple[tuple[str, str, Who, str], ...] = (
        ("https", f"{host}.evil.example", "stranger", "only the beginning is compared"),
        ("https", f"evil{domain}", "stranger", "only the end is compared"),
        ("https", cut, below, "a part of the name is enough"),
        ("https", dotless, "stranger", "the dot stands for any character"),
        ("http", host, "plain", "http is taken for https"),
        ("http", "localhost:3000", "leftover", "left over from development"),
        ("https", "lr-check.vercel.app", "leftover", "previews are let in"),
        ("https", f"{host}_.evil.example", "stranger", "an odd character ends the comparison"),
        ("https", f"lr-any.{domain}", "below", "every sub-domain is let in"),
        ("https", f"evil{host}" if host != domain else "", "below", "only the end is compared"),
        ("https", f"{host}%60.evil.example", "stranger", "an odd character ends the comparison"),
    )
    origins = [
        Origin(value=f"{s}://{name}", who=who, slip=slip) for s, name, who, slip in made if name
    ]
    return tuple({origin.value: origin for origin in reversed(origins)}.values())[::-1]


@fact
async def cors_answers(
    net: Network, web: WebHosts, target: Target, calls: ShippedAddresses | Unknown
) -> CorsAnswers:
    """At most three addresses, three requests each; nine more where an answer depends on it.

    Where nobody named an API address, one that the page's own scripts call is asked.
    """
    app = web.of(web.app)
    if app is None:
        return CorsAnswers(paths=(), cause="no host of the domain serves pages")
    if app.cause:
        return CorsAnswers(paths=(), cause=f"{app.host}: {app.cause}")
    urls = addresses(app.host, target)
    if not target.web.api and isinstance(calls, ShippedAddresses):
        urls += readable(calls.api)[:1]
    with net.log.side_by_side():
        paths = await asyncio.gather(
            *(_path(net, url, app.host, target) for url in urls[:MOST_PATHS])
        )
    return CorsAnswers(paths=tuple(paths), left_out=tuple(map(_shown, urls[MOST_PATHS:])))


@fact(limit=30)
async def cors_preflights(
    net: Network, web: WebHosts, target: Target, permits: Permits
) -> CorsPreflights:
    """At most six addresses; five origins and two changes at each."""
    permits.insist(PROBE)
    app = web.of(web.app)
    if app is None or app.cause:
        raise CouldNotTell(app.cause if app else "no host of the domain serves pages")
    urls = addresses(app.host, target)
    origins = [o for o in first_origins("") if o.who != "own"]
    origins += [o for o in origins_for(app.host, target.domain) if o.who in ("plain", "leftover")]
    with net.log.side_by_side():
        paths = await asyncio.gather(
            *(_preflights(net, url, target, origins) for url in urls[:MOST_PREFLIGHT_PATHS])
        )
    left = tuple(map(_shown, urls[MOST_PREFLIGHT_PATHS:]))
    return CorsPreflights(paths=tuple(paths), left_out=left)


def addresses(app: str, target: Target) -> tuple[str, ...]:
    """The app's front page, then API answers and private pages in turn, as a person named them."""
    api, private = list(target.web.api), list(target.web.private)
    mixed = [url for pair in zip(api, private, strict=False) for url in pair]
    rest = api[len(private) :] + private[len(api) :]
    named = (url for url in [*mixed, *rest] if url.startswith("https:"))
    return tuple(dict.fromkeys([f"https://{app}/", *named]))


def readable(called: Sequence[str]) -> tuple[str, ...]:
    """Those of the addresses in the scripts whose names promise that a plain read does nothing."""
    return tuple(url for url in called if url.startswith("https:") and not _DOES.search(url))


_DOES = re.compile(
    r"(?i)log-?out|sign-?out|log-?in|sign-?in|sign-?up|auth|delete|remove|send|export|webhook|"
    r"callback|cron|invite|reset|unsubscribe|[{}$…]"
)


async def _path(net: Network, url: str, app: str, target: Target) -> CorsPath:
    first = first_origins(f"https://{app}")
    with net.log.side_by_side():
        answers = await asyncio.gather(*(_asked(net, url, origin) for origin in first))
    if not any(a.cause for a in answers) and depends(answers):
        more = origins_for(app, target.domain)[: MOST_ASKED - len(first)]
        with net.log.side_by_side():
            answers += await asyncio.gather(*(_asked(net, url, origin) for origin in more))
    return CorsPath(url=_shown(url), private=url in target.web.private, answers=tuple(answers))


def depends(answers: Sequence[Allowed]) -> bool:
    """An origin came back, or the answers name different ones: somebody compares."""
    named = {answer.allow for answer in answers if not answer.cause}
    return len(named) > 1 or any(
        answer.reflected for answer in answers if answer.origin.who != "own"
    )


async def _asked(net: Network, url: str, origin: Origin) -> Allowed:
    fetched = await net.fetch(url, follow=False, headers={"origin": origin.value}, body_limit=0)
    return _allowed(fetched.last, origin)


async def _preflights(net: Network, url: str, target: Target, origins: list[Origin]) -> CorsPath:
    answers: list[Allowed] = []
    for origin in origins:
        for method in CHANGES:
            headers = {
                "origin": origin.value,
                "access-control-request-method": method,
                "access-control-request-headers": "authorization",
            }
            fetched = await net.fetch(
                url, method="OPTIONS", headers=headers, body_limit=0, level=Level.ACTIVE
            )
            answers.append(_allowed(fetched.last, origin, method))
        if all(answer.cause for answer in answers[-2:]):
            break  # it does not want to be asked
    return CorsPath(url=_shown(url), private=url in target.web.private, answers=tuple(answers))


def _allowed(hop: Hop, origin: Origin, method: str = "") -> Allowed:
    if hop.outcome != "ok":
        return Allowed(origin=origin, cause=hop.cause or hop.outcome)
    if challenged(hop):
        return Allowed(origin=origin, cause="a bot challenge answered instead of the site")
    if hop.status == 429 or (hop.status >= 500 and not hop.header("access-control-allow-origin")):
        return Allowed(origin=origin, status=hop.status, cause=f"it answers {hop.status}")
    said = hop.header("access-control-allow-methods").upper()
    refused = method and said and method not in said and "*" not in said
    head = cache_head(hop)
    vary = {part.strip() for part in head.vary.split(",")}
    return Allowed(
        origin=origin,
        status=hop.status,
        allow="" if refused else without_secrets(hop.header("access-control-allow-origin").strip()),
        credentials=hop.header("access-control-allow-credentials").strip().lower() == "true",
        varies=bool(vary & {"origin", "*"}),
        storable=not head.forbidden,
        method=f"OPTIONS for {method}" if method else "GET",
    )


def _shown(url: str) -> str:
    return without_secrets(safe(url, one_line=True, limit=300))


def is_listed(origin: str, listed: tuple[str, ...]) -> bool:
    """Whether a person named this origin, by itself or with all names below `https://*.name`."""
    for entry in (entry.rstrip("/").lower() for entry in listed):
        if origin == entry:
            return True
        scheme, star, name = entry.partition("://*.")
        if star and origin.startswith(f"{scheme}://") and host_of(origin).endswith(f".{name}"):
            return True
    return False
