"""Files that are whole or not there: a temporary neighbour, synced, renamed, the folder synced."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from launchready_tui.text import safe


class CannotWrite(OSError):
    """The record could not be written; what was there before still is."""

    def __init__(self, path: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        super().__init__(error.errno, reason, str(path))
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        place = safe(str(self.path), one_line=True, limit=300)
        return (
            f"{place} could not be written: {self.reason}. Nothing was lost; make room and retry."
        )


def write(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, durably, or raise CannotWrite and leave it as it was."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(
            prefix=f".{path.name}.", suffix=".tmp", dir=path.parent
        )
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        sync_folder(path.parent)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
        raise CannotWrite(path, error) from error


def remove(path: Path) -> None:
    """Take a file away, durably; one that is not there is fine."""
    try:
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)
    except OSError as error:
        raise CannotWrite(path, error) from error


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
