"""Authentication-Results as receivers really write them, and as forgers do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mailauth.authres import parse, trusted

GMAIL = """mx.google.com;
       dkim=pass header.i=@acme.test header.s=s1 header.b=AbC/d+e=;
       spf=pass (google.com: domain of bounce@send.acme.test designates 192.0.2.1 as permitted
       sender) smtp.mailfrom=bounce@send.acme.test;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=acme.test"""
OUTLOOK = """spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=acme.test; dkim=none"""


def test_what_gmail_writes() -> None:
    header = parse(GMAIL)
    assert header.authserv_id == "mx.google.com"
    assert [(r.method, r.result) for r in header.results] == [
        ("dkim", "pass"),
        ("spf", "pass"),
        ("dmarc", "pass"),
    ]
    dkim, spf, dmarc = header.results
    assert dkim.properties["header.b"] == "AbC/d+e="
    assert spf.properties == {"smtp.mailfrom": "bounce@send.acme.test"}
    assert dmarc.properties == {"header.from": "acme.test"}


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ("mx.test; none", []),
        ("mx.test 1; spf = pass", [("spf", "pass")]),
        ('mx.test; dkim/1=fail reason="bad; signature (really)"', [("dkim", "fail")]),
        ("mx.test; spf=pass (a (nested) comment; dkim=pass)", [("spf", "pass")]),
        ("", []),
        (";;;", []),
    ],
)
def test_odd_but_legal_forms(text: str, results: list[tuple[str, str]]) -> None:
    assert [(r.method, r.result) for r in parse(text).results] == results


def test_a_reason_keeps_its_semicolon() -> None:
    (result,) = parse('mx.test; dkim=fail reason="bad; signature" header.d=acme.test').results
    assert result.reason == "bad; signature"
    assert result.properties["header.d"] == "acme.test"


def test_only_a_host_that_is_trusted_says_anything() -> None:
    headers = [parse(f"{host}; spf=pass") for host in ("mx.google.com", "evilgoogle.com", "x.test")]
    assert [h.authserv_id for h in trusted(headers, ["google.com"])] == ["mx.google.com"]
    assert trusted(headers, []) == ()


@given(st.text(alphabet=st.sampled_from('ab=;."\\() \n/')))
def test_no_text_makes_it_fail(text: str) -> None:
    parse(text)
