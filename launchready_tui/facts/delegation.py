"""Who answers for the zone when asked in person, and whom the zone above names for it.

A resolver hides both: it asks whichever server works, and keeps what it heard for hours. So each
nameserver is asked itself, and one server of the parent zone says where the world is sent to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from launchready_tui.engine import fact
from launchready_tui.facts.dns import DnsSetup, registrable
from launchready_tui.facts.nameservers import NameServers
from launchready_tui.given import Permits
from launchready_tui.model import CouldNotTell, Fact, Level, Record, Unknown
from launchready_tui.network import Network
from launchready_tui.network.seen import Answer, Transfer

PROBE = "zone-transfer"
ASKED_FIRST = 3
MOST_ASKED = 8
SECOND_LOOK = 3.0
"""Times the wait for an answer, until servers that disagree are asked once more."""
FOREIGN = "example.com"
"""A name that no server of the zone answers for."""


class AskedServer(Record, frozen=True, kw_only=True):
    """One nameserver, asked at its first address for the start of the zone (SOA).

    Without an address `soa` is the answer about the server's own name. `ns` is whom it names as
    nameservers, where it was asked.
    """

    name: str
    address: str
    soa: Answer
    ns: Answer | None = None
    again: str = ""
    """The serial it gave at a second look, where the servers disagreed at the first."""

    @property
    def answers(self) -> bool:
        return bool(self.address) and self.soa.outcome == "ok" and self.soa.authoritative

    @property
    def silent(self) -> bool:
        """Nothing came from it, which proves nothing."""
        return self.soa.outcome == "unknown" and not self.soa.rcode

    @property
    def serial(self) -> str:
        words = self.soa.records[0].split() if self.answers else []
        return words[2] if len(words) == 7 else ""


class Above(Record, frozen=True, kw_only=True):
    """What a server of the parent zone says of the nameservers, asked itself."""

    parent: str
    server: str = ""
    answer: Answer | None = None
    cause: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        if self.answer is None:
            return ()
        return self.answer.referral or self.answer.records

    @property
    def gone(self) -> bool:
        """The parent zone itself says that there is no such domain."""
        return bool(self.answer and self.answer.outcome == "nxdomain" and self.answer.authoritative)

    @property
    def turned_aside(self) -> bool:
        """Somebody between us and the server answers in its place: no server of a parent zone
        has the records of a zone below it without being one of that zone's own."""
        answer = self.answer
        if answer is None or answer.authoritative:
            return False
        return answer.outcome in ("ok", "nxdomain", "nodata")


class Delegation(Fact, frozen=True, kw_only=True):
    zone: str
    above: Above
    servers: tuple[AskedServer, ...]
    left_out: int = 0
    """Nameservers that were not asked because enough others answer."""
    provider: str = ""
    large: bool = False


@fact
async def delegation(net: Network, dns: DnsSetup, servers: NameServers | Unknown) -> Delegation:
    zone = dns.zone or registrable(dns.domain)
    known = servers.servers if isinstance(servers, NameServers) else ()
    homes = {server.name: server.addresses[:1] for server in known}
    with net.log.side_by_side():
        above, asked = await asyncio.gather(
            _above(net, zone), _ask_all(net, zone, dict(list(homes.items())[:ASKED_FIRST]))
        )
    more = [name for name in above.names if name not in homes][:ASKED_FIRST]
    rest = dict(list(homes.items())[ASKED_FIRST:MOST_ASKED])
    late = await _homes(net, more, above)
    if not any(server.answers for server in asked):
        late |= rest  # a verdict over all of them needs all of them
    asked += await _ask_all(net, zone, late)
    return Delegation(
        zone=zone,
        above=above,
        servers=await _second_look(net, zone, asked, servers),
        left_out=len({*homes, *above.names} - {server.name for server in asked}),
        provider=servers.provider if isinstance(servers, NameServers) else "",
        large=isinstance(servers, NameServers) and servers.large,
    )


async def _above(net: Network, zone: str) -> Above:
    """Ask one server of the closest zone above, or the next one where the first is silent."""
    parent = zone.partition(".")[2]
    while parent:
        named = await net.lookup(parent, "NS")
        if named.outcome == "unknown":
            return Above(parent=parent, cause=named.cause)
        if named.outcome == "ok" and not named.chain:
            return await _first_of(net, zone, parent, named.records[:2])
        parent = parent.partition(".")[2]
    return Above(parent="", cause=f"no nameserver is named for a zone above {zone}")


