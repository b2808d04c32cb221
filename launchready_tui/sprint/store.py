"""The sprint on disk: one file per record, journalled, locked, and whole after any kill.

A change is acknowledged when its method returns: the journal line and the record are synced then.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from launchready_tui.env_record import EnvVariable, EnvVariables, Rotation, Rotations
from launchready_tui.given import (
    RouteException,
    RouteExceptions,
    Saying,
    StsEditions,
    Target,
    Told,
)
from launchready_tui.model import Attestation, Consent, Note, Record, ScopeRequest, Waiver
from launchready_tui.redact import redact
from launchready_tui.secret import Secret
from launchready_tui.sprint import atomic, evidence, launchfile
from launchready_tui.sprint.clock import ClockEvent, ClockState, looked
from launchready_tui.sprint.hold import Hold
from launchready_tui.sprint.journal import Journal, JournalEntry, new_id
from launchready_tui.sprint.launchfile import find_sprint
from launchready_tui.sprint.mail_records import MailRecords
from launchready_tui.sprint.records import (
    ATTEST,
    CLOCK,
    CONSENT,
    EXCEPTION,
    NOTE,
    REQUEST,
    ROTATION,
    SAYING,
    VARIABLE,
    WAIVE,
    RecordKind,
    SavedRun,
    cleaned,
    file_name,
)
from launchready_tui.sprint.shelves import Damage, Shelves
from launchready_tui.text import plural, safe

__all__ = ["Changed", "Damage", "Locked", "NotASprint", "SavedRun", "Store", "find_sprint"]

FOLDER = ".launchready"
_IGNORE = "lock\nlock.holder\n*.tmp\njournal.torn-*\n*.damaged-*\n"
_ATTRIBUTES = "journal.jsonl merge=union\n"
R = TypeVar("R", bound=Record)
Dated = TypeVar("Dated", Consent, ClockEvent)


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


class Store(MailRecords):
    """An opened sprint. Reads come from memory; each write is on disk when it returns."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self.root = root.absolute()
        self.folder = self.root / FOLDER
        if not (self.root / launchfile.NAME).is_file():
            raise NotASprint(self.root)
        self.target: Target = launchfile.read_target(self.root)
        self._hold = Hold(self.folder)
        self.read_only = read_only or not self._hold.take()
        self.lock_holder = self._hold.refused or "it was opened for reading"
        self._writing = threading.RLock()
        self._shelves = Shelves(self.folder)
        self._journal = Journal(self.folder / "journal.jsonl")
        self._shelves.load()
        try:
            if not self.read_only:
                self._repair()
        except atomic.CannotWrite as error:
            self._hold.release()
            self.read_only, self.lock_holder = True, str(error).rstrip(".")

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
        """Let go of the lock; everything is on disk already. From then on it only reads."""
        self._hold.release()
        if not self.read_only:
            self.read_only, self.lock_holder = True, "it was closed"

    # ------------------------------------------------------------ reading

    def attestations(self) -> dict[str, Attestation]:
        return {record.item: record for record in self._of(ATTEST, Attestation)}

    def waivers(self) -> dict[str, Waiver]:
        return {record.item: record for record in self._of(WAIVE, Waiver)}

    def sayings(self) -> Told:
        return Told(sayings=tuple(sorted(self._of(SAYING, Saying), key=lambda s: s.key)))

    def exceptions(self) -> RouteExceptions:
        records = self._of(EXCEPTION, RouteException)
        return RouteExceptions(exceptions=tuple(sorted(records, key=lambda one: one.route)))

    def variables(self) -> EnvVariables:
        held = sorted(self._of(VARIABLE, EnvVariable), key=lambda one: one.name)
        return EnvVariables(variables=tuple(held), kept=True)

    def rotations(self) -> Rotations:
        held = sorted(self._of(ROTATION, Rotation), key=lambda one: one.id)
        return Rotations(rotations=tuple(held), kept=True)

    def notes(self) -> tuple[Note, ...]:
        return tuple(sorted(self._of(NOTE, Note), key=lambda note: (note.at, note.id)))

    def scope_requests(self) -> tuple[ScopeRequest, ...]:
        return tuple(sorted(self._of(REQUEST, ScopeRequest), key=lambda r: (r.at, r.id)))

    def consents(self) -> tuple[Consent, ...]:
        return self._in_order(CONSENT, Consent)

    def clock(self) -> ClockState:
        consents = self.consents()
        return ClockState(
            started=consents[0].at if consents else None,
            events=self._in_order(CLOCK, ClockEvent),
            newest=self._journal.newest,
            ttl=self._shelves.ttl(),
        )

    def journal(self) -> tuple[JournalEntry, ...]:
        return tuple(self._journal.entries)

    def damaged(self) -> tuple[Damage, ...]:
        """Record files that could not be read, by file: kept as they are, left out of the count."""
        lines = self._journal.unreadable
        if not lines:
            return self._shelves.damaged()
        what = f"{plural(len(lines), 'line')} cannot be read; they are kept"
        journal = Damage(
            file=self._journal.path.name,
            message=f"{safe(str(self._journal.path), one_line=True)}, line {lines[0]}: {what}.",
            line=lines[0],
            expected=what,
        )
        return (*self._shelves.damaged(), journal)

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

    def keep_variable(self, record: EnvVariable, by: str, at: datetime) -> None:
        self._change(VARIABLE, record, by, at)

    def keep_rotation(self, record: Rotation, by: str, at: datetime) -> None:
        self._change(ROTATION, record, by, at)

    def except_route(self, record: RouteException) -> None:
        self._change(EXCEPTION, record, record.by, record.at)

    def end_exception(self, route: str, by: str, at: datetime) -> bool:
        """Take an exception off the record; False where none is kept for this route."""
        self._insist_on_writing()
        record = next((one for one in self.exceptions().exceptions if one.route == route), None)
        if record is None:
            return False
        path = f"{EXCEPTION.folder}/{file_name(EXCEPTION, record)}"
        with self._writing:
            self._commit(
                JournalEntry(
                    id=new_id(),
                    at=at.astimezone(UTC).replace(microsecond=0),
                    by=safe(redact(by), one_line=True, limit=200),
                    action=f"end of the {EXCEPTION.called} {route}",
                    path=path,
                    before=self._shelves.text(path),
                    after=None,
                )
            )
        return True

    def consent(self, record: Consent) -> None:
        self._change(CONSENT, record, record.by, record.at)

    def tick(self, record: ClockEvent) -> None:
        """Keep a pause or its end. A clock that was set back may not turn their order round."""
        newest = self._journal.newest
        at = max(record.at, newest) if newest else record.at
        self._change(CLOCK, replace(record, at=at), record.by, at)

    def remember(self, action: str, by: str) -> None:
        """Note in the journal what somebody did that changed no record."""
        self._insist_on_writing()
        with self._writing:
            shown = safe(redact(by), one_line=True, limit=200)
            self._journal.append(
                JournalEntry(id=new_id(), at=_now(), by=shown, action=action, path="")
            )

    def undo(self, by: str) -> JournalEntry | None:
        """Take back the newest change that stands, as a change of its own; None without one.

        A consent is not taken back: it was given. Raises Changed when the record no longer holds
        what that change wrote.
        """
        self._insist_on_writing()
        with self._writing:
            entry = self._journal.to_undo(never=CONSENT.folder)
            if entry is None:
                return None
            if self._shelves.text(entry.path) != entry.after:
                raise Changed(
                    f"{self._shelves.inside(entry.path)} was changed outside since: undoing"
                    f" {entry.told} would overwrite that. Edit the file instead."
                )
            self._commit(
                JournalEntry(
                    id=new_id(),
                    at=_now(),
                    by=safe(redact(by), one_line=True, limit=200),
                    action=f"undo of {entry.action}",
                    path=entry.path,
                    before=entry.after,
                    after=entry.before,
                    undoes=entry.id,
                )
            )
        return entry

    # ------------------------------------------------------------ evidence and runs

    def add_evidence(self, content: bytes | str, ext: str, known: Sequence[Secret] = ()) -> str:
        self._insist_on_writing()
        kept = evidence.redacted(content, ext, known)
        return evidence.add(self._shelves.inside(evidence.name_of(kept, ext)), kept)

    def evidence(self, ident: str) -> bytes:
        """Raises FileNotFoundError or EvidenceChanged."""
        return evidence.read(self.folder / "evidence", ident)

    def verify(self) -> tuple[str, ...]:
        """What is wrong with the evidence, in words: changed files, references to missing ones."""
        wrong = list(evidence.troubles(self.folder / "evidence"))
        referred = [(f"the answer to {a.item}", a.evidence) for a in self.attestations().values()]
        referred += [(f"the mail {m.kind}", (m.evidence,)) for m in self.mails().proofs]
        run = self.last_run()
        if run and run.facts:
            referred.append(("the last run", (run.facts,)))
        for who, idents in referred:
            for ident in idents:
                if evidence.place(self.folder / "evidence", ident) is None:
                    wrong.append(f"{who} rests on evidence {ident[:12]}…, which is missing")
        return tuple(wrong)

    def _saw(self, editions: StsEditions) -> None:
        self._insist_on_writing()
        with self._writing:
            self._shelves.write_editions(editions)

    def _editions(self) -> StsEditions | None:
        return self._shelves.editions()

    def write_run(self, run: SavedRun) -> None:
        self._insist_on_writing()
        with self._writing:
            self._shelves.write_run("last.toml", run)

    def saw_ttl(self, shown: int, at: datetime) -> None:
        """Remember the largest TTL of a run: when it was lowered decides when DNS may change."""
        self._insist_on_writing()
        with self._writing:
            self._shelves.write_ttl(looked(self._shelves.ttl(), shown, at))

    def last_run(self) -> SavedRun | None:
        """The newest run, unless launchready.toml has come to name another domain since."""
        run = self._shelves.run("last.toml")
        return run if run and run.domain in ("", self.target.domain) else None

    def baseline(self) -> SavedRun | None:
        return self._shelves.run("baseline.toml")

    # ------------------------------------------------------------ inside

    def _of(self, kind: RecordKind, type: type[R]) -> tuple[R, ...]:
        return tuple(self._shelves.of(kind, type).values())

    def _in_order(self, kind: RecordKind, type: type[Dated]) -> tuple[Dated, ...]:
        """By instant, and those of one second as they were recorded."""
        held = self._shelves.of(kind, type)
        place = self._journal.place
        return tuple(held[p] for p in sorted(held, key=lambda p: (held[p].at, place(p), p)))

    def _change(self, kind: RecordKind, record: Record, by: str, at: datetime) -> None:
        self._insist_on_writing()
        record = cleaned(record)
        shown = by if kind is CONSENT else str(getattr(record, kind.key))
        with self._writing:
            path, before, after = self._shelves.change(kind, record)
            self._commit(
                JournalEntry(
                    id=new_id(),
                    at=at.astimezone(UTC).replace(microsecond=0),
                    by=safe(redact(by), one_line=True, limit=200),
                    action=f"{kind.called} {safe(shown, one_line=True, limit=200)}",
                    path=path,
                    before=before,
                    after=after,
                )
            )

    def _commit(self, entry: JournalEntry) -> None:
        """Journal first, then the record: what lies between is redone when the sprint is opened."""
        self._journal.append(entry)
        try:
            self._shelves.apply(entry)
        except atomic.CannotWrite:
            self._journal.take_back(entry)
            raise

    def _repair(self) -> None:
        """Finish what a kill interrupted, and only that."""
        self._shelves.sweep()
        self._journal.repair()
        changes = [entry for entry in self._journal.entries if entry.path]
        if self._hold.after_kill and changes:
            self._redo(changes[-1])
        for name, content in ((".gitignore", _IGNORE), (".gitattributes", _ATTRIBUTES)):
            path = self.folder / name
            if not path.exists() and not path.is_symlink():
                atomic.write(path, content.encode())

    def _redo(self, entry: JournalEntry) -> None:
        """Write what was journalled and not written. A line that cannot be redone stays a line."""
        with contextlib.suppress(atomic.CannotWrite):
            if self._shelves.text(entry.path) == entry.before != entry.after:
                self._shelves.apply(entry)

    def _insist_on_writing(self) -> None:
        if self.read_only:
            raise Locked(f"This window only reads: {self.lock_holder}.")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
