"""An item in full: what we saw, why it matters, how to mend it, who does it, how it ranks."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from launchready_screens import paint
from launchready_screens.inks import QUIET, STRONG, YELLOW
from launchready_screens.words import Word, day, of, of_severity, of_view
from launchready_tui.model import Kind, Note, Outcome, Record, Seen, State
from launchready_tui.ranking import Risk
from launchready_tui.verdict import ItemView

SHOWN = 8
"""Findings and observations listed before the rest is counted."""


class Detail(Record, frozen=True, kw_only=True):
    """Everything a detail shows. `before` is the outcome of the check before, where it differs."""

    view: ItemView
    before: Outcome | None = None
    checking: bool = False
    seen_at: str = ""
    platform: str = ""
    notes: tuple[Note, ...] = ()
    fixable: bool = False
    """The lab's admin is there to repair it."""


def painted(detail: Detail, width: int, hide: paint.Hide) -> Content:
    """The detail, wrapped to `width`."""
    parts = [
        _top(detail, width, hide),
        _change(detail, width, hide),
        _question(detail, width),
        *_findings(detail, width, hide),
        _seen(detail, width, hide),
        *_why_and_fix(detail, width, hide),
        *_people(detail, width, hide),
        _notes(detail, width, hide),
        _foot(detail, width),
    ]
    return paint.paragraphs(parts)


def _top(detail: Detail, width: int, hide: paint.Hide) -> Content:
    view = detail.view
    word = of_view(view, checking=detail.checking)
    title = view.item.fail if view.state in (State.FAIL, State.WAIVED) else view.item.title
    rows = [
        paint.wrapped(paint.text(title, STRONG), width),
        paint.wrapped(
            paint.line(paint.text(word.both, word.ink), paint.text(_kind(view), QUIET)), width
        ),
    ]
    said = hide(view.cause or view.summary)
    if said and view.state is not State.FAIL and not detail.checking:
        ink = YELLOW if view.state in (State.UNKNOWN, State.ERROR) else ""
        rows.append(paint.wrapped(paint.text(said, ink), width))
    return paint.lines(rows)


def _kind(view: ItemView) -> str:
    kind = {
        Kind.PROBE: "checked by machine",
        Kind.ASSISTED: "proposed by machine, confirmed by you",
        Kind.ATTEST: "answered by you",
        Kind.DELIVERABLE: "deliverable",
        Kind.SIGNAL: "failure signal",
    }[view.item.kind]
    extra = " · expert's extra" if view.item.origin == "expert" else ""
    return f"   {kind}{extra}"


def _change(detail: Detail, width: int, hide: paint.Hide) -> Content:
    """After a recheck: what it was, and what it is."""
    before, now = detail.before, detail.view.outcome
    if before is None or now is None or detail.checking:
        return paint.EMPTY
    return paint.lines(
        [
            paint.field("Before", _outcome_line(before, hide), width),
            paint.field("After", _outcome_line(now, hide), width),
        ]
    )


def _outcome_line(outcome: Outcome, hide: paint.Hide) -> Content:
    word = Word("✗", "fault", "") if outcome.state is State.FAIL else of(outcome.state)
    subject = f" · {outcome.findings[0].subject}" if outcome.findings else ""
    return paint.line(
        paint.text(word.both, word.ink), paint.text(f"  {hide(outcome.summary + subject)}")
    )


def _question(detail: Detail, width: int) -> Content:
    item = detail.view.item
    if not item.question:
        return paint.EMPTY
    rows = [paint.field("Question", paint.prose(item.question), width)]
    if item.evidence:
        rows.append(paint.field("Rests on", paint.prose(item.evidence), width))
    if detail.view.state is State.TODO:
        rows.append(paint.field("", _key("a", "to answer"), width))
    return paint.lines(rows)


def _findings(detail: Detail, width: int, hide: paint.Hide) -> Iterable[Content]:
    risks = detail.view.risks
    for risk in risks[:SHOWN]:
        yield _finding(risk, width, hide, alone=len(risks) == 1)
    if len(risks) > SHOWN:
        more = paint.text(f"and {len(risks) - SHOWN} more of them: l shows all", QUIET)
        yield paint.wrapped(more, width)


def _finding(risk: Risk, width: int, hide: paint.Hide, *, alone: bool) -> Content:
    rows: list[Content] = []
    if not alone:
        word = of_severity(risk.severity)
        head = paint.line(paint.text(word.both, word.ink), paint.text("  "), paint.text(risk.title))
        rows.append(paint.wrapped(head, width, indent=2, first=0))
    where = paint.text(hide(risk.subject))
    seen = paint.prose(hide(risk.observed))
    rows.append(paint.field("Where", where, width))
    if risk.observed and risk.observed != risk.subject:
        rows.append(paint.field("What we saw", seen, width))
    if risk.waived:
        until = f"accepted by {risk.waived.by} until {day(risk.waived.until)}"
        rows.append(paint.field("", paint.text(hide(until), QUIET), width))
    return paint.lines(rows)


