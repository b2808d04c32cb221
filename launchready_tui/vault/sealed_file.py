"""Secrets in a file that only a password opens, for machines without a keyring and by choice.

scrypt (RFC 7914) makes the key, AES-256-GCM seals each entry under its own name, so that none can
be put in the place of another. One more seal, over all entries, tells a wrong password from a file
that somebody has changed. Names are readable without the password. An older whole copy of the file
that is put back cannot be told from the present one.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from launchready_tui.model import Record
from launchready_tui.rung import Locked, VaultError, alone
from launchready_tui.secret import Secret
from launchready_tui.sprint import atomic
from launchready_tui.text import safe

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PASSWORD_FILE = "LAUNCHREADY_VAULT_PASSWORD_FILE"
"""Names a file whose first line is the password: for machines where nobody can be asked."""
FORMAT = "launchready-sealed-vault"
VERSION = 1
SHORTEST = 12
"""Characters of a new password: whoever has the file may guess for ever."""
MOST_BYTES = 8_000_000
BUSY = "Another window writes to the sealed file. Try again."
LOCK_SECONDS = 5.0
_WORK = range(14, 19)
"""Powers of two that n may be: 16 to 256 MiB of memory, whatever a header asks for."""


class AskPassword(Protocol):
    def __call__(self, *, new: bool) -> Secret:
        """Ask a person, twice for a `new` one. Raises VaultError where nobody can be asked."""


class Scrypt(Record, frozen=True, kw_only=True):
    """How the key is made. 64 MiB and a quarter of a second, once a session."""

    n: int = 2**16
    r: int = 8
    p: int = 1
    salt: bytes

    @property
    def sane(self) -> bool:
        worked = self.n in {2**power for power in _WORK}
        return worked and (self.r, self.p, len(self.salt)) == (8, 1, 16)


class Sealed(Record, frozen=True, kw_only=True):
    nonce: bytes
    text: bytes


class Content(Record, frozen=True, kw_only=True):
    """The file. Bytes are base64 in it. `check` holds the digest of all entries."""

    format: str
    version: int
    scrypt: Scrypt
    check: Sealed
    entries: dict[str, Sealed] = {}


class SealedFile:
    """The sealed secrets of one project. Other processes may use the same file."""

    kind = "sealed file"
    rests = True

    def __init__(self, path: Path, password: AskPassword | None = None) -> None:
        self.path = path
        self._ask = password
        self._sealer: AESGCM | None = None
        self._made_by: Scrypt | None = None
        """What its key was made with: a file that was begun anew has another."""

    @property
    def exists(self) -> bool:
        return os.path.lexists(self.path)

    @property
    def locked(self) -> bool:
        return self._sealer is None and not os.environ.get(PASSWORD_FILE)

    def get(self, name: str) -> Secret | None:
        content = self._read()
        if content is None or name not in content.entries:
            return None
        content, sealer = self._opened()
        entry = content.entries.get(name)
        if entry is None:
            return None
        value = self._unsealed(sealer, entry, _bound("entry", content.scrypt, name))
        if value is None:
            raise self._damaged()
        return Secret(value.decode("utf-8", "surrogatepass"))

    def set(self, name: str, secret: Secret) -> None:
        self._opened()  # a person may have to type: others can write meanwhile
        with self._alone():
            content, sealer = self._opened()
            entry = _seal(sealer, _bytes(secret), _bound("entry", content.scrypt, name))
            self._write(content, sealer, {**content.entries, name: entry})

    def delete(self, name: str) -> None:
        content = self._read()
        if content is None or name not in content.entries:
            return
        self._opened()
        with self._alone():
            content, sealer = self._opened()
            left = {key: entry for key, entry in content.entries.items() if key != name}
            self._write(content, sealer, left)

    def list(self) -> tuple[str, ...]:
        content = self._read()
        return tuple(sorted(content.entries)) if content else ()

    def clear(self) -> None:
        """Take the file away; that needs no password."""
        with self._alone():
            atomic.remove(self.path)
        self.lock()

    def lock(self) -> None:
        self._sealer = None

    def unlock(self, password: Secret) -> None:
        """Open the file with its password, or begin one. Raises VaultError."""
        content = self._read()
        if content is None:
            if len(password.reveal()) < SHORTEST:
                raise VaultError(f"A new password has at least {SHORTEST} characters.")
            scrypt = Scrypt(salt=secrets.token_bytes(16))
            sealer = _sealer(password, scrypt)
            with self._alone():
                self._begin(scrypt, sealer)
        else:
            scrypt, sealer = content.scrypt, _sealer(password, content.scrypt)
            self._verify(content, sealer)
        self._sealer, self._made_by = sealer, scrypt

    # ------------------------------------------------------------ inside

    def _opened(self) -> tuple[Content, AESGCM]:
        """What is in the file, checked, and what seals; asks for the password where it must."""
        content = self._read()
        if content is None or self._sealer is None or self._made_by != content.scrypt:
            self.unlock(self._password(new=content is None))
            content = self._read()
        if content is None or self._sealer is None:
            raise VaultError(f"{self._shown} was taken away by another window. Try again.")
        self._verify(content, self._sealer)
        return content, self._sealer

    def _password(self, *, new: bool) -> Secret:
        named = os.environ.get(PASSWORD_FILE, "")
        if named:
            return _password_in(Path(named))
        if self._ask is None:
            raise Locked(
                f"The sealed file {self._shown} is locked. Give its password in the wizard (s), in"
                f" a terminal (launchready vault list), or name a file that holds it in"
                f" {PASSWORD_FILE}."
            )
        return self._ask(new=new)

    def _verify(self, content: Content, sealer: AESGCM) -> None:
        """Raises VaultError for a wrong password, and for entries that were not sealed together."""
        digest = self._unsealed(sealer, content.check, _bound("check", content.scrypt))
        if digest is None:
            raise VaultError(f"The password does not open {self._shown}. Nothing was changed.")
        if digest != _digest(content.entries):
            raise self._damaged()

    def _unsealed(self, sealer: AESGCM, sealed: Sealed, bound: bytes) -> bytes | None:
        from cryptography.exceptions import InvalidTag

        try:
            return sealer.decrypt(sealed.nonce, sealed.text, bound)
        except (InvalidTag, ValueError):
            return None

    def _begin(self, scrypt: Scrypt, sealer: AESGCM) -> None:
        if self.exists:
            raise VaultError(f"{self._shown} was begun by another window meanwhile. Try again.")
        nothing = Sealed(nonce=b"", text=b"")
        content = Content(format=FORMAT, version=VERSION, scrypt=scrypt, check=nothing)
        self._write(content, sealer, {})

    def _write(self, content: Content, sealer: AESGCM, entries: dict[str, Sealed]) -> None:
        check = _seal(sealer, _digest(entries), _bound("check", content.scrypt))
        whole = msgspec.structs.replace(content, check=check, entries=entries)
        try:
            atomic.write(self.path, msgspec.json.format(msgspec.json.encode(whole)), 0o600)
        except OSError as error:
            raise VaultError(str(error)) from None

    def _read(self) -> Content | None:
        """None where there is no file. Anything that is not ours is refused and left alone."""
        try:
            if self.path.is_symlink():
                raise atomic.IsALink
            with self.path.open("rb") as file:
                text = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise VaultError(f"{self._shown} cannot be read: {why}.") from None
        try:
            content = msgspec.json.decode(text, type=Content)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise self._damaged() from None
        if content.format != FORMAT or len(text) > MOST_BYTES:
            raise self._damaged()
        if content.version != VERSION:
            raise VaultError(f"{self._shown} was written by a newer launchready: update this one.")
        if not content.scrypt.sane:
            raise self._damaged()
        return content

    def _alone(self) -> AbstractContextManager[None]:
        """Nobody else writes meanwhile. It nests: a file that was taken away is begun anew."""
        lock = self.path.with_name("lock")
        how = {"busy": BUSY, "shown": self._shown}
        return alone(lock, seconds=LOCK_SECONDS, private=True, nests=True, **how)

    def _damaged(self) -> VaultError:
        return VaultError(
            f"{self._shown} is not a sealed file of launchready, or it was cut off or changed."
            " Nothing was changed now. Put a copy of it back, or take it away with"
            " `launchready vault purge` and give the secrets again."
        )

    @property
    def _shown(self) -> str:
        return safe(str(self.path), one_line=True, limit=300)


def place(project: str) -> Path:
    """Where a project's sealed file is: among the user's own data, never in the client's folder."""
    from platformdirs import user_data_path

    return user_data_path("launchready") / "vault" / f"{project}.sealed"


