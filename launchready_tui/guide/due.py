"""What comes due after the handover, by day: for the guide's list and for its calendar file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from launchready_tui.guide.claims import day
from launchready_tui.guide.first_page import STALE_DAYS
from launchready_tui.guide.mail import RECORDS, next_steps
from launchready_tui.guide.markdown import (
    NOTHING,
    Block,
    Inline,
    code,
    heading,
    line,
    paragraph,
    table,
    words,
)
from launchready_tui.guide.state import GuideState
from launchready_tui.model import Record, Severity
from launchready_tui.verdict import ItemView

CALENDAR = "launch-dates.ics"
"""The calendar file that lies beside the guide."""
RENEWALS = "renewals.dates"
"""The item whose answer lists what expires: no check can see when a domain or a card ends."""
MOST_LINES = 50
MOST_NAMED = 8
_DAY = re.compile(r"(?<!\d)(20\d\d-[01]\d-[0-3]\d)(?!\d)")


class Due(Record, frozen=True, kw_only=True):
    """One thing to do on a day. Every word may be a stranger's: whoever shows it makes it safe."""

    day: date
    what: str
    how: str = ""
    who: str = ""
    key: str
    """What it is about, the same in every export: a calendar moves the entry it has."""
    every_days: int = 0
    """Comes again after so many days; 0 for once."""


def due(state: GuideState) -> tuple[Due, ...]:
    """Everything with a known day, the earliest first. What is overdue falls on the guide's day."""
    found = [
        *_rotations(state),
        *_waivers(state),
        *_set_aside(state),
        *_mail(state),
        *_certificates(state),
        *_renewals(state),
        *_answers(state),
        _guide(state),
    ]
    today = state.at.date()
    return tuple(
        sorted((_not_before(today, one) for one in found), key=lambda one: (one.day, one.key))
    )


def _not_before(today: date, one: Due) -> Due:
    if one.day >= today:
        return one
    return replace(one, day=today, what=f"Overdue since {one.day}: {one.what}")


def _rotations(state: GuideState) -> Iterator[Due]:
    days = {one.name: one.next_due for one in state.variables.variables if one.next_due}
    for rotation in state.rotations.rotations:
        if rotation.next_due and rotation.var not in days:
            days[rotation.var] = rotation.next_due
    for name, when in days.items():
        record = state.variables.get(name)
        how = record.rotate_how if record else ""
        yield Due(
            day=when,
            what=f"Replace the secret {name}",
            how=f"{how} Then: launchready rotate {name}".strip(),
            who=record.owner if record else "",
            key=f"rotation {name}",
        )


def _waivers(state: GuideState) -> Iterator[Due]:
    accepted: dict[str, list[str]] = {}
    until = {}
    for risk in state.verdict.risks:
        if risk.waived:
            accepted.setdefault(risk.item, []).append(risk.title)
            until[risk.item] = risk.waived
    for item, titles in accepted.items():
        waiver = until[item]
        yield Due(
            day=waiver.until,
            what=f"An accepted risk ends: {'; '.join(dict.fromkeys(titles))}",
            how=f"Mend it before, or accept it again by name. Accepted because: {waiver.why}",
            who=waiver.by,
            key=f"waiver {item}",
        )


def _set_aside(state: GuideState) -> Iterator[Due]:
    """Notes that a hit of the secret scan is no secret: the hit counts again on the day after."""
    for one in state.ignored.hits:
        yield Due(
            day=one.expires,
            what=f"A note ends: {one.path} holds no secret ({one.rule})",
            how="Look again, and say it anew or take the text out: launchready secrets ignore.",
            who=one.owner,
            key=f"ignore {one.id}",
        )


