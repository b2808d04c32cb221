"""The keys of a page, from the registry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from launchready_screens import actions, paint
from launchready_screens.inks import QUIET, STRONG
from launchready_screens.keymap import bindings
from launchready_screens.page import Page
from launchready_screens.widgets.reading import Reading

_SIGNS = (
    ("✗ blocker", "stops the launch"),
    ("✗ high, medium, low", "a fault, by what it damages"),
    ("● needs you", "a person has to answer"),
    ("? unknown", "could not be checked, with the cause; never counted as good"),
    ("… checking", "running now"),
    ("○ waits", "follows from answers that are missing"),
    ("✓ pass", "seen to hold"),
    ("~ accepted", "an accepted risk, until its day"),
    ("– n/a", "does not apply here"),
    ("! our bug", "the check itself broke; tell us"),
)


class HelpPage(Page):
    place = actions.HELP
    BINDINGS: ClassVar[list[BindingType]] = bindings(actions.HELP)
    AUTO_FOCUS = "Reading"
    DEFAULT_CSS = """
    HelpPage Reading { height: 1fr; padding: 1 2; }
    HelpPage #keys-of { height: auto; }
    """

    def __init__(self, of: str) -> None:
        super().__init__()
        self.of = of

    def body(self) -> Iterable[Widget]:
        yield Reading(Static(id="keys-of"))

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self.query_one("#keys-of", Static).update(keys_of(self.of, event.size.width - 5))

    def action_leave(self) -> None:
        self.wizard.back()


def keys_of(place: str, width: int) -> Content:
    """The keys of a place, of lists, and what the signs mean."""
    rows: list[Content] = []
    for where in (place, actions.LIST, actions.APP):
        rows.append(paint.text(actions.PLACES[where], STRONG))
        rows += [_key(action, width) for action in actions.at(where) if _listed(action)]
        rows.append(paint.EMPTY)
    rows.append(paint.text("Signs", STRONG))
    for sign, means in _SIGNS:
        head = paint.fitted(paint.text(f"  {sign}"), 24)
        rows.append(
            paint.wrapped(paint.line(head, paint.text(means, QUIET)), width, indent=24, first=0)
        )
    return paint.lines(rows)


def _listed(action: actions.Action) -> bool:
    return not action.id.startswith("stage(") or action.id == "stage(1)"


def _key(action: actions.Action, width: int) -> Content:
    stages = action.id == "stage(1)"
    key = "1 … 7" if stages else action.key
    says = "Go to that stage." if stages else action.help
    head = paint.fitted(paint.text(f"  {key}", "bold $accent"), 10)
    return paint.wrapped(paint.line(head, paint.text(says)), width, indent=10, first=0)
