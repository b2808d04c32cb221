"""A value is judged and dropped: placeholder, secret, or neither."""

from __future__ import annotations

from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.facts.env_files import environment_of, parsed
from launchready_tui.facts.env_values import built_in, is_placeholder, secret_in

RANDOM = b64decode("cTdHeFI5dkwyd1pwNEtzOE5tMVRiNUpjM1lk").decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_KEY", "your-api-key"),
        ("API_KEY", "changeme"),
        ("API_KEY", "change_me_please"),
        ("API_KEY", "<token>"),
        ("API_KEY", "xxxxxxxx"),
        ("API_KEY", "secret"),
        ("DB_PASSWORD", "postgres"),
        ("JWT_SECRET", "supersecret"),
        ("MAIL_FROM", "desk@example.com"),
        ("APP_URL", "https://your-domain.com"),
        ("API_KEY", "TODO"),
    ],
)
def test_an_examples_text_is_a_placeholder(name: str, value: str) -> None:
    assert is_placeholder(name, value)
    assert secret_in(name, value) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NODE_ENV", "test"),
        ("FEATURE", "true"),
        ("ALLOWED_HOSTS", '["acme.test"]'),
        ("MAIL_FROM", "Acme <desk@acme.test>"),
        ("BUCKET", "my-company-files"),
        ("APP_NAME", "Todoist"),
        ("HOST", "example-co.com"),
        ("API_KEY", "${SHARED_KEY}"),
        ("API_KEY", ""),
    ],
)
def test_a_real_setting_is_no_placeholder(name: str, value: str) -> None:
    assert not is_placeholder(name, value)
    assert secret_in(name, value) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_TOKEN", RANDOM),
        ("SMTP_PASS", "hunter22"),
        ("SECRET_KEY_BASE", RANDOM),
        ("DATABASE_URL", f"postgres://app:{RANDOM}@db.acme.test:5432/app"),
        ("REDIS", f"rediss://:{RANDOM}@cache.acme.test"),
    ],
)
def test_a_secret_somebody_could_use_is_one(name: str, value: str) -> None:
    assert secret_in(name, value) == "real"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN_TTL", "3600000"),
        ("AWS_ACCESS_KEY_ID", RANDOM),
        ("SENTRY_DSN", f"https://{RANDOM.lower()}@o1.ingest.sentry.io/2"),
        ("VITE_API_KEY", RANDOM),
        ("STRIPE_PUBLISHABLE_KEY", RANDOM),
        ("DATABASE_URL", "postgres://postgres:postgres@localhost/app"),
        ("PRIVATE_KEY_PATH", "/run/keys/app.pem"),
    ],
)
def test_what_only_looks_like_a_secret_is_none(name: str, value: str) -> None:
    assert secret_in(name, value) == ""


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        (".env", "any"),
        (".env.local", "dev"),
        (".env.production", "prod"),
        (".env.production.local", "prod"),
        (".env.example", "example"),
        (".env.production.example", "example"),
        ("prod.env", "prod"),
        (".env.staging", "preview"),
        (".env.test", "test"),
        (".envrc", "any"),
    ],
)
def test_a_files_name_says_which_environment_it_is_for(name: str, environment: str) -> None:
    assert environment_of(name) == environment


def test_entries_are_read_as_their_programs_read_them() -> None:
    text = "\ufeff# comment\nexport A=1\nB='x y'\nC=\nD\nA=2\nbad line here\nPEM=\"-\\n-\"\n"
    entries = {entry.name: entry for entry in parsed(text.removeprefix("\ufeff"))}
    assert set(entries) == {"A", "B", "C", "D", "PEM"}
    assert entries["C"].empty
    assert entries["D"].empty
    assert not entries["A"].empty


@given(st.text())
def test_no_text_makes_it_fail_and_no_value_comes_out(text: str) -> None:
    for entry in parsed(text):
        assert entry.name
        assert set(entry.__struct_fields__) == {"name", "line", "empty", "placeholder", "secret"}


@given(st.text(), st.text())
def test_every_value_can_be_judged(name: str, value: str) -> None:
    is_placeholder(name, value)
    assert secret_in(name, value) in ("", "real", "test")


@pytest.mark.parametrize(
    ("name", "built"),
    [
        ("VITE_COLOUR", True),
        ("PUBLIC_MAP_KEY", True),
        ("NEXT_PUBLIC_URL", True),
        ("PUBLIC_URL", False),
        ("PUBLIC_BASE_URL", False),
        ("COLOUR", False),
    ],
)
def test_a_build_tools_prefix_is_told_from_a_public_address(name: str, built: bool) -> None:
    assert built_in(name) == built
