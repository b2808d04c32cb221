"""The env map and the rotation log in the guide: an owner or a risk, and nobody's Markdown."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from cases.env_world import record, records, rotation, rotations
from guide_sprint import make_state
from launchready_tui.catalogue import load as load_catalogue
from launchready_tui.guide.handover import handover
from launchready_tui.guide.state import EnvName
from launchready_tui.model import Finding
from launchready_tui.outcomes import failed
from launchready_tui.records.env_record import HeldIn
from launchready_tui.verdict import judge

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
        "| `API_KEY` | sends mail; without it: no invites | Ben, then Ida | prod (vercel) |"
        " **RISK**: one value in dev and prod | 1 February 2026, due again 2 May 2026 |" in text
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


def shared(**env: str) -> str:
    """What the guide says of one value in several environments, by fingerprints on record."""
    held = {name: HeldIn(present=True, fp=fp) for name, fp in env.items()}
    text = handover(replace(make_state(), variables=records(replace(FULL, env=held))))
    return rows(text, "Environment variables")[0].split(" | ")[4]


def test_equality_is_told_by_fingerprints_of_one_key_and_by_nothing_else() -> None:
    one, two = "k1-9f3a:7c1d90ab34ef", "k1-9f3a:1be04411c2aa"
    assert shared(prod=one, dev=one) == "**RISK**: one value in dev and prod"
    assert shared(prod=one, dev=two) == "no"
    assert shared(prod=one) == "seen in one only"
    for strange in ("k1-aaaa:7c1d90ab34ef", "weak", ""):
        assert shared(prod=one, dev=strange) == "not known"
    assert shared(prod="weak", dev="weak") == "not known"


def test_what_nobody_owns_and_nobody_can_replace_stands_out() -> None:
    text = handover(replace(make_state(), env=(), variables=records(FULL, record("OTHER_KEY"))))
    assert "**RISK**: 1 without an owner" in text
    assert "- `OTHER_KEY`: **RISK**: how is not recorded" in text


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
    for heading, columns in (("Environment variables", 7), ("Rotation log", 6)):
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


def test_the_open_ends_are_counted_above_the_tables() -> None:
    entries = (
        EnvName(name="API_KEY", where="set in .env", secret=True, set_for=("prod",)),
        EnvName(name="COLOUR", where="read in a.py:1"),
        EnvName(name="MAIL_TOKEN", where="set in .env", secret=True),
    )
    text = handover(replace(make_state(), env=entries, variables=records(FULL)))
    assert "3 variables, 2 of them secret. **RISK**: 2 without an owner" in text
    assert "**RISK**: 1 secret never replaced" in text
    secrets = text.partition("### Secrets\n")[2].partition("\n### ")[0]
    assert "`API_KEY`" in secrets and "`MAIL_TOKEN`" in secrets and "`COLOUR`" not in secrets
    apart = replace(FULL, env={"prod": HeldIn(present=True)})
    owned = handover(replace(make_state(), env=entries[:1], variables=records(apart)))
    assert "Each has an owner." in owned
    assert "**RISK**" not in owned.partition("## Environment variables\n")[2].partition("\n## ")[0]


def test_a_shared_database_is_told_as_one() -> None:
    shared = EnvName(name="DATABASE_URL", where="set in .env", same_database=("preview",))
    text = handover(replace(make_state(), env=(shared,), variables=records()))
    row = rows(text, "Environment variables")[0]
    assert "**RISK**: production's database is used in preview too" in row
    assert "value is used" not in row


def test_no_reminder_is_given_for_what_is_no_secret() -> None:
    plain = replace(FULL, name="COLOUR", sensitive=False)
    text = handover(replace(make_state(), variables=records(FULL, plain)))
    assert text.count("- 2 May 2026: ") == 1


def test_an_exposed_secret_that_nobody_began_to_replace_stands_first_as_a_risk() -> None:
    item = load_catalogue().item("secrets.rotation")
    found = Finding(
        code="rotation-missing",
        subject="MAIL_TOKEN",
        observed="git holds .env:2",
        params={"name": "MAIL_TOKEN", "place": "git .env:2"},
    )
    outcomes = {item.id: failed("1 fault", (found,))}
    state = make_state()
    catalogue = replace(state.catalogue, items=(*state.catalogue.items, item))
    judged = judge(catalogue, state.target, outcomes, {}, {}, state.at)
    state = replace(
        state, catalogue=catalogue, verdict=judged, rotations=rotations(rotation("closed"))
    )
    first, second = rows(handover(state), "Rotation log")
    assert first.startswith("| `MAIL_TOKEN` | exposed: git holds .env:2 | **RISK**: not begun |")
    assert "`API_KEY`" in second


def test_reminders_of_one_day_and_owner_stand_together() -> None:
    ida = replace(FULL, name="OTHER_KEY", owner="Ida")
    text = handover(
        replace(make_state(), variables=records(FULL, ida, replace(FULL, name="MAIL_TOKEN")))
    )
    assert "- 2 May 2026: `API_KEY`, `MAIL_TOKEN`, Ben\n- 2 May 2026: `OTHER_KEY`, Ida" in text


def test_the_log_says_why_and_how_in_plain_words() -> None:
    one = rotation(
        "closed", why="shared-across-envs", proof="rejected", proof_detail="HTTP 401", evidence=""
    )
    row = rows(handover(replace(make_state(), rotations=rotations(one))), "Rotation log")[0]
    assert "| shared between environments |" in row
    assert "| refused by the provider: HTTP 401 |" in row
