"""How people get in: the four ways a domain is typed, and the front page of every other host."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from msgspec.structs import replace

from launchready_tui.cookies import without_value
from launchready_tui.csp import without_nonces
from launchready_tui.engine import fact
from launchready_tui.facts.challenge import challenger
from launchready_tui.facts.dns import DnsSetup, host_of
from launchready_tui.facts.kept_headers import kept
from launchready_tui.facts.page import Page, read_page
from launchready_tui.facts.tls import ways_to
from launchready_tui.facts.volatile import steady
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched, Hop
from launchready_tui.redact import redact, redact_header, without_carried
from launchready_tui.text import safe

CARRIED = "/launchready?check=1"
"""A path and a query of ours: whether they are answered does not matter, only where they go."""
BODY = 262_144
MOST_PAGES = 20
MOST_AGE = 10 * 365 * 86_400
MOST_ADDRESSES = 4
POLICIES = ("content-security-policy", "content-security-policy-report-only")


class Visit(Record, frozen=True, kw_only=True):
    """One address followed to its end. `page` is there when the end was HTML."""

    url: str
    hops: tuple[Hop, ...]
    ended: Literal["ok", "loop", "long", "tls", "refused", "blocked", "unknown"]
    cause: str = ""
    page: Page | None = None

    @property
    def last(self) -> Hop | None:
        return self.hops[-1] if self.hops else None

    @property
    def status(self) -> int:
        return self.hops[-1].status if self.hops else 0

    @property
    def challenged(self) -> bool:
        """A bot challenge answered instead of the site: nothing else it says counts."""
        return bool(self.challenger)

    @property
    def challenger(self) -> str:
        """Whose bot rule that was, or an empty string."""
        return challenger(self.hops)


class CanonicalStarts(Fact, frozen=True, kw_only=True):
    """http and https, with and without www; each once for `/` and once with a path to carry."""

    starts: tuple[Visit, ...]
    carried: tuple[Visit, ...]
    app: Visit | None = None
    """The app's host over http; None where that is the domain, or looked at by itself."""
    clock_days_off: int = 0
    """Whole days between this computer's clock and the servers' own, when all of them agree."""


class HostPages(Fact, frozen=True, kw_only=True):
    """The front pages of the other hosts, and the addresses a person gave."""

    pages: tuple[Visit, ...]


class HostAddresses(Record, frozen=True, kw_only=True):
    host: str
    visits: tuple[tuple[str, Visit], ...]
    """Pairs of address and what it answered."""


class AddressPages(Fact, frozen=True, kw_only=True):
    """The front page of hosts with several addresses, from each of them."""

    hosts: tuple[HostAddresses, ...]


@fact
async def canonical_starts(net: Network, dns: DnsSetup, target: Target) -> CanonicalStarts:
    hosts = [
        records.name
        for name in (dns.domain, f"www.{dns.domain}")
        if (records := dns.of(name)) and not _nowhere(net, name, dns)
    ]
    starts = [f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts]
    with net.log.side_by_side():
        visits = await asyncio.gather(
            *(visit_shared(net, f"{start}/") for start in starts),
            *(visit_shared(net, f"{start}{CARRIED}") for start in starts),
            *(visit_shared(net, f"http://{host}/") for host in _app(net, dns, target)),
        )
    first, carried = visits[: len(starts)], visits[len(starts) : 2 * len(starts)]
    return CanonicalStarts(
        starts=tuple(map(undated, first)),
        carried=tuple(replace(undated(v), page=None) for v in carried),
        app=next(map(undated, visits[2 * len(starts) :]), None),
        clock_days_off=_days_off(visits, datetime.now(UTC)),
    )


@fact
async def host_pages(net: Network, dns: DnsSetup, target: Target) -> HostPages:
    own = (dns.domain, f"www.{dns.domain}")
    fronts = [f"https://{name.name}/" for name in dns.live if name.name not in own]
    given = [url for url in target.urls if host_of(url)]
    urls = list(dict.fromkeys([*given, *fronts]))
    with net.log.side_by_side():
        visits = await asyncio.gather(*(visit_shared(net, url) for url in urls[:MOST_PAGES]))
    return HostPages(pages=tuple(map(undated, visits)))


@fact
async def address_pages(net: Network, dns: DnsSetup) -> AddressPages:
    several = {n.name: ways for n in dns.live if len(ways := ways_to(net, n)) > 1}
    with net.log.side_by_side():
        seen = await asyncio.gather(
            *(_from_each(net, host, ways[:MOST_ADDRESSES]) for host, ways in several.items())
        )
    return AddressPages(hosts=tuple(seen))


