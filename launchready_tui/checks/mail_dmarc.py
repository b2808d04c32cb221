"""DMARC: a record holds for the domain, protects it, and reports to somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from msgspec.structs import replace

from launchready_tui.checks import mail_reports
from launchready_tui.checks.mail_findings import findings_of, judged_mail
from launchready_tui.engine import check
from launchready_tui.facts.mail import MailSetup
from launchready_tui.facts.mail_dmarc import DmarcAudit, DmarcName
from launchready_tui.facts.mail_flaws import MailFlaw
from launchready_tui.given import Moment, Target
from launchready_tui.mail.dmarc_sources import WEEK, clean_weeks, senders_of
from launchready_tui.model import Outcome, Seen, Unknown
from launchready_tui.records.dmarc_record import DmarcReports
from launchready_tui.text import plural

ROLL_OUT = timedelta(days=28)
CLEAN_REPORTS = timedelta(days=14)
_REJECT = "v=DMARC1; p=reject;"


@check("mail.dmarc")
def dmarc(
    audit: DmarcAudit,
    mail: MailSetup,
    target: Target,
    moment: Moment,
    reports: DmarcReports | Unknown,
) -> Outcome:
    """What receivers find by their walk, whether it does what the domain needs, and what their
    reports say."""
    told_by = reports if isinstance(reports, DmarcReports) else DmarcReports()
    senders = senders_of(mail)
    weeks = clean_weeks(told_by, senders, moment.at)
    found = mail_reports.recent(told_by, senders)
    flaws: list[MailFlaw] = []
    for name in audit.names:
        age = _age(name, target, told_by, moment)
        flaws += _weighed(name, mail, age)
        flaws += _too_early(name, mail, age, weeks)
        flaws += name.notes
    flaws += mail_reports.own_that_fail(found, mail.domain)
    gaps = tuple(f"{name.domain}: {cause}" for name in audit.names for cause in name.causes)
    told = ", ".join(f"{n.domain} asks for {n.policy}" for n in audit.names if n.record)
    return judged_mail(
        findings_of(flaws, mail),
        clean=told or "no record was found",
        seen=(
            *(line for name in audit.names for line in _seen(name)),
            *mail_reports.seen(told_by, found, weeks, moment),
        ),
        gaps=(*gaps, *mail_reports.asked(found, mail.domain)),
        proven=mail.sends is False,
    )


def _age(
    name: DmarcName, target: Target, reports: DmarcReports, moment: Moment
) -> timedelta | None:
    """How old today's record is, where a person said so, or where reports tell of another policy
    before it."""
    since = target.mail.dmarc_since
    if since is None:
        other = [r.end for r in reports.reports if r.policy not in ("", name.published)]
        since = max(other).date() if other and name.published else None
    return moment.at.date() - since if since else None


def _weighed(name: DmarcName, mail: MailSetup, age: timedelta | None) -> Iterable[MailFlaw]:
    """A record that is on its way to enforcement is a remark for four weeks, with its day."""
    rolling = age is not None and timedelta(0) <= age < ROLL_OUT
    for flaw in name.flaws:
        if flaw.code in ("dmarc-none", "dmarc-subdomain-open") and rolling and age is not None:
            left = (ROLL_OUT - age).days
            observed = f"{flaw.observed}; it is {age.days} days old, look again in {left} days"
            yield replace(flaw, severity="info", observed=observed)
        elif flaw.code == "dmarc-missing" and mail.sends is False:
            yield replace(flaw, publish=_REJECT)
        elif flaw.code == "dmarc-none":
            yield replace(flaw, publish=_next_step(name.record))
        else:
            yield flaw


def _next_step(record: str) -> str:
    pairs = [pair.strip() for pair in record.split(";") if pair.strip()]
    stepped = ["p=quarantine" if pair.lower().startswith("p=") else pair for pair in pairs]
    return "; ".join(stepped)


def _too_early(
    name: DmarcName, mail: MailSetup, age: timedelta | None, weeks: int
) -> Iterable[MailFlaw]:
    """Two weeks of clean reports outweigh the calendar."""
    if mail.sends is False or age is None or not timedelta(0) <= age < CLEAN_REPORTS:
        return
    if weeks * WEEK >= CLEAN_REPORTS:
        return
    if name.published == "reject":
        yield MailFlaw(
            code="dmarc-reject-too-early",
            at=f"_dmarc.{name.record_domain}",
            observed=f"p=reject after {age.days} days, without two weeks of clean reports"
            f" ({plural(weeks, 'clean week')} on record)",
        )


def _seen(name: DmarcName) -> list[Seen]:
    asked = ", ".join(name.queried)
    lines = [Seen(label="DMARC asked", value=asked, source="DNS")]
    if name.record:
        lines.append(Seen(label="DMARC", value=name.record, source=f"_dmarc.{name.record_domain}"))
        policy = f"{name.policy} for {name.domain}"
        lines.append(Seen(label="Policy", value=policy, source=f"organisation {name.organisation}"))
    return lines
