"""The clock counts wall time and our time, and says so when the system's clock lies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from launchready_tui.sprint.clock import ClockEvent, ClockState, earliest_cut, view

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def event(hours: float, what: str, reason: str = "") -> ClockEvent:
    return ClockEvent(id=str(hours), at=at(hours), by="Ana", what=what, reason=reason)  # type: ignore[arg-type]


def test_it_starts_with_the_consent_and_not_before() -> None:
    assert view(ClockState(), at(5)).left == timedelta(hours=48)
    assert view(ClockState(started=START), at(5)).left == timedelta(hours=43)


def test_a_pause_stops_our_time_and_not_the_wall() -> None:
    events = (event(2, "paused", "waiting for access"), event(5, "resumed"))
    seen = view(ClockState(started=START, events=events), at(6))
    assert seen.left == timedelta(hours=42)
    assert seen.ours == timedelta(hours=3)
    assert seen.paused == ""


def test_a_running_pause_shows_its_reason() -> None:
    seen = view(ClockState(started=START, events=(event(2, "paused", "DNS"),)), at(9))
    assert seen.paused == "DNS"
    assert seen.ours == timedelta(hours=2)


def test_a_clock_set_back_is_told_and_time_counts_from_the_record() -> None:
    seen = view(ClockState(started=START, newest=at(10)), at(4))
    assert seen.left == timedelta(hours=38)
    assert "6 h 00 before the last record" in seen.warning


def test_a_correction_of_a_minute_is_no_matter() -> None:
    assert view(ClockState(started=START, newest=at(10)), at(10 - 1 / 60)).warning == ""


def test_the_end_is_told() -> None:
    seen = view(ClockState(started=START), at(50))
    assert seen.left == -timedelta(hours=2)
    assert "ended 2 h 00 ago" in seen.warning


def test_the_earliest_safe_cut_is_one_old_ttl_away() -> None:
    assert earliest_cut(86_400, START, START) == (
        "Longest TTL 86,400 s: lowered now, the earliest safe DNS cut is"
        " 24 Nov 09:00 UTC, hour 24 of the sprint."
    )
