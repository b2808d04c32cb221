"""The env map in the wizard: an owner for many, a form for one, a rotation from found to closed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import OptionList

from cases.env_world import RANDOM, credentials
from launchready_screens.env_export_form import ExportDialog
from launchready_screens.env_map import EnvMapDialog
from launchready_screens.widgets.fields import Line, Unseen
from launchready_tui.facts.env_example import Named
from launchready_tui.model import Fact
from launchready_tui.recording.rotation_steps import StepTaken
from launchready_tui.records.env_record import HeldIn
from launchready_tui.session import Session
from screen_sprints import outcomes_of, sprint
from screens.test_permits import Person, at

SECRET = "Xk39dkwQpz81" + "mB7vLr20TuYs"
NAMES = ("DATABASE_URL", "MAIL_TOKEN", "VITE_COLOUR")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = sprint(tmp_path / "acme", outcomes_of())
    session = Session.open(made, by="Anna")
    session.import_names([Named(name=name) for name in NAMES], by="Anna")
    session.close()
    return made


async def opened(person: Person) -> None:
    await person.press("1", "v")
    await person.until(lambda: isinstance(person.wizard.screen, EnvMapDialog))


def owners(person: Person) -> dict[str, str]:
    assert person.wizard.live is not None
    return {v.name: v.owner for v in person.wizard.live.session.store.variables().variables}


async def type_into(person: Person, field: str, text: str) -> None:
    line = person.wizard.screen.query_one(f"#field-{field}", Line)
    line.focus()
    line.value = ""
    await person.press(*text)


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (40, 12)], ids=str)
async def test_the_table_names_every_setting(folder: Path, size: tuple[int, int]) -> None:
    async with at(folder, size) as person:
        await opened(person)
        rows = person.wizard.screen.query_one("#parts", OptionList)
        assert [option.id for option in rows.options] == list(NAMES)
        await person.press("escape")
        await person.until(lambda: not isinstance(person.wizard.screen, EnvMapDialog))


async def test_one_owner_is_named_for_those_that_the_filter_shows(folder: Path) -> None:
    async with at(folder) as person:
        await opened(person)
        await person.sees("nobody")
        await type_into(person, "filter", "secret")
        await person.press("f4")
        await type_into(person, "owner", "Ida")
        await person.press("f2")
        await person.until(lambda: owners(person)["MAIL_TOKEN"] == "Ida")
        assert owners(person) == {"DATABASE_URL": "Ida", "MAIL_TOKEN": "Ida", "VITE_COLOUR": ""}


async def test_a_form_keeps_what_is_typed_and_says_what_it_refuses(folder: Path) -> None:
    async with at(folder, (120, 44)) as person:
        await opened(person)
        await person.press("enter")
        await type_into(person, "purpose", "holds orders")
        await type_into(person, "last_rotated", "yesterday")
        await person.press("f2")
        await person.sees("A day is written like")
        await type_into(person, "last_rotated", "2026-01-31")
        await type_into(person, "required_in", "prod")
        await person.press("f2")
        assert person.wizard.live is not None
        store = person.wizard.live.session.store
        await person.until(lambda: bool(store.variables().variables[0].purpose))
        kept = store.variables().get("DATABASE_URL")
        assert kept is not None
        assert (kept.purpose, kept.required_in) == ("holds orders", ("prod",))
        assert f"{kept.last_rotated}" == "2026-01-31"


async def test_a_rotation_goes_from_found_to_closed_by_hand(folder: Path) -> None:
    steps = (
        {"evidence": "git 3f2c1ab a.ts:4"},
        {},
        {"env": "prod"},
        {},
        {"detail": "HTTP 401 from the API"},
        {"owner": "Ida"},
    )
    async with at(folder, (120, 44)) as person:
        await opened(person)
        assert person.wizard.live is not None
        store = person.wizard.live.session.store
        for number, fields in enumerate(steps):
            await person.press("f5")
            if number == len(steps) - 2:
                await person.press("f2")
                await person.sees("What did the provider answer")
                assert "--" not in person.screen, "options are of the command line"
            for field, text in fields.items():
                await type_into(person, field, text)
            await person.press("f2")
            await person.until(lambda: isinstance(person.wizard.screen, EnvMapDialog))
            assert len([t for t in store.journal() if "rotation" in t.action]) == number + 1
        (held,) = store.rotations().rotations
        assert (held.status, held.owner, held.proof) == ("closed", "Ida", "rejected")


async def test_enter_in_the_filter_goes_to_what_it_shows(folder: Path) -> None:
    async with at(folder) as person:
        await opened(person)
        await person.press("slash", *"mail", "enter")
        await person.sees("1 of 3 settings")
        assert isinstance(person.wizard.screen, EnvMapDialog)
        await person.press("enter")
        await person.sees("One setting", "MAIL_TOKEN")


async def test_a_filter_counts_only_what_it_shows(folder: Path) -> None:
    session = Session.open(folder, by="Anna")
    session.take_step("MAIL_TOKEN", "found", StepTaken(evidence="chat"), None)
    session.close()
    async with at(folder) as person:
        await opened(person)
        await person.sees("3 settings", "1 being replaced")
        await person.press("slash", *"colour", "enter")
        await person.sees("1 of 3 settings")
        assert "being replaced" not in person.screen
        await person.press("slash", *["backspace"] * 6, *"replacing", "enter")
        await person.sees("1 of 3 settings", "1 being replaced")


async def test_what_fits_nothing_is_told_and_nothing_is_filled_in(folder: Path) -> None:
    async with at(folder) as person:
        await opened(person)
        await type_into(person, "filter", "nothing")
        await person.sees("None of 3 settings fits")
        await person.press("f4")
        await person.sees("Nothing is shown")


async def test_without_an_example_file_no_comment_is_taken(folder: Path) -> None:
    async with at(folder) as person:
        await opened(person)
        await person.press("f9")
        await person.sees("No example file says more")
        assert not any(owners(person).values())


async def test_days_are_filled_in_for_secrets_alone(folder: Path) -> None:
    async with at(folder, (120, 44)) as person:
        await opened(person)
        await person.press("f4")
        await type_into(person, "rotate_every_days", "90")
        await person.press("f2")
        await person.sees("2 settings filled in")
        assert person.wizard.live is not None
        held = person.wizard.live.session.store.variables().variables
        assert [one.rotate_every_days for one in held] == [90, 90, None]


async def test_a_form_says_what_kind_of_setting_it_is(folder: Path) -> None:
    async with at(folder, (120, 44)) as person:
        await opened(person)
        await person.press("enter")
        person.wizard.screen.query_one("#field-kind").focus()
        await person.press("p")
        person.wizard.screen.query_one("#field-build_time").focus()
        await person.press("y", "f2")
        await person.sees("DATABASE_URL: kept")
        assert person.wizard.live is not None
        kept = person.wizard.live.session.store.variables().get("DATABASE_URL")
        assert kept is not None
        assert (kept.sensitive, kept.public, kept.build_time) == (False, True, True)


async def test_leaving_looks_again_only_after_a_change(folder: Path) -> None:
    async with at(folder) as person:
        await opened(person)
        live = person.wizard.live
        assert live is not None
        await person.press("escape")
        await person.until(lambda: not isinstance(person.wizard.screen, EnvMapDialog))
        assert live.number == 0
        await opened(person)
        await person.press("f4")
        await type_into(person, "owner", "Ida")
        await person.press("f2")
        await person.sees("3 settings filled in")
        await person.press("escape")
        await person.until(lambda: live.number == 1)


def test_a_closed_rotation_dates_a_setting_that_had_no_record(folder: Path) -> None:
    session = Session.open(folder, by="Anna")
    for step, taken in (
        ("found", StepTaken(evidence="git 3f2c1ab a.ts:4")),
        ("replaced", StepTaken()),
        ("deployed", StepTaken(env=("prod",))),
        ("revoked", StepTaken()),
        ("proven", StepTaken(proof="absent-in-console")),
        ("closed", StepTaken(owner="Ida")),
    ):
        session.rotate("NEW_TOKEN", step, taken)  # type: ignore[arg-type]
    kept = session.store.variables().get("NEW_TOKEN")
    session.close()
    assert kept is not None
    assert (kept.owner, kept.sensitive, kept.last_rotated is None) == ("Ida", True, False)


# ---------------------------------------------------------------- values


def insist_on_silence(folder: Path) -> None:
    for path in folder.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path


@pytest.fixture
def with_files(tmp_path: Path) -> Path:
    app = tmp_path / "app"
    app.mkdir()
    for name in ("production", "staging"):
        (app / f".env.{name}").write_text(f"MAIL_TOKEN={SECRET}\n")
    made = sprint(tmp_path / "acme", outcomes_of())
    launch = made / "launchready.toml"
    launch.write_text(re.sub("(?m)^repo = .*$", f'repo = "{app}"', launch.read_text()))
    return made


async def test_env_files_are_recorded_with_one_key_and_taken_back_with_one(
    with_files: Path,
) -> None:
    async with at(with_files, (120, 44)) as person:
        await opened(person)
        assert person.wizard.live is not None
        store = person.wizard.live.session.store
        await person.press("f6")
        await person.sees("1 setting of 1 recorded anew")
        await person.sees("no keyring")
        (mail,) = store.variables().variables
        assert mail.env["prod"].same_as == ("preview",)
        await person.sees("One value in preview, prod.")
        await person.press("escape")
        await person.until(lambda: not isinstance(person.wizard.screen, EnvMapDialog))
        await person.press("u")
        await person.until(lambda: store.variables().variables == ())


@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=str)
async def test_a_host_s_settings_are_pasted_and_never_shown(
    folder: Path, size: tuple[int, int]
) -> None:
    async with at(folder, size) as person:
        await opened(person)
        assert person.wizard.live is not None
        store = person.wizard.live.session.store
        await person.press("f7")
        await person.until(lambda: isinstance(person.wizard.screen, ExportDialog))
        await person.press("f2")
        await person.sees("Nothing is pasted yet")
        field = person.wizard.screen.query_one("#field-pasted", Unseen)
        assert field.has_focus
        field.post_message(Paste(f"MAIL_TOKEN={SECRET}\nNEW_TOKEN={SECRET}\n"))
        await person.sees("2 lines taken, not shown")
        assert SECRET not in person.screen
        await type_into(person, "source", "vercel")
        await person.press("f2")
        await person.until(lambda: isinstance(person.wizard.screen, EnvMapDialog))
        held = {one.name: one for one in store.variables().variables}
        assert held["NEW_TOKEN"].env["prod"].source == "vercel"
        assert held["MAIL_TOKEN"].env["prod"].chars == len(SECRET)
        insist_on_silence(folder)


async def test_the_value_of_a_rotation_is_typed_unseen_and_kept_nowhere(folder: Path) -> None:
    async with at(folder, (120, 44)) as person:
        await opened(person)
        await person.press("f5")
        await type_into(person, "evidence", "chat")
        await type_into(person, "value", SECRET)
        assert SECRET not in person.screen
        await person.press("f2")
        await person.until(lambda: isinstance(person.wizard.screen, EnvMapDialog))
        await person.sees("no keyring")
        insist_on_silence(folder)


async def test_fingerprints_of_a_key_that_is_not_here_are_told(folder: Path) -> None:
    strange = HeldIn(present=True, source="vercel", fp="k1-9f3a:7c1d90ab34ef")
    session = Session.open(folder, by="Anna")
    session.set_variables(["MAIL_TOKEN"], {"env": {"prod": strange}})
    session.close()
    async with at(folder, (120, 44)) as person:
        await opened(person)
        await person.sees("Fingerprints of key k1-9f3a are on record", "no keyring here")


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    key = "PAY_KEY=" + "rk_" + "live_" + RANDOM
    seen: dict[str, Fact] = {"Credentials": credentials(prod=key)}
    made = sprint(tmp_path / "acme", outcomes_of(), facts=seen)
    session = Session.open(made, by="Anna")
    session.import_names([Named(name="PAY_KEY")], by="Anna")
    session.close()
    return made


@pytest.mark.parametrize(
    ("typed", "basis"), [("", "judged"), ("charges only", "attested")], ids=["as seen", "typed"]
)
async def test_the_form_begins_with_what_the_shape_tells(
    judged: Path, typed: str, basis: str
) -> None:
    async with at(judged, (120, 44)) as person:
        await opened(person)
        await person.sees("a restricted key of Stripe")
        await person.press("enter")
        await person.sees("It is a restricted key of Stripe.")
        await person.sees("https://dashboard.stripe.com/apikeys")
        if typed:
            await type_into(person, "least_privilege", typed)
        await person.press("f2")
        assert person.wizard.live is not None
        store = person.wizard.live.session.store
        await person.until(lambda: bool(store.variables().variables[0].kind))
        (kept,) = store.variables().variables
        assert (kept.kind, kept.privilege_basis) == ("stripe-restricted", basis)
        assert kept.least_privilege == (typed or "limited by its kind")
