"""MTA-STS and TLS-RPT records, and which mail servers a policy covers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mailauth.mta_sts import (
    is_sts_record,
    is_tls_reporting,
    parse_policy,
    parse_record,
    parse_tls_reporting,
    uncovered,
)

POLICY = (
    "version: STSv1\r\nmode: enforce\r\nmx: mail.acme.test\r\nmx: *.mx.acme.test\r\n"
    "max_age: 604800\r\n"
)


def test_a_policy_and_what_it_covers() -> None:
    policy = parse_policy(POLICY)
    assert (policy.mode, policy.max_age, policy.problems) == ("enforce", 604_800, ())
    hosts = ["Mail.acme.test.", "a.mx.acme.test", "a.b.mx.acme.test", "mx.acme.test", "new.test"]
    assert uncovered(policy, hosts) == ("a.b.mx.acme.test", "mx.acme.test", "new.test")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("STSv1", "STSv2"), "version is not STSv1"),
        (("enforce", "strict"), "mode “strict”"),
        (("604800", "a week"), "no number of seconds"),
        (("mail.acme.test", "192.0.2.1"), "an address, not a name"),
        (("mode: enforce", "mode"), "no line of a policy"),
    ],
)
def test_a_wrong_line_is_told(change: tuple[str, str], problem: str) -> None:
    problems = parse_policy(POLICY.replace(*change)).problems
    assert any(problem in told for told in problems)


def test_a_policy_that_names_nobody_is_told_but_for_mode_none() -> None:
    assert parse_policy("version: STSv1\nmode: none\nmax_age: 86400").problems == ()
    assert "no mx is named" in parse_policy("version: STSv1\nmode: testing\nmax_age: 1").problems


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("v=STSv1; id=20260301T0900", 0),
        ("v=STSv1; id=2026-03-01", 1),
        ("v=STSv1;", 1),
        ("v=stsv1; id=1", 1),
    ],
)
def test_the_record_that_announces_a_policy(text: str, problems: int) -> None:
    assert is_sts_record(text)
    assert len(parse_record(text).problems) == problems


def test_where_failures_are_reported() -> None:
    text = "v=TLSRPTv1; rua=mailto:tls@acme.test, https://acme.test/tls"
    assert is_tls_reporting(text)
    assert parse_tls_reporting(text).problems == ()
    assert len(parse_tls_reporting("v=TLSRPTv1; rua=tls@acme.test").problems) == 1
    assert parse_tls_reporting("v=TLSRPTv1;").problems == ("rua= names nobody",)


@given(st.text())
def test_no_text_makes_them_fail(text: str) -> None:
    parse_policy(text)
    parse_record(text)
    parse_tls_reporting(text)
