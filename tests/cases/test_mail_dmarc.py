"""mail.dmarc: what receivers find by their walk, and whether it protects and reports."""

from __future__ import annotations

from collections.abc import Callable

from cases.examples import Example, examples
from cases.mail_world import DMARC, DOMAIN, FAILS, PARKED, days_ago, mail, zone
from cases.report_world import OWN, STRANGER, UNSIGNED, report, said, two_weeks
from launchready_tui.given import Mail
from launchready_tui.model import Fact, Outcome, Severity, State
from launchready_tui.records.dmarc_record import DmarcReports

AT = f"_dmarc.{DOMAIN}"
RUA = f"rua=mailto:dmarc@{DOMAIN}; ruf=mailto:dmarc@{DOMAIN}"
OUTSIDE = "v=DMARC1; p=reject; rua=mailto:x@watch.example; ruf=mailto:dmarc@acme.test"
WATCH = {"watch.example": {"MX": ["10 mx.watch.example"]}}
ALLOWS = {f"{DOMAIN}._report._dmarc.watch.example": {"TXT": ["v=DMARC1"]}}


def record(*texts: str, more: dict[str, object] | None = None, since: int = 0) -> tuple[Fact, ...]:
    held = zone({AT: {"TXT": list(texts)}, **(more or {})})  # type: ignore[dict-item]
    told = Mail(addresses=(f"a@{DOMAIN}",), dmarc_since=days_ago(since) if since else None)
    return mail(held, given=told)


def publishes(text: str) -> object:
    def check(outcome: Outcome) -> None:
        params = outcome.findings[0].params
        assert params["record"] == text
        assert params["host"] == "_dmarc"

    return check


def is_(severity: Severity) -> object:
    def check(outcome: Outcome) -> None:
        assert outcome.findings[0].severity is severity

    return check


def says(label: str, value: str) -> Callable[[Outcome], None]:
    def check(outcome: Outcome) -> None:
        assert [seen.value for seen in outcome.seen if seen.label == label] == [value]

    return check


def asks(question: str) -> Callable[[Outcome], None]:
    def check(outcome: Outcome) -> None:
        assert question in outcome.cause

    return check


def flagged(says: str, code: str, *texts: str, at: str = AT, **more: object) -> Example:
    return Example(says, record(*texts), finds=(f"{code} {at}",), **more)  # type: ignore[arg-type]


def plain(says: str, facts: tuple[Fact, ...], *not_: str, **more: object) -> Example:
    return Example(says, facts, not_=not_, **more)  # type: ignore[arg-type]


