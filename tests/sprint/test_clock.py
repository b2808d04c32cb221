"""The clock counts wall time and our time, and says so when the system's clock lies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from launchready_tui.sprint.clock import ClockEvent, ClockState, Ttl, earliest_cut, looked, view

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


def looks(*shown: tuple[float, int]) -> Ttl:
    ttl: Ttl | None = None
    for hours, seconds in shown:
        ttl = looked(ttl, seconds, at(hours))
    assert ttl is not None
    return ttl


def test_the_earliest_safe_cut_is_one_old_ttl_away() -> None:
    cut = earliest_cut(looks((0, 86_400)), START, START)
    assert cut.at == at(24)
    assert cut.sentence == (
        "Longest TTL 86,400 s: lowered now, the earliest safe DNS cut is"
        " 24 Nov 09:00 UTC, hour 24 of the sprint."
    )


def test_a_resolver_that_counts_down_has_not_lowered_anything() -> None:
    assert earliest_cut(looks((0, 86_400), (12, 43_200)), at(12), START).at == at(36)
    tail = looks((0, 86_400), (23.95, 180))
    assert earliest_cut(tail, at(24), START).at == at(48)
    assert "check again after 24 Nov 09:02 UTC" in earliest_cut(tail, at(24), START).sentence
    again = looked(tail, 86_000, at(25))
    assert earliest_cut(again, at(25), START).at == at(49)


def test_a_lowered_ttl_is_safe_when_the_last_old_answer_is_gone() -> None:
    lowered = looks((0, 86_400), (3, 300), (5, 120))
    cut = earliest_cut(lowered, at(5), START)
    assert cut.at == at(27)
    assert cut.sentence == (
        "TTL 120 s since 23 Nov 12:00 UTC, 86,400 s before: the earliest safe DNS cut is"
        " 24 Nov 12:00 UTC, hour 27 of the sprint."
    )
    assert earliest_cut(lowered, at(27), START).sentence == (
        "TTL 120 s: a DNS cut is safe now, visitors follow within 2 min."
    )


def test_a_ttl_that_was_raised_again_starts_anew() -> None:
    raised = looks((0, 86_400), (3, 300), (5, 120), (30, 3_600))
    assert earliest_cut(raised, at(30), START).at == at(31)


def test_a_ttl_that_was_always_low_needs_no_wait() -> None:
    assert earliest_cut(looks((0, 60)), at(1), START).at == at(1)


def test_the_clock_shows_the_cut_of_what_is_recorded() -> None:
    state = ClockState(started=START, ttl=looks((0, 86_400), (3, 300), (4, 300)))
    assert "24 Nov 12:00 UTC" in view(state, at(5), ttl=300).cutover
    assert "86,400 s: lowered now" in view(ClockState(started=START), at(5), ttl=86_400).cutover
    assert view(ClockState(started=START), at(5)).cutover == ""