def _mail(state: GuideState) -> Iterator[Due]:
    if state.target.traits.get("sends_email") is False:
        return
    looked = [view.item.stale_after for view in state.covering(*RECORDS) if view.outcome]
    if looked and state.seen_at:
        yield Due(
            day=state.seen_at.date() + timedelta(days=min(looked)),
            what="Check the mail records again: SPF, DKIM and DMARC",
            how="launchready check --stage 6. A service that was added since sends as a stranger.",
            key="mail records",
            every_days=min(looked),
        )
    for step, when in next_steps(state) if looked else ():
        if when is not None and when > state.at:
            yield Due(
                day=when.date(),
                what=f"DMARC: the earliest day for p={step.policy}",
                how=f"If the reports allow it, see “Mail” in the guide. {step.record_of(state)}",
                key=f"dmarc {step.policy}",
            )


def _certificates(state: GuideState) -> Iterator[Due]:
    """Those that end on one day are one entry: most are renewed together, by a machine."""
    by_day: dict[date, list[str]] = {}
    for ends in state.certificates:
        by_day.setdefault(ends.day, []).append(ends.host)
    for when, hosts in by_day.items():
        yield Due(
            day=when,
            what=f"The certificate ends: {_named(sorted(hosts))}",
            how="One that renews itself has a later day by then: look, and mend it if not.",
            key=f"certificate {' '.join(sorted(hosts))}",
        )


def _renewals(state: GuideState) -> Iterator[Due]:
    """Lines of the answer that hold a date as 2027-03-01: domain, plans, keys, the card."""
    view = state.verdict.items.get(RENEWALS)
    answer = view.attestation if view else None
    if answer is None:
        return
    texts = [state.texts.get(id, "") for id in answer.evidence]
    times: Counter[str] = Counter()
    for told in "\n".join([*texts, answer.note]).splitlines()[:MOST_LINES]:
        for found in _DAY.findall(told)[:1]:
            try:
                when = date.fromisoformat(found)
            except ValueError:
                continue  # 2027-02-31
            about = told.replace(found, "")
            times[about] += 1
            yield Due(
                day=when,
                what=f"Renew or pay: {' '.join(told.split()).strip('-*| ')}",
                how="As it was written down in the answer about everything that expires.",
                who=answer.by,
                key=f"renewal {about} {times[about]}",
            )


def _answers(state: GuideState) -> Iterator[Due]:
    """Answers that matter and grow old on the same day, together."""
    by_day: dict[date, list[ItemView]] = {}
    for view in state.verdict.items.values():
        answer = view.attestation
        weighty = view.item.severity in (Severity.BLOCKER, Severity.HIGH)
        if answer and weighty and not view.stale and answer.says == "pass":
            when = answer.at.date() + timedelta(days=view.item.stale_after)
            by_day.setdefault(when, []).append(view)
    for when, views in by_day.items():
        count = f"{len(views)} answers grow old" if len(views) > 1 else "An answer grows old"
        yield Due(
            day=when,
            what=f"{count}: look again, {_named([view.item.title for view in views])}",
            how="Do what was asked once more, and answer with what you see then.",
            key=f"answers {' '.join(view.item.id for view in views)}",
        )


def _guide(state: GuideState) -> Due:
    return Due(
        day=state.at.date() + timedelta(days=STALE_DAYS),
        what="The handover guide grows old: check everything again",
        how="launchready check, then launchready export.",
        key="guide",
    )


def _named(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return "; ".join(names[:MOST_NAMED]) + more


# ---------------------------------------------------------------- in the guide


def comes_due(state: GuideState) -> Iterator[Block]:
    yield heading(2, "What comes due")
    yield paragraph(
        line(
            "The same dates for a calendar, with reminders: {} beside this guide.", code(CALENDAR)
        ),
        Inline("Import it into one that two people see."),
    )
    yield table(["Day", "What", "How", "Who"], map(_row, due(state)))
    yield paragraph(
        Inline("No check can see when a domain, a plan or a payment card ends."),
        line("What is known of them is what the answer to {} says.", code(RENEWALS)),
    )


def _row(one: Due) -> tuple[Inline, ...]:
    when = day(one.day)
    if one.every_days:
        when = line("{}, then every {} days", when, Inline(str(one.every_days)))
    return when, words(one.what), words(one.how), words(one.who) if one.who.strip() else NOTHING
