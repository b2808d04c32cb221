"""A pane to read: j and k scroll it as the arrows do."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll

from launchready_screens import actions
from launchready_screens.keymap import bindings


class Reading(VerticalScroll):
    DEFAULT_CSS = """
    Reading { scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.LIST, skip=("select",))

    def action_cursor_down(self) -> None:
        self.scroll_down(animate=False)

    def action_cursor_up(self) -> None:
        self.scroll_up(animate=False)
