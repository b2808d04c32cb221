"""The only place with policy: what an item is after people, how risks rank, GO or NO-GO.

Pure: the same catalogue, outcomes, answers, waivers and instant give the same verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from launchready_tui.catalogue import Catalogue
from launchready_tui.given import Target
from launchready_tui.model import Attestation, Item, Kind, Outcome, Record, Severity, State, Waiver
from launchready_tui.ranking import Risk, digest, ranked, risks_of, waivable
from launchready_tui.sprint.rules import LONGEST_WAIVER
from launchready_tui.text import plural

OPEN = (State.UNKNOWN, State.ERROR, State.TODO)
"""States in which nothing is known yet: never green, never red."""
AHEAD = timedelta(days=1)
"""What is dated further ahead than this was written by hand, or by a clock that was wrong."""
BREAKS_A_BAR = Severity.MEDIUM.damage
"""A clause of the minimum bar breaks from this damage on; remarks below it stay remarks."""


class ItemView(Record, frozen=True, kw_only=True):
    """An item as it stands. `severity` is that of its worst open finding, or its own while open."""

    item: Item
    state: State
    summary: str
    cause: str = ""
    stale: str = ""
    waits: bool = False
    """A signal that only waits for people's answers: nothing of its own to check or to ask."""
    severity: Severity | None = None
    outcome: Outcome | None = None
    attestation: Attestation | None = None
    waiver: Waiver | None = None
    risks: tuple[Risk, ...] = ()


class StageView(Record, frozen=True, kw_only=True):
    number: int
    done: int
    total: int
    blockers: int
    faults: int
    todo: int
    unknown: int


class Coverage(Record, frozen=True, kw_only=True):
    checked: int
    needs_you: int
    unknown: int
    error: int
    waiting: int
    """Signals that follow from answers which are still missing."""
    waived: int
    not_applicable: int
    total: int


class Verdict(Record, frozen=True, kw_only=True):
    word: str
    headline: str
    blockers: int
    coverage: Coverage
    items: dict[str, ItemView]
    risks: tuple[Risk, ...]
    bars: dict[str, State]
    stages: tuple[StageView, ...]
    unused_waivers: tuple[str, ...]
    """Items with a waiver that hides nothing: expired, or nothing left to accept."""


def subject_hash(item: Item, target: Target) -> str:
    """What an answer was given to: an edited question or another target makes it stale."""
    return digest(item.id, item.title, item.question, item.evidence, target.domain)


def judge(
    catalogue: Catalogue,
    target: Target,
    outcomes: Mapping[str, Outcome],
    attestations: Mapping[str, Attestation],
    waivers: Mapping[str, Waiver],
    now: datetime,
    *,
    seen_at: datetime | None = None,
    platform: str = "",
) -> Verdict:
    """Add what people answered and accepted to what machines saw.

    Args:
        seen_at: When the outcomes were observed; older than `stale_after` days is unknown.
        platform: The detected host's id, for the wording of the fixes.
    """
    at = _Case(target=target, now=now, seen_at=seen_at, platform=platform)
    views: dict[str, ItemView] = {}
    for item in sorted(catalogue.items, key=lambda item: bool(item.computed_from)):
        views[item.id] = _view(
            item, outcomes.get(item.id), attestations.get(item.id), waivers.get(item.id), views, at
        )
    risks = ranked(risk for view in views.values() for risk in view.risks)
    by_item: dict[str, list[Risk]] = {}
    for risk in risks:
        by_item.setdefault(risk.item, []).append(risk)
    items = {
        item.id: _with_risks(views[item.id], tuple(by_item.get(item.id, ())))
        for item in catalogue.items
    }
    coverage = _coverage(items.values())
    bars = {
        bar.id: _bar(items[item.id] for item in catalogue.of_bar(bar.id)) for bar in catalogue.bars
    }
    blockers = sum(1 for risk in risks if risk.severity is Severity.BLOCKER and not risk.waived)
    word = _word(items.values(), bars.values(), blockers)
    return Verdict(
        word=word,
        headline=_headline(word, blockers, coverage),
        blockers=blockers,
        coverage=coverage,
        items=items,
        risks=risks,
        bars=bars,
        stages=tuple(
            _stage(stage.number, [items[i.id] for i in catalogue.of_stage(stage.number)])
            for stage in catalogue.stages
        ),
        unused_waivers=tuple(
            sorted(i for i in waivers if i not in items or items[i].state is not State.WAIVED)
        ),
    )


# ---------------------------------------------------------------- one item


class _Case(Record, frozen=True, kw_only=True):
    target: Target
    now: datetime
    seen_at: datetime | None
    platform: str


