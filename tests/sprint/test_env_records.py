"""Settings and rotations on record: one file each, undone like any change, never with a value."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from launchready_tui.facts.env_example import Named
from launchready_tui.model import Level
from launchready_tui.recording.rotation_steps import StepTaken
from launchready_tui.records.env_record import EnvVariable, HeldIn
from launchready_tui.session import Session, SessionError

KEY = "STRIPE_SECRET_KEY"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session.create(tmp_path / "acme", domain="acme.test", by="Anna", level=Level.PASSIVE)


def test_a_setting_is_one_file_and_is_read_again(session: Session) -> None:
    session.set_variables([KEY, "VITE_COLOUR"], {"owner": "Ben", "rotate_every_days": 90})
    session.import_names([Named(name=KEY, purpose="charges")], environment="prod", source="vercel")
    path = session.store.folder / "env" / f"{KEY}.toml"
    held = tomllib.loads(path.read_text("utf-8"))
    assert (held["purpose"], held["owner"], held["sensitive"]) == ("charges", "Ben", True)
    assert held["env"]["prod"]["source"] == "vercel"
    session.close()
    again = Session.open(session.store.root)
    colour = again.store.variables().get("VITE_COLOUR")
    assert colour and (colour.public, colour.build_time, colour.sensitive) == (True, True, False)
    assert again.store.damaged() == ()
    again.close()


def test_an_import_leaves_what_a_person_wrote(session: Session) -> None:
    session.set_variables([KEY], {"purpose": "takes the money"})
    assert session.import_names([Named(name=KEY, purpose="charges")]) == ()
    record = session.store.variables().get(KEY)
    assert record is not None and record.purpose == "takes the money"


def test_each_change_is_undone_by_itself(session: Session) -> None:
    session.set_variables([KEY], {"owner": "Ben"})
    session.set_variables([KEY], {"owner": "Ida"})
    assert session.undo() == f"setting {KEY} by Anna"
    record = session.store.variables().get(KEY)
    assert record is not None and record.owner == "Ben"
    session.undo()
    assert session.store.variables().variables == ()


def test_all_names_are_changed_or_none(session: Session) -> None:
    with pytest.raises(SessionError, match="letters, digits, _"):
        session.set_variables(["GOOD", "not good"], {"owner": "Ben"})
    assert session.store.variables().variables == ()


def test_names_that_differ_in_case_only_are_refused(session: Session) -> None:
    session.set_variables([KEY], {"owner": "Ben"})
    with pytest.raises(SessionError, match="upper and lower case"):
        session.set_variables([KEY.lower()], {"owner": "Ben"})


@pytest.mark.parametrize("field", ["purpose", "notes", "issued_at", "stored_in", "rotate_how"])
def test_no_field_takes_a_secret(field: str, session: Session) -> None:
    secret = "sk_" + "live_" + "51Hq8KzLmN2pQrStUv"
    with pytest.raises(SessionError, match="seems to hold a secret") as refused:
        session.set_variables([KEY], {field: f"see {secret}"})
    assert secret not in str(refused.value)
    assert not (session.store.folder / "env").exists()
    with pytest.raises(SessionError, match="seems to hold a secret"):
        session.rotate(KEY, "found", StepTaken(evidence=secret))


def test_a_public_setting_is_no_secret(session: Session) -> None:
    with pytest.raises(SessionError, match="both sensitive and public"):
        session.set_variables([KEY], {"public": True})


def test_a_closed_rotation_dates_the_setting_and_plans_the_next(session: Session) -> None:
    session.set_variables([KEY], {"owner": "Ben", "rotate_every_days": 90})
    taken = StepTaken(evidence="git 3f2c1ab a.ts:4", env=("prod",), proof="absent-in-console")
    for step in ("found", "replaced", "deployed", "revoked", "proven", "closed"):
        last = session.rotate(KEY, step, taken)  # type: ignore[arg-type]
    record = session.store.variables().get(KEY)
    assert record is not None and last.replaced is not None
    assert record.last_rotated == last.replaced.date()
    assert last.next_due == record.next_due
    assert last.owner == "Ben"


def test_a_planned_rotation_begins_with_the_new_value(session: Session) -> None:
    assert session.rotate(KEY, "replaced", StepTaken(why="scheduled")).status == "replaced"
    assert session.undo() is not None
    assert session.store.rotations().rotations == ()


def test_attested_needs_a_name(session: Session) -> None:
    taken = StepTaken(evidence="chat", env=("prod",), proof="attested")
    for step in ("found", "replaced", "deployed", "revoked"):
        session.rotate(KEY, step, taken)  # type: ignore[arg-type]
    with pytest.raises(SessionError, match="Who attests"):
        session.rotate(KEY, "proven", taken)


def test_the_next_day_follows_from_the_last_one() -> None:
    held = EnvVariable(name=KEY, sensitive=True, env={"prod": HeldIn(present=True)})
    assert held.next_due is None
    dated = EnvVariable(
        name=KEY, sensitive=True, rotate_every_days=30, last_rotated=date(2026, 1, 1)
    )
    assert dated.next_due == date(2026, 1, 31)


def test_a_trial_is_kept_by_setting_and_environment_and_taken_back_like_any_change(
    tmp_path: Path,
) -> None:
    session = Session.create(tmp_path / "a", domain="acme.test", by="Ana", level=Level.ACTIVE)
    row = "f|f|f|f|{}|f|0||16.4"
    for environment, bypasses in (("prod", "t"), ("dev", "f"), ("prod", "f")):
        session.keep_answer("DATABASE_URL", environment, row.format(bypasses), by="Ben")
    held = session.store.trials().trials
    assert [(t.id, t.powers) for t in held] == [("dev.DATABASE_URL", ()), ("prod.DATABASE_URL", ())]
    assert session.undo() is not None
    _, prod = session.store.trials().trials
    assert prod.powers == ("steps over row level security",)
    assert session.store.verify() == ()
    for file in (session.store.folder / "evidence").glob("*.txt"):
        file.unlink()
    assert any("the trial of prod.DATABASE_URL" in what for what in session.store.verify())
    session.close()
