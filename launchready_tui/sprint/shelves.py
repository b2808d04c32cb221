"""The record's files: one folder a kind, one file a record, what is broken told and kept."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from launchready_tui.badfile import BadFile, read_document
from launchready_tui.given import StsEditions
from launchready_tui.model import Record
from launchready_tui.sprint import atomic
from launchready_tui.sprint.atomic import CannotWrite, IsALink
from launchready_tui.sprint.clock import Ttl
from launchready_tui.sprint.journal import JournalEntry
from launchready_tui.sprint.records import (
    CONSENT,
    KINDS,
    Held,
    RecordKind,
    SavedRun,
    decoded,
    encoded,
    file_name,
)

R = TypeVar("R", bound=Record)
TTL = "runs/ttl.toml"
EDITIONS = "runs/mta-sts.toml"
_ONE_NAME = re.compile(r"[\w%-][\w.%-]*")


class Damage(Record, frozen=True, kw_only=True):
    """A record file that could not be read. It is left out of the count and never overwritten."""

    file: str
    message: str
    line: int | None = None
    key: str = ""
    expected: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        return self.message


class Shelves:
    """Everything below .launchready/ but the journal, the lock and the evidence."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._damage: dict[str, Damage] = {}
        self._held: dict[str, dict[str, Held]] = {}

    def load(self) -> None:
        """Read every record; what cannot be read is in `damaged`, and the rest counts."""
        self._damage.clear()
        self._held = {folder: dict(self._loaded(kind)) for folder, kind in KINDS.items()}

    def of(self, kind: RecordKind, type: type[R]) -> dict[str, R]:
        """The records of a kind by their path below the folder."""
        found = {}
        for name, held in self._held[kind.folder].items():
            if isinstance(held.record, type):
                found[f"{kind.folder}/{name}"] = held.record
        return found

    def damaged(self) -> tuple[Damage, ...]:
        return tuple(self._damage[name] for name in sorted(self._damage))

    def run(self, name: str) -> SavedRun | None:
        return self._one(f"runs/{name}", SavedRun)

    def write_run(self, name: str, run: SavedRun) -> None:
        ordered = replace(
            run,
            outcomes=dict(sorted(run.outcomes.items())),
            requests=dict(sorted(run.requests.items())),
        )
        self._write_one(f"runs/{name}", ordered)

    def ttl(self) -> Ttl | None:
        return self._one(TTL, Ttl)

    def write_ttl(self, ttl: Ttl) -> None:
        if ttl != self.ttl():
            self._write_one(TTL, ttl)

    def editions(self) -> StsEditions | None:
        return self._one(EDITIONS, StsEditions)

    def write_editions(self, editions: StsEditions) -> None:
        self._write_one(EDITIONS, editions)

    def _one(self, path: str, type: type[R]) -> R | None:
        held = self._read(path, type) if (self.folder / path).exists() else None
        return held.record if held else None

    def _write_one(self, path: str, record: Record) -> None:
        file = self.inside(path)
        if path in self._damage:
            atomic.set_aside(file, "damaged")
            del self._damage[path]
        atomic.write(file, encoded(record).encode())

    # ------------------------------------------------------------ one change

    def change(self, kind: RecordKind, record: Record) -> tuple[str, str | None, str]:
        """Path, text before and text after of writing a record; a broken file makes way first."""
        name = file_name(kind, record)
        path = f"{kind.folder}/{name}"
        file = self.inside(path)
        if kind is CONSENT:
            path, file = self._free(path, file)
        before = self.text(path)
        held = self._taken(kind, name) if before is not None and kind is not CONSENT else None
        if path in self._damage:
            atomic.set_aside(file, "damaged")
            del self._damage[path]
            before = None
        return path, before, encoded(record, held)

    def apply(self, entry: JournalEntry) -> None:
        """Bring the record's file and what is known of it to what an entry says."""
        file = self.inside(entry.path)
        if entry.after is None:
            atomic.remove(file)
        else:
            atomic.write(file, entry.after.encode())
        shelf = self._held[file.parent.name]
        shelf.pop(file.name, None)
        held = self._taken(KINDS[file.parent.name], file.name) if entry.after is not None else None
        if held is not None:
            shelf[file.name] = held

    def text(self, path: str) -> str | None:
        """What a record's file holds now, or None where there is none."""
        file = self.inside(path)
        try:
            return file.read_bytes().decode("utf-8", "replace")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise CannotWrite(file, error) from error

    def inside(self, path: str) -> Path:
        """Where `folder/name` lies. A link on the way could lead out of the record: refused."""
        folder, _, name = path.partition("/")
        place = self.folder / folder / name
        if folder not in {*KINDS, "runs", "evidence"} or not _ONE_NAME.fullmatch(name):
            raise CannotWrite(place, OSError(errno.EINVAL, "it is no place of a record"))
        if any(part.is_symlink() for part in (self.folder, place.parent, place)):
            raise CannotWrite(place, IsALink())
        return place

    def sweep(self) -> None:
        for name in ("", "evidence", "runs", *KINDS):
            atomic.sweep(self.folder / name)

    # ------------------------------------------------------------ reading

    def _loaded(self, kind: RecordKind) -> Iterator[tuple[str, Held]]:
        for name in self._names(kind.folder):
            if name.endswith(".toml") and not name.startswith("."):
                held = self._taken(kind, name)
                if held:
                    yield name, held

    def _names(self, kind: str) -> list[str]:
        """What lies in a folder. One that may not be read is damage: its records are not gone."""
        folder = self.folder / kind
        try:
            return sorted(path.name for path in folder.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            fault = BadFile(
                folder,
                f"the records in this folder cannot be read: {error.strerror}",
                suggestion="Give your user the right to read it.",
            )
            self._damage[kind] = _damage(kind, fault)
            return []

    def _taken(self, kind: RecordKind, name: str) -> Held | None:
        """A record that is whole and lies under its own name, or None and a line in `damaged`."""
        held = self._read(f"{kind.folder}/{name}", kind.type)
        wanted = file_name(kind, held.record) if held else name
        if wanted != name and kind is not CONSENT:
            fault = BadFile(
                self.folder / kind.folder / name,
                f"the file's name and its {kind.key} do not belong together",
                key=kind.key,
                suggestion=f"Name it {wanted}, or take it away.",
            )
            self._damage[f"{kind.folder}/{name}"] = _damage(f"{kind.folder}/{name}", fault)
            return None
        return held

    def _read(self, path: str, type: type[R]) -> Held | None:
        file = self.folder / path
        self._damage.pop(path, None)
        try:
            if file.is_symlink() or file.parent.is_symlink():
                raise BadFile(file, "expected a plain file, found a link")
            return decoded(read_document(file), type)
        except BadFile as fault:
            if os.path.lexists(file):  # else another window took it away between two looks
                self._damage[path] = _damage(path, fault)
            return None

    def _free(self, path: str, file: Path) -> tuple[str, Path]:
        """A name that is not taken: two consents of one second are two consents."""
        number, stem = 1, path.removesuffix(".toml")
        while file.exists():
            number += 1
            path = f"{stem}-{number}.toml"
            file = self.inside(path)
        return path, file


def _damage(path: str, fault: BadFile) -> Damage:
    return Damage(
        file=path,
        message=fault.message,
        line=fault.line,
        key=fault.key,
        expected=fault.expected,
        suggestion=fault.suggestion,
    )
