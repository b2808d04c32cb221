"""What is kept of DMARC reports, and what people said of the senders in them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from launchready_tui.model import Fact, Record

Whose = Literal["ours", "not ours"]


class ReportRow(Record, frozen=True, kw_only=True):
    """Mail of one address with one outcome. `aligned`: it passed DMARC.

    `spf` and `dkim` are DMARC's view, aligned and passed. The domains are those that authenticated:
    one that failed proves nothing about who sent.
    """

    ip: str
    messages: int
    spf: bool
    dkim: bool
    disposition: str = ""
    spf_domains: tuple[str, ...] = ()
    dkim_domains: tuple[str, ...] = ()

    @property
    def aligned(self) -> bool:
        return self.spf or self.dkim


class KeptReport(Record, frozen=True, kw_only=True):
    """One aggregate report without what nobody needs again. Instants are UTC.

    `id` is made of receiver, first day and a hash of what makes a report one: the same report
    given twice is kept once.
    """

    id: str
    at: datetime
    by: str
    domain: str
    organisation: str
    begin: datetime
    end: datetime
    policy: str
    messages: int
    aligned: int
    rows: tuple[ReportRow, ...] = ()
    """The busiest first."""
    left_out: int = 0
    """Messages of rows beyond the limit: they count in the sums only."""


class SenderWord(Record, frozen=True, kw_only=True):
    """Whose a sender is that a report showed, as a person says. `sender` is `Source.key`."""

    sender: str
    whose: Whose
    who: str = ""
    """The service, or whose it is."""
    by: str
    at: datetime


class DmarcReports(Fact, frozen=True, kw_only=True):
    """All reports of a sprint, the oldest first, and what was said of their senders."""

    reports: tuple[KeptReport, ...] = ()
    words: tuple[SenderWord, ...] = ()

    def word(self, sender: str) -> SenderWord | None:
        return next((one for one in self.words if one.sender == sender), None)

    @property
    def newest(self) -> datetime | None:
        return max((report.end for report in self.reports), default=None)
