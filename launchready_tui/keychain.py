"""The secrets of one sprint: those given for this session first, then what rests in the vault.

The vault is opened by whoever asks first, and asking may take seconds: call from a thread that may
wait. One that cannot be used holds nothing, for as long as this session lasts; `notice` says why.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from launchready_tui.given import Keys
from launchready_tui.secret import Secret

if TYPE_CHECKING:
    from launchready_tui.vault import Vault

T = TypeVar("T")
NOTHING: Mapping[str, Secret] = MappingProxyType({})
_ODD = re.compile(r"[^A-Za-z0-9_.-]")


class Keychain:
    """Safe to call from several threads."""

    def __init__(
        self, project: str, given: Mapping[str, Secret] = NOTHING, *, practice: bool = False
    ) -> None:
        """`given` are secrets of this session. `practice` leaves the system's keyring alone."""
        self.project = _ODD.sub("-", project).lstrip("_.-")[:100] or "sprint"
        self._given = dict(given)
        self.practice = practice
        self._lock = threading.Lock()
        self._vault: Vault | None = None
        self._closed = ""
        self.news = ""
        """The same as `notice`, until somebody has read it and takes it away."""

    @property
    def notice(self) -> str:
        """Why the vault could not be asked, for a person to read; empty while it can."""
        return self._closed

    @property
    def rests(self) -> bool:
        """Whether what is put here outlives this session."""
        vault = self._opened()
        return vault is not None and vault.kind != "memory"

    @property
    def where(self) -> str:
        """Where secrets rest, in words."""
        vault = self._opened()
        if vault is None or vault.kind == "memory":
            return "memory, until this session ends"
        return f"the keyring ({vault.kind.removeprefix('keyring: ')})"

    def names(self) -> tuple[str, ...]:
        """Names of what is there, never values."""
        held = self._asked(lambda vault: vault.list()) or ()
        return tuple(sorted({*self._given, *held}))

    def get(self, name: str) -> Secret | None:
        if name in self._given:
            return self._given[name]
        return self._asked(lambda vault: vault.get(name))

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret. Raises VaultError, in words that say what to do."""
        with self._lock:
            vault = self._open()
            vault.set(name, secret)
            self._closed = ""

    def forget(self, name: str) -> None:
        """Take a secret away; one that is not there is fine. Raises VaultError."""
        with self._lock:
            self._given.pop(name, None)
            self._open().delete(name)

    def keys(self) -> Keys:
        """What a run is given of it."""
        return Keys(self.names, self.get)

    # ------------------------------------------------------------ inside

    def _open(self) -> Vault:
        from launchready_tui.vault import Vault

        if self._vault is None:
            self._vault = (
                Vault(self.project, "memory", "") if self.practice else Vault.open(self.project)
            )
        return self._vault

    def _opened(self) -> Vault | None:
        return self._asked(lambda vault: vault)

    def _asked(self, ask: Callable[[Vault], T]) -> T | None:
        """What the vault says; None where it cannot be asked. It is not asked a second time then:
        each try may take as long as the first.
        """
        from launchready_tui.vault import VaultError

        with self._lock:
            if self._closed:
                return None
            try:
                return ask(self._open())
            except VaultError as error:
                self._closed = self.news = str(error)
        return None
