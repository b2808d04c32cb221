"""A pane to read: j and k scroll it as the arrows do."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from launchready_screens import actions
from launchready_screens.keymap import bindings


class Reading(VerticalScroll):
    DEFAULT_CSS = """
    Reading { scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.LIST, skip=("select",))

    def action_cursor_down(self) -> None:
        self.scroll_down(animate=False)

    def action_cursor_up(self) -> None:
        self.scroll_up(animate=False)


class DetailPane(Reading):
    """Shows what `draw` makes for the width there is; nothing while it has no room."""

    DEFAULT_CSS = """
    DetailPane > Static { width: 1fr; height: auto; }
    """

    def __init__(self, draw: Callable[[int], Content], *, id: str, widest: int = 92) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._widest = widest
        self._drawn_for = 0

    def compose(self) -> ComposeResult:
        yield Static()

    def on_resize(self, event: Resize) -> None:
        if self._room() != self._drawn_for:
            self.repaint()

    def repaint(self) -> None:
        width = self._drawn_for = self._room()
        if width > 8:
            self.query_one(Static).update(self._draw(width))

    def top(self) -> None:
        """Show another thing from its first line."""
        self.scroll_home(animate=False)
        self.repaint()

    def _room(self) -> int:
        """Cells for text; the scroll bar's column is always kept."""
        return min(self.scrollable_content_region.width, self._widest)
