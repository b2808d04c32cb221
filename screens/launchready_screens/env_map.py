"""The env map as a table: filter it, fill in one thing for all that are shown, open one setting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from launchready_screens import actions, env_rows, paint
from launchready_screens.aside import Done, do_aside
from launchready_screens.env_export_form import ExportDialog
from launchready_screens.env_forms import ShownDialog, VariableDialog
from launchready_screens.form import Asked, Form
from launchready_screens.inks import QUIET
from launchready_screens.keymap import bindings
from launchready_screens.live_trial import TrialDialog
from launchready_screens.rotation_form import RotationDialog
from launchready_screens.widgets.fields import Line
from launchready_tui.facts.env_map import MapRow
from launchready_tui.recording.value_recording import Recorded
from launchready_tui.records.env_record import Rotation
from launchready_tui.session import SessionError
from launchready_tui.text import plural

AGAIN = ("config.env-map", "env.names", "env.separation", "secrets.rotation")
"""What the record of settings decides with others: looked at again when it has changed."""

ROOMY = 104
"""Columns for all keys on one line; below it those that go without saying are left out."""


class EnvMapDialog(Form):
    heading = "Env map"
    go = "open"
    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.ENV)

    def __init__(self) -> None:
        super().__init__()
        self._recording = False
        self._rows: tuple[MapRow, ...] = ()
        self._open: dict[str, Rotation] = {}
        self._changed = False

    def intro(self) -> Content:
        return paint.prose(
            "Names only, no values. The filter takes words: a name, an owner, or nobody, secret,"
            " missing, needs, replacing.",
            QUIET,
        )

    def asked(self) -> tuple[Asked, ...]:
        return (Asked(id="filter", label="Filter", hint="all settings are shown"),)

    def form(self) -> Iterable[Widget]:
        yield from super().form()
        yield Static(id="count")
        yield Static(id="columns")
        yield OptionList(id="parts", markup=False, compact=True)
        yield Static(id="about-setting")

    def on_mount(self) -> None:
        self._read()
        self._show()
        session = self.live.session
        if session.has_prints:  # only then is the keyring asked
            do_aside(self, lambda: session.of_other_keys("F6 makes them anew."))

    def on_done(self, done: Done) -> None:
        done.stop()
        self._recording = False
        self._kept(done.told or done.refusal or " ")

    def on_resize(self, event: events.Resize) -> None:
        if self._rows:
            self.call_after_refresh(self._show_again)

    def _show_again(self) -> None:
        if self.query("#parts"):  # it may have been closed meanwhile
            self._show()

    def key_line(self) -> Content:
        keys = [
            ("f4", "fill"),
            ("f5", "replace"),
            ("f6", "record"),
            ("f7", "paste"),
            ("f8", "try"),
            ("f9", "comments"),
            ("esc", "leave"),
        ]
        if self.app.size.width >= ROOMY:
            keys = [("enter", "open"), *keys[:-1], ("/", "filter"), keys[-1]]
        return paint.joined(2, [paint.keycap(key, label) for key, label in keys])

    # ------------------------------------------------------------ the table

    def _read(self) -> None:
        self._rows = self.live.session.env_rows
        held = self.live.session.store.rotations().rotations
        self._open = {one.var: one for one in held if one.status != "closed"}

    @property
    def shown(self) -> list[MapRow]:
        fields = self.query("#field-filter")
        typed = fields.first(Line).value if fields else ""
        return env_rows.fitting(self._rows, typed, self._open)

    def _show(self) -> None:
        rows, shown = self.query_one("#parts", OptionList), self.shown
        place = rows.highlighted or 0
        wide = env_rows.widths(self._rows, max(rows.size.width - 4, 30))
        columns = env_rows.head(*wide) if shown else ""
        self.query_one("#columns", Static).update(paint.text(columns, QUIET))
        options = [Option(env_rows.line(row, self._open, *wide), id=row.name) for row in shown]
        rows.set_options(options)
        if rows.option_count:
            rows.highlighted = min(place, rows.option_count - 1)
        else:
            self._about(None)
        told = env_rows.count(self._rows, shown, self._open)
        self.query_one("#count", Static).update(paint.text(told, QUIET))

    @property
    def _chosen(self) -> MapRow | None:
        option = self.query_one("#parts", OptionList).highlighted_option
        return next((row for row in self._rows if option and row.name == option.id), None)

    @on(Input.Changed)
    def _filtered(self) -> None:
        self._show()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Enter in the filter goes to what it shows, not into a setting nobody chose."""
        event.prevent_default()
        self.query_one("#parts", OptionList).focus()

    @on(OptionList.OptionHighlighted, "#parts")
    def _highlighted(self) -> None:
        self._about(self._chosen)

    def _about(self, row: MapRow | None) -> None:
        told = self.query_one("#about-setting", Static)
        told.update(paint.line(env_rows.about(row, self._open, self.live.veil)))

    @on(OptionList.OptionSelected, "#parts")
    def _selected(self) -> None:
        self.action_go_on()

    # ------------------------------------------------------------ deeds

    def action_go_on(self) -> None:
        if (row := self._chosen) is not None:
            self.app.push_screen(VariableDialog(row), self._kept)

    def action_find(self) -> None:
        self.query_one("#field-filter", Line).focus()

    def action_fill_shown(self) -> None:
        if shown := self.shown:
            self.app.push_screen(ShownDialog(tuple(shown)), self._kept)
        else:
            self.refuse("Nothing is shown: change the filter.", "filter")

    def action_rotate(self) -> None:
        if (row := self._chosen) is not None:
            self.app.push_screen(RotationDialog(row), self._kept)

    def action_take_comments(self) -> None:
        try:
            kept = self.live.session.take_comments()
        except SessionError as error:
            self.refuse(str(error))
            return
        if kept:
            what = plural(len(kept), "setting")
            self._kept(f"Taken from the example file: the purpose of {what}.")
        else:
            self.refuse("No example file says more than what is recorded already.")

    def action_leave(self) -> None:
        """What was recorded counts at once, where no other checks are running."""
        if not self._changed:
            self.dismiss("")
        elif self.wizard.start_checks(AGAIN):
            self.dismiss("Looking at the env map again.")
        else:
            self.dismiss("Checks are running. Press R afterwards to look at the env map again.")

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
        self._changed = self._changed or bool(told)
        self._read()
        self._show()
        self._about(self._chosen)
        self.confirm(told or "")


def _told(recorded: Recorded) -> str:
    return " ".join((recorded.sentence, *recorded.told))
