"""DMARC reports about acme.test as a sprint keeps them: two weeks up to yesterday, day by day."""

from __future__ import annotations

from datetime import timedelta

from cases.world import NOW
from launchready_tui.records.dmarc_record import (
    DmarcReports,
    KeptReport,
    ReportRow,
    SenderWord,
    Whose,
)

DAY = timedelta(days=1)
OWN = ReportRow(
    ip="199.255.192.7",
    messages=20,
    spf=False,
    dkim=True,
    spf_domains=("eu.amazonses.com",),
    dkim_domains=("acme.test", "amazonses.com"),
)
"""By SES, signed as acme.test."""
UNSIGNED = ReportRow(
    ip="199.255.192.7", messages=20, spf=False, dkim=False, spf_domains=("eu.amazonses.com",)
)
"""By SES, in nobody's name."""
STRANGER = ReportRow(ip="198.51.100.9", messages=4, spf=False, dkim=False, disposition="none")


def report(days_ago: int, *rows: ReportRow, policy: str = "reject") -> KeptReport:
    """The report about one day."""
    end = NOW.replace(hour=0) - (days_ago - 1) * DAY
    messages = sum(row.messages for row in rows)
    return KeptReport(
        id=f"receiver-{days_ago}",
        at=NOW,
        by="Anna",
        domain="acme.test",
        organisation="receiver.test",
        begin=end - DAY,
        end=end,
        policy=policy,
        messages=messages,
        aligned=sum(row.messages for row in rows if row.aligned),
        rows=rows,
    )


def two_weeks(*rows: ReportRow, last: tuple[ReportRow, ...] = ()) -> DmarcReports:
    """A report for each of the fourteen days before today; `last` came yesterday beside `rows`."""
    days = [report(ago, *rows) for ago in range(14, 1, -1)]
    return DmarcReports(reports=(*days, report(1, *rows, *last)))


def said(told: DmarcReports, sender: str, whose: Whose) -> DmarcReports:
    word = SenderWord(sender=sender, whose=whose, who="the newsletter", by="Anna", at=NOW)
    return DmarcReports(reports=told.reports, words=(word,))
