"""Mail at one glance: the way of each test mail, its sender side by side, what receivers report."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import ClassVar, cast

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from launchready_screens import actions, paint
from launchready_screens.form import Asked, Form, Refused
from launchready_screens.inks import ACCENT, GREEN, QUIET, STRONG, YELLOW
from launchready_screens.keymap import bindings
from launchready_screens.mail_send import SendDialog
from launchready_tui.dmarc_reading import ReadReports
from launchready_tui.dmarc_record import Whose
from launchready_tui.dmarc_sources import Source
from launchready_tui.given import MAIL_KINDS, MailKind
from launchready_tui.mail_view import Cell, KindStep, MailView
from launchready_tui.recheck import Aside
from launchready_tui.text import plural

FRAME = 120
_INKS = {"✓": GREEN, "✗": STRONG, "?": YELLOW, "●": ACCENT}
_STANDINGS = {"ours": ("✓", "ours"), "not ours": ("✓", "not ours"), "unknown": ("?", "whose?")}


class MailPage(Form):
    heading = "Mail"
    go = "open"
    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.MAIL)

    def form(self) -> Iterable[Widget]:
        yield OptionList(id="parts", markup=False, compact=True)
        yield Static(id="about-setting")
        yield Static(id="sides")

    def on_mount(self) -> None:
        self._show()

    def on_resize(self, event: Resize) -> None:
        self._show()

    def key_line(self) -> Content:
        keys = (
            ("enter", "open"),
            ("f4", "send"),
            ("f5", "product sent it"),
            ("f6", "reports"),
            ("esc", "leave"),
        )
        return paint.joined(2, [paint.keycap(key, label) for key, label in keys])

    # ------------------------------------------------------------ showing

    def _show(self) -> None:
        self._view: MailView = self.live.session.mail_view()
        rows = self.query_one("#parts", OptionList)
        place = rows.highlighted or 0
        options = [Option(_step_line(step), id=step.kind) for step in self._view.steps]
        options += [Option(_source_line(one), id=f"from {one.key}") for one in self._view.sources]
        rows.set_options(options)
        rows.highlighted = min(place, len(options) - 1)
        self._about()
        width = max(min(self.app.size.width, FRAME) - 8, 24)
        self.query_one("#sides", Static).update(self._sides(width))

    @on(OptionList.OptionHighlighted, "#parts")
    def _about(self) -> None:
        self.query_one("#about-setting", Static).update(self._of_row())

    def _of_row(self) -> Content:
        """The next deed of what is highlighted, and what the reports say as a whole."""
        hide = self.live.veil
        step, source = self._step, self._source
        rows = []
        if step is not None:
            rows.append(paint.prose(f"{hide(step.stands)}. Next: {hide(step.next)}."))
        elif source is not None:
            rows.append(paint.prose(_about_source(source)))
        seen = self._view
        if not seen.reports or seen.newest is None:
            rows.append(
                paint.prose(
                    "No DMARC report is kept yet. f6 reads those that came to the mailbox of rua=:"
                    " they name everybody who sends as you.",
                    QUIET,
                )
            )
        else:
            told = (
                f"{plural(seen.reports, 'report')} up to {seen.newest:%Y-%m-%d}: {seen.aligned} of"
                f" {seen.messages} passed, {plural(seen.weeks, 'clean week')}"
            )
            rows.append(paint.text(told, QUIET))
        return paint.lines(rows)

    def _sides(self, width: int) -> Content:
        """A row a part; set-up and each kind side by side where there is room."""
        hide = self.live.veil
        rows = [paint.text("The sender, as set up and in each mail", STRONG)]
        for row in self._view.rows:
            setup = paint.text(hide(row.setup))
            rows.append(paint.field(row.label, setup, width, column=13))
            seen = [
                paint.line(paint.text(f"{kind} ", QUIET), _cell(cell, hide(cell.value)))
                for kind, cell in zip(MAIL_KINDS, row.cells, strict=True)
                if cell.word != "no mail yet"
            ]
            if not seen:
                seen = [paint.text("? no mail was given yet", QUIET)]
            if width >= FRAME - 8:
                column = (width - 13) // 3
                beside = paint.joined(0, [paint.fitted(one, column) for one in seen])
                rows.append(paint.field("", beside, width, column=13))
            else:
                rows += [paint.field("", one, width, column=13) for one in seen]
        return paint.lines(rows)

    # ------------------------------------------------------------ what is chosen

    @property
    def _row(self) -> str:
        option = self.query_one("#parts", OptionList).highlighted_option
        return (option.id if option else "") or ""

    @property
    def _step(self) -> KindStep | None:
        return next((step for step in self._view.steps if step.kind == self._row), None)

    @property
    def _source(self) -> Source | None:
        row = self._row
        return next((one for one in self._view.sources if row == f"from {one.key}"), None)

    # ------------------------------------------------------------ deeds

    @on(OptionList.OptionSelected, "#parts")
    def _selected(self) -> None:
        self.action_go_on()

    def action_go_on(self) -> None:
        from launchready_screens.mail_answer import MAILS, MailDialog

        step, source = self._step, self._source
        if step is not None:
            item = self.live.session.catalogue.item(MAILS)
            self.app.push_screen(MailDialog(item, step.kind), self._done)
        elif source is not None:
            self.app.push_screen(WhoseDialog(source), self._judged)

    def _kind(self) -> MailKind:
        """The kind that is highlighted, else the first."""
        return next((kind for kind in MAIL_KINDS if kind == self._row), MAIL_KINDS[0])

    def action_send_mail(self) -> None:
        self.app.push_screen(SendDialog(self._kind()), self._done)

    def action_triggered(self) -> None:
        from launchready_tui.session import SessionError

        try:
            sent = self.live.session.triggered(self._kind())
        except SessionError as error:
            self.refuse(str(error))
        else:
            self._done(f"Noted: the product sent the {sent.kind}. enter gives what arrives.")

    def action_give_reports(self) -> None:
        self.app.push_screen(ReportsDialog(), self._judged)

    def _judged(self, told: str | None) -> None:
        if told:
            self.wizard.start_checks(["mail.dmarc"])
        self._done(told)

    def _done(self, told: str | None) -> None:
        self._show()
        if told:
            self.refuse(told)


def _step_line(step: KindStep) -> Content:
    return paint.line(
        paint.text(f"{step.mark} ", _INKS[step.mark]),
        paint.fitted(paint.text(step.kind), 14),
        paint.text(step.stands),
    )


def _source_line(one: Source) -> Content:
    mark, word = _STANDINGS[one.standing]
    failing = one.standing == "ours" and not one.clean
    mark, word = ("✗", "ours, fails") if failing else (mark, word)
    return paint.line(
        paint.text(f"{mark} ", _INKS[mark]),
        paint.fitted(paint.text(one.label), 26),
        paint.fitted(paint.text(f"{one.aligned} of {one.messages} passed", QUIET), 24),
        paint.text(f"{word}{f': {one.why}' if one.why else ''}"),
    )


def _about_source(one: Source) -> str:
    became = ", ".join(one.dispositions) or "not told"
    asked = " enter says whose it is." if one.standing == "unknown" else ""
    return (
        f"{one.label} sent from {', '.join(one.ranges)}: SPF passed for {one.spf}, DKIM for"
        f" {one.dkim} of {one.messages}; receivers did: {became}.{asked}"
    )


def _cell(cell: Cell, value: str) -> Content:
    return paint.line(
        paint.text(f"{cell.mark} ", _INKS[cell.mark]),
        paint.text(value),
        paint.text(f" {cell.word}", QUIET),
    )


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
                paint.prose(_about_source(self.source)),
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
