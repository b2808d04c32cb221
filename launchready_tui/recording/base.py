"""What people record in a sprint: answers, waivers, consents, notes, exceptions, pauses.

Each call checks the rules, is on disk when it returns, and is refused in a window that only reads.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal, TypeVar

from msgspec.structs import replace

from launchready_tui import authority, ranking, verdict
from launchready_tui.catalogue import Catalogue
from launchready_tui.given import MailProof, Permits, RouteException, Saying, Target
from launchready_tui.model import Attestation, Consent, Fact, Level, Note, ScopeRequest, Waiver
from launchready_tui.network import Scope
from launchready_tui.sprint import rules
from launchready_tui.sprint.clock import ClockEvent
from launchready_tui.sprint.store import Changed, HoldsSecret, Store

if TYPE_CHECKING:
    from launchready_tui.mail.received import Received
    from launchready_tui.sprint.journal import JournalEntry
    from launchready_tui.verdict import Verdict
    from launchready_tui.watch import Ended

T = TypeVar("T")


class SessionError(Exception):
    """A refusal, in words that say what to do."""


class Recording(ABC):
    """The writing half of a session."""

    def __init__(self, store: Store, catalogue: Catalogue, by: str) -> None:
        self.store = store
        self.catalogue = catalogue
        self.target: Target = store.target
        self.by = by or next((consent.by for consent in reversed(store.consents())), "")
        self._lock = threading.RLock()

    @property
    @abstractmethod
    def verdict(self) -> Verdict:
        """The verdict as of now."""

    @property
    @abstractmethod
    def facts(self) -> Mapping[str, Fact]:
        """What was seen last, by the name of its type."""

    @abstractmethod
    def _changed(self) -> None:
        """What was computed from the record has to be computed again."""

    @property
    def read_only(self) -> bool:
        return self.store.read_only

    @property
    def scope(self) -> Scope:
        """What the newest consent covers. Without one nothing may leave but DNS questions."""
        return authority.scope_of(self.store.consents(), self.target)

    def attest(
        self,
        item: str,
        says: Literal["pass", "fail", "n/a"],
        *,
        evidence: str = "",
        note: str = "",
        by: str = "",
    ) -> Attestation:
        """Keep an answer with its evidence. Raises SessionError where the rules refuse it."""
        asked = self.catalogue.item(item)
        who = self._who(by)
        self._insist(rules.check_attestation(asked, says, evidence, who))
        kept = (self.store.add_evidence(evidence, "txt"),) if evidence.strip() else ()
        answer = Attestation(
            item=item,
            by=who,
            at=now(),
            says=says,
            evidence=kept,
            note=note,
            subject=verdict.subject_hash(asked, self.target),
        )
        self._write(lambda: self.store.attest(answer))
        return answer

    def prove_mail(self, read: Received) -> MailProof:
        """Keep a mail that was read as the proof of its kind; what is kept is `read.text`."""
        self._who(read.proof.by)
        ident = self._write(lambda: self.store.add_evidence(read.text, "txt"))
        proof = replace(read.proof, evidence=ident)
        self._write(lambda: self.store.prove_mail(proof))
        return proof

    def waive(self, item: str, *, why: str, until: date, by: str = "") -> Waiver:
        """Accept what is open on an item, by name, until a day. Raises SessionError."""
        view = self.verdict.items[self.catalogue.item(item).id]
        who = self._who(by)
        if refused := self.unacceptable(view.item.id):
            raise SessionError(
                f"“{refused.title}” cannot be accepted: {refused.why} What helps: {refused.fix[0]}"
            )
        if not view.risks:
            raise SessionError(f"{item} has no open fault to accept; it is {view.state}.")
        self._insist(rules.check_waiver(view.item, why, until, now().date(), who))
        waiver = Waiver(
            item=item,
            by=who,
            at=now(),
            why=why,
            until=until,
            covers=tuple(sorted(risk.fingerprint for risk in view.risks)),
        )
        self._write(lambda: self.store.waive(waiver))
        return waiver

    def unacceptable(self, item: str) -> ranking.Risk | None:
        """What of an item nobody may accept, such as a committed secret."""
        view = self.verdict.items[item]
        return next((r for r in view.risks if not ranking.waivable(view.item, r.code)), None)

    def consent(self, level: Level, by: str = "") -> None:
        consent = Consent(
            by=self._who(by), at=now(), level=level, hosts=authority.named(self.target)
        )
        self._write(lambda: self.store.consent(consent))

    def say(self, key: str, value: str, *, by: str = "") -> None:
        """Correct a part of the traffic path; the sentence follows from the facts we have."""
        saying = Saying(key=key, value=value, by=self._who(by), at=now())
        self._write(lambda: self.store.say(saying))

    def note(self, item: str, text: str, *, by: str = "") -> None:
        note = Note(id=_stamp(), at=now(), by=self._who(by), item=item, text=text)
        self._write(lambda: self.store.note(note))

    def request(
        self,
        text: str,
        *,
        decision: Literal["open", "later", "swap", "quote", "refused"] = "open",
        effect: str = "",
        by: str = "",
    ) -> None:
        """Log a "can you also" with its decision."""
        asked = ScopeRequest(
            id=_stamp(), at=now(), by=self._who(by), request=text, decision=decision, effect=effect
        )
        self._write(lambda: self.store.request(asked))

    def except_route(self, record: RouteException) -> None:
        """Keep that a route bypasses a protection, and why. Raises SessionError."""
        self._insist(rules.check_exception(record))
        self._write(lambda: self.store.except_route(record))

    def end_exception(self, route: str, by: str = "") -> None:
        who = self._who(by)
        if not self._write(lambda: self.store.end_exception(route, who, now())):
            raise SessionError(f"{route} is not on record as an exception.")

    def end_ignored(self, id: str, by: str = "") -> None:
        who = self._who(by)
        if not self._write(lambda: self.store.end_ignored(id, who, now())):
            raise SessionError(f"{id} is not on record as a hit that is set aside.")

    def undo(self) -> str | None:
        """Take back the last change; in words what it was, or None when there is nothing."""
        try:
            entry = self._write(lambda: self.store.undo(self._who("")))
        except Changed as error:
            raise SessionError(str(error)) from None
        if entry is None:
            return None
        deed = [e for e in self.store.journal() if entry.deed and e.deed == entry.deed]
        return f"{entry.told} and {len(deed) - 1} more at once" if deed[1:] else entry.told

    def history(self, item: str) -> tuple[JournalEntry, ...]:
        """Every change of an item's records, oldest first."""
        names = {f"{kind}/{item}.toml" for kind in ("attest", "waive")}
        return tuple(entry for entry in self.store.journal() if entry.path in names)

    def unmasked(self) -> None:
        """Leave in the journal that somebody lifted the masks: that, and never what was seen."""
        if not self.read_only:
            self._write(lambda: self.store.remember("masks lifted", self.by))

    def keep_watch(self, ended: Ended) -> str:
        """Keep what a watched name said before and after; the id of the evidence."""
        from launchready_tui import proof

        return self._write(lambda: proof.keep(self.store, ended, self.by))

    def pause(self, reason: str) -> None:
        """Our time stands still from now; the 48 hours run on."""
        self._tick("paused", reason)

    def resume(self) -> None:
        self._tick("resumed", "")

    def _tick(self, what: Literal["paused", "resumed"], reason: str) -> None:
        event = ClockEvent(id=_stamp(), at=now(), by=self._who(""), what=what, reason=reason)
        self._write(lambda: self.store.tick(event))

    def allow(self, probes: Collection[str], by: str = "") -> Permits:
        """Allow active probes for one run: within the consent, and noted in the journal.

        Raises UnknownProbe, or SessionError where the consent does not go as far.
        """
        chosen = authority.probes_of(self.catalogue, probes)
        who = self._who(by)
        self._insist(authority.too_far(self.scope.level, chosen))
        ids = tuple(probe.id for probe in chosen)
        told = f"active probes allowed for one run: {', '.join(ids)}"
        self._write(lambda: self.store.remember(told, who))
        return Permits(probes=ids, by=who)

    # ------------------------------------------------------------ inside

    def _write(self, write: Callable[[], T]) -> T:
        """Every change passes here: refused when read-only, on disk when it returns."""
        self._insist_on_writing()
        with self._lock:
            try:
                written = write()
            except HoldsSecret as error:
                raise SessionError(str(error)) from None
            self._changed()
        return written

    def _insist_on_writing(self) -> None:
        if self.read_only:
            raise SessionError(
                f"This window only reads: {self.store.lock_holder}. Close the other one to write."
            )

    def _who(self, by: str) -> str:
        who = (by or self.by).strip()
        if not who:
            raise SessionError("Who says so? Give a name: it stands in the record and the guide.")
        return who

    def _insist(self, refusal: str | None) -> None:
        if refusal:
            raise SessionError(refusal)


def now() -> datetime:
    """The instant of a record: UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
