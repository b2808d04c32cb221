"""The seven stages with their counts: a column where there is room, else one line."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from launchready_screens import paint
from launchready_screens.inks import ACCENT, QUIET, RED, STRONG


class Stop(NamedTuple):
    """A stage on the rail."""

    number: int
    short: str
    done: int
    total: int
    blockers: int = 0
    faults: int = 0
    todo: int = 0


class Summary(NamedTuple):
    """What the rail shows: the stages, which is open, and the three pages below them."""

    stops: tuple[Stop, ...] = ()
    current: int = 1
    bars: str = ""
    risks: str = ""
    guide: str = ""


class Rail(Widget):
    """`1`–`7` and the mouse choose; nothing here takes the focus."""

    DEFAULT_CSS = """
    Rail { width: 26; height: 100%; padding: 1 1 0 1; }
    Rail.-line { width: 100%; height: 1; padding: 0 1; }
    """
    summary: reactive[Summary] = reactive(Summary())

    class Chosen(Message):
        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def render(self) -> Content:
        if self.size.height <= 1:
            return as_line(self.summary, self.size.width)
        return as_column(self.summary, self.size.width)

    def on_click(self, event: Click) -> None:
        number = event.y if self.size.height > 1 else 0
        if 1 <= number <= len(self.summary.stops):
            self.post_message(self.Chosen(number))


def as_line(summary: Summary, width: int) -> Content:
    """`1 Audit 2✗ 3●  2  3 …`: the open stage by name, the others by number and count."""
    pieces: list[Content] = []
    for stop in summary.stops:
        here = stop.number == summary.current
        name = f"{stop.number} {stop.short}" if here and width >= 60 else f"{stop.number}"
        pieces.append(
            paint.text(name, "bold reverse" if here else STRONG if _open(stop) else QUIET)
        )
        pieces.append(_counts(stop, short=width < 60))
        pieces.append(paint.text("  " if width >= 60 else " "))
    return paint.line(*pieces).truncate(width, ellipsis=True)


def as_column(summary: Summary, width: int) -> Content:
    rows = [paint.text("Stages", QUIET)]
    for stop in summary.stops:
        here = stop.number == summary.current
        name = paint.text(
            f"{'▸' if here else ' '}{stop.number} {stop.short}", STRONG if here else ""
        )
        count = paint.text(f"{stop.done:>2}/{stop.total:<2}", QUIET)
        tail = paint.fitted(_counts(stop), 4)
        rows.append(paint.spread(name, paint.line(count, paint.text(" "), tail), width))
    rows.append(paint.EMPTY)
    for key, label, value in (
        ("b", "Minimum bar", summary.bars),
        ("l", "Risks", summary.risks),
        ("g", "Guide", summary.guide),
    ):
        left = paint.line(paint.text(f" {key} ", "$accent"), paint.text(label))
        rows.append(paint.spread(left, paint.fitted(paint.text(value, QUIET), 7), width))
    return paint.lines(rows)


def _open(stop: Stop) -> bool:
    return bool(stop.blockers or stop.faults or stop.todo)


def _counts(stop: Stop, *, short: bool = False) -> Content:
    """Blockers first; what else is open only where nothing worse is."""
    gap = "" if short else " "
    if stop.blockers:
        return paint.text(f"{gap}✗{stop.blockers}", RED)
    if stop.faults:
        return paint.text(f"{gap}✗{stop.faults}")
    if stop.todo:
        return paint.text(f"{gap}●{stop.todo}", ACCENT)
    return paint.EMPTY
