"""What each host presents at each of its addresses, and which protocol versions it completes."""

from __future__ import annotations

import asyncio

from launchready_tui.engine import fact
from launchready_tui.facts.dns import DnsSetup, NameRecords
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.door import TLS_VERSIONS
from launchready_tui.network.seen import Handshake, VersionOffer
from launchready_tui.text import plural

HTTPS = 443
MOST_ADDRESSES = 8
MOST_HOSTS = 30


class HostTls(Record, frozen=True, kw_only=True):
    """One host: a handshake per address, and what is known of the versions at the first that
    completes one.

    `cause` is why there was nothing to shake hands with.
    """

    host: str
    handshakes: tuple[Handshake, ...] = ()
    versions: tuple[VersionOffer, ...] = ()
    cause: str = ""
    missed: tuple[str, ...] = ()
    """Addresses that were not tried, and why."""


class TlsHosts(Fact, frozen=True, kw_only=True):
    """Every host of the zone that leads somewhere."""

    hosts: tuple[HostTls, ...]


@fact
async def tls_hosts(net: Network, dns: DnsSetup) -> TlsHosts:
    names = [n for n in dns.names if n in dns.live or n.cause]
    with net.log.side_by_side():
        hosts = await asyncio.gather(*(shake_hands(net, name) for name in names[:MOST_HOSTS]))
    why = f"not looked at: more than {MOST_HOSTS} hosts"
    rest = (HostTls(host=name.name, cause=why) for name in names[MOST_HOSTS:])
    return TlsHosts(hosts=(*hosts, *rest))


async def shake_hands(net: Network, name: NameRecords) -> HostTls:
    """Every address of a host at once, and then old versions at the first one; once a run."""
    if name.cause:
        return HostTls(host=name.name, cause=name.cause)
    ways = ways_to(net, name)
    return await net.once(("tls", name.name, *ways), lambda: _shaken(net, name, ways))


async def _shaken(net: Network, name: NameRecords, ways: tuple[str, ...]) -> HostTls:
    with net.log.side_by_side():
        handshakes = await asyncio.gather(*(net.handshake(name.name, way) for way in ways))
    at = next((n for n, shaken in enumerate(handshakes) if shaken.version), 0)
    return HostTls(
        host=name.name,
        handshakes=tuple(handshakes),
        versions=await _versions(net, name.name, ways[at], handshakes[at]),
        missed=() if ways == ("",) else missed_of(name),
    )


async def _versions(
    net: Network, host: str, way: str, first: Handshake
) -> tuple[VersionOffer, ...]:
    """The handshake came to the host's highest; where it came to nothing, each is tried."""
    if first.outcome == "refused" or (first.outcome == "unknown" and not first.reached):
        return tuple(
            VersionOffer(version=version, outcome="unknown", cause=first.cause)
            for version in TLS_VERSIONS
        )
    return await net.versions(host, way, chosen=first.version)


def missed_of(name: NameRecords) -> tuple[str, ...]:
    """One type of address that nobody would tell, and those beyond what is tried."""
    missed = [answer.cause for answer in (name.a, name.aaaa) if answer.outcome == "unknown"]
    if (more := len(name.addresses) - MOST_ADDRESSES) > 0:
        missed.append(f"{plural(more, 'more address', 'more addresses')} not tried")
    return tuple(missed)


def ways_to(net: Network, name: NameRecords, port: int = HTTPS) -> tuple[str, ...]:
    """The addresses to try. A host that `--connect` sends elsewhere has one way: there."""
    if net.endpoints(name.name, port) and not any(
        net.endpoints(address, port) for address in name.addresses
    ):
        return ("",)
    return name.addresses[:MOST_ADDRESSES]