def _view(
    item: Item,
    outcome: Outcome | None,
    attestation: Attestation | None,
    waiver: Waiver | None,
    before: Mapping[str, ItemView],
    case: _Case,
) -> ItemView:
    stale = _stale_answer(item, attestation, case) if attestation else ""
    answer = attestation if attestation and not stale else None
    state, summary, cause = _state(item, outcome, answer, before, case)
    if stale and state is State.TODO:
        cause = stale
    view = ItemView(
        item=item,
        state=state,
        summary=summary,
        cause=cause,
        stale=stale,
        waits=state is State.UNKNOWN and _waits(item, before),
        outcome=outcome,
        attestation=attestation,
        waiver=waiver,
    )
    if state is not State.FAIL or item.computed_from:
        return view
    found = None if outcome and only_asks(item, outcome) else outcome
    return _accepted(view, risks_of(item, found, answer, case.target, case.platform), case)


def _state(
    item: Item,
    outcome: Outcome | None,
    answer: Attestation | None,
    before: Mapping[str, ItemView],
    case: _Case,
) -> tuple[State, str, str]:
    """State, summary and cause before waivers."""
    if item.applies and case.target.traits.get(item.applies) is False:
        return State.NOT_APPLICABLE, f"launchready.toml says {item.applies} = false", ""
    if item.computed_from:
        tripped = _computed(item, before)
        if tripped[0] is not State.PASS or not item.question:
            return tripped
    if item.kind is Kind.PROBE:
        return _probed(item, outcome, case)
    asks = outcome is not None and only_asks(item, outcome)
    if outcome and outcome.state in (State.FAIL, State.ERROR) and outcome.findings and not asks:
        return outcome.state, outcome.summary, outcome.cause
    if answer:
        says = {"pass": State.PASS, "fail": State.FAIL, "n/a": State.NOT_APPLICABLE}[answer.says]
        return says, answer.note or f"answered by {answer.by}", ""
    if outcome and (outcome.state in (State.NOT_APPLICABLE, State.ERROR) or outcome.proven):
        return _probed(item, outcome, case)
    if outcome:
        return State.TODO, outcome.summary, outcome.cause or "a person has to confirm this"
    return State.TODO, "needs an answer", ""


def only_asks(item: Item, outcome: Outcome) -> bool:
    """Whether all that a machine found is a question, which a person's answer settles."""
    asking = {fault.code for fault in item.faults if fault.asks}
    return bool(outcome.findings) and all(found.code in asking for found in outcome.findings)


def _probed(item: Item, outcome: Outcome | None, case: _Case) -> tuple[State, str, str]:
    if outcome is None:
        return State.UNKNOWN, "not checked yet", "no check has run yet; press R to check the stage"
    settled = outcome.state in (State.PASS, State.NOT_APPLICABLE)
    if settled and case.seen_at is not None:
        age = case.now - case.seen_at
        if age < -AHEAD:
            cause = f"seen on {case.seen_at:%Y-%m-%d}, which is still to come: check again"
            return State.UNKNOWN, "seen at no time that can be", cause
        if age > timedelta(days=item.stale_after):
            return State.UNKNOWN, "seen too long ago", f"last seen {age.days} days ago: check again"
    return outcome.state, outcome.summary, outcome.cause


def _computed(item: Item, before: Mapping[str, ItemView]) -> tuple[State, str, str]:
    """A signal trips when one of its items fails; it is quiet only when all of them are settled."""
    sources = [before[i] for i in item.computed_from if i in before]
    tripped = [view.item.fail for view in sources if _trips(item, view)]
    if tripped:
        return State.FAIL, "; ".join(tripped), ""
    waiting = [view.item.title for view in sources if view.state in OPEN]
    if waiting:
        return State.UNKNOWN, "not known yet", "waits for: " + "; ".join(waiting)
    return State.PASS, "not tripped", ""


def _trips(item: Item, view: ItemView) -> bool:
    """Whether a source fails by what the signal is about: some items hold faults of two kinds.

    Where a person says that it fails, that is about all of it.
    """
    if view.state is not State.FAIL:
        return False
    named = {fault.code for fault in view.item.faults} & {*item.tripped_by}
    asks = view.outcome is not None and only_asks(view.item, view.outcome)
    found = {one.code for one in view.outcome.findings} if view.outcome and not asks else set()
    return not named or not found or bool(found & named)


def _waits(item: Item, before: Mapping[str, ItemView]) -> bool:
    """Whether all that is open among a signal's sources is for people to answer."""
    sources = [before[i] for i in item.computed_from if i in before]
    return bool(sources) and all(v.state is State.TODO for v in sources if v.state in OPEN)


