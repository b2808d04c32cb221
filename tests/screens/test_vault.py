"""The wizard where no keyring is: a person chooses a sealed file, opens it again, and purges it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import OptionList

from launchready_screens import desk
from launchready_screens.widgets.fields import Masked
from launchready_tui.secret import Secret
from launchready_tui.vault.keychain import Keychain
from launchready_tui.vault.sealed_file import place
from screen_sprints import DOMAIN, outcomes_of, sprint
from screens.test_permits import Person, at

PASSWORD = "correct-" + "horse-battery"
SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 48), (40, 12)], ids=str)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAUNCHREADY_VAULT")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return sprint(tmp_path / "acme", outcomes_of())


async def typed(person: Person, text: str) -> None:
    await person.press(*("minus" if letter == "-" else letter for letter in text))


def keychain(person: Person) -> Keychain:
    assert person.wizard.live
    return person.wizard.live.session.keychain


def journal(root: Path) -> str:
    return (root / ".launchready" / "journal.jsonl").read_text("utf-8")


@SIZES
async def test_a_person_seals_secrets_in_a_file_opens_it_again_and_purges_it(
    root: Path, size: tuple[int, int]
) -> None:
    async with at(root, size) as person:
        keychain(person).put("test-session", Secret("sid=opensesame"))
        await person.press("s")
        await person.sees("f4")
        await person.press("f4")
        await person.sees("The sealed file")
        await typed(person, "short")
        await person.press("f2")
        await person.sees("The two are not the same")
        for _ in range(2):
            await typed(person, PASSWORD)
            await person.press("tab")
        assert PASSWORD not in person.screen
        await person.press("f2")
        await person.until(lambda: keychain(person).rests)
        await person.until(lambda: bool(person.wizard.screen.query("#parts")))
    assert place(DOMAIN).exists()
    async with at(root, size) as person:
        await person.press("s")
        await person.sees("unlock")
        assert keychain(person).get("test-session") is None
        await person.press("f4")
        await typed(person, "wrong-horse-battery")
        await person.press("f2")
        await person.sees("does not open")
        await typed(person, PASSWORD)
        await person.press("f2")
        await person.until(lambda: not keychain(person).wants_password)
        assert keychain(person).get("test-session") == Secret("sid=opensesame")
        await person.until(lambda: bool(person.wizard.screen.query("#parts")))
        await person.press("f8")
        await person.sees("Take all secrets away", "test-session")
        await person.press("f2")
        await person.until(lambda: not place(DOMAIN).exists())
        await person.until(lambda: bool(person.wizard.screen.query("#parts")))
    assert "vault purged: test-session" in journal(root)
    assert "opensesame" not in journal(root)


async def test_what_is_given_and_taken_away_stands_in_the_journal_by_name(root: Path) -> None:
    async with at(root) as person:
        keychain(person).unlock(Secret(PASSWORD))
        await person.press("s")
        await person.sees("missing")
        await person.press("enter")
        await person.sees("Give a secret")
        await typed(person, "abcdefgh")
        await person.press("f2")
        await person.until(lambda: "test-session" in keychain(person).names())
        await person.until(lambda: bool(person.wizard.screen.query("#parts")))
        rows = person.wizard.screen.query_one("#parts", OptionList)
        await person.until(lambda: rows.highlighted == 0)
        await person.press("delete")
        await person.until(lambda: keychain(person).names() == ())
        await person.until(lambda: "gone from the vault: test-session" in journal(root))
    assert "kept in the vault: test-session" in journal(root)
    assert "abcdefgh" not in journal(root)


async def test_a_purge_that_is_left_takes_nothing_away(root: Path) -> None:
    async with at(root) as person:
        keychain(person).unlock(Secret(PASSWORD))
        keychain(person).put("test-session", Secret("abcdefgh"))
        await person.press("s")
        await person.sees("✓ there")
        await person.press("f8")
        await person.sees("Take all secrets away", "test-session")
        await person.press("escape")
        await person.until(lambda: bool(person.wizard.screen.query("#parts")))
        assert keychain(person).names() == ("test-session",)


async def test_what_is_typed_unseen_is_not_given_to_the_clipboard(root: Path) -> None:
    async with at(root) as person:
        await person.press("s")
        await person.sees("missing")
        await person.press("enter")
        await person.sees("Give a secret")
        await typed(person, "abcdefgh")
        field = person.wizard.screen.query_one(Masked)
        field.select_all()
        await person.press("ctrl+c")
        field.action_copy()
        field.select_all()
        await person.press("ctrl+x")
        assert person.wizard.clipboard == ""


async def test_the_masks_come_back_by_themselves(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "SECONDS", 2.0)
    async with at(root, (160, 48)) as person:
        await person.press("m")
        await person.sees("Show what is masked")
        await person.press("f2")
        await person.until(lambda: person.wizard.veil.lifted)
        await person.until(lambda: not person.wizard.veil.lifted)
        await person.sees("masked")


async def test_leaving_a_sprint_puts_the_masks_back(root: Path) -> None:
    async with at(root) as person:
        await person.press("m", "f2")
        await person.until(lambda: person.wizard.veil.lifted)
        await person.press("h")
        await person.until(lambda: person.wizard.live is None)
        assert not person.wizard.veil.lifted
