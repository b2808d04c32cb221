"""The vault against a real Secret Service: open, locked, absent, dead, and a store we refuse."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from launchready_tui.rung import Locked
from launchready_tui.secret import Secret
from launchready_tui.vault import keyring_rung
from launchready_tui.vault.ladder import IDLE_SECONDS, Chosen, InMemory, Vault, VaultError
from launchready_tui.vault.sealed_file import AskPassword, SealedFile
from servers.keyring import LOCKED, ROOT, SILENT, UNLOCKED, in_session, needs_keyring

PASSWORD = Secret("correct " + "horse battery")


@needs_keyring
def test_secrets_rest_in_the_keyring_and_nowhere_else(tmp_path: Path) -> None:
    done = in_session(
        """
        from launchready_tui.secret import Secret
        from launchready_tui.vault.ladder import Vault
        vault = Vault.open("acme")
        assert vault.kind == "keyring: Secret Service", vault.notice
        vault.set("TOKEN", Secret("grüße " * 5))
        vault.set("BIG", Secret("x" * 100_000))
        again = Vault.open("acme")
        assert again.list() == ("BIG", "TOKEN"), again.list()
        assert again.get("TOKEN") == Secret("grüße " * 5)
        assert again.get("BIG") == Secret("x" * 100_000)
        again.delete("BIG")
        again.delete("NEVER")
        assert Vault.open("acme").list() == ("TOKEN",)
        assert Vault.open("other").get("TOKEN") is None
        print("held")
        """,
        tmp_path,
        UNLOCKED,
    )
    assert done.stdout == "held\n", done.stderr
    for path in tmp_path.rglob("*"):
        assert (
            not path.is_file() or path.suffix == ".py" or "grüße".encode() not in path.read_bytes()
        )


REPORT = """
    from launchready_tui.secret import Secret
    from launchready_tui.vault.ladder import Vault
    vault = Vault.open("acme")
    vault.set("TOKEN", Secret("abcdefgh"))
    print(vault.kind, "|", vault.notice)
"""


@needs_keyring
@pytest.mark.parametrize(
    ("start", "said"),
    [(LOCKED, "memory |"), (":", "memory |")],
    ids=["locked without anybody to ask", "a bus without a keyring"],
)
def test_without_a_usable_keyring_secrets_stay_in_memory_and_the_person_is_told(
    tmp_path: Path, start: str, said: str
) -> None:
    done = in_session(REPORT, tmp_path, start)
    assert done.stdout.startswith(said), done.stderr
    assert "until you quit" in done.stdout


def test_without_a_bus_secrets_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAUNCHREADY_VAULT", raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    opened = Vault.open("acme")
    assert opened.kind == "memory"
    opened.set("TOKEN", Secret("abcdefgh"))
    assert opened.get("TOKEN") == Secret("abcdefgh")
    opened.delete("TOKEN")
    assert opened.list() == ()


def test_a_keyring_that_hangs_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A bus that accepts and never answers: the child is killed, the process goes on and ends."""
    import socket

    path = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        monkeypatch.delenv("LAUNCHREADY_VAULT", raising=False)
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={path}")
        monkeypatch.setattr(keyring_rung, "PROBE_SECONDS", 1.0)
        opened = Vault.open("acme")
    assert opened.kind == "memory"
    assert "did not answer within 1 s" in opened.notice


CHILDREN = """
import os, pathlib
def children():
    tasks = pathlib.Path("/proc/self/task").glob("*/children")
    return {*" ".join(path.read_text() for path in tasks).split()} - {os.environ["SILENT"]}
"""


@needs_keyring
def test_a_keyring_that_never_answers_neither_holds_up_nor_outlives_us(tmp_path: Path) -> None:
    done = in_session(
        CHILDREN
        + """
import time
from launchready_tui.vault.ladder import Vault
began = time.monotonic()
vault = Vault.open("acme")
print(vault.kind, "|", vault.notice, "|", time.monotonic() - began < 4.5)
print("children:", *children())
        """,
        tmp_path,
        SILENT,
    )
    assert done.stdout == (
        "memory | No keyring (it did not answer within 3 s): secrets stay in memory until you"
        " quit. | True\nchildren:\n"
    ), done.stderr


@needs_keyring
def test_a_secret_is_in_no_argument_environment_or_traceback_of_a_call_that_hangs(
    tmp_path: Path,
) -> None:
    done = in_session(
        CHILDREN
        + """
import contextlib, threading, traceback
from launchready_tui.vault.keyring_rung import KeyringRung
from launchready_tui.secret import Secret
from launchready_tui.vault.ladder import VaultError
value = "correct" + "-horse-" + "battery"
told = []

def keep():
    try:
        KeyringRung("acme").set("TOKEN", Secret(value))
    except VaultError as error:
        shown = traceback.TracebackException.from_exception(error, capture_locals=True)
        told.append("".join(shown.format()))

thread = threading.Thread(target=keep)
thread.start()
looked_at = set()
while thread.is_alive():
    for number in children():
        for name in ("cmdline", "environ"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
                assert value.encode() not in pathlib.Path("/proc", number, name).read_bytes()
                looked_at.add(name)
    thread.join(0.05)
assert looked_at == {"cmdline", "environ"}
assert value not in told[0], told[0]
print("did not answer" in told[0])
        """,
        tmp_path,
        SILENT,
    )
    assert done.stdout == "True\n", done.stderr


