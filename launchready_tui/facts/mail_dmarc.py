"""The DMARC records that hold for a domain's mail, found by the walk that receivers do."""

from __future__ import annotations

import asyncio

from launchready_tui.engine import fact
from launchready_tui.facts.mail_flaws import MailFlaw, causes_of, kept, shown
from launchready_tui.facts.mail_lookup import lookup_of
from launchready_tui.facts.mail_names import from_domains
from launchready_tui.given import Target
from launchready_tui.mailauth.dmarc import policy_of
from launchready_tui.mailauth.dmarc.audit import Published, audit, fetch, notes
from launchready_tui.mailauth.lookup import Lookup, Reply
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network


class DmarcName(Record, frozen=True, kw_only=True):
    """What holds for one domain in From.

    `policy` is what receivers are asked to do with a mail that fails; empty without a record.
    `strict_spf` and `strict_dkim`: only the very same name is aligned. `queried` are the names that
    were asked, in order.
    """

    domain: str
    organisation: str
    queried: tuple[str, ...] = ()
    record: str = ""
    record_domain: str = ""
    policy: str = ""
    published: str = ""
    """The policy that the record says, before `t=y` takes a step off it."""
    strict_spf: bool = False
    strict_dkim: bool = False
    reported: bool = False
    flaws: tuple[MailFlaw, ...] = ()
    notes: tuple[MailFlaw, ...] = ()
    causes: tuple[str, ...] = ()

    @property
    def enforced(self) -> bool:
        return self.policy in ("quarantine", "reject")


class DmarcAudit(Fact, frozen=True, kw_only=True):
    names: tuple[DmarcName, ...]

    def of(self, domain: str) -> DmarcName | None:
        return next((name for name in self.names if name.domain == domain), None)


@fact
async def dmarc_audit(net: Network, target: Target) -> DmarcAudit:
    lookup = lookup_of(net)
    with net.log.side_by_side():
        names = await asyncio.gather(*(dmarc_name(lookup, d) for d in from_domains(target)))
    return DmarcAudit(names=tuple(names))


async def dmarc_name(lookup: Lookup, domain: str) -> DmarcName:
    """The record that holds for one domain, judged. Never raises."""
    published, existing = await asyncio.gather(fetch(lookup, domain), lookup(domain, "A"))
    walk = published.walk
    held = walk.policy
    if walk.cause or held is None:
        return DmarcName(
            domain=domain,
            organisation=walk.organisation,
            queried=walk.queried,
            flaws=kept(audit(published)),
            causes=causes_of([walk.cause]),
        )
    record = held.record
    return DmarcName(
        domain=domain,
        organisation=walk.organisation,
        queried=walk.queried,
        record=shown(record.text, 2_000),
        record_domain=held.domain,
        policy=policy_of(held, domain, exists=existing.status != "gone"),
        published=record.own,
        strict_spf=record.spf_mode == "s",
        strict_dkim=record.dkim_mode == "s",
        reported=any(report.host for report in record.rua),
        flaws=kept(audit(published)),
        notes=kept(notes(published)),
        causes=causes_of(_unasked(published, existing, held.domain)),
    )


def _unasked(published: Published, existing: Reply, held: str) -> list[str]:
    hosts = [reply for host in published.hosts for reply in (host.mail, host.allows)]
    own = [existing] if held != published.domain else []
    return [reply.cause for reply in (*hosts, *own) if reply.status == "failed"]
