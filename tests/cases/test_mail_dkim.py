"""mail.dkim: what stands at the selectors that somebody names, and at those that are guessed."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.mail_world import (
    DOMAIN,
    ED_KEY,
    FAILS,
    GOOD,
    KEY,
    OTHER_KEY,
    PARKED,
    SHORT_KEY,
    days_ago,
    mail,
    zone,
)
from launchready_tui.facts.mail import MailSender
from launchready_tui.given import Mail
from launchready_tui.model import Fact, Outcome, Severity, State

AT = f"resend._domainkey.{DOMAIN}"
OTHER = f"google._domainkey.{DOMAIN}"
VALUE = KEY.partition("p=")[2]
MICROSOFT = MailSender(id="microsoft", label="Microsoft 365", how="given", where="launchready.toml")
TENANT = "selector1-acme-test._domainkey.acme.onmicrosoft.com"


def at(*texts: str) -> tuple[Fact, ...]:
    """The usual zone with other records at the selector of the app's service."""
    return mail(zone({AT: {"TXT": list(texts)}}))


def is_(severity: Severity) -> object:
    def check(outcome: Outcome) -> None:
        assert outcome.findings[0].severity is severity

    return check


def tells_how(outcome: Outcome) -> None:
    assert "none of" in outcome.cause
    assert "google" in outcome.cause


def flagged(says: str, code: str, *texts: str, subject: str = AT, **more: object) -> Example:
    return Example(says, at(*texts), finds=(f"{code} {subject}",), **more)  # type: ignore[arg-type]


def plain(says: str, facts: tuple[Fact, ...], *not_: str, **more: object) -> Example:
    return Example(says, facts, not_=not_, **more)  # type: ignore[arg-type]


