"""Where a secret may rest, as a ladder: the system's keyring, a file sealed with a password where
somebody chose it, or memory for this session.

What was read is held until nobody has used it for fifteen minutes; then it is let go, and the file
is locked. Wiping Python's memory is best effort.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from launchready_tui.rung import Rung
from launchready_tui.rung import VaultError as VaultError
from launchready_tui.secret import Secret
from launchready_tui.text import safe
from launchready_tui.vault.keyring_rung import KeyringRung
from launchready_tui.vault.sealed_file import AskPassword, SealedFile, place

IDLE_SECONDS = 15 * 60.0
VARIABLE = "LAUNCHREADY_VAULT"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_UNNAMED = "“{}” cannot name a secret: letters, digits, dots, dashes and underscores."


def check_name(name: str) -> str:
    """Why a secret cannot have this name, in words; empty where it can."""
    shown = safe(name, one_line=True, limit=80)
    return "" if _NAME.fullmatch(name) else _UNNAMED.format(shown)


class InMemory:
    """The lowest rung: gone with the session."""

    kind = "memory"
    rests = False
    locked = False

    def __init__(self) -> None:
        self._held: dict[str, Secret] = {}

    def get(self, name: str) -> Secret | None:
        return self._held.get(name)

    def set(self, name: str, secret: Secret) -> None:
        self._held[name] = secret

    def delete(self, name: str) -> None:
        self._held.pop(name, None)

    def list(self) -> tuple[str, ...]:
        return tuple(sorted(self._held))

    def clear(self) -> None:
        self._held.clear()

    def lock(self) -> None:
        """What rests nowhere else is not let go."""


class Chosen(NamedTuple):
    """The rung that is used, why it is, and what to tell a person once (mostly nothing).

    `sealed` is the project's file, there or not; `may_seal` is whether a person may use it here.
    """

    rung: Rung
    why: str
    notice: str = ""
    sealed: SealedFile | None = None
    may_seal: bool = False


class Vault:
    """Secrets of one project on one rung. `notice` is what to tell a person once."""

    def __init__(self, project: str, chosen: Chosen, now: Callable[[], float] = time.time) -> None:
        """`now` is the wall clock, so that a laptop that slept has been idle."""
        self.project = project
        self.rung, self.why, self.notice, self._sealed, self._may_seal = chosen
        self._now = now
        self._used = now()
        self._held: dict[str, Secret] = {}

    @classmethod
    def open(cls, project: str, password: AskPassword | None = None) -> Vault:
        """Choose the rung. Probing the keyring takes up to three seconds: not in a screen's thread.

        `password` asks a person for that of the sealed file, and is called when it is first needed.
        """
        if not _NAME.fullmatch(project):
            raise VaultError(f"“{safe(project, one_line=True, limit=80)}” cannot name a vault.")
        return cls(project, choose(project, password))

    @classmethod
    def in_memory(cls, project: str) -> Vault:
        return cls(project, Chosen(InMemory(), "nothing is kept here"))

    @property
    def kind(self) -> str:
        return self.rung.kind

    def get(self, name: str, *, anew: bool = False) -> Secret | None:
        """A secret, read once and held while it is in use; None where there is none.

        `anew` asks again: another process may have changed it.
        """
        self._touch()
        if anew and self.rung.rests:
            self._held.pop(name, None)
        if name not in self._held and _NAME.fullmatch(name):
            found = self.rung.get(name)
            if found is not None:
                self._held[name] = found
        return self._held.get(name)

    def set(self, name: str, secret: Secret) -> None:
        self._touch()
        if unnamed := check_name(name):
            raise VaultError(unnamed)
        self.rung.set(name, secret)
        self._held[name] = secret

    def delete(self, name: str) -> None:
        """Take a secret away; one that is not there is fine."""
        self._touch()
        if _NAME.fullmatch(name):
            self.rung.delete(name)
        self._held.pop(name, None)

    def everything(self) -> tuple[str, ...]:
        """Names of all that `clear` takes away: also what is in a sealed file not in use now."""
        names: set[str] = set()
        for rung in self._rungs():
            try:
                names.update(rung.list())
            except VaultError:
                names.add(f"a {rung.kind} that cannot be read")
        return tuple(sorted(names))

    def clear(self) -> tuple[str, ...]:
        """Take all of this project's secrets away, damaged or not; what went, by name."""
        gone = self.everything()
        for rung in self._rungs():
            rung.clear()
        self._held.clear()
        return gone

    def _rungs(self) -> Iterator[Rung]:
        yield self.rung
        if self._sealed is not None and self._sealed.exists and self._sealed is not self.rung:
            yield self._sealed

    def list(self) -> tuple[str, ...]:
        """Names of what is held, never values."""
        return self.rung.list()

    def known(self) -> tuple[Secret, ...]:
        """The values in use in this session, for redaction."""
        return tuple(self._held.values())

    @property
    def password(self) -> Literal["", "open", "begin"]:
        """What a person's password would do: open the sealed file, begin one, or nothing."""
        file = self._sealed
        if file is None or not self._may_seal or (self.rung is file and not file.locked):
            return ""
        return "open" if file.exists else "begin"

    def unlock(self, password: Secret) -> None:
        """Open the sealed file, or begin one and take into it what was in memory only."""
        if self._sealed is None or not self._may_seal:
            raise VaultError(f"No password is needed here: {self.why}.")
        self._touch()
        self._sealed.unlock(password)
        if self.rung is not self._sealed:
            for name in self.rung.list():
                secret = self.rung.get(name)
                if secret is not None:
                    self._sealed.set(name, secret)
            self.rung, self.why, self.notice = self._sealed, "you chose a sealed file", ""

    def lock_if_idle(self) -> bool:
        """Let go of what nobody has used for fifteen minutes; whether that was so."""
        idle = self._now() - self._used
        if 0 <= idle < IDLE_SECONDS or not self.rung.rests:
            return False
        self._held.clear()
        self.rung.lock()
        return True

    def _touch(self) -> None:
        self.lock_if_idle()
        self._used = self._now()


def choose(project: str, password: AskPassword | None = None) -> Chosen:
    """The highest rung that may be used here. LAUNCHREADY_VAULT decides, where it is set."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted not in ("", "keyring", "file", "memory"):
        shown = safe(wanted, one_line=True, limit=40)
        raise VaultError(f"{VARIABLE}={shown} is not known. Use keyring, file or memory.")
    decided = f"{VARIABLE}={wanted} says so"
    sealed = SealedFile(place(project), password)
    if wanted == "memory":
        return Chosen(InMemory(), decided, sealed=sealed)
    if wanted == "file":
        return Chosen(sealed, decided, sealed=sealed, may_seal=True)
    keyring = KeyringRung(project)
    trouble = keyring.probe()
    if not trouble:
        return Chosen(keyring, decided if wanted else "a keyring answers here", sealed=sealed)
    if wanted:
        raise VaultError(
            f"The keyring cannot be used: {trouble}. Unlock it, or set {VARIABLE}=file to keep"
            " secrets in a file sealed with a password, or =memory for one session."
        )
    why = f"no keyring ({trouble})"
    if sealed.exists:
        why = f"{why}, and you keep a sealed file"
        return Chosen(sealed, why, sealed=sealed, may_seal=True)
    notice = f"No keyring ({trouble}): secrets stay in memory until you quit."
    return Chosen(InMemory(), why, notice, sealed, may_seal=True)
