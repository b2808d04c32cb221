"""Every change, append-only: written and synced before the record it tells of.

A line holds the record's text before and after. That makes undo possible, shows who did what, and
repairs what a kill left between the two writes. Entries have ids, not numbers: git joins the lines
of two branches, and neither may be taken for the other's.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from launchready_tui.model import Record
from launchready_tui.sprint.atomic import CannotWrite, IsALink, sync_folder


class JournalEntry(Record, frozen=True, kw_only=True):
    """One change. `before` and `after` are the record file's text; None where there was no file.

    `undoes` is the id of the entry that this one takes back, empty for an ordinary change. Without
    a `path` it tells of something that was done and changed no record. Changes of one `deed` are
    taken back together.
    """

    id: str
    at: datetime
    by: str
    action: str
    path: str
    before: str | None = None
    after: str | None = None
    undoes: str = ""
    deed: str = ""

    @property
    def told(self) -> str:
        """The change in words: `answer to logs.review by Ana Ruiz`."""
        return f"{self.action} by {self.by}" if self.by else self.action

    def taken_back(self, at: datetime, by: str) -> JournalEntry:
        """The change that undoes this one."""
        return JournalEntry(
            id=new_id(),
            at=at,
            by=by,
            action=f"undo of {self.action}",
            path=self.path,
            before=self.after,
            after=self.before,
            undoes=self.id,
        )


def new_id() -> str:
    """Sortable by time and unlike any other, on this machine or another."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"


class Journal:
    """`journal.jsonl` in memory and on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: list[JournalEntry] = []
        self.unreadable: tuple[int, ...] = ()
        """Lines that are not ours to understand: kept in the file, never used."""
        self._ids: set[str] = set()
        self._torn = b""
        self._size = 0
        self._read()

    def _read(self) -> None:
        if self.path.is_symlink():
            return
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        whole, newline, self._torn = content.rpartition(b"\n")
        for number, line in enumerate((whole + newline).splitlines(), start=1):
            if line.strip() and not self._took(line):
                self.unreadable = (*self.unreadable, number)

    def _took(self, line: bytes) -> bool:
        try:
            entry = _DECODER.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
        if entry.id not in self._ids:
            self._ids.add(entry.id)
            self.entries.append(entry)
        return True

    def repair(self) -> None:
        """Cut off a last line that a kill left unfinished; it is kept beside the journal."""
        if not self._torn:
            return
        try:
            aside = self.path.with_name(f"journal.torn-{len(self.entries)}")
            with contextlib.suppress(OSError):
                aside.write_bytes(self._torn)
            with self.path.open("r+b") as file:
                file.truncate(file.seek(0, os.SEEK_END) - len(self._torn))
                os.fsync(file.fileno())
        except OSError as error:
            raise CannotWrite(self.path, error) from error
        self._torn = b""

    @property
    def newest(self) -> datetime | None:
        """The latest instant ever recorded: a clock that stands before it was set back."""
        return max((entry.at for entry in self.entries), default=None)

    def append(self, entry: JournalEntry) -> None:
        """Add a line, durably, or raise CannotWrite and leave the journal as it was."""
        line = msgspec.json.encode(entry) + b"\n"
        try:
            if self.path.is_symlink():
                raise IsALink
            new = not self.path.exists()
            with self.path.open("ab", buffering=0) as file:
                start = file.tell()
                try:
                    if file.write(line) != len(line):
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                    os.fsync(file.fileno())
                except OSError:
                    with contextlib.suppress(OSError):
                        os.ftruncate(file.fileno(), start)
                    raise
            if new:
                sync_folder(self.path.parent)
        except OSError as error:
            raise CannotWrite(self.path, error) from error
        self._size = len(line)
        self._ids.add(entry.id)
        self.entries.append(entry)

    def take_back(self, entry: JournalEntry) -> None:
        """Cut off the line just appended: its record could not be written, so nothing happened."""
        self.entries.remove(entry)
        self._ids.discard(entry.id)
        with contextlib.suppress(OSError), self.path.open("r+b") as file:
            file.truncate(file.seek(0, os.SEEK_END) - self._size)
            os.fsync(file.fileno())

    def place(self, path: str) -> int:
        """How many changes came before the first one of a record: order that no clock disturbs."""
        first = (n for n, entry in enumerate(self.entries) if entry.path == path)
        return next(first, len(self.entries))

    def to_undo(self, never: str) -> tuple[JournalEntry, ...]:
        """The newest change that still stands, with those of its deed, the newest first: no undo,
        not undone, not below `never`.
        """
        undone = {entry.undoes for entry in self.entries if entry.undoes}
        standing = [
            entry
            for entry in reversed(self.entries)
            if not entry.undoes
            and entry.path
            and entry.id not in undone
            and not entry.path.startswith(f"{never}/")
        ]
        deed = standing[0].deed if standing else ""
        return tuple(standing[:1] if not deed else [e for e in standing if e.deed == deed])


_DECODER = msgspec.json.Decoder(JournalEntry)
