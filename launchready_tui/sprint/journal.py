"""Every change, append-only: written and synced before the record it tells of.

A line holds the record's text before and after. That makes undo possible, shows who did what, and
repairs what a kill left between the two writes.
"""

from __future__ import annotations

import contextlib
import os
from datetime import datetime
from pathlib import Path

import msgspec

from launchready_tui.model import Record
from launchready_tui.sprint.atomic import CannotWrite, sync_folder


class JournalEntry(Record, frozen=True, kw_only=True):
    """One change. `before` and `after` are the record file's text; None where there was no file.

    `undoes` is the number of the entry that this one takes back, 0 for an ordinary change.
    """

    number: int
    at: datetime
    by: str
    action: str
    path: str
    before: str | None = None
    after: str | None = None
    undoes: int = 0

    @property
    def told(self) -> str:
        """The change in words: `answer to logs.review by Ana Ruiz`."""
        return f"{self.action} by {self.by}" if self.by else self.action


class Journal:
    """`journal.jsonl` in memory and on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: list[JournalEntry] = []
        self.unreadable = 0
        """Lines that are not ours to understand: kept in the file, never used."""
        self._torn = b""
        self._read()

    def _read(self) -> None:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        whole, newline, self._torn = content.rpartition(b"\n")
        for line in (whole + newline).splitlines():
            try:
                self.entries.append(_DECODER.decode(line))
            except (msgspec.DecodeError, msgspec.ValidationError):
                self.unreadable += bool(line.strip())

    def repair(self) -> None:
        """Cut off a last line that a kill left unfinished; it is kept beside the journal."""
        if not self._torn:
            return
        aside = self.path.with_name(f"journal.torn-{len(self.entries)}")
        with contextlib.suppress(OSError):
            aside.write_bytes(self._torn)
        with self.path.open("r+b") as file:
            file.truncate(file.seek(0, os.SEEK_END) - len(self._torn))
            os.fsync(file.fileno())
        self._torn = b""

    @property
    def next_number(self) -> int:
        return max((entry.number for entry in self.entries), default=0) + 1

    @property
    def newest(self) -> datetime | None:
        """The latest instant ever recorded: a clock that stands before it was set back."""
        return max((entry.at for entry in self.entries), default=None)

    def append(self, entry: JournalEntry) -> None:
        """Add a line, durably, or raise CannotWrite and leave the journal as it was."""
        line = msgspec.json.encode(entry) + b"\n"
        try:
            new = not self.path.exists()
            with self.path.open("ab", buffering=0) as file:
                start = file.tell()
                try:
                    if file.write(line) != len(line):
                        raise OSError(28, "no space left for the journal")
                    os.fsync(file.fileno())
                except OSError:
                    with contextlib.suppress(OSError):
                        os.ftruncate(file.fileno(), start)
                    raise
            if new:
                sync_folder(self.path.parent)
        except OSError as error:
            raise CannotWrite(self.path, error) from error
        self.entries.append(entry)

    def to_undo(self) -> JournalEntry | None:
        """The newest change that still stands: not an undo, and not undone."""
        undone = {entry.undoes for entry in self.entries if entry.undoes}
        standing = (e for e in reversed(self.entries) if not e.undoes and e.number not in undone)
        return next(standing, None)


_DECODER = msgspec.json.Decoder(JournalEntry)
