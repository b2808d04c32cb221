"""The first page where no sprint is: new, open, demo, and the sprints of late."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from launchready_screens import actions, paint
from launchready_screens.inks import QUIET, STRONG, YELLOW
from launchready_screens.keymap import bindings
from launchready_screens.page import Page

_CHOICES = (
    ("new_sprint", "n", "New sprint", "a domain and a folder; the rest is found out"),
    ("demo", "d", "Demo", "a flawed company on this machine, to see everything work"),
    ("open_sprint", "o", "Open", "a sprint by its folder"),
)


class HomePage(Page):
    """Says what it is in two lines, and what it does not do."""

    place = actions.HOME
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.HOME)
    CSS_PATH = "home.tcss"
    AUTO_FOCUS = "#choices"

    def __init__(self, trouble: str = "") -> None:
        super().__init__()
        self.trouble = trouble
        self._recent: tuple[Path, ...] = ()

    def body(self) -> Iterable[Widget]:
        from launchready_tui.sprint import recent

        self._recent = recent.recent()[:6]
        yield Vertical(
            Static(_welcome(), id="welcome"),
            Static(self._trouble(), id="trouble"),
            OptionList(*self._rows(), id="choices", markup=False),
            Static(_promises(), id="promises"),
            id="home",
        )

    def _trouble(self) -> Content:
        return paint.prose(self.wizard.veil(self.trouble), YELLOW)

    def _rows(self) -> list[Option]:
        options = [
            Option(
                paint.line(
                    paint.text(f" {key}  ", "bold $accent"),
                    paint.fitted(paint.text(title, STRONG), 13),
                    paint.text(says, QUIET),
                ),
                id=id,
            )
            for id, key, title, says in _CHOICES
        ]
        for number, root in enumerate(self._recent):
            shown = paint.fitted(paint.text(root.name, STRONG), 13)
            where = paint.text(f" {self.wizard.veil(str(root.parent))}", QUIET)
            options.append(
                Option(paint.line(paint.text(" ↻  "), shown, where), id=f"recent {number}")
            )
        return options

    @on(OptionList.OptionSelected, "#choices")
    async def _selected(self, event: OptionList.OptionSelected) -> None:
        name, _, number = (event.option_id or "").partition(" ")
        if name == "recent":
            self.open_root(self._recent[int(number)])
        else:
            await self.run_action(name)

    def open_root(self, root: Path) -> None:
        """Open the sprint there, or say why that is not possible."""
        self.trouble = self.wizard.open_sprint(root)
        if self.trouble:
            self.query_one("#trouble", Static).update(self._trouble())
        else:
            self.wizard.enter_sprint()

    def action_new_sprint(self) -> None:
        from launchready_screens.new_sprint import NewSprintDialog

        self.app.push_screen(NewSprintDialog(), self._created)

    def _created(self, told: str | None) -> None:
        if told:
            self.wizard.enter_sprint()

    def action_open_sprint(self) -> None:
        from launchready_screens.open_sprint import OpenDialog

        self.app.push_screen(OpenDialog(self.wizard.start), self._opened)

    def _opened(self, folder: str | None) -> None:
        if folder:
            self.open_root(Path(folder).expanduser())

    def action_demo(self) -> None:
        from launchready_screens.lab import LabPage

        self.app.push_screen(LabPage())


def _welcome() -> Content:
    return paint.lines(
        [
            paint.text("Launch readiness in 48 hours", STRONG),
            paint.text("Seven stages: checked live where a machine can see, asked where not."),
        ]
    )


def _promises() -> Content:
    return paint.lines(
        [
            paint.text(
                "No account, no telemetry. Only the checks you authorise leave here.", QUIET
            ),
            paint.text("Enter opens, ? shows the keys, ctrl+p finds a command.", QUIET),
        ]
    )
