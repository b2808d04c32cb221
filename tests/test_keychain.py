"""Secrets of a sprint: those of a session first, then the vault's; one that fails holds nothing."""

from __future__ import annotations

import pytest

from launchready_tui.secret import Secret
from launchready_tui.vault import ladder as vault
from launchready_tui.vault.keychain import Keychain
from launchready_tui.vault.ladder import VaultError


def revealed(keychain: Keychain, name: str) -> str | None:
    secret = keychain.get(name)
    return secret.reveal() if secret is not None else None


def test_what_was_given_for_a_session_counts_before_the_vault() -> None:
    keychain = Keychain("acme.test", {"test-session": Secret("given")})
    keychain.put("test-session", Secret("kept"))
    keychain.put("cloudflare-token", Secret("token"))
    assert keychain.names() == ("cloudflare-token", "test-session")
    assert revealed(keychain, "test-session") == "given"
    assert revealed(keychain, "cloudflare-token") == "token"


def test_what_is_taken_away_is_gone_wherever_it_was() -> None:
    keychain = Keychain("acme.test", {"test-session": Secret("given")})
    keychain.put("test-session", Secret("kept"))
    keychain.forget("test-session")
    assert keychain.names() == ()
    assert keychain.get("test-session") is None


def test_a_vault_that_fails_is_asked_once_and_holds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT", "nonsense")
    keychain = Keychain("acme.test", {"test-session": Secret("given")})
    assert keychain.names() == ("test-session",)
    assert keychain.get("cloudflare-token") is None
    assert "nonsense" in keychain.notice
    monkeypatch.setenv("LAUNCHREADY_VAULT", "memory")
    assert keychain.get("cloudflare-token") is None
    assert "nonsense" in keychain.notice


def test_giving_a_secret_says_why_it_cannot_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT", "nonsense")
    with pytest.raises(VaultError, match="nonsense"):
        Keychain("acme.test").put("test-session", Secret("x"))


def test_memory_says_that_it_forgets() -> None:
    keychain = Keychain("acme.test")
    assert not keychain.rests
    assert "memory" in keychain.where


def test_practice_asks_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT", "keyring")
    keychain = Keychain("harbour-ops.test", practice=True)
    keychain.put("test-session", Secret("kept"))
    assert revealed(keychain, "test-session") == "kept"
    assert keychain.notice == ""


@pytest.mark.parametrize("domain", ["a" * 200, "_dmarc.acme.test", "127.0.0.1", "::1", ""])
def test_any_target_names_a_vault(domain: str) -> None:
    keychain = Keychain(domain)
    keychain.put("test-session", Secret("kept"))
    assert keychain.names() == ("test-session",)


def test_a_run_is_given_names_and_values_by_name() -> None:
    keys = Keychain("acme.test", {"test-session": Secret("given")}).keys()
    secret = keys.get("test-session")
    assert list(keys.names()) == ["test-session"]
    assert secret is not None
    assert "given" not in repr(secret)


@pytest.mark.parametrize(
    ("value", "piece"),
    [
        ("sid=opensesame; theme=dark", "opensesame"),
        ("Bearer opensesame", "opensesame"),
        ("anna\nopensesame", "opensesame"),
        ("opensesame==", "opensesame=="),
    ],
)
def test_what_opens_a_door_by_itself_is_redacted_by_itself(value: str, piece: str) -> None:
    used = Keychain("acme.test", {"test-session": Secret(value)}).used()
    assert {secret.reveal() for secret in used} == {value, piece}


def test_the_sealed_file_is_opened_before_a_run_and_locked_again_when_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT", "file")
    asked: list[bool] = []

    def ask(*, new: bool) -> Secret:
        asked.append(new)
        return Secret("correct " + "horse battery")

    Keychain("acme.test", password=ask).put("test-session", Secret("opensesame"))
    keychain = Keychain("acme.test", password=ask)
    assert keychain.wants_password == "open"
    keychain.prepare()
    assert (asked, keychain.wants_password) == ([True, False], "")
    assert revealed(keychain, "test-session") == "opensesame"
    keychain.lock_if_idle()
    assert keychain.wants_password == "", "it was used just now"
    monkeypatch.setattr(vault, "IDLE_SECONDS", 0.0)
    keychain.lock_if_idle()
    assert keychain.wants_password == "open"
    assert [secret.reveal() for secret in keychain.used()] == []


def test_an_empty_sealed_file_asks_nobody_before_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT", "file")
    keychain = Keychain("acme.test")
    keychain.prepare()
    assert (keychain.names(), keychain.notice) == ((), "")
