"""What DMARC reports say, for the guide: senders, volumes, whether the next step may be taken."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.guide.claims import day
from launchready_tui.guide.markdown import Block, Inline, line, paragraph, table, words
from launchready_tui.guide.state import GuideState
from launchready_tui.mail.dmarc_sources import Source, clean_weeks, questions, sources
from launchready_tui.text import plural

MOST_LISTED = 20
STANDINGS = {"ours": Inline("yours"), "not ours": Inline("not yours"), "unknown": Inline("unknown")}
ENOUGH = 2
"""Clean weeks before a step."""


def weeks_of(state: GuideState) -> int:
    return clean_weeks(state.reports, state.mail_senders, state.at)


def reports(state: GuideState) -> Iterator[Block]:
    told = state.reports
    if not told.reports or told.newest is None:
        yield paragraph(
            Inline(
                "None was kept, so nobody knows who sends in your name. Keep those of two weeks"
                " with `launchready mail report FOLDER --keep`."
            )
        )
        return
    found = sources(told.reports, told, state.mail_senders)
    messages = sum(report.messages for report in told.reports)
    aligned = sum(report.aligned for report in told.reports)
    yield paragraph(
        line(
            "{}, {} to {}: {} of {} passed DMARC. {} up to the newest report.",
            Inline(plural(len(told.reports), "report")),
            day(told.reports[0].begin),
            day(told.newest),
            Inline(str(aligned)),
            Inline(plural(messages, "message")),
            Inline(plural(weeks_of(state), "clean week")),
        ),
        _condition(state, found),
    )
    yield table(
        ["Sender", "Whose", "Messages", "Passed", "SPF", "DKIM", "What became of them"],
        [_row(one) for one in found[:MOST_LISTED]],
    )
    if len(found) > MOST_LISTED:
        yield paragraph(Inline(f"And {plural(len(found) - MOST_LISTED, 'more sender')}."))


def _condition(state: GuideState, found: tuple[Source, ...]) -> Inline:
    """Whether the reports allow the next step, and what they want first."""
    asked = questions(found)
    failing = [one.label for one in found if one.standing == "ours" and not one.clean]
    if asked:
        listed = ", ".join(one.label for one in asked[:5])
        return line("Before the next step say whose these senders are: {}.", words(listed))
    if failing:
        listed = ", ".join(failing[:5])
        return line("Before the next step this mail of yours has to pass: {}.", words(listed))
    if weeks_of(state) < ENOUGH:
        return Inline("Before the next step two whole clean weeks are needed.")
    return Inline("They allow the next step.")


def _row(one: Source) -> tuple[Inline, ...]:
    whose = STANDINGS[one.standing]
    return (
        words(one.label),
        line("{}: {}", whose, words(one.why)) if one.why else whose,
        Inline(str(one.messages)),
        Inline(str(one.aligned)),
        Inline(str(one.spf)),
        Inline(str(one.dkim)),
        words(one.became),
    )
