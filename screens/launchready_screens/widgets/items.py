"""The list of a stage: a line an item, drawn for the width there is, still while it changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.events import Resize
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from launchready_screens import actions, paint
from launchready_screens.inks import QUIET
from launchready_screens.keymap import bindings
from launchready_screens.rows import Row

WORD = 14
"""Cells for sign and word with blanks around: ` ● needs you  `."""


class ItemList(OptionList):
    """Rows are replaced one by one while their order stays; the highlight follows its item."""

    DEFAULT_CSS = """
    ItemList {
        height: 1fr; border: none; padding: 0; background: transparent;
        text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1;
    }
    ItemList:focus { border: none; background-tint: transparent 0%; }
    ItemList > .option-list--option-highlighted {
        background: $accent 12%; color: $foreground; text-style: none;
    }
    ItemList:focus > .option-list--option-highlighted {
        background: $accent 24%; color: $foreground; text-style: none;
    }
    ItemList:ansi > .option-list--option-highlighted,
    ItemList:ansi:focus > .option-list--option-highlighted {
        background: ansi_bright_black; color: ansi_default; text-style: bold underline;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.LIST, skip=("select",))

    def __init__(self, hide: Callable[[str], str], *, id: str) -> None:
        super().__init__(id=id, markup=False)
        self.rows: tuple[Row, ...] = ()
        self._hide = hide
        self._moved = False
        self._drawn_for = 0

    @property
    def chosen(self) -> str:
        """The id of the highlighted row, or nothing."""
        option = self.highlighted_option
        return option.id or "" if option else ""

    def show(self, rows: Sequence[Row], *, fresh: bool = False, follow: bool = True) -> None:
        """Draw `rows`.

        The highlight follows its item, unless nobody has moved yet: then the top is what counts.
        Without `follow` it stays where it is, on what has come up there.
        """
        chosen = self.chosen if follow and self._moved and not fresh else ""
        place = 0 if fresh or not self._moved else self.highlighted or 0
        self._moved = self._moved and not fresh
        before, self.rows = self.rows, tuple(rows)
        ids = [row.id for row in rows]
        if not fresh and [row.id for row in before] == ids:
            for index, (old, new) in enumerate(zip(before, rows, strict=True)):
                if old != new:
                    self.replace_option_prompt_at_index(index, self._drawn(new))
            return
        scrolled = 0 if fresh else self.scroll_offset.y
        self.set_options([Option(self._drawn(row), id=row.id) for row in rows])
        self.scroll_to(y=scrolled, animate=False, immediate=True)
        if rows:
            self.highlighted = ids.index(chosen) if chosen in ids else min(place, len(ids) - 1)

    def repaint_rows(self) -> None:
        """Draw all again: the width or the veil has changed."""
        self._drawn_for = self._width()
        for index, row in enumerate(self.rows):
            self.replace_option_prompt_at_index(index, self._drawn(row))

    def go_to(self, id: str) -> None:
        ids = [row.id for row in self.rows]
        if id in ids:
            self._moved = True
            self.highlighted = ids.index(id)

    def on_resize(self, event: Resize) -> None:
        if self._width() != self._drawn_for:
            self.repaint_rows()

    def on_key(self) -> None:
        """Whoever presses a key here means the row that is highlighted."""
        self._moved = True

    def on_click(self) -> None:
        self._moved = True

    def _drawn(self, row: Row) -> Content:
        return drawn(row, self._width(), self._hide)

    def _width(self) -> int:
        return self.scrollable_content_region.width or self.app.size.width


def drawn(row: Row, width: int, hide: Callable[[str], str]) -> Content:
    """Sign and word, title, and at the right end what is behind it."""
    head = paint.text(f" {row.word.both}", row.word.ink)
    if not row.word.word:  # a fold: its title stands right behind the sign
        return paint.spread(
            paint.line(head, paint.text(row.title, QUIET)), paint.text(row.note, QUIET), width
        )
    narrow = width < 56
    head = paint.fitted(head, WORD) if head.cell_length < WORD - 1 else paint.line(head, _GAP)
    title = paint.text(hide(row.title), QUIET if row.quiet else "")
    if narrow or not row.note:
        return paint.line(head, title).truncate(width, ellipsis=True)
    room = width - head.cell_length - title.cell_length - 3
    if room >= 8:
        note = paint.text(_cut(hide(row.note), room), QUIET).truncate(room, ellipsis=True)
        return paint.spread(paint.line(head, title), paint.line(note, paint.text(" ")), width)
    return paint.line(head, title).truncate(width, ellipsis=True)


def _cut(note: str, room: int) -> str:
    """A place too long for its room keeps its end, which tells one line from the next."""
    if len(note) <= room or not _LINE.search(note):
        return note
    return f"…{note[1 - room :]}"


_LINE = re.compile(r":\d+$")
_GAP = Content("  ")
