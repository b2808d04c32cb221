"""Hits of the secret scan that somebody said to be no secret: which, why, who, and until when."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.checks.ignored_hits import STALE
from launchready_tui.guide.claims import RISK, day
from launchready_tui.guide.markdown import (
    Block,
    Inline,
    code,
    heading,
    line,
    paragraph,
    table,
    words,
)
from launchready_tui.guide.state import GuideState
from launchready_tui.records.ignore_record import IgnoredHit
from launchready_tui.text import plural


def set_aside(state: GuideState) -> Iterator[Block]:
    """Nothing where nothing was set aside. Those that no longer count stand first."""
    held = state.ignored.hits
    if not held:
        return
    stale = {
        risk.subject: risk.observed.rpartition(": ")[2]
        for view in state.verdict.items.values()
        for risk in view.risks
        if risk.code == STALE
    }
    ended = {one.id: _ended(one, state, stale.get(one.file, "")) for one in held}
    yield heading(2, "Set aside as no secret")
    yield paragraph(
        Inline(
            "The secret scan found these, and somebody said that they are none. Look yourself where"
            " you doubt it: a note speaks for its file alone, and one that no longer counts hides"
            " nothing."
        )
    )
    ordered = sorted(held, key=lambda one: (not ended[one.id], one.path, one.id))
    yield table(
        ["Where", "Why it is none", "Who answers for it", "Counts until", "Note"],
        [_row(one, ended[one.id]) for one in ordered],
    )


def _ended(one: IgnoredHit, state: GuideState, told: str) -> str:
    """Why a note no longer counts: by its day, or as the last run saw it. Empty while it does."""
    if state.at.date() > one.expires:
        return "it has expired"
    return told


def _row(one: IgnoredHit, ended: str) -> tuple[Inline, ...]:
    until = day(one.expires)
    if ended:
        until = line("{}; **no longer counts**: {}", until, words(ended))
    return (
        line("{} ({}, {})", code(one.path), words(one.rule), Inline(plural(one.places, "hit"))),
        words(one.reason),
        line("{}, noted by {} on {}", _name(one.owner), _name(one.by), day(one.at)),
        until,
        code(one.id),
    )


def _name(who: str) -> Inline:
    return words(who) if who.strip() else RISK
