"""How far a run is, on stderr: a counter where a person watches, else a line per stage."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable

import click

from launchready_tui.engine import Event, ItemJudged
from launchready_tui.model import Item
from launchready_tui.observations import CANCELLED

_CLEAR = "\r\x1b[K"


class Progress:
    """Called in the checking thread: counts and writes, and never raises."""

    def __init__(
        self, items: Iterable[Item], wanted: Collection[str] | None, *, times: int = 1
    ) -> None:
        """`times` is how many targets are looked at side by side."""
        import launchready_tui.checks  # noqa: F401  registers which items a check judges
        from launchready_tui import engine

        self.stage_of = {
            item.id: item.stage
            for item in items
            if item.id in engine.CHECKS and (wanted is None or item.id in wanted)
        }
        self.of_stage = Counter(list(self.stage_of.values()) * times)
        self.left = Counter(self.of_stage)
        self.judged = 0
        self.live = sys.stderr is not None and sys.stderr.isatty()

    def report(self, event: Event) -> None:
        if not isinstance(event, ItemJudged) or event.item not in self.stage_of:
            return
        if event.outcome.cause == CANCELLED:
            return  # ended before it was judged
        self.judged += 1
        stage = self.stage_of[event.item]
        self.left[stage] -= 1
        if self.live:
            self._write(f"{_CLEAR}launchready: {self.judged} of {self.of_stage.total()} checked")
        elif not self.left[stage]:
            self._write(f"launchready: stage {stage}: {self.of_stage[stage]} checked\n")

    def end(self) -> None:
        if self.live and self.judged:
            self._write(_CLEAR)

    def _write(self, text: str) -> None:
        try:
            click.echo(text, err=True, nl=False)
        except (OSError, ValueError):
            self.live = False  # nobody reads stderr any more: the data still goes out
