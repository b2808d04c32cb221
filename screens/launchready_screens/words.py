"""Signs and words of a state: always both, so that colour is never the only carrier.

One place says how a pass, a fault or an unknown looks in a row, in a detail and in a count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from launchready_screens.inks import ACCENT, GREEN, QUIET, RED, YELLOW
from launchready_tui.model import Severity, State

if TYPE_CHECKING:
    from datetime import date, timedelta

    from launchready_tui.verdict import ItemView


class Word(NamedTuple):
    """A sign, the word that says the same, and the ink both are written in."""

    sign: str
    word: str
    ink: str

    @property
    def both(self) -> str:
        return f"{self.sign} {self.word}"


CHECKING = Word("…", "checking", QUIET)
NEEDS_YOU = Word("●", "needs you", ACCENT)
UNKNOWN = Word("?", "unknown", YELLOW)
OUR_BUG = Word("!", "our bug", YELLOW)
NOT_APPLICABLE = Word("–", "n/a", QUIET)
PASS = Word("✓", "pass", GREEN)
WAITS = Word("○", "waits", QUIET)
"""A signal that follows from answers which are missing: nothing to check and nothing to ask."""


def of(state: State, severity: Severity | None = None) -> Word:
    """The word of a state; a fault is called by its severity."""
    match state:
        case State.PASS:
            return PASS
        case State.NOT_APPLICABLE:
            return NOT_APPLICABLE
        case State.UNKNOWN:
            return UNKNOWN
        case State.ERROR:
            return OUR_BUG
        case State.TODO:
            return NEEDS_YOU
        case State.WAIVED:
            return Word("~", "accepted", "")
        case State.FAIL:
            return of_severity(severity or Severity.MEDIUM)


def of_severity(severity: Severity) -> Word:
    return Word("✗", str(severity), RED if severity is Severity.BLOCKER else "")


def of_view(view: ItemView, *, checking: bool = False) -> Word:
    """The word of an item as it stands, or that it is being checked right now."""
    if checking:
        return CHECKING
    if view.state is State.WAIVED and view.waiver:
        return Word("~", f"accepted until {day(view.waiver.until)}", "")
    return WAITS if view.waits else of(view.state, view.severity)


def day(when: date) -> str:
    """`12 Jan`, as a person says it; the year only where it is needed to tell."""
    return f"{when.day} {when:%b}"


def hours(span: timedelta) -> str:
    """`41 h 12`, `-2 h 05`."""
    minutes = int(span.total_seconds() // 60)
    sign = "-" if minutes < 0 else ""
    return f"{sign}{abs(minutes) // 60} h {abs(minutes) % 60:02d}"
