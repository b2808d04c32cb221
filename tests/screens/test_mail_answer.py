"""A person gives a real mail: it is read, shown back without its secrets, and kept as proof."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cases.proof_world import TOKEN, mail, zone
from launchready_screens.app import Wizard
from launchready_screens.mail_answer import MAILS
from launchready_screens.widgets.fields import Paper
from launchready_screens.widgets.items import ItemList
from launchready_tui.model import State
from launchready_tui.network import Options
from mailauth.udp_zone import serving
from screen_sprints import outcomes_of, sprint
from screens.test_person import Person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return sprint(tmp_path / "acme", outcomes_of())


@pytest.fixture(scope="module")
def dns() -> Iterator[str]:
    with serving(zone()) as resolver:
        yield resolver


@asynccontextmanager
async def asked(folder: Path, dns: str) -> AsyncIterator[Person]:
    """In front of the question about mails."""
    wizard = Wizard(folder, options=Options(resolver=dns))
    async with wizard.run_test(size=(110, 50), notifications=True) as pilot:
        await pilot.pause()
        person = Person(wizard, pilot)
        await person.press("6")
        await person.sees("Invites, resets")
        wizard.screen.query_one(ItemList).go_to(MAILS)
        await person.press("a")
        await person.sees("Give a mail", "Which mail")
        yield person
    wizard.close()


def give(person: Person, text: str) -> None:
    person.wizard.screen.query_one("#field-evidence", Paper).text = text


async def folder_of(person: Person, key: str) -> None:
    person.wizard.screen.query_one("#field-folder").focus()
    await person.press(key)


async def test_a_file_is_read_shown_back_and_kept(folder: Path, dns: str, tmp_path: Path) -> None:
    file = tmp_path / "the invite.eml"
    file.write_bytes(mail())
    async with asked(folder, dns) as person:
        give(person, f"'{file}'")
        await folder_of(person, "i")
        await person.press("f2")
        screen = await person.sees("We will keep this", "DKIM: pass for acme.test")
        assert TOKEN not in screen
        assert "Link: https://app.acme.test" in screen
        await person.press("f2")
        await person.sees("Kept as the proof of the invite")
        live = person.wizard.live
        assert live
        (proof,) = live.session.store.mails().proofs
        assert (proof.kind, proof.folder, proof.aligned) == ("invite", "inbox", True)
        await person.sees("no reset was given yet")
        assert live.session.verdict.items[MAILS].state is State.TODO
        await person.press("u")
        await person.sees("Taken back")
        assert live.session.store.mails().proofs == ()


async def test_a_pasted_bounce_is_put_into_words(folder: Path, dns: str) -> None:
    async with asked(folder, dns) as person:
        give(person, "550-5.7.26 This mail is unauthenticated\n550 5.7.26 x - gsmtp")
        await person.press("f2")
        await person.sees("We will keep this", "neither SPF nor DKIM", "Set up SPF and DKIM")
        await person.press("f2")
        await person.sees("Kept as the proof", "A test mail was refused")


async def test_a_mail_without_its_folder_is_asked_for_it(folder: Path, dns: str) -> None:
    async with asked(folder, dns) as person:
        give(person, mail().decode())
        await person.press("f2")
        await person.sees("inbox or in spam")
        give(person, "/nowhere/at/all.eml")
        await person.press("f2")
        await person.sees("No such file")


async def test_words_are_an_answer_too(folder: Path, dns: str) -> None:
    async with asked(folder, dns) as person:
        give(person, "three mails at three providers, all in the inbox")
        await person.press("f2")
        await person.sees("Choose one: yes, no")
        person.wizard.screen.query_one("#field-says").focus()
        await person.press("y", "f2")
        await person.sees("We will keep this")
        await person.press("f2")
        await person.sees("Answer kept")
