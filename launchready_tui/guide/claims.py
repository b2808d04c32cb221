"""How a claim says where it comes from: seen by a check or told by a person, with a date."""

from __future__ import annotations

from datetime import date, datetime

from launchready_tui.guide.markdown import Block, Inline, bullets, code, line, together, words
from launchready_tui.guide.state import GuideState
from launchready_tui.model import Item, State
from launchready_tui.verdict import ItemView, only_asks

RISK = Inline("**RISK**: owner not recorded")
STATES = {
    State.PASS: Inline("✓ pass"),
    State.FAIL: Inline("✗ fails"),
    State.NOT_APPLICABLE: Inline("– not applicable"),
    State.UNKNOWN: Inline("? unknown"),
    State.ERROR: Inline("! our bug"),
    State.TODO: Inline("● not answered"),
    State.WAIVED: Inline("~ accepted"),
}


def day(when: datetime | date) -> Inline:
    """An absolute date that reads the same everywhere."""
    return Inline(f"{when.day} {when:%B %Y}")


def instant(when: datetime) -> Inline:
    return Inline(f"{day(when)}, {when:%H:%M} UTC")


def evidence(ids: tuple[str, ...] | list[str]) -> Inline:
    """Short forms of evidence ids; the list at the end of the guide has them whole."""
    return together(code(id[:12]) for id in ids)


def seen(state: GuideState) -> Inline:
    """The source of what the last run of checks observed."""
    if state.seen_at is None:
        return Inline("not checked yet")
    if not state.facts:
        return line("seen {}, its facts were not kept", day(state.seen_at))
    return line("seen {}, evidence {}", day(state.seen_at), evidence([state.facts]))


def told(by: str, when: datetime, ids: tuple[str, ...] = ()) -> Inline:
    if not ids:
        return line("told by {}, {}", words(by), day(when))
    return line("told by {}, {}, evidence {}", words(by), day(when), evidence(ids))


def source(view: ItemView, state: GuideState) -> Inline:
    """Where an item's present state comes from."""
    answer = view.attestation
    found = view.outcome and view.outcome.findings and not only_asks(view.item, view.outcome)
    if answer and not view.stale and not found:
        return told(answer.by, answer.at, answer.evidence)
    if view.outcome:
        return seen(state)
    if view.item.computed_from:
        return line("follows from {}", together(code(i) for i in view.item.computed_from))
    return Inline("nobody has answered" if view.state is State.TODO else "not checked yet")


def unanswered(item: Item) -> Inline:
    return line("{} ({})", words(item.title), code(item.id))


def none_recorded(because: Inline, views: tuple[ItemView, ...]) -> Block:
    """What a section says when it has nothing: the reason, and which questions would fill it."""
    if not views:
        return Block(f"None recorded, because {because}.")
    open_questions = bullets(unanswered(view.item) for view in views)
    return Block(
        f"None recorded, because {because}. Answers to these would fill this section:\n\n"
        f"{open_questions}"
    )
