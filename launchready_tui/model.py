"""The words of the house as frozen types: items, what checks may say, what people may add.

Everything here is a value. Nothing here reads a clock, a file or a socket.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NewType, TypeVar

import msgspec

Host = NewType("Host", str)
"""A host name in lower case A-label form without a trailing dot."""
FaultCode = NewType("FaultCode", str)
ItemId = NewType("ItemId", str)


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen, typed, serialisable value."""


class Fact(Record, frozen=True, kw_only=True, tag=True):
    """Something observed, gathered once per run by the one function that returns its type."""


F = TypeVar("F", bound=Fact)


def fact_of(facts: Mapping[str, Fact], kind: type[F]) -> F | None:
    """The one of a kind among facts by name; None where it was not looked at, or not told."""
    held = facts.get(kind.__name__)
    return held if isinstance(held, kind) else None


class Unknown(Fact, frozen=True, kw_only=True):
    """A value that could not be told, with the cause in words a person understands."""

    cause: str


class CouldNotTell(Exception):
    """Raised by a gatherer that cannot tell: its dependants become `unknown` with this cause."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class State(StrEnum):
    """What an item is, after machines and people. UNKNOWN and ERROR are never green."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "n/a"
    UNKNOWN = "unknown"
    ERROR = "error"
    TODO = "todo"
    WAIVED = "waived"


class Severity(StrEnum):
    BLOCKER = "blocker"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def damage(self) -> int:
        """5 for a blocker down to 1 for a remark; the `severity` of the ranking formula."""
        return {"blocker": 5, "high": 4, "medium": 3, "low": 2, "info": 1}[self.value]


class Impact(StrEnum):
    DATA = "data exposure"
    DOWNTIME = "downtime"
    LOGIN = "broken login"
    EMAIL = "email"
    OPERATIONS = "operations"

    @property
    def weight(self) -> float:
        return {
            "data exposure": 1.0,
            "downtime": 0.9,
            "broken login": 0.8,
            "email": 0.6,
            "operations": 0.4,
        }[self.value]


class Confidence(StrEnum):
    CONFIRMED = "confirmed"
    LIKELY = "likely"
    REVIEW = "review"

    @property
    def weight(self) -> float:
        return {"confirmed": 1.0, "likely": 0.7, "review": 0.35}[self.value]


class Exposure(StrEnum):
    ANONYMOUS = "anonymous"
    SIGNED_IN = "signed-in"
    INSIDER = "insider"

    @property
    def weight(self) -> float:
        return {"anonymous": 1.0, "signed-in": 0.8, "insider": 0.5}[self.value]


