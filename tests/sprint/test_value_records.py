"""Files of the env map: every key comes back, one deed is one undo, and no value gets in."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.env_world import OTHER, RANDOM
from launchready_tui.badfile import Document
from launchready_tui.facts.env_example import Named
from launchready_tui.model import Level
from launchready_tui.recording.env_recording import EnvRecording
from launchready_tui.recording.rotation_steps import StepTaken
from launchready_tui.records.env_record import EnvVariable, HeldIn
from launchready_tui.session import Session, SessionError
from launchready_tui.sprint.records import cleaned, decoded, encoded

KEY = "STRIPE_SECRET_KEY"
LIVE = "sk_" + "live_" + "51Hq8KzLmN2pQrStUv"
PRINT = "k1-9f3a:7c1d90ab34ef"

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,40}", fullmatch=True)
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60)
environments = st.sampled_from(("dev", "preview", "prod", "qa-2", "a.b"))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
prints = st.one_of(
    st.just(""), st.just("weak"), st.from_regex(r"k1-[0-9a-f]{4}:[0-9a-f]{12}", fullmatch=True)
)
held = st.builds(
    HeldIn,
    present=st.booleans(),
    source=words,
    shape=st.sampled_from(("", "sk_live", "postgres")),
    chars=st.one_of(st.none(), st.integers(1, 9_999)),
    fp=prints,
    same_as=st.lists(environments, max_size=3).map(tuple),
    target_fp=prints,
    changed=st.one_of(st.none(), moments),
    by=words,
)
variables = st.builds(
    EnvVariable,
    name=names,
    purpose=words,
    sensitive=st.booleans(),
    public=st.booleans(),
    required_in=st.lists(environments, max_size=3).map(tuple),
    owner=words,
    rotate_every_days=st.one_of(st.none(), st.integers(0, 3_650)),
    last_rotated=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2040, 1, 1))),
    docs=st.lists(words, max_size=3).map(tuple),
    notes=words,
    env=st.dictionaries(environments, held, max_size=4),
)


def read(text: str) -> Any:
    return decoded(Document(Path("x.toml"), text, tomllib.loads(text)), EnvVariable)


@given(variables)
def test_a_record_that_is_written_is_read_again_and_written_the_same(record: EnvVariable) -> None:
    record = cleaned(record)
    text = encoded(record)
    assert text.endswith("\n")
    again = read(text).record
    assert encoded(again) == text
    for name, one in again.env.items():
        kept = record.env[name]
        assert (one.fp, one.target_fp, one.chars, one.shape) == (
            kept.fp, kept.target_fp, kept.chars, kept.shape,
        )  # fmt: skip


def test_keys_stand_in_the_order_that_people_know() -> None:
    full = HeldIn(
        present=True, source="vercel", shape="sk_live", chars=107, fp=PRINT, same_as=("dev",),
        target_fp=PRINT, changed=datetime(2026, 1, 1, tzinfo=UTC), by="Anna",
    )  # fmt: skip
    text = encoded(EnvVariable(name=KEY, purpose="x", sensitive=True, env={"prod": full}))
    order = ("schema", "name", "purpose", "sensitive", "[env.prod]", "present", "source", "shape",
             "chars", "fp", "same_as", "target_fp", "changed", "by")  # fmt: skip
    places = [text.index(f"\n{key}" if key != "schema" else key) for key in order]
    assert places == sorted(places)


NEWER = f"""schema = 2
name = "{KEY}"
sensitive = true
vault_path = "acme/stripe"

[env.prod]
present = true
fp = "{PRINT}"
region = "eu"

