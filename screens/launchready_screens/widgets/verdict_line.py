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
    coverage: tuple[str, ...] = ()
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
    """The word is never cut: first the clock goes, then the coverage bit by bit, then the name."""
    name = paint.text(line.name, STRONG)
    brand = paint.line(paint.text("launchready   " if line.name else "launchready", QUIET), name)
    clock = paint.text(line.clock, "$text-warning" if line.late else QUIET)
    verdicts = [_verdict(line, count) for count in range(len(line.coverage), -1, -1)]
    ways = [(brand, verdicts[0], clock), (name, verdicts[0], clock)]
    ways += [(name, verdict, paint.EMPTY) for verdict in verdicts]
    ways += [(paint.EMPTY, verdicts[-1], paint.EMPTY)]
    for left, middle, right in ways:
        used = left.cell_length + middle.cell_length + right.cell_length
        if used + (6 if right else 2) <= width:
            gap = max((width - used) // 2, 2) if right else width - used
            return paint.spread(paint.line(left, Content.blank(gap), middle), right, width)
    return paint.text(line.word, inks.of_verdict(line.word))


def _verdict(line: Headline, count: int) -> Content:
    """The word, and the first `count` things to say about it."""
    told = " · ".join(line.coverage[:count])
    return paint.line(
        paint.text(line.word, inks.of_verdict(line.word)),
        paint.text(f"  {line.blockers}" if line.blockers else ""),
        paint.text(f"{' · ' if line.blockers else '  '}{told}" if told else "", QUIET),
    )
