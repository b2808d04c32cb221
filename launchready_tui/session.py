"""One sprint, opened: what the wizard and the command line call.

It joins the catalogue, the record, the engine and the verdict, and nothing else: it prints
nothing, draws nothing and holds no policy.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from launchready_tui import authority, ranking, verdict
from launchready_tui.badfile import BadFile
from launchready_tui.catalogue import Catalogue, load
from launchready_tui.domain import BadInput
from launchready_tui.engine import Event, ItemJudged
from launchready_tui.given import (
    JUDGING_TRAITS,
    NO_PERMITS,
    Permits,
    RouteException,
    Saying,
    Target,
)
from launchready_tui.keychain import Keychain
from launchready_tui.model import (
    Attestation,
    Consent,
    Fact,
    Level,
    Note,
    Outcome,
    ScopeRequest,
    Waiver,
)
from launchready_tui.network import Options, Scope
from launchready_tui.observations import Observations
from launchready_tui.recheck import RUN_SECONDS, Answered, Question, Recheck
from launchready_tui.sprint import clock, launchfile, rules
from launchready_tui.sprint.clock import ClockEvent, ClockView
from launchready_tui.sprint.store import Changed, Store

if TYPE_CHECKING:
    from launchready_tui.facts.traffic import TrafficPath
    from launchready_tui.guide.state import GuideState
    from launchready_tui.sprint.journal import JournalEntry
    from launchready_tui.verdict import Verdict
    from launchready_tui.watch import Ended

T = TypeVar("T")
Fixer = Callable[[str, str], str]
"""The lab's admin: takes a fault code and a subject, repairs it, says what was done."""


class SessionError(Exception):
    """A refusal, in words that say what to do."""


