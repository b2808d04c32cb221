"""Who still holds a key of the sprint: from the journal, by name, each person for themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from guide_sprint import AT, make_state
from launchready_tui.guide.lent import lent
from launchready_tui.secret import Secret
from launchready_tui.session import Session
from launchready_tui.sprint.journal import JournalEntry
from launchready_tui.sprint.keys import HeldKey, KeysHeld, Purge, gone, kept, purged, standing
from launchready_tui.vault.keychain import Keychain
from launchready_tui.vault.sealed_file import SealedFile, place
from screen_sprints import DOMAIN, outcomes_of, sprint

PASSWORD = Secret("correct " + "horse battery")


def said(*lines: tuple[str, str]) -> list[JournalEntry]:
    return [
        JournalEntry(id=str(n), at=AT + timedelta(minutes=n), by=by, action=action, path="")
        for n, (by, action) in enumerate(lines)
    ]


def names(keys: KeysHeld) -> list[tuple[str, str]]:
    return [(key.name, key.by) for key in keys.held]


def test_what_was_kept_is_held_until_its_holder_takes_it_away() -> None:
    keys = standing(
        said(("Ana", kept("a")), ("Ben", kept("a")), ("Ana", kept("b")), ("Ana", gone("a")))
    )
    assert names(keys) == [("a", "Ben"), ("b", "Ana")]
    assert keys.purges == ()


def test_a_purge_takes_away_what_its_own_person_holds_and_what_comes_later_is_held_again() -> None:
    keys = standing(
        said(
            ("Ana", kept("a")),
            ("Ben", kept("b")),
            ("Ana", purged(["a"])),
            ("Ana", kept("c")),
        )
    )
    assert names(keys) == [("b", "Ben"), ("c", "Ana")]
    assert [purge.by for purge in keys.purges] == ["Ana"]


def test_lines_that_only_look_like_it_count_for_nothing() -> None:
    changes = [replace(entry, path="notes/1.toml") for entry in said(("Ana", kept("a")))]
    assert standing([*changes, *said(("Ana", "masks lifted"))]) == KeysHeld()


def test_lines_that_git_joined_out_of_order_are_read_by_their_time() -> None:
    assert names(standing(reversed(said(("Ana", kept("a")), ("Ana", gone("a")))))) == []


def test_a_secret_given_as_a_name_is_not_written_down() -> None:
    token = "gh" + "p_" + "Zx9" * 12
    assert token not in kept(token) + gone(token) + purged([token])


@pytest.fixture
def session(tmp_path: Path) -> Session:
    root = sprint(tmp_path / "acme", outcomes_of())
    return Session.open(root, by="Ana Ruiz")


def test_a_session_keeps_its_journal_of_what_rests_and_of_nothing_else(session: Session) -> None:
    session.keep_secret("test-session", Secret("abcdefgh"))
    assert standing(session.store.journal()).any is False, "memory forgets by itself"
    file = SealedFile(place(DOMAIN))
    file.unlock(PASSWORD)
    session.keychain = Keychain(DOMAIN, password=lambda *, new: PASSWORD)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LAUNCHREADY_VAULT", "file")
        session.keep_secret("test-session", Secret("abcdefgh"))
        assert names(session.guide_state().keys) == [("test-session", "Ana Ruiz")]
        assert session.purge_secrets() == ("test-session",)
    state = session.guide_state()
    assert state.keys.held == ()
    assert state.at >= state.keys.purges[0].at
    assert "The consultant no longer holds keys: purged by Ana Ruiz on" in session.guide()
    session.close()


HELD = HeldKey(name="cloudflare-token", by="Ana", at=AT)
PURGE = Purge(by="Ana", at=datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (KeysHeld(), "None recorded"),
        (KeysHeld(held=(HELD,), any=True), "still in the vault of Ana, since 2 March 2026"),
        (KeysHeld(held=(HELD,), purges=(PURGE,), any=True), "**RISK**"),
        (KeysHeld(purges=(PURGE,), any=True), "purged by Ana on 1 March 2026"),
        (KeysHeld(any=True), "each was taken away by itself"),
    ],
)
def test_the_guide_says_who_holds_what(keys: KeysHeld, said: str) -> None:
    text = "\n".join(lent(replace(make_state(), keys=keys)))
    assert said in text
    holds_none = "no longer holds keys" in text
    assert holds_none == (keys.any and not keys.held)
