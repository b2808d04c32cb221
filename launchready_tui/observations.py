"""What machines saw last: outcomes and facts of the newest run, kept in the record.

Checks report from a thread of their own while screens read: every change replaces a whole value
under one lock.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from launchready_tui import __version__
from launchready_tui.engine import ItemJudged
from launchready_tui.given import NO_PERMITS, NOT_TRIED, Permits, Target
from launchready_tui.model import Fact, Outcome, Seen, State, Unknown
from launchready_tui.recheck import Answered
from launchready_tui.secret import Secret
from launchready_tui.sprint.store import SavedRun, Store
from launchready_tui.text import plural

if TYPE_CHECKING:
    from launchready_tui.facts.traffic import TrafficPath
    from launchready_tui.network.seen import Request

F = TypeVar("F", bound=Fact)
CANCELLED = "cancelled"


class Observations:
    """The newest outcome of every item and the facts behind them.

    `seen_at` is when a run last covered everything there is to see: a check of some items alone
    makes the others no younger.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._before: dict[str, Outcome] = {}
        self._facts: dict[str, Fact] | None = None
        run = store.last_run()
        self.outcomes: dict[str, Outcome] = dict(run.outcomes) if run else {}
        self.seen_at: datetime | None = run.at if run else None
        self.counts: dict[str, int] = dict(run.requests) if run else {}
        self.requests: tuple[Request, ...] = ()
        self.trouble = ""
        """Why the facts of the last run cannot be read, in words; empty when they can."""
        self._facts_id = run.facts if run else ""

    @property
    def facts(self) -> Mapping[str, Fact]:
        """By type name; read from the evidence when they are first asked for."""
        with self._lock:
            if self._facts is None:
                self._facts = self._read()
            return self._facts

    def fact(self, kind: type[F]) -> F | Unknown:
        held = self.facts.get(kind.__name__)
        return held if isinstance(held, kind) else Unknown(cause="not looked at yet")

    def before(self, item: str) -> Outcome | None:
        """What the item was before it was last checked, where that differs."""
        old = self._before.get(item)
        return old if old is not None and old != self.outcomes.get(item) else None

    def traffic(self, target: Target) -> TrafficPath | None:
        """The path that follows from the facts and from what people said since."""
        from launchready_tui.facts.cloudflare import Cloudflare
        from launchready_tui.facts.dns import DnsSetup
        from launchready_tui.facts.host import Platforms
        from launchready_tui.facts.repo import RepoFacts
        from launchready_tui.facts.traffic import path_of

        if "TrafficPath" not in self.facts:
            return None
        return path_of(
            target,
            self._store.sayings(),
            self.fact(DnsSetup),
            self.fact(Platforms),
            self.fact(Cloudflare),
            self.fact(RepoFacts),
        )

    def judged(self, event: ItemJudged, permits: Permits = NO_PERMITS) -> None:
        """Take in an outcome as it comes. One that was cut short replaces nothing, and neither
        does one of a run that was not allowed to try what an earlier one tried: what a probe
        found stays until the probe is allowed again.
        """
        with self._lock:
            known = self.outcomes.get(event.item)
            cause = event.outcome.cause
            if known is not None and (cause == CANCELLED or cause.startswith(NOT_TRIED)):
                return
            if known is not None:
                self._before[event.item] = known
            outcome = with_probed(event.outcome, known, permits) if known else event.outcome
            self.outcomes = {**self.outcomes, event.item: outcome}

    def keep(self, result: Answered, known: Sequence[Secret] = ()) -> str:
        """Write the run to the record; in words why not, when it could not be written.

        `known` are the secrets that it used: none of them is kept, whoever said it.
        """
        from launchready_tui.facts import saved
        from launchready_tui.facts.mail_transport import MailTransport

        with self._lock:
            self._facts = {**self.facts, **_worth_keeping(result, self.facts)}
            self.requests, self.counts = result.requests, result.counts
            whole = not result.run.cancelled and set(result.run.outcomes) >= set(self.outcomes)
            self.seen_at = result.at if whole or self.seen_at is None else self.seen_at
            if self._store.read_only:
                return ""
            try:
                self._facts_id = self._store.add_evidence(saved.encode(self._facts), "json", known)
                self._store.write_run(
                    SavedRun(
                        at=self.seen_at,
                        version=__version__,
                        domain=self._store.target.domain,
                        facts=self._facts_id,
                        requests=self.counts,
                        outcomes=self.outcomes,
                    )
                )
                if shown := getattr(result.run.facts.get("DnsSetup"), "max_ttl", 0):
                    self._store.saw_ttl(shown, result.at)
                transport = result.run.facts.get("MailTransport")
                if isinstance(transport, MailTransport):
                    self._store.saw_policies(transport.editions(result.at))
            except OSError as error:
                return f"the results are on screen but could not be saved: {error}"
        return ""

    def _read(self) -> dict[str, Fact]:
        import launchready_tui.facts  # noqa: F401  registers the types that are read back
        from launchready_tui.facts import saved

        if not self._facts_id:
            return {}
        try:
            return dict(saved.decode(self._store.evidence(self._facts_id)))
        except (OSError, ValueError) as error:
            self.trouble = f"the facts of the last run are not readable: {error}"
            return {}


def with_probed(new: Outcome, known: Outcome, permits: Permits) -> Outcome:
    """The new outcome, with what only a probe had found that this run was not allowed to send.

    Where the item does not apply any more, what was found there has gone with it.
    """
    told = {(finding.code, finding.subject) for finding in new.findings}
    kept = tuple(
        finding
        for finding in known.findings
        if finding.probe
        and not permits.allows(finding.probe)
        and (finding.code, finding.subject) not in told
    )
    if not kept or new.state is State.NOT_APPLICABLE:
        return new
    probes = ", ".join(dict.fromkeys(finding.probe for finding in kept))
    count = plural(len(kept), "fault that a probe found", "faults that probes found")
    again = Seen(
        label="not tried again", value=f"{count}: allow {probes} to see whether it is gone"
    )
    return replace(
        new,
        state=new.state if new.state is State.ERROR else State.FAIL,
        summary=f"{count}, not tried again" if not new.findings else new.summary,
        findings=(*new.findings, *kept),
        seen=(*(line for line in new.seen if line.label != again.label), again),
        proven=False,
    )


def _worth_keeping(result: Answered, known: Mapping[str, Fact]) -> dict[str, Fact]:
    """What this run gathered, but for what it was kept from gathering."""
    return {
        name: gathered
        for name, gathered in result.run.facts.items()
        if not (isinstance(gathered, Unknown) and gathered.cause == CANCELLED and name in known)
    }
