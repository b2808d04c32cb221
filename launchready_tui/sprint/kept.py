"""What the record of a sprint holds, kind by kind, as it was read when it was opened."""

from __future__ import annotations

from typing import TypeVar

from launchready_tui.given import (
    RouteException,
    RouteExceptions,
    Saying,
    Told,
)
from launchready_tui.model import Attestation, Consent, Note, Record, ScopeRequest, Waiver
from launchready_tui.records.env_record import EnvVariable, EnvVariables, Rotation, Rotations
from launchready_tui.records.ignore_record import IgnoredHit, IgnoredHits
from launchready_tui.records.trial_record import LiveCredentials, Trial
from launchready_tui.sprint.clock import ClockEvent, ClockState
from launchready_tui.sprint.journal import Journal, JournalEntry
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
)
from launchready_tui.sprint.shelves import Damage, Shelves
from launchready_tui.text import plural, safe

R = TypeVar("R", bound=Record)
Dated = TypeVar("Dated", Consent, ClockEvent)


class Kept:
    """Reads come from memory; what cannot be read is told by `damaged` and left out of the rest."""

    def __init__(self, shelves: Shelves, journal: Journal) -> None:
        self._shelves = shelves
        self._journal = journal

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

    def trials(self) -> LiveCredentials:
        return LiveCredentials(trials=tuple(sorted(self._of(TRIAL, Trial), key=lambda t: t.id)))

    def ignored(self) -> IgnoredHits:
        held = sorted(self._of(IGNORE, IgnoredHit), key=lambda one: one.id)
        return IgnoredHits(hits=tuple(held))

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

    def _of(self, kind: RecordKind, type: type[R]) -> tuple[R, ...]:
        return tuple(self._shelves.of(kind, type).values())

    def _in_order(self, kind: RecordKind, type: type[Dated]) -> tuple[Dated, ...]:
        """By instant, and those of one second as they were recorded."""
        held = self._shelves.of(kind, type)
        place = self._journal.place
        return tuple(held[p] for p in sorted(held, key=lambda p: (held[p].at, place(p), p)))
