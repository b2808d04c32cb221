"""The rows of a stage in the order of what to do next: pure, from the verdict.

Open blockers, what needs the person, unknown, other faults, what runs or waits, what is settled.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from launchready_screens.words import NOT_APPLICABLE, PASS, Word, of_view
from launchready_tui.model import Record, Severity, State
from launchready_tui.verdict import ItemView

FOLD = "fold:"
"""Ids of the lines that stand for many settled items."""
FEW = 3
"""So many settled items are shown as they are; more are folded into a line."""


class Row(Record, frozen=True, kw_only=True):
    id: str
    word: Word
    title: str
    note: str = ""
    quiet: bool = False
    """Settled: in the dimmer ink."""


def of_stage(
    views: Sequence[ItemView],
    checking: Collection[str],
    *,
    unfolded: Collection[str] = (),
    fresh: Collection[str] = (),
    words: str = "",
) -> tuple[Row, ...]:
    """The rows to show. With `words` nothing is folded and only what holds them is left.

    `fresh` names items that another check saw differently: they are not folded away.
    """
    ordered = sorted(views, key=lambda view: _rank(view, view.item.id in checking))
    rows = [_row(view, view.item.id in checking) for view in ordered]
    if words:
        return tuple(row for row in rows if _holds(row, words))
    old = [view for view in ordered if view.item.id not in fresh]
    settled = {view.item.id: view.state for view in old if is_settled(view)}
    shown = [row for row in rows if row.id not in settled]
    for state, word in ((State.PASS, PASS), (State.NOT_APPLICABLE, NOT_APPLICABLE)):
        group = [row for row in rows if settled.get(row.id) is state]
        shown += _folded(group, word, unfolded) if len(group) > FEW else group
    return tuple(shown)


def _folded(group: list[Row], word: Word, unfolded: Collection[str]) -> list[Row]:
    id = FOLD + word.word
    opened = id in unfolded
    title = f"{len(group)} {'passed' if word is PASS else 'do not apply'}"
    line = Row(
        id=id,
        word=Word(word.sign, "", word.ink),
        title=title,
        note="enter to fold" if opened else "enter to show",
        quiet=True,
    )
    return [line, *group] if opened else [line]


def is_settled(view: ItemView) -> bool:
    return view.state in (State.PASS, State.NOT_APPLICABLE)


def _rank(view: ItemView, checking: bool) -> tuple[int, int]:
    damage = -(view.severity or view.item.severity).damage
    match view.state:
        case State.FAIL if view.severity is Severity.BLOCKER:
            group = 0
        case State.TODO:
            group = 1
        case State.UNKNOWN if view.waits:
            group = 4
        case State.UNKNOWN | State.ERROR:
            group = 4 if checking and view.outcome is None else 2
        case State.FAIL:
            group = 3
        case State.WAIVED:
            group = 5
        case State.PASS:
            group = 6
        case _:
            group = 7
    return group, damage


def _row(view: ItemView, checking: bool) -> Row:
    failing = view.state in (State.FAIL, State.WAIVED)
    return Row(
        id=view.item.id,
        word=of_view(view, checking=checking),
        title=view.item.fail if failing else view.item.title,
        note="" if checking else _note(view),
        quiet=is_settled(view),
    )


def _note(view: ItemView) -> str:
    open_risks = [risk for risk in view.risks if not risk.waived]
    if view.state is State.FAIL and open_risks:
        more = f" +{len(open_risks) - 1}" if len(open_risks) > 1 else ""
        return open_risks[0].subject + more
    if view.state in (State.UNKNOWN, State.ERROR):
        return view.cause or view.summary
    if view.state is State.TODO:
        return view.stale and "answer again"
    return view.summary


def _holds(row: Row, words: str) -> bool:
    text = f"{row.word.word} {row.title} {row.note} {row.id}".lower()
    return all(word in text for word in words.lower().split())
