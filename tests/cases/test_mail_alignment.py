"""mail.alignment: what the app sends with belongs to the domain that people see."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.mail_world import DOMAIN, FAILS, GOOD, PARKED, RESEND, mail, zone
from launchready_tui.facts.mail import MailSender
from launchready_tui.given import Mail
from launchready_tui.model import Confidence, Fact, Outcome, State

KEY_AT = f"resend._domainkey.{DOMAIN}"
BOUNCES = f"send.{DOMAIN}"
STRICT = f"v=DMARC1; p=reject; aspf=s; rua=mailto:dmarc@{DOMAIN}"
GIVEN = Mail(addresses=(f"hello@{DOMAIN}",), senders=("resend",))
SES = MailSender(id="ses", label="Amazon SES", how="code", where="AWS_SES_REGION in .env")
NEITHER = zone({KEY_AT: None, BOUNCES: None})


def found(*addresses: tuple[str, str]) -> tuple[Fact, ...]:
    return mail(found=addresses)


def confirmed(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.CONFIRMED


def likely(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.LIKELY


def is_proven(outcome: Outcome) -> None:
    assert outcome.proven


def is_asked(outcome: Outcome) -> None:
    assert not outcome.proven


test_examples = examples(
    "mail.alignment",
    [
        Example(
            "signature and bounces are both the domain's",
            mail(),
            not_=("dmarc-alignment", "dmarc-strict-mismatch"),
            also=is_asked,
        ),
        Example("as a person named them", mail(given=GIVEN, code=[]), also=is_proven),
        Example(
            "the key is there, and bounces go to the service",
            mail(zone({BOUNCES: None})),
            not_=("dmarc-alignment",),
        ),
        Example(
            "bounces come back to the domain, and there is no key",
            mail(zone({KEY_AT: None})),
            not_=("dmarc-alignment", "dmarc-strict-mismatch"),
        ),
        Example(
            "neither key nor return-path of the service that a person named",
            mail(NEITHER, given=GIVEN, code=[]),
            finds=(f"dmarc-alignment {DOMAIN}",),
            also=confirmed,
        ),
        Example(
            "neither key nor return-path of the service in the code",
            mail(NEITHER),
            finds=(f"dmarc-alignment {DOMAIN}",),
            also=likely,
        ),
        Example(
            "a service whose selectors are random",
            mail(NEITHER, code=[SES]),
            not_=("dmarc-alignment",),
            state=State.UNKNOWN,
        ),
        Example(
            "the selector cannot be asked",
            mail(zone({KEY_AT: {FAILS: ()}, BOUNCES: None})),
            not_=("dmarc-alignment",),
            state=State.UNKNOWN,
        ),
        Example(
            "nobody said what sends, and people's mailboxes are all there is",
            mail(zone({BOUNCES: None}), code=[], given=Mail()),
        ),
        Example(
            "nobody said what sends, and no service is known by its records",
            mail(zone({BOUNCES: None, DOMAIN: {"TXT": ["v=spf1 mx ~all"]}}), code=[], given=Mail()),
            state=State.UNKNOWN,
        ),
        Example(
            "a service that stands in SPF, perhaps from earlier days",
            mail(
                zone(
                    {
                        BOUNCES: None,
                        DOMAIN: {"TXT": ["v=spf1 include:sendgrid.net ~all"]},
                        "sendgrid.net": {"TXT": ["v=spf1 ip4:93.184.216.0/24 ~all"]},
                    }
                ),
                code=[],
                given=Mail(),
            ),
            not_=("dmarc-alignment",),
            state=State.UNKNOWN,
        ),
        Example("a parked domain", mail(PARKED, code=[], given=Mail()), state=State.NOT_APPLICABLE),
        Example(
            "strict mode, and bounces go to a name below",
            mail(zone({KEY_AT: None, f"_dmarc.{DOMAIN}": {"TXT": [STRICT]}})),
            finds=(f"dmarc-strict-mismatch _dmarc.{DOMAIN}",),
        ),
        Example(
            "strict mode, and the signature is exact",
            mail(zone({f"_dmarc.{DOMAIN}": {"TXT": [STRICT]}})),
            not_=("dmarc-strict-mismatch",),
        ),
        # ------------------------------------------------ addresses
        Example(
            "a sandbox address that a person gave",
            mail(
                zone({}, GOOD),
                given=Mail(addresses=("hello@acme.test", "onboarding@resend.dev")),
                code=[RESEND],
            ),
            finds=("dmarc-sandbox-from onboarding@resend.dev", "dmarc-alignment resend.dev"),
        ),
        Example(
            "a sandbox address is the only one in the code",
            found(("onboarding@resend.dev", "lib/mail.ts:4")),
            finds=("dmarc-sandbox-from onboarding@resend.dev",),
            also=confirmed,
        ),
        Example(
            "a free mailbox in the code beside another address",
            found(("acme.crew@gmail.com", "lib/mail.ts:4"), ("hi@acme.test", "lib/mail.ts:9")),
            finds=("dmarc-sandbox-from acme.crew@gmail.com",),
            also=likely,
        ),
        Example(
            "an address of the domain",
            found(("hi@acme.test", "a.py:1")),
            not_=("dmarc-sandbox-from", "mail-from-elsewhere"),
        ),
        Example(
            "an address of another domain in the code",
            found(("hi@former-name.io", "lib/mail.ts:4")),
            finds=("mail-from-elsewhere hi@former-name.io",),
        ),
        Example(
            "an address from an example",
            found(("hi@example.com", "a.py:1")),
            not_=("mail-from-elsewhere",),
        ),
    ],
)
