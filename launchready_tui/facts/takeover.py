"""Names that others might take over, where DNS alone does not show it.

Three kinds: a page that says nobody has this name at its service, a sub-domain that was delegated
to servers which no longer know it, and an address in a cloud where nothing answers.
"""

from __future__ import annotations

import asyncio
import ipaddress

from msgspec.structs import replace

from launchready_tui.engine import fact
from launchready_tui.facts import tables
from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.delegation import AskedServer
from launchready_tui.facts.dns import DnsSetup, NameRecords, host_of
from launchready_tui.facts.nameservers import NameServers
from launchready_tui.facts.site import CanonicalStarts, HostPages, Visit
from launchready_tui.facts.tables import ServiceRow
from launchready_tui.facts.tls import HostTls, TlsHosts
from launchready_tui.model import Fact, Record, Unknown
from launchready_tui.network import Network

MOST_PAGES = 6
MOST_ZONES = 4
MOST_SERVERS = 4
MOST_ADDRESSES = 4
BODY = 65_536


class UnclaimedPage(Record, frozen=True, kw_only=True):
    """What a service answers for a name of ours that leads to it, beyond a working page.

    `unclaimed`: with the page it has for names that nobody claimed. The page is not kept.
    """

    name: str
    target: str
    service: str
    kind: str
    status: int = 0
    unclaimed: bool = False
    cause: str = ""


class Subzone(Record, frozen=True, kw_only=True):
    """A name below the domain that is delegated and does not resolve, with its servers."""

    name: str
    servers: tuple[AskedServer, ...]
    service: str = ""
    """Where anybody can set up a zone of that name; empty for servers of another kind."""
    left_out: int = 0


class QuietAddress(Record, frozen=True, kw_only=True):
    """An address in a cloud where nothing answered at all."""

    name: str
    address: str
    cloud: str


class Claims(Fact, frozen=True, kw_only=True):
    pages: tuple[UnclaimedPage, ...] = ()
    zones: tuple[Subzone, ...] = ()
    quiet: tuple[QuietAddress, ...] = ()


@fact
async def claims(
    net: Network,
    dns: DnsSetup,
    more: CertificateNames | Unknown,
    servers: NameServers | Unknown,
    tls: TlsHosts | Unknown,
    starts: CanonicalStarts | Unknown,
    pages: HostPages | Unknown,
) -> Claims:
    names = [*dns.names, *(more.names if isinstance(more, CertificateNames) else ())]
    hosts = [
        *(tls.hosts if isinstance(tls, TlsHosts) else ()),
        *(more.hosts if isinstance(more, CertificateNames) else ()),
    ]
    visits = _visits(starts, pages)
    lost = [name for name in names if name.cause and _failed(name)][:MOST_ZONES]
    at = servers.servers if isinstance(servers, NameServers) else ()
    above = next((server.addresses[0] for server in at if server.addresses), "")
    with net.log.side_by_side():
        found, zones, quiet = await asyncio.gather(
            asyncio.gather(*(_page(net, *asked, visits) for asked in _served(names, visits))),
            asyncio.gather(*(_subzone(net, name.name, above) for name in lost if above)),
            asyncio.gather(*(_owner(net, *dead) for dead in _dead(hosts))),
        )
    return Claims(
        pages=tuple(found),
        zones=tuple(zone for zone in zones if zone),
        quiet=tuple(address for address in quiet if address),
    )


def _visits(starts: CanonicalStarts | Unknown, pages: HostPages | Unknown) -> dict[str, Visit]:
    """The https visit of each host, so that nothing is fetched twice."""
    known = [
        *(starts.starts if isinstance(starts, CanonicalStarts) else ()),
        *(pages.pages if isinstance(pages, HostPages) else ()),
    ]
    return {host_of(v.url): v for v in reversed(known) if v.url.startswith("https:")}


# ---------------------------------------------------------------- pages


