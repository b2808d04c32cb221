"""Addresses that may be the server behind Cloudflare: said by a person, or given away by records.

Only single addresses that somebody published or named: ranges are never searched.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from typing import Literal

from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.cloudflare import passes_cloudflare
from launchready_tui.facts.cloudflare_zone import CloudflareZone
from launchready_tui.facts.dns import DnsSetup
from launchready_tui.given import Target
from launchready_tui.model import Record, Unknown
from launchready_tui.network import Network
from launchready_tui.network.addresses import Kind, kind_of
from launchready_tui.network.hosts import below

LABELS = ("direct", "origin", "mail", "ftp")
"""Names that often go past a proxy, because what they serve cannot pass one."""
MOST_MAIL_SERVERS = 2
_SPF = re.compile(r"(?<![\w+?~-])[+?~-]?ip4:([0-9.]{7,15})(?:/32)?(?![\w/.])", re.IGNORECASE)

How = Literal["given", "record", "mx", "spf", "zone"]


class Source(Record, frozen=True, kw_only=True):
    """Where an address stands: a person's word, a name's record, a mail server, the SPF record,
    or a proxied record of the owner's zone, which only the account shows."""

    how: How
    name: str = ""


class Candidate(Record, frozen=True, kw_only=True):
    address: str
    sources: tuple[Source, ...]

    @property
    def published(self) -> Source | None:
        """The first record that gives it away, where one does."""
        return next((s for s in self.sources if s.how not in ("given", "zone")), None)


async def candidates(
    net: Network,
    dns: DnsSetup,
    more: CertificateNames | Unknown,
    target: Target,
    account: CloudflareZone | Unknown,
) -> tuple[Candidate, ...]:
    """All of them: what a person named first, then what the zone's own records lead to behind the
    proxy, then names, mail servers and the SPF record."""
    known = [*dns.names, *(more.names if isinstance(more, CertificateNames) else ())]
    servers = [name for name in _mail_servers(dns) if not any(n.name == name for n in known)]
    labels = [f"{label}.{dns.domain}" for label in LABELS]
    asked = list(dict.fromkeys([*labels, *servers]))
    with net.log.side_by_side():
        answers = await asyncio.gather(*(net.lookup(name, "A") for name in asked))
    found: dict[str, list[Source]] = {}

    def add(addresses: tuple[str, ...], how: How, name: str = "") -> None:
        for address in addresses:
            if how == "given" or _worth(net, address):
                found.setdefault(address, []).append(Source(how=how, name=name))

    add(tuple(map(str.strip, target.web.origin_addresses)), "given")
    for record in account.records if isinstance(account, CloudflareZone) else ():
        if record.proxied and record.type == "A":
            add((record.content,), "zone", record.name)
    mail = _mail_servers(dns)
    records = {n.name: n.addresses for n in known} | {
        name: answer.records for name, answer in zip(asked, answers, strict=True)
    }
    for name, addresses in records.items():
        add(addresses, "mx" if name in mail else "record", name)
    for text in dns.txt.records if dns.txt.outcome == "ok" else ():
        add(spf_addresses(text), "spf", dns.domain)
    return tuple(
        Candidate(address=address, sources=tuple(sources)) for address, sources in found.items()
    )


def spf_addresses(text: str) -> tuple[str, ...]:
    """The single IPv4 addresses of an SPF record; its ranges are left out."""
    if not text.lower().startswith("v=spf1"):
        return ()
    found = []
    for match in _SPF.finditer(text[:4_000]):
        try:
            found.append(str(ipaddress.IPv4Address(match[1])))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


def _mail_servers(dns: DnsSetup) -> tuple[str, ...]:
    """Mail servers with a name of the domain's own: other companies' are not our question."""
    names = [record.partition(" ")[2].lower() for record in dns.mx.records]
    return tuple(name for name in names if name and below(name, dns.domain))[:MOST_MAIL_SERVERS]


def _worth(net: Network, address: str) -> bool:
    """Whether a published address may be asked: public, not a proxy's own."""
    try:
        public = kind_of(address) is Kind.PUBLIC
    except ValueError:
        return False
    return (public or bool(net.endpoints(address, 443))) and not passes_cloudflare(address)