test_examples = examples(
    "mail.dmarc",
    [
        plain(
            "it refuses, and reports to the domain itself",
            mail(),
            "dmarc-missing",
            "dmarc-none",
            "dmarc-none-no-rua",
            "dmarc-no-rua",
            "dmarc-testing",
            "dmarc-wrong-place",
            "dmarc-np-weak",
            "dmarc-reject-too-early",
        ),
        Example(
            "no record anywhere",
            mail(zone({AT: None})),
            finds=(f"dmarc-missing {AT}",),
            also=publishes(f"v=DMARC1; p=none; rua=mailto:dmarc@{DOMAIN}"),  # type: ignore[arg-type]
        ),
        Example(
            "the record of the organisation holds for a name below it",
            mail(given=Mail(addresses=("a@news.acme.test",))),
            not_=("dmarc-missing",),
        ),
        Example(
            "a step of the walk fails",
            mail(zone({AT: None, "_dmarc.test": {FAILS: ()}})),
            not_=("dmarc-missing",),
            state=State.UNKNOWN,
        ),
        flagged("two records", "dmarc-multiple", DMARC, "v=DMARC1; p=none"),
        plain("a record beside other TXT", record(DMARC, "x=1"), "dmarc-multiple"),
        Example(
            "the record stands at the domain itself",
            mail(zone({AT: None, DOMAIN: {"TXT": [DMARC]}})),
            finds=(f"dmarc-wrong-place {DOMAIN}",),
        ),
        flagged("v=dmarc1", "dmarc-unrecognised", f"v=dmarc1; p=reject; {RUA}"),
        plain(
            "blanks and capitals are legal",
            record(f"v = DMARC1 ;  p = REJECT ; {RUA}"),
            "dmarc-unrecognised",
        ),
        # ------------------------------------------------ policy
        flagged(
            "none without rua", "dmarc-none-no-rua", "v=DMARC1; p=none; ruf=mailto:a@acme.test"
        ),
        flagged(
            "none with rua",
            "dmarc-none",
            f"v=DMARC1; p=none; {RUA}",
            also=publishes(f"v=DMARC1; p=quarantine; {RUA}"),
        ),
        plain(
            "none with rua in the second week of a roll-out",
            record(f"v=DMARC1; p=none; {RUA}", since=10),
            "dmarc-none",
        ),
        flagged("reject without rua", "dmarc-no-rua", "v=DMARC1; p=reject; ruf=mailto:a@acme.test"),
        flagged("sp=none", "dmarc-subdomain-open", f"v=DMARC1; p=reject; sp=none; {RUA}"),
        plain(
            "sp=none in a roll-out on the names below",
            record(f"v=DMARC1; p=quarantine; sp=none; np=reject; {RUA}", since=20),
            "dmarc-subdomain-open",
        ),
        flagged("quarantine and no np", "dmarc-np-weak", f"v=DMARC1; p=quarantine; {RUA}"),
        plain(
            "np is absent and sp says reject",
            record(f"v=DMARC1; p=quarantine; sp=reject; {RUA}"),
            "dmarc-np-weak",
        ),
        flagged("t=y", "dmarc-testing", f"v=DMARC1; p=reject; t=y; {RUA}"),
        flagged("psd=y", "dmarc-psd", f"v=DMARC1; p=reject; psd=y; {RUA}"),
        plain("psd=n", record(f"v=DMARC1; p=reject; psd=n; {RUA}"), "dmarc-psd"),
        flagged(
            "pct=50",
            "dmarc-pct-ignored",
            f"v=DMARC1; p=reject; pct=50; {RUA}",
            also=is_(Severity.MEDIUM),
        ),
        flagged(
            "a size behind the address",
            "dmarc-pct-ignored",
            "v=DMARC1; p=reject; rua=mailto:dmarc@acme.test!10m; ruf=mailto:a@acme.test",
            also=is_(Severity.LOW),
        ),
        plain("no tag of the old standard", mail(), "dmarc-pct-ignored", "dmarc-rua-bad"),
        Example(
            "reject on the fifth day",
            record(DMARC, since=5),
            finds=(f"dmarc-reject-too-early {AT}",),
        ),
        Example(
            "a parked domain refuses at once",
            mail(PARKED, code=[], given=Mail(dmarc_since=days_ago(3))),
            not_=("dmarc-reject-too-early", "dmarc-missing"),
        ),
        Example(
            "reject on the fifth day, after two weeks of clean reports",
            (*record(DMARC, since=5), two_weeks(OWN)),
            not_=("dmarc-reject-too-early",),
            also=says("Clean weeks", "2"),
        ),
        Example(
            "reject on the fifth day, and the reports show a service that fails",
            (*record(DMARC, since=5), two_weeks(OWN, UNSIGNED)),
            finds=(f"dmarc-reject-too-early {AT}", f"dmarc-own-sender-fails {DOMAIN}: Amazon SES"),
        ),
        Example(
            "reject where the reports of three days ago still said none",
            (*mail(), DmarcReports(reports=(report(3, OWN, policy="none"),))),
            finds=(f"dmarc-reject-too-early {AT}",),
        ),
        # ------------------------------------------------ senders in reports
        Example(
            "a service in use whose mail passes",
            (*mail(), two_weeks(OWN)),
            not_=("dmarc-own-sender-fails",),
            also=says("Clean weeks", "2"),
        ),
        Example(
            "a sender that nobody knows is a question",
            (*mail(), two_weeks(OWN, last=(STRANGER,))),
            not_=("dmarc-own-sender-fails",),
            state=State.UNKNOWN,
            also=asks("198.51.100.0/24 sent 4 messages"),
        ),
        Example(
            "a sender that is somebody else",
            (*mail(), said(two_weeks(OWN, last=(STRANGER,)), "198.51.100.0/24", "not ours")),
            not_=("dmarc-own-sender-fails",),
            also=says("Clean weeks", "2"),
        ),
        Example(
            "a sender that a person calls ours, and that fails",
            (*mail(), said(two_weeks(OWN, last=(STRANGER,)), "198.51.100.0/24", "ours")),
            finds=(f"dmarc-own-sender-fails {DOMAIN}: 198.51.100.0/24",),
        ),
        # ------------------------------------------------ the address of the reports
        Example(
            "the host of the reports has not agreed",
            record(OUTSIDE, more=WATCH),  # type: ignore[arg-type]
            finds=(f"dmarc-rua-unauthorised {AT}",),
        ),
        plain(
            "the host has agreed",
            record(OUTSIDE, more={**WATCH, **ALLOWS}),
            "dmarc-rua-unauthorised",
        ),
        Example(
            "whether the host agrees cannot be asked",
            record(OUTSIDE, more={**WATCH, next(iter(ALLOWS)): {FAILS: ()}}),
            not_=("dmarc-rua-unauthorised",),
            state=State.UNKNOWN,
        ),
        flagged(
            "no mailto",
            "dmarc-rua-bad",
            f"v=DMARC1; p=reject; rua=dmarc@{DOMAIN}, mailto:d@{DOMAIN}; ruf=mailto:d@{DOMAIN}",
            also=is_(Severity.LOW),
        ),
        Example(
            "reports go to a host that takes no mail",
            record(OUTSIDE, more={"watch.example": {"MX": ["0 ."]}, **ALLOWS}),
            finds=(f"dmarc-rua-bad {AT}",),
        ),
        Example(
            "failure reports are not asked for, beside a fault",
            record(f"v=DMARC1; p=reject; t=y; rua=mailto:d@{DOMAIN}"),
            finds=(f"dmarc-testing {AT}", f"dmarc-no-ruf {AT}"),
        ),
        plain("failure reports are asked for", mail(), "dmarc-no-ruf"),
    ],
)
