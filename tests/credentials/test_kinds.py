"""The table of kinds: each row is told by name or shape, and its live call is a harmless one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from launchready_tui.badfile import BadFile
from launchready_tui.credentials import kinds as table
from launchready_tui.credentials.kinds import (
    LONGEST_VALUE,
    VALUE,
    by_id,
    kind_of,
    kinds,
    mode_of,
    shape_of,
)

RANDOM = "Xk39dkwQpz81" + "mB7vLr20TuYs"
HEX = "0123456789abcdef" * 4
UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
CALLED = [kind for kind in kinds() if kind.call]


@pytest.mark.parametrize(
    ("name", "value", "kind", "shape"),
    [
        ("STRIPE_SECRET_KEY", "sk_" + "live_" + RANDOM, "stripe-secret", "sk_live_"),
        ("CLERK_SECRET_KEY", "sk_" + "live_" + RANDOM, "clerk-secret", "sk_live_"),
        ("PAY_KEY", "rk_" + "test_" + RANDOM, "stripe-restricted", "rk_test_"),
        ("STRIPE_WEBHOOK_SECRET", "whsec_" + RANDOM, "webhook-secret", "whsec_"),
        ("VITE_KEY", "sb_" + "publishable_" + RANDOM, "supabase-publishable", "sb_publishable_"),
        ("DATABASE_URL", "postgresql+asyncpg://a:b@c/d", "postgres-url", ""),
        ("CACHE", "rediss://:x@cache.acme.example", "redis-url", ""),
        ("GH", "github" + "_pat_" + RANDOM, "github-fine-grained", "github_pat_"),
        ("AWS_ACCESS_KEY_ID", "AKIA" + "Q3EGRT7XKZ5MNB2D", "aws-access-key-id", "AKIA"),
        ("SMTP_USERNAME", "AKIA" + "Q3EGRT7XKZ5MNB2D", "ses-smtp-user", "AKIA"),
        ("AWS_SECRET_ACCESS_KEY", "a1B2/" * 8, "aws-secret-key", ""),
        ("CF_API_KEY", HEX[:37], "cloudflare-global-key-old", ""),
        ("CF_API_TOKEN", "Ab3-" * 10, "cloudflare-token-old", ""),
        ("POSTMARK_ACCOUNT_TOKEN", UUID, "postmark-account", ""),
        ("POSTMARK_API_TOKEN", UUID, "postmark-server", ""),
        ("ALERTS", "https://hooks.slack" + ".com/services/T0/B0/x", "slack-webhook",
         "https://hooks.slack.com/"),
        ("SLACK_SIGNING_SECRET", HEX[:32], "slack-signing-secret", ""),
        ("OPENAI_API_KEY", "sk-" + "proj-" + RANDOM, "openai-key", "sk-proj-"),
        ("ANTHROPIC_API_KEY", "sk-" + "ant-" + RANDOM, "anthropic-key", "sk-ant-"),
        ("GOOGLE_KEY_FILE", '{"type": "service_account", "private_key": "x"}',
         "gcp-service-account", ""),
        ("SMTP_PASSWORD", RANDOM, "smtp-password", ""),
        ("NEXTAUTH_SECRET", RANDOM, "signing-secret", ""),
        ("SECRET_KEY_BASE", RANDOM, "signing-secret", ""),
    ],
)  # fmt: skip
def test_a_name_and_a_value_give_a_kind_away(name: str, value: str, kind: str, shape: str) -> None:
    found = kind_of(name, f" {value}\n")
    assert found is not None
    assert (found.id, shape_of(found, value)) == (kind, shape)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ACCESS_KEY_ID", "AKIA" + "IOSFODNN7EXAMPLE"),
        ("CLOUDFLARE_ACCOUNT_ID", HEX[:32]),
        ("CLOUDFLARE_ZONE_ID", HEX[:32]),
        ("R2_SECRET_KEY_ID", HEX),
        ("ORDER_ID", UUID),
        ("APP_URL", "https://app.acme.example"),
        ("COLOUR", "blue"),
        ("EMPTY", ""),
        ("PUBLIC_PEM", "-----BEGIN PUBLIC" + " KEY-----\nabc"),
        ("BRANCH", "ghp_short"),
        ("NOTE", "sk_" + "live_"),
    ],
)
def test_what_only_looks_like_one_has_no_kind(name: str, value: str) -> None:
    assert kind_of(name, value) is None


def test_the_mode_is_told_by_the_prefix_alone() -> None:
    stripe = by_id("stripe-secret")
    assert stripe is not None
    assert mode_of(stripe, "sk_" + "live_x") == "live"
    assert mode_of(stripe, "sk_" + "test_live") == "test"
    github = by_id("github-classic")
    assert github is not None
    assert mode_of(github, "ghp_" + RANDOM) == ""


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.id)
def test_a_row_names_its_source_and_its_day(kind: table.Kind) -> None:
    assert kind.source.startswith("https://")
    assert kind.seen <= date.today()
    assert not (kind.call and kind.never_called)
    assert not kind.issued_at or kind.issued_at.startswith("https://")
    assert not (kind.public and kind.privilege == "broad")


@pytest.mark.parametrize("kind", CALLED, ids=lambda kind: kind.id)
def test_a_live_call_is_one_get_whose_answers_say_works_and_refused(kind: table.Kind) -> None:
    call = kind.call
    assert call is not None
    assert call.method == "GET" and call.path.startswith("/")
    assert VALUE not in call.path and VALUE not in call.host
    assert sum(VALUE in header for header in call.headers) == 1
    assert {"works", "refused"} <= {answer.means for answer in call.answer}
    for answer in call.answer:
        assert bool(answer.field) == bool(answer.values)
        # A bare 403 is never a proof that a key is dead.
        assert not (answer.means == "refused" and 403 in answer.status and not answer.field)


ROW = """schema = 1
[[kind]]
id = "a"
title = "x"
source = "https://a.test"
seen = 2026-01-01
"""


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", "names or values"),
        ("values = ['(']\n", "no pattern"),
        ("values = ['x']\nprivilige = 'none'\n", "Did you mean privilege"),
        ("values = ['x']\n" + ROW.partition("\n")[2] + "values = ['y']\n", "stands there twice"),
        (
            "values = ['x']\n[kind.call]\nhost = 'a.test'\npath = '/'\nheaders = ['A: b']\n"
            "source = 'https://a.test'\nseen = 2026-01-01\nanswer = []\n",
            "no header holds {value}",
        ),
    ],
)
def test_a_bad_row_is_refused_in_words(
    more: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / table.FILE).write_text(ROW + more)
    monkeypatch.setattr(table, "data_folder", lambda: tmp_path)
    with pytest.raises(BadFile, match=told):
        table._rows.__wrapped__()


@pytest.mark.parametrize("piece", ["a", "eyJ", "APP_", "a.", "https://", '{"private_key":', "-"])
def test_a_long_name_and_the_longest_value_come_to_an_end(piece: str) -> None:
    """A pattern that backtracks would not: the time limit of a test ends it."""
    name, longest = piece.upper() * 10_000, (piece * LONGEST_VALUE)[:LONGEST_VALUE]
    assert kind_of(name, longest) is None
    assert kind_of(name, longest + piece) is None
