"""From the session to what the widgets are given: small values, no drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from launchready_screens import paint
from launchready_screens.detail import Detail
from launchready_screens.inks import QUIET, YELLOW
from launchready_screens.widgets.foot import Going
from launchready_screens.widgets.rail import Stop, Summary
from launchready_screens.widgets.verdict_line import Headline
from launchready_screens.words import hours
from launchready_tui.authority import probes_for
from launchready_tui.model import State
from launchready_tui.text import plural

if TYPE_CHECKING:
    from launchready_screens.live import Live
    from launchready_tui.sprint.clock import ClockView


def headline(live: Live, clock: ClockView) -> Headline:
    verdict = live.session.verdict
    _, _, told = verdict.headline.partition(": ")
    parts = told.replace(" could not be checked", " unknown").split(" · ")
    stopped = verdict.word == "NO-GO"
    return Headline(
        name=live.session.target.domain,
        word=verdict.word,
        blockers=parts[0] if stopped else "",
        coverage=tuple(parts[1:] if stopped else parts),
        clock=clock_words(clock),
        late=bool(clock.warning),
    )


def clock_words(clock: ClockView) -> str:
    """`◷ 41 h 12 left · ours 3 h 05`."""
    if clock.paused:
        return f"◷ paused: {clock.paused}"
    return f"◷ {hours(clock.left)} left · ours {hours(clock.ours)}"


def going(live: Live, clock: str) -> Going:
    doing = f"probing: {', '.join(live.probing)} …" if live.probing else "checking …"
    said = live.trouble or (doing if live.running else live.watches.words())
    damaged = len(live.session.store.damaged())
    if not said and damaged:
        said = f"{plural(damaged, 'record')} cannot be read: launchready verify names it"
    if not said and live.session.read_only:
        said = "read only: another window writes to this sprint"
    return Going(
        said=said,
        clock=clock,
        masked=not live.veil.lifted,
        done=live.done,
        total=live.total,
        running=live.running,
    )


def rail_summary(live: Live, current: int) -> Summary:
    verdict = live.session.verdict
    held = sum(state in (State.PASS, State.WAIVED) for state in verdict.bars.values())
    stages = {stage.number: stage for stage in live.session.catalogue.stages}
    return Summary(
        stops=tuple(
            Stop(
                number=stage.number,
                short=stages[stage.number].short,
                done=stage.done,
                total=stage.total,
                blockers=stage.blockers,
                faults=stage.faults,
                todo=stage.todo,
            )
            for stage in verdict.stages
        ),
        current=current,
        bars=f"{held}/{len(verdict.bars)}",
        risks=str(sum(risk.waived is None for risk in verdict.risks)),
        guide="draft",
    )


def traffic_line(live: Live, clock: ClockView, *, roomy: bool) -> Content:
    """How traffic gets from the domain to the app, in one sentence; or why we cannot say yet.

    Below it what the clock warns of and, where there is room, when DNS may be cut.
    """
    cutover = clock.cutover if roomy else ""
    notes = [paint.text(clock.warning, YELLOW), paint.text(cutover, QUIET)]
    return paint.lines([_path(live), *[note for note in notes if note]])


def _path(live: Live) -> Content:
    path = live.session.traffic
    if path is not None:
        return paint.marked(live.veil(path.sentence), "unknown", f"underline {YELLOW}")
    domain = live.session.target.domain
    if live.running:
        return paint.text(f"Finding out how traffic gets from {domain} to the app …", QUIET)
    return paint.text(f"{domain} → not looked at yet. 1, then R checks it.", QUIET)


def item_detail(live: Live, id: str) -> Detail:
    session = live.session
    path = session.traffic
    return Detail(
        view=session.verdict.items[id],
        before=session.before(id),
        checking=id in live.checking,
        preparing=id in live.checking and live.session.preparing(id),
        seen_at=f"{session.seen_at:%d %b %H:%M} UTC" if session.seen_at else "",
        platform=path.platform if path else "",
        notes=tuple(note for note in session.store.notes() if note.item == id),
        probes=probes_for(session.catalogue, [id]),
        fixable=session.fixer is not None
        and any(not risk.waived for risk in session.verdict.items[id].risks),
    )
