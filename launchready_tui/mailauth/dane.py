"""DANE for mail (RFC 7672): keys of mail servers that a signed zone vouches for."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.mailauth.lookup import Lookup, Reply


@dataclass(frozen=True, slots=True)
class Tlsa:
    """One TLSA record: how the certificate is used, what of it counts, and its hash."""

    usage: int
    selector: int
    matching: int
    data: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """The TLSA records of a mail server, and the DS records above it: without one of those nobody
    can trust the rest.
    """

    host: str
    tlsa: Reply
    ds: tuple[Reply, ...]

    @property
    def records(self) -> tuple[Tlsa, ...]:
        return tuple(one for text in self.tlsa.records if (one := parse(text)))

    @property
    def unsigned(self) -> bool:
        """Whether DNS said that no zone above the host is signed; False where it said nothing."""
        return bool(self.ds) and all(reply.status in ("absent", "gone") for reply in self.ds)


@dataclass(frozen=True, slots=True)
class Shown:
    """SHA-256 of a certificate that a server presented, and of its public key, in hexadecimal;
    `certificate_512` and `key_512` by SHA-512, empty where nobody computed them.
    """

    certificate: str
    key: str
    certificate_512: str = ""
    key_512: str = ""

    def hash_for(self, selector: int, matching: int) -> str:
        """What a record of this selector (RFC 6698, 2.1.2) holds of it, by SHA-256 or SHA-512."""
        if matching == 2:
            return self.key_512 if selector else self.certificate_512
        return self.key if selector else self.certificate


def parse(text: str) -> Tlsa | None:
    """A record in the form of a zone file; None where it is none. Never raises."""
    words = text.split(maxsplit=3)
    if len(words) < 4 or not all(w.isascii() and w.isdigit() and len(w) < 4 for w in words[:3]):
        return None
    data = "".join(words[3].split()).lower()
    usage, selector, matching = map(int, words[:3])
    return Tlsa(usage, selector, matching, data)


async def fetch(lookup: Lookup, hosts: Sequence[str]) -> tuple[Vouched, ...]:
    """Ask for every host at once. Never raises."""
    return tuple(await asyncio.gather(*(_fetch(lookup, host) for host in hosts)))


async def _fetch(lookup: Lookup, host: str) -> Vouched:
    labels = host.split(".")
    above = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    tlsa = await lookup(f"_25._tcp.{host}", "TLSA")
    if not tlsa.records:
        return Vouched(host, tlsa, ())
    ds = await asyncio.gather(*(lookup(name, "DS") for name in above))
    return Vouched(host, tlsa, tuple(ds))


def audit(vouched: Sequence[Vouched], shown: Mapping[str, Sequence[Shown]]) -> tuple[Flaw, ...]:
    """Every flaw. No TLSA record is none, and neither is what no server showed.

    Args:
        vouched: What DNS says.
        shown: By host, the certificates that its server presented, its own first.
    """
    return tuple(flaw for one in vouched for flaw in _flaws(one, shown.get(one.host, ())))


def _flaws(one: Vouched, chain: Sequence[Shown]) -> Iterable[Flaw]:
    at = f"_25._tcp.{one.host}"
    if not one.tlsa.records:
        return
    if one.unsigned:
        observed = f"{one.host} has TLSA records in a zone that is not signed (DNSSEC)"
        yield Flaw("dane-broken", at, observed)
        return
    usable = [record for record in one.records if record.usage in (2, 3)]
    hashed = [record for record in usable if _can_be_told(record, chain)]
    if not usable:
        observed = "no TLSA record has the usage 2 or 3, which are the only ones that mail knows"
        yield Flaw("dane-broken", at, observed)
    elif chain and len(hashed) == len(usable) and not any(_fits(r, chain) for r in hashed):
        observed = f"the certificate of {one.host} matches none of {len(usable)} TLSA records"
        better = f"3 1 1 {chain[0].key}"
        yield Flaw("dane-broken", at, observed, publish=better, params={"type": "TLSA"})


def _can_be_told(record: Tlsa, chain: Sequence[Shown]) -> bool:
    """Whether what the server showed is known in the form that a record holds it in."""
    if record.selector not in (0, 1) or record.matching not in (0, 1, 2):
        return False
    return all(shown.hash_for(record.selector, record.matching) for shown in chain)


def _fits(record: Tlsa, chain: Sequence[Shown]) -> bool:
    """Matching 0 holds the whole thing (RFC 6698, 2.1.3): its hash is compared."""
    offered = chain[:1] if record.usage == 3 else chain
    data = record.data if record.matching else _hash_of(record.data)
    return any(data == shown.hash_for(record.selector, record.matching) for shown in offered)


def _hash_of(data: str) -> str:
    try:
        return hashlib.sha256(bytes.fromhex(data)).hexdigest()
    except ValueError:
        return ""