class Effort(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"

    @property
    def order(self) -> int:
        return {"minutes": 0, "hours": 1, "days": 2}[self.value]


class Kind(StrEnum):
    PROBE = "probe"
    ASSISTED = "assisted"
    ATTEST = "attest"
    DELIVERABLE = "deliverable"
    SIGNAL = "signal"


class Level(StrEnum):
    """How far a person has authorised us to go. Each level includes the ones before it."""

    PASSIVE = "passive"
    ACTIVE = "active"
    LOAD = "load"

    @property
    def order(self) -> int:
        return {"passive": 0, "active": 1, "load": 2}[self.value]


# ---------------------------------------------------------------- the catalogue


class Fault(Record, frozen=True, kw_only=True):
    """An entry of a checklist: what can be wrong with an item.

    `fix` steps may hold `{name}` placeholders, filled from a finding's `params`.
    `fix_at` maps a hosting platform's id (checklists/hosts.toml) to steps worded for it.
    """

    code: str
    title: str
    severity: Severity
    impact: Impact
    why: str
    fix: tuple[str, ...]
    fix_at: dict[str, tuple[str, ...]] = {}
    who: str = ""
    effort: Effort = Effort.HOURS
    exposure: Exposure = Exposure.ANONYMOUS
    references: tuple[str, ...] = ()
    waivable: bool = True
    asks: bool = False
    """An open question: by itself it makes its item ask a person, and an answer settles it."""


class Item(Record, frozen=True, kw_only=True):
    """A line of a stage's checklist.

    `needs` names what must be given before a machine can look: "domain", "repo" or "".
    `question` and `evidence` are what a person is asked and what the answer must rest on
    (attest, assisted, asked signals). `computed_from` lists items a signal is derived from:
    it trips when one of them fails, or with the faults of `tripped_by` alone, of items that hold
    some of those. `artefact` names what a deliverable consists of. `stale_after` is in days: an
    older answer or observation is asked again.
    """

    id: str
    stage: int
    kind: Kind
    roadmap: tuple[str, ...]
    title: str
    fail: str
    why: str
    severity: Severity
    impact: Impact
    who: str
    fix: tuple[str, ...]
    references: tuple[str, ...] = ()
    origin: Literal["roadmap", "expert"] = "roadmap"
    effort: Effort = Effort.HOURS
    stale_after: int = 30
    needs: Literal["", "domain", "repo"] = ""
    applies: str = ""
    question: str = ""
    evidence: str = ""
    artefact: str = ""
    computed_from: tuple[str, ...] = ()
    tripped_by: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = msgspec.field(default=(), name="fault")
    """Written as `[[item.fault]]`."""


class Stage(Record, frozen=True, kw_only=True):
    number: int
    id: str
    title: str
    short: str
    goal: str
    hours: int
    deliverable: str
    signals: tuple[str, ...]


class Bar(Record, frozen=True, kw_only=True):
    """One clause of the minimum bar: B1 to B11."""

    id: str
    title: str
    why: str


class Automation(Record, frozen=True, kw_only=True):
    """One thing worth automating: A1 to A8. `first` marks the pair a one-item budget buys."""

    id: str
    title: str
    why: str
    how: tuple[str, ...]
    items: tuple[str, ...]
    first: bool = False


class ActiveProbe(Record, frozen=True, kw_only=True):
    """A probe that sends more than a visitor would: told beforehand, allowed by a person, per run.

    `most` is the number of requests at most, to each host or route that `where` speaks of;
    `seconds` how long they go on at most; `keys` name the secrets it needs from the vault.
    """

    id: str
    title: str
    why: str
    sends: str
    where: str
    most: int
    seconds: int
    items: tuple[str, ...]
    level: Level = Level.ACTIVE
    keys: tuple[str, ...] = ()
    needs: str = ""
    """What has to be set up before it can do anything, in words."""


class KnownKey(Record, frozen=True, kw_only=True):
    """A secret that a check may use, for the person who gives it.

    `what` is what it lets a check see, `how` where it comes from. Each of `fields` is typed by
    itself; together they are kept as one secret, a line each.
    """

    id: str
    title: str
    what: str
    how: str
    fields: tuple[str, ...]


class NotNow(Record, frozen=True, kw_only=True):
    """What a sprint must not overbuild: N1 to N6. `said_when` names the moment to say so."""

    id: str
    title: str
    why: str
    instead: str
    revisit_when: str
    said_when: str


# ---------------------------------------------------------------- what a check says


class Finding(Record, frozen=True, kw_only=True):
    """A fault code at a subject, with what was observed there (redacted, through `text.safe`).

    `subject` is a host, URL, record, variable or file:line. `params` fill the fix's placeholders.
    """

    code: str
    subject: str
    observed: str
    params: dict[str, str] = {}
    confidence: Confidence = Confidence.CONFIRMED
    severity: Severity | None = None
    """None takes the fault's own severity; a check may lower or raise it by what it saw."""
    probe: str = ""
    """The active probe that showed it; empty where a plain look does. What only a probe shows is
    not gone because nobody allowed it again."""


class Seen(Record, frozen=True, kw_only=True):
    """One line of what was observed: a label, the value, and where it was read."""

    label: str
    value: str
    source: str = ""


class Outcome(Record, frozen=True, kw_only=True):
    """What a check says of an item. FAIL if and only if there are findings."""

    state: State
    """PASS, FAIL, NOT_APPLICABLE, UNKNOWN or ERROR: a machine neither waits nor accepts."""
    summary: str
    findings: tuple[Finding, ...] = ()
    seen: tuple[Seen, ...] = ()
    cause: str = ""
    proven: bool = False
    """Of an assisted item that passes: the machine saw all of it, so nobody has to confirm."""


# ---------------------------------------------------------------- what people record


class Attestation(Record, frozen=True, kw_only=True):
    """A person's answer. `subject` hashes question and target: edited questions make it stale."""

    item: str
    by: str
    at: datetime
    says: Literal["pass", "fail", "n/a"]
    evidence: tuple[str, ...] = ()
    """Evidence ids (sha256 of the redacted content), resolvable under .launchready/evidence/."""
    note: str = ""
    subject: str = ""


class Waiver(Record, frozen=True, kw_only=True):
    """An accepted risk: who, why, until when, and the fingerprints it covers."""

    item: str
    by: str
    at: datetime
    why: str
    until: date
    covers: tuple[str, ...] = ()


class Consent(Record, frozen=True, kw_only=True):
    """Who authorised which hosts at which level. A host covers itself and the names below it."""

    by: str
    at: datetime
    level: Level
    hosts: tuple[str, ...]
    until: datetime | None = None


class ScopeRequest(Record, frozen=True, kw_only=True):
    """A "can you also": logged with its decision and its effect, printed in the handover."""

    id: str
    at: datetime
    by: str
    request: str
    decision: Literal["open", "later", "swap", "quote", "refused"] = "open"
    effect: str = ""


class Note(Record, frozen=True, kw_only=True):
    id: str
    at: datetime
    by: str
    item: str
    text: str
