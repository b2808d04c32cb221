"""Which certificate authorities the domain allows (CAA, RFC 8659), for each host with https."""

from __future__ import annotations

import asyncio
import re

from launchready_tui.engine import fact
from launchready_tui.facts.dns import DnsSetup, registrable
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.hosts import below
from launchready_tui.network.seen import Answer

MOST_HOSTS = 8
"""Hosts below the domain that are asked for; the others have what the domain has."""
_RECORD = re.compile(r'(\d{1,3}) ([a-z0-9]{1,30}) "?(.*?)"?', re.IGNORECASE | re.DOTALL)


class Property(Record, frozen=True, kw_only=True):
    """One CAA record: `issue "letsencrypt.org"`."""

    tag: str
    value: str
    critical: bool = False

    @property
    def authority(self) -> str:
        """Of issue and issuewild the authority's domain, without parameters; empty for nobody."""
        return self.value.partition(";")[0].strip().lower().removesuffix(".")


class CaaSet(Record, frozen=True, kw_only=True):
    """The set that holds for a host, and the name it was found at; empty where none is."""

    host: str
    found_at: str = ""
    properties: tuple[Property, ...] = ()
    cause: str = ""

    def of(self, tag: str) -> tuple[Property, ...]:
        return tuple(p for p in self.properties if p.tag == tag)


class CaaSets(Fact, frozen=True, kw_only=True):
    domain: CaaSet
    hosts: tuple[CaaSet, ...]
    """Of the hosts below the domain; one without a set of its own has the domain's."""

    def of(self, host: str) -> CaaSet | None:
        if host == self.domain.host:
            return self.domain
        return next((found for found in self.hosts if found.host == host), None)


@fact
async def caa_sets(net: Network, dns: DnsSetup) -> CaaSets:
    """Every name on the way up is asked for at once, down to where domains are bought."""
    hosts = [n.name for n in dns.live if n.name != dns.domain][:MOST_HOSTS]
    names = dict.fromkeys(step for host in (dns.domain, *hosts) for step in _climb(host))
    asked = [name for name in names if name != dns.domain]
    with net.log.side_by_side():
        found = await asyncio.gather(*(net.lookup(name, "CAA") for name in asked))
    answers = {dns.domain: dns.caa, **dict(zip(asked, found, strict=True))}
    return CaaSets(
        domain=_set_of(dns.domain, answers), hosts=tuple(_set_of(host, answers) for host in hosts)
    )


def _climb(host: str) -> list[str]:
    """The host and the names above it, as far as somebody may have bought one of them."""
    labels = host.split(".")
    names = (".".join(labels[start:]) for start in range(len(labels)))
    return [name for name in names if below(name, registrable(host))]


def _set_of(host: str, answers: dict[str, Answer]) -> CaaSet:
    """The first set on the way up (RFC 8659, 3). An alias has its target's, and does not climb
    from there: that is what the resolver's answer to the alias is."""
    for name in _climb(host):
        answer = answers[name]
        if answer.outcome == "unknown":
            return CaaSet(host=host, cause=answer.cause)
        if answer.records:
            found_at = answer.target or name
            return CaaSet(host=host, found_at=found_at, properties=read(answer.records))
    return CaaSet(host=host)


def read(records: tuple[str, ...]) -> tuple[Property, ...]:
    """CAA records in presentation form; what cannot be read is left out."""
    found = []
    for record in records:
        match = _RECORD.fullmatch(record)
        if match and int(match[1]) < 256:
            value = match[3].replace('\\"', '"')
            critical = bool(int(match[1]) & 128)
            found.append(Property(tag=match[2].lower(), value=value, critical=critical))
    return tuple(found)
