"""check_host(): whether an address may send for a domain (RFC 7208 section 4).

Exact, with the limits of section 4.6.4: ten terms that ask DNS, ten names of one `mx` or `ptr`, two
answers that say nothing is there. What could not be asked is a temperror and never a verdict.
"""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass, field
from typing import Literal

from launchready_tui.mailauth.lookup import Lookup, Reply
from launchready_tui.mailauth.spf.macros import BadMacro, Value, as_name, expand
from launchready_tui.mailauth.spf.syntax import (
    COSTS_LOOKUP,
    Mechanism,
    Modifier,
    Record,
    is_spf,
    parse,
)

Result = Literal["none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST_LOOKUPS = 10
MOST_VOID = 2
MOST_NAMES = 10
"""Hosts of one `mx`, names of one `ptr`."""
MOST_NESTED = 20
"""Records inside records: a loop ends by the limit of lookups before this does."""
_SAYS: dict[str, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of it. `term` and `at` are the term that decided and the domain whose record holds
    it; empty where none did. `why` says in words what an error or a `none` is about.
    """

    result: Result
    explanation: str = ""
    """Of a `fail`: what the domain's owner says to the sender, or the default."""
    term: str = ""
    at: str = ""
    why: str = ""
    lookups: int = 0
    voids: int = 0


async def evaluate(
    lookup: Lookup,
    *,
    ip: str,
    sender: str,
    helo: str = "",
    receiver: str = "unknown",
    default_explanation: str = "",
) -> Evaluation:
    """Evaluate the SPF record of a sender's domain for a client's address.

    Args:
        lookup: Asks DNS.
        ip: The client's address, IPv4 or IPv6; an IPv4 address mapped into IPv6 counts as IPv4.
        sender: MAIL FROM. Empty, as of a bounce, is `postmaster@` the HELO name (2.4).
        helo: The name the client gave.
        receiver: The receiving host's name, for `%{r}` of an explanation.
        default_explanation: What a `fail` says where the domain's owner says nothing.

    Raises:
        ValueError: `ip` is no address.
    """
    address: Address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    local, _, domain = (sender or f"postmaster@{helo}").rpartition("@")
    asked = _Asked(
        lookup=lookup,
        ip=address,
        local=local or "postmaster",
        domain=domain,
        helo=helo,
        receiver=receiver,
    )
    decided = await asked.decide(domain, 0)
    explanation = ""
    if decided.result == "fail":
        explanation = await asked.explanation(decided) or default_explanation
    return Evaluation(
        result=decided.result,
        explanation=explanation,
        term=decided.term,
        at=decided.at,
        why=decided.why,
        lookups=asked.lookups,
        voids=asked.voids,
    )


@dataclass(frozen=True, slots=True)
class _Decided:
    result: Result
    term: str = ""
    at: str = ""
    why: str = ""
    exp: Modifier | None = None


class _Ended(Exception):
    """The evaluation is over: an error, whatever stands behind it in the record."""

    def __init__(self, result: Literal["temperror", "permerror"], why: str) -> None:
        super().__init__(why)
        self.result: Literal["temperror", "permerror"] = result
        self.why = why


@dataclass(slots=True)
class _Asked:
    """One evaluation: who asks, and what it has cost so far."""

    lookup: Lookup
    ip: Address
    local: str
    domain: str
    helo: str
    receiver: str
    lookups: int = 0
    voids: int = 0
    _validated: dict[str, str] = field(default_factory=dict)

    async def decide(self, domain: str, nested: int) -> _Decided:
        """check_host() for a domain. Never raises."""
        if not _is_full_name(domain):
            return _Decided("none", at=domain, why=f"“{domain}” is no full domain name")
        try:
            record = await self._record(domain)
            if record is None:
                return _Decided("none", at=domain, why=f"{domain} has no SPF record")
            return await self._record_says(record, domain, nested)
        except _Ended as error:
            return _Decided(error.result, at=domain, why=error.why)

    async def _record(self, domain: str) -> Record | None:
        """The one record of a domain (4.5). Raises _Ended for several, or for none to be had."""
        reply = await self._ask(domain, "TXT")
        found = [text for text in reply.records if is_spf(text)]
        if len(found) > 1:
            raise _Ended("permerror", f"{domain} has {len(found)} SPF records")
        return parse(found[0]) if found else None

    async def _record_says(self, record: Record, domain: str, nested: int) -> _Decided:
        if record.problems:
            first = record.problems[0]
            where = record.text[first.start : first.end]
            raise _Ended("permerror", f"the record of {domain}, at “{where}”: {first.why}")
        for mechanism in record.mechanisms:
            inner = await self._matches(mechanism, domain, nested)
            if inner:
                result = _SAYS[mechanism.qualifier]
                return _Decided(result, term=mechanism.text, at=domain, exp=record.exp)
        if record.redirect is None or any(m.name == "all" for m in record.mechanisms):
            return _Decided("neutral", at=domain, why="nothing in the record fits this address")
        self._count(record.redirect.text)
        target = await self._expanded(record.redirect.value, domain)
        decided = await self._nested(target, nested)
        if decided.result == "none":
            raise _Ended("permerror", f"{record.redirect.text}: {decided.why}")
        return decided

    async def _nested(self, target: str, nested: int) -> _Decided:
        if nested >= MOST_NESTED:
            raise _Ended("permerror", f"records lead into each other at {target}")
        return await self.decide(target, nested + 1)

    # ------------------------------------------------------------ terms

    async def _matches(self, mechanism: Mechanism, domain: str, nested: int) -> bool:
        name = mechanism.name
        if name in COSTS_LOOKUP:
            self._count(mechanism.text)
        if name == "all":
            return True
        if mechanism.network is not None:
            return self.ip in mechanism.network
        target = await self._expanded(mechanism.domain, domain) if mechanism.domain else domain
        if name == "include":
            return await self._includes(mechanism, target, nested)
        if name == "ptr":
            return await self._is_called(target)
        if name == "exists":
            return bool((await self._counted(target, "A")).records)
        hosts = [target]
        if name == "mx":
            hosts = await self._mail_hosts(target)
        for host in hosts:
            if await self._has_address(host, mechanism):
                return True
        return False

    async def _includes(self, mechanism: Mechanism, target: str, nested: int) -> bool:
        decided = await self._nested(target, nested)
        if decided.result == "temperror":
            raise _Ended("temperror", decided.why)
        if decided.result in ("permerror", "none"):
            raise _Ended("permerror", f"{mechanism.text}: {decided.why}")
        return decided.result == "pass"

    async def _mail_hosts(self, target: str) -> list[str]:
        records = (await self._counted(target, "MX")).records
        if len(records) > MOST_NAMES:
            raise _Ended("permerror", f"{target} has more than {MOST_NAMES} mail servers")
        ordered = sorted(records, key=_preference)
        return [host for record in ordered if (host := record.partition(" ")[2].strip(". "))]

    async def _has_address(self, host: str, mechanism: Mechanism) -> bool:
        six = self.ip.version == 6
        length = mechanism.cidr6 if six else mechanism.cidr4
        reply = await self._counted(host, "AAAA" if six else "A")
        around = ipaddress.ip_network((self.ip, length), strict=False)
        return any(_address(record) in around for record in reply.records)

    async def _is_called(self, target: str) -> bool:
        """ptr (5.5): whether a validated name of the address is the target or below it."""
        return any(_at_or_below(name, target) for name in await self._names(counted=True))

    async def _names(self, *, counted: bool) -> list[str]:
        """The names of the client that lead back to it. What cannot be asked is left out."""
        pointer = self.ip.reverse_pointer
        reply = await self._soft(pointer, "PTR", counted=counted)
        names = []
        for name in reply.records[:MOST_NAMES]:
            rdtype = "AAAA" if self.ip.version == 6 else "A"
            back = await self._soft(name, rdtype, counted=counted)
            if any(_address(record) == self.ip for record in back.records):
                names.append(name.removesuffix("."))
        return names

    # ------------------------------------------------------------ asking

    def _count(self, term: str) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise _Ended(
                "permerror", f"more than {MOST_LOOKUPS} terms ask DNS; “{term}” is the next"
            )

    async def _counted(self, name: str, rdtype: str) -> Reply:
        """A question whose empty answer counts as void (4.6.4)."""
        reply = await self._ask(name, rdtype)
        if not reply.records:
            self.voids += 1
            if self.voids > MOST_VOID:
                raise _Ended("permerror", f"more than {MOST_VOID} answers were empty, {name} last")
        return reply

    async def _soft(self, name: str, rdtype: str, *, counted: bool) -> Reply:
        """A question whose failure says nothing (5.5)."""
        try:
            return await (self._counted if counted else self._ask)(name, rdtype)
        except _Ended as error:
            if error.result == "permerror":
                raise
            return Reply("absent")

    async def _ask(self, name: str, rdtype: str) -> Reply:
        if not _askable(name):
            return Reply("gone")
        reply = await self.lookup(name, rdtype)
        if reply.status == "failed":
            raise _Ended("temperror", reply.cause or f"no answer for {rdtype} of {name}")
        return reply

    # ------------------------------------------------------------ macros

    async def _expanded(self, spec: str, domain: str) -> str:
        try:
            return as_name(await expand(spec, self._values(domain)))
        except BadMacro as error:  # the parser refused these before
            raise _Ended("permerror", str(error)) from error

    def _values(self, domain: str) -> Value:
        async def value(letter: str) -> str:
            if letter == "p":
                return await self._validated_name(domain)
            return self._value(letter, domain)

        return value

    def _value(self, letter: str, domain: str) -> str:
        six = self.ip.version == 6
        values = {
            "s": f"{self.local}@{self.domain}",
            "l": self.local,
            "o": self.domain,
            "d": domain,
            "i": ".".join(self.ip.exploded.replace(":", "").upper()) if six else str(self.ip),
            "v": "ip6" if six else "in-addr",
            "h": self.helo,
            "c": str(self.ip),
            "r": self.receiver,
            "t": str(int(time.time())),
        }
        return values[letter]

    async def _validated_name(self, domain: str) -> str:
        """`%{p}`: the domain itself, else a name below it, else any, else "unknown" (7.3)."""
        if domain not in self._validated:
            names = await self._names(counted=False)
            best = sorted(
                names, key=lambda name: (not _same(name, domain), not _at_or_below(name, domain))
            )
            self._validated[domain] = best[0] if best else "unknown"
        return self._validated[domain]

    async def explanation(self, decided: _Decided) -> str:
        """What the owner says to a sender who failed (6.2); empty where that cannot be had."""
        if decided.exp is None:
            return ""
        try:
            name = await self._expanded(decided.exp.value, decided.at)
            reply = await self._ask(name, "TXT")
            if len(reply.records) != 1 or not reply.records[0].isascii():
                return ""
            return await expand(reply.records[0], self._values(decided.at), in_explanation=True)
        except (_Ended, BadMacro):
            return ""


def _is_full_name(domain: str) -> bool:
    """Two labels or more, none empty, none longer than 63 octets, no address (4.3)."""
    labels = domain.removesuffix(".").split(".")
    if len(labels) < 2 or domain.startswith("["):
        return False
    return all(0 < len(label) <= 63 for label in labels) and len(domain) <= 254


def _askable(name: str) -> bool:
    """Whether DNS can carry the name at all."""
    labels = name.removesuffix(".").split(".")
    return all(0 < len(label) <= 63 for label in labels) and len(name) <= 254


def _preference(record: str) -> int:
    number = record.partition(" ")[0]
    return int(number) if number.isdigit() else 65_535


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _same(one: str, other: str) -> bool:
    return one.removesuffix(".").lower() == other.removesuffix(".").lower()


def _at_or_below(name: str, parent: str) -> bool:
    own, above = name.removesuffix(".").lower(), parent.removesuffix(".").lower()
    return own == above or own.endswith(f".{above}")
