"""The env map joins what files say, what shapes tell and what people recorded."""

from __future__ import annotations

from cases.env_world import RANDOM, credentials, record, records
from launchready_tui.facts.env_map import MapRow, rows
from launchready_tui.records.env_record import EnvVariables

LIVE = "sk_" + "live_" + RANDOM
RESTRICTED = "rk_" + "live_" + RANDOM
TEST = "sk_" + "test_" + RANDOM


def row(known: EnvVariables | None = None, **files: str) -> MapRow:
    kept = known or records(record("PAY_KEY"))
    (found,) = rows(None, None, kept, credentials(**files))
    return found


def test_a_shape_tells_kind_place_and_rights() -> None:
    seen = row(prod=f"PAY_KEY={RESTRICTED}")
    assert (seen.kind, seen.title) == ("stripe-restricted", "a restricted key of Stripe")
    assert seen.proposal == {
        "kind": "stripe-restricted",
        "issued_at": "https://dashboard.stripe.com/apikeys",
        "least_privilege": "limited by its kind",
        "privilege_basis": "judged",
    }


def test_what_production_holds_counts() -> None:
    assert row(dev=f"PAY_KEY={RESTRICTED}", prod=f"PAY_KEY={LIVE}").kind == "stripe-secret"
    assert row(dev=f"PAY_KEY={TEST}").may == ""


def test_what_a_person_recorded_stays() -> None:
    known = record(
        "PAY_KEY",
        kind="resend-key",
        issued_at="https://keys.acme.example",
        least_privilege="charges only",
        privilege_basis="attested",
    )
    seen = row(records(known), prod=f"PAY_KEY={LIVE}")
    assert (seen.kind, seen.issued_at) == (known.kind, known.issued_at)
    assert (seen.may, seen.basis) == ("charges only", "attested")
    assert "least_privilege" not in seen.proposal


def test_what_no_shape_tells_proposes_nothing() -> None:
    seen = row(prod=f"PAY_KEY={RANDOM}")
    assert (seen.title, seen.proposal) == ("", {})
