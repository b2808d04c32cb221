"""Mail at one glance: the way of each test mail, its sender side by side, what receivers report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from launchready_screens import actions, paint
from launchready_screens.form import Form
from launchready_screens.inks import QUIET
from launchready_screens.keymap import bindings
from launchready_screens.mail_forms import ReportsDialog, WhoseDialog
from launchready_screens.mail_rows import about_source, sides, source_line, step_line
from launchready_screens.mail_send import SendDialog
from launchready_tui.given import MAIL_KINDS, MailKind
from launchready_tui.mail.dmarc_sources import Source
from launchready_tui.mail.mail_view import KindStep, MailView
from launchready_tui.text import plural

FRAME = 140


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
        self.query_one("#form").can_focus = True
        self._show()

    def on_resize(self, event: Resize) -> None:
        self._show()

    def key_line(self) -> Content:
        keys = (
            ("enter", "open"),
            ("f4", "send"),
            ("f5", "was sent"),
            ("f6", "reports"),
            ("tab", "read"),
            ("esc", "leave"),
        )
        return paint.joined(2, [paint.keycap(key, label) for key, label in keys])

    # ------------------------------------------------------------ showing

    def _show(self) -> None:
        self._view: MailView = self.live.session.mail_view()
        rows = self.query_one("#parts", OptionList)
        place = rows.highlighted or 0
        options = [
            Option(step_line(step, self.live.veil), id=step.kind) for step in self._view.steps
        ]
        options += [Option(source_line(one), id=f"from {one.key}") for one in self._view.sources]
        rows.set_options(options)
        rows.highlighted = min(place, len(options) - 1)
        self._about()
        width = max(min(self.app.size.width, FRAME) - 8, 24)
        self.query_one("#sides", Static).update(sides(self._view, width, self.live.veil))

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
            rows.append(paint.prose(f"{about_source(source)} enter says whose it is."))
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