@needs_keyring
def test_a_plain_text_store_that_is_installed_and_wants_to_be_first_is_passed_over(
    tmp_path: Path,
) -> None:
    """It registers itself as keyrings.alt does, and `keyring.get_keyring()` would take it."""
    installed = tmp_path / "installed"
    about = installed / "plain-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: plain\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[keyring.backends]\nplain = plain_store\n")
    (installed / "plain_store.py").write_text(
        "import pathlib, keyring.backend\n"
        "class Plain(keyring.backend.KeyringBackend):\n"
        "    priority = 99\n"
        "    def get_password(self, service, name): return None\n"
        "    def set_password(self, service, name, value):\n"
        f"        pathlib.Path({str(tmp_path / 'plain.txt')!r}).write_text(value)\n"
    )
    done = in_session(
        f"""
        import sys
        sys.path.append({str(installed)!r})
        import keyring
        print(type(keyring.get_keyring()).__name__ in ("Plain", "ChainerBackend"))
        from launchready_tui.secret import Secret
        from launchready_tui.vault.ladder import Vault
        vault = Vault.open("acme")
        vault.set("TOKEN", Secret("abcdefgh"))
        print(vault.kind)
        """,
        tmp_path,
        UNLOCKED,
    )
    assert done.stdout == "True\nkeyring: Secret Service\n", done.stderr
    assert not (tmp_path / "plain.txt").exists()


