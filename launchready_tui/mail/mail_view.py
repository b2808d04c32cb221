"""A sprint's mail at one glance: each kind's way to the inbox, the sender beside what the domain
is set up for, and who sends in its name. Pure: from facts and records to values that are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Literal

from launchready_tui.checks.mail_proof import FRESH
from launchready_tui.facts.dns import registrable
from launchready_tui.facts.mail import MailSetup
from launchready_tui.facts.mail_dkim import DkimAudit
from launchready_tui.facts.mail_dmarc import DmarcAudit
from launchready_tui.facts.mail_names import from_domains
from launchready_tui.facts.mail_senders import MailAddresses
from launchready_tui.given import MAIL_KINDS, MailKind, MailProof, MailSent, ProvenMails, Target
from launchready_tui.mail.dmarc_sources import Source, clean_weeks, senders_of, sources
from launchready_tui.model import Fact, Record, fact_of
from launchready_tui.records.dmarc_record import DmarcReports

Mark = Literal["✓", "✗", "?", "●"]


class KindStep(Record, frozen=True, kw_only=True):
    """How far a kind of mail has come, and the next deed."""

    kind: MailKind
    mark: Mark
    stands: str
    next: str


class Cell(Record, frozen=True, kw_only=True):
    """What one mail shows; the mark and the word judge it."""

    value: str
    mark: Mark
    word: str


class SideRow(Record, frozen=True, kw_only=True):
    """One part of a sender: as it is set up, and in the mail of each kind, in their order."""

    label: str
    setup: str
    cells: tuple[Cell, ...]


class MailView(Record, frozen=True, kw_only=True):
    steps: tuple[KindStep, ...]
    rows: tuple[SideRow, ...]
    sources: tuple[Source, ...]
    reports: int
    messages: int
    aligned: int
    newest: datetime | None
    weeks: int


NOT_SEEN = Cell(value="", mark="?", word="no mail yet")


def view_of(
    target: Target,
    facts: Mapping[str, Fact],
    mails: ProvenMails,
    reports: DmarcReports,
    at: datetime,
) -> MailView:
    senders = senders_of(facts.get("MailSetup"))
    return MailView(
        steps=tuple(_step(kind, mails.of(kind), mails.sent(kind), at) for kind in MAIL_KINDS),
        rows=tuple(_rows(target, facts, [mails.of(kind) for kind in MAIL_KINDS])),
        sources=sources(reports.reports, reports, senders),
        reports=len(reports.reports),
        messages=sum(report.messages for report in reports.reports),
        aligned=sum(report.aligned for report in reports.reports),
        newest=reports.newest,
        weeks=clean_weeks(reports, senders, at),
    )


# ---------------------------------------------------------------- the way of each kind


def _step(kind: MailKind, proof: MailProof | None, sent: MailSent | None, at: datetime) -> KindStep:
    """What came last decides: a mail sent again after a bounce is on its way."""
    if sent is not None and (proof is None or sent.at > proof.at):
        mark, stands, then = _sent(sent)
    elif proof is not None:
        mark, stands, then = _arrived(proof, at)
    else:
        mark, stands, then = "●", "not sent", "send one: f4 from here, f5 if the product did"
    return KindStep(kind=kind, mark=mark, stands=stands, next=then)


def _sent(sent: MailSent) -> tuple[Mark, str, str]:
    day = f"{sent.at:%Y-%m-%d}"
    if sent.outcome == "refused":
        return "✗", f"refused by {sent.via}, {day}: {sent.cause}", sent.fix
    if sent.outcome == "unknown":
        return "?", f"not known, {day}: {sent.cause}", "f4 sends one again"
    return "●", f"sent {sent.way}, {day}", "open the mailbox; enter gives the mail that arrived"


def _arrived(proof: MailProof, at: datetime) -> tuple[Mark, str, str]:
    day = f"{proof.at:%Y-%m-%d}"
    if proof.bounce:
        fix = next((f.params.get("fix", "") for f in proof.findings), "")
        return "✗", f"bounced, {day}: {proof.bounce}", fix or "mend it, and send one again"
    where = f"arrived in {proof.folder or 'no folder named'}, {day}"
    if proof.folder == "spam":
        return "✗", where, "mend what is wrong with it below, and send one again"
    if proof.findings:
        return "✗", f"{where}; {proof.findings[0].observed}", "mend it, and send one again"
    if at - proof.at > FRESH:
        return "?", where, "it is old: send one again"
    if not proof.aligned or proof.hidden_links or proof.folder != "inbox":
        return "?", where, "not all could be told: its item says what"
    return "✓", where, "nothing"


# ---------------------------------------------------------------- side by side


def _rows(
    target: Target, facts: Mapping[str, Fact], proofs: Iterable[MailProof | None]
) -> Iterable[SideRow]:
    shown = [proof if proof and not proof.bounce else None for proof in proofs]
    setup, dkim, code = facts.get("MailSetup"), facts.get("DkimAudit"), facts.get("MailAddresses")
    domains = from_domains(target)
    home = _Home(domains, fact_of(facts, DmarcAudit))

    def row(label: str, told: str, judge: Callable[[MailProof], Cell]) -> SideRow:
        return SideRow(
            label=label,
            setup=told,
            cells=tuple(judge(proof) if proof else NOT_SEEN for proof in shown),
        )

    yield row("Name", target.client or "not told", _name)
    yield row("From", _said_from(target, code), lambda proof: _from(proof, home))
    yield row("Reply-To", ", ".join(target.mail.reply_to) or "From", lambda p: _reply(p, target))
    paths = setup.return_paths if isinstance(setup, MailSetup) else ()
    told = ", ".join(path.name for path in paths) or "none of your own"
    yield row("Return-Path", told if setup else "not looked at", lambda p: _bounces(p, home))
    keys = [
        f"{key.selector} at {name.domain}"
        for name in (dkim.names if isinstance(dkim, DkimAudit) else ())
        for key in name.usable
    ]
    signs = ", ".join(keys) or "no key found"
    yield row("Signed by", signs if dkim else "not looked at", lambda p: _signed(p, home))


class _Home:
    """Which names belong to the domain in From: its organisation's, by DMARC's own walk."""

    def __init__(self, domains: tuple[str, ...], audit: DmarcAudit | None) -> None:
        self.domains = domains
        self._audit = audit

    def of(self, domain: str) -> str:
        held = self._audit.of(domain) if self._audit else None
        return held.organisation if held and held.organisation else registrable(domain)

    def holds(self, name: str, domain: str) -> bool:
        home = self.of(domain)
        return name == home or name.endswith(f".{home}")


def _said_from(target: Target, code: Fact | None) -> str:
    if target.mail.addresses:
        return ", ".join(target.mail.addresses)
    found = code.addresses if isinstance(code, MailAddresses) else ()
    return ", ".join(f"{one.address} ({one.where})" for one in found[:2]) or "not told"


def _name(proof: MailProof) -> Cell:
    if proof.name.strip():
        return Cell(value=proof.name, mark="✓", word="named")
    return Cell(value="none", mark="✗", word="no name")


def _from(proof: MailProof, home: _Home) -> Cell:
    if not proof.address:
        return Cell(value="none", mark="✗", word="no address")
    own = any(home.holds(proof.from_domain, domain) for domain in home.domains)
    return Cell(
        value=proof.address, mark="✓" if own else "✗", word="yours" if own else "another domain"
    )


def _reply(proof: MailProof, target: Target) -> Cell:
    wanted, given = set(target.mail.reply_to), {one.lower() for one in proof.reply_to}
    value = ", ".join(proof.reply_to) or "none"
    if wanted and not given & wanted:
        return Cell(value=value, mark="✗", word="not as told")
    return Cell(value=value, mark="✓", word="answers go there" if given else "answers go to From")


def _bounces(proof: MailProof, home: _Home) -> Cell:
    if not proof.return_path_domain:
        return Cell(value="not told", mark="?", word="not told")
    if home.holds(proof.return_path_domain, proof.from_domain):
        word = {"pass": "SPF passes for you", "": "SPF not told"}.get(proof.spf, "SPF fails")
        mark: Mark = "✓" if proof.spf == "pass" else "?" if not proof.spf else "✗"
        return Cell(value=proof.return_path_domain, mark=mark, word=word)
    return Cell(value=proof.return_path_domain, mark="✗", word="the service's: SPF not yours")


def _signed(proof: MailProof, home: _Home) -> Cell:
    passed = [one.domain for one in proof.dkim if one.result == "pass"]
    own = [domain for domain in passed if home.holds(domain, proof.from_domain)]
    if own:
        return Cell(value=own[0], mark="✓", word="your signature holds")
    if passed:
        return Cell(value=passed[0], mark="✗", word="not your domain")
    if proof.dkim:
        return Cell(value=proof.dkim[0].domain, mark="✗", word=proof.dkim[0].result)
    return Cell(value="nobody", mark="✗", word="no signature")