async def _from_each(net: Network, host: str, ways: tuple[str, ...]) -> HostAddresses:
    """The first address is the one that the shared visit goes to, unless nothing answers there."""
    url = f"https://{host}/"
    with net.log.side_by_side():
        usual, *others = await asyncio.gather(
            visit_shared(net, url), *(visit(net, url, address) for address in ways[1:])
        )
    there = {hop.address for hop in usual.hops if host_of(hop.url) == host}
    first = undated(usual) if there == {ways[0]} else await visit(net, url, ways[0])
    return HostAddresses(host=host, visits=tuple(zip(ways, (first, *others), strict=True)))


async def visit_shared(net: Network, url: str) -> Visit:
    """The visit that all starts and front pages of a run share, whoever comes to it first."""
    return await net.once(("visit", url), lambda: _dated(net, url))


async def visit(net: Network, url: str, address: str = "") -> Visit:
    """Follow an address to its end and keep what a check may need of it, without bodies."""
    return undated(await _dated(net, url, address))


async def visit_with_body(net: Network, url: str) -> tuple[Visit, str]:
    """A visit, and the body of its end: for who reads a few words from it and lets it go."""
    fetched = await net.fetch(url, body_limit=BODY, shared=True)
    return undated(_seen(fetched, url)), fetched.body if fetched.ended == "ok" else ""


async def _dated(net: Network, url: str, address: str = "") -> Visit:
    return _seen(await net.fetch(url, address=address, body_limit=BODY, shared=True), url)


def _seen(fetched: Fetched, url: str) -> Visit:
    return Visit(
        url=without_secrets(safe(url, one_line=True, limit=500)),
        hops=tuple(map(without_values, fetched.hops)),
        ended=fetched.ended,
        cause=without_secrets(fetched.cause or (fetched.hops[-1].cause if fetched.hops else "")),
        page=_page(fetched),
    )


def without_secrets(text: str) -> str:
    """What a URL carries may let somebody in, and findings quote URLs: only short values stay."""
    return redact(without_carried(text))


def without_values(hop: Hop) -> Hop:
    """The hop with its cookies' names and attributes, but not what they hold; and so with URLs."""
    now = _said_date(hop) or datetime.now(UTC)
    headers = tuple((name, _without_value(name, value, now)) for name, value in hop.headers)
    return replace(
        hop, url=without_secrets(hop.url), cause=without_secrets(hop.cause), headers=headers
    )


def undated(seen: Visit) -> Visit:
    """The visit without what would make two looks at an unchanged site two facts."""
    return replace(seen, hops=tuple(map(steady, seen.hops)))


def _without_value(name: str, value: str, now: datetime) -> str:
    if name == "set-cookie":
        return without_value(value, now)
    if name in POLICIES:
        # By directive: what is hidden in an address must not swallow the directive behind it.
        parts = (redact(without_secrets(part)) for part in without_nonces(value).split(";"))
        return ";".join(parts)
    return redact_header(name, without_secrets(kept(name, value)))


def _said_date(hop: Hop) -> datetime | None:
    try:
        said = parsedate_to_datetime(hop.header("date"))
    except ValueError:
        return None
    return said if said.tzinfo is not None else None


def _page(fetched: Fetched) -> Page | None:
    if fetched.ended != "ok" or not fetched.hops:
        return None
    kind = fetched.hops[-1].header("content-type").lower()
    return read_page(fetched.body) if "html" in kind or not kind else None


def _nowhere(net: Network, name: str, dns: DnsSetup) -> bool:
    """Whether a name certainly leads nowhere. One that could not be told is tried, and says so."""
    records = dns.of(name)
    return bool(records and records.absent) and not net.endpoints(name, 443)


def _app(net: Network, dns: DnsSetup, target: Target) -> list[str]:
    """The app's host where it is another one than the domain's, and this run looks at it."""
    host = host_of(target.web.app) or f"app.{dns.domain}"
    seen = (dns.domain, f"www.{dns.domain}", *target.elsewhere)
    known = any(name.name == host for name in dns.live) or bool(net.endpoints(host, 80))
    return [host] if known and host not in seen else []


def _days_off(visits: list[Visit], now: datetime) -> int:
    """How far this clock is from the servers', in whole days; 0 unless all of them agree."""
    offs: set[int] = set()
    for hop in (hop for visit in visits for hop in visit.hops):
        said = _said_date(hop)
        try:
            kept = timedelta(seconds=min(int(hop.header("age") or 0), MOST_AGE))
        except ValueError:
            continue
        if said is not None:
            offs.add(round((now - said - kept) / timedelta(days=1)))
    return offs.pop() if len(offs) == 1 else 0
