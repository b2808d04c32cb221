"""What the domain's zone says: the usual names, who answers for it, how long it may be cached.

Every question leaves at once: none of them needs the answer of another. A label nobody would
choose is asked along, because in a zone with a wildcard every name seems to exist. Where one very
name is meant, nothing below it is asked for, and nothing about mail.
"""

from __future__ import annotations

import asyncio
import hashlib
from urllib.parse import urlsplit

from launchready_tui.engine import fact
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.hosts import BadHost, as_host, below, is_address
from launchready_tui.network.seen import Answer

USUAL = ("www", "app", "api", "admin")
SECOND_LEVEL = {"ac", "co", "com", "edu", "go", "gov", "ltd", "ne", "net", "or", "org", "plc"}
"""Labels that registries put before a two-letter ending: example.co.uk is bought as a whole."""


NOT_ASKED = "not asked: only this very name is looked at"


class NameRecords(Record, frozen=True, kw_only=True):
    """The addresses of one name, and why it is looked at.

    `wanted` says who expects it to exist ("the domain itself", "https://… was given"); empty for
    a name that many sites have and this one need not. `echo` is a name that answers only what
    every made-up name answers.
    """

    name: str
    a: Answer
    aaaa: Answer
    wanted: str = ""
    echo: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        return (*self.a.records, *self.aaaa.records)

    @property
    def absent(self) -> bool:
        """Neither type has a record, and both answers say so."""
        return not self.addresses and not self.cause

    @property
    def cause(self) -> str:
        """Why its addresses cannot be told; empty where one of them is known."""
        if self.addresses:
            return ""
        return next((x.cause for x in (self.a, self.aaaa) if x.outcome == "unknown"), "")

    @property
    def chain(self) -> tuple[str, ...]:
        """The names an alias leads through, without the name itself."""
        longest = max((self.a.chain, self.aaaa.chain), key=len)
        return tuple(alias.target for alias in longest)

    def ttls(self, domain: str) -> dict[str, int]:
        """Seconds that the zone of `domain` lets others keep this name's records, by type."""
        found: dict[str, int] = {}
        for answer in (self.a, self.aaaa):
            for alias in answer.chain:
                if below(alias.name, domain):
                    kept = found.get(f"CNAME {alias.name}", alias.ttl)
                    found[f"CNAME {alias.name}"] = max(kept, alias.ttl)
            if answer.records and below(answer.target or answer.name, domain):
                found[answer.rdtype] = answer.ttl
        return found


class DnsSetup(Fact, frozen=True, kw_only=True):
    """The zone as the resolver shows it."""

    domain: str
    zone: str
    """The name that carries the SOA record: the domain, or one above it. Empty if none answers."""
    names: tuple[NameRecords, ...]
    probe: NameRecords
    """The label nobody would choose."""
    probe_text: Answer
    probe_mail: Answer
    ns: Answer
    soa: Answer
    mx: Answer
    txt: Answer
    caa: Answer
    max_ttl: int
    """The longest that an address of the names above may be kept: the wait before a move."""

    @property
    def wildcard(self) -> bool:
        return bool(self.probe.addresses or self.probe.chain)

    def of(self, name: str) -> NameRecords | None:
        return next((records for records in self.names if records.name == name), None)

    @property
    def live(self) -> tuple[NameRecords, ...]:
        """The names that lead somewhere by a record of their own, or that somebody expects."""
        return tuple(n for n in self.names if n.addresses and (n.wanted or not n.echo))


@fact
async def dns_setup(net: Network, target: Target) -> DnsSetup:
    """Ask for everything at once; names in certificates come later, in `CertificateNames`."""
    domain = target.domain
    parents = _parents(domain)
    wanted = wanted_names(target)
    usual = [f"{label}.{domain}" for label in USUAL] if target.guesses else []
    names = list(dict.fromkeys([*wanted, *usual]))
    ask = _not_asked if target.only else net.lookup
    probe = probe_name(domain)
    with net.log.side_by_side():
        found, soas, nss, caa, rest = await asyncio.gather(
            asyncio.gather(*(net.addresses(name) for name in names)),
            asyncio.gather(*(net.lookup(name, "SOA") for name in parents)),
            asyncio.gather(
                *(net.lookup(name, "NS") for name in parents[-1 if target.only else 0 :])
            ),
            net.lookup(domain, "CAA"),
            asyncio.gather(
                *(ask(domain, rdtype) for rdtype in ("MX", "TXT")),
                *(ask(probe, rdtype) for rdtype in ("A", "AAAA", "TXT", "MX")),
            ),
        )
    mx, txt, probe_a, probe_aaaa, probe_text, probe_mail = rest
    made_up = NameRecords(name=probe, a=probe_a, aaaa=probe_aaaa)
    records = tuple(
        NameRecords(
            name=name, a=a, aaaa=aaaa, wanted=wanted.get(name, ""), echo=_echoes(a, aaaa, made_up)
        )
        for name, (a, aaaa) in zip(names, found, strict=True)
    )
    # An alias answers every question with its target's records: those are not this name's own.
    at = next((i for i, soa in enumerate(soas) if soa.outcome == "ok" and not soa.chain), None)
    home = parents[at or 0]
    known = {answer.name: answer for answer in nss}
    return DnsSetup(
        domain=domain,
        zone=home if at is not None else "",
        names=records,
        probe=made_up,
        probe_text=probe_text,
        probe_mail=probe_mail,
        ns=known[home] if home in known else await net.lookup(home, "NS"),
        soa=soas[at or 0],
        mx=mx,
        txt=txt,
        caa=caa,
        max_ttl=max((ttl for n in records for ttl in n.ttls(domain).values()), default=0),
    )


def wanted_names(target: Target) -> dict[str, str]:
    """The names somebody counts on, and who: they must exist."""
    wanted = {target.domain: "the domain itself"}
    if not target.only:
        wanted[f"www.{target.domain}"] = "people type www"
    for url in target.urls:
        if (host := host_of(url)) and not is_address(host):
            wanted.setdefault(host, f"{host} was given")
    return wanted


def host_of(url: str) -> str:
    """The canonical host of an address, or an empty string where it has none."""
    try:
        return as_host(urlsplit(url).hostname or "")
    except (BadHost, ValueError):
        return ""


def probe_name(domain: str) -> str:
    """A name nobody has, and the same one at every run: saved facts stay comparable."""
    return f"lr-{hashlib.sha256(domain.encode()).hexdigest()[:12]}.{domain}"


def registrable(name: str) -> str:
    """The part of a name that is bought: two labels, three below `co.uk` and its like."""
    labels = name.split(".")
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3:] if deep else labels[-2:])


async def _not_asked(name: str, rdtype: str) -> Answer:
    return Answer(name=name, rdtype=rdtype, outcome="unknown", cause=NOT_ASKED)


def _parents(domain: str) -> list[str]:
    """The domain and the names above it that may carry its zone, nearest first."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]


def _echoes(a: Answer, aaaa: Answer, probe: NameRecords) -> bool:
    """Whether a name says exactly what the made-up one says."""
    if not (probe.addresses or probe.chain):
        return False
    return all(
        mine.records == made_up.records
        and [alias.target for alias in mine.chain] == [alias.target for alias in made_up.chain]
        for mine, made_up in ((a, probe.a), (aaaa, probe.aaaa))
    )