def test_a_store_that_writes_plain_text_is_never_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Named by the environment or by a configuration file: neither is read."""
    (tmp_path / "evil.py").write_text(
        "import pathlib, keyring.backend\n"
        f"pathlib.Path({str(tmp_path / 'ran')!r}).write_text('x')\n"
        "class Evil(keyring.backend.KeyringBackend):\n    priority = 99\n"
    )
    config = tmp_path / "config" / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text(
        f"[backend]\ndefault-keyring=evil.Evil\nkeyring-path={tmp_path}\n"
    )
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "evil.Evil")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    monkeypatch.delenv("LAUNCHREADY_VAULT", raising=False)
    assert Vault.open("acme").kind == "memory"
    assert not (tmp_path / "ran").exists()


def test_a_client_s_modules_are_not_imported_by_the_child(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("secrets.py", "keyring.py", "msgspec.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LAUNCHREADY_VAULT", raising=False)
    Vault.open("acme")
    assert not (tmp_path / "ran").exists()


def test_the_environment_decides_in_containers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT", "memory")
    assert Vault.open("acme").notice == ""
    monkeypatch.setenv("LAUNCHREADY_VAULT", "sticky-note")
    with pytest.raises(VaultError, match="keyring, file or memory"):
        Vault.open("acme")
    monkeypatch.setenv("LAUNCHREADY_VAULT", "file")
    assert Vault.open("acme").kind == "sealed file"
    monkeypatch.setenv("LAUNCHREADY_VAULT", "keyring")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    with pytest.raises(VaultError, match="cannot be used"):
        Vault.open("acme")


@pytest.mark.parametrize("name", ["", "a/b", "../a", "a b", "x" * 101, "\x1b[2J"])
def test_names_that_could_reach_another_project_are_refused(name: str) -> None:
    held = Vault.open("acme")
    for refused in (lambda: Vault.open(name), lambda: held.set(name, Secret("abcdefgh"))):
        with pytest.raises(VaultError) as error:
            refused()
        assert "\x1b" not in str(error.value)


def test_without_a_keyring_the_file_somebody_began_is_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("LAUNCHREADY_VAULT")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    first = Vault.open("acme")
    first.set("TOKEN", Secret("abcdefgh"))
    assert (first.kind, first.password) == ("memory", "begin")
    first.unlock(PASSWORD)
    assert (first.kind, first.password) == ("sealed file", "")
    assert first.get("TOKEN") == Secret("abcdefgh")
    again = Vault.open("acme")
    assert (again.kind, again.password, again.list()) == ("sealed file", "open", ("TOKEN",))
    assert Vault.open("other").kind == "memory"
    with pytest.raises(Locked):
        again.get("TOKEN")
    again.unlock(PASSWORD)
    assert again.get("TOKEN") == Secret("abcdefgh")
    assert again.clear() == ("TOKEN",)
    assert Vault.open("acme").kind == "memory"


def test_memory_by_decision_offers_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT", "memory")
    vault = Vault.open("acme")
    assert vault.password == ""
    with pytest.raises(VaultError, match="LAUNCHREADY_VAULT=memory says so"):
        vault.unlock(PASSWORD)


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def asked(count: list[bool]) -> AskPassword:
    def ask(*, new: bool) -> Secret:
        count.append(new)
        return PASSWORD

    return ask


@pytest.mark.parametrize("away", [IDLE_SECONDS, 9 * 3600.0, -60.0], ids=str)
def test_after_fifteen_idle_minutes_values_are_let_go_and_the_password_is_asked_again(
    tmp_path: Path, away: float
) -> None:
    """Also after a sleep, and when the clock was set back."""
    count: list[bool] = []
    clock = Clock()
    file = SealedFile(tmp_path / "acme.sealed", asked(count))
    vault = Vault("acme", Chosen(file, "chosen", sealed=file, may_seal=True), clock)
    vault.set("TOKEN", Secret("abcdefgh"))
    clock.now += IDLE_SECONDS - 1
    assert not vault.lock_if_idle()
    assert vault.get("TOKEN") == Secret("abcdefgh")
    assert count == [True]
    clock.now += away
    assert vault.lock_if_idle()
    assert vault.known() == ()
    assert vault.get("TOKEN") == Secret("abcdefgh")
    assert count == [True, False]


def test_what_is_only_in_memory_is_not_let_go_while_idle() -> None:
    clock = Clock()
    vault = Vault("acme", Chosen(InMemory(), "no keyring"), clock)
    vault.set("TOKEN", Secret("abcdefgh"))
    clock.now += 10 * IDLE_SECONDS
    assert not vault.lock_if_idle()
    assert vault.get("TOKEN") == Secret("abcdefgh")


@needs_keyring
def test_what_was_read_from_the_keyring_is_let_go_and_read_again_and_a_purge_leaves_nothing(
    tmp_path: Path,
) -> None:
    done = in_session(
        """
        from launchready_tui.secret import Secret
        from launchready_tui.vault.ladder import IDLE_SECONDS, Vault, choose
        now = [1000.0]
        vault = Vault("acme", choose("acme"), lambda: now[0])
        vault.set("TOKEN", Secret("abcdefgh"))
        vault.set("OTHER", Secret("ijklmnop"))
        now[0] += IDLE_SECONDS
        assert vault.lock_if_idle()
        assert vault.known() == ()
        assert vault.get("TOKEN") == Secret("abcdefgh")
        assert vault.clear() == ("OTHER", "TOKEN")
        assert Vault.open("acme").list() == ()
        import secretstorage
        bus = secretstorage.dbus_init()
        held = secretstorage.get_default_collection(bus).get_all_items()
        print([item.get_attributes()["service"] for item in held])
        """,
        tmp_path,
        UNLOCKED,
    )
    assert done.stdout == "[]\n", done.stderr


@needs_keyring
def test_a_keyring_counts_before_a_sealed_file_and_a_purge_takes_both(tmp_path: Path) -> None:
    done = in_session(
        """
        from launchready_tui.vault.sealed_file import SealedFile, place
        from launchready_tui.secret import Secret
        from launchready_tui.vault.ladder import Vault
        file = SealedFile(place("acme"), lambda *, new: Secret("correct horse battery"))
        file.set("SEALED", Secret("abcdefgh"))
        vault = Vault.open("acme")
        vault.set("TOKEN", Secret("abcdefgh"))
        print(vault.kind, vault.why, vault.list(), vault.clear(), place("acme").exists())
        """,
        tmp_path,
        UNLOCKED,
    )
    assert done.stdout == (
        "keyring: Secret Service a keyring answers here ('TOKEN',) ('SEALED', 'TOKEN') False\n"
    ), done.stderr


BROKEN = """
    import sys
    from launchready_tui.vault import keyring_child
    from launchready_tui.vault.keyring_rung import Asked

    class Broken:
        def __getattr__(self, name):
            def broken(*args):
                raise {error}
            return broken

    keyring_child._backend = lambda: (Broken(), "Broken")
    told = keyring_child.answer(Asked(do="set", service="s", name="n", value="open" + "sesame"))
    print(told.ok, told.trouble, "opensesame" in repr(told))
"""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("RuntimeError('opensesame')", "it failed (RuntimeError)"),
        ("KeyError('opensesame')", "it failed (KeyError)"),
        ("type('KeyringLocked', (Exception,), {})('opensesame')", "it is locked"),
    ],
)
def test_a_back_end_that_raises_anything_is_a_refusal_without_its_words(
    error: str, said: str
) -> None:
    program = textwrap.dedent(BROKEN.replace("{error}", error))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout == f"False {said} False\n", done.stderr


def test_opening_the_record_and_the_vault_imports_no_heavy_module() -> None:
    program = (
        "import sys, launchready_tui.sprint.store, launchready_tui.vault.ladder;"
        "bad = {'keyring', 'textual', 'rich', 'h11', 'dns', 'cryptography'} & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
