"""Set-Cookie lines as facts may keep them: without values, with a lifetime instead of a date."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from launchready_tui.facts.site import without_values
from launchready_tui.network.seen import Hop

DAY = 86_400
_EXPIRES = re.compile(r";\s{0,5}expires\s{0,5}=([^;]{0,60})", re.IGNORECASE)


def cookie_lines(hop: Hop) -> tuple[str, ...]:
    """The cookies that a response sets: names and attributes."""
    return tuple(map(undated, without_values(hop).all("set-cookie")[:20]))


def undated(line: str) -> str:
    """`Expires` as `Max-Age` in whole days: a date would be another one at each look."""
    match = _EXPIRES.search(line)
    if match is None:
        return line
    rest = line[: match.start()] + line[match.end() :]
    if "max-age" in rest.lower():
        return rest  # it wins (RFC 6265, section 5.3)
    try:
        left = parsedate_to_datetime(match[1].strip().replace("-", " ")) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return rest
    return f"{rest}; Max-Age={max(0, round(left.total_seconds() / DAY)) * DAY}"
