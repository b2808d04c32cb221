"""The only place where a secret may rest: the system's keyring, or memory for this session.

Back ends come from an allow-list and are instantiated directly: `keyring.get_keyring()` would load
whatever a configuration file names, plain-text stores among them. A desktop bus may hang for
minutes, so every call runs in a child process that is killed after three seconds; secrets go to it
by pipe, never as an argument or in its environment.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Literal

import msgspec

from launchready_tui.model import Record
from launchready_tui.secret import Secret
from launchready_tui.text import safe

PROBE_SECONDS = 3.0
PROMPT_SECONDS = 20.0
"""On a desktop the keyring may be asking the person to unlock it."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class VaultError(Exception):
    """The keyring refused, in words that say what to do."""


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


class Vault:
    """Secrets of one project. `kind` says where they rest, `notice` what to tell a person once."""

    def __init__(self, project: str, kind: str, notice: str) -> None:
        self.project = project
        self.kind = kind
        self.notice = notice
        self._memory: dict[str, Secret] = {}

    @classmethod
    def open(cls, project: str) -> Vault:
        """Probe the keyring once; it takes up to three seconds, so not in a screen's thread.

        LAUNCHREADY_VAULT=memory does not ask it, =keyring insists on it: for CI and containers.
        """
        if not _NAME.fullmatch(project):
            raise VaultError(f"“{safe(project, one_line=True, limit=80)}” cannot name a vault.")
        wanted = os.environ.get("LAUNCHREADY_VAULT", "")
        if wanted == "memory":
            return cls(project, "memory", "")
        if wanted not in ("", "keyring"):
            known = "an encrypted file is not offered yet" if wanted == "file" else "is not known"
            raise VaultError(
                f"LAUNCHREADY_VAULT={safe(wanted, one_line=True, limit=40)}: {known}."
                " Use keyring or memory."
            )
        told = _ask(Asked(do="probe"), PROBE_SECONDS)
        if told.ok:
            return cls(project, f"keyring: {told.backend}", "")
        if wanted == "keyring":
            raise VaultError(
                f"The keyring cannot be used: {told.trouble}. Unlock it, or set"
                " LAUNCHREADY_VAULT=memory to keep secrets for one session."
            )
        notice = f"No keyring ({told.trouble}): secrets stay in memory until you quit."
        return cls(project, "memory", notice)

    def get(self, name: str, *, anew: bool = False) -> Secret | None:
        """A secret, read from the keyring once and held from then on; None where there is none.

        `anew` asks again: another process may have changed it.
        """
        if anew and self._in_keyring:
            self._memory.pop(name, None)
        if name not in self._memory and self._in_keyring:
            value = self._insist(self._asked("get", name)).value
            if value is not None:
                self._memory[name] = Secret(value)
        return self._memory.get(name)

    def set(self, name: str, secret: Secret) -> None:
        if self._in_keyring:
            self._insist(self._asked("set", name, secret))
        elif not _NAME.fullmatch(name):
            raise VaultError(_UNNAMED.format(safe(name, one_line=True, limit=80)))
        self._memory[name] = secret

    def delete(self, name: str) -> None:
        """Take a secret away; one that is not there is fine."""
        if self._in_keyring:
            self._insist(self._asked("delete", name))
        self._memory.pop(name, None)

    def list(self) -> tuple[str, ...]:
        """Names of what is held, never values."""
        if not self._in_keyring:
            return tuple(sorted(self._memory))
        from launchready_tui.keyring_child import names_in

        index = self._index
        return names_in(self._insist(Asked(do="get", service=index, name=index)).value)

    def known(self) -> tuple[Secret, ...]:
        """The values read so far in this session, for redaction."""
        return tuple(self._memory.values())

    @property
    def _in_keyring(self) -> bool:
        return self.kind != "memory"

    @property
    def _index(self) -> str:
        return f"launchready/{self.project}"

    def _asked(
        self, do: Literal["get", "set", "delete"], name: str, secret: Secret | None = None
    ) -> Asked:
        if not _NAME.fullmatch(name):
            raise VaultError(_UNNAMED.format(safe(name, one_line=True, limit=80)))
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


_UNNAMED = "“{}” cannot name a secret: letters, digits, dots, dashes and underscores."


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _ask(asked: Asked, seconds: float) -> Told:
    """Ask a child of our own and kill it when it takes too long."""
    # -I keeps the working directory, PYTHON* and the user's site out: a client's secrets.py stays
    # a file. What we were imported from is put behind the standard library.
    folders = [path for path in sys.path if path and Path(path).is_absolute()]
    program = (
        f"import sys; sys.path += [p for p in {folders!r} if p not in sys.path];"
        "from launchready_tui.keyring_child import main; main()"
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
