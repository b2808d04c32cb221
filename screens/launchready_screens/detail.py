"""An item in full: what we saw, why it matters, how to mend it, who does it, how it ranks."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from launchready_screens import paint
from launchready_screens.inks import GREEN, QUIET, STRONG, YELLOW
from launchready_screens.words import Word, day, of, of_severity, of_view
from launchready_tui.model import ActiveProbe, Kind, Note, Outcome, Record, Seen, State
from launchready_tui.ranking import Risk
from launchready_tui.text import plural
from launchready_tui.verdict import ItemView

SHOWN = 8
"""Places of one fault listed before the rest is counted."""
SEEN = 24
"""Observations listed before the rest is counted."""

PREPARING = "Preparing the scanner: the first time on a computer takes some seconds."


class Detail(Record, frozen=True, kw_only=True):
    """Everything a detail shows. `before` is the outcome of the check before, where it differs."""

    view: ItemView
    before: Outcome | None = None
    checking: bool = False
    preparing: bool = False
    """Its check waits for the scanner to be built."""
    seen_at: str = ""
    platform: str = ""
    notes: tuple[Note, ...] = ()
    probes: tuple[ActiveProbe, ...] = ()
    """What could be sent beyond a visitor's look."""
    fixable: bool = False
    """The lab's admin is there to repair it."""


