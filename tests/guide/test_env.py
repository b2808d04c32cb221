"""The env map and the rotation log in the guide: an owner or a risk, and nobody's Markdown."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from cases.env_world import record, records, rotation, rotations
from guide_sprint import make_state
from launchready_tui.env_record import HeldIn
from launchready_tui.guide.handover import handover
from launchready_tui.guide.state import EnvName

EVIL = "<b>x</b> | [a](http://b) `c` \x1b[2J\n# d"
FULL = record(
    "API_KEY",
    owner="Ben",
    backup_owner="Ida",
    purpose="sends mail",
    breaks_without="no invites",
    rotate_every_days=90,
    last_rotated=date(2026, 2, 1),
    rotate_how="make, deploy, revoke",
    issued_at="https://mail.example/keys",
    env={"prod": HeldIn(present=True, source="vercel", same_as=("dev",))},
)


def rows(text: str, heading: str) -> list[str]:
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


def test_a_row_says_what_for_who_and_when() -> None:
    text = handover(replace(make_state(), variables=records(FULL)))
    assert (
        "| `API_KEY` | sends mail; without it: no invites | Ben, then Ida | prod (vercel);"
        " same value in dev | 1 February 2026, due again 2 May 2026 |" in text
    )
    assert "- 2 May 2026: `API_KEY`, Ben" in text
    assert "- `API_KEY`: make, deploy, revoke; made and revoked at `https://mail.example/keys`" in (
        text
    )


def test_a_value_that_two_environments_share_is_a_risk() -> None:
    state = make_state()
    shared = EnvName(name="API_KEY", where="set in .env", same=("preview",))
    told = "**RISK**: production's value is used in preview too"
    for known in (records(), records(FULL)):
        text = handover(replace(state, env=(shared,), variables=known))
        assert told in rows(text, "Environment variables")[0]


def test_every_row_names_an_owner_or_is_a_risk() -> None:
    unowned = record("OTHER_KEY")
    open_ = rotation("replaced", id="2026-03-02-OTHER_KEY", var="OTHER_KEY", owner="")
    state = replace(
        make_state(),
        variables=records(FULL, unowned),
        rotations=rotations(rotation("closed", proof="attested", attested_by="Ida"), open_),
    )
    text = handover(state)
    for line in rows(text, "Environment variables"):
        assert "Ben" in line or "**RISK**" in line or line.count("|") == 3
    first, second = rows(text, "Rotation log")
    assert "`OTHER_KEY`" in first and "**RISK**: replaced" in first
    assert first.count("**RISK**") == 2
    assert "closed" in second and "only attested, by Ida" in second


def test_what_people_typed_stays_text() -> None:
    evil = replace(FULL, owner=EVIL, purpose=EVIL, issued_at=EVIL, rotate_how=EVIL, holder=EVIL)
    bad = rotation("proven", evidence=EVIL, owner=EVIL, proof="rejected", proof_detail=EVIL)
    text = handover(replace(make_state(), variables=records(evil), rotations=rotations(bad)))
    assert "\x1b" not in text
    assert "<b>" not in text
    assert "](http://b)" not in text
    for heading, columns in (("Environment variables", 6), ("Rotation log", 6)):
        assert all(line.count("|") in (columns, 3) for line in rows(text, heading))


def test_the_kind_of_a_credential_and_its_rights_are_told() -> None:
    known = replace(FULL, kind="resend-key", least_privilege="sends", privilege_basis="attested")
    state = make_state()
    seen = EnvName(name="OTHER_KEY", where="set in .env", kind="stripe-restricted")
    text = handover(replace(state, env=(seen,), variables=records(known)))
    first, second = rows(text, "Environment variables")[:2]
    assert "sends mail; a key of Resend; without it: no invites" in first
    assert "| not recorded; a restricted key of Stripe | **RISK**" in second
    assert "may do: sends (as told)" in text


def test_a_kind_of_another_version_is_left_out() -> None:
    text = handover(replace(make_state(), variables=records(replace(FULL, kind="gone-key"))))
    assert "gone-key" not in text
