"""How the launch stands: risks, answers, what is not known, accepted or left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from launchready_tui.guide.claims import STATES, day, seen, source, told
from launchready_tui.guide.first_page import as_of
from launchready_tui.guide.markdown import (
    Block,
    Inline,
    bullets,
    code,
    heading,
    line,
    paragraph,
    table,
    together,
    web,
    words,
)
from launchready_tui.guide.state import GuideState
from launchready_tui.model import State
from launchready_tui.ranking import Risk
from launchready_tui.verdict import ItemView


def risks(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Risks, most harmful first")
    open_risks = [risk for risk in state.verdict.risks if not risk.waived]
    signals = [v for v in state.in_state(State.FAIL) if not v.risks]
    if not open_risks and not signals:
        yield Block(
            "None open, because what was checked and answered holds or was accepted. What is not "
            "known stands below."
        )
        return
    if open_risks:
        yield table(
            ["Rank", "Severity", "What is wrong", "Where", "What it hurts", "Source"],
            [_risk_row(risk, state) for risk in open_risks],
        )
    for risk in open_risks:
        yield from _mend(risk)
    if signals:
        yield paragraph(Inline("Failure signals that follow from the above:"))
        yield bullets(
            line("{}: {}", words(view.item.fail), words(view.summary)) for view in signals
        )


def _risk_row(risk: Risk, state: GuideState) -> tuple[Inline, ...]:
    return (
        Inline(str(risk.rank)),
        words(str(risk.severity)),
        words(risk.title),
        code(risk.subject),
        words(str(risk.impact)),
        source(state.verdict.items[risk.item], state),
    )


def _mend(risk: Risk) -> Iterator[Block]:
    yield paragraph(
        line("**{}. {}** at {}.", Inline(str(risk.rank)), words(risk.title), code(risk.subject)),
        words(risk.why),
    )
    yield bullets(_mending(risk))


def _mending(risk: Risk) -> Iterator[Inline]:
    if risk.observed:
        yield line("What we saw: {}", code(risk.observed))
    for number, step in enumerate(risk.fix, start=1):
        yield line("Step {}: {}", Inline(str(number)), words(step))
    if risk.who:
        yield line("Who can do it: {}", words(risk.who))
    if risk.references:
        yield line("Read: {}", together(web(url) for url in risk.references))


def answers(state: GuideState) -> Iterator[Block]:
    yield heading(2, "What people answered")
    views = [view for view in state.verdict.items.values() if view.attestation]
    if not views:
        yield Block("None recorded, because nobody has answered a question yet.")
    else:
        yield table(
            ["Question", "Answer", "Note", "Source"],
            [_answer_row(view) for view in views],
        )
    yield from _notes(state)


def _answer_row(view: ItemView) -> tuple[Inline, ...]:
    answer = view.attestation
    assert answer is not None
    says = {"pass": "yes, it holds", "fail": "no, it does not", "n/a": "does not apply"}[
        answer.says
    ]
    shown = (
        line("{}; not current: {}", words(says), words(view.stale)) if view.stale else words(says)
    )
    return (
        words(view.item.title),
        shown,
        words(answer.note),
        told(answer.by, answer.at, answer.evidence),
    )


def _notes(state: GuideState) -> Iterator[Block]:
    if state.notes:
        yield heading(3, "Notes")
        yield bullets(
            line("{}: {} ({})", code(note.item), words(note.text), told(note.by, note.at))
            for note in state.notes
        )


def not_known(state: GuideState) -> Iterator[Block]:
    yield heading(2, "What is not known")
    yield paragraph(Inline("Not known is neither good nor bad. Each line says why it is open."))
    open_views = state.in_state(State.UNKNOWN, State.ERROR, State.TODO)
    if not open_views:
        yield Block("None, because every item has been checked or answered.")
        return
    yield table(
        ["Item", "State", "Why", "If it goes wrong"],
        [
            (
                line("{} ({})", words(view.item.title), code(view.item.id)),
                STATES[view.state],
                words(view.cause or view.summary),
                words(f"{view.item.severity}: {view.item.impact}"),
            )
            for view in open_views
        ],
    )


def accepted(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Accepted risks")
    rows = [_accepted_row(risk) for risk in state.verdict.risks if risk.waived]
    if rows:
        yield table(["What is accepted", "Where", "By", "Why", "Until"], rows)
    else:
        yield Block("None, because nobody has accepted a risk.")
    unused = state.verdict.unused_waivers
    if unused:
        yield paragraph(
            line(
                "Acceptances that hide nothing, as they have expired or the fault is gone: {}.",
                together(code(item) for item in unused),
            )
        )


def _accepted_row(risk: Risk) -> tuple[Inline, ...]:
    waiver = risk.waived
    assert waiver is not None
    return (
        words(risk.title),
        code(risk.subject),
        told(waiver.by, waiver.at),
        words(waiver.why),
        day(waiver.until),
    )


def scope(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Asked for outside the sprint")
    if not state.requests:
        yield Block("None, because no further request was recorded.")
        return
    yield table(
        ["Request", "Decision", "Effect", "Source"],
        [
            (
                words(request.request),
                words(request.decision),
                words(request.effect),
                told(request.by, request.at),
            )
            for request in state.requests
        ],
    )


def not_on_purpose(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Not done on purpose")
    if not state.catalogue.not_now:
        yield Block("None, because these checklists leave nothing out on purpose.")
        return
    yield paragraph(
        Inline("A first launch does not need these. Each says what serves instead, and until when.")
    )
    yield table(
        ["Left out", "What serves instead", "Look again when"],
        [
            (words(e.title), words(e.instead), words(e.revisit_when))
            for e in state.catalogue.not_now
        ],
    )


def results(state: GuideState) -> Iterator[Block]:
    """The appendix: every item with its state, so that nothing green is only claimed."""
    yield heading(2, "What was checked")
    yield as_of(state)
    if state.clock:
        yield paragraph(words(state.clock))
    yield table(["Minimum bar", "State"], _bars(state)) if state.catalogue.bars else Block("")
    for stage in state.catalogue.stages:
        views = [v for v in state.verdict.items.values() if v.item.stage == stage.number]
        if views:
            yield paragraph(line("**Stage {}: {}**", Inline(str(stage.number)), words(stage.title)))
            yield table(["Item", "State", "What was found", "Source"], _result_rows(views, state))


def _bars(state: GuideState) -> Iterable[tuple[Inline, Inline]]:
    return [
        (words(f"{bar.id} {bar.title}"), STATES[state.verdict.bars.get(bar.id, State.UNKNOWN)])
        for bar in state.catalogue.bars
    ]


def _result_rows(views: list[ItemView], state: GuideState) -> Iterator[tuple[Inline, ...]]:
    for view in views:
        yield words(view.item.title), STATES[view.state], _found(view), source(view, state)


def _found(view: ItemView) -> Inline:
    """A count of faults says little by itself: their ranks lead to the list of risks."""
    ranks = [Inline(str(risk.rank)) for risk in view.risks if not risk.waived]
    if not ranks:
        return words(view.summary)
    return line("{}: {} above", words(view.summary), _ranked(ranks))


def _ranked(ranks: list[Inline]) -> Inline:
    return line("risk {}" if len(ranks) == 1 else "risks {}", together(ranks))


def proof(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Evidence")
    rows = _evidence_rows(state)
    if not rows:
        yield Block("None recorded, because no check has run and nobody has answered.")
        return
    yield paragraph(
        Inline("Each id is the SHA-256 of a redacted file under `.launchready/evidence/`:"),
        Inline("`launchready verify` says whether one of them has changed."),
    )
    yield table(["Id", "What it shows", "Source"], rows)


def _evidence_rows(state: GuideState) -> list[tuple[Inline, ...]]:
    rows: list[tuple[Inline, ...]] = []
    if state.facts:
        rows.append((code(state.facts), Inline("what the last run of checks saw"), seen(state)))
    for view in state.verdict.items.values():
        answer = view.attestation
        for found in answer.evidence if answer else ():
            assert answer is not None
            rows.append((code(found), words(view.item.title), told(answer.by, answer.at)))
    return rows
