"""Secrets of a team's own: words, few bits and few bytes are told apart, of any value."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.credentials.signing import LEAST_BYTES, of_words, weakness

GUESSED = (
    "supersecretkey",
    "my-jwt-secret",
    "acme_prod_secret_2024",
    "this is a very long secret key, change me".replace(",", ""),
    "keyboard cat",
    "SuperSecret123!",
    "changethissecretinproduction",
)


@pytest.mark.parametrize("value", GUESSED)
def test_words_that_everybody_tries_are_seen_however_long(value: str) -> None:
    weak = weakness("SESSION_SECRET", value, of_signing=True)
    assert weak is not None
    assert not weak.lesser
    assert "words" in weak.what


@pytest.mark.parametrize("size", [32, 48])
def test_what_a_machine_made_is_left_alone(size: int) -> None:
    for _ in range(50):
        for value in (secrets.token_hex(size), secrets.token_urlsafe(size)):
            assert weakness("SESSION_SECRET", value, of_signing=True) is None


def test_a_random_value_that_is_short_is_no_word() -> None:
    for _ in range(50):
        weak = weakness("SESSION_SECRET", secrets.token_hex(16), of_signing=True)
        assert weak is not None
        assert (weak.lesser, weak.what.split(",")[0]) == (True, "it holds 16 bytes")


@pytest.mark.parametrize("name", ["STRIPE_CLIENT_SECRET", "CRON_SECRET", "WEBHOOK_SECRET"])
def test_bytes_are_asked_only_where_somebody_could_try_in_silence(name: str) -> None:
    assert weakness(name, secrets.token_hex(16), of_signing=True) is None
    assert weakness(name, "letmein", of_signing=True) is not None


@pytest.mark.parametrize(
    "value", ["${A}", "$A", "/run/secrets/jwt", "https://a.test/key", '{"kty": "oct"}', ""]
)
def test_what_is_no_value_of_its_own_is_not_judged(value: str) -> None:
    assert weakness("JWT_SECRET", value, of_signing=True) is None


def test_another_setting_is_not_judged() -> None:
    assert weakness("GREETING", "hello", of_signing=False) is None


@pytest.mark.parametrize("piece", ["1", "a", "key", "keys", "secrets", "and-", "-", "for "])
def test_the_worst_of_words_takes_no_longer(piece: str) -> None:
    assert not of_words((piece * 99)[:99] + "§")
    of_words(piece * 50_000 + "§")


@given(st.text(max_size=200), st.text(max_size=60), st.booleans())
def test_any_value_is_judged_and_none_is_told(value: str, name: str, of_signing: bool) -> None:
    weak = weakness(name, value, of_signing=of_signing)
    told = weak.what if weak else ""
    assert len(value.strip()) < 12 or value.strip() not in told
    assert LEAST_BYTES == 32
