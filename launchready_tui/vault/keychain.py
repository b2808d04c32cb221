"""The secrets of one sprint: those given for this session first, then what rests in the vault.

The vault is opened by whoever asks first, and asking may take seconds: call from a thread that may
wait. One that cannot be used holds nothing, for as long as this session lasts; `notice` says why.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeVar

from launchready_tui import fingerprint_key
from launchready_tui.fingerprint_key import FingerprintKey, NotAKey
from launchready_tui.given import Keys, Prints
from launchready_tui.secret import Secret

if TYPE_CHECKING:
    from launchready_tui.vault.ladder import Vault
    from launchready_tui.vault.sealed_file import AskPassword

T = TypeVar("T")
SEALED = "sealed file"
NOTHING: Mapping[str, Secret] = MappingProxyType({})
FINGERPRINT_KEY = "fingerprint-key"
"""The item that is ours: no check may use it, and no list of secrets names it."""
SHORTEST = 8
"""A shorter piece stands in too many harmless texts."""
LOCK_SECONDS = 25.0
"""More than a keyring takes to answer, or to be given up."""
_PIECE = re.compile(r";\s*|\n")
_LABEL = re.compile(r"^(?:[^\s=;]+=(?=[^=])|Bearer\s+)", re.IGNORECASE)
"""In front of a piece: the cookie's name, the scheme."""
_ODD = re.compile(r"[^A-Za-z0-9_.-]")


