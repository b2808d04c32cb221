"""Hosts that only the certificates gave away: looked up and shaken hands with like the others.

A certificate may claim any name; only those within what was authorised are followed.
"""

from __future__ import annotations

import asyncio

from launchready_tui.engine import fact
from launchready_tui.facts.dns import DnsSetup, NameRecords
from launchready_tui.facts.tls import HostTls, TlsHosts, shake_hands
from launchready_tui.given import Target
from launchready_tui.model import Fact
from launchready_tui.network import Network
from launchready_tui.network.hosts import BadHost, as_host, below

MOST_NAMES = 20


class CertificateNames(Fact, frozen=True, kw_only=True):
    """Names below the domain that certificates hold and the first round did not ask for."""

    names: tuple[NameRecords, ...]
    hosts: tuple[HostTls, ...]
    left_out: int = 0


@fact
async def certificate_names(
    net: Network, dns: DnsSetup, tls: TlsHosts, target: Target
) -> CertificateNames:
    if not target.guesses:
        return CertificateNames(names=(), hosts=())
    known = {name.name for name in dns.names}
    found = sorted(
        name
        for name in {n for host in tls.hosts for n in named_by(host)} - known
        if below(name, dns.domain) and net.scope.covers(name)
    )
    with net.log.side_by_side():
        looked = await asyncio.gather(*(_look(net, name) for name in found[:MOST_NAMES]))
    return CertificateNames(
        names=tuple(records for records, _ in looked),
        hosts=tuple(tls for _, tls in looked if tls is not None),
        left_out=max(0, len(found) - MOST_NAMES),
    )


def named_by(host: HostTls) -> set[str]:
    """The host names in what a host presents, without patterns."""
    names: set[str] = set()
    for handshake in host.handshakes:
        for name in handshake.chain[0].names if handshake.chain else ():
            try:
                names.add(as_host(name))
            except BadHost:
                continue
    return names


async def _look(net: Network, name: str) -> tuple[NameRecords, HostTls | None]:
    a, aaaa = await net.addresses(name)
    records = NameRecords(name=name, a=a, aaaa=aaaa)
    if records.absent:
        return records, None
    return records, await shake_hands(net, records)