[env.dev]
present = true
"""


def test_what_a_newer_version_wrote_survives_also_inside_an_environment() -> None:
    before = read(NEWER)
    assert before.record.env["prod"].fp == PRINT
    after = encoded(before.record, before)
    assert tomllib.loads(after) == tomllib.loads(NEWER)
    without = EnvVariable(name=KEY, sensitive=True, env={"dev": HeldIn(present=True)})
    assert "region" not in encoded(without, before)
    assert "vault_path" in encoded(without, before)
    none = EnvVariable(name=KEY, sensitive=True)
    assert "[env" not in encoded(none, before)


# ---------------------------------------------------------------- deeds


@pytest.fixture
def session(tmp_path: Path) -> Session:
    app = tmp_path / "app"
    app.mkdir()
    (app / ".env.production").write_text(f"{KEY}={LIVE}\nMAIL_TOKEN={RANDOM}\nCOLOUR=red\n")
    (app / ".env.staging").write_text(f"MAIL_TOKEN={RANDOM}\nmail_token={OTHER}\n")
    (app / ".env").write_text("PLAIN=1\n")
    return Session.create(
        tmp_path / "acme", domain="acme.test", by="Anna", level=Level.PASSIVE, repo=str(app)
    )


def variable(session: Session, name: str) -> EnvVariable:
    found = session.store.variables().get(name)
    assert found is not None
    return found


def test_one_deed_is_one_undo(session: Session) -> None:
    recorded = session.record_env_files()
    assert set(recorded.settings) == {KEY, "MAIL_TOKEN", "COLOUR"}
    told = session.undo()
    assert told is not None and told.endswith("and 2 more at once")
    assert session.store.variables().variables == ()
    session.set_variables([KEY, "B", "C"], {"owner": "Ben"})
    session.set_variables([KEY], {"owner": "Ida"})
    session.undo()
    assert {one.owner for one in session.store.variables().variables} == {"Ben"}
    session.undo()
    assert session.store.variables().variables == ()
    assert session.undo() is None


def test_a_deed_is_undone_after_a_restart_and_not_over_what_somebody_edited(
    session: Session,
) -> None:
    session.set_variables([KEY, "B"], {"owner": "Ben"})
    session.close()
    again = Session.open(session.store.root, by="Anna")
    file = again.store.folder / "env" / f"{KEY}.toml"
    text = file.read_text()
    file.write_text(text.replace("Ben", "Eve"))
    with pytest.raises(SessionError, match="changed outside"):
        again.undo()
    assert len(again.store.variables().variables) == 2
    file.write_text(text)
    assert again.undo() is not None
    assert again.store.variables().variables == ()
    again.close()


def test_recording_again_changes_nothing(session: Session) -> None:
    session.record_env_files()
    entries = len(session.store.journal())
    again = session.record_env_files()
    assert again.settings == ()
    assert len(session.store.journal()) == entries


def test_without_a_keyring_equality_is_kept_and_no_fingerprint(session: Session) -> None:
    recorded = session.record_env_files()
    mail = variable(session, "MAIL_TOKEN")
    assert mail.env["prod"].same_as == ("preview",)
    assert mail.alike == (("preview", "prod"),)
    assert not mail.env["prod"].fp
    assert variable(session, KEY).env["prod"].shape == "sk_live"
    assert any("no keyring" in told for told in recorded.told)


def test_names_that_differ_in_case_only_and_files_of_no_environment_are_left_out(
    session: Session,
) -> None:
    told = " ".join(session.record_env_files().told)
    assert "upper and lower case" in told
    assert ".env: the name tells no environment" in told
    assert session.store.variables().get("PLAIN") is None


def test_what_a_host_said_stands_over_a_file_and_what_a_file_lost_is_gone(
    session: Session, tmp_path: Path
) -> None:
    data = f"MAIL_TOKEN={OTHER}\n".encode()
    session.record_export(data, [Named(name="MAIL_TOKEN")], environment="prod", source="vercel")
    assert session.undo() is not None, "names and values are one deed"
    assert session.store.variables().variables == ()
    session.record_export(data, [Named(name="MAIL_TOKEN")], environment="prod", source="vercel")
    told = " ".join(session.record_env_files().told)
    assert "1 value that a host's export told better" in told
    assert variable(session, "MAIL_TOKEN").env["prod"].source == "vercel"
    (tmp_path / "app" / ".env.staging").write_text("OTHER=1\n")
    session.record_env_files()
    assert not variable(session, "MAIL_TOKEN").env["preview"].present


def test_what_a_host_sets_by_itself_is_recorded_only_where_somebody_named_it(
    session: Session, tmp_path: Path
) -> None:
    with (tmp_path / "app" / ".env.production").open("a") as file:
        file.write("NODE_ENV=production\nAPP_ENV=production\n")
    session.set_variables(["APP_ENV"], {"owner": "Ben"})
    session.record_env_files()
    data = b"COLOUR=red\nVERCEL_ENV=production\n"
    named = [Named(name="COLOUR"), Named(name="VERCEL_ENV")]
    session.record_export(data, named, environment="prod", source="vercel")
    known = {one.name for one in session.store.variables().variables}
    assert known == {KEY, "MAIL_TOKEN", "COLOUR", "APP_ENV"}
    assert variable(session, "APP_ENV").env["prod"].present


def test_a_password_in_an_address_makes_a_setting_a_secret(session: Session) -> None:
    data = f"CACHE=rediss://u:{RANDOM}@cache.acme.example/0\n".encode()
    session.record_export(data, [Named(name="CACHE")], environment="prod", source="fly")
    cache = variable(session, "CACHE")
    assert cache.sensitive
    assert cache.env["prod"].shape == "rediss"


def test_a_setting_that_is_no_secret_any_more_keeps_nothing_of_its_value(
    session: Session,
) -> None:
    session.record_env_files()
    assert variable(session, KEY).env["prod"].chars == len(LIVE)
    session.set_variables([KEY], {"sensitive": False})
    held = variable(session, KEY).env["prod"]
    assert (held.present, held.source, held.chars, held.shape) == (
        True,
        ".env.production",
        None,
        "",
    )
    session.record_env_files()
    assert variable(session, KEY).env["prod"].chars is None


def test_our_own_scanner_reads_each_file_before_it_is_written() -> None:
    safe = EnvVariable(name="SAFE", sensitive=True, env={"prod": HeldIn(present=True, fp=PRINT)})
    shaped = EnvVariable(name="SHAPED", sensitive=True, refs=(f"src/{LIVE}.ts",))
    known = EnvVariable(name="KNOWN", sensitive=True, notes=f"it is {RANDOM}, really")
    records = (safe, shaped, known)
    assert EnvRecording.leaking(records) == ("SHAPED",)
    assert EnvRecording.leaking(records, [("KNOWN", _secret(RANDOM))]) == ("SHAPED", "KNOWN")


def _secret(value: str) -> Any:
    from launchready_tui.secret import Secret

    return Secret(value)


def test_a_note_that_holds_the_value_is_not_written_again(session: Session) -> None:
    session.set_variables(["MAIL_TOKEN"], {"notes": f"was {RANDOM[:20]}"})
    (Path(session.target.repo) / ".env.production").write_text(f"MAIL_TOKEN={RANDOM[:20]}\n")
    told = " ".join(session.record_env_files().told)
    assert "Left out: the record of MAIL_TOKEN would hold a value." in told


def test_odd_names_get_a_file_of_their_own(session: Session) -> None:
    session.set_variables(["spring.datasource-url"], {"owner": "Ben"})
    assert (session.store.folder / "env" / "spring.datasource-url.toml").is_file()
    with pytest.raises(SessionError):
        session.set_variables(["A=b"], {"owner": "Ben"})


def test_a_window_that_only_reads_records_nothing_and_makes_no_key(session: Session) -> None:
    second = Session.open(session.store.root, by="Ben")
    for deed in (
        second.record_env_files,
        lambda: second.record_export(b"A=1", [], environment="prod", source="vercel"),
        lambda: second.take_step(KEY, "found", StepTaken(evidence="chat")),
    ):
        with pytest.raises(SessionError, match="only reads"):
            deed()
    second.close()


def test_where_nothing_is_secret_no_keyring_is_missed(session: Session, tmp_path: Path) -> None:
    for name in (".env.production", ".env.staging"):
        (tmp_path / "app" / name).write_text("COLOUR=red\n")
    recorded = session.record_env_files()
    assert recorded.settings == ("COLOUR",)
    assert not any("keyring" in told for told in recorded.told)
