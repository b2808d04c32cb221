"""Where each host runs: recognised by its aliases, its answers' headers and its addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from launchready_tui.engine import fact
from launchready_tui.facts import tables
from launchready_tui.facts.dns import DnsSetup, NameRecords
from launchready_tui.facts.site import CanonicalStarts, HostPages, Visit
from launchready_tui.facts.tables import HostRow
from launchready_tui.model import Fact, Record, Unknown
from launchready_tui.network.seen import Hop

WAKING = "x-render-routing"
"""Render tells there how a visit reached an app that had been put to sleep."""


class Sign(Record, frozen=True, kw_only=True):
    """Something that gives a platform away, in words: "alias to acme.onrender.com"."""

    platform: str
    label: str
    seen: str


class Place(Record, frozen=True, kw_only=True):
    """Where one host runs, as far as it shows.

    `leads_to` are all names behind it: aliases and redirect targets. `previews` and `dev` name
    those of them that are previews, tunnels or development hosts, with the platform's label.
    """

    host: str
    platform: str = ""
    label: str = ""
    by: str = ""
    signs: tuple[Sign, ...] = ()
    edges: tuple[str, ...] = ()
    previews: tuple[tuple[str, str], ...] = ()
    dev: tuple[tuple[str, str], ...] = ()
    admits: tuple[tuple[str, str], ...] = ()
    """Tunnels and development hosts whose pages may read its answers (CORS)."""
    renews: bool = False
    given: bool = False
    """A person gave this address on purpose, so a preview here is no surprise."""
    answers: bool = False
    asleep: str = ""
    """What its platform said when a visit had to wake it up: it sleeps between two visitors."""
    cause: str = ""


class Platforms(Fact, frozen=True, kw_only=True):
    places: tuple[Place, ...]

    def of(self, host: str) -> Place | None:
        return next((place for place in self.places if place.host == host), None)


@fact
async def platforms(
    dns: DnsSetup, starts: CanonicalStarts | Unknown, pages: HostPages | Unknown
) -> Platforms:
    visits = [
        *(starts.starts if isinstance(starts, CanonicalStarts) else ()),
        *(pages.pages if isinstance(pages, HostPages) else ()),
    ]
    names = [n for n in dns.names if n in dns.live or n.cause]
    return Platforms(places=tuple(_place(name, visits, dns.domain) for name in names))


def _place(name: NameRecords, visits: list[Visit], domain: str) -> Place:
    own = [visit for visit in visits if host_in(visit.url) == name.name]
    hops = [hop for visit in visits for hop in visit.hops if host_in(hop.url) == name.name]
    leads = list(dict.fromkeys([*name.chain, *(host_in(h.url) for v in own for h in v.hops)]))
    signs = tuple(_signs(name, hops))
    rows = {row.id: row for row in tables.hosts()}
    first = next((sign for sign in signs if not rows[sign.platform].edge), None)
    unanswered = [v for v in own if v.ended in ("unknown", "blocked") or v.challenged]
    return Place(
        host=name.name,
        platform=first.platform if first else "",
        label=first.label if first else "",
        by=first.seen if first else "",
        signs=signs,
        edges=tuple(dict.fromkeys(s.label for s in signs if rows[s.platform].edge)),
        previews=tuple(_matching([name.name, *leads], _is_preview)),
        dev=tuple(_matching([name.name, *leads], _is_dev)),
        admits=tuple(_matching(_admitted(hops), _is_dev)),
        renews=any(rows[sign.platform].renews for sign in signs),
        given=bool(name.wanted.endswith("was given")) and name.name != domain,
        answers=any(hop.outcome == "ok" for hop in hops),
        asleep=next((said for hop in hops if "hibernate" in (said := hop.header(WAKING))), ""),
        cause=name.cause or (unanswered[0].cause if unanswered and not signs else ""),
    )


def _admitted(hops: list[Hop]) -> list[str]:
    return [host_in(hop.header("access-control-allow-origin")) for hop in hops]


def host_in(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _signs(name: NameRecords, hops: list[Hop]) -> Iterable[Sign]:
    """Every sign, the surest first: names, then headers, then addresses."""
    for row in tables.hosts():
        for step in (*name.chain, name.name):
            if tables.ends_with(step, row.suffixes):
                how = f"alias to {step}" if step != name.name else f"the name {step} itself"
                yield Sign(platform=row.id, label=row.label, seen=how)
                break
    for row in tables.hosts():
        header = next((h for h in row.headers if any(_has(hop, h) for hop in hops)), "")
        if header:
            yield Sign(platform=row.id, label=row.label, seen=f"header {header}")
    for row in tables.hosts():
        address = next((a for a in name.addresses if a in row.addresses), "")
        if address:
            yield Sign(platform=row.id, label=row.label, seen=f"address {address}")


def _has(hop: Hop, header: str) -> bool:
    key, colon, start = header.partition(": ")
    values = hop.all(key)
    return (
        any(value.lower().startswith(start.lower()) for value in values) if colon else bool(values)
    )


def _matching(
    names: Iterable[str], fits: Callable[[HostRow, str], bool]
) -> Iterable[tuple[str, str]]:
    for name in dict.fromkeys(names):
        row = next((row for row in tables.hosts() if fits(row, name)), None)
        if row:
            yield name, row.label


def _is_preview(row: HostRow, name: str) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in row.previews)


def _is_dev(row: HostRow, name: str) -> bool:
    endings = row.suffixes if row.tunnel else row.dev_only
    return bool(tables.ends_with(name, endings))
