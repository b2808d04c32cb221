"""Set-Cookie lines as facts may keep them: without values, with a lifetime instead of a date."""

from __future__ import annotations

from launchready_tui.facts.site import without_values
from launchready_tui.network.seen import Hop


def cookie_lines(hop: Hop) -> tuple[str, ...]:
    """The cookies that a response sets: names and attributes."""
    return without_values(hop).all("set-cookie")[:20]