def _seen(detail: Detail, width: int, hide: paint.Hide) -> Content:
    seen = detail.view.outcome.seen if detail.view.outcome else ()
    if not seen:
        return paint.EMPTY
    rows = [paint.field(one.label[:14], _observation(one, hide), width) for one in seen[:SHOWN]]
    if len(seen) > SHOWN:
        more = paint.text(f"and {len(seen) - SHOWN} more observations", QUIET)
        rows.append(paint.wrapped(more, width))
    head = f"Evidence  seen {detail.seen_at}" if detail.seen_at else "Evidence"
    return paint.lines([paint.wrapped(paint.text(head, QUIET), width), *rows])


def _observation(one: Seen, hide: paint.Hide) -> Content:
    source = paint.text(f"  ({hide(one.source)})" if one.source else "", QUIET)
    return paint.line(paint.text(hide(one.value)), source)


def _why_and_fix(detail: Detail, width: int, hide: paint.Hide) -> Iterable[Content]:
    """Once for every kind of fault found; for an item without findings, in its own words."""
    view = detail.view
    told: set[str] = set()
    for risk in view.risks:
        if risk.code not in told:
            told.add(risk.code)
            yield _remedy(risk.why, risk.fix, risk.who, risk, detail, width, hide)
    if not told:
        settled = view.state in (State.PASS, State.NOT_APPLICABLE)
        fix = () if settled else view.item.fix
        yield _remedy(view.item.why, fix, view.item.who, None, detail, width, hide)


def _remedy(
    why: str,
    fix: tuple[str, ...],
    who: str,
    risk: Risk | None,
    detail: Detail,
    width: int,
    hide: paint.Hide,
) -> Content:
    several = len({risk.code for risk in detail.view.risks}) > 1
    rows = [paint.wrapped(paint.text(risk.title, STRONG), width)] if risk and several else []
    rows.append(paint.field("Why it matters", paint.prose(why), width))
    if fix:
        label = f"Fix at {detail.platform}" if detail.platform and risk else "Fix"
        label = label if len(label) < 15 else "Fix"
        rows.append(paint.field(label, paint.steps(paint.text(hide(step)) for step in fix), width))
    if who and fix:
        rows.append(paint.field("Who", paint.text(who), width))
    if risk:
        sum_of = paint.text(f"{risk.arithmetic}", QUIET)
        rank = paint.line(paint.text(f"{risk.rank}. of all risks   "), sum_of)
        rows.append(paint.field("Rank", rank, width))
    return paint.lines(rows)


def _people(detail: Detail, width: int, hide: paint.Hide) -> Iterable[Content]:
    answer, waiver = detail.view.attestation, detail.view.waiver
    if answer:
        kept = "".join(f" · evidence {id[:8]}" for id in answer.evidence)
        said = f"“{answer.says}” by {answer.by}, {answer.at:%d %b %H:%M} UTC{kept}"
        rows = [paint.field("Answer", paint.text(hide(said)), width)]
        if answer.note:
            rows.append(paint.field("", paint.prose(hide(answer.note)), width))
        if detail.view.stale:
            rows.append(paint.field("", paint.text(detail.view.stale, YELLOW), width))
        yield paint.lines(rows)
    if waiver:
        said = f"by {waiver.by} until {day(waiver.until)} {waiver.until.year}: {waiver.why}"
        yield paint.field("Accepted", paint.prose(hide(said)), width)


def _notes(detail: Detail, width: int, hide: paint.Hide) -> Content:
    return paint.lines(
        paint.field(
            "Note", paint.prose(hide(f"{note.text} ({note.by}, {note.at:%d %b %H:%M})")), width
        )
        for note in detail.notes
    )


def _foot(detail: Detail, width: int) -> Content:
    item = detail.view.item
    rows: list[Content] = []
    if detail.fixable:
        rows.append(paint.field("", _key("f", "lets the lab's admin fix it, then r"), width))
    for reference in item.references[:2]:
        rows.append(paint.field("Read more", paint.text(reference, QUIET), width))
    rows.append(
        paint.field("Item", paint.text(f"{item.id}  {' '.join(item.roadmap)}", QUIET), width)
    )
    return paint.lines(rows)


def _key(key: str, does: str) -> Content:
    return paint.keycap(key, does)
