"""mail.transport: what is promised about encryption holds."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.mail_world import DOMAIN, FAILS, PARKED, STARTTLS, STS, mail, zone
from cases.world import NOW
from launchready_tui.given import Mail, StsEdition, StsEditions
from launchready_tui.mailauth.mta_sts import Offered, digest, parse_policy
from launchready_tui.model import Fact, Outcome, Severity, State
from launchready_tui.network.seen import Greeting

POLICY = f"mta-sts.{DOMAIN}"
RECORD = f"_mta-sts.{DOMAIN}"
REPORTS = f"_smtp._tls.{DOMAIN}"
BIMI = f"default._bimi.{DOMAIN}"
MX1 = "mx1.acme.test"
TLSA = f"_25._tcp.{MX1}"
LOGO = "v=BIMI1; l=https://acme.test/logo.svg; a=https://acme.test/mark.pem"
NOTHING = zone({RECORD: None, REPORTS: None})
NONE = Offered()
SEEN = StsEditions(
    editions=(
        StsEdition(
            domain=DOMAIN,
            id="20260101",
            digest=digest(parse_policy(STS)),
            at=NOW,
        ),
    )
)
"""What an earlier run remembered."""


def policy(old: str, new: str) -> tuple[Fact, ...]:
    return mail(offered=Offered(text=STS.replace(old, new)))


def spoken(outcome: str, cause: str = "") -> tuple[Greeting, ...]:
    one = Greeting(host=MX1, outcome=outcome, cause=cause)  # type: ignore[arg-type]
    return (one, *STARTTLS[1:])


def is_(severity: Severity) -> object:
    def check(outcome: Outcome) -> None:
        assert outcome.findings[0].severity is severity

    return check


def not_run(outcome: Outcome) -> None:
    assert any(seen.value.startswith("not run here") for seen in outcome.seen)


def notes(outcome: Outcome) -> None:
    assert any("no mark certificate" in seen.value for seen in outcome.seen)


test_examples = examples(
    "mail.transport",
    [
        Example(
            "a policy that fits, reports, and servers that encrypt",
            mail(),
            not_=(
                "mta-sts-mx-uncovered",
                "mta-sts-tlsrpt-absent",
                "mta-sts-stale",
                "smtp-no-starttls",
                "smtp-cert",
                "dane-broken",
                "bimi-no-effect",
            ),
        ),
        Example(
            "a parked domain takes no mail",
            mail(zone({}, PARKED), code=[], given=Mail(), offered=NONE),
            state=State.NOT_APPLICABLE,
        ),
        Example(
            "a server that the policy leaves out",
            policy("mx: mx2.acme.test\n", ""),
            finds=(f"mta-sts-mx-uncovered {POLICY}",),
        ),
        Example(
            "a server that a policy in testing leaves out",
            policy(
                "mode: enforce\nmx: mx1.acme.test\nmx: mx2.acme.test",
                "mode: testing\nmx: mx1.acme.test",
            ),
            finds=(f"mta-sts-mx-uncovered {POLICY}",),
            also=is_(Severity.MEDIUM),  # type: ignore[arg-type]
        ),
        Example(
            "a star covers one label",
            policy("mx: mx1.acme.test\nmx: mx2.acme.test", "mx: *.acme.test"),
            not_=("mta-sts-mx-uncovered",),
        ),
        Example(
            "the policy is redirected",
            mail(offered=Offered(trouble="it is redirected to https://acme.test/")),
            finds=(f"mta-sts-unfetchable {POLICY}",),
        ),
        Example(
            "a record and nothing behind it",
            mail(offered=NONE),
            finds=(f"mta-sts-unfetchable {POLICY}",),
        ),
        Example(
            "a policy that no record announces",
            mail(zone({RECORD: None})),
            finds=(f"mta-sts-unfetchable {RECORD}",),
        ),
        Example(
            "the policy timed out",
            mail(offered=Offered(cause="no answer within 8 s")),
            not_=("mta-sts-unfetchable",),
            state=State.UNKNOWN,
        ),
        Example(
            "an hour of protection", policy("604800", "3600"), finds=(f"mta-sts-stale {POLICY}",)
        ),
        Example(
            "an address in mx:",
            policy("mx: mx2.acme.test", "mx: mx2.acme.test\nmx: 192.0.2.1"),
            finds=(f"mta-sts-stale {POLICY}",),
        ),
        Example(
            "nothing is published",
            mail(NOTHING, offered=NONE),
            finds=(f"mta-sts-tlsrpt-absent {RECORD}",),
        ),
        Example(
            "nothing is published as far as it can be asked",
            mail(zone({RECORD: {FAILS: ()}, REPORTS: None}), offered=NONE),
            not_=("mta-sts-tlsrpt-absent",),
            state=State.UNKNOWN,
        ),
        Example(
            "a policy that was edited under the same id",
            (*policy("mx: mx2", "mx: *.acme.test\nmx: mx2"), SEEN),
            finds=(f"mta-sts-stale {RECORD}",),
        ),
        Example(
            "a policy that was edited, with a new id",
            (
                *mail(
                    zone({RECORD: {"TXT": ["v=STSv1; id=20260201"]}}),
                    offered=Offered(text=STS.replace("604800", "1209600")),
                ),
                SEEN,
            ),
            not_=("mta-sts-stale",),
        ),
        Example(
            "the same policy with its lines in another order",
            (
                *policy(
                    "mx: mx1.acme.test\nmx: mx2.acme.test", "mx: mx2.acme.test\nmx: mx1.acme.test"
                ),
                SEEN,
            ),
            not_=("mta-sts-stale",),
        ),
        Example(
            "the second domain in From is looked at too",
            mail(
                zone(
                    {
                        "acme.example": {"MX": ["10 mx1.acme.test"]},
                        "_mta-sts.acme.example": {"TXT": ["v=STSv1; id=1"]},
                    }
                ),
                given=Mail(addresses=(f"hello@{DOMAIN}", "hello@acme.example")),
                offered=Offered(text=STS.replace("mx: mx1.acme.test\n", "")),
            ),
            finds=(f"mta-sts-mx-uncovered {POLICY}", "mta-sts-mx-uncovered mta-sts.acme.example"),
        ),
        # ------------------------------------------------ port 25
        Example("no STARTTLS", mail(greetings=spoken("plain")), finds=(f"smtp-no-starttls {MX1}",)),
        Example(
            "port 25 is closed on the way out of here",
            mail(greetings=spoken("unreachable", "no connection to port 25 within 3 s")),
            not_=("smtp-no-starttls", "smtp-cert"),
            also=not_run,
        ),
        Example(
            "a server out of scope", mail(greetings=()), not_=("smtp-no-starttls",), also=not_run
        ),
        Example(
            "a certificate that ran out, and a policy that insists",
            mail(greetings=spoken("untrusted", "certificate has expired")),
            finds=(f"smtp-cert {MX1}",),
        ),
        Example(
            "a certificate that ran out, and nobody insists",
            mail(zone({RECORD: None}), offered=NONE, greetings=spoken("untrusted", "expired")),
            finds=(f"smtp-cert {MX1}",),
            also=is_(Severity.LOW),  # type: ignore[arg-type]
        ),
        Example(
            "the conversation broke off",
            mail(greetings=spoken("unknown", "mx1.acme.test port 25: it hung up")),
            not_=("smtp-no-starttls",),
            state=State.UNKNOWN,
        ),
        # ------------------------------------------------ DANE and BIMI
        Example(
            "the key is another than DANE says",
            mail(zone({TLSA: {"TLSA": [f"3 1 1 {'c3' * 32}"]}})),
            finds=(f"dane-broken {TLSA}",),
        ),
        Example(
            "DANE in a zone that is not signed",
            mail(zone({TLSA: {"TLSA": [f"3 1 1 {'b2' * 32}"]}, DOMAIN: {"DS": ()}})),
            finds=(f"dane-broken {TLSA}",),
        ),
        Example(
            "the key is the one DANE says",
            mail(zone({TLSA: {"TLSA": [f"3 1 1 {'b2' * 32}"]}})),
            not_=("dane-broken",),
        ),
        Example(
            "the key is the one DANE says by SHA-512",
            mail(zone({TLSA: {"TLSA": [f"3 1 2 {'d4' * 64}"]}})),
            not_=("dane-broken",),
        ),
        Example(
            "the certificate is another than DANE says by SHA-512",
            mail(zone({TLSA: {"TLSA": [f"3 0 2 {'d4' * 64}"]}})),
            finds=(f"dane-broken {TLSA}",),
        ),
        Example(
            "whether the zone is signed cannot be asked",
            mail(zone({TLSA: {"TLSA": [f"3 1 1 {'b2' * 32}"]}, DOMAIN: {"DS": [FAILS]}})),
            not_=("dane-broken",),
        ),
        Example(
            "a logo without a policy",
            mail(zone({BIMI: {"TXT": [LOGO]}, f"_dmarc.{DOMAIN}": {"TXT": ["v=DMARC1; p=none"]}})),
            finds=(f"bimi-no-effect {BIMI}",),
        ),
        Example(
            "a logo by plain http",
            mail(
                zone(
                    {
                        BIMI: {
                            "TXT": [LOGO.replace("https://acme.test/logo", "http://acme.test/logo")]
                        }
                    }
                )
            ),
            finds=(f"bimi-no-effect {BIMI}",),
        ),
        Example(
            "a logo without a mark certificate",
            mail(zone({BIMI: {"TXT": ["v=BIMI1; l=https://acme.test/logo.svg"]}})),
            not_=("bimi-no-effect",),
            also=notes,
        ),
    ],
)
