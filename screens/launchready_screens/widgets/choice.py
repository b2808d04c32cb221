"""One of a few, on one line: `● passes  ○ fails  ○ does not apply`; left and right choose."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from launchready_screens import paint

GAP = 3
"""Blanks between two options."""


class Choice(Widget, can_focus=True):
    """`value` is the chosen key, or nothing before the first choice."""

    DEFAULT_CSS = """
    Choice { height: auto; padding: 0 1; background: $panel; }
    Choice:focus { background: $boost; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "step(1)", "Next", show=False, id="choice.next"),
        Binding("left", "step(-1)", "Before", show=False, id="choice.before"),
    ]
    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another option was chosen."""

    def __init__(self, options: tuple[tuple[str, str], ...], value: str, *, id: str) -> None:
        """`options` are pairs of key and words."""
        super().__init__(id=id)
        self.options = options
        self.set_reactive(Choice.value, value)

    def render(self) -> Content:
        rows = self._rows(self.content_size.width)
        return paint.lines(paint.joined(GAP, map(self._option, row)) for row in rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows(width))

    def _rows(self, width: int) -> list[list[tuple[str, str]]]:
        """The options by lines: none is broken in two."""
        rows: list[list[tuple[str, str]]] = []
        room = 0
        for option in self.options:
            needs = self._option(option).cell_length
            if not rows or needs > room:
                rows.append([])
                room = width
            rows[-1].append(option)
            room -= needs + GAP
        return rows

    def _option(self, option: tuple[str, str]) -> Content:
        key, words = option
        chosen = key == self.value
        ink = ("bold reverse" if self.has_focus else "bold") if chosen else ""
        return paint.text(f"{'●' if chosen else '○'} {words}", ink)

    def watch_value(self, before: str, value: str) -> None:
        if before != value:
            self.post_message(self.Changed())

    def action_step(self, by: int) -> None:
        keys = [key for key, _ in self.options]
        place = keys.index(self.value) + by if self.value in keys else (0 if by > 0 else -1)
        self.value = keys[place % len(keys)]

    def on_key(self, event: Key) -> None:
        """The first letter of an option chooses it."""
        for key, words in self.options:
            if event.character and words[:1].lower() == event.character.lower():
                self.value = key
                event.stop()
                return
