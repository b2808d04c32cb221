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
LOW_TTL = 300
"""A TTL that need not be lowered before a cut, in seconds."""


class ClockEvent(Record, frozen=True, kw_only=True):
    """Our time stood still from a `paused` to the next `resumed`."""

    id: str
    at: datetime
    by: str
    what: Literal["paused", "resumed"]
    reason: str = ""


class Ttl(Record, frozen=True, kw_only=True):
    """The largest TTL of the launch's names, as looks at a resolver's cache showed it over time.

    A cache counts down, so a smaller number than before proves nothing: the longest one counts
    until low ones were seen for longer than a low one lasts.
    """

    shown: int
    """What the last look showed, in seconds."""
    longest: int
    low_since: datetime | None = None
    low_until: datetime | None = None
    """The first and the last of an unbroken row of looks that showed a low one."""

    @property
    def lowered(self) -> bool:
        """Whether it was lowered for certain."""
        if self.low_since is None or self.low_until is None:
            return False
        return self.low_until - self.low_since >= timedelta(seconds=LOW_TTL)


class Cut(Record, frozen=True, kw_only=True):
    """The earliest moment at which a DNS change is safe, and why in a sentence."""

    at: datetime
    sentence: str


class ClockState(Record, frozen=True, kw_only=True):
    started: datetime | None = None
    """The first consent; without one the clock has not started."""
    events: tuple[ClockEvent, ...] = ()
    newest: datetime | None = None
    """The latest instant in the record."""
    ttl: Ttl | None = None


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
    """What the clock shows at `now`. `ttl` is the largest TTL in seconds where none is recorded."""
    if state.started is None:
        return ClockView(left=SPRINT, ours=timedelta(0))
    at, warning = _believed(state, now)
    seen = state.ttl or (Ttl(shown=ttl, longest=ttl) if ttl else None)
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
        cutover=earliest_cut(seen, at, state.started).sentence if seen else "",
        warning=warning,
    )


def looked(before: Ttl | None, shown: int, at: datetime) -> Ttl:
    """What is known of the TTL after one more look."""
    longest = shown if before is None or (before.lowered and shown > LOW_TTL) else before.longest
    if shown > LOW_TTL:
        return Ttl(shown=shown, longest=max(longest, shown))
    since = before.low_since if before and before.low_since else at
    return Ttl(shown=shown, longest=max(longest, shown), low_since=since, low_until=max(since, at))


def earliest_cut(ttl: Ttl, now: datetime, started: datetime) -> Cut:
    """The earliest safe moment for a DNS change.

    A resolver that asked just before a TTL was lowered may keep the old answer for one *old* TTL
    (RFC 1035, 3.2.1). Nobody knows when between two looks it was lowered: the later one counts.
    """
    if ttl.longest <= LOW_TTL:
        return _safe_now(ttl, now)
    if ttl.low_since is None:
        at = now + timedelta(seconds=ttl.longest)
        return Cut(
            at=at,
            sentence=f"Longest TTL {ttl.longest:,} s: lowered now, the earliest safe DNS cut is"
            f" {_moment(at, started)}.",
        )
    if not ttl.lowered:
        return Cut(
            at=now + timedelta(seconds=ttl.longest),
            sentence=f"TTL {ttl.shown:,} s, {ttl.longest:,} s before: check again after"
            f" {_day(ttl.low_since + timedelta(seconds=LOW_TTL))} to see whether it was lowered or"
            " a resolver only counts down.",
        )
    until = ttl.low_since + timedelta(seconds=ttl.longest)
    if until <= now:
        return _safe_now(ttl, now)
    return Cut(
        at=until,
        sentence=f"TTL {ttl.shown:,} s since {_day(ttl.low_since)}, {ttl.longest:,} s before: the"
        f" earliest safe DNS cut is {_moment(until, started)}.",
    )


def _safe_now(ttl: Ttl, now: datetime) -> Cut:
    minutes = max(1, round(ttl.shown / 60))
    told = f"TTL {ttl.shown:,} s: a DNS cut is safe now, visitors follow within {minutes} min."
    return Cut(at=now, sentence=told)


def _moment(at: datetime, started: datetime) -> str:
    return f"{_day(at)}, hour {int((at - started) / timedelta(hours=1))} of the sprint"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %H:%M} UTC"


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
