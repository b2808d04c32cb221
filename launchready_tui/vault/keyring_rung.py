"""The system's keyring, asked in a child process.

Back ends come from an allow-list and are instantiated directly: `keyring.get_keyring()` would load
whatever a configuration file names, plain-text stores among them. A desktop bus may hang for
minutes, so every call runs in a child process that is killed after three seconds; secrets go to it
by pipe, never as an argument or in its environment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

import msgspec

from launchready_tui.model import Record
from launchready_tui.rung import VaultError, alone
from launchready_tui.secret import Secret

PROBE_SECONDS = 3.0
PROMPT_SECONDS = 20.0
"""On a desktop the keyring may be asking the person to unlock it."""
LOCK_SECONDS = 25.0
"""More than another process takes to write, or to give up."""


class Asked(Record, frozen=True, kw_only=True):
    """What the child is asked; read from its standard input."""

    do: Literal["probe", "get", "set", "delete"]
    service: str = ""
    name: str = ""
    value: str = ""
    index: str = ""
    """The service of the list of names."""

    def __repr__(self) -> str:
        return f"Asked({self.do} {self.service})"


class Told(Record, frozen=True, kw_only=True):
    """What the child answers; one line of JSON on its standard output."""

    ok: bool
    value: str | None = None
    backend: str = ""
    trouble: str = ""

    def __repr__(self) -> str:
        return f"Told({'ok' if self.ok else self.trouble})"


def names_in(index: str | None) -> tuple[str, ...]:
    """The names that an index holds; one that somebody broke holds none."""
    try:
        return tuple(sorted(msgspec.json.decode(index or "[]", type=list[str])))
    except (msgspec.DecodeError, UnicodeError):
        return ()


class KeyringRung:
    """The items of one project, and a list of their names: no keyring tells what it holds."""

    rests = True
    locked = False

    def __init__(self, project: str) -> None:
        self.kind = "keyring"
        self._project = project
        self._index = f"launchready/{project}"

    def probe(self) -> str:
        """Try it once, for up to three seconds. Why it cannot be used; empty where it can."""
        told = _ask(Asked(do="probe"), PROBE_SECONDS)
        if told.ok:
            self.kind = f"keyring: {told.backend}"
        return "" if told.ok else told.trouble

    def get(self, name: str) -> Secret | None:
        value = self._insist(self._asked("get", name)).value
        return None if value is None else Secret(value)

    def set(self, name: str, secret: Secret) -> None:
        with self._alone():
            self._insist(self._asked("set", name, secret))

    def delete(self, name: str) -> None:
        with self._alone():
            self._insist(self._asked("delete", name))

    def list(self) -> tuple[str, ...]:
        index = self._index
        return names_in(self._insist(Asked(do="get", service=index, name=index)).value)

    def clear(self) -> None:
        """One by one; the list of names goes with the last of them."""
        for name in self.list():
            self.delete(name)

    def lock(self) -> None:
        """The desktop locks its keyring, not we."""

    def _alone(self) -> AbstractContextManager[None]:
        """The list of names is read, changed and written: two at once would lose one of them."""
        from platformdirs import user_state_path

        folder = user_state_path("launchready")
        return alone(
            folder / f"{self._project}.keyring.lock",
            seconds=LOCK_SECONDS,
            busy="Another launchready is writing to the keyring: try again.",
            shown=str(folder),
        )

    def _asked(
        self, do: Literal["get", "set", "delete"], name: str, secret: Secret | None = None
    ) -> Asked:
        return Asked(
            do=do,
            service=f"{self._index}/{name}",
            name=name,
            value=secret.reveal() if secret else "",
            index=self._index,
        )

    def _insist(self, asked: Asked) -> Told:
        on_desktop = os.name == "nt" or sys.platform == "darwin" or _has_display()
        told = _ask(asked, PROMPT_SECONDS if on_desktop else PROBE_SECONDS)
        if not told.ok:
            raise VaultError(f"The keyring refused: {told.trouble}. Unlock it and try again.")
        return told


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _ask(asked: Asked, seconds: float) -> Told:
    """Ask a child of our own and kill it when it takes too long."""
    # -I keeps the working directory, PYTHON* and the user's site out: a client's secrets.py stays
    # a file. What we were imported from is put behind the standard library.
    folders = [path for path in sys.path if path and Path(path).is_absolute()]
    program = (
        f"import sys; sys.path += [p for p in {folders!r} if p not in sys.path];"
        "from launchready_tui.vault.keyring_child import main; main()"
    )
    try:
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=os.sep,
            start_new_session=True,
        )
    except OSError as error:
        return Told(ok=False, trouble=f"it could not be asked ({error.strerror})")
    try:
        out, _ = child.communicate(msgspec.json.encode(asked), timeout=seconds)
        return msgspec.json.decode(out, type=Told)
    except subprocess.TimeoutExpired:
        _kill(child)
        return Told(ok=False, trouble=f"it did not answer within {seconds:g} s")
    except (OSError, msgspec.DecodeError, UnicodeError):
        _kill(child)
        return Told(ok=False, trouble="it could not be asked")


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child and what it may have started, without waiting for pipes they hold."""
    with contextlib.suppress(OSError):
        if os.name == "nt":
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)
    for pipe in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):
            if pipe:
                pipe.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(1.0)