class Session:
    """A sprint with its verdict. Safe to call from the screen's thread while checks run."""

    def __init__(
        self, store: Store, options: Options, *, by: str = "", fixer: Fixer | None = None
    ) -> None:
        self.store = store
        self.options = options
        self.catalogue: Catalogue = load()
        self.target: Target = store.target
        self.by = by or next((consent.by for consent in reversed(store.consents())), "")
        self.fixer = fixer
        self.seen = Observations(store)
        self.keychain = Keychain(self.target.domain, practice=fixer is not None)
        self._lock = threading.RLock()
        self._verdict: Verdict | None = None

    @classmethod
    def open(
        cls,
        root: Path,
        options: Options | None = None,
        *,
        read_only: bool = False,
        by: str = "",
        fixer: Fixer | None = None,
    ) -> Session:
        """Resume the sprint in `root`. Raises NotASprint or BadFile with what to do."""
        store = Store.open(root, read_only=read_only)
        session = cls(store, options or Options(), by=by, fixer=fixer)
        try:
            known = {*session.catalogue.traits, *JUDGING_TRAITS}
            launchfile.check_traits(store.root, session.target, known)
        except BadFile:
            store.close()
            raise
        return session

    @classmethod
    def create(
        cls,
        root: Path,
        *,
        domain: str,
        by: str,
        level: Level,
        repo: str = "",
        client: str = "",
        urls: Collection[str] = (),
        options: Options | None = None,
        fixer: Fixer | None = None,
    ) -> Session:
        """Write launchready.toml and the consent, and open the sprint. Raises BadInput."""
        if not by.strip():
            raise BadInput("by", "nobody authorises the checks.", "Give your name.")
        store = Store.create(root, domain=domain, repo=repo, client=client, urls=tuple(urls), by=by)
        session = cls(store, options or Options(), by=by, fixer=fixer)
        session.consent(level, by)
        return session

    def close(self) -> None:
        self.store.close()

    # ------------------------------------------------------------ what is known

    @property
    def read_only(self) -> bool:
        return self.store.read_only

    @property
    def verdict(self) -> Verdict:
        """The verdict as of now; computed again only after something changed."""
        with self._lock:
            if self._verdict is None:
                self._verdict = self.verdict_at(datetime.now(UTC))
            return self._verdict

    def verdict_at(self, now: datetime) -> Verdict:
        path = self.traffic
        return verdict.judge(
            self.catalogue,
            self.target,
            self.seen.outcomes,
            self.store.attestations(),
            self.store.waivers(),
            now,
            seen_at=self.seen.seen_at,
            platform=path.platform if path else "",
        )

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        return self.seen.outcomes

    @property
    def seen_at(self) -> datetime | None:
        return self.seen.seen_at

    @property
    def counts(self) -> Mapping[str, int]:
        """Requests the last run sent, by method and level."""
        return self.seen.counts

    @property
    def facts(self) -> Mapping[str, Fact]:
        return self.seen.facts

    @property
    def traffic(self) -> TrafficPath | None:
        return self.seen.traffic(self.target)

    def before(self, item: str) -> Outcome | None:
        """What the item was before it was last checked, where that differs."""
        return self.seen.before(item)

    @property
    def scope(self) -> Scope:
        """What the newest consent covers. Without one nothing may leave but DNS questions."""
        return authority.scope_of(self.store.consents(), self.target)

    # ------------------------------------------------------------ checking

    def recheck(
        self,
        items: Collection[str] | None = None,
        report: Callable[[Event], None] = lambda event: None,
        done: Callable[[str], None] = lambda trouble: None,
        *,
        saved: dict[str, Fact] | None = None,
        permits: Permits = NO_PERMITS,
    ) -> Recheck:
        """Check `items` (all for None) in the background, passively but for what `permits` allow.

        `report` and `done` are called in the checking thread; `done` gets an empty string, or in
        words why the results could not be kept.
        """
        wanted = tuple(item for item in self.catalogue.items if items is None or item.id in items)

        def reported(event: Event) -> None:
            if isinstance(event, ItemJudged):
                self.seen.judged(event)
                self._changed()
            report(event)

        def ended(result: Answered | BaseException) -> None:
            trouble = str(result) if isinstance(result, BaseException) else self.seen.keep(result)
            self._changed()
            done(trouble)

        probes = [probe for probe in self.catalogue.active if permits.allows(probe.id)]
        question = Question(
            items=wanted,
            target=self.target,
            told=self.store.sayings(),
            exceptions=self.store.exceptions(),
            scope=authority.lowered(self.scope, probes),
            options=self.options,
            saved=saved,
            permits=permits,
            keys=self.keychain.keys(),
            seconds=RUN_SECONDS + authority.seconds_of(probes),
        )
        return Recheck(question, reported, ended).start()

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

    def _changed(self) -> None:
        with self._lock:
            self._verdict = None

    # ------------------------------------------------------------ what people record

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
            at=_now(),
            says=says,
            evidence=kept,
            note=note,
            subject=verdict.subject_hash(asked, self.target),
        )
        self._write(lambda: self.store.attest(answer))
        return answer

    def waive(self, item: str, *, why: str, until: date, by: str = "") -> Waiver:
        """Accept what is open on an item, by name, until a day. Raises SessionError."""
        view = self.verdict.items[self.catalogue.item(item).id]
        who = self._who(by)
        refused = next((r for r in view.risks if not ranking.waivable(view.item, r.code)), None)
        if refused:
            raise SessionError(
                f"“{refused.title}” cannot be accepted: {refused.why} What helps: {refused.fix[0]}"
            )
        if not view.risks:
            raise SessionError(f"{item} has no open fault to accept; it is {view.state}.")
        self._insist(rules.check_waiver(view.item, why, until, _now().date(), who))
        waiver = Waiver(
            item=item,
            by=who,
            at=_now(),
            why=why,
            until=until,
            covers=tuple(sorted(risk.fingerprint for risk in view.risks)),
        )
        self._write(lambda: self.store.waive(waiver))
        return waiver

    def consent(self, level: Level, by: str = "") -> None:
        consent = Consent(
            by=self._who(by), at=_now(), level=level, hosts=authority.named(self.target)
        )
        self._write(lambda: self.store.consent(consent))

    def say(self, key: str, value: str, *, by: str = "") -> None:
        """Correct a part of the traffic path; the sentence follows from the facts we have."""
        saying = Saying(key=key, value=value, by=self._who(by), at=_now())
        self._write(lambda: self.store.say(saying))

    def note(self, item: str, text: str, *, by: str = "") -> None:
        note = Note(id=_stamp(), at=_now(), by=self._who(by), item=item, text=text)
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
            id=_stamp(), at=_now(), by=self._who(by), request=text, decision=decision, effect=effect
        )
        self._write(lambda: self.store.request(asked))

    def except_route(self, record: RouteException) -> None:
        """Keep that a route bypasses a protection, and why. Raises SessionError."""
        self._insist(rules.check_exception(record))
        self._write(lambda: self.store.except_route(record))

    def end_exception(self, route: str, by: str = "") -> None:
        who = self._who(by)
        if not self._write(lambda: self.store.end_exception(route, who, _now())):
            raise SessionError(f"{route} is not on record as an exception.")

    def undo(self) -> str | None:
        """Take back the last change; in words what it was, or None when there is nothing."""
        try:
            entry = self._write(lambda: self.store.undo(self._who("")))
        except Changed as error:
            raise SessionError(str(error)) from None
        return entry.told if entry else None

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

    def clock(self, now: datetime) -> ClockView:
        setup = self.facts.get("DnsSetup")
        ttl = getattr(setup, "max_ttl", 0)
        return clock.view(self.store.clock(), now, ttl=ttl)

    def _tick(self, what: Literal["paused", "resumed"], reason: str) -> None:
        event = ClockEvent(id=_stamp(), at=_now(), by=self._who(""), what=what, reason=reason)
        self._write(lambda: self.store.tick(event))

    # ------------------------------------------------------------ handing over

    def guide_state(self) -> GuideState:
        """All the guide may know, dated by the newest instant in the record, never by the clock."""
        from launchready_tui.guide.gathered import state_of

        facts = dict(self.facts)
        if path := self.traffic:
            facts["TrafficPath"] = path
        return state_of(self.catalogue, self.store, facts, self.verdict_at)

    def guide(self) -> str:
        """The handover guide as Markdown: same record, same bytes."""
        from launchready_tui.guide.handover import handover

        return handover(self.guide_state())

    def export(self, out: Path) -> Path:
        """Write the guide to `out` (a .md file, or a folder for HANDOVER.md) with its checksum."""
        from launchready_tui.guide import written

        return written.write(out, self.guide())

    def lab_fix(self, code: str, subject: str) -> str:
        """Let the lab's admin repair a fault. Raises SessionError outside the demo."""
        if self.fixer is None:
            raise SessionError(
                "Only the demo has an admin who repairs things. Follow the fix steps."
            )
        return self.fixer(code, subject)

    # ------------------------------------------------------------ inside

    def _write(self, write: Callable[[], T]) -> T:
        """Every change passes here: refused when read-only, on disk when it returns."""
        if self.read_only:
            raise SessionError(
                f"This window only reads: {self.store.lock_holder}. Close the other one to write."
            )
        with self._lock:
            written = write()
            self._verdict = None
        return written

    def _who(self, by: str) -> str:
        who = (by or self.by).strip()
        if not who:
            raise SessionError("Who says so? Give a name: it stands in the record and the guide.")
        return who

    def _insist(self, refusal: str | None) -> None:
        if refusal:
            raise SessionError(refusal)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
