"""Accounts with a password beside them in a text: found by name, and nothing runs away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.facts.printed_login import printed_login


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("Username: admin Password: admin123", "admin"),
        ("Login: demo@acme.test, password: hunter22.", "demo@acme.test"),
        ("Benutzername: admin Passwort: geheim1", "admin"),
        ("Demo account: demo / demo1234", "demo"),
        ("Test login: a@b.test:letmein", "a@b.test"),
        ("Username Password Sign in", ""),
        ("Password: forgotten?", ""),
        ("E-mail: you@example.com Password: changeme", ""),
        ("Username: admin Password: ********", ""),
    ],
)
def test_an_account_is_told_by_its_name(text: str, account: str) -> None:
    assert printed_login(text) == account


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(printed_login(text), str)


def test_a_long_text_is_read_in_linear_time() -> None:
    assert printed_login("user: a password" * 20_000) == ""
    assert printed_login("demo " * 50_000) == ""