test_examples = examples(
    "mail.dkim",
    [
        plain(
            "both services have their key",
            mail(),
            "dkim-unknown",
            "dkim-wildcard",
            "dkim-several-records",
            "dkim-testing-flag",
            "dkim-legacy-tag",
            "dkim-key-missing",
        ),
        Example(
            "a parked domain signs nothing",
            mail(PARKED, code=[], given=Mail()),
            state=State.NOT_APPLICABLE,
        ),
        # ------------------------------------------------ no key
        Example(
            "the selector of the service in the code is not there",
            mail(zone({AT: None})),
            finds=(f"dkim-key-missing {AT}",),
        ),
        Example(
            "nobody named a selector, and the usual ones are not there",
            mail(zone({AT: None, OTHER: None}), code=[]),
            not_=("dkim-key-missing",),
            state=State.UNKNOWN,
            also=tells_how,
        ),
        Example(
            "a selector that cannot be asked",
            mail(zone({AT: {FAILS: ()}, OTHER: None})),
            not_=("dkim-key-missing", "dkim-unknown"),
            state=State.UNKNOWN,
        ),
        Example(
            "nothing is found, and something else is wrong",
            mail(
                zone({AT: None, OTHER: None, "default._domainkey.news.test": {"TXT": [SHORT_KEY]}}),
                code=[],
                given=Mail(addresses=("a@acme.test", "a@news.test")),
            ),
            finds=(
                "dkim-rsa-short default._domainkey.news.test",
                f"dkim-unknown _domainkey.{DOMAIN}",
            ),
        ),
        Example(
            "the panel appended the domain",
            mail(zone({AT: None, f"{AT}.{DOMAIN}": {"TXT": [KEY]}})),
            finds=(f"dkim-name-doubled {AT}",),
        ),
        plain("the name ends in the domain once", mail(), "dkim-name-doubled"),
        Example(
            "an alias to a service that has no key there",
            mail(
                zone({f"selector1._domainkey.{DOMAIN}": {"CNAME": [TENANT]}}),
                code=[MICROSOFT],
            ),
            finds=(
                f"dkim-cname-dangling selector1._domainkey.{DOMAIN}",
                f"dkim-key-missing selector2._domainkey.{DOMAIN}",
            ),
        ),
        Example(
            "an alias whose target cannot be asked",
            mail(
                zone(
                    {
                        f"s9._domainkey.{DOMAIN}": {"CNAME": ["k.test"]},
                        "k.test": {FAILS: ()},
                        AT: None,
                        OTHER: None,
                    }
                ),
                given=Mail(selectors=("s9",)),
            ),
            not_=("dkim-cname-dangling",),
            state=State.UNKNOWN,
        ),
        # ------------------------------------------------ a key that is none
        flagged("the key is empty", "dkim-key-revoked", "v=DKIM1; p="),
        plain(
            "an old selector was revoked",
            mail(zone({f"k1._domainkey.{DOMAIN}": {"TXT": ["v=DKIM1; p="]}})),
            "dkim-key-revoked",
        ),
        Example(
            "the only key that is found was revoked, and nobody said that it is in use",
            mail(zone({AT: None, OTHER: {"TXT": ["v=DKIM1; p="]}}), code=[]),
            not_=("dkim-key-revoked",),
            state=State.UNKNOWN,
        ),
        flagged("a quote in the key", "dkim-key-unparsable", f'v=DKIM1; p="{VALUE}"'),
        flagged("a lost piece", "dkim-key-unparsable", f"v=DKIM1; p={VALUE[:201]}"),
        plain(
            "blanks inside the key",
            at(f"v=DKIM1; p={VALUE[:90]} {VALUE[90:]}"),
            "dkim-key-unparsable",
        ),
        flagged("the version is another", "dkim-key-unusable", f"v=DKIM2; p={VALUE}"),
        flagged("not for mail", "dkim-key-unusable", f"v=DKIM1; s=tlsrpt; p={VALUE}"),
        flagged("sha1 only", "dkim-key-unusable", f"v=DKIM1; h=sha1; p={VALUE}"),
        plain("neither version nor kind is named", at(f"p={VALUE}"), "dkim-key-unusable"),
        flagged("1024 bits", "dkim-rsa-short", SHORT_KEY, also=is_(Severity.MEDIUM)),  # type: ignore[arg-type]
        plain("2048 bits", at(KEY.replace("v=DKIM1; ", "v=DKIM1;")), "dkim-rsa-short"),
        Example(
            "Ed25519 and nothing else",
            mail(zone({AT: {"TXT": [ED_KEY]}, OTHER: None})),
            finds=(f"dkim-ed25519-only _domainkey.{DOMAIN}",),
        ),
        plain("Ed25519 beside RSA", at(ED_KEY), "dkim-ed25519-only"),
        flagged("a test", "dkim-testing-flag", f"v=DKIM1; t=y; p={VALUE}"),
        flagged("two keys", "dkim-several-records", KEY, OTHER_KEY),
        flagged("g=", "dkim-legacy-tag", f"v=DKIM1; g=*; p={VALUE}"),
        # ------------------------------------------------ beyond one key
        Example(
            "every selector answers",
            mail(zone({f"*._domainkey.{DOMAIN}": {"TXT": [KEY]}})),
            finds=(f"dkim-wildcard *._domainkey.{DOMAIN}",),
        ),
        Example(
            "one key at two domains",
            mail(
                zone(
                    {
                        f"s1._domainkey.{DOMAIN}": {"TXT": [KEY]},
                        "s1._domainkey.acme.example": {"TXT": [KEY]},
                        OTHER: None,
                    }
                ),
                code=[],
                given=Mail(addresses=("a@acme.test", "a@acme.example"), selectors=("s1",)),
            ),
            finds=(f"dkim-key-old-shared s1._domainkey.{DOMAIN}",),
        ),
        Example(
            "one key at two domains, by an alias of the service that changes it",
            mail(
                zone(
                    {
                        "s1._domainkey.acme.test": {"CNAME": ["key.service.test"]},
                        "s1._domainkey.acme.example": {"CNAME": ["key.service.test"]},
                        "key.service.test": {"TXT": [KEY]},
                        OTHER: None,
                    }
                ),
                code=[],
                given=Mail(addresses=("a@acme.test", "a@acme.example"), selectors=("s1",)),
            ),
            not_=("dkim-key-old-shared",),
        ),
        Example(
            "a key that a person knows to be older than a year",
            mail(given=Mail(addresses=(f"hello@{DOMAIN}",), dkim_since=days_ago(400))),
            finds=(f"dkim-key-old-shared resend._domainkey.{DOMAIN}",),
        ),
        plain(
            "a key that a person knows to be of this year",
            mail(given=Mail(addresses=(f"hello@{DOMAIN}",), dkim_since=days_ago(300))),
            "dkim-key-old-shared",
        ),
        plain("the world is as it was", mail(GOOD), "dkim-key-old-shared"),
    ],
)
