"""The line above everything: whose sprint, the verdict with its coverage, the clock."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from launchready_screens import inks, paint
from launchready_screens.inks import QUIET, STRONG


class Headline(NamedTuple):
    """What the line says. `clock` is empty while it is not running."""

    name: str = ""
    word: str = ""
    blockers: str = ""
    coverage: str = ""
    clock: str = ""
    late: bool = False


class VerdictLine(Widget):
    DEFAULT_CSS = """
    VerdictLine { height: 1; padding: 0 1; background: $panel; }
    """
    headline: reactive[Headline] = reactive(Headline())

    def render(self) -> Content:
        return painted(self.headline, self.size.width)


def painted(line: Headline, width: int) -> Content:
    """The word is never cut: first the clock goes, then the coverage, then the name."""
    verdict = paint.line(paint.text(line.word, inks.of_verdict(line.word)))
    if line.blockers:
        verdict = paint.line(verdict, paint.text("  " + line.blockers))
    full = paint.line(verdict, paint.text(line.coverage, QUIET))
    clock = paint.text(line.clock, "$text-warning" if line.late else QUIET)
    name = paint.text(line.name, STRONG)
    brand = paint.line(paint.text("launchready   ", QUIET), name)
    for left, middle, right in (
        (brand, full, clock),
        (name, full, clock),
        (name, full, paint.EMPTY),
        (name, verdict, paint.EMPTY),
        (paint.EMPTY, verdict, paint.EMPTY),
    ):
        used = left.cell_length + middle.cell_length + right.cell_length
        if used + 6 <= width:
            gap = max((width - used) // 2, 2) if right else width - used
            return paint.spread(paint.line(left, Content.blank(gap), middle), right, width)
    return paint.line(paint.text(line.word, inks.of_verdict(line.word)))
