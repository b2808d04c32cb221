"""The dates of the guide as a calendar file (RFC 5545): all-day entries, each with a reminder.

Pure: the same state gives the same bytes. An entry keeps its UID in every export, so a calendar
that imports the file again moves what it has.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from launchready_tui.guide.due import Due, due
from launchready_tui.guide.state import GuideState
from launchready_tui.text import safe

if TYPE_CHECKING:
    from icalendar import Event

REMIND = timedelta(days=-7, hours=9)
"""At nine o'clock, a week ahead."""
TIMES = 12
"""How often what comes again is put down: the calendar ends where nobody has looked for a year."""
MOST = 600


def calendar(state: GuideState) -> str:
    """The whole file, with the line ends that the standard wants."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", _words(f"-//launchready//launchready {state.version}//EN"))
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", _words(f"Launch of {state.target.domain}"))
    for one in due(state):
        made.add_component(_entry(one, state))
    content: bytes = made.to_ical()
    return content.decode()


def _entry(one: Due, state: GuideState) -> Event:
    from icalendar import Alarm, Event

    title = _words(f"{state.target.domain}: {one.what}")
    who = f" Who: {one.who}" if one.who.strip() else ""
    event = Event()
    event.add("uid", _uid(state.target.domain, one.key))
    event.add("dtstamp", state.at.astimezone(UTC))
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    if one.every_days:
        event.add("rrule", {"freq": "daily", "interval": one.every_days, "count": TIMES})
    event.add("summary", title)
    event.add("description", _words(one.how + who))
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", REMIND)
    alarm.add("description", title)
    event.add_component(alarm)
    return event


def _uid(domain: str, key: str) -> str:
    about = f"{domain}|{key}".encode("utf-8", "surrogatepass")
    return f"{hashlib.sha256(about).hexdigest()[:32]}@launchready"


def _words(value: str) -> str:
    """On one line and visible; the library escapes and folds."""
    return safe(value, one_line=True, limit=MOST)
