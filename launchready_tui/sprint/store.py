"""The sprint on disk: one file per record, journalled, locked, and whole after any kill.

A change is acknowledged when its method returns: the journal line and the record are synced then.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import filelock

from launchready_tui.badfile import BadFile, read_toml
from launchready_tui.model import (
    Attestation,
    Consent,
    Note,
    Record,
    Saying,
    ScopeRequest,
    Target,
    Told,
    Waiver,
)
from launchready_tui.sprint import atomic, evidence, launchfile
from launchready_tui.sprint.clock import ClockEvent, ClockState
from launchready_tui.sprint.journal import Journal, JournalEntry
from launchready_tui.sprint.launchfile import find_sprint
from launchready_tui.sprint.records import (
    ATTEST,
    CLOCK,
    CONSENT,
    KINDS,
    NOTE,
    REQUEST,
    SAYING,
    WAIVE,
    RecordKind,
    SavedRun,
    cleaned,
    encoded,
    file_name,
)
from launchready_tui.text import safe

__all__ = ["Changed", "Damage", "Locked", "NotASprint", "SavedRun", "Store", "find_sprint"]

FOLDER = ".launchready"
_IGNORE = "lock\nlock.holder\n*.tmp\njournal.torn-*\n*.damaged-*\n"
_ATTRIBUTES = "journal.jsonl merge=union\n"
R = TypeVar("R", bound=Record)


class NotASprint(Exception):
    """There is no launchready.toml here."""

    def __init__(self, root: Path) -> None:
        self.root = root
        super().__init__(
            f"{safe(str(root), one_line=True)} holds no sprint. Start one with"
            " `launchready new DIR --domain …`, or with `launchready` in the client's folder."
        )


class Locked(Exception):
    """Another window writes to this sprint."""


class Changed(Exception):
    """A record was changed outside since: undoing would overwrite it."""


class Damage(Record, frozen=True, kw_only=True):
    """A record file that could not be read. It is kept and never overwritten."""

    file: str
    message: str

    def __str__(self) -> str:
        return self.message


class Store:
    """An opened sprint. Reads come from memory; each write is on disk when it returns."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self.root = root.absolute()
        self.folder = self.root / FOLDER
        if not (self.root / launchfile.NAME).is_file():
            raise NotASprint(self.root)
        self.target: Target = launchfile.read_target(self.root)
        self.lock_holder = "it was opened for reading"
        self._lock = filelock.FileLock(self.folder / "lock", timeout=0)
        self.read_only = read_only or not self._locked()
        self._journal = Journal(self.folder / "journal.jsonl")
        if not self.read_only:
            self._repair()
        self._damage: dict[Path, Damage] = {}
        self._records: dict[str, dict[str, Any]] = {
            kind.folder: dict(self._loaded(kind)) for kind in KINDS
        }

    @classmethod
    def open(cls, root: Path, *, read_only: bool = False) -> Store:
        """Raises NotASprint or BadFile. A sprint that another window holds opens read-only."""
        return cls(root, read_only=read_only)

    @classmethod
    def create(
        cls,
        root: Path,
        *,
        domain: str,
        repo: str = "",
        client: str = "",
        urls: tuple[str, ...] = (),
        by: str = "",
    ) -> Store:
        """Write launchready.toml and the record's folder, and open it. Raises BadInput."""
        launchfile.create(root.absolute(), domain=domain, repo=repo, client=client, urls=urls)
        return cls(root)

    def close(self) -> None:
        self._lock.release()

    # ------------------------------------------------------------ reading

    def attestations(self) -> dict[str, Attestation]:
        return {record.item: record for record in self._of(ATTEST, Attestation)}

    def waivers(self) -> dict[str, Waiver]:
        return {record.item: record for record in self._of(WAIVE, Waiver)}

    def sayings(self) -> Told:
        return Told(sayings=tuple(sorted(self._of(SAYING, Saying), key=lambda s: s.key)))

    def notes(self) -> tuple[Note, ...]:
        return tuple(sorted(self._of(NOTE, Note), key=lambda note: (note.at, note.id)))

    def scope_requests(self) -> tuple[ScopeRequest, ...]:
        return tuple(sorted(self._of(REQUEST, ScopeRequest), key=lambda r: (r.at, r.id)))

    def consents(self) -> tuple[Consent, ...]:
        return tuple(sorted(self._of(CONSENT, Consent), key=lambda consent: consent.at))

    def clock(self) -> ClockState:
        consents = self.consents()
        return ClockState(
            started=consents[0].at if consents else None,
            events=tuple(sorted(self._of(CLOCK, ClockEvent), key=lambda e: (e.at, e.id))),
            newest=self._journal.newest,
        )

    def journal(self) -> tuple[JournalEntry, ...]:
        return tuple(self._journal.entries)

    def damaged(self) -> tuple[Damage, ...]:
        """Record files that could not be read, by file: kept as they are, left out of the count."""
        found = [self._damage[path] for path in sorted(self._damage)]
        if self._journal.unreadable:
            count = self._journal.unreadable
            found.append(
                Damage(
                    file="journal.jsonl",
                    message=f"{self._journal.path}: {count} lines are not readable; they are kept.",
                )
            )
        return tuple(found)

    # ------------------------------------------------------------ writing

    def attest(self, record: Attestation) -> None:
        self._change(ATTEST, record, record.by, record.at)

    def waive(self, record: Waiver) -> None:
        self._change(WAIVE, record, record.by, record.at)

    def say(self, record: Saying) -> None:
        self._change(SAYING, record, record.by, record.at)

    def note(self, record: Note) -> None:
        self._change(NOTE, record, record.by, record.at)

    def request(self, record: ScopeRequest) -> None:
        self._change(REQUEST, record, record.by, record.at)

    def consent(self, record: Consent) -> None:
        self._change(CONSENT, record, record.by, record.at)

    def tick(self, record: ClockEvent) -> None:
        self._change(CLOCK, record, record.by, record.at)

    def undo(self, by: str) -> JournalEntry | None:
        """Take back the newest change that stands, as a change of its own; None without one.

        Raises Changed when the record no longer holds what that change wrote.
        """
        self._insist_on_writing()
        entry = self._journal.to_undo()
        if entry is None:
            return None
        path = self._inside(entry.path)
        if _text(path) != entry.after:
            raise Changed(
                f"{path} was changed outside since: undoing {entry.told} would overwrite that."
                " Edit the file instead."
            )
        self._commit(
            JournalEntry(
                number=self._journal.next_number,
                at=_now(),
                by=by,
                action=f"undo of {entry.action}",
                path=entry.path,
                before=entry.after,
                after=entry.before,
                undoes=entry.number,
            )
        )
        return entry

    # ------------------------------------------------------------ evidence and runs

    def add_evidence(self, content: bytes | str, ext: str) -> str:
        self._insist_on_writing()
        return evidence.add(self._inside("evidence"), content, ext)

    def evidence(self, ident: str) -> bytes:
        """Raises FileNotFoundError or EvidenceChanged."""
        return evidence.read(self.folder / "evidence", ident)

    def verify(self) -> tuple[str, ...]:
        """What is wrong with the evidence, in words: changed files, references to missing ones."""
        wrong = [
            f"evidence/{name} was changed after it was kept"
            for name in evidence.changed(self.folder / "evidence")
        ]
        referred = [(f"the answer to {a.item}", a.evidence) for a in self.attestations().values()]
        run = self.last_run()
        if run and run.facts:
            referred.append(("the last run", (run.facts,)))
        for who, idents in referred:
            for ident in idents:
                if not any((self.folder / "evidence").glob(f"{ident}.*")):
                    wrong.append(f"{who} rests on evidence {ident[:12]}…, which is missing")
        return tuple(wrong)

    def write_run(self, run: SavedRun) -> None:
        self._insist_on_writing()
        atomic.write(self._inside("runs/last.toml"), encoded(run).encode())

    def last_run(self) -> SavedRun | None:
        return self._run("last.toml")

    def baseline(self) -> SavedRun | None:
        return self._run("baseline.toml")

    def _run(self, name: str) -> SavedRun | None:
        path = self.folder / "runs" / name
        return self._read(path, SavedRun) if path.exists() else None

    # ------------------------------------------------------------ inside

    def _of(self, kind: RecordKind, type: type[R]) -> list[R]:
        return [
            record for record in self._records[kind.folder].values() if isinstance(record, type)
        ]

    def _loaded(self, kind: RecordKind) -> Iterator[tuple[str, Any]]:
        folder = self.folder / kind.folder
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            record = self._read(path, kind.type)
            if record is not None:
                yield path.name, record

    def _read(self, path: Path, type: type[R]) -> R | None:
        try:
            record = read_toml(path, type)
        except BadFile as error:
            self._damage[path] = Damage(file=str(path.relative_to(self.folder)), message=str(error))
            return None
        self._damage.pop(path, None)
        return record

    def _change(self, kind: RecordKind, record: Record, by: str, at: datetime) -> None:
        self._insist_on_writing()
        record = cleaned(record)
        name = file_name(kind, record)
        key = getattr(record, kind.key)
        shown = by if kind is CONSENT else str(key)
        path = self._inside(f"{kind.folder}/{name}")
        self._set_aside(path)
        self._commit(
            JournalEntry(
                number=self._journal.next_number,
                at=at,
                by=by,
                action=f"{kind.called} {shown}",
                path=f"{kind.folder}/{name}",
                before=_text(path),
                after=encoded(record),
            )
        )

    def _commit(self, entry: JournalEntry) -> None:
        """Journal first, then the record: what lies between is redone when the sprint is opened."""
        self._journal.append(entry)
        self._apply(entry)
        folder, _, name = entry.path.partition("/")
        kind = next(kind for kind in KINDS if kind.folder == folder)
        records = self._records[folder]
        records.pop(name, None)
        if entry.after is not None:
            record = self._read(self.folder / entry.path, kind.type)
            if record is not None:
                records[name] = record

    def _apply(self, entry: JournalEntry) -> None:
        path = self._inside(entry.path)
        if entry.after is None:
            atomic.remove(path)
        else:
            atomic.write(path, entry.after.encode())

    def _repair(self) -> None:
        """Finish what a kill interrupted, and only that."""
        self._journal.repair()
        last = self._journal.entries[-1] if self._journal.entries else None
        if last is not None and last.before != last.after:
            path = self._inside(last.path)
            if _text(path) == last.before:
                self._apply(last)
        for name, content in ((".gitignore", _IGNORE), (".gitattributes", _ATTRIBUTES)):
            if not (self.folder / name).exists():
                atomic.write(self.folder / name, content.encode())

    def _set_aside(self, path: Path) -> None:
        """A damaged record is never overwritten: it gets a name of its own first."""
        if path not in self._damage:
            return
        number = 1
        while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
            number += 1
        path.rename(aside)
        del self._damage[path]

    def _inside(self, relative: str) -> Path:
        """A path below the record's folder; a link that leads out of it is refused."""
        path = self.folder / relative
        if not path.parent.resolve().is_relative_to(self.folder.resolve()) or path.is_symlink():
            raise atomic.CannotWrite(path, OSError(40, "it is a link that leads elsewhere"))
        return path

    def _insist_on_writing(self) -> None:
        if self.read_only:
            raise Locked(f"This window only reads: {self.lock_holder}.")

    def _locked(self) -> bool:
        holder = self.folder / "lock.holder"
        try:
            self.folder.mkdir(exist_ok=True)
            self._lock.acquire()
            holder.write_text(
                f"process {os.getpid()} on {socket.gethostname()} since {_now():%d %b %H:%M} UTC"
            )
        except filelock.Timeout:
            who = safe(_text(holder) or "another process", one_line=True, limit=200)
            self.lock_holder = f"{who} writes to this sprint"
            return False
        except OSError as error:
            self.lock_holder = f"its folder may not be written ({error.strerror})"
            return False
        return True


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
