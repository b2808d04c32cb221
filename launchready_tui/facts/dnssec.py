"""Whether the zone is signed, and whether those who check signatures can still read it."""

from __future__ import annotations

import asyncio
import base64
import binascii

from launchready_tui.engine import fact
from launchready_tui.facts.dns import DnsSetup, registrable
from launchready_tui.model import Fact
from launchready_tui.network import Network
from launchready_tui.network.seen import Answer


class Dnssec(Fact, frozen=True, kw_only=True):
    """What the parent zone promises (DS) and what the zone has (DNSKEY).

    `unchecked` is the answer to a question that failed with SERVFAIL, asked again without the
    resolver's checking (CD); None where nothing failed so.
    """

    zone: str
    ds: Answer
    keys: Answer
    failed: Answer | None = None
    unchecked: Answer | None = None

    @property
    def refused_by_checkers(self) -> bool:
        """Only those who check signatures get no answer."""
        return bool(self.unchecked and self.unchecked.outcome in ("ok", "nodata", "nxdomain"))

    @property
    def promised(self) -> tuple[tuple[int, int], ...]:
        """Key tag and algorithm of each DS record."""
        return tuple(pair for record in self.ds.records if (pair := _promise(record)))

    @property
    def held(self) -> tuple[tuple[int, int], ...]:
        """Key tag and algorithm of each of the zone's keys."""
        return tuple(pair for record in self.keys.records if (pair := key_tag(record)))


@fact
async def dnssec(net: Network, dns: DnsSetup) -> Dnssec:
    zone = dns.zone or registrable(dns.domain)
    with net.log.side_by_side():
        ds, keys = await asyncio.gather(net.lookup(zone, "DS"), net.lookup(zone, "DNSKEY"))
    asked = (dns.soa, *(x for n in dns.names for x in (n.a, n.aaaa)), ds, keys)
    # At the end of an alias it would be another zone's trouble.
    failed = next((a for a in asked if a.rcode == "SERVFAIL" and not a.chain), None)
    unchecked = None
    if failed is not None:
        unchecked = await net.lookup(failed.name, failed.rdtype, unchecked=True)
    return Dnssec(zone=zone, ds=ds, keys=keys, failed=failed, unchecked=unchecked)


def _promise(record: str) -> tuple[int, int] | None:
    words = record.split()
    if len(words) < 4 or not (words[0].isdigit() and words[1].isdigit()):
        return None
    return int(words[0]), int(words[1])


def key_tag(record: str) -> tuple[int, int] | None:
    """The number that DS records know a key by, and its algorithm (RFC 4034, appendix B)."""
    words = record.split(maxsplit=3)
    if len(words) < 4 or not all(word.isdigit() for word in words[:3]):
        return None
    flags, protocol, algorithm = map(int, words[:3])
    if flags > 0xFFFF or protocol > 0xFF or algorithm > 0xFF:
        return None
    try:
        key = base64.b64decode("".join(words[3].split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    wire = flags.to_bytes(2) + bytes((protocol, algorithm)) + key
    total = sum(byte << 8 if at % 2 == 0 else byte for at, byte in enumerate(wire))
    return (total + (total >> 16 & 0xFFFF)) & 0xFFFF, algorithm
