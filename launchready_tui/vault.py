"""The only place where a secret may rest: the system's keyring, or memory for this session.

Back ends come from an allow-list and are instantiated directly: `keyring.get_keyring()` would load
whatever a configuration file names, plain-text stores among them. A desktop bus may hang for
minutes, so every call runs in a child process that is killed after three seconds; secrets go to it
by pipe, never as an argument or in its environment.
"""

from __future__ import annotations

import contextlib
import os
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
"""With a desktop, the keyring may be asking the person to unlock it."""
INDEX = "launchready-index"


class VaultError(Exception):
    """The keyring refused, in words that say what to do."""


class Asked(Record, frozen=True, kw_only=True):
    """What the child is asked; read from its standard input."""

    do: Literal["probe", "get", "set", "delete"]
    service: str = ""
    name: str = ""
    value: str = ""


class Told(Record, frozen=True, kw_only=True):
    """What the child answers; one line of JSON on its standard output."""

    ok: bool
    value: str | None = None
    backend: str = ""
    trouble: str = ""


class Vault:
    """Secrets of one project. `kind` says where they rest, `notice` what to tell a person once."""

    def __init__(self, project: str, kind: str, notice: str, *, keyring: bool) -> None:
        self.project = project
        self.kind = kind
        self.notice = notice
        self._keyring = keyring
        self._memory: dict[str, Secret] = {}

    @classmethod
    def open(cls, project: str) -> Vault:
        """Probe the keyring once. LAUNCHREADY_VAULT=keyring|memory decides without asking it."""
        wanted = os.environ.get("LAUNCHREADY_VAULT", "")
        if wanted == "memory":
            return cls(project, "memory", "", keyring=False)
        if wanted not in ("", "keyring"):
            raise VaultError(
                f"LAUNCHREADY_VAULT={safe(wanted, one_line=True, limit=40)} is not known."
                " Use keyring or memory."
            )
        told = _ask(Asked(do="probe"), PROBE_SECONDS)
        if told.ok:
            return cls(project, f"keyring: {told.backend}", "", keyring=True)
        if wanted == "keyring":
            raise VaultError(f"The keyring cannot be used: {told.trouble}.")
        notice = f"No keyring ({told.trouble}): secrets stay in memory until you quit."
        return cls(project, "memory", notice, keyring=False)

    def get(self, name: str) -> Secret | None:
        if name not in self._memory and self._keyring:
            value = self._insist(Asked(do="get", service=self._service(name), name=name)).value
            if value is not None:
                self._memory[name] = Secret(value)
        return self._memory.get(name)

    def put(self, name: str, secret: Secret) -> None:
        if self._keyring:
            self._insist(
                Asked(do="set", service=self._service(name), name=name, value=secret.reveal())
            )
            self._write_index({*self.names(), name})
        self._memory[name] = secret

    def forget(self, name: str) -> None:
        if self._keyring:
            self._insist(Asked(do="delete", service=self._service(name), name=name))
            self._write_index(set(self.names()) - {name})
        self._memory.pop(name, None)

    def names(self) -> tuple[str, ...]:
        """Names of what is held, never values."""
        if not self._keyring:
            return tuple(sorted(self._memory))
        index = self._insist(Asked(do="get", service=self._service(INDEX), name=INDEX)).value
        with contextlib.suppress(msgspec.DecodeError):
            return tuple(sorted(msgspec.json.decode(index or "[]", type=list[str])))
        return tuple(sorted(self._memory))

    def known(self) -> tuple[Secret, ...]:
        """The values read so far in this session, for redaction."""
        return tuple(self._memory.values())

    def _service(self, name: str) -> str:
        return f"launchready/{self.project}/{name}"

    def _write_index(self, names: set[str]) -> None:
        content = msgspec.json.encode(sorted(names)).decode()
        self._insist(Asked(do="set", service=self._service(INDEX), name=INDEX, value=content))

    def _insist(self, asked: Asked) -> Told:
        told = _ask(asked, PROMPT_SECONDS)
        if not told.ok:
            raise VaultError(f"The keyring refused: {told.trouble}. Unlock it and try again.")
        return told


def _ask(asked: Asked, seconds: float) -> Told:
    """Ask a child of our own and kill it when it takes too long."""
    # -I keeps the working directory and PYTHON* variables out: a client's secrets.py stays a file.
    root = str(Path(__file__).parent.parent)
    program = (
        f"import sys; sys.path.insert(0, {root!r});"
        "from launchready_tui.keyring_child import main; main()"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", program],
            input=msgspec.json.encode(asked),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
        return msgspec.json.decode(done.stdout, type=Told)
    except subprocess.TimeoutExpired:
        return Told(ok=False, trouble=f"it did not answer within {seconds:g} s")
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return Told(ok=False, trouble="it could not be asked")