def painted(detail: Detail, width: int, hide: paint.Hide) -> Content:
    """The detail, wrapped to `width`."""
    parts = [
        _top(detail, width, hide),
        _change(detail, width, hide),
        _question(detail, width),
        *_faults(detail, width, hide),
        _seen(detail, width, hide),
        *_people(detail, width, hide),
        _notes(detail, width, hide),
        _more(detail, width),
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
    if detail.checking and detail.preparing:
        rows.append(paint.wrapped(paint.text(PREPARING, QUIET), width))
    said = hide(view.cause or view.summary)
    if said and not (view.state is State.FAIL and view.risks) and not detail.checking:
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
    """After a recheck: what it was, what it is, and what of it is gone or new."""
    before, now = detail.before, detail.view.outcome
    if before is None or now is None or detail.checking:
        return paint.EMPTY
    was = {(f.code, f.subject) for f in before.findings}
    left = {(f.code, f.subject) for f in now.findings}
    rows = [
        paint.field("Before", _outcome_line(before, hide), width),
        paint.field("After", _outcome_line(now, hide), width),
    ]
    for sign, ink, changed in (("✓ gone", GREEN, was - left), ("✗ new", "", left - was)):
        for _, subject in sorted(changed)[:SHOWN]:
            told = paint.line(paint.text(f"{sign}  ", ink), paint.text(hide(subject)))
            rows.append(paint.field("", told, width))
    return paint.lines(rows)


def _outcome_line(outcome: Outcome, hide: paint.Hide) -> Content:
    word = Word("✗", "fault", "") if outcome.state is State.FAIL else of(outcome.state)
    said = hide(outcome.cause or outcome.summary)
    return paint.line(paint.text(f"{word.both}  ", word.ink), paint.text(said))


def _question(detail: Detail, width: int) -> Content:
    item = detail.view.item
    if not item.question:
        return paint.EMPTY
    rows = [paint.field("Question", paint.prose(item.question), width)]
    if item.evidence:
        rows.append(paint.field("Rests on", paint.prose(item.evidence), width))
    if detail.view.state is State.TODO:
        rows.append(paint.field("", paint.keycap("a", "to answer"), width))
    return paint.lines(rows)


def _faults(detail: Detail, width: int, hide: paint.Hide) -> Iterable[Content]:
    """Each kind of fault with where it is, why it matters and how it is mended."""
    view = detail.view
    kinds: dict[str, list[Risk]] = {}
    for risk in view.risks:
        kinds.setdefault(risk.code, []).append(risk)
    for risks in kinds.values():
        yield _fault(risks, detail.platform, width, hide, title=view.item.fail)
    if not kinds:
        yield _in_own_words(view, width)


def _fault(
    risks: list[Risk], platform: str, width: int, hide: paint.Hide, *, title: str
) -> Content:
    worst = risks[0]
    rows: list[Content] = []
    if worst.title != title:
        word = of_severity(worst.severity)
        head = paint.line(paint.text(f"{word.both}  ", word.ink), paint.text(worst.title, STRONG))
        rows.append(paint.wrapped(head, width, indent=2, first=0))
    for risk in risks[:SHOWN]:
        rows += _place(risk, width, hide)
    if len(risks) > SHOWN:
        more = paint.text(f"and {plural(len(risks) - SHOWN, 'more place')}: l shows all", QUIET)
        rows.append(paint.wrapped(more, width))
    label = f"Fix at {platform.title()}" if platform else "Fix"
    label = label if len(label) < 15 else "Fix"
    steps = paint.steps(paint.text(hide(step)) for step in worst.fix)
    rank = f"no. {worst.rank}   {worst.arithmetic}"
    rows.append(paint.field("Why it matters", paint.prose(worst.why), width))
    rows.append(paint.field(label, steps, width))
    if worst.who:
        rows.append(paint.field("Who", paint.text(worst.who), width))
    rows.append(paint.field("Rank", paint.text(rank, QUIET), width))
    return paint.lines(rows)


def _place(risk: Risk, width: int, hide: paint.Hide) -> Iterable[Content]:
    yield paint.field("Where", paint.text(hide(risk.subject)), width)
    if risk.observed and risk.observed != risk.subject:
        yield paint.field("What we saw", paint.prose(hide(risk.observed)), width)
    if risk.waived:
        until = f"accepted by {risk.waived.by} until {day(risk.waived.until)}"
        yield paint.field("", paint.text(hide(until), QUIET), width)


def _in_own_words(view: ItemView, width: int) -> Content:
    """An item in which nothing was found: why it is asked, and what to do while it is open."""
    rows = [paint.field("Why it matters", paint.prose(view.item.why), width)]
    if view.state not in (State.PASS, State.NOT_APPLICABLE):
        steps = paint.steps(paint.text(step) for step in view.item.fix)
        rows.append(paint.field("Fix", steps, width))
        rows.append(paint.field("Who", paint.text(view.item.who), width))
    return paint.lines(rows)


def _seen(detail: Detail, width: int, hide: paint.Hide) -> Content:
    seen = detail.view.outcome.seen if detail.view.outcome else ()
    if not seen:
        return paint.EMPTY
    head = f"Evidence  seen {detail.seen_at} or later" if detail.seen_at else "Evidence"
    rows = [paint.wrapped(paint.text(head, STRONG), width)]
    rows += [
        paint.wrapped(_observation(one, hide), width, indent=2, first=0) for one in seen[:SEEN]
    ]
    if len(seen) > SEEN:
        more = paint.text(f"and {plural(len(seen) - SEEN, 'more observation')}", QUIET)
        rows.append(paint.wrapped(more, width))
    return paint.lines(rows)


def _observation(one: Seen, hide: paint.Hide) -> Content:
    return paint.line(
        paint.text(f"{hide(one.label)}  ", QUIET),
        paint.text(hide(one.value)),
        paint.text(f"  ({hide(one.source)})" if one.source else "", QUIET),
    )


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


def _more(detail: Detail, width: int) -> Content:
    """What a person may allow beyond a visitor's look, and the secrets that it would need."""
    rows: list[Content] = []
    for number, probe in enumerate(detail.probes):
        rows.append(paint.field("" if number else "Could be tried", paint.text(probe.title), width))
    if detail.probes:
        rows.append(paint.field("", paint.keycap("t", "shows what it sends; asks first"), width))
    return paint.lines(rows)


def _foot(detail: Detail, width: int) -> Content:
    item = detail.view.item
    rows: list[Content] = []
    if detail.fixable:
        rows.append(paint.field("", paint.keycap("f", "lets the admin fix it, then r"), width))
    for reference in item.references[:2]:
        rows.append(paint.field("Read more", paint.text(reference, QUIET), width))
    rows.append(
        paint.field("Item", paint.text(f"{item.id}  {' '.join(item.roadmap)}", QUIET), width)
    )
    return paint.lines(rows)
