"""The exit code of a check: a contract with whoever runs it in a pipeline."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.exports.report import Baseline, is_new
from launchready_tui.model import Severity, State
from launchready_tui.verdict import OPEN, ItemView

MET, FAULT, NOT_KNOWN = 0, 1, 3


def exit_code(
    views: Iterable[ItemView],
    *,
    fail_on: Severity,
    allow_unknown: bool,
    baseline: Baseline | None = None,
) -> int:
    """1 for a failing item at or above `fail_on`; 3 for a blocker that is not known; else 0.

    With a baseline only what is new fails. What was accepted is met; what is unknown never is.
    """
    held = list(views)
    for view in held:
        severity = view.severity or view.item.severity
        if view.state is not State.FAIL or severity.damage < fail_on.damage:
            continue
        if baseline is None or is_new(view, baseline):
            return FAULT
    waiting = any(v.state in OPEN and v.item.severity is Severity.BLOCKER for v in held)
    return NOT_KNOWN if waiting and not allow_unknown else MET
