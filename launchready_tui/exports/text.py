"""A verdict for a person at a terminal or in a log: what stops the launch first, in 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import groupby

from launchready_tui.exports.report import Baseline, is_new
from launchready_tui.given import Target
from launchready_tui.model import Severity, State
from launchready_tui.ranking import Risk
from launchready_tui.text import plural, safe
from launchready_tui.verdict import ItemView, Verdict

WIDTH = 80


def render(
    verdict: Verdict,
    target: Target,
    *,
    at: datetime,
    requests: int,
    items: Collection[str] | None = None,
    baseline: Baseline | None = None,
    new_only: bool = False,
) -> str:
    """The report as text. `items` narrows what is listed; the headline is always of the whole."""
    views = [v for v in verdict.items.values() if items is None or v.item.id in items]
    if new_only:
        known = baseline or Baseline()
        views = [view for view in views if is_new(view, known)]
    lines = [
        *wrapped(verdict.headline),
        *wrapped(_seen(target, at, requests, part=items is not None), indent="  "),
    ]
    if items is not None:
        lines += wrapped(f"Listed: {len(items)} of {len(verdict.items)} items.", indent="  ")
    parts = (
        _failing(views),
        _needs_you(views),
        _waiting(views),
        _untold(views, State.UNKNOWN, "COULD NOT BE CHECKED: neither good nor bad, not known"),
        _untold(views, State.ERROR, "OUR BUG, not yours"),
        _accepted(views),
    )
    for part in parts:
        listed = list(part)
        if listed:
            lines += ["", *listed]
    settled = plural(sum(v.state is State.PASS for v in views), "item")
    lines += ["", f"Passed: {settled}."]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _seen(target: Target, at: datetime, requests: int, *, part: bool) -> str:
    """`part`: only some items were looked at anew, and `at` is when the oldest was."""
    when = f"{at.day} {at:%b %Y, %H:%M} UTC"
    checked = "checked since" if part else "checked"
    return f"{target.domain} · {checked} {when} · {plural(requests, 'request')} sent"


def _failing(views: Iterable[ItemView]) -> Iterator[str]:
    failing = [view for view in views if view.state is State.FAIL]
    risks = sorted(
        (risk for view in failing for risk in view.risks if not risk.waived),
        key=lambda risk: risk.rank,
    )
    blockers = [risk for risk in risks if risk.severity is Severity.BLOCKER]
    others = [risk for risk in risks if risk.severity is not Severity.BLOCKER]
    if blockers:
        yield "BLOCKERS"
        for risk in blockers:
            yield from _told_whole(risk)
    if others:
        yield from ([""] if blockers else [])
        yield "ALSO WRONG, most harmful first"
        for risk in others:
            yield from _told_short(risk)
    signals = [view for view in failing if not view.risks]
    if signals:
        yield from ([""] if risks else [])
        yield "FAILURE SIGNALS"
        for view in signals:
            yield from _entry(f"{view.severity}", view.item.fail, view.summary)


def _told_whole(risk: Risk) -> Iterator[str]:
    yield from wrapped(f"{risk.title}: {risk.subject}", first=f"{risk.rank:>3}  ", indent="     ")
    for label, text in (
        ("seen", risk.observed),
        ("why", risk.why),
        *(("fix" if n == 0 else "", step) for n, step in enumerate(risk.fix)),
        ("who", risk.who),
        ("more", f"launchready explain {risk.code}"),
    ):
        if text:
            yield from wrapped(text, first=f"     {label:<5}", indent=" " * 10)


def _told_short(risk: Risk) -> Iterator[str]:
    text = f"{risk.title}: {risk.subject}"
    yield from wrapped(text, first=f"{risk.rank:>3}  {risk.severity:<7} ", indent=" " * 13)
    if risk.observed:
        yield from wrapped(risk.observed, indent=" " * 13)


def _needs_you(views: Iterable[ItemView]) -> Iterator[str]:
    asked = [view for view in views if view.state is State.TODO]
    if not asked:
        return
    yield f"NEEDS YOU: {plural(len(asked), 'answer')}"
    for stage, group in groupby(asked, key=lambda view: view.item.stage):
        names = " ".join(view.item.id for view in group)
        yield from wrapped(names, first=f"  stage {stage}  ", indent=" " * 11)
    yield "  The question: launchready explain ITEM"
    yield "  The answer:   launchready attest ITEM --by NAME --says pass --evidence TEXT"


def _waiting(views: Iterable[ItemView]) -> Iterator[str]:
    """Signals that follow from answers: they have nothing of their own to look at."""
    waiting = sum(view.waits for view in views)
    if waiting:
        yield f"Waiting for these answers: {plural(waiting, 'failure signal')}."


def _untold(views: Iterable[ItemView], state: State, title: str) -> Iterator[str]:
    untold = [view for view in views if view.state is state and not view.waits]
    if untold:
        yield title
        for view in untold:
            yield from _entry(view.item.id, view.item.title, view.cause)


def _accepted(views: Iterable[ItemView]) -> Iterator[str]:
    accepted = [risk for view in views for risk in view.risks if risk.waived]
    if accepted:
        yield "ACCEPTED RISKS"
        for risk in accepted:
            waiver = risk.waived
            assert waiver is not None
            reason = f"by {waiver.by} until {waiver.until.isoformat()}: {waiver.why}"
            yield from _entry(risk.item, f"{risk.title}: {risk.subject}", reason)


def _entry(name: str, title: str, detail: str) -> Iterator[str]:
    yield from wrapped(f"{name}  {title}", first="  ", indent="      ")
    if detail:
        yield from wrapped(detail, indent="      ")


def wrapped(text: str, *, first: str = "", indent: str = "") -> list[str]:
    return textwrap.wrap(
        safe(text, one_line=True, limit=600),
        WIDTH,
        initial_indent=first or indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    ) or [first]
