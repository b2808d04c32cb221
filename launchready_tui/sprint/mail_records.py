"""The record of mail: proofs, DMARC reports and their senders, editions of MTA-STS policies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime

from launchready_tui.given import MailProof, MailSent, ProvenMails, StsEdition, StsEditions
from launchready_tui.model import Record
from launchready_tui.records.dmarc_record import DmarcReports, KeptReport, SenderWord
from launchready_tui.sprint.kept import Kept
from launchready_tui.sprint.records import MAIL, REPORT, SENDER, SENT, RecordKind


class MailRecords(Kept, ABC):
    """The part of the store that knows about mail."""

    @abstractmethod
    def _change(self, kind: RecordKind, record: Record, by: str, at: datetime) -> None: ...

    @abstractmethod
    def _editions(self) -> StsEditions | None: ...

    @abstractmethod
    def _saw(self, editions: StsEditions) -> None: ...

    def mails(self) -> ProvenMails:
        proofs = sorted(self._of(MAIL, MailProof), key=lambda one: one.kind)
        sendings = sorted(self._of(SENT, MailSent), key=lambda one: one.kind)
        return ProvenMails(proofs=tuple(proofs), sendings=tuple(sendings))

    def prove_mail(self, record: MailProof) -> None:
        self._change(MAIL, record, record.by, record.at)

    def keep_sent(self, record: MailSent) -> None:
        self._change(SENT, record, record.by, record.at)

    def reports(self) -> DmarcReports:
        kept = sorted(self._of(REPORT, KeptReport), key=lambda one: (one.begin, one.id))
        words = sorted(self._of(SENDER, SenderWord), key=lambda one: one.sender)
        return DmarcReports(reports=tuple(kept), words=tuple(words))

    def keep_report(self, record: KeptReport) -> bool:
        """Keep a report; False where it is on record already."""
        if any(one.id == record.id for one in self.reports().reports):
            return False
        self._change(REPORT, record, record.by, record.at)
        return True

    def say_sender(self, record: SenderWord) -> None:
        self._change(SENDER, record, record.by, record.at)

    def policies(self) -> StsEditions:
        return self._editions() or StsEditions()

    def saw_policies(self, seen: Iterable[StsEdition]) -> None:
        """Remember each policy as it was when its id was first seen: until the id changes."""
        known = self.policies()
        after = known.with_new(seen)
        if after != known:
            self._saw(after)