def _served(
    names: list[NameRecords], visits: dict[str, Visit]
) -> list[tuple[str, str, ServiceRow]]:
    """Names that lead to a service of the table and show no working page there."""
    found = []
    for name in names:
        row = _service(name.chain[-1]) if name.chain and name.addresses else None
        visit = visits.get(name.name)
        works = visit is not None and visit.ended == "ok" and visit.status < 400
        if row and not works and not (visit and visit.challenged):
            found.append((name.name, name.chain[-1], row))
    return found[:MOST_PAGES]


def _service(target: str) -> ServiceRow | None:
    rows = (row for row in tables.takeover().service if row.says)
    return next((row for row in rows if tables.ends_with(target, row.suffixes)), None)


async def _page(
    net: Network, name: str, target: str, row: ServiceRow, visits: dict[str, Visit]
) -> UnclaimedPage:
    """One GET of the front page, over http where the service has no certificate for the name."""
    visit = visits.get(name)
    scheme = "https" if visit and visit.ended == "ok" else "http"
    fetched = await net.fetch(f"{scheme}://{name}/", follow=False, body_limit=BODY)
    told = UnclaimedPage(
        name=name, target=target, service=row.label, kind=row.kind, status=fetched.status
    )
    if fetched.ended != "ok":
        cause = fetched.cause or (fetched.last.cause if fetched.hops else fetched.ended)
        return replace(told, cause=cause)
    body = fetched.body.casefold()
    said = any(text.casefold() in body for text in row.says)
    return replace(told, unclaimed=fetched.status >= 400 and said)


# ---------------------------------------------------------------- delegated names


def _failed(name: NameRecords) -> bool:
    """The resolver got no answer from anybody: SERVFAIL, as for a zone nobody answers for."""
    return any(answer.rcode == "SERVFAIL" and not answer.chain for answer in (name.a, name.aaaa))


async def _subzone(net: Network, name: str, above: str) -> Subzone | None:
    """Whom the domain's own server names for it, and what each of them says when asked."""
    referral = await net.lookup(name, "NS", server=above)
    if not referral.referral:
        return None
    servers = referral.referral[:MOST_SERVERS]
    with net.log.side_by_side():
        asked = await asyncio.gather(
            *(_asked(net, name, server) for server in servers),
        )
    rows = (row for row in tables.takeover().service if row.kind == "delegation")
    service = next(
        (row for row in rows if all(tables.ends_with(s, row.suffixes) for s in servers)), None
    )
    return Subzone(
        name=name,
        servers=tuple(asked),
        service=service.label if service else "",
        left_out=len(referral.referral) - len(servers),
    )


async def _asked(net: Network, zone: str, server: str) -> AskedServer:
    home = await net.lookup(server, "A")
    if not home.records:
        return AskedServer(name=server, address="", soa=home)
    soa = await net.lookup(zone, "SOA", server=home.records[0])
    return AskedServer(name=server, address=home.records[0], soa=soa)


# ---------------------------------------------------------------- addresses


def _dead(hosts: list[HostTls]) -> list[tuple[str, str]]:
    """Addresses where not even a connection stood, while another host of ours was reached."""
    here = any(h.outcome in ("trusted", "untrusted") for host in hosts for h in host.handshakes)
    dead = [
        (host.host, handshake.address)
        for host in hosts
        for handshake in host.handshakes
        if handshake.outcome == "unknown" and not handshake.reached and handshake.address
    ]
    four = [(host, address) for host, address in dead if ":" not in address]
    return four[:MOST_ADDRESSES] if here else []


async def _owner(net: Network, name: str, address: str) -> QuietAddress | None:
    reverse = await net.lookup(ipaddress.ip_address(address).reverse_pointer, "PTR")
    for record in reverse.records:
        for row in tables.takeover().cloud:
            if tables.ends_with(record, row.reverse):
                return QuietAddress(name=name, address=address, cloud=row.label)
    return None
