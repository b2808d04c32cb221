"""Which credentials were tried where they open something, and what came back."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.guide.claims import instant
from launchready_tui.guide.markdown import Block, Inline, code, heading, line, table, words
from launchready_tui.guide.state import GuideState
from launchready_tui.records.trial_record import Trial

MEANS = {
    "works": "works",
    "restricted": "works, and may not do what was tried: good",
    "refused": "**refused**",
    "open": "**the database asked for no password**",
    "unknown": "not known",
}


def tried(state: GuideState) -> Iterator[Block]:
    if not state.trials.trials:
        return
    yield heading(3, "Which of them were tried live")
    yield table(
        ["Name", "Where", "What came back", "When, and by whom"],
        [_row(trial) for trial in state.trials.trials],
    )


def _row(trial: Trial) -> tuple[Inline, ...]:
    more = [*trial.too_wide, *trial.powers, *trial.changes]
    told = f"{trial.detail}; {', '.join(more)}" if more else trial.detail
    return (
        code(trial.name),
        words(trial.environment),
        line("{}: {}", Inline(MEANS[trial.result]), words(told)),
        line("{}, {}", instant(trial.at), words(trial.by)),
    )
