"""The sealed file: only its password opens it; what is not right with it is said, not mended."""

from __future__ import annotations

import base64
import json
import multiprocessing
import stat
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from launchready_tui.rung import Locked, VaultError
from launchready_tui.secret import Secret
from launchready_tui.vault import sealed_file
from launchready_tui.vault.sealed_file import PASSWORD_FILE, SealedFile

PASSWORD = "correct " + "horse battery"
VALUE = "grüße " * 3


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault" / "acme.sealed"


def opener(password: str = PASSWORD) -> Callable[..., Secret]:
    return lambda *, new: Secret(password)


def sealed(path: Path, password: str = PASSWORD) -> SealedFile:
    return SealedFile(path, opener(password))


@pytest.fixture
def held(path: Path) -> Path:
    file = sealed(path)
    file.set("TOKEN", Secret(VALUE))
    file.set("other", Secret("x" * 60_000))
    return path


def changed(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_what_is_kept_comes_back_with_the_password_and_is_nowhere_readable(held: Path) -> None:
    again = sealed(held)
    assert again.list() == ("TOKEN", "other")
    assert again.get("TOKEN") == Secret(VALUE)
    assert again.get("never") is None
    for encoded in (VALUE.encode(), base64.b64encode(VALUE.encode())[:12], PASSWORD.encode()):
        assert encoded not in held.read_bytes()


def test_only_its_owner_can_read_it(held: Path) -> None:
    assert stat.S_IMODE(held.stat().st_mode) == 0o600
    assert stat.S_IMODE(held.parent.stat().st_mode) == 0o700


def test_names_need_no_password_and_nobody_is_asked_for_what_is_not_there(
    path: Path, held: Path
) -> None:
    asked: list[bool] = []
    nosy = SealedFile(path, lambda *, new: asked.append(new) or Secret(PASSWORD))
    assert nosy.list() == ("TOKEN", "other")
    assert nosy.get("never") is None
    nosy.delete("never")
    assert asked == []
    nosy.get("TOKEN")
    nosy.get("other")
    nosy.set("third", Secret("abcdefgh"))
    assert asked == [False]


def test_a_wrong_password_is_one_clear_refusal_and_changes_nothing(held: Path) -> None:
    before = held.read_bytes()
    wrong = sealed(held, "wrong horse battery")
    for use in (
        lambda: wrong.get("TOKEN"),
        lambda: wrong.set("TOKEN", Secret("abcdefgh")),
        lambda: wrong.delete("TOKEN"),
    ):
        with pytest.raises(VaultError, match="password does not open") as refused:
            use()
        assert str(held) in str(refused.value)
    assert held.read_bytes() == before
    assert sealed(held).get("TOKEN") == Secret(VALUE)


def test_replaced_and_taken_away(held: Path) -> None:
    file = sealed(held)
    file.set("TOKEN", Secret("newer value"))
    file.delete("other")
    assert sealed(held).list() == ("TOKEN",)
    assert sealed(held).get("TOKEN") == Secret("newer value")
    file.clear()
    assert not held.exists()
    assert file.list() == ()
    file.clear()


def test_a_lost_password_still_lets_everything_be_taken_away(held: Path) -> None:
    SealedFile(held).clear()
    assert not held.exists()


def swapped(content: dict[str, Any]) -> None:
    entries = content["entries"]
    entries["TOKEN"], entries["other"] = entries["other"], entries["TOKEN"]


def bit_flipped(content: dict[str, Any]) -> None:
    text = bytearray(base64.b64decode(content["entries"]["TOKEN"]["text"]))
    text[0] ^= 1
    content["entries"]["TOKEN"]["text"] = base64.b64encode(text).decode()


@pytest.mark.parametrize(
    "change",
    [
        swapped,
        bit_flipped,
        lambda content: content["entries"].pop("other"),
        lambda content: content["entries"].update(more=content["entries"]["TOKEN"]),
    ],
    ids=["entries swapped", "a bit flipped", "an entry gone", "an entry copied"],
)
def test_a_file_that_somebody_changed_is_refused_by_name(
    held: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    changed(held, change)
    before = held.read_bytes()
    for use in (lambda: sealed(held).get("TOKEN"), lambda: sealed(held).set("a", Secret("b"))):
        with pytest.raises(VaultError, match="cut off or changed") as refused:
            use()
        assert str(held) in str(refused.value)
    assert held.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\x00\xff" * 50, b"[]", b'{"format": "another"}', b"[" * 100_000],
    ids=["empty", "cut off", "binary", "a list", "of another program", "deep"],
)
def test_a_file_that_is_not_ours_is_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for use in (lambda: sealed(path).list(), lambda: sealed(path).set("a", Secret("b"))):
        with pytest.raises(VaultError, match="is not a sealed file of launchready"):
            use()
    assert path.read_bytes() == content


def test_a_file_that_was_cut_off_is_left_alone(held: Path) -> None:
    held.write_bytes(cut := held.read_bytes()[:-40])
    with pytest.raises(VaultError, match="cut off"):
        sealed(held).get("TOKEN")
    assert held.read_bytes() == cut


@pytest.mark.parametrize(
    "asked",
    [{"n": 2**30}, {"n": 2}, {"n": 2**16 + 1}, {"r": 4096}, {"p": 10_000}, {"salt": "AAAA"}],
    ids=str,
)
def test_a_header_cannot_ask_for_all_memory_or_for_no_work(
    held: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, object]
) -> None:
    changed(held, lambda content: content["scrypt"].update(asked))
    monkeypatch.setattr(sealed_file.hashlib, "scrypt", lambda *a, **k: pytest.fail("it was worked"))
    with pytest.raises(VaultError, match="cut off or changed"):
        sealed(held).get("TOKEN")


def test_another_amount_of_work_within_bounds_is_only_another_key(held: Path) -> None:
    changed(held, lambda content: content["scrypt"].update(n=2**14))
    with pytest.raises(VaultError, match="password does not open"):
        sealed(held).get("TOKEN")


def test_a_newer_format_is_not_written_over(held: Path) -> None:
    changed(held, lambda content: content.update(version=2))
    with pytest.raises(VaultError, match="newer launchready"):
        sealed(held).set("a", Secret("b"))


def test_a_link_in_its_place_is_not_followed(path: Path, held: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.sealed"
    held.rename(elsewhere)
    path.symlink_to(elsewhere)
    with pytest.raises(VaultError, match="link"):
        sealed(path).set("a", Secret("b"))
    sealed(path).clear()
    assert elsewhere.exists()


def test_a_new_password_is_long_enough(path: Path) -> None:
    with pytest.raises(VaultError, match="at least 12"):
        sealed(path, "short").set("a", Secret("b"))
    assert not path.exists()


def test_locked_means_asked_again(held: Path) -> None:
    asked: list[bool] = []
    file = SealedFile(held, lambda *, new: asked.append(new) or Secret(PASSWORD))
    file.get("TOKEN")
    assert not file.locked
    file.lock()
    assert file.locked
    file.get("TOKEN")
    assert asked == [False, False]


def test_without_anybody_to_ask_it_says_how_to_open_it(held: Path) -> None:
    with pytest.raises(Locked, match=PASSWORD_FILE):
        SealedFile(held).get("TOKEN")


def test_the_password_may_lie_in_a_file(
    held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = tmp_path / "word"
    word.write_text(f"{PASSWORD}\nmore\n")
    monkeypatch.setenv(PASSWORD_FILE, str(word))
    assert SealedFile(held).get("TOKEN") == Secret(VALUE)
    monkeypatch.setenv(PASSWORD_FILE, str(tmp_path / "missing"))
    with pytest.raises(VaultError, match="cannot be read"):
        SealedFile(held).get("TOKEN")


def test_the_same_word_typed_on_another_system_opens_it(path: Path) -> None:
    sealed(path, "schlüssel-wort").set("a", Secret("b"))
    assert sealed(path, "schlu\u0308ssel-wort").get("a") == Secret("b")


def _keep(path: Path, password: str, name: str) -> None:
    SealedFile(path, lambda *, new: Secret(password)).set(name, Secret(name * 4))


def test_two_processes_lose_nothing_of_each_other(held: Path) -> None:
    spawned = multiprocessing.get_context("spawn")
    names = [f"name-{number}" for number in range(4)]
    writers = [spawned.Process(target=_keep, args=(held, PASSWORD, name)) for name in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    file = sealed(held)
    assert file.list() == ("TOKEN", *names, "other")
    assert file.get("name-3") == Secret("name-3" * 4)


def test_a_file_begun_anew_elsewhere_wants_its_own_password(held: Path) -> None:
    mine = sealed(held)
    mine.get("TOKEN")
    held.unlink()
    sealed(held, "another good password").set("TOKEN", Secret("theirs"))
    with pytest.raises(VaultError, match="password does not open"):
        mine.set("TOKEN", Secret("mine"))
    assert sealed(held, "another good password").get("TOKEN") == Secret("theirs")


def test_a_writer_that_does_not_let_go_is_not_waited_for_for_ever(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import filelock

    monkeypatch.setattr(sealed_file, "LOCK_SECONDS", 0.1)
    with (
        filelock.FileLock(held.parent / "lock"),
        pytest.raises(VaultError, match="Another window writes"),
    ):
        sealed(held).set("a", Secret("b"))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "vault").write_text("in the way")
    with pytest.raises(VaultError, match=r"vault/acme\.sealed cannot be"):
        sealed(tmp_path / "vault" / "acme.sealed").set("a", Secret("b"))


def test_neither_value_password_nor_key_is_in_a_traceback(
    held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[bytes] = []
    real = sealed_file.hashlib.scrypt

    def kept(*args: Any, **kwargs: Any) -> bytes:
        keys.append(real(*args, **kwargs))
        return keys[-1]

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sealed_file.hashlib, "scrypt", kept)
    monkeypatch.setattr(sealed_file.atomic, "write", full)
    with pytest.raises(VaultError, match="No space") as refused:
        sealed(held).set("TOKEN", Secret(VALUE))
    frames = traceback.StackSummary.extract(
        traceback.walk_tb(refused.value.__traceback__), capture_locals=True
    )
    ours = "".join(str(frame.locals) for frame in frames if frame.filename != __file__)
    assert "sealer" in ours
    for hidden in (VALUE, PASSWORD, repr(keys[0]), repr(VALUE.encode())):
        assert hidden not in ours
