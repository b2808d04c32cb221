"""The sprint on disk: one file per record, journalled, locked, and whole after any kill.

A change is acknowledged when its method returns: the journal line and the record are synced then.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from launchready_tui.given import (
    RouteException,
    Saying,
    StsEditions,
    Target,
)
from launchready_tui.model import Attestation, Consent, Note, Record, ScopeRequest, Waiver
from launchready_tui.records.env_record import EnvVariable, Rotation
from launchready_tui.records.ignore_record import IgnoredHit
from launchready_tui.records.trial_record import Trial
from launchready_tui.redact import redact
from launchready_tui.secret import Secret
from launchready_tui.sprint import atomic, evidence, launchfile
from launchready_tui.sprint.clock import ClockEvent, looked
from launchready_tui.sprint.hold import Hold
from launchready_tui.sprint.journal import Journal, JournalEntry, new_id
from launchready_tui.sprint.launchfile import find_sprint
from launchready_tui.sprint.mail_records import MailRecords
from launchready_tui.sprint.records import (
    ATTEST,
    CLOCK,
    CONSENT,
    EXCEPTION,
    IGNORE,
    NOTE,
    REQUEST,
    ROTATION,
    SAYING,
    TRIAL,
    VARIABLE,
    WAIVE,
    RecordKind,
    SavedRun,
    cleaned,
    file_name,
    secret_in,
)
from launchready_tui.sprint.shelves import Damage, Shelves
from launchready_tui.text import safe

__all__ = ["Changed", "Damage", "Locked", "NotASprint", "SavedRun", "Store", "find_sprint"]

FOLDER = ".launchready"
_IGNORE = "lock\nlock.holder\n*.tmp\njournal.torn-*\n*.damaged-*\n"
_ATTRIBUTES = "journal.jsonl merge=union\n"


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


class HoldsSecret(Exception):
    """A record would hold what looks like a secret, in a field that nobody types at length."""


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
        self._deed = ""
        super().__init__(Shelves(self.folder), Journal(self.folder / "journal.jsonl"))
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

    def keep_trial(self, record: Trial) -> None:
        self._change(TRIAL, record, record.by, record.at)

    def end_exception(self, route: str, by: str, at: datetime) -> bool:
        """Take an exception off the record; False where none is kept for this route."""
        held = self.exceptions().exceptions
        return self._end(EXCEPTION, (one for one in held if one.route == route), by, at)

    def ignore(self, record: IgnoredHit) -> None:
        self._change(IGNORE, record, record.by, record.at)

    def end_ignored(self, id: str, by: str, at: datetime) -> bool:
        """Take a record of a hit off again; False where there is none of this id."""
        return self._end(IGNORE, (one for one in self.ignored().hits if one.id == id), by, at)

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
            self._journal.append(_entry(action, by, _now()))

    @contextlib.contextmanager
    def one_deed(self) -> Iterator[None]:
        """What is written inside is undone together, also by a deed within it."""
        with self._writing:
            outer, self._deed = self._deed, self._deed or new_id()
            try:
                yield
            finally:
                self._deed = outer

    def undo(self, by: str) -> JournalEntry | None:
        """Take back the newest deed that stands, each of its changes by one of its own; the first
        of them, or None where nothing stands. A consent is not taken back: it was given.
        Raises Changed when the record no longer holds what that change wrote.
        """
        self._insist_on_writing()
        with self._writing:
            entries = self._journal.to_undo(never=CONSENT.folder)
            texts = {entry.path: self._shelves.text(entry.path) for entry in entries}
            for entry in entries:
                found, texts[entry.path] = texts[entry.path], entry.before
                if found != entry.after:
                    file = self._shelves.inside(entry.path)
                    raise Changed(
                        f"{file} was changed outside since: undoing {entry.told} would overwrite"
                        " that. Edit the file instead."
                    )
            for entry in entries:
                self._commit(entry.taken_back(_now(), safe(redact(by), one_line=True, limit=200)))
        return entries[-1] if entries else None

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
        referred += [(f"the trial of {t.id}", (t.evidence,)) for t in self.trials().trials]
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

    def _change(self, kind: RecordKind, record: Record, by: str, at: datetime) -> None:
        self._insist_on_writing()
        record = cleaned(record)
        if refused := secret_in(record):
            raise HoldsSecret(refused)
        shown = by if kind is CONSENT else str(getattr(record, kind.key))
        with self._writing:
            path, before, after = self._shelves.change(kind, record)
            action = f"{kind.called} {safe(shown, one_line=True, limit=200)}"
            self._commit(replace(_entry(action, by, at, path), before=before, after=after))

    def _end(self, kind: RecordKind, held: Iterable[Record], by: str, at: datetime) -> bool:
        """Take the first of these records off; False for none."""
        self._insist_on_writing()
        record = next(iter(held), None)
        if record is None:
            return False
        path = f"{kind.folder}/{file_name(kind, record)}"
        action = f"end of the {kind.called} {getattr(record, kind.key)}"
        with self._writing:
            before = self._shelves.text(path)
            self._commit(replace(_entry(action, by, at, path), before=before))
        return True

    def _commit(self, entry: JournalEntry) -> None:
        """Journal first, then the record: what lies between is redone when the sprint is opened."""
        if self._deed:
            entry = replace(entry, deed=self._deed)
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


def _entry(action: str, by: str, at: datetime, path: str = "") -> JournalEntry:
    """A line of the journal; what the record held before and holds after is for the caller."""
    shown = safe(redact(by), one_line=True, limit=200)
    at = at.astimezone(UTC).replace(microsecond=0)
    return JournalEntry(id=new_id(), at=at, by=shown, action=action, path=path)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
