"""What a rung of the vault's ladder has to do, and how it refuses."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from launchready_tui.secret import Secret


class VaultError(Exception):
    """A refusal of the vault, in words that say what to do."""


class Locked(VaultError):
    """A password is wanted first."""


class Rung(Protocol):
    """Keeps the secrets of one project. Every call may raise VaultError."""

    @property
    def kind(self) -> str:
        """What it is, in a few words for a person."""

    @property
    def rests(self) -> bool:
        """Whether what it keeps outlives this session."""

    @property
    def locked(self) -> bool:
        """Whether a person has to open it before it gives or takes anything."""

    def get(self, name: str) -> Secret | None: ...

    def set(self, name: str, secret: Secret) -> None: ...

    def delete(self, name: str) -> None:
        """Take a secret away; one that is not there is fine."""

    def list(self) -> tuple[str, ...]:
        """Names of what is held, sorted; never values."""

    def clear(self) -> None:
        """Take away all of it, and what was only there to keep it."""

    def lock(self) -> None:
        """Let go of what opens it."""


@contextlib.contextmanager
def alone(
    lock: Path, *, seconds: float, busy: str, shown: str, private: bool = False, nests: bool = False
) -> Iterator[None]:
    """Nobody else writes while the block runs; the lock's folder is made where it is missing, and
    `private` makes it its owner's alone. `nests` lets the same thread take the lock once more.

    Raises VaultError: `busy` after `seconds`, or that `shown` cannot be written.
    """
    import filelock

    held = filelock.FileLock(lock, timeout=seconds, is_singleton=nests)
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        if private:
            lock.parent.chmod(0o700)
        held.acquire()
    except filelock.Timeout:
        raise VaultError(busy) from None
    except OSError as error:
        raise VaultError(f"{shown} cannot be written: {error.strerror}.") from None
    try:
        yield
    finally:
        held.release()
