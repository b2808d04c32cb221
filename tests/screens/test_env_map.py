"""The env map in the wizard: an owner for many, a form for one, a rotation from found to closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import OptionList

from cases.env_world import RANDOM, credentials
from launchready_screens.env_map import EnvMapDialog
from launchready_screens.widgets.fields import Line
from launchready_tui.facts.env_example import Named
from launchready_tui.model import Fact
from launchready_tui.session import Session
from screen_sprints import outcomes_of, sprint
from screens.test_permits import Person, at

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
            for field, text in fields.items():
                await type_into(person, field, text)
            await person.press("f2")
            await person.until(lambda: isinstance(person.wizard.screen, EnvMapDialog))
            assert len([t for t in store.journal() if "rotation" in t.action]) == number + 1
        (held,) = store.rotations().rotations
        assert (held.status, held.owner, held.proof) == ("closed", "Ida", "rejected")


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
