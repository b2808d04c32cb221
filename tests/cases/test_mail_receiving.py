"""mail.receiving: answers and bounces reach a server."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.mail_world import DOMAIN, FAILS, PARKED, mail, zone
from launchready_tui.given import Mail
from launchready_tui.model import Fact, Outcome, Severity, State

GOOGLE = {"smtp.google.com": {"A": ["142.250.1.27"]}}
FILTER = {"mx.filter.example": {"A": ["198.51.100.7"]}}
NAMED = {"7.100.51.198.in-addr.arpa": {"PTR": ["mx.filter.example"]}}


def mx(*records: str, **more: object) -> tuple[Fact, ...]:
    held = {DOMAIN: {"MX": list(records)}, **GOOGLE, **FILTER, **NAMED}
    return mail(zone({**held, **more}))  # type: ignore[dict-item]


def is_(severity: Severity) -> object:
    def check(outcome: Outcome) -> None:
        assert outcome.findings[0].severity is severity

    return check


def notes(outcome: Outcome) -> None:
    assert any(seen.label == "Note" for seen in outcome.seen)


def names_the_type(outcome: Outcome) -> None:
    assert "in the zone acme.test: MX" in outcome.findings[0].params["publish"]


test_examples = examples(
    "mail.receiving",
    [
        Example(
            "two servers with names that lead back",
            mail(),
            not_=("mx-missing", "mx-single", "mx-no-fcrdns", "mx-null-mixed", "mx-preference-ties"),
        ),
        Example(
            "no mail server and no address",
            mail(zone({DOMAIN: {"MX": (), "A": ()}})),
            finds=(f"mx-missing {DOMAIN}",),
            also=names_the_type,
        ),
        Example(
            "no mail server, and a web server that gets it",
            mail(zone({DOMAIN: {"MX": ()}})),
            finds=(f"mx-missing {DOMAIN}",),
            also=is_(Severity.MEDIUM),  # type: ignore[arg-type]
        ),
        Example(
            "no mail server, and answers go to another domain",
            mail(
                zone({DOMAIN: {"MX": ()}}),
                given=Mail(addresses=("a@acme.test",), reply_to=("help@acme.example",)),
            ),
            not_=("mx-missing",),
        ),
        Example(
            "the mail servers cannot be asked for",
            mail(zone({DOMAIN: {FAILS: ()}})),
            not_=("mx-missing", "mx-null-on-sender"),
            state=State.UNKNOWN,
        ),
        Example(
            "a sender that takes no mail",
            mx("0 ."),
            finds=(f"mx-null-on-sender {DOMAIN}",),
        ),
        Example(
            "a parked domain takes none",
            mail(PARKED, code=[], given=Mail()),
            not_=("mx-null-on-sender", "mx-missing"),
        ),
        Example(
            "a null MX beside real ones",
            mx("0 .", "10 mx1.acme.test", "20 mx2.acme.test"),
            finds=(f"mx-null-mixed {DOMAIN}",),
        ),
        Example(
            "an alias as a target",
            mx(
                "10 mx1.acme.test",
                "20 alias.acme.test",
                **{"alias.acme.test": {"CNAME": ["mx2.acme.test"]}},
            ),
            finds=(f"mx-bad-target {DOMAIN}",),
        ),
        Example(
            "an address as a target",
            mx("10 203.0.113.1", "20 mx2.acme.test"),
            finds=(f"mx-bad-target {DOMAIN}", f"mx-single {DOMAIN}"),
        ),
        Example(
            "a target that does not exist",
            mx("10 gone.acme.test", "20 mx1.acme.test", "30 mx2.acme.test"),
            finds=(f"mx-bad-target {DOMAIN}",),
        ),
        Example(
            "a target that cannot be asked",
            mx("10 mx1.acme.test", "20 mx2.acme.test", **{"mx1.acme.test": {FAILS: ()}}),
            finds=(f"mx-single {DOMAIN}",),
            not_=("mx-bad-target",),
        ),
        Example("one own server", mx("10 mx1.acme.test"), finds=(f"mx-single {DOMAIN}",)),
        Example(
            "one name of a provider, who has many servers behind it",
            mx("1 smtp.google.com"),
            not_=("mx-single", "mx-no-fcrdns", "mx-two-vendors"),
            also=notes,
        ),
        Example(
            "two own servers alike",
            mx("10 mx1.acme.test", "10 mx2.acme.test"),
            finds=(f"mx-preference-ties {DOMAIN}",),
        ),
        Example(
            "an own server without a reverse name",
            mail(zone({"1.113.0.203.in-addr.arpa": None})),
            finds=("mx-no-fcrdns mx1.acme.test",),
        ),
        Example(
            "an own server without a reverse name, that also sends",
            mail(zone({"1.113.0.203.in-addr.arpa": None}), given=Mail(senders=("203.0.113.1",))),
            finds=("mx-no-fcrdns mx1.acme.test",),
            also=is_(Severity.HIGH),  # type: ignore[arg-type]
        ),
        Example(
            "a reverse name that cannot be asked",
            mail(zone({"1.113.0.203.in-addr.arpa": {FAILS: ()}})),
            not_=("mx-no-fcrdns",),
            state=State.UNKNOWN,
        ),
        Example(
            "two providers",
            mx(
                "1 smtp.google.com",
                "10 acme-test.mail.protection.outlook.com",
                **{"acme-test.mail.protection.outlook.com": {"A": ["52.101.1.1"]}},
            ),
            finds=(f"mx-two-vendors {DOMAIN}",),
        ),
        Example(
            "a filter in front of a provider",
            mx("1 mx.filter.example", "10 smtp.google.com"),
            not_=("mx-two-vendors",),
        ),
    ],
)
