"""What DMARC says of a message: whose policy, what is aligned, pass or fail (RFC 9989)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from launchready_tui.mailauth.dmarc.record import Mode, Policy, weakened
from launchready_tui.mailauth.dmarc.walk import Found, Walk, walk
from launchready_tui.mailauth.lookup import Lookup

Result = Literal["pass", "fail", "none", "temperror"]


@dataclass(frozen=True, slots=True)
class Alignment:
    """One authenticated domain beside the author's."""

    by: Literal["spf", "dkim"]
    domain: str
    mode: Mode
    aligned: bool
    organisation: str


@dataclass(frozen=True, slots=True)
class Dmarc:
    """`policy` is what the owner asks for if this message fails; None without a record."""

    result: Result
    domain: str
    organisation: str
    queried: tuple[str, ...]
    record: Found | None = None
    policy: Policy | None = None
    exists: bool | None = None
    """Whether the author's domain exists; None where that did not matter."""
    alignments: tuple[Alignment, ...] = ()
    cause: str = ""

    @property
    def aligned(self) -> bool:
        return any(one.aligned for one in self.alignments)


async def evaluate(
    lookup: Lookup, author: str, *, spf: Sequence[str] = (), dkim: Sequence[str] = ()
) -> Dmarc:
    """Evaluate DMARC for a message.

    Args:
        lookup: Asks DNS.
        author: The domain of the From header.
        spf: The domain that passed SPF: of MAIL FROM, or HELO where that is empty.
        dkim: The `d=` of each signature that verified.
    """
    author = as_domain(author)
    identifiers = [("spf", as_domain(d)) for d in spf] + [("dkim", as_domain(d)) for d in dkim]
    others = sorted({domain for _, domain in identifiers} - {author})
    walking = asyncio.gather(*(walk(lookup, domain) for domain in (author, *others)))
    (own, *walks), existing = await asyncio.gather(walking, lookup(author, "A"))
    by_domain: dict[str, Walk] = {author: own, **dict(zip(others, walks, strict=True))}
    held = own.policy
    if own.cause or held is None:
        return Dmarc(
            result="temperror" if own.cause else "none",
            domain=author,
            organisation=own.organisation,
            queried=own.queried,
            cause=own.cause,
        )
    exists = None if held.domain == author else existing.status != "gone"
    unsure = held.domain != author and existing.status == "failed"
    alignments = tuple(_alignment(by, by_domain[domain], own, held) for by, domain in identifiers)
    missed = next((w.cause for w in walks if w.cause), "")
    aligned = any(one.aligned for one in alignments)
    return Dmarc(
        result="pass" if aligned else "temperror" if missed else "fail",
        domain=author,
        organisation=own.organisation,
        queried=own.queried,
        record=held,
        policy=None if unsure else policy_of(held, author, exists=exists is not False),
        exists=None if unsure else exists,
        alignments=alignments,
        cause="" if aligned else missed or (existing.cause if unsure else ""),
    )


def policy_of(held: Found, author: str, *, exists: bool) -> Policy:
    """The policy that holds for an author's domain, after `t` (4.7, 4.10.1)."""
    record = held.record
    inherited = record.below if exists else record.missing
    policy = record.own if held.domain == author else inherited
    return weakened(policy) if record.testing else policy


def as_domain(text: str) -> str:
    """A domain in lower case, A-labels, without its final dot. Never raises."""
    name = text.strip().rstrip(".").lower()
    if name.isascii():
        return name
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return name


def _alignment(by: str, other: Walk, own: Walk, held: Found) -> Alignment:
    mode = held.record.spf_mode if by == "spf" else held.record.dkim_mode
    if mode == "s":
        aligned = other.start == own.start
    else:
        aligned = not other.cause and other.organisation == own.organisation
    return Alignment(
        by="spf" if by == "spf" else "dkim",
        domain=other.start,
        mode=mode,
        aligned=aligned,
        organisation=other.organisation,
    )