def _sealer(password: Secret, scrypt: Scrypt) -> AESGCM:
    """Made of 32 bytes of key. The same letters typed on another system give the same key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    typed = Secret(unicodedata.normalize("NFC", password.reveal()))
    most = 128 * scrypt.r * (scrypt.n + scrypt.p + 2)
    n, r, p, salt = scrypt.n, scrypt.r, scrypt.p, scrypt.salt
    return AESGCM(hashlib.scrypt(_bytes(typed), salt=salt, n=n, r=r, p=p, maxmem=most, dklen=32))


def _bytes(secret: Secret) -> bytes:
    return secret.reveal().encode("utf-8", "surrogatepass")


def _seal(sealer: AESGCM, value: bytes, bound: bytes) -> Sealed:
    nonce = secrets.token_bytes(12)
    return Sealed(nonce=nonce, text=sealer.encrypt(nonce, value, bound))


def _bound(what: str, scrypt: Scrypt, name: str = "") -> bytes:
    """What a seal is bound to: its purpose, the entry's name, and how the key was made."""
    return msgspec.json.encode([FORMAT, VERSION, scrypt, what, name])


def _digest(entries: dict[str, Sealed]) -> bytes:
    return hashlib.sha256(msgspec.json.encode(sorted(entries.items()))).digest()


def _password_in(path: Path) -> Secret:
    try:
        with path.open("rb") as file:
            line = file.readline(4_096)
    except OSError as error:
        shown = safe(str(path), one_line=True, limit=300)
        raise VaultError(f"{PASSWORD_FILE}: {shown} cannot be read: {error.strerror}.") from None
    return Secret(line.decode("utf-8", "replace").rstrip("\r\n"))
