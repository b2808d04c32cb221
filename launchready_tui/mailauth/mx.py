"""Where mail to a domain goes, and what is wrong with that (RFC 5321 section 5, RFC 7505)."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.mailauth.lookup import Lookup, Reply

MOST_HOSTS = 20
NULL = ""
"""The host of a null MX, which says that the domain takes no mail."""


@dataclass(frozen=True, slots=True)
class MailHost:
    """One MX target with its addresses. `alias`: it is a CNAME, which a target may not be."""

    preference: int
    host: str
    four: Reply
    six: Reply
    alias: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        return (*self.four.records, *self.six.records)

    @property
    def cause(self) -> str:
        """Why its addresses cannot be told; empty where one is known."""
        if self.addresses:
            return ""
        return next((r.cause for r in (self.four, self.six) if r.status == "failed"), "")


@dataclass(frozen=True, slots=True)
class Exchange:
    """The mail servers of a domain. `own`: its addresses, which stand in where it names none."""

    domain: str
    mx: Reply
    own: Reply
    hosts: tuple[MailHost, ...] = ()

    @property
    def takes_no_mail(self) -> bool:
        """A null MX, and nothing beside it."""
        return bool(self.hosts) and all(host.host == NULL for host in self.hosts)

    @property
    def causes(self) -> tuple[str, ...]:
        own = (self.mx.cause,) if self.mx.status == "failed" else ()
        return (*own, *(host.cause for host in self.hosts if host.cause))


async def fetch(lookup: Lookup, domain: str) -> Exchange:
    """Ask for the mail servers of a domain and their addresses. Never raises."""
    mx, own = await asyncio.gather(lookup(domain, "MX"), lookup(domain, "A"))
    targets = sorted(map(_target, mx.records))[:MOST_HOSTS]
    hosts = await asyncio.gather(*(_host(lookup, *target) for target in targets))
    return Exchange(domain=domain, mx=mx, own=own, hosts=tuple(hosts))


def _target(record: str) -> tuple[int, str]:
    preference, _, host = record.partition(" ")
    number = int(preference) if preference.isascii() and preference.isdigit() else 65_535
    return number, host.strip().rstrip(".").lower()


async def _host(lookup: Lookup, preference: int, host: str) -> MailHost:
    nothing = Reply("absent")
    if host == NULL or _is_address(host):
        return MailHost(preference, host, nothing, nothing)
    four, six, alias = await asyncio.gather(
        lookup(host, "A"), lookup(host, "AAAA"), lookup(host, "CNAME")
    )
    return MailHost(preference, host, four, six, alias.records[0] if alias.records else "")


@dataclass(frozen=True, slots=True)
class Named:
    """What an address is called in reverse (PTR), and whether one of these names leads back."""

    host: str
    address: str
    pointer: Reply
    back: bool
    cause: str = ""


async def reverse(lookup: Lookup, hosts: Sequence[MailHost]) -> tuple[Named, ...]:
    """Ask for the reverse names of the first addresses of hosts. Never raises."""
    pairs = [(host.host, address) for host in hosts for address in host.addresses[:2]]
    return tuple(await asyncio.gather(*(_named(lookup, *pair) for pair in pairs)))


async def _named(lookup: Lookup, host: str, address: str) -> Named:
    ip = ipaddress.ip_address(address)
    pointer = await lookup(ip.reverse_pointer, "PTR")
    rdtype = "A" if ip.version == 4 else "AAAA"
    names = pointer.records[:3]
    replies = await asyncio.gather(*(lookup(name, rdtype) for name in names))
    back = any(address in reply.records for reply in replies)
    failed = [r.cause for r in (pointer, *replies) if r.status == "failed" and not back]
    return Named(host, address, pointer, back, failed[0] if failed else "")


# ---------------------------------------------------------------- judging


def audit_reverse(named: Sequence[Named], *, sends: Callable[[str], bool]) -> tuple[Flaw, ...]:
    """Hosts without a reverse name that leads back. `sends`: whether a host also sends mail."""
    flaws = []
    for one in named:
        if one.back or one.cause:
            continue
        said = one.pointer.records[0] if one.pointer.records else ""
        told = f"is called {said} in reverse, which does not lead back" if said else "has no PTR"
        observed = f"{one.address} of {one.host} {told}"
        severity = "high" if sends(one.address) else ""
        params = {"host": one.host, "address": one.address}
        flaws.append(Flaw("mx-no-fcrdns", one.host, observed, severity=severity, params=params))
    return tuple(flaws)


def audit(
    exchange: Exchange, *, sends: bool = True, vendor: Callable[[str], str] = lambda host: ""
) -> tuple[Flaw, ...]:
    """Every flaw of a domain's mail servers. What could not be asked is no flaw.

    Args:
        sends: Whether mail is sent in the domain's name, so that answers come back to it.
        vendor: Who runs a host, or an empty string where nobody knows.
    """
    domain = exchange.domain
    if exchange.mx.status == "failed":
        return ()
    if not exchange.hosts:
        if not sends:
            return ()
        implicit = exchange.own.status == "found"
        observed = f"{domain} names no mail server (MX)" + (
            "; mail goes to its web server's address" if implicit else ""
        )
        return (Flaw("mx-missing", domain, observed, severity="medium" if implicit else ""),)
    if exchange.takes_no_mail:
        if not sends:
            return ()
        observed = f"{domain} says that it takes no mail (0 .), so nobody can answer"
        return (Flaw("mx-null-on-sender", domain, observed),)
    return (*_nulls(exchange), *_targets(exchange), *_spread(exchange, vendor))


def _nulls(exchange: Exchange) -> Iterable[Flaw]:
    if any(host.host == NULL for host in exchange.hosts):
        observed = "a null MX stands beside real mail servers"
        yield Flaw("mx-null-mixed", exchange.domain, observed)


def _targets(exchange: Exchange) -> Iterable[Flaw]:
    for host in exchange.hosts:
        trouble = _trouble(host)
        if trouble:
            observed = f"the mail server {host.host} {trouble}"
            yield Flaw("mx-bad-target", exchange.domain, observed, params={"host": host.host})


def _trouble(host: MailHost) -> str:
    if host.host == NULL:
        return ""
    if _is_address(host.host):
        return "is an address, and has to be a name"
    if host.alias:
        return f"is an alias (CNAME) for {host.alias}"
    if host.addresses or host.cause:
        return ""
    return "does not exist" if host.four.status == "gone" else "has no address"


def _spread(exchange: Exchange, vendor: Callable[[str], str]) -> Iterable[Flaw]:
    real = [host for host in exchange.hosts if host.host != NULL]
    vendors = sorted({name for host in real if (name := vendor(host.host))})
    if len(vendors) > 1:
        observed = f"mail is split between {' and '.join(vendors)}"
        yield Flaw("mx-two-vendors", exchange.domain, observed)
    addresses = {address for host in real for address in host.addresses}
    if len(real) == 1 or len(addresses) == 1:
        severity = "info" if vendors else ""
        observed = f"{real[0].host} is the only mail server"
        yield Flaw("mx-single", exchange.domain, observed, severity=severity)
    elif len({host.preference for host in real}) == 1 and not vendors:
        observed = f"all {len(real)} mail servers have preference {real[0].preference}"
        yield Flaw("mx-preference-ties", exchange.domain, observed)


def names(exchange: Exchange) -> Sequence[str]:
    """The hosts that mail goes to, the preferred ones first."""
    return [host.host for host in exchange.hosts if host.host != NULL]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True
