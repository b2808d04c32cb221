"""The 48 hours: wall time since consent, our time without the pauses, the earliest safe DNS cut.

Pure: instants in, spans out. Instants are UTC and recorded, so it survives a restart; a clock
that was set back is told by the newest record and time is counted from there.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from launchready_tui.model import Record

SPRINT = timedelta(hours=48)
TOLERATED = timedelta(minutes=2)
"""A clock may be corrected by this much without a word."""


class ClockEvent(Record, frozen=True, kw_only=True):
    """Our time stood still from a `paused` to the next `resumed`."""

    id: str
    at: datetime
    by: str
    what: Literal["paused", "resumed"]
    reason: str = ""


class ClockState(Record, frozen=True, kw_only=True):
    started: datetime | None = None
    """The first consent; without one the clock has not started."""
    events: tuple[ClockEvent, ...] = ()
    newest: datetime | None = None
    """The latest instant in the record."""


class ClockView(Record, frozen=True, kw_only=True):
    left: timedelta
    """Of the 48 hours; negative once they are over."""
    ours: timedelta
    paused: str = ""
    """The reason, while our time stands still."""
    cutover: str = ""
    """When a DNS change is safe, in a sentence; empty without observed TTLs."""
    warning: str = ""


def view(state: ClockState, now: datetime, *, ttl: int = 0) -> ClockView:
    """What the clock shows at `now`. `ttl` is the largest observed TTL in seconds, 0 for none."""
    if state.started is None:
        return ClockView(left=SPRINT, ours=timedelta(0))
    at, warning = _believed(state, now)
    spent = at - state.started
    left = SPRINT - spent
    if not warning and left < timedelta(0):
        warning = f"the 48 hours ended {_hours(-left)} ago"
    pauses = _pauses(state.events, at)
    running = state.events[-1] if state.events else None
    return ClockView(
        left=left,
        ours=max(spent - sum(pauses, timedelta(0)), timedelta(0)),
        paused=(running.reason or "no reason given")
        if running is not None and running.what == "paused"
        else "",
        cutover=earliest_cut(ttl, at, state.started) if ttl else "",
        warning=warning,
    )


def earliest_cut(ttl: int, now: datetime, started: datetime) -> str:
    """The earliest safe moment for a DNS change if the TTL is lowered now.

    Resolvers may keep the old answer for one *old* TTL after it was lowered (RFC 1035 3.2.1).
    """
    safe_at = now + timedelta(seconds=ttl)
    hour = int((safe_at - started) / timedelta(hours=1))
    return (
        f"Longest TTL {ttl:,} s: lowered now, the earliest safe DNS cut is"
        f" {safe_at.day} {safe_at:%b %H:%M} UTC, hour {hour} of the sprint."
    )


def _believed(state: ClockState, now: datetime) -> tuple[datetime, str]:
    """The instant to count from, and a warning if the system's clock was set back."""
    newest = max(filter(None, (state.newest, state.started)), default=now)
    behind = newest - now
    if behind <= TOLERATED:
        return max(now, state.started or now), ""
    return newest, (
        f"the system clock stands {_hours(behind)} before the last record;"
        " time is counted from the record"
    )


def _pauses(events: tuple[ClockEvent, ...], at: datetime) -> list[timedelta]:
    spans: list[timedelta] = []
    since: datetime | None = None
    for event in events:
        if event.what == "paused" and since is None:
            since = event.at
        elif event.what == "resumed" and since is not None:
            spans.append(event.at - since)
            since = None
    if since is not None:
        spans.append(at - since)
    return spans


def _hours(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"
