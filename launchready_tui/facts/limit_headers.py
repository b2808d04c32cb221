"""Headers in which an answer tells of a rate limit."""

from __future__ import annotations

from launchready_tui.network.seen import Hop
from launchready_tui.redact import redact

_LIMITS = ("ratelimit-", "x-ratelimit-", "x-rate-limit-")


def announced(hop: Hop) -> tuple[str, ...]:
    """The headers that tell of a rate limit; with the value where that is the limit itself.

    What is left of it, and until when, changes with each look and is left out.
    """
    return tuple(
        sorted(
            {
                f"{name}: {redact(value)[:60]}" if name.endswith(("-limit", "-policy")) else name
                for name, value in hop.headers
                if name == "retry-after" or name.startswith(_LIMITS) or name == "ratelimit"
            }
        )
    )
