"""One sprint, opened: what the wizard and the command line call.

It joins the catalogue, the record, the engine and the verdict, and nothing else: it prints
nothing, draws nothing and holds no policy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from launchready_tui import authority, verdict
from launchready_tui.badfile import BadFile
from launchready_tui.catalogue import load
from launchready_tui.domain import BadInput
from launchready_tui.engine import Event, ItemJudged
from launchready_tui.given import (
    JUDGING_TRAITS,
    NO_PERMITS,
    Permits,
)
from launchready_tui.model import (
    Fact,
    Level,
    Outcome,
    fact_of,
)
from launchready_tui.network import Options
from launchready_tui.observations import Observations
from launchready_tui.recheck import RUN_SECONDS, Answered, Question, Recheck
from launchready_tui.recording.base import SessionError as SessionError
from launchready_tui.recording.mail_recording import MailRecording
from launchready_tui.recording.secret_recording import SecretRecording
from launchready_tui.recording.trial_recording import TrialRecording
from launchready_tui.sprint import clock, launchfile
from launchready_tui.sprint.clock import ClockView
from launchready_tui.sprint.store import Store
from launchready_tui.vault.keychain import Keychain

if TYPE_CHECKING:
    from launchready_tui.facts.env_map import MapRow
    from launchready_tui.facts.traffic import TrafficPath
    from launchready_tui.guide.state import GuideState
    from launchready_tui.mail.mail_view import MailView
    from launchready_tui.verdict import Verdict

T = TypeVar("T")
SECRETS = "secrets.scan"
Fixer = Callable[[str, str], str]
"""The lab's admin: takes a fault code and a subject, repairs it, says what was done."""


class Session(TrialRecording, MailRecording, SecretRecording):
    """A sprint with its verdict. Safe to call from the screen's thread while checks run."""

    def __init__(
        self, store: Store, options: Options, *, by: str = "", fixer: Fixer | None = None
    ) -> None:
        super().__init__(store, load(), by)
        self.options = options
        self.fixer = fixer
        self.inbox: Path | None = None
        """Where the app's mails arrive as `.eml` files, named by their kind: in the demo only."""
        self.seen = Observations(store)
        self.keychain = Keychain(self.target.domain, practice=fixer is not None)
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

    @property
    def env_rows(self) -> tuple[MapRow, ...]:
        """The env map: what the last run saw of settings, and what is on record of them."""
        from launchready_tui.facts.credentials import Credentials
        from launchready_tui.facts.env import EnvNames
        from launchready_tui.facts.env_files import EnvFiles
        from launchready_tui.facts.env_map import rows

        files, names = fact_of(self.facts, EnvFiles), fact_of(self.facts, EnvNames)
        return rows(files, names, self.store.variables(), fact_of(self.facts, Credentials))

    def mail_view(self) -> MailView:
        """The mail page: every kind's way, the sender side by side, who sends in our name."""
        from launchready_tui.mail.mail_view import view_of

        store, now = self.store, datetime.now(UTC)
        return view_of(self.target, self.facts, store.mails(), store.reports(), now)

    def before(self, item: str) -> Outcome | None:
        """What the item was before it was last checked, where that differs."""
        return self.seen.before(item)

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
                self.seen.judged(event, permits)
                self._changed()
            report(event)

        def ended(result: Answered | BaseException) -> None:
            if isinstance(result, BaseException):
                trouble = str(result)
            else:
                trouble = self.seen.keep(result, self.keychain.used())
            self._changed()
            done(trouble)

        probes = [probe for probe in self.catalogue.active if permits.allows(probe.id)]
        question = Question(
            items=wanted,
            target=self.target,
            told=self.store.sayings(),
            exceptions=self.store.exceptions(),
            mails=self.store.mails(),
            reports=self.store.reports(),
            policies=self.store.policies(),
            variables=self.store.variables(),
            rotations=self.store.rotations(),
            trials=self.store.trials(),
            ignored=self.store.ignored(),
            scope=authority.lowered(self.scope, probes),
            options=self.options,
            saved=saved,
            permits=permits,
            keys=self.keychain.keys(),
            prints=self.keychain.prints(),
            seconds=RUN_SECONDS + authority.seconds_of(probes),
        )
        return Recheck(question, reported, ended).start()

    def _changed(self) -> None:
        with self._lock:
            self._verdict = None

    def prepare(self) -> None:
        """Begin in the background with what the first check would have to wait for."""
        if self.target.repo and not self.read_only:
            from launchready_tui.secretscan import warm

            warm.prepare()

    def preparing(self, item: str) -> bool:
        """Whether an item's check waits for the scanner to be built."""
        if item != SECRETS or not self.target.repo:
            return False
        from launchready_tui.secretscan import warm

        return warm.preparing()

    def clock(self, now: datetime) -> ClockView:
        setup = self.facts.get("DnsSetup")
        ttl = getattr(setup, "max_ttl", 0)
        return clock.view(self.store.clock(), now, ttl=ttl)

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

    def calendar(self) -> str:
        """What comes due, as a calendar file: same record, same bytes."""
        from launchready_tui.guide.calendar import calendar

        return calendar(self.guide_state())

    def export(self, out: Path) -> Path:
        """Write the guide to `out` (a .md file, or a folder for HANDOVER.md) with its checksum, and
        its calendar file beside it; where the guide is.
        """
        from launchready_tui.guide import written

        guide = written.write(out, self.guide())
        written.write_calendar(guide.parent, self.calendar())
        return guide

    def export_calendar(self, out: Path) -> Path:
        """Write the calendar file alone: to an .ics file, or into a folder; where it is."""
        from launchready_tui.guide import written

        return written.write_calendar(out, self.calendar())

    def lab_fix(self, code: str, subject: str) -> str:
        """Let the lab's admin repair a fault. Raises SessionError outside the demo."""
        if self.fixer is None:
            raise SessionError(
                "Only the demo has an admin who repairs things. Follow the fix steps."
            )
        return self.fixer(code, subject)
