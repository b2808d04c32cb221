"""What a session does with secrets and leaves on record by name: kept, taken away, and hits of the
scan that somebody says are none.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from launchready_tui.recording.base import Recording, SessionError, now
from launchready_tui.secret import Secret
from launchready_tui.sprint import keys
from launchready_tui.vault.keychain import Keychain

if TYPE_CHECKING:
    from launchready_tui.records.ignore_record import IgnoredHit


class SecretRecording(Recording):
    """Every change is in the journal, never a value."""

    keychain: Keychain

    def keep_secret(self, name: str, secret: Secret) -> None:
        """Put a secret into the vault; the journal has its name. Raises VaultError."""
        self.keychain.put(name, secret)
        if self.keychain.rests:
            self._noted(keys.kept(name))

    def forget_secret(self, name: str) -> None:
        """Take a secret away. Raises VaultError."""
        self.keychain.forget(name)
        if self.keychain.rests:
            self._noted(keys.gone(name))

    def purge_secrets(self) -> tuple[str, ...]:
        """Take all of this sprint's secrets away; the names of what went. Raises VaultError."""
        gone = self.keychain.purge()
        if self.keychain.rests:
            self._noted(keys.purged(gone))
        return gone

    def _noted(self, action: str) -> None:
        """A window that only reads acts on the vault all the same; the guide then shows it open."""
        if not self.read_only:
            self._write(lambda: self.store.remember(action, self.by))

    def ignore_hit(
        self, place: str, *, reason: str, owner: str, expires: date, by: str = ""
    ) -> IgnoredHit:
        """Set a hit of the last secret scan aside. Raises SessionError where that is refused."""
        from launchready_tui.recording.ignoring import CannotIgnore, record_of
        from launchready_tui.secretscan.found import SecretScan

        who, scan = self._who(by), self.facts.get("SecretScan")
        if not isinstance(scan, SecretScan):
            raise SessionError(
                "No scan for secrets is on record here: launchready check --only secrets.scan"
            )
        at = now()
        try:
            record = record_of(
                scan, place, reason=reason, owner=owner, by=who, expires=expires, at=at
            )
        except CannotIgnore as error:
            raise SessionError(str(error)) from None
        self._write(lambda: self.store.ignore(record))
        return record
