"""Where the nameservers are: a second server helps only where the first one's trouble does not."""

from __future__ import annotations

import asyncio

from launchready_tui.engine import fact
from launchready_tui.facts.dns import DnsSetup
from launchready_tui.facts.providers import dns_provider
from launchready_tui.model import CouldNotTell, Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Answer

MOST_SERVERS = 12


class NameServer(Record, frozen=True, kw_only=True):
    name: str
    a: Answer
    aaaa: Answer

    @property
    def addresses(self) -> tuple[str, ...]:
        return (*self.a.records, *self.aaaa.records)


class NameServers(Fact, frozen=True, kw_only=True):
    """The servers of the zone, and the provider that runs all of them, if it is a known one."""

    zone: str
    servers: tuple[NameServer, ...]
    provider: str = ""
    large: bool = False


@fact
async def name_servers(net: Network, dns: DnsSetup) -> NameServers:
    if dns.ns.outcome == "unknown":
        raise CouldNotTell(dns.ns.cause)
    names = dns.ns.records[:MOST_SERVERS]
    with net.log.side_by_side():
        found = await asyncio.gather(*(net.addresses(name) for name in names))
    provider = dns_provider(names)
    return NameServers(
        zone=dns.zone or dns.domain,
        servers=tuple(
            NameServer(name=name, a=a, aaaa=aaaa)
            for name, (a, aaaa) in zip(names, found, strict=True)
        ),
        provider=provider.label if provider else "",
        large=bool(provider and provider.large),
    )
