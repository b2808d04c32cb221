"""The first frame of a sprint that is resumed: which one, and nothing of its state.

Reading the record and what the last run saw takes longer than drawing. What is not read yet is not
shown, so nothing on the screen has to be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from textual.events import Key
from textual.widget import Widget
from textual.widgets import Static

from launchready_screens import actions, paint
from launchready_screens.inks import QUIET
from launchready_screens.page import Page


class OpeningPage(Page):
    """The floor under the sprint's pages: shown until the sprint is open, and never again."""

    place = actions.HELP
    DEFAULT_CSS = """
    OpeningPage #saying { padding: 1 1; height: 1fr; }
    OpeningPage Foot { visibility: hidden; }
    """

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        self.early: list[str] = []
        """Keys that were pressed too early: they are meant for the page that follows."""

    def body(self) -> Iterable[Widget]:
        where = self.wizard.veil(str(self.root))
        yield Static(paint.text(f"Opening the sprint in {where} …", QUIET), id="saying")

    def on_key(self, event: Key) -> None:
        self.early.append(event.key)