def _stale_answer(item: Item, attestation: Attestation, case: _Case) -> str:
    if attestation.subject and attestation.subject != subject_hash(item, case.target):
        return "the question or the domain has changed since it was answered: answer again"
    if not attestation.by.strip():
        return "nobody's name stands under the answer: answer again"
    if attestation.says == "pass" and not (attestation.evidence or attestation.subject):
        return "a pass without evidence, written by hand: answer again"
    age = case.now - attestation.at
    if age < -AHEAD:
        return f"dated {attestation.at:%Y-%m-%d}, which is still to come: answer again"
    if age > timedelta(days=item.stale_after):
        return f"answered {age.days} days ago: answer again"
    return ""


def _accepted(view: ItemView, risks: tuple[Risk, ...], case: _Case) -> ItemView:
    """Apply a waiver: it covers what it names, until its day; what it does not name stays open."""
    waiver = view.waiver
    if waiver is None or not _holds(waiver, case.now):
        return replace(view, risks=risks)
    covered = tuple(
        replace(risk, waived=waiver)
        if risk.fingerprint in waiver.covers and waivable(view.item, risk.code)
        else risk
        for risk in risks
    )
    if covered and all(risk.waived for risk in covered):
        return replace(view, state=State.WAIVED, risks=covered)
    return replace(view, risks=covered)


def _holds(waiver: Waiver, now: datetime) -> bool:
    """Whether a waiver counts: the record is a file, so what was refused once is refused again."""
    named = waiver.by.strip() and waiver.why.strip()
    in_time = waiver.at <= now + AHEAD and now.date() <= waiver.until
    return bool(named) and in_time and waiver.until <= waiver.at.date() + LONGEST_WAIVER


def _with_risks(view: ItemView, risks: tuple[Risk, ...]) -> ItemView:
    severity: Severity | None = None
    if view.state is State.FAIL:
        open_risks = [risk.severity for risk in risks if not risk.waived]
        severity = max(open_risks, key=lambda s: s.damage, default=view.item.severity)
    elif view.state in OPEN:
        severity = view.item.severity
    return replace(view, risks=risks, severity=severity)


# ---------------------------------------------------------------- the whole


def _coverage(views: Iterable[ItemView]) -> Coverage:
    held = list(views)
    states = [view.state for view in held]
    waiting = sum(view.waits for view in held)
    count = states.count
    return Coverage(
        checked=count(State.PASS) + count(State.FAIL) + count(State.WAIVED),
        needs_you=count(State.TODO),
        unknown=count(State.UNKNOWN) - waiting,
        error=count(State.ERROR),
        waiting=waiting,
        waived=count(State.WAIVED),
        not_applicable=count(State.NOT_APPLICABLE),
        total=len(states),
    )


def _breaks_bar(view: ItemView) -> bool:
    return view.state is State.FAIL and (view.severity or view.item.severity).damage >= BREAKS_A_BAR


def _bar(views: Iterable[ItemView]) -> State:
    held = list(views)
    if any(_breaks_bar(view) for view in held):
        return State.FAIL
    for state in (State.ERROR, State.UNKNOWN, State.TODO, State.WAIVED):
        if any(view.state is state for view in held):
            return state
    return State.PASS if held else State.UNKNOWN


def _word(views: Iterable[ItemView], bars: Iterable[State], blockers: int) -> str:
    held = list(views)
    if blockers or any(state is State.FAIL for state in bars):
        return "NO-GO"
    if any(view.state in OPEN and view.item.severity is Severity.BLOCKER for view in held):
        return "NOT YET KNOWN"
    accepted = sum(view.state is State.WAIVED for view in held)
    return f"GO WITH {plural(accepted, 'ACCEPTED RISK')}" if accepted else "GO"


def _headline(word: str, blockers: int, coverage: Coverage) -> str:
    parts = [f"{coverage.checked} checked", f"{coverage.needs_you} need you"]
    if coverage.unknown:
        parts.append(f"{coverage.unknown} could not be checked")
    if coverage.error:
        parts.append(f"{coverage.error} our bug")
    if blockers or word == "NO-GO":
        parts.insert(0, plural(blockers, "blocker") if blockers else "the minimum bar is not met")
    return f"{word}: " + " · ".join(parts)


def _stage(number: int, views: list[ItemView]) -> StageView:
    states = [view.state for view in views]
    return StageView(
        number=number,
        done=sum(state not in OPEN for state in states),
        total=len(states),
        blockers=sum(
            risk.severity is Severity.BLOCKER and not risk.waived
            for view in views
            for risk in view.risks
        ),
        faults=states.count(State.FAIL),
        todo=states.count(State.TODO),
        unknown=sum(v.state in (State.UNKNOWN, State.ERROR) and not v.waits for v in views),
    )
