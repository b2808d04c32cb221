"""Bounces as providers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mailauth.bounce import decode

GMAIL_DMARC = """550-5.7.26 Unauthenticated email from acme.test is not accepted due to
550-5.7.26 domain's DMARC policy. Please contact the administrator of
550 5.7.26 acme.test domain. 5614622812f47-gsmtp"""
GMAIL_NOTHING = (
    "550-5.7.26 Your email has been blocked because the sender is unauthenticated. gsmtp"
)
OUTLOOK = """550 5.7.515 Access denied, sending domain ACME.TEST does not meet the required
authentication level. Spf= Pass , Dkim= Fail , DMARC= Pass [x.prod.protection.outlook.com]"""
YAHOO = "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints"
DSN = """Final-Recipient: rfc822; nobody@acme.test
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <nobody@acme.test>: Recipient address rejected"""


@pytest.mark.parametrize(
    ("text", "provider", "status", "final", "cause"),
    [
        (GMAIL_DMARC, "gmail", "5.7.26", True, "own DMARC policy"),
        (GMAIL_NOTHING, "gmail", "5.7.26", True, "neither SPF nor DKIM"),
        (OUTLOOK, "microsoft", "5.7.515", True, "must all pass"),
        (YAHOO, "yahoo", "4.7.0", False, "volume or complaints"),
        (DSN, "", "5.1.1", True, "no such mailbox"),
        ("550 5.7.27 sender domain has null MX", "", "5.7.27", True, "null MX"),
        ("550 5.7.27 SPF did not pass. gsmtp", "gmail", "5.7.27", True, "SPF did not pass"),
        ("452 4.2.2 mailbox full", "", "4.2.2", False, "mailbox is full"),
    ],
)
def test_a_bounce_is_told_by_provider_code_and_cause(
    text: str, provider: str, status: str, final: bool, cause: str
) -> None:
    said = decode(text)
    assert (said.provider, said.status, said.final) == (provider, status, final)
    assert cause in said.cause
    assert said.fix


def test_what_nobody_knows_is_left_open() -> None:
    said = decode("The weather is fine, and version 10.0.0.1 is out.")
    assert (said.status, said.final, said.cause) == ("", None, "")


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    decode(text)
