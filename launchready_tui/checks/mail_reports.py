"""DMARC reports that people gave: own services that fail, senders nobody knows, clean weeks."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from launchready_tui.facts.mail_flaws import MailFlaw
from launchready_tui.given import Moment
from launchready_tui.mail.dmarc_sources import CLEAN_SHARE, Source, questions, sources
from launchready_tui.model import Seen
from launchready_tui.records.dmarc_record import DmarcReports
from launchready_tui.text import plural

ASKED_OF = 28
"""Days before the newest report that are looked at: what was mended before is history."""
MOST_NAMED = 5


def recent(told: DmarcReports, senders: Collection[str]) -> tuple[Source, ...]:
    """The senders of the last four weeks that were reported."""
    newest = told.newest
    late = [r for r in told.reports if newest and (newest - r.end).days < ASKED_OF]
    return sources(late, told, senders)


def own_that_fail(found: Collection[Source], domain: str) -> Iterator[MailFlaw]:
    """A service of one's own that does not pass loses its mail at the next step."""
    for one in found:
        if one.standing == "ours" and one.aligned < CLEAN_SHARE * one.messages:
            yield MailFlaw(
                code="dmarc-own-sender-fails",
                at=f"{domain}: {one.label}",
                observed=f"of {plural(one.messages, 'message')} by {one.label} that receivers"
                f" reported, {one.failed} did not pass ({one.why})",
                params={"name": domain, "sender": one.label},
            )


def asked(found: Collection[Source], domain: str) -> tuple[str, ...]:
    """The senders of whom somebody has to say whose they are, as gaps."""
    unknown = questions(found)
    told = [
        f"{domain}: {one.label} sent {plural(one.failed, 'message')} in your name that did not"
        " pass: say whose it is (launchready mail sender)"
        for one in unknown[:MOST_NAMED]
    ]
    more = len(unknown) - len(told)
    return (*told, *([f"{domain}: {plural(more, 'more sender')} to be named"] if more else []))


def seen(told: DmarcReports, found: Collection[Source], weeks: int, moment: Moment) -> list[Seen]:
    if not told.reports or told.newest is None:
        return [Seen(label="Reports", value="none was given yet", source="launchready mail report")]
    messages = sum(report.messages for report in told.reports)
    aligned = sum(report.aligned for report in told.reports)
    first, age = told.reports[0].begin, (moment.at - told.newest).days
    days = f"{first:%Y-%m-%d} to {told.newest:%Y-%m-%d}"
    value = f"{plural(len(told.reports), 'report')}: {aligned} of {messages} passed"
    lines = [
        Seen(label="Reports", value=value, source=f"{days}, the newest {plural(age, 'day')} old"),
        Seen(label="Clean weeks", value=str(weeks), source="up to the newest report"),
    ]
    lines += [
        Seen(
            label=one.label,
            value=f"{one.aligned} of {one.messages} passed; {one.standing}",
            source=one.why or ", ".join(one.ranges),
        )
        for one in tuple(found)[:10]
    ]
    return lines
