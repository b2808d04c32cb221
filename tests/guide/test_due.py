"""What comes due: every known day, in the guide and in a calendar file that calendars can read."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from msgspec.structs import replace

from guide_sprint import AT, CATALOGUE, EVIDENCE, item, make_state
from launchready_tui.given import ProvenMails, Target
from launchready_tui.guide.calendar import calendar
from launchready_tui.guide.due import CALENDAR, Due, comes_due, due
from launchready_tui.guide.handover import handover
from launchready_tui.guide.state import CertificateEnds, GuideState
from launchready_tui.model import Attestation, Kind, Severity
from launchready_tui.outcomes import passed
from launchready_tui.records.env_record import EnvVariable, EnvVariables, Rotation, Rotations
from launchready_tui.verdict import judge, subject_hash

DAY = date(2026, 3, 2)
assert AT.date() == DAY


def variable(name: str, rotated: date, **more: object) -> EnvVariable:
    words: dict[str, object] = {"rotate_every_days": 90, "last_rotated": rotated, **more}
    return EnvVariable(name=name, sensitive=True, **words)  # type: ignore[arg-type]


def found(state: GuideState, start: str) -> Due:
    (one,) = (one for one in due(state) if one.what.startswith(start))
    return one


def starts(state: GuideState) -> list[str]:
    return [one.what for one in due(state)]


def with_items(*answers: Attestation, texts: dict[str, str] | None = None) -> GuideState:
    """A sprint whose catalogue also asks for renewals and looks at mail."""
    plain = make_state()
    catalogue = replace(
        CATALOGUE,
        items=(
            *CATALOGUE.items,
            item("mail.spf", 1, Kind.PROBE, "S6.1", stale_after=30),
            item("mail.dmarc", 1, Kind.PROBE, "S6.3", stale_after=45),
            item("renewals.dates", 7, Kind.ATTEST, "S7.9", question="When?", evidence="Dates."),
            item(
                "small.thing",
                7,
                Kind.ATTEST,
                "S7.8",
                question="Is it?",
                evidence="It.",
                severity=Severity.LOW,
            ),
        ),
    )
    bound = {
        answer.item: replace(
            answer, subject=subject_hash(catalogue.item(answer.item), plain.target)
        )
        for answer in answers
    }
    outcomes = {"mail.spf": passed("one record"), "mail.dmarc": passed("p=none")}
    verdict = judge(catalogue, plain.target, outcomes, bound, {}, AT, seen_at=AT)
    return replace(
        plain, catalogue=catalogue, verdict=verdict, texts=texts or {}, mails=ProvenMails()
    )


def answer(item: str, at: datetime = AT, says: str = "pass") -> Attestation:
    return Attestation(item=item, by="Ana", at=at, says=says, evidence=(EVIDENCE,))  # type: ignore[arg-type]


# ---------------------------------------------------------------- what is due


def test_a_secret_is_due_on_the_day_its_record_says_by_its_owner() -> None:
    state = replace(
        make_state(),
        variables=EnvVariables(
            variables=(
                variable("STRIPE_KEY", DAY, owner="Ben", rotate_how="Roll it at Stripe."),
                variable("NEVER", DAY, rotate_every_days=0),
                variable("NOT_SAID", DAY, rotate_every_days=None),
            )
        ),
        rotations=Rotations(
            rotations=(
                rotation("STRIPE_KEY", DAY + timedelta(days=3)),
                rotation("OTHER", DAY + timedelta(days=4)),
                rotation("OPEN", None),
            )
        ),
    )
    one = found(state, "Replace the secret STRIPE_KEY")
    assert one.day == DAY + timedelta(days=90)
    assert one.who == "Ben"
    assert one.how == "Roll it at Stripe. Then: launchready rotate STRIPE_KEY"
    assert found(state, "Replace the secret OTHER").day == DAY + timedelta(days=4)
    assert len([what for what in starts(state) if "Replace the secret" in what]) == 2


def rotation(name: str, next_due: date | None) -> Rotation:
    status = "closed" if next_due else "found"
    return Rotation(id=name, var=name, why="scheduled", who="Ana", status=status, next_due=next_due)  # type: ignore[arg-type]


def test_what_is_overdue_falls_on_the_day_of_the_guide_and_says_since_when() -> None:
    late = DAY - timedelta(days=100)
    state = replace(make_state(), variables=EnvVariables(variables=(variable("STRIPE_KEY", late),)))
    one = found(state, "Overdue since 2026-02-20: Replace the secret STRIPE_KEY")
    assert one.day == DAY


def test_an_accepted_risk_ends_once_however_many_faults_it_covers() -> None:
    one = found(make_state(), "An accepted risk ends: framework-old happened")
    assert (one.day, one.who) == (date(2026, 6, 1), "plain")


def test_mail_records_are_looked_at_again_and_dmarc_has_its_earliest_days() -> None:
    state = with_items()
    again = found(state, "Check the mail records again")
    assert (again.day, again.every_days) == (DAY + timedelta(days=30), 30)
    assert found(state, "DMARC: the earliest day for p=quarantine").day == DAY + timedelta(days=14)
    assert found(state, "DMARC: the earliest day for p=reject").day == DAY + timedelta(days=42)
    assert not [what for what in starts(state) if "p=none" in what], "that day is today"
    assert "14 days" not in handover(state)
    assert "16 March 2026" in handover(state), "the section on mail has the same day"


def test_an_app_that_sends_no_mail_has_no_dates_of_mail() -> None:
    state = with_items()
    silent = replace(state, target=Target(domain="acme.test", traits={"sends_email": False}))
    assert not [what for what in starts(silent) if "mail" in what or "DMARC" in what]


def test_certificates_of_one_day_are_one_entry() -> None:
    ends = [CertificateEnds(host=f"h{n}.acme.test", day=date(2026, 5, 1)) for n in range(12)]
    other = CertificateEnds(host="old.acme.test", day=date(2026, 4, 1))
    state = replace(make_state(), certificates=(*ends, other))
    assert found(state, "The certificate ends: old.acme.test").day == date(2026, 4, 1)
    assert found(state, "The certificate ends: h0.acme.test").what.endswith(" and 4 more")


def test_days_that_people_wrote_down_come_into_the_calendar() -> None:
    told = (
        "acme.test (domain): 2027-03-01, paid by Ben\n"
        "| Vercel plan | 2026-12-24 |\n"
        "card ends 2027-02-31\n"
        "invoice 42026-12-24-7, or 12/24/2026, or soon\n"
    )
    state = with_items(answer("renewals.dates"), texts={EVIDENCE: told})
    renewals = [one for one in due(state) if one.what.startswith("Renew or pay")]
    assert [(one.day, one.what) for one in renewals] == [
        (date(2026, 12, 24), "Renew or pay: Vercel plan | 2026-12-24"),
        (date(2027, 3, 1), "Renew or pay: acme.test (domain): 2027-03-01, paid by Ben"),
    ]


def test_two_lines_of_the_same_words_are_two_entries() -> None:
    told = "card 2026-12-24\ncard 2027-12-24\n"
    state = with_items(answer("renewals.dates"), texts={EVIDENCE: told})
    assert len({one.key for one in due(state) if "card" in one.what}) == 2


def test_answers_that_matter_and_grow_old_on_one_day_are_one_entry() -> None:
    state = with_items(
        answer("access.accounts"),
        answer("data.restore"),
        answer("logs.review", AT - timedelta(days=1)),
        answer("small.thing"),
        answer("deploy.rollback-notes", says="n/a"),
    )
    both = found(state, "2 answers grow old")
    assert both.day == DAY + timedelta(days=30)
    assert "access.accounts holds; data.restore holds" in both.what
    assert found(state, "An answer grows old").day == DAY + timedelta(days=29)
    assert not [what for what in starts(state) if "small.thing" in what]


def test_a_stale_answer_is_an_open_item_and_no_date() -> None:
    state = with_items(answer("logs.review", AT - timedelta(days=400)))
    assert not [what for what in starts(state) if "grows old: look" in what]


def test_there_is_always_a_day_on_which_the_guide_itself_is_old() -> None:
    assert found(make_state(), "The handover guide grows old").day == DAY + timedelta(days=90)


def test_the_guide_lists_the_days_in_order_and_names_the_file() -> None:
    state = with_items()
    text = "\n".join(comes_due(state))
    days = [row.split(" | ")[0].strip("| ") for row in text.splitlines() if "2026" in row]
    first = ["16 March 2026", "1 April 2026, then every 30 days", "13 April 2026", "31 May 2026"]
    assert days == [*first, "1 June 2026"]
    assert f"`{CALENDAR}`" in text


# ---------------------------------------------------------------- the file


def entries(text: str) -> list[dict[str, object]]:
    return [dict(event) for event in Calendar.from_ical(text).walk("VEVENT")]


def test_the_library_reads_back_every_entry() -> None:
    state = with_items()
    read = Calendar.from_ical(calendar(state))
    events = read.walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [one.day for one in due(state)]
    for event, one in zip(events, due(state), strict=True):
        assert str(event["summary"]) == f"acme.test: {one.what}"
        assert event.decoded("dtend") == one.day + timedelta(days=1)
        assert event.decoded("dtstamp") == AT
        (alarm,) = event.walk("VALARM")
        assert alarm.decoded("trigger") == timedelta(days=-7, hours=9)
    again = next(event for event in events if "mail records" in event["summary"])
    assert again["rrule"].to_ical() == b"FREQ=DAILY;COUNT=12;INTERVAL=30"


def test_it_keeps_the_rules_of_the_standard_by_hand() -> None:
    """RFC 5545, sections 3.1, 3.3.4, 3.6.1 and 3.6.6."""
    text = calendar(with_items())
    assert text.endswith("END:VCALENDAR\r\n")
    assert text.count("\n") == text.count("\r\n") == len(text.splitlines())
    assert all(len(row.encode()) <= 75 for row in text.split("\r\n"))
    rows = text.replace("\r\n ", "").split("\r\n")
    assert rows[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert sum(row.startswith("PRODID:") for row in rows) == 1
    assert rows.count("BEGIN:VEVENT") == rows.count("END:VEVENT") == rows.count("BEGIN:VALARM")
    assert "DTSTART;VALUE=DATE:20260401" in rows
    assert "DTEND;VALUE=DATE:20260402" in rows
    assert "DTSTAMP:20260302T093000Z" in rows
    assert "TRIGGER:-P6DT15H" in rows
    uids = [row for row in rows if row.startswith("UID:")]
    assert len(set(uids)) == len(uids) == rows.count("BEGIN:VEVENT")


def test_the_same_state_gives_the_same_bytes_and_an_entry_keeps_its_name() -> None:
    state = with_items()
    assert calendar(state) == calendar(with_items())
    later = calendar(replace(state, seen_at=AT + timedelta(days=9)))
    assert later != calendar(state)
    assert {one["UID"] for one in entries(later)} == {
        one["UID"] for one in entries(calendar(state))
    }


HOSTILE = "a\r\nEND:VEVENT\r\nBEGIN:VEVENT\nUID:1\x0bX;Y,Z\\n\u2028\x85\x00\ud800" + "ü" * 200


def hostile(text: str) -> GuideState:
    state = with_items(answer("renewals.dates"), texts={EVIDENCE: f"2027-03-01 {text}"})
    return replace(
        state,
        version=text,
        certificates=(CertificateEnds(host=text, day=DAY),),
        variables=EnvVariables(variables=(variable(text, DAY, owner=text, rotate_how=text),)),
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.just(HOSTILE), st.text(max_size=120)))
def test_a_stranger_s_words_cannot_leave_their_line(text: str) -> None:
    made = calendar(hostile(text))
    rows = made.replace("\r\n ", "").split("\r\n")
    count = len(due(hostile(text)))
    assert rows.count("BEGIN:VEVENT") == rows.count("END:VEVENT") == count
    assert sum(row.startswith("UID:") for row in rows) == count
    names = {row.partition(":")[0].partition(";")[0] for row in rows if row}
    assert names <= KNOWN, names - KNOWN
    assert not any(ord(letter) < 32 for row in rows for letter in row)
    assert len(entries(made)) == count


KNOWN = {
    *("BEGIN", "END", "VERSION", "PRODID", "CALSCALE", "X-WR-CALNAME", "UID", "DTSTAMP"),
    *("DTSTART", "DTEND", "RRULE", "SUMMARY", "DESCRIPTION", "TRANSP", "ACTION", "TRIGGER"),
}


def test_a_stranger_s_words_come_back_as_they_were() -> None:
    read = entries(calendar(hostile("semi; comma, back\\slash")))
    assert any("semi; comma, back\\slash" in str(one["SUMMARY"]) for one in read)


def test_the_guide_is_made_without_the_calendar_library() -> None:
    program = (
        "import sys; from guide_sprint import make_state;"
        "from launchready_tui.guide.handover import handover; import launchready_tui.session;"
        "handover(make_state()); sys.exit('icalendar' in sys.modules)"
    )
    code = f"import sys; sys.path[:0] = {sys.path!r}; {program}"
    subprocess.run([sys.executable, "-c", code], check=True)
