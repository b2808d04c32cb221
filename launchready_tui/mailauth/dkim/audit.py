"""What a selector publishes, and what is wrong with it (RFC 6376, 8301, 8463)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from launchready_tui.mailauth.dkim.key import Key, looks_like_key, parse
from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.mailauth.lookup import Lookup

SHORTEST, SHORT = 1024, 2048
"""Bits of an RSA key: receivers ignore less than the first; the second is the rule (RFC 8301)."""

Standing = Literal["keys", "none", "gone", "failed"]
How = Literal["given", "guessed"]


@dataclass(frozen=True, slots=True)
class Published:
    """What stands at one selector. `doubled`: there is a key where the domain was appended twice.

    `given` selectors were named by a person, a provider or a message; a guessed one that is absent
    says nothing.
    """

    selector: str
    domain: str
    how: How
    standing: Standing
    keys: tuple[Key, ...] = ()
    alias: str = ""
    doubled: bool = False
    cause: str = ""

    @property
    def name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"


async def fetch(
    lookup: Lookup, domain: str, selectors: Sequence[tuple[str, How]]
) -> tuple[Published, ...]:
    """Ask for every selector at once. Never raises."""
    return tuple(await asyncio.gather(*(_fetch(lookup, domain, s, how) for s, how in selectors)))


async def answers_everything(lookup: Lookup, domain: str, made_up: str) -> bool:
    """Whether a selector that nobody has is answered too: then no other answer means anything."""
    reply = await lookup(f"{made_up}._domainkey.{domain}", "TXT")
    return bool(reply.records)


async def _fetch(lookup: Lookup, domain: str, selector: str, how: How) -> Published:
    name = f"{selector}._domainkey.{domain}"
    reply, twice, alias = await asyncio.gather(
        lookup(name, "TXT"), _doubled(lookup, name, domain, how), _alias(lookup, name, how)
    )
    keys = tuple(parse(text) for text in reply.records if looks_like_key(text))
    standing: Standing = "keys" if keys else "gone" if reply.status == "gone" else "none"
    if reply.status == "failed":
        standing = "failed"
    return Published(
        selector=selector,
        domain=domain,
        how=how,
        standing=standing,
        keys=keys,
        alias=alias,
        doubled=twice,
        cause=reply.cause,
    )


async def _doubled(lookup: Lookup, name: str, domain: str, how: How) -> bool:
    if how == "guessed":
        return False
    reply = await lookup(f"{name}.{domain}", "TXT")
    return any(looks_like_key(text) for text in reply.records)


async def _alias(lookup: Lookup, name: str, how: How) -> str:
    if how == "guessed":
        return ""
    reply = await lookup(name, "CNAME")
    return reply.records[0] if reply.records else ""


# ---------------------------------------------------------------- judging


def audit(published: Sequence[Published], *, wildcard: bool = False) -> tuple[Flaw, ...]:
    """Every flaw of the selectors of one domain. A selector that failed is no flaw."""
    if not published:
        return ()
    domain = published[0].domain
    if wildcard:
        observed = f"a made-up selector below _domainkey.{domain} answers too"
        return (Flaw("dkim-wildcard", f"*._domainkey.{domain}", observed),)
    flaws = [flaw for one in published for flaw in _selector(one)]
    keys = [key for one in published for key in one.keys if not key.revoked and not key.broken]
    if keys and all(key.kind == "ed25519" for key in keys):
        observed = "only Ed25519 keys were found, which Gmail and Microsoft do not verify"
        flaws.append(Flaw("dkim-ed25519-only", f"_domainkey.{domain}", observed))
    if not any(one.keys for one in published) and all(
        one.how == "guessed" and one.standing != "failed" for one in published
    ):
        tried = ", ".join(one.selector for one in published)
        observed = f"none of {len(published)} selectors was found: {tried}"
        flaws.append(Flaw("dkim-unknown", f"_domainkey.{domain}", observed))
    return tuple(flaws)


def _selector(one: Published) -> Iterable[Flaw]:
    if one.doubled:
        observed = f"the key stands at {one.name}.{one.domain}: the DNS panel appended the domain"
        yield Flaw("dkim-name-doubled", one.name, observed, params={"host": _host_field(one)})
    elif one.standing in ("none", "gone") and one.how == "given":
        if one.alias:
            observed = f"{one.name} is an alias for {one.alias}, which holds no key"
            yield Flaw("dkim-cname-dangling", one.name, observed, params={"target": one.alias})
        else:
            said = "does not exist" if one.standing == "gone" else "holds no key"
            yield Flaw("dkim-key-missing", one.name, f"{one.name} {said}")
    if len(one.keys) > 1:
        observed = f"{len(one.keys)} keys stand at one selector: receivers take any"
        yield Flaw("dkim-several-records", one.name, observed)
    for key in one.keys:
        yield from _key(one, key)


def _key(one: Published, key: Key) -> Iterable[Flaw]:
    if key.revoked:
        severity = "" if one.how == "given" else "info"
        yield Flaw(
            "dkim-key-revoked", one.name, "p= is empty: the key is revoked", severity=severity
        )
        return
    if key.broken:
        yield Flaw("dkim-key-unparsable", one.name, _BROKEN[key.broken])
        return
    for trouble in _unusable(key):
        yield Flaw("dkim-key-unusable", one.name, trouble)
    if key.kind == "rsa" and key.bits < SHORT:
        observed = f"the RSA key has {key.bits} bits"
        severity = "high" if key.bits < SHORTEST else "medium"
        yield Flaw("dkim-rsa-short", one.name, observed, severity=severity)
    if key.testing:
        yield Flaw("dkim-testing-flag", one.name, "t=y: receivers treat the signature as a test")
    if key.tags.has("g"):
        yield Flaw("dkim-legacy-tag", one.name, "g= was taken out of the standard in 2011")


_BROKEN = {
    "no-key": "there is no p= in the record",
    "base64": "p= is no base64: a quote, a lost piece or a line break is in it",
    "der": "p= holds no key: a piece of it is lost",
    "quotes": "p= has quotes or backslashes in it",
}


def _unusable(key: Key) -> Iterable[str]:
    if key.version_trouble:
        yield key.version_trouble
    if key.kind not in ("rsa", "ed25519"):
        yield f"k={key.kind} is a kind of key that nobody verifies"
    if key.services and not {"*", "email"} & set(key.services):
        yield f"s={':'.join(key.services)} keeps mail out"
    if key.hashes and "sha256" not in key.hashes:
        yield f"h={':'.join(key.hashes)} leaves out sha256, the only hash in use"


def _host_field(one: Published) -> str:
    """What belongs into the panel's host field where the panel appends the domain itself."""
    return f"{one.selector}._domainkey"
