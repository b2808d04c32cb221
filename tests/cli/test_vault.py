"""`launchready vault` with the sealed file: kept, replaced, listed, taken away, and journalled."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cli_door import Ended, environment, launchready
from launchready_tui.session import Session
from launchready_tui.vault.sealed_file import PASSWORD_FILE, place
from terminal import Terminal

PASSWORD = "correct " + "horse battery"
VALUE = "sid=" + "opensesame-77"
DOMAIN = "acme.test"


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    root = tmp_path / "acme"
    args = ("--domain", DOMAIN, "--by", "Ana Ruiz", "--consent", "passive")
    assert launchready("new", root, *args).code == 0
    return root


@pytest.fixture
def word(tmp_path: Path) -> Path:
    path = tmp_path / "word"
    path.write_text(f"{PASSWORD}\n")
    return path


def vault(sprint: Path, word: Path, *args: str, stdin: str = "") -> Ended:
    env = {"LAUNCHREADY_VAULT": "file", PASSWORD_FILE: str(word)}
    return launchready("vault", *args, cwd=sprint, env=env, stdin=stdin)


def journal(sprint: Path) -> str:
    return (sprint / ".launchready" / "journal.jsonl").read_text("utf-8")


def test_a_secret_is_kept_replaced_listed_and_taken_away(sprint: Path, word: Path) -> None:
    kept = vault(sprint, word, "set", "test-session", stdin=VALUE)
    assert kept.code == 0, kept.err
    assert "test-session is kept in a file of yours that is sealed" in kept.err
    again = vault(sprint, word, "set", "test-session", stdin=f"{VALUE}8")
    assert "test-session is replaced in" in again.err
    listed = vault(sprint, word, "list")
    assert "there    test-session" in listed.out
    assert vault(sprint, word, "delete", "test-session").code == 0
    assert "missing  test-session" in vault(sprint, word, "list").out
    told = journal(sprint)
    assert "kept in the vault: test-session" in told
    assert "gone from the vault: test-session" in told
    for path in (*sprint.rglob("*"), place(DOMAIN)):
        assert not path.is_file() or b"opensesame" not in path.read_bytes()


def test_purge_asks_takes_everything_away_and_the_guide_says_so(sprint: Path, word: Path) -> None:
    vault(sprint, word, "set", "test-session", stdin=VALUE)
    vault(sprint, word, "set", "cloudflare-token", stdin=VALUE)
    guide = launchready("export", "-o", "-", cwd=sprint).out
    assert "`cloudflare-token` is still in the vault of Ana Ruiz" in guide
    refused = vault(sprint, word, "purge")
    assert refused.code == 2
    assert "cloudflare-token, test-session would go: say so with --yes" in refused.err
    purged = vault(sprint, word, "purge", "--yes")
    assert "2 secrets taken away: cloudflare-token, test-session." in purged.err
    assert not place(DOMAIN).exists()
    assert "vault purged: cloudflare-token, test-session" in journal(sprint)
    guide = launchready("export", "-o", "-", cwd=sprint).out
    assert "The consultant no longer holds keys" in guide
    assert "is still in the vault" not in guide


def test_a_sealed_file_that_is_not_in_use_now_is_purged_too_and_named_before(
    sprint: Path, word: Path
) -> None:
    vault(sprint, word, "set", "test-session", stdin=VALUE)
    refused = launchready("vault", "purge", cwd=sprint)
    assert "test-session would go" in refused.err
    assert place(DOMAIN).exists()
    assert launchready("vault", "purge", "--yes", cwd=sprint).code == 0
    assert not place(DOMAIN).exists()


def test_a_damaged_file_is_named_kept_and_can_be_purged(sprint: Path, word: Path) -> None:
    vault(sprint, word, "set", "test-session", stdin=VALUE)
    place(DOMAIN).write_bytes(place(DOMAIN).read_bytes()[:50])
    refused = vault(sprint, word, "set", "test-session", stdin=VALUE)
    assert refused.code == 2
    assert f"{DOMAIN}.sealed is not a sealed file of launchready" in refused.err
    assert len(place(DOMAIN).read_bytes()) == 50
    assert "a sealed file that cannot be read" in vault(sprint, word, "purge", "--yes").err
    assert not place(DOMAIN).exists()


def test_where_a_keyring_could_not_be_asked_a_purge_does_not_claim_to_be_one(sprint: Path) -> None:
    env = {"LAUNCHREADY_VAULT": "", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    refused = launchready("vault", "purge", "--yes", cwd=sprint, env=env)
    assert refused.code == 2
    assert "What a keyring may hold was not taken away" in refused.err
    assert "vault purged" not in journal(sprint)


def test_what_cannot_be_journalled_is_done_and_said(sprint: Path, word: Path) -> None:
    vault(sprint, word, "set", "test-session", stdin=VALUE)
    session = Session.open(sprint)
    try:
        purged = vault(sprint, word, "purge", "--yes")
    finally:
        session.close()
    assert purged.code == 0
    assert "The journal does not have it" in purged.err
    assert not place(DOMAIN).exists()


def test_without_a_terminal_nobody_is_asked_and_a_check_goes_on(sprint: Path, word: Path) -> None:
    vault(sprint, word, "set", "test-session", stdin=VALUE)
    env = {"LAUNCHREADY_VAULT": "file"}
    refused = launchready("vault", "set", "test-session", cwd=sprint, env=env, stdin=VALUE)
    assert refused.code == 2
    assert PASSWORD_FILE in refused.err
    resolver = ("--resolver", "127.0.0.1:9", "--only", "dns.apex")
    checked = launchready("check", *resolver, cwd=sprint, env=env)
    assert checked.code in (0, 1, 3), checked.err
    assert "went on without secrets" in checked.err


def test_a_wrong_password_is_refused_once(sprint: Path, word: Path) -> None:
    vault(sprint, word, "set", "test-session", stdin=VALUE)
    word.write_text("wrong horse battery\n")
    refused = vault(sprint, word, "set", "test-session", stdin=VALUE)
    assert refused.code == 2
    assert refused.err.count("does not open") == 1


def test_on_a_terminal_the_password_is_asked_twice_for_a_new_file_and_never_shown(
    sprint: Path,
) -> None:
    command = [sys.executable, "-m", "launchready_tui", "vault", "set", "test-session"]
    env = environment(LAUNCHREADY_VAULT="file", CI="")
    with Terminal(command, size=(120, 30), env=env, cwd=sprint) as terminal:
        terminal.until("Session of a test user")
        terminal.quiet()
        terminal.press(VALUE, "enter")
        terminal.until("A new sealed file.*Password of the sealed file:")
        terminal.quiet()
        terminal.press(PASSWORD, "enter")
        terminal.until("Repeat for confirmation:")
        terminal.quiet()
        terminal.press(PASSWORD, "enter")
        terminal.until("is kept in a file of yours")
        assert terminal.ended() == 0
        assert PASSWORD.encode() not in terminal.raw
        assert VALUE.encode() not in terminal.raw
    assert place(DOMAIN).exists()


def test_doctor_says_which_rung_and_why(word: Path) -> None:
    ended = launchready("doctor", env={"LAUNCHREADY_VAULT": "file", PASSWORD_FILE: str(word)})
    assert "secrets      sealed file, because LAUNCHREADY_VAULT=file says so" in ended.out
    ended = launchready("doctor", env={"LAUNCHREADY_VAULT": "memory", PASSWORD_FILE: "/nowhere"})
    assert "! secrets      memory, because LAUNCHREADY_VAULT=memory says so" in ended.out
    assert "That file cannot be read" in ended.out
    ended = launchready("doctor", env={"LAUNCHREADY_VAULT": "sticky-note"})
    assert "Use keyring, file or memory" in ended.out
