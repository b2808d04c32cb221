"""The DNS tree walk: which record holds for a domain, and where its organisation begins.

RFC 9989 section 4.10. The names are known before the first answer, so all are asked at once; what
lies above the place where the walk ends is left out of account.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from launchready_tui.mailauth.dmarc.record import Record, is_dmarc, parse
from launchready_tui.mailauth.lookup import Lookup, Reply

MOST_LABELS = 7
"""Of a name with eight labels or more, everything between itself and seven is skipped."""


@dataclass(frozen=True, slots=True)
class Found:
    """A valid record, at the domain whose policy it is."""

    domain: str
    record: Record


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk from `start` upwards.

    `several` are domains with more than one record: none of them counts. `cause` is why the walk
    says nothing: a question that counts got no answer.
    """

    start: str
    queried: tuple[str, ...]
    """The names that were asked, in order, as far as they count."""
    found: tuple[Found, ...]
    several: tuple[str, ...] = ()
    cause: str = ""

    @property
    def organisation(self) -> str:
        """The organisational domain (4.10.2)."""
        return organisational(self.start, self.found)

    @property
    def policy(self) -> Found | None:
        """The record that holds for the start (4.10.1)."""
        for domain in (self.start, self.organisation):
            held = next((f for f in self.found if f.domain == domain), None)
            if held is not None:
                return held
        return next((f for f in self.found if f.record.psd == "y"), None)


async def walk(lookup: Lookup, domain: str) -> Walk:
    """Walk up from a domain (lower case, A-labels). Never raises."""
    names = names_of(domain)
    replies = await asyncio.gather(*(lookup(f"_dmarc.{name}", "TXT") for name in names))
    return walked(domain, names, replies)


def names_of(domain: str) -> tuple[str, ...]:
    """The domains whose `_dmarc` name is asked, in order: at most eight (4.10)."""
    labels = domain.split(".")
    first = len(labels) - 1 if len(labels) <= MOST_LABELS else MOST_LABELS
    return (domain, *(".".join(labels[-count:]) for count in range(first, 0, -1)))


def walked(start: str, names: Sequence[str], replies: Sequence[Reply]) -> Walk:
    """What the answers come to, read in the order of the walk."""
    queried: list[str] = []
    found: list[Found] = []
    several: list[str] = []
    cause = ""
    for name, reply in zip(names, replies, strict=True):
        queried.append(f"_dmarc.{name}")
        if reply.status == "failed":
            cause = cause or reply.cause or f"no answer for TXT of _dmarc.{name}"
            continue
        records = [text for text in reply.records if is_dmarc(text)]
        if len(records) > 1:
            several.append(name)
        if len(records) != 1:
            continue
        record = parse(records[0])
        if not record.usable and record.psd == "u":
            continue
        found.append(Found(name, record))
        if record.psd in ("y", "n"):
            break
    return Walk(start, tuple(queried), tuple(found), tuple(several), cause)


def organisational(start: str, found: Sequence[Found]) -> str:
    """The organisational domain, over the records of a walk from the longest name upwards."""
    for held in found:
        if held.record.psd == "n":
            return held.domain
        if held.record.psd == "y" and held.domain != start:
            count = held.domain.count(".") + 2
            return ".".join(start.split(".")[-count:])
    return min((held.domain for held in found), key=lambda name: name.count("."), default=start)
