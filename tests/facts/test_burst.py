"""A burst ends at resistance, at what tells nothing, or after twenty tries; never before."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.facts.burst import MOST, End, Reply, ended, grows, spent, words_of

HELD = ("too many attempts",)


def replies(*statuses: int, **last: Any) -> list[Reply]:
    """Quick answers with these statuses; `last` changes the final one."""
    *most, final = statuses
    changed = {"status": final, "seconds": 0.1, **last}
    return [*(Reply(status=status, seconds=0.1) for status in most), Reply(**changed)]


def by(*seconds: float) -> list[Reply]:
    return [Reply(status=401, seconds=s) for s in seconds]


@pytest.mark.parametrize(
    ("seen", "how"),
    [
        (replies(429), "429"),
        (replies(401, 401, 429), "429"),
        (replies(401, 401, 403), "403"),
        (replies(401, 423), "lock-out"),
        (replies(200, 200, 200, held=HELD), "lock-out"),
        (replies(400, held=HELD), "lock-out"),
        (replies(401, 403, challenge="Cloudflare"), "challenge"),
        (replies(202, challenge="AWS WAF"), "challenge"),
        (replies(401, 400, captcha=True), "captcha"),
        (by(0.1, 0.1, 0.1, 0.1, 0.1, 2.0, 2.1, 2.0, 2.2), "delay"),
        (by(0.1, 0.5, 1, 2, 4, 8, 8), "delay"),
    ],
)
def test_resistance_in_all_its_forms(seen: list[Reply], how: str) -> None:
    assert ended(seen) == End(by=how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "cause"),
    [
        (replies(403), "refuses the first try (403)"),
        (replies(419), "refuses the first try (419)"),
        (replies(404), "nothing takes tries there (404)"),
        (replies(405), "nothing takes tries there (405)"),
        (replies(308, location="/login/"), "leads on to /login/"),
        (replies(500), "answers 500"),
        (replies(401, 401, 503), "answers 503 after 2 tries"),
        (replies(0, cause="not in the authorised scope"), "not in the authorised scope"),
        (replies(401, 0, cause="nothing listens", final=True), "nothing listens"),
        (replies(401, 401, 0, 0), "no answers any more after 2 tries"),
    ],
)
def test_what_tells_nothing_of_a_limit(seen: list[Reply], cause: str) -> None:
    end = ended(seen)
    assert end is not None
    assert not end.by
    assert cause in end.gap


@pytest.mark.parametrize(
    "seen",
    [
        replies(*[401] * MOST),
        replies(200, 200),
        replies(302, 302),
        replies(422),
        replies(403, 401),
        replies(401, 0, cause="one lost answer"),
        by(*[0.1] * 12, 3.0, 0.1),
        by(*[0.4, 0.2, 0.5] * 5),
        by(2.0, 2.5, 1.9, 2.2, 3.1, 3.0, 3.2, 3.4),
    ],
)
def test_what_is_no_resistance(seen: list[Reply]) -> None:
    assert ended(seen) is None


def test_words_that_every_answer_has_are_no_lock_out() -> None:
    page = Reply(status=200, held=HELD, seconds=0.1)
    assert ended([page, page, page]) is None
    more = Reply(status=200, held=(*HELD, "try again later"), seconds=0.1)
    assert ended([page, page, more]) == End(by="lock-out")


def test_twenty_tries_without_any_are_none_unless_a_captcha_may_stand_between() -> None:
    assert spent(replies(*[401] * MOST)) == End()
    assert "captcha" in spent(replies(200, 200, captcha=True)).gap


@pytest.mark.parametrize(
    ("text", "held", "captcha"),
    [
        ("Too many failed login attempts.", True, False),
        ('{"error":"over_request_rate_limit"}', True, False),
        ("Your account has been temporarily locked", True, False),
        ("Zu viele Versuche", True, False),
        ("Please try again in 5 minutes", True, False),
        ("Wrong e-mail or password", False, False),
        ('<div class="cf-turnstile">', False, True),
        ("captcha verification process failed", False, True),
        ("Your account manager is here to help. Blocked drains? Call us.", False, False),
    ],
)
def test_words_of_a_lock_out(text: str, held: bool, captcha: bool) -> None:
    found, asks, _ = words_of(text)
    assert (bool(found), asks) == (held, captcha)


@given(st.text(), st.lists(st.floats(0, 60), max_size=25))
def test_no_answer_is_too_strange(text: str, seconds: list[float]) -> None:
    words_of(text)
    grows(seconds)


def test_a_long_answer_made_to_hurt_costs_little() -> None:
    assert words_of("too many user account " * 30_000) == ((), False, False)
