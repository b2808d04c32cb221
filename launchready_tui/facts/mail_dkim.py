"""The DKIM keys that a domain publishes, by the selectors that somebody or something names.

A selector cannot be listed, only asked for: one that a person, a package or a variable names is
`given`, any other is guessed, and guesses that find nothing prove nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace

from msgspec.structs import replace as replace_struct

from launchready_tui.engine import fact
from launchready_tui.facts.mail import MailSetup
from launchready_tui.facts.mail_flaws import MailFlaw, causes_of, kept, shown
from launchready_tui.facts.mail_lookup import lookup_of
from launchready_tui.facts.mail_names import made_up, provider
from launchready_tui.facts.tables import mail_providers
from launchready_tui.given import Target
from launchready_tui.mailauth.dkim import Published, audit, fetch
from launchready_tui.mailauth.dkim.audit import How, answers_everything
from launchready_tui.mailauth.lookup import Lookup
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network

COMMON = ("default", "dkim", "mail", "email", "smtp", "s1", "s2", "k1", "google", "selector1")
"""What is tried where nobody names a selector."""


class DkimKey(Record, frozen=True, kw_only=True):
    """A selector and what stands there. `mark` tells equal keys apart from others."""

    selector: str
    how: How
    standing: str
    kind: str = ""
    bits: int = 0
    usable: bool = False
    alias: str = ""
    mark: str = ""
    provider: str = ""


class DkimName(Record, frozen=True, kw_only=True):
    """The keys of a name in From, or of one that bounces go to (`bounces`)."""

    domain: str
    bounces: bool = False
    keys: tuple[DkimKey, ...] = ()
    """Those found, and those given that were not."""
    tried: tuple[str, ...] = ()
    wildcard: bool = False
    flaws: tuple[MailFlaw, ...] = ()
    causes: tuple[str, ...] = ()

    @property
    def usable(self) -> tuple[DkimKey, ...]:
        return tuple(key for key in self.keys if key.usable)


class DkimAudit(Fact, frozen=True, kw_only=True):
    names: tuple[DkimName, ...]

    def of(self, domain: str) -> DkimName | None:
        return next((name for name in self.names if name.domain == domain), None)


@fact
async def dkim_audit(net: Network, target: Target, mail: MailSetup) -> DkimAudit:
    """Every selector of every domain at once."""
    with net.log.side_by_side():
        return await dkim_of(lookup_of(net), target, mail)


async def dkim_of(lookup: Lookup, target: Target, mail: MailSetup) -> DkimAudit:
    """The keys of all names in From, and of those that bounces go to. Never raises."""
    selectors = selectors_of(target, mail)
    named = tuple(one for one in selectors if one[2] or one[1] == "given")
    below = [path.name for path in mail.return_paths if path.name not in mail.domains]
    names, more = await asyncio.gather(
        asyncio.gather(*(dkim_name(lookup, d, selectors) for d in mail.domains)),
        asyncio.gather(*(dkim_name(lookup, d, named) for d in below)),
    )
    # Where a service signs with the name of its bounces, a key is there; most do not.
    signing = [replace_struct(one, bounces=True) for one in more if one.usable]
    return DkimAudit(names=(*names, *signing))


def selectors_of(target: Target, mail: MailSetup) -> tuple[tuple[str, How, str], ...]:
    """Selector, how it came up, and the service it belongs to; each once, the given ones first."""
    found: dict[str, tuple[How, str]] = dict.fromkeys(target.mail.selectors, ("given", ""))
    for sender in mail.senders:
        row = provider(sender.id)
        how: How = "given" if sender.certain and not target.mail.selectors else "guessed"
        for selector in row.selectors if row else ():
            found.setdefault(selector, (how, sender.id))
    for selector in COMMON:
        found.setdefault(selector, ("guessed", ""))
    return tuple((selector, how, id) for selector, (how, id) in found.items())


async def dkim_name(
    lookup: Lookup, domain: str, selectors: tuple[tuple[str, How, str], ...]
) -> DkimName:
    """The keys of one domain, judged. Never raises."""
    wild, published = await asyncio.gather(
        answers_everything(lookup, domain, made_up(domain)),
        fetch(lookup, domain, [(selector, how) for selector, how, _ in selectors]),
    )
    owner = {selector: id for selector, _, id in selectors}
    published = _softened(published, owner)
    kept_ones = [one for one in published if one.keys or one.how == "given"]
    return DkimName(
        domain=domain,
        keys=() if wild else tuple(_key(one, owner[one.selector]) for one in kept_ones),
        tried=tuple(one.selector for one in published),
        wildcard=wild,
        flaws=kept(audit(_judged(published), wildcard=wild)),
        causes=causes_of(one.cause for one in published if one.standing == "failed"),
    )


def _softened(published: tuple[Published, ...], owner: dict[str, str]) -> tuple[Published, ...]:
    """A service uses some of its selectors: where one is there, the others are only guesses."""
    there = {owner[one.selector] for one in published if one.keys} - {""}
    return tuple(
        replace(one, how="guessed")
        if not one.keys and owner[one.selector] in there and not one.alias
        else one
        for one in published
    )


def _judged(published: tuple[Published, ...]) -> tuple[Published, ...]:
    """Without guesses that found nothing, where anything else was found or named."""
    known = [one for one in published if one.keys or one.how == "given"]
    failed = [one for one in published if one.standing == "failed"]
    return tuple(known or failed or published)


def _key(one: Published, owner: str) -> DkimKey:
    key = one.keys[0] if one.keys else None
    value = re.sub(r"\s", "", key.tags.get("p") or "") if key else ""
    usable = key is not None and not (key.revoked or key.broken or key.version_trouble)
    return DkimKey(
        selector=shown(one.selector, 120),
        how=one.how,
        standing=one.standing,
        kind=shown(key.kind, 40) if key else "",
        bits=key.bits if key else 0,
        usable=usable,
        alias=shown(one.alias),
        mark=hashlib.sha256(value.encode()).hexdigest()[:16] if value else "",
        provider=owner or _by_alias(one.alias),
    )


def _by_alias(alias: str) -> str:
    """The service that an alias leads to, by the names its customers' keys have there."""
    name = alias.strip(". ").lower()
    endings = {
        "microsoft": (".onmicrosoft.com", ".dkim.mail.microsoft"),
        "ses": (".dkim.amazonses.com",),
        "sendgrid": (".sendgrid.net",),
        "mailgun": (".mailgun.org",),
        "mailchimp": (".mcsv.net",),
        "fastmail": (".fmhosted.com",),
        "proton": (".domains.proton.ch",),
    }
    known = {row.id for row in mail_providers()}
    return next((id for id, ends in endings.items() if id in known and name.endswith(ends)), "")
