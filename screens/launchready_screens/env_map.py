"""The env map as a table: filter it, name one owner for all that are shown, open one setting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from launchready_screens import actions, paint
from launchready_screens.aside import Done, do_aside
from launchready_screens.env_export_form import ExportDialog
from launchready_screens.env_forms import OwnerDialog, RotationDialog, VariableDialog
from launchready_screens.form import Asked, Form
from launchready_screens.inks import QUIET, YELLOW
from launchready_screens.keymap import bindings
from launchready_screens.live_trial import TrialDialog
from launchready_screens.widgets.fields import Line
from launchready_tui.facts.env_map import MapRow
from launchready_tui.text import plural
from launchready_tui.value_recording import Recorded


class EnvMapDialog(Form):
    heading = "Env map"
    go = "open"
    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.ENV)

    def __init__(self) -> None:
        super().__init__()
        self._recording = False

    def intro(self) -> Content:
        return paint.prose(
            "Names only, no values. A setting without an owner is a risk in the guide. The filter"
            " takes words; nobody, secret and missing are words too.",
            QUIET,
        )

    def asked(self) -> tuple[Asked, ...]:
        return (Asked(id="filter", label="Filter"),)

    def form(self) -> Iterable[Widget]:
        yield from super().form()
        yield Static(id="count")
        yield OptionList(*self._options(), id="parts", markup=False, compact=True)
        yield Static(id="about-setting")

    def on_mount(self) -> None:
        self._show()
        session = self.live.session
        if session.has_prints:  # only then is the keyring asked
            do_aside(self, lambda: session.of_other_keys("F6 makes them anew."))

    def on_done(self, done: Done) -> None:
        done.stop()
        self._recording = False
        self._kept(done.told or done.refusal or " ")

    def key_line(self) -> Content:
        keys = (
            ("enter", "open"),
            ("f4", "own all"),
            ("f5", "rotate"),
            ("f6", "record"),
            ("f7", "paste"),
            ("f8", "try live"),
            ("esc", "leave"),
        )
        return paint.joined(3, [paint.keycap(key, label) for key, label in keys])

    # ------------------------------------------------------------ the table

    @property
    def shown(self) -> list[MapRow]:
        fields = self.query("#field-filter")
        typed = fields.first(Line).value if fields else ""
        wanted = typed.lower().split()
        return [
            row
            for row in self.live.session.env_rows
            if all(word in _said_of(row) for word in wanted)
        ]

    def _options(self) -> list[Option]:
        rows = self.shown if self.is_mounted else self.live.session.env_rows
        return [Option(self._row(row), id=row.name) for row in rows]

    def _row(self, row: MapRow) -> Content:
        owner = paint.text(row.owner) if row.owner else paint.text("nobody", YELLOW)
        lacking = f" missing: {', '.join(row.missing_in)}" if row.missing_in else ""
        return paint.line(
            paint.fitted(paint.text(row.name), 30),
            paint.fitted(paint.text("secret" if row.sensitive else "", QUIET), 8),
            paint.fitted(owner, 22),
            paint.text(f" {', '.join(row.present_in)}{lacking}", QUIET),
        )

    def _show(self) -> None:
        rows = self.query_one("#parts", OptionList)
        place, shown = rows.highlighted or 0, self.shown
        rows.set_options([Option(self._row(row), id=row.name) for row in shown])
        if rows.option_count:
            rows.highlighted = min(place, rows.option_count - 1)
        unowned = sum(1 for row in shown if not row.owner)
        told = f"{plural(len(shown), 'setting')}, {unowned} without an owner"
        if not self.live.session.env_rows:
            told = "No setting is known yet: R checks the stage, then come back."
        self.query_one("#count", Static).update(paint.text(told, QUIET))

    @property
    def _chosen(self) -> MapRow | None:
        option = self.query_one("#parts", OptionList).highlighted_option
        return next((row for row in self.shown if option and row.name == option.id), None)

    @on(Input.Changed)
    def _filtered(self) -> None:
        self._show()

    @on(OptionList.OptionHighlighted, "#parts")
    def _highlighted(self) -> None:
        row = self._chosen
        hide = self.live.veil
        about = ""
        if row is not None:
            about = row.purpose or "What it is for is not recorded."
            if row.title:
                about += f" It is {row.title}."
            if row.referenced_in:
                about += f" Read in {', '.join(row.referenced_in[:3])}."
            if row.same_in:
                about += f" One value in {', '.join(row.same_in)}."
        self.query_one("#about-setting", Static).update(paint.prose(hide(about)))

    @on(OptionList.OptionSelected, "#parts")
    def _selected(self) -> None:
        self.action_go_on()

    # ------------------------------------------------------------ deeds

    def action_go_on(self) -> None:
        if (row := self._chosen) is not None:
            self.app.push_screen(VariableDialog(row.name), self._kept)

    def action_own_shown(self) -> None:
        names = tuple(row.name for row in self.shown)
        if not names:
            self.refuse("Nothing is shown: change the filter.", "filter")
            return
        self.app.push_screen(OwnerDialog(names), self._kept)

    def action_rotate(self) -> None:
        if (row := self._chosen) is not None:
            self.app.push_screen(RotationDialog(row.name), self._kept)

    def action_record_values(self) -> None:
        if self._recording:
            return
        self._recording = True
        session = self.live.session
        self.refuse("Reading the env files …")
        do_aside(self, lambda: _told(session.record_env_files()))

    def action_paste_export(self) -> None:
        self.app.push_screen(ExportDialog(), self._kept)

    def action_try_live(self) -> None:
        if (row := self._chosen) is not None:
            self.app.push_screen(TrialDialog(row.name), self._kept)

    def _kept(self, told: str | None) -> None:
        self._show()
        self._highlighted()
        if told:
            self.refuse(told)


def _told(recorded: Recorded) -> str:
    return " ".join((recorded.sentence, *recorded.told))


def _said_of(row: MapRow) -> str:
    words = [row.name, row.owner or "nobody", row.purpose, *row.present_in]
    words += ["secret"] if row.sensitive else []
    words += ["missing", *row.missing_in] if row.missing_in else []
    return " ".join(words).lower()
