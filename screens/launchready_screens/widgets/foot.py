"""The last lines: what is going on, and the keys of this place."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from launchready_screens import actions, paint
from launchready_screens.inks import QUIET

METER = 12


class Going(NamedTuple):
    """What is going on: a word at the left, the clock, the progress of running checks."""

    said: str = ""
    clock: str = ""
    masked: bool = True
    done: int = 0
    total: int = 0
    running: bool = False


class Foot(Widget):
    """Two lines where the terminal has 16 rows, else the keys alone."""

    DEFAULT_CSS = """
    Foot { dock: bottom; height: 2; padding: 0 1; background: $panel; }
    .-low Foot { height: 1; }
    """
    going: reactive[Going] = reactive(Going())
    keys: reactive[tuple[actions.Action, ...]] = reactive(())

    def render(self) -> Content:
        width = self.size.width
        keys = key_line(self.keys, width)
        if self.size.height < 2:
            return keys
        return paint.lines([state_line(self.going, width), keys])


def state_line(going: Going, width: int) -> Content:
    right: list[Content] = []
    if going.running:
        right.append(paint.meter(going.done, going.total, METER if width >= 60 else 6))
    if going.clock:
        right.append(paint.text(going.clock, QUIET))
    right.append(
        paint.text("masked" if going.masked else "UNMASKED", QUIET if going.masked else "reverse")
    )
    ends = paint.joined(3, right)
    return paint.spread(paint.text(going.said), ends, width)


def key_line(keys: tuple[actions.Action, ...], width: int) -> Content:
    """The weightiest keys that fit, in the order of the registry."""
    caps = {action.id: paint.keycap(action.key, action.label) for action in keys}
    chosen: set[str] = set()
    used = 0
    for action in sorted(keys, key=lambda a: -a.weight):
        size = caps[action.id].cell_length + 2
        if used + size - 2 > width:
            continue
        used += size
        chosen.add(action.id)
    order = [action.id for action in actions.ACTIONS if action.id in chosen]
    return paint.joined(2, [caps[id] for id in order])
