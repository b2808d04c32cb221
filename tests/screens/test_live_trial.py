"""Trying a key from the env map: told first, sent once after a yes, never on the screen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import OptionList

from launchready_screens.app import Wizard
from launchready_screens.env_map import EnvMapDialog
from launchready_screens.live_trial import ProofDialog, TrialDialog
from launchready_screens.widgets.choice import Choice
from launchready_tui.facts.env_example import Named
from launchready_tui.model import Level
from launchready_tui.network import Options
from launchready_tui.recording.rotation_steps import StepTaken
from launchready_tui.session import Session
from screen_sprints import outcomes_of, sprint
from screens.test_env_map import opened, type_into
from screens.test_permits import Person
from servers.pki import Pki
from servers.scripted import Asked, Desk, Reply, running_script

BODY = "Q7XH4R9V2W8Z3K6N" * 2
KEY = "rk_" + "live_" + BODY
OLD = "sk_" + "live_" + BODY[::-1]
HOOK = "https://hooks.slack" + ".com/services/T0/B0/" + BODY
HOST = "api.stripe.com"


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    return Pki(tmp_path)


def answer(asked: Asked, before: int) -> Reply:
    key = asked.headers["authorization"].removeprefix("Bearer ")
    return Reply(401 if key == OLD else 200, body=json.dumps({"you sent": key}).encode())


@pytest.fixture
def stripe(pki: Pki) -> Iterator[Desk]:
    with running_script(answer, pki.good(HOST)) as desk:
        yield desk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = sprint(tmp_path / "acme", outcomes_of())
    file = made / "launchready.toml"
    file.write_text(file.read_text().replace('repo = ""', 'repo = "."'))
    (made / ".env.production").write_text(f"PAY_KEY={KEY}\nHOOK={HOOK}\n")
    session = Session.open(made, by="Anna")
    session.import_names([Named(name="PAY_KEY"), Named(name="HOOK")], by="Anna")
    session.close()
    return made


@asynccontextmanager
async def at(
    folder: Path, pki: Pki, stripe: Desk, size: tuple[int, int] = (100, 40)
) -> AsyncIterator[Person]:
    pin = f"{HOST}:443=127.0.0.1:{stripe.port}"
    options = Options(resolver="127.0.0.1:9", ca=str(pki.ca), connect=(pin,))
    app = Wizard(folder, options=options)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        person = Person(app, pilot)
        await opened(person)
        yield person
        assert not any(BODY[at : at + 6] in person.screen for at in range(len(BODY) - 5))
    app.close()


async def chosen(person: Person, name: str) -> None:
    rows = person.wizard.screen.query_one("#parts", OptionList)
    rows.highlighted = rows.get_option_index(name)
    await person.pilot.pause()


def session(person: Person) -> Session:
    assert person.wizard.live is not None
    return person.wizard.live.session


@pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=str)
async def test_a_key_is_tried_once_after_its_host_was_shown(
    folder: Path, pki: Pki, stripe: Desk, size: tuple[int, int]
) -> None:
    async with at(folder, pki, stripe, size) as person:
        await chosen(person, "PAY_KEY")
        await person.press("f8")
        await person.sees("Try it live")
        await person.press("f2")
        await person.sees("To api.stripe.com port 443", "one GET of /v1/account", "raise it to")
        assert stripe.asked == []
        await person.press("f2")
        await person.until(lambda: isinstance(person.wizard.screen, EnvMapDialog))
        await person.sees("it works. HTTP 200 from")
        assert [a.path for a in stripe.asked] == ["/v1/account"]
        (kept,) = session(person).store.trials().trials
        assert (kept.id, kept.result, bool(kept.evidence)) == ("prod.PAY_KEY", "works", True)
        assert session(person).scope.level is Level.ACTIVE


async def test_leaving_sends_nothing_and_raises_no_consent(
    folder: Path, pki: Pki, stripe: Desk
) -> None:
    async with at(folder, pki, stripe) as person:
        await chosen(person, "PAY_KEY")
        await person.press("f8")
        await person.press("f2")
        await person.sees("To api.stripe.com port 443")
        await person.press("escape")
        await person.until(lambda: isinstance(person.wizard.screen, EnvMapDialog))
        assert (stripe.asked, session(person).scope.level) == ([], Level.PASSIVE)


async def test_another_environment_is_another_plan(folder: Path, pki: Pki, stripe: Desk) -> None:
    async with at(folder, pki, stripe) as person:
        await chosen(person, "PAY_KEY")
        await person.press("f8")
        await person.press("f2")
        await person.sees("To api.stripe.com port 443")
        person.wizard.screen.query_one("#field-env", Choice).value = "dev"
        await person.until(lambda: "To api.stripe.com" not in person.screen)
        await person.press("f2")
        await person.sees("no env file of dev holds a value")
        assert stripe.asked == []


async def test_what_is_never_called_says_why(folder: Path, pki: Pki, stripe: Desk) -> None:
    async with at(folder, pki, stripe) as person:
        await chosen(person, "HOOK")
        await person.press("f8")
        await person.press("f2")
        await person.sees("every call writes a message")
        assert isinstance(person.wizard.screen, TrialDialog)


@pytest.fixture
def revoked(folder: Path) -> Path:
    held = Session.open(folder, by="Anna")
    held.rotate("PAY_KEY", "found", StepTaken(evidence="git 3f2c1ab a.ts:4"))
    held.rotate("PAY_KEY", "replaced", StepTaken())
    held.rotate("PAY_KEY", "deployed", StepTaken(env=("prod",)))
    held.rotate("PAY_KEY", "revoked", StepTaken())
    held.close()
    return folder


async def to_the_proof(person: Person) -> None:
    await chosen(person, "PAY_KEY")
    await person.press("f5")
    await person.sees("This records: proven")
    person.wizard.screen.query_one("#field-proof", Choice).value = "call"
    await person.press("f2")
    await person.until(lambda: isinstance(person.wizard.screen, ProofDialog))


async def test_the_old_value_is_refused_and_that_closes_the_step(
    revoked: Path, pki: Pki, stripe: Desk
) -> None:
    async with at(revoked, pki, stripe) as person:
        await to_the_proof(person)
        await type_into(person, "old", OLD)
        await person.press("f2")
        await person.sees("To api.stripe.com port 443")
        assert OLD[8:20] not in person.screen
        await person.press("f2")
        await person.until(lambda: isinstance(person.wizard.screen, EnvMapDialog))
        (held,) = session(person).store.rotations().rotations
        assert (held.status, held.proof_detail) == ("proven", "HTTP 401 from api.stripe.com")


async def test_an_old_value_that_is_in_use_or_works_proves_nothing(
    revoked: Path, pki: Pki, stripe: Desk
) -> None:
    async with at(revoked, pki, stripe) as person:
        await to_the_proof(person)
        await type_into(person, "old", KEY)
        await person.press("f2")
        await person.sees("still uses")
        await type_into(person, "old", OLD + "x")
        await person.press("f2")
        await person.sees("To api.stripe.com port 443")
        await person.press("f2")
        await person.sees("old value still works")
        (held,) = session(person).store.rotations().rotations
        assert (held.status, len(stripe.asked)) == ("revoked", 1)
