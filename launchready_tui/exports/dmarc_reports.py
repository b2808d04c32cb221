"""DMARC aggregate reports added up: senders, volumes, alignment, and what to ask about. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from launchready_tui.facts.tables import ends_with, mail_providers
from launchready_tui.mailauth.report import Report, Sender, senders
from launchready_tui.model import Record
from launchready_tui.text import plural, safe, spelt_json

MOST_LISTED = 200


class ReadReport(Record, frozen=True, kw_only=True):
    file: str
    organisation: str
    id: str
    begin: datetime | None
    end: datetime | None
    domain: str
    policy: str
    messages: int
    aligned: int


class SenderTotal(Record, frozen=True, kw_only=True):
    """One address over all reports. `aligned`: messages that passed DMARC."""

    ip: str
    provider: str
    messages: int
    aligned: int
    spf_domains: tuple[str, ...]
    dkim_domains: tuple[str, ...]
    selectors: tuple[str, ...]
    dispositions: tuple[str, ...]


class Unreadable(Record, frozen=True, kw_only=True):
    file: str
    reason: str


class Summary(Record, frozen=True, kw_only=True):
    schema: int = 1
    messages: int
    aligned: int
    reports: tuple[ReadReport, ...]
    senders: tuple[SenderTotal, ...]
    """The busiest first."""
    more_senders: int = 0
    """How many are left out of the list; they count in the sums."""
    questions: tuple[str, ...]
    unreadable: tuple[Unreadable, ...]


def summary(read: Sequence[tuple[str, Report]], bad: Sequence[tuple[str, str]]) -> Summary:
    """All reports together. The same report given twice counts once."""
    seen: dict[tuple[str, str, str], tuple[str, Report]] = {}
    for file, report in read:
        key = (report.organisation, report.identifier or file, report.domain)
        seen.setdefault(key, (file, report))
    reports = tuple(_report(file, report) for file, report in seen.values())
    found = senders(report for _, report in seen.values())
    totals = tuple(map(_total, found))
    return Summary(
        messages=sum(report.messages for report in reports),
        aligned=sum(report.aligned for report in reports),
        reports=reports,
        senders=totals[:MOST_LISTED],
        more_senders=max(0, len(totals) - MOST_LISTED),
        questions=tuple(_questions(totals)),
        unreadable=tuple(Unreadable(file=_word(f), reason=_word(r)) for f, r in bad),
    )


def _report(file: str, report: Report) -> ReadReport:
    return ReadReport(
        file=_word(file),
        organisation=_word(report.organisation),
        id=_word(report.identifier),
        begin=report.begin,
        end=report.end,
        domain=_word(report.domain),
        policy=_word(report.policy),
        messages=sum(row.count for row in report.rows),
        aligned=sum(row.count for row in report.rows if row.passed),
    )


def _total(sender: Sender) -> SenderTotal:
    return SenderTotal(
        ip=_word(sender.ip),
        provider=_provider(sender),
        messages=sender.count,
        aligned=sender.passed,
        spf_domains=tuple(map(_word, sender.spf_domains[:10])),
        dkim_domains=tuple(map(_word, sender.dkim_domains[:10])),
        selectors=tuple(map(_word, sender.selectors[:10])),
        dispositions=tuple(map(_word, sender.dispositions)),
    )


def _provider(sender: Sender) -> str:
    """A mail service that the domains give away."""
    for row in mail_providers():
        endings = (*row.spf, *row.mx)
        if any(ends_with(name, endings) for name in (*sender.spf_domains, *sender.dkim_domains)):
            return row.label
    return ""


def _questions(totals: Sequence[SenderTotal]) -> Iterator[str]:
    """A sender whose mail did not pass is yours and not set up, or somebody else."""
    for one in totals[:MOST_LISTED]:
        failed = one.messages - one.aligned
        if not failed:
            continue
        names = [*one.dkim_domains, *one.spf_domains]
        known = one.provider or (f"it says {names[0]}" if names else "nothing tells whose it is")
        yield (
            f"{one.ip} ({known}) sent {plural(failed, 'message')} in your name that did not pass:"
            " is this a service of yours? If so, set up its DKIM or return-path for your domain;"
            " if not, it is what the policy is for."
        )


def render_json(told: Summary) -> str:
    return spelt_json(msgspec.json.format(msgspec.json.encode(told), indent=2).decode()) + "\n"


def render_text(told: Summary) -> str:
    lines = [
        f"{plural(told.messages, 'message')} in {plural(len(told.reports), 'report')},"
        f" {told.aligned} passed DMARC"
    ]
    for report in told.reports:
        lines.append(
            f"  {report.domain} at {report.organisation or 'an unnamed receiver'}, {_days(report)}:"
            f" {report.aligned} of {report.messages} passed, policy {report.policy or 'none told'}"
        )
    if told.senders:
        lines += ["", "Senders, the busiest first"]
    for sender in told.senders:
        who = f" {sender.provider}" if sender.provider else ""
        lines.append(
            f"  {sender.ip}{who}: {sender.aligned} of {sender.messages} passed;"
            f" DKIM {', '.join(sender.dkim_domains) or 'none'};"
            f" SPF {', '.join(sender.spf_domains) or 'none'}"
        )
    if told.more_senders:
        lines.append(f"  and {plural(told.more_senders, 'more sender')}")
    if told.questions:
        lines += ["", "To be asked", *(f"  ? {question}" for question in told.questions)]
    if told.unreadable:
        lines += ["", "Not read", *(f"  ✗ {one.file}: {one.reason}" for one in told.unreadable)]
    return "\n".join(safe(line, one_line=True) for line in lines) + "\n"


def _days(report: ReadReport) -> str:
    return f"{report.begin:%Y-%m-%d} to {report.end:%Y-%m-%d}" if _dated(report) else "no dates"


def _dated(report: ReadReport) -> bool:
    return report.begin is not None and report.end is not None


def _word(text: str) -> str:
    return safe(text, one_line=True, limit=300)
