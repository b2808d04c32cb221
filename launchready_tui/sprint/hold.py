"""One writer per sprint: a lock that the system releases when its holder dies, and who holds it.

The note of who holds it is taken away by whoever closes the sprint. Where it is still there when
the lock is free, its writer was killed.
"""

from __future__ import annotations

import contextlib
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import filelock

from launchready_tui.sprint import atomic
from launchready_tui.text import safe


class Hold:
    """The lock of one record folder, held or not."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._note = folder / "lock.holder"
        # Not thread-local: a sprint may be opened in one thread and closed in another.
        self._lock = filelock.FileLock(self._path, timeout=0, thread_local=False)
        self.refused = ""
        """Why it could not be taken, in words."""
        self.after_kill = False
        """Whether the last writer did not live to close the sprint."""

    def take(self) -> bool:
        """Try once. A folder that may not be written is refused like one that is in use."""
        try:
            self._path.parent.mkdir(exist_ok=True)
            if self._path.is_symlink() or self._path.parent.is_symlink():
                raise atomic.IsALink
            self._lock.acquire()
            self.after_kill = self._note.exists()
            atomic.write(self._note, _who().encode())
        except filelock.Timeout:
            self.refused = f"{self._holder()} writes to this sprint"
            return False
        except OSError as error:
            self._lock.release()
            self.refused = f"its folder may not be written ({error.strerror or error})"
            return False
        return True

    def release(self) -> None:
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._note.unlink()
        self._lock.release()

    def _holder(self) -> str:
        try:
            with self._note.open("rb") as file:
                return safe(file.read(400), one_line=True, limit=200) or "another process"
        except OSError:
            return "another process"


def _who() -> str:
    since = datetime.now(UTC)
    return f"process {os.getpid()} on {platform.node()} since {since:%d %b %H:%M} UTC"
