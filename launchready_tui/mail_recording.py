"""Recording mail: reports that receivers sent, whose their senders are, test mails on their way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from launchready_tui.dmarc_record import SenderWord, Whose
from launchready_tui.dmarc_sources import Source, senders_of, sources
from launchready_tui.given import MailKind, MailSent
from launchready_tui.model import Fact
from launchready_tui.recording import Recording, SessionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from launchready_tui.dmarc_reading import ReadReports


class MailRecording(Recording):
    """The part of a session that writes what is known of mail."""

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What the last run gathered, by type name."""
        raise NotImplementedError

    @property
    def mail_sources(self) -> tuple[Source, ...]:
        """Every sender of the reports on record, the busiest first."""
        told = self.store.reports()
        return sources(told.reports, told, senders_of(self.facts.get("MailSetup")))

    def keep_reports(self, read: ReadReports) -> str:
        """Keep the reports that are not on record yet; in words how many those were."""
        new = self._write(lambda: sum(map(self.store.keep_report, read.kept)))
        known = len(read.kept) - new
        told = f"{new} kept" + (f", {known} on record already" if known else "")
        return f"{told}, {len(read.refused)} left out" if read.refused else told

    def say_sender(self, sender: str, whose: Whose, *, who: str = "", by: str = "") -> SenderWord:
        """Say whose a sender of the reports is. Raises SessionError for one that is in none."""
        known = {one.key for one in self.mail_sources}
        if sender not in known:
            listed = ", ".join(sorted(known)[:8]) or "none: give reports first"
            raise SessionError(f"No report names the sender {sender}. There are: {listed}.")
        word = SenderWord(sender=sender, whose=whose, who=who, by=self._who(by), at=_now())
        self._write(lambda: self.store.say_sender(word))
        return word

    def keep_sent(self, sent: MailSent) -> None:
        self._who(sent.by)
        self._write(lambda: self.store.keep_sent(sent))

    def triggered(self, kind: MailKind, by: str = "") -> MailSent:
        """Keep that a person made the product send one."""
        sent = MailSent(kind=kind, at=_now(), by=self._who(by), way="in the product")
        self.keep_sent(sent)
        return sent


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
