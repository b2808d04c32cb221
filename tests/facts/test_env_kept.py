"""What is kept of a value: nothing of its own, and the same again for the same value."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cases.env_world import KEY, OTHER, OTHER_KEY, RANDOM
from launchready_tui.facts import env_export
from launchready_tui.facts.env_fingerprint import Fingerprints
from launchready_tui.facts.env_kept import Found, disagreeing, entries, held_in, merged, shape_of
from launchready_tui.records.env_record import HeldIn

PRINTS = Fingerprints(KEY)
BODY = st.text("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789", min_size=24)
BEGINNINGS = (
    "sk_live_", "sk_test_", "rk_live_", "whsec_", "ghp_", "github_pat_", "xoxb-", "sk-proj-",
    "SG.", "sb_secret_", "npm_", "postgres://u:",
)  # fmt: skip


def found(value: str, name: str = "API_KEY", env: str = "prod", source: str = "vercel") -> Found:
    return Found(name, value, env, source)


@given(st.sampled_from(BEGINNINGS), BODY)
def test_a_shape_is_what_the_issuer_prints_and_nothing_of_the_key(start: str, body: str) -> None:
    shape = shape_of(start + body)
    assert shape
    assert start.startswith(shape)


@given(BODY)
def test_a_value_without_a_public_beginning_has_no_shape(body: str) -> None:
    assert shape_of(f"x{body}") == ""


def test_shapes_of_documents_and_tokens() -> None:
    assert shape_of("-----BEGIN " + "PRIVATE KEY-----\nMIIE") == "pem"
    assert shape_of("eyJhbGciOi" + ".eyJzdWIiOi" + ".abc") == "jwt"
    assert shape_of("https://hooks.acme.test/" + RANDOM) == "https"


def test_a_secret_is_kept_as_length_and_fingerprint() -> None:
    held = held_in(found(f" {RANDOM} "), PRINTS, sensitive=True)
    assert held == HeldIn(
        present=True, source="vercel", chars=len(RANDOM), fp=PRINTS.of("API_KEY", RANDOM)
    )
    assert held.fp.startswith(f"{KEY.ident}:")


@pytest.mark.parametrize(
    ("value", "sensitive", "kept"),
    [
        ("", True, HeldIn(present=False, source="vercel")),
        ("  ", True, HeldIn(present=False, source="vercel")),
        (RANDOM, False, HeldIn(present=True, source="vercel")),
        ("********", True, HeldIn(present=True, source="vercel")),
        ("[SENSITIVE]", True, HeldIn(present=True, source="vercel")),
        ("kZ93qW", True, HeldIn(present=True, source="vercel", fp="weak")),
        ("changeme", True, HeldIn(present=True, source="vercel", fp="weak")),
    ],
    ids=["empty", "blank", "no secret", "masked", "masked in words", "short", "a placeholder"],
)
def test_what_is_no_secret_or_could_be_guessed_is_only_there(
    value: str, sensitive: bool, kept: HeldIn
) -> None:
    assert held_in(found(value), PRINTS, sensitive=sensitive) == kept


def test_two_passwords_of_one_database_lead_to_one_target() -> None:
    address = "postgres://app:{}@db.acme.example:5432/acme"
    one, two = (
        held_in(found(address.format(value), "DATABASE_URL"), PRINTS, sensitive=True)
        for value in (RANDOM, OTHER)
    )
    assert one.target_fp == two.target_fp != ""
    assert one.fp != two.fp
    assert one.shape == "postgres"


def test_without_a_key_only_equality_is_kept() -> None:
    made = entries(
        [found(RANDOM), found(RANDOM, env="dev"), found(OTHER, env="preview")],
        Fingerprints(),
        lambda one: True,
    )["API_KEY"]
    assert {env: held.same_as for env, held in made.items()} == {
        "prod": ("dev",),
        "dev": ("prod",),
        "preview": (),
    }
    assert all(not held.fp and not held.target_fp for held in made.values())
    weak = entries([found("abc"), found("abc", env="dev")], Fingerprints(), lambda one: True)
    assert all(not held.same_as for held in weak["API_KEY"].values())


def test_where_two_files_disagree_neither_value_is_kept() -> None:
    both = [found(RANDOM, source="a/.env.production"), found(OTHER, source="b/.env.production")]
    assert entries(both, PRINTS, lambda one: True)["API_KEY"]["prod"] == HeldIn(
        present=True, source="a/.env.production"
    )
    assert disagreeing(both) == {"API_KEY": ("a/.env.production", "b/.env.production")}
    assert disagreeing([both[0], both[0]]) == {}


def test_only_a_change_is_a_change() -> None:
    new = held_in(found(RANDOM), PRINTS, sensitive=True)
    old = replace(new, changed=datetime(2026, 1, 1, tzinfo=UTC), by="Ida")
    assert merged(old, new) is old
    other = held_in(found(OTHER), PRINTS, sensitive=True)
    assert merged(old, other) == other


def test_a_run_without_the_key_leaves_fingerprints_of_others_alone() -> None:
    old = held_in(found(RANDOM), PRINTS, sensitive=True)
    blind = held_in(found(RANDOM), Fingerprints(), sensitive=True)
    assert merged(old, blind) is old
    longer = held_in(found(f"{RANDOM}x"), Fingerprints(), sensitive=True)
    assert merged(old, longer) == longer
    anew = held_in(found(RANDOM), Fingerprints(OTHER_KEY), sensitive=True)
    assert merged(old, anew) == anew


@pytest.mark.parametrize(
    "text",
    [
        f'A_KEY="{RANDOM}"\n# note\nB=\n',
        json.dumps({"A_KEY": RANDOM, "B": ""}),
        json.dumps({"envs": [{"key": "A_KEY", "value": RANDOM}, {"key": "B", "value": ""}]}),
        json.dumps([{"envVar": {"key": "A_KEY", "value": RANDOM}}, {"name": "B", "value": ""}]),
    ],
    ids=["lines", "object", "list", "list within"],
)
def test_a_host_s_export_is_read_in_the_forms_hosts_give(text: str) -> None:
    read = env_export.values_of(text.encode(), "prod", "vercel")
    assert {one.name: one.value for one in read} == {"A_KEY": RANDOM, "B": ""}
    assert {(one.environment, one.source) for one in read} == {("prod", "vercel")}
    assert RANDOM not in repr(read)


@given(st.binary(max_size=300))
def test_any_bytes_can_be_pasted(data: bytes) -> None:
    for one in env_export.values_of(data, "prod", "pasted"):
        assert isinstance(one.name, str)


def test_names_alone_are_no_values() -> None:
    for text in ("NAME  DIGEST\nA_KEY 1f3a\n", '["A_KEY"]', '{"A_KEY": {"x": 1}}', "[1, null]"):
        assert env_export.values_of(text.encode(), "prod", "fly") == ()