class Keychain:
    """Safe to call from several threads."""

    def __init__(
        self,
        project: str,
        given: Mapping[str, Secret] = NOTHING,
        *,
        practice: bool = False,
        password: AskPassword | None = None,
    ) -> None:
        """`given` are secrets of this session. `practice` leaves the system's keyring alone.
        `password` asks a person for that of the sealed file.
        """
        self.project = _ODD.sub("-", project).lstrip("_.-")[:100] or "sprint"
        self._given = dict(given)
        self.practice = practice
        self._password = password
        self._lock = threading.Lock()
        self._vault: Vault | None = None
        self._closed = ""
        self._key_trouble = ""
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
        return vault is not None and vault.rung.rests

    @property
    def where(self) -> str:
        """Where secrets rest, in words."""
        vault = self._opened()
        if vault is None or not vault.rung.rests:
            return "memory, until this session ends"
        if vault.kind == SEALED:
            return "a file of yours that is sealed with a password"
        return f"the keyring ({vault.kind.removeprefix('keyring: ')})"

    @property
    def fallback(self) -> str:
        """Why secrets are only in memory although nobody chose so; empty where it is not so."""
        vault = self._opened()
        return vault.notice if vault is not None else ""

    @property
    def wants_password(self) -> Literal["", "open", "begin"]:
        """What a password would do here: open the sealed file, begin one, or nothing."""
        vault = self._opened() or self._vault
        return vault.password if vault is not None and not self.practice else ""

    def names(self) -> tuple[str, ...]:
        """Names of what is there, never values."""
        held = self._asked(lambda vault: vault.list()) or ()
        return tuple(sorted({*self._given, *held} - {FINGERPRINT_KEY}))

    def get(self, name: str) -> Secret | None:
        if name == FINGERPRINT_KEY:
            return None
        if name in self._given:
            return self._given[name]
        return self._asked(lambda vault: vault.get(name))

    def used(self) -> tuple[Secret, ...]:
        """The values that were read so far, and what of them opens a door by itself: a cookie's
        value, a token, a password. For redaction.
        """
        with self._lock:
            values = [*self._given.values(), *(self._vault.known() if self._vault else ())]
        pieces = [piece for value in values for piece in _PIECE.split(value.reveal())]
        opening = [_LABEL.sub("", piece) for piece in pieces]
        return (*values, *(Secret(piece) for piece in opening if len(piece) >= SHORTEST))

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

    def everything(self) -> tuple[str, ...]:
        """Names of all that `purge` takes away. Raises VaultError."""
        with self._lock:
            return tuple(sorted({*self._given, *self._open().everything()}))

    def purge(self) -> tuple[str, ...]:
        """Take all of them away; the names of what went. Raises VaultError."""
        with self._lock:
            given = tuple(self._given)
            self._given.clear()
            gone = self._open().clear()
            self._closed = ""
        return tuple(sorted({*given, *gone}))

    def unlock(self, password: Secret) -> None:
        """Open the sealed file, or begin one. Raises VaultError, for a wrong password too."""
        with self._lock:
            self._open().unlock(password)
            self._closed = ""

    def prepare(self) -> None:
        """Ask for the sealed file's password now, if something is in it: later, in the middle of a
        run, nobody could be asked.
        """

        def first(vault: Vault) -> None:
            if vault.rung.locked and (held := vault.list()):
                vault.get(held[0])

        self._asked(first)

    def lock_if_idle(self) -> None:
        """Let go of what nobody has used for fifteen minutes. Never waits: for a screen's tick."""
        if self._lock.acquire(blocking=False):
            try:
                if self._vault is not None:
                    self._vault.lock_if_idle()
            finally:
                self._lock.release()

    def keys(self) -> Keys:
        """What a run is given of it."""
        return Keys(self.names, self.get)

    # ------------------------------------------------------------ the key of fingerprints

    def prints(self) -> Prints:
        """What a run compares fingerprints with; nothing is made for it."""
        return Prints(self.fingerprint_key, lambda: self.why_no_key)

    @property
    def why_no_key(self) -> str:
        """Why the key cannot be used, in words; empty where none was made yet."""
        return self._key_trouble or self.notice

    def fingerprint_key(self) -> FingerprintKey | None:
        """The project's key as the keyring holds it now, for another window may have changed it;
        None where there is none, and where `why_no_key` says why.
        """
        secret = self._asked(lambda vault: vault.get(FINGERPRINT_KEY, anew=True))
        self._key_trouble = ""
        try:
            return fingerprint_key.of_kept(secret) if secret is not None else None
        except NotAKey as error:
            self._key_trouble = f"Fingerprints cannot be made: {error}."
            return None

    def insist_on_key(self) -> FingerprintKey | None:
        """The project's key, made where there is none yet; None where nothing outlives us, and
        where `why_no_key` says why. Raises VaultError where another process holds us up.
        """
        if not self.rests:
            return None
        with self._one_at_a_time():
            key = self.fingerprint_key()
            if key is None and not self.why_no_key:
                made = fingerprint_key.new().kept()
                self._asked(lambda vault: vault.set(FINGERPRINT_KEY, made))
                key = self.fingerprint_key()
        return key

    def keep_key(self, key: FingerprintKey) -> None:
        """Put another key in its place. Raises VaultError."""
        with self._one_at_a_time():
            self.put(FINGERPRINT_KEY, key.kept())
        self._key_trouble = ""

    def _one_at_a_time(self) -> AbstractContextManager[None]:
        """Two processes that found no key would each make one, and one of them would be lost."""
        from platformdirs import user_state_path

        from launchready_tui.rung import alone

        folder = user_state_path("launchready")
        return alone(
            folder / f"{self.project}.key.lock",
            seconds=LOCK_SECONDS,
            busy="Another launchready is changing the key: try again.",
            shown=str(folder),
        )

    # ------------------------------------------------------------ inside

    def _open(self) -> Vault:
        from launchready_tui.vault.ladder import Vault

        if self._vault is None:
            self._vault = (
                Vault.in_memory(self.project)
                if self.practice
                else Vault.open(self.project, self._password)
            )
        return self._vault

    def _opened(self) -> Vault | None:
        return self._asked(lambda vault: vault)

    def _asked(self, ask: Callable[[Vault], T]) -> T | None:
        """What the vault says; None where it cannot be asked. It is not asked a second time then:
        each try may take as long as the first.
        """
        from launchready_tui.vault.ladder import VaultError

        with self._lock:
            if self._closed:
                return None
            try:
                return ask(self._open())
            except VaultError as error:
                self._closed = self.news = str(error)
        return None
