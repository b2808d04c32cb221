"""A trial as evidence: what was sent where, what came back, and what that means. No value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from launchready_tui.network.seen import Request
from launchready_tui.records.trial_record import Trial

MEANS = {
    "works": "it works",
    "restricted": "it works, and may not do this: good news",
    "refused": "it is refused: dead, or never valid",
    "open": "nobody was asked for a password",
    "unknown": "not known",
}


def evidence(trial: Trial, sends: str, requests: Iterable[Request]) -> str:
    """The text that the record keeps."""
    rows = [
        f"Trial of {trial.name} ({trial.environment})",
        f"At:      {trial.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, allowed by {trial.by}",
        f"Kind:    {trial.kind}",
        f"Host:    {trial.host}",
        f"Sent:    {sends}",
        f"Answer:  {trial.detail}",
        f"Means:   {MEANS[trial.result]}",
        *(f"Beyond:  {what}" for what in (*trial.too_wide, *trial.powers)),
        *(f"May:     {what}" for what in trial.changes),
        *(f"Ends:    {trial.expires}" for _ in [1] if trial.expires),
        *(f"Request: {r.method} {r.host} {r.path} -> {r.outcome} ({r.level})" for r in requests),
    ]
    return "\n".join(rows) + "\n"


def short(trial: Trial) -> str:
    """A few words for a table."""
    return f"tried {trial.at.astimezone(UTC):%Y-%m-%d}: {trial.result}"


def line(trial: Trial) -> str:
    """One line for a person."""
    more = [*trial.too_wide, *trial.powers, *trial.changes]
    told = f"; {', '.join(more)}" if more else ""
    return (
        f"{trial.name} ({trial.environment}): {MEANS[trial.result]}. {trial.detail}{told}"
        f" ({trial.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"
    )
