"""The forms behind the mail page: whose a sender is, and DMARC reports by their path."""

from __future__ import annotations

import contextlib
from typing import cast

from textual.content import Content
from textual.message import Message

from launchready_screens import paint
from launchready_screens.form import Asked, Form, Refused
from launchready_screens.inks import QUIET, STRONG
from launchready_screens.mail_rows import about_source
from launchready_tui.mail.dmarc_reading import ReadReports
from launchready_tui.mail.dmarc_sources import Source
from launchready_tui.recheck import Aside
from launchready_tui.records.dmarc_record import Whose


class WhoseDialog(Form):
    """Whose a sender of the reports is."""

    heading = "Whose is this sender?"

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source

    def intro(self) -> Content:
        return paint.lines(
            [
                paint.text(self.source.label, STRONG),
                paint.prose(about_source(self.source)),
                paint.prose(
                    "Yours and not passing: its DKIM or return-path has to be set up. Not yours: it"
                    " is what the policy is for.",
                    QUIET,
                ),
            ]
        )

    def asked(self) -> tuple[Asked, ...]:
        word = self.live.session.store.reports().word(self.source.key)
        return (
            Asked(
                id="whose",
                label="It is",
                kind="choice",
                value=word.whose if word else "",
                options=(("ours", "ours"), ("not ours", "not ours")),
            ),
            Asked(
                id="who",
                label="Which service",
                value=word.who if word else "",
                hint="such as the newsletter",
            ),
            Asked(id="by", label="Who says so", value=self.live.session.by),
        )

    def keep(self, values: dict[str, str]) -> str:
        if not values["whose"]:
            raise Refused("Choose one: ours, or not ours.", "whose")
        if values["whose"] == "ours" and not values["who"]:
            raise Refused("Name the service or the server: it stands in the guide.", "who")
        word = self.live.session.say_sender(
            self.source.key, cast("Whose", values["whose"]), who=values["who"], by=values["by"]
        )
        return f"{self.source.label} is {word.whose}, says {word.by}. u takes it back."


class ReportsRead(Message):
    """The files were read, or could not be."""

    def __init__(self, result: ReadReports | BaseException) -> None:
        super().__init__()
        self.result = result


class ReportsDialog(Form):
    """DMARC reports by their path: a file, or the folder they were saved in."""

    heading = "Give DMARC reports"
    go = "read and keep"

    def __init__(self) -> None:
        super().__init__()
        self._reading: Aside[ReadReports] | None = None

    def intro(self) -> Content:
        return paint.prose(
            "Receivers mail them to the address of rua=, as .xml, .gz or .zip. Nothing leaves this"
            " machine; a report that is on record already is kept once.",
            QUIET,
        )

    def asked(self) -> tuple[Asked, ...]:
        return (
            Asked(id="path", label="File or folder", hint="drop it here, or type its path"),
            Asked(id="by", label="Who keeps them", value=self.live.session.by),
        )

    def action_go_on(self) -> None:
        from launchready_tui.session import SessionError

        values = self.values()
        if self._reading is not None:
            return
        if not values["path"]:
            self.refuse("Name a file or a folder.", "path")
            return

        def ended(result: ReadReports | BaseException) -> None:
            with contextlib.suppress(RuntimeError):  # the loop may have closed already
                self.post_message(ReportsRead(result))

        try:
            self._reading = self.live.session.reading_reports(
                values["path"], ended, by=values["by"]
            )
        except SessionError as error:
            self.refuse(str(error), "by")
        else:
            self.refuse("Reading …")

    def on_reports_read(self, event: ReportsRead) -> None:
        from launchready_tui.session import SessionError

        self._reading = None
        if isinstance(event.result, BaseException):
            self.refuse(f"They could not be read: {event.result}.", "path")
            return
        left_out = "; ".join(f"{one.file}: {one.reason}" for one in event.result.refused[:4])
        if not event.result.kept:
            self.refuse(
                f"Nothing was kept. {left_out or 'There is no report at that path'}.", "path"
            )
            return
        try:
            told = self.live.session.keep_reports(event.result)
        except SessionError as error:
            self.refuse(str(error))
            return
        self.dismiss(f"Reports: {told}. {left_out}".strip())

    def action_leave(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        super().action_leave()
