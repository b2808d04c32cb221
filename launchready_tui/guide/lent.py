"""The keys that were lent for the sprint: who still holds them, or the day they were purged."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.guide.claims import day
from launchready_tui.guide.markdown import (
    Block,
    Inline,
    bullets,
    code,
    heading,
    line,
    paragraph,
    together,
    words,
)
from launchready_tui.guide.state import GuideState
from launchready_tui.sprint.keys import HeldKey, Purge

LIMIT = Inline(
    "The record knows the vault of launchready only, not a copy somebody made elsewhere: revoke or"
    " replace each key where it was made."
)
PURGE = code("launchready vault purge")


def lent(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Keys lent for the sprint")
    held, purges = state.keys.held, state.keys.purges
    if held:
        yield paragraph(
            Inline("**RISK**: keys of this project are still in somebody's vault."),
            line("Each person below runs {} at the end of the sprint.", PURGE),
            LIMIT,
        )
        yield bullets(map(_held, held))
    elif purges:
        yield paragraph(
            line("The consultant no longer holds keys: {}.", together(map(_purge, purges), "; ")),
            LIMIT,
        )
    elif state.keys.any:
        yield paragraph(
            Inline("The consultant no longer holds keys: each was taken away by itself."), LIMIT
        )
    else:
        yield Block("None recorded, because no key was put into the vault of launchready.")


def _held(key: HeldKey) -> Inline:
    return line(
        "{} is still in the vault of {}, since {}", code(key.name), _who(key.by), day(key.at)
    )


def _purge(purge: Purge) -> Inline:
    return line("purged by {} on {}", _who(purge.by), day(purge.at))


def _who(by: str) -> Inline:
    return words(by) if by.strip() else Inline("somebody without a name")