async def _first_of(net: Network, zone: str, parent: str, names: Iterable[str]) -> Above:
    told = Above(parent=parent, cause=f"no nameserver of {parent} has an address")
    for name in names:
        home = await net.lookup(name, "A")
        for address in home.records[:1]:
            answer = await net.lookup(zone, "NS", server=address)
            silent = answer.outcome == "unknown" and not answer.referral
            cause = answer.cause if silent else ""
            told = Above(parent=parent, server=name, answer=answer, cause=cause)
            if not silent:
                return told
    return told


async def _homes(net: Network, names: list[str], above: Above) -> dict[str, tuple[str, ...]]:
    """Addresses of servers that only the parent zone names: as it says, else as DNS does."""
    told = above.answer.glue if above.answer else ()
    glue = dict(sorted(told, key=lambda pair: ":" not in pair[1]))  # an IPv4 address wins
    unknown = [name for name in names if name not in glue]
    with net.log.side_by_side():
        found = await asyncio.gather(*(net.lookup(name, "A") for name in unknown))
    homes = {name: (glue[name],) for name in names if name in glue}
    return homes | {n: a.records[:1] for n, a in zip(unknown, found, strict=True)}


async def _ask_all(
    net: Network, zone: str, homes: dict[str, tuple[str, ...]]
) -> tuple[AskedServer, ...]:
    """Each server for the zone's start, and the first two for the nameservers they know."""
    with net.log.side_by_side():
        return tuple(
            await asyncio.gather(
                *(
                    _ask(net, zone, name, addresses, names_too=at < 2)
                    for at, (name, addresses) in enumerate(homes.items())
                )
            )
        )


async def _ask(
    net: Network, zone: str, name: str, addresses: tuple[str, ...], *, names_too: bool
) -> AskedServer:
    if not addresses:
        return AskedServer(name=name, address="", soa=await net.lookup(name, "A"))
    if not names_too:
        soa = await net.lookup(zone, "SOA", server=addresses[0])
        return AskedServer(name=name, address=addresses[0], soa=soa)
    with net.log.side_by_side():
        soa, ns = await asyncio.gather(
            net.lookup(zone, "SOA", server=addresses[0]),
            net.lookup(zone, "NS", server=addresses[0]),
        )
    return AskedServer(name=name, address=addresses[0], soa=soa, ns=ns)


async def _second_look(
    net: Network,
    zone: str,
    asked: tuple[AskedServer, ...],
    servers: NameServers | Unknown,
) -> tuple[AskedServer, ...]:
    """Ask once more where serials differ: a change may be on its way from one to the other."""
    serials = {server.serial for server in asked if server.serial}
    if len(serials) < 2 or (isinstance(servers, NameServers) and servers.large):
        return asked
    await asyncio.sleep(net.options.dns_wait * SECOND_LOOK)
    with net.log.side_by_side():
        return tuple(await asyncio.gather(*(_again(net, zone, server) for server in asked)))


async def _again(net: Network, zone: str, server: AskedServer) -> AskedServer:
    if not server.serial:
        return server
    soa = await net.lookup(zone, "SOA", server=server.address, fresh=True)
    second = AskedServer(name=server.name, address=server.address, soa=soa)
    return AskedServer(
        name=server.name,
        address=server.address,
        soa=server.soa,
        ns=server.ns,
        again=second.serial,
    )


# ---------------------------------------------------------------- by permission


class Openness(Record, frozen=True, kw_only=True):
    """What one nameserver does for strangers."""

    name: str
    transfer: Transfer
    recursion: Answer


class ZoneTransfers(Fact, frozen=True, kw_only=True):
    """Whether the nameservers hand out the whole zone, or look up other people's names."""

    servers: tuple[Openness, ...]


@fact
async def zone_transfers(net: Network, delegation: Delegation, permits: Permits) -> ZoneTransfers:
    permits.insist(PROBE)
    asked = [server for server in delegation.servers if server.address][:ASKED_FIRST]
    if not asked:
        raise CouldNotTell(f"no nameserver of {delegation.zone} has an address")
    with net.log.side_by_side():
        found = await asyncio.gather(*(_open(net, delegation.zone, s) for s in asked))
    return ZoneTransfers(servers=tuple(found))


async def _open(net: Network, zone: str, server: AskedServer) -> Openness:
    with net.log.side_by_side():
        transfer, recursion = await asyncio.gather(
            net.transfer(zone, server.address),
            net.lookup(FOREIGN, "A", server=server.address, level=Level.ACTIVE),
        )
    return Openness(name=server.name, transfer=transfer, recursion=recursion)
