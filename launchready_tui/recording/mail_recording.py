"""Recording mail: reports that receivers sent, whose their senders are, test mails on their way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from launchready_tui.given import MailKind, MailSent
from launchready_tui.mail.dmarc_sources import Source, senders_of, sources
from launchready_tui.network import Options
from launchready_tui.recheck import Aside
from launchready_tui.recording.base import Recording, SessionError, now
from launchready_tui.records.dmarc_record import SenderWord, Whose
from launchready_tui.vault.keychain import Keychain

if TYPE_CHECKING:
    from launchready_tui.mail.dmarc_reading import ReadReports
    from launchready_tui.mail.mail_sending import Draft
    from launchready_tui.mail.received import Received


class MailRecording(Recording):
    """The part of a session that reads, sends and writes what is known of mail."""

    options: Options
    keychain: Keychain

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
        word = SenderWord(sender=sender, whose=whose, who=who, by=self._who(by), at=now())
        self._write(lambda: self.store.say_sender(word))
        return word

    def keep_sent(self, sent: MailSent) -> None:
        self._who(sent.by)
        self._write(lambda: self.store.keep_sent(sent))

    def triggered(self, kind: MailKind, by: str = "") -> MailSent:
        """Keep that a person made the product send one."""
        sent = MailSent(kind=kind, at=now(), by=self._who(by), way="in the product")
        self.keep_sent(sent)
        return sent

    # ------------------------------------------------------------ in the background

    def reading_mail(
        self,
        data: bytes,
        kind: MailKind,
        folder: Literal["", "inbox", "spam"],
        ended: Callable[[Received | BaseException], None],
        *,
        by: str = "",
    ) -> Aside[Received]:
        """Read a message or a bounce in the background; only DNS is asked, nothing is kept.

        `ended` is called in the reading thread.
        """
        from launchready_tui.mail import received

        who, at = self._who(by), now()
        return Aside(
            lambda: received.read_through(
                self.options, data, kind=kind, folder=folder, by=who, at=at, target=self.target
            ),
            ended,
            name="mail",
        ).start()

    def read_mail(
        self,
        data: bytes,
        kind: MailKind,
        folder: Literal["", "inbox", "spam"],
        *,
        by: str = "",
    ) -> Received:
        """The same, waited for. Raises SessionError for one that cannot be read."""
        ended: list[Received | BaseException] = []
        self.reading_mail(data, kind, folder, ended.append, by=by).wait()
        (result,) = ended
        if isinstance(result, BaseException):
            why = str(result) or "DNS answers too slowly here; try again, or name another resolver"
            raise SessionError(f"This mail could not be read: {why}.") from result
        return result

    def reading_reports(
        self,
        given: str,
        ended: Callable[[ReadReports | BaseException], None],
        *,
        by: str = "",
    ) -> Aside[ReadReports]:
        """Read DMARC reports at a path, a file or a folder, in the background; nothing is kept."""
        from launchready_tui.mail import dmarc_reading

        who, at = self._who(by), now()

        async def work() -> ReadReports:
            paths = dmarc_reading.files_at(given)
            return dmarc_reading.read_files(paths, self.target, by=who, at=at)

        return Aside(work, ended, name="reports").start()

    def sending_mail(
        self, draft: Draft, ended: Callable[[MailSent | BaseException], None], *, by: str = ""
    ) -> Aside[MailSent]:
        """Send one test mail in the background, once it was allowed (`allow`); nothing is kept.

        `ended` gets BadInput where there is no login that can be used.
        """
        from launchready_tui.mail import mail_sending

        who, at = self._who(by), now()

        async def work() -> MailSent:
            login = mail_sending.login_of(self.keychain.get(mail_sending.LOGIN))
            return await mail_sending.hand_over(
                self.options, draft, self.target, login, by=who, at=at
            )

        return Aside(work, ended, name="sending").start()
