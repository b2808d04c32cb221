"""Who runs the domain's nameservers and its mail, by the endings of their servers' names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from launchready_tui.facts import tables
from launchready_tui.facts.dns import DnsSetup, registrable
from launchready_tui.facts.tables import ProviderRow

OWN_NAMESERVERS = "nameservers of its own"


def dns_provider(servers: Iterable[str]) -> ProviderRow | None:
    """The provider that all nameservers belong to; None if there are several, or it is unknown."""
    rows = {
        next((row.id for row in tables.dns_providers() if _runs(row, server)), "")
        for server in servers
    }
    if len(rows) != 1:
        return None
    return next((row for row in tables.dns_providers() if row.id in rows), None)


def _runs(row: ProviderRow, server: str) -> bool:
    if tables.ends_with(server, row.nameservers):
        return True
    return bool(row.nameserver_pattern and re.fullmatch(row.nameserver_pattern, server))


def dns_named(dns: DnsSetup) -> str:
    """Where the zone is, in words; empty where nobody said."""
    servers = dns.ns.records
    row = dns_provider(servers)
    if row:
        return row.label
    homes = sorted({registrable(server) for server in servers})
    if homes == [registrable(dns.domain)]:
        return OWN_NAMESERVERS
    return " and ".join(homes[:3])


def mailboxes(mx: Iterable[str]) -> str:
    """Where mail for the domain is delivered, by its MX records ("10 mx.example")."""
    targets = [record.partition(" ")[2].strip() for record in mx]
    if not targets:
        return ""
    if targets in ([""], ["."]):
        return "no mailboxes"
    found = {row.label: None for t in targets for row in _rows(t)}
    return " and ".join(found) or " and ".join(sorted({registrable(t) for t in targets})[:3])


def senders(txt: Iterable[str]) -> tuple[str, ...]:
    """Who may send mail for the domain, by the includes of its SPF record."""
    found: dict[str, None] = {}
    for record in txt:
        if not record.lower().startswith("v=spf1"):
            continue
        for term in record.split():
            _, colon, target = term.partition("include:")
            for row in tables.mail_providers() if colon else ():
                if tables.ends_with(target.lower(), row.spf):
                    found[row.label] = None
    return tuple(found)


def _rows(target: str) -> Iterable[ProviderRow]:
    return (row for row in tables.mail_providers() if tables.ends_with(target.lower(), row.mx))
