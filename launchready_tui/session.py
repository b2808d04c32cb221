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
from urllib.parse import urlsplit

from launchready_tui import __version__, ranking, verdict
from launchready_tui.catalogue import Catalogue, load
from launchready_tui.engine import Event, ItemJudged
from launchready_tui.model import (
    Attestation,
    Consent,
    Fact,
    Level,
    Note,
    Outcome,
    Saying,
    ScopeRequest,
    Target,
    Unknown,
    Waiver,
)
from launchready_tui.network import Options, Scope
from launchready_tui.recheck import Answered, Question, Recheck
from launchready_tui.sprint import clock, rules
from launchready_tui.sprint.clock import ClockEvent, ClockView
from launchready_tui.sprint.store import Changed, SavedRun, Store

if TYPE_CHECKING:
    from launchready_tui.facts.traffic import TrafficPath
    from launchready_tui.guide.state import GuideState
    from launchready_tui.network.seen import Request
    from launchready_tui.sprint.journal import JournalEntry
    from launchready_tui.verdict import Verdict

T = TypeVar("T")
F = TypeVar("F", bound=Fact)
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
        self.requests: tuple[Request, ...] = ()
        self.counts: dict[str, int] = {}
        self.notices: tuple[str, ...] = ()
        self._lock = threading.RLock()
        self._verdict: Verdict | None = None
        self._before: dict[str, Outcome] = {}
        self._facts: dict[str, Fact] | None = None
        saved = store.last_run()
        self.outcomes: dict[str, Outcome] = dict(saved.outcomes) if saved else {}
        self.seen_at: datetime | None = saved.at if saved else None
        self._facts_id = saved.facts if saved else ""
        if saved:
            self.counts = dict(saved.requests)

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
        return cls(Store.open(root, read_only=read_only), options or Options(), by=by, fixer=fixer)

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
            self.outcomes,
            self.store.attestations(),
            self.store.waivers(),
            now,
            seen_at=self.seen_at,
            platform=path.platform if path else "",
        )

    @property
    def facts(self) -> Mapping[str, Fact]:
        """Facts of the last run, read from its evidence when they are first asked for."""
        if self._facts is None:
            self._facts = self._saved_facts()
        return self._facts

    @property
    def traffic(self) -> TrafficPath | None:
        """The path that follows from the facts and from what people said since."""
        from launchready_tui.facts.cloudflare import Cloudflare
        from launchready_tui.facts.dns import DnsSetup
        from launchready_tui.facts.host import Platforms
        from launchready_tui.facts.repo import RepoFacts
        from launchready_tui.facts.traffic import TrafficPath, path_of

        if not isinstance(self.facts.get("TrafficPath"), TrafficPath):
            return None
        return path_of(
            self.target,
            self.store.sayings(),
            self._fact(DnsSetup),
            self._fact(Platforms),
            self._fact(Cloudflare),
            self._fact(RepoFacts),
        )

    def _fact(self, kind: type[F]) -> F | Unknown:
        held = self.facts.get(kind.__name__)
        return held if isinstance(held, kind) else Unknown(cause="not looked at yet")

    def before(self, item: str) -> Outcome | None:
        """What the item was before it was last checked, where that differs."""
        old = self._before.get(item)
        return old if old is not None and old != self.outcomes.get(item) else None

    @property
    def scope(self) -> Scope:
        """What the newest consent covers. Without one nothing may leave but DNS questions."""
        consents = self.store.consents()
        if not consents:
            return Scope(hosts=(), level=Level.PASSIVE, by="", named=())
        newest = consents[-1]
        return Scope(
            hosts=newest.hosts, level=newest.level, by=newest.by, named=_named(self.target)
        )

    # ------------------------------------------------------------ checking

    def recheck(
        self,
        items: Collection[str] | None = None,
        report: Callable[[Event], None] = lambda event: None,
        done: Callable[[str], None] = lambda trouble: None,
        *,
        saved: dict[str, Fact] | None = None,
    ) -> Recheck:
        """Check `items` (all for None) in the background.

        `report` and `done` are called in the checking thread; `done` gets an empty string, or in
        words why the results could not be kept.
        """
        wanted = tuple(item for item in self.catalogue.items if items is None or item.id in items)

        def reported(event: Event) -> None:
            if isinstance(event, ItemJudged):
                self._judged(event)
            report(event)

        def ended(result: Answered | BaseException) -> None:
            trouble = str(result) if isinstance(result, BaseException) else self._keep(result)
            done(trouble)

        question = Question(
            items=wanted,
            target=self.target,
            told=self.store.sayings(),
            scope=self.scope,
            options=self.options,
            saved=saved,
        )
        return Recheck(question, reported, ended).start()

    def _judged(self, event: ItemJudged) -> None:
        if event.outcome.cause == "cancelled" and event.item in self.outcomes:
            return
        with self._lock:
            if event.item in self.outcomes:
                self._before[event.item] = self.outcomes[event.item]
            self.outcomes = {**self.outcomes, event.item: event.outcome}
            self._verdict = None

    def _keep(self, result: Answered) -> str:
        """Write the run to the record; in words why not, when it could not be written."""
        from launchready_tui.facts import saved

        gathered = {n: f for n, f in result.run.facts.items() if n != "Moment"}
        with self._lock:
            self._facts = {**self.facts, **gathered}
            self.requests, self.counts = result.requests, result.counts
            self.seen_at = result.at
            self._verdict = None
            if self.read_only:
                return ""
            try:
                self._facts_id = self.store.add_evidence(saved.encode(self._facts), "json")
                self.store.write_run(
                    SavedRun(
                        at=result.at,
                        version=__version__,
                        facts=self._facts_id,
                        outcomes=self.outcomes,
                        requests=result.counts,
                    )
                )
            except OSError as error:
                return f"the results are on screen but could not be saved: {error}"
        return ""

    def _saved_facts(self) -> dict[str, Fact]:
        from launchready_tui.facts import saved

        if not self._facts_id:
            return {}
        try:
            return dict(saved.decode(self.store.evidence(self._facts_id)))
        except (OSError, ValueError) as error:
            self.notices = (*self.notices, f"the facts of the last run are not readable: {error}")
            return {}

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
        consent = Consent(by=self._who(by), at=_now(), level=level, hosts=_named(self.target))
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


def _named(target: Target) -> tuple[str, ...]:
    """The hosts a person typed: the domain and those of the extra addresses."""
    hosts = [urlsplit(url).hostname or "" for url in target.urls]
    return tuple(dict.fromkeys(host for host in [target.domain, *hosts] if host))


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
