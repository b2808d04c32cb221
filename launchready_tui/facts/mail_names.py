"""Which names a domain's mail uses: those in From, those that bounces go to, who sends and how
that shows.
"""

from __future__ import annotations

import asyncio
import hashlib

from launchready_tui.facts import tables
from launchready_tui.facts.dns import registrable
from launchready_tui.facts.tables import ProviderRow
from launchready_tui.given import Target
from launchready_tui.mailauth.lookup import Lookup, Reply
from launchready_tui.model import Record
from launchready_tui.network.hosts import below

MOST_NAMES = 5
USUAL_LABELS = ("bounce", "bounces")


class ReturnPath(Record, frozen=True, kw_only=True):
    """A name below the domain that bounces go to: its MX shows it, or a person said so."""

    name: str
    provider: str = ""
    """The id of the service whose servers take its bounces."""
    alias: str = ""
    given: bool = False


def from_domains(target: Target) -> tuple[str, ...]:
    """The domains of the From addresses, as given; else the domain that was bought.

    An app at app.example.com sends as example.com, unless this very name is meant, or a platform
    lends the name.
    """
    given = (address.rpartition("@")[2] for address in target.mail.addresses)
    lent = any(tables.ends_with(target.domain, row.suffixes) for row in tables.hosts())
    own = target.domain if target.only or lent else registrable(target.domain)
    return tuple(dict.fromkeys(given))[:MOST_NAMES] or (own,)


def made_up(domain: str) -> str:
    """A label nobody would choose, the same at every run."""
    return f"lr-{hashlib.sha256(domain.encode()).hexdigest()[:12]}"


def own(labels: tuple[str, ...]) -> list[str]:
    return [label for label in labels if "*" not in label]


async def return_paths(lookup: Lookup, domain: str, target: Target) -> tuple[ReturnPath, ...]:
    """Ask for the names that sending services usually want, and for those that were given.

    In a zone with a wildcard every name answers, so none is believed but those given.
    """
    rows = tables.mail_providers()
    labels = dict.fromkeys([*(own_l for r in rows for own_l in own(r.return_path)), *USUAL_LABELS])
    given = [name for name in target.mail.return_path if below(name, domain)]
    guessed = [name for label in labels if (name := f"{label}.{domain}") not in given]
    probe = f"{made_up(domain)}.{domain}"
    wild, *found = await asyncio.gather(
        *(_return_path(lookup, name, name in given) for name in (probe, *given, *guessed))
    )
    believed = [one for one in found if one is not None]
    if wild is not None:
        believed = [one for one in believed if one.given]
    return tuple(believed[: MOST_NAMES + len(given)])


async def _return_path(lookup: Lookup, name: str, given: bool) -> ReturnPath | None:
    mx, alias = await asyncio.gather(lookup(name, "MX"), lookup(name, "CNAME"))
    target = alias.records[0] if alias.records else ""
    provider = bounced_by(mx) or _owner(target)
    if not (given or provider):
        return None
    return ReturnPath(name=name, provider=provider, alias=target, given=given)


def bounced_by(mx: Reply) -> str:
    """The service that takes the bounces, by its servers: SES under the names of its customers."""
    hosts = [record.partition(" ")[2].strip(". ").lower() for record in mx.records]
    if any(tables.ends_with(host, ("amazonses.com",)) for host in hosts):
        return "ses"
    rows = (row for row in tables.mail_providers() if row.sends)
    return next((r.id for r in rows for host in hosts if tables.ends_with(host, r.mx)), "")


def _owner(alias: str) -> str:
    name = alias.strip(". ").lower()
    if not name:
        return ""
    endings = {
        "postmark": ("mtasv.net",),
        "sendgrid": ("sendgrid.net",),
        "mailgun": ("mailgun.org",),
    }
    return next((id for id, suffixes in endings.items() if tables.ends_with(name, suffixes)), "")


def provider(id: str) -> ProviderRow | None:
    return next((row for row in tables.mail_providers() if row.id == id), None)
