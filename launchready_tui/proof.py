"""A watched DNS change in the record: its values before and after, told in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.exports.watch import render_text

if TYPE_CHECKING:
    from launchready_tui.sprint.store import Store
    from launchready_tui.watch import Ended

_HOW = {
    "there": "is there",
    "time": "was not there in time",
    "cancelled": "was stopped",
    "failed": "could not be watched",
}


def keep(store: Store, ended: Ended, by: str) -> str:
    """Keep the proof; the id of the evidence. Raises Locked or CannotWrite."""
    ident = store.add_evidence(render_text(ended), "txt")
    asked = ended.question
    what = f"watched {asked.rdtype} of {asked.name}: {_HOW[ended.how]}"
    store.remember(f"{what} (evidence {ident[:12]})", by)
    return ident
