"""The traffic path as a proposal that a person confirms."""

from __future__ import annotations

from launchready_tui.engine import check
from launchready_tui.facts.traffic import TrafficPath
from launchready_tui.model import Outcome, Seen
from launchready_tui.outcomes import passed, unknown

ESSENTIAL = ("entry", "dns", "proxy", "host", "environment")


@check("traffic.path")
def path(traffic: TrafficPath) -> Outcome:
    """Who answers from the domain to the app; what is unknown becomes a question."""
    seen = tuple(
        Seen(
            label=part.label,
            value=part.value or "unknown",
            source=f"says {part.by}" if part.by else part.source,
        )
        for part in traffic.parts
    )
    missing = [part.label for part in traffic.parts if not part.value and part.key in ESSENTIAL]
    if missing:
        return unknown(f"{traffic.sentence}. Not known yet: {', '.join(missing)}", seen)
    return passed(traffic.sentence, seen)
