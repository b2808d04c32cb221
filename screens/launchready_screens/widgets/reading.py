"""Panes to read: j and k scroll them as the arrows do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.timer import Timer
from textual.visual import Visual

from launchready_screens import actions
from launchready_screens.keymap import bindings

REST = 0.04
"""Seconds without a key before another detail is drawn: moving in a list comes first."""


class Reading(VerticalScroll):
    """Holds widgets to read."""

    DEFAULT_CSS = """
    Reading { scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.LIST, skip=("select",))

    def action_cursor_down(self) -> None:
        self.scroll_down(animate=False)

    def action_cursor_up(self) -> None:
        self.scroll_up(animate=False)


class DetailPane(ScrollView, can_focus=True):
    """Shows what `draw` makes for the width there is, line by line: only what is seen is drawn."""

    DEFAULT_CSS = """
    DetailPane { scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden; }
    """
    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.LIST, skip=("select",))

    def __init__(self, draw: Callable[[int], Content], *, id: str, widest: int = 92) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._widest = widest
        self._drawn_for = 0
        self._due: Timer | None = None
        self._written: Sequence[Content] = ()

    def on_resize(self, event: Resize) -> None:
        if self._room() != self._drawn_for:
            self.repaint()

    def repaint(self) -> None:
        """Draw again what is to be read now."""
        width = self._drawn_for = self._room()
        if width > 8:
            self._written = self._draw(width).split("\n", allow_blank=True)
            self.virtual_size = Size(width, len(self._written))
            self.refresh()

    def top(self) -> None:
        """Show another thing from its first line, once the keys have come to rest."""
        if self._due is not None:
            self._due.stop()
        self._due = self.set_timer(REST, self._top)

    def _top(self) -> None:
        self._due = None
        self.scroll_home(animate=False)
        self.repaint()

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if row >= len(self._written):
            return Strip.blank(width, self.rich_style)
        line = self._written[row]
        if (selection := self.text_selection) and (span := selection.get_span(row)):
            start, end = span
            line = line.stylize("reverse", start, len(line) if end == -1 else end)
        drawn = Visual.to_strips(self, line, width, 1, self.visual_style, apply_selection=False)
        strip = drawn[0] if drawn else Strip.blank(width, self.rich_style)
        return strip.extend_cell_length(width, self.rich_style).apply_offsets(0, row)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What the mouse has marked, for the clipboard."""
        return selection.extract("\n".join(line.plain for line in self._written)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    def action_cursor_down(self) -> None:
        self.scroll_down(animate=False)

    def action_cursor_up(self) -> None:
        self.scroll_up(animate=False)

    def _room(self) -> int:
        """Cells for text; the scroll bar's column is always kept."""
        return min(self.scrollable_content_region.width, self._widest)
