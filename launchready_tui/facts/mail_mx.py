"""Where mail to a domain goes: its mail servers, their addresses and what these are called."""

from __future__ import annotations

import asyncio

from launchready_tui.engine import fact
from launchready_tui.facts import tables
from launchready_tui.facts.mail_flaws import MailFlaw, causes_of, kept, shown
from launchready_tui.facts.mail_lookup import lookup_of
from launchready_tui.facts.mail_names import from_domains
from launchready_tui.given import Target
from launchready_tui.mailauth import mx
from launchready_tui.mailauth.lookup import Lookup
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network


class MxHost(Record, frozen=True, kw_only=True):
    """One mail server. `vendor` is who runs it; empty where it is the company's own, or unknown."""

    preference: int
    host: str
    addresses: tuple[str, ...] = ()
    vendor: str = ""


class MxName(Record, frozen=True, kw_only=True):
    """The mail servers of one domain in From.

    `idle` are the flaws of a domain in whose name nothing is sent, `flaws` those of one that sends.
    """

    domain: str
    hosts: tuple[MxHost, ...] = ()
    takes_no_mail: bool = False
    implicit: bool = False
    """It names none, and mail goes to its own address."""
    flaws: tuple[MailFlaw, ...] = ()
    idle: tuple[MailFlaw, ...] = ()
    causes: tuple[str, ...] = ()


class MxAudit(Fact, frozen=True, kw_only=True):
    names: tuple[MxName, ...]

    def of(self, domain: str) -> MxName | None:
        return next((name for name in self.names if name.domain == domain), None)


@fact
async def mx_audit(net: Network, target: Target) -> MxAudit:
    lookup = lookup_of(net)
    with net.log.side_by_side():
        names = await asyncio.gather(
            *(mx_name(lookup, d, target.mail.senders) for d in from_domains(target))
        )
    return MxAudit(names=tuple(names))


async def mx_name(lookup: Lookup, domain: str, senders: tuple[str, ...] = ()) -> MxName:
    """The mail servers of one domain, judged. Never raises.

    Args:
        lookup: Asks DNS.
        domain: The domain.
        senders: Addresses of servers that also send: their reverse names count more.
    """
    exchange = await mx.fetch(lookup, domain)
    own = [host for host in exchange.hosts if host.host != mx.NULL and not vendor(host.host)]
    named = await mx.reverse(lookup, own)
    reverse = mx.audit_reverse(named, sends=lambda address: address in senders)
    return MxName(
        domain=domain,
        hosts=tuple(
            MxHost(
                preference=host.preference,
                host=shown(host.host),
                addresses=host.addresses[:8],
                vendor=vendor(host.host),
            )
            for host in exchange.hosts
            if host.host != mx.NULL
        ),
        takes_no_mail=exchange.takes_no_mail,
        implicit=not exchange.hosts and exchange.own.status == "found",
        flaws=kept([*mx.audit(exchange, vendor=vendor), *reverse]),
        idle=kept([*mx.audit(exchange, sends=False, vendor=vendor), *reverse]),
        causes=causes_of([*exchange.causes, *(one.cause for one in named)]),
    )


def vendor(host: str) -> str:
    """Who runs a mail server, or an empty string where nobody is known to."""
    name = host.rstrip(".").lower()
    rows = tables.mail_providers()
    return next((row.label for row in rows if tables.ends_with(name, row.mx)), "")
