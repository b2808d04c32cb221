"""Addresses in From as code and settings write them, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.facts.mail_senders import addresses_in, look


@pytest.mark.parametrize(
    "line",
    [
        'from: "Acme <hello@acme.com>",',
        "  from: 'hello@acme.com',",
        "EMAIL_FROM=hello@acme.com",
        'DEFAULT_FROM_EMAIL = "Acme <hello@acme.com>"',
        "MAIL_FROM_ADDRESS=hello@acme.com",
        '"sender" => "hello@acme.com"',
        "fromEmail: 'hello@acme.com'",
        "msg.setFrom('hello@acme.com')",
        "const sender = `Acme <hello@acme.com>`",
    ],
)
def test_a_line_that_names_a_sender(line: str) -> None:
    [found] = addresses_in(line, "lib/mail.ts")
    assert (found.address, found.domain) == ("hello@acme.com", "acme.com")
    assert found.where == "lib/mail.ts:1"


@pytest.mark.parametrize(
    "line",
    [
        'to: "hello@acme.com"',
        'import { mail } from "@acme/mail.com"',
        "hello@acme.com wrote from: somewhere",
        "from: process.env.EMAIL_FROM",
        "git clone git@github.com:acme/desk.git",
    ],
)
def test_a_line_that_names_none(line: str) -> None:
    assert addresses_in(line, "x") == []


def test_tests_and_examples_do_not_speak_for_the_app(tmp_path: Path) -> None:
    for name in ("app/mail.py", "tests/test_mail.py", ".env.example", ".env.production"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'MAIL_FROM="{name.strip(".").replace("/", "-")}@acme.com"\n')
    found = look(tmp_path).addresses
    assert [one.where for one in found] == [".env.production:1", "app/mail.py:1"]


@given(st.text(alphabet=st.sampled_from("from:=\"@a.bc <>\n'-")))
def test_no_text_makes_it_fail(text: str) -> None:
    addresses_in(text, "x")
