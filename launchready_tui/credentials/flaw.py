"""One thing that the shape of a credential gives away."""

from __future__ import annotations

from launchready_tui.model import Record


class Flaw(Record, frozen=True, kw_only=True):
    """A fault code and what was seen, in fixed words: nothing of the value is in it.

    `sure` is False where only a name or a missing word speaks for it; `lesser` where it can do
    little harm there.
    """

    code: str
    what: str
    sure: bool = True
    lesser: bool = False
