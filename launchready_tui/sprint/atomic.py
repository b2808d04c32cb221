"""Files that are whole or not there: a temporary neighbour, synced, renamed, the folder synced."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path

from launchready_tui.text import safe

SUFFIX = ".tmp"
_ADVICE = {
    errno.ENOSPC: "Make room on the disk and do it again.",
    errno.EDQUOT: "Make room in your quota and do it again.",
    errno.EFBIG: "Make room on the disk and do it again.",
    errno.EACCES: "Give your user the right to write there and do it again.",
    errno.EPERM: "Give your user the right to write there and do it again.",
    errno.EROFS: "The disk is mounted for reading only: copy the sprint to another one.",
    errno.ELOOP: "Replace the link by a plain file or folder.",
    errno.ENOTDIR: "A file lies where a folder belongs: move it away.",
    errno.EEXIST: "A file lies where a folder belongs: move it away.",
}


class CannotWrite(OSError):
    """The record could not be written; what was there before still is."""

    def __init__(self, path: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        super().__init__(error.errno, reason, str(path))
        self.path = path
        self.reason = reason

    @property
    def advice(self) -> str:
        return _ADVICE.get(self.errno or 0, "Look at the disk and do it again.")

    def __str__(self) -> str:
        place = safe(str(self.path), one_line=True, limit=300)
        return f"{place} could not be written: {self.reason}. Nothing was lost. {self.advice}"


class IsALink(OSError):
    """A symbolic link lies where we would write: it could lead anywhere."""

    def __init__(self) -> None:
        super().__init__(errno.ELOOP, "it is a link that leads elsewhere")


def write(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Replace `path` by `content`, durably, or raise CannotWrite and leave it as it was.

    `mode` is who may read it, before the user's umask: from its first byte on.
    """
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}{SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(mode, exist_ok=False)
        with temporary.open("r+b") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise CannotWrite(path, error) from error


def remove(path: Path) -> None:
    """Take a file away, durably; one that is not there is fine."""
    try:
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)
    except OSError as error:
        raise CannotWrite(path, error) from error


def set_aside(path: Path, word: str) -> Path:
    """Give a file a name of its own beside where it lay, such as `a.toml.damaged-1`."""
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.name}.{word}-{number}")):
        number += 1
    try:
        path.rename(aside)
        sync_folder(path.parent)
    except OSError as error:
        raise CannotWrite(path, error) from error
    return aside


def sweep(folder: Path) -> None:
    """Take away temporary files that a kill left behind."""
    for path in folder.glob(f".*{SUFFIX}"):
        with contextlib.suppress(OSError):
            path.unlink()


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    if os.name == "nt":
        return  # a folder cannot be opened there; the file system journals renames itself
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
