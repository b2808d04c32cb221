"""DANE, BIMI, MTA-STS and what stands around SPF: no text makes them fail, and silence is none."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mailauth import bimi, dane, mta_sts
from launchready_tui.mailauth.lookup import Reply
from launchready_tui.mailauth.spf import around

GONE = Reply("gone")
FAILED = Reply("failed", cause="no answer")
RECORD = Reply("found", ("v=STSv1; id=1",))


@pytest.mark.parametrize("text", ["3 1 1 AB cd", "03 1 1 abcd", "3 1 1 abcd "])
def test_a_tlsa_record_is_read(text: str) -> None:
    assert dane.parse(text) == dane.Tlsa(3, 1, 1, "abcd")


@pytest.mark.parametrize("text", ["", "3 1 1", "a 1 1 ab", "٣ 1 1 ab", "9999 1 1 ab"])
def test_what_is_no_tlsa_record_is_none(text: str) -> None:
    assert dane.parse(text) is None


@pytest.mark.parametrize(
    ("record", "fits"),
    [
        ("3 1 1 bb", True),
        ("3 0 1 aa", True),
        ("2 0 1 cc", True),
        ("3 0 1 cc", False),
        ("2 1 1 ee", False),
        ("3 1 2 bb12", True),
        ("2 0 2 cc12", True),
        ("3 0 2 bb12", False),
        ("3 0 0 6b6579", False),
        ("3 1 9 ff", True),  # no hash that is known here: nothing is claimed
    ],
)
def test_usage_2_means_the_chain_and_usage_3_the_server(record: str, fits: bool) -> None:
    vouched = dane.Vouched("mx.test", Reply("found", (record,)), (Reply("found", ("1 13 2 aa",)),))
    chain = [dane.Shown("aa", "bb", "aa12", "bb12"), dane.Shown("cc", "dd", "cc12", "dd12")]
    assert (dane.audit([vouched], {"mx.test": chain}) == ()) is fits


def test_a_record_may_hold_the_whole_key_or_a_hash_that_was_not_computed() -> None:
    key = b"key"
    chain = [dane.Shown("aa", hashlib.sha256(key).hexdigest())]
    for record in (f"3 1 0 {key.hex()}", "3 1 2 ffff"):
        vouched = dane.Vouched("mx.test", Reply("found", (record,)), (Reply("found", ("x",)),))
        assert dane.audit([vouched], {"mx.test": chain}) == ()


def test_usages_that_mail_does_not_know_are_no_protection() -> None:
    vouched = dane.Vouched("mx.test", Reply("found", ("1 1 1 bb",)), (Reply("found", ("x",)),))
    [flaw] = dane.audit([vouched], {})
    assert flaw.code == "dane-broken"


def test_what_failed_is_no_flaw() -> None:
    assert dane.audit([dane.Vouched("mx.test", FAILED, ())], {}) == ()
    assert bimi.audit(bimi.Published("a.test", FAILED), enforced=False) == ()
    assert mta_sts.audit("a.test", FAILED, GONE, mta_sts.Offered(), ()) == ()
    assert mta_sts.audit("a.test", GONE, FAILED, mta_sts.Offered(), ()) == ()
    late = mta_sts.Offered(cause="no answer")
    assert mta_sts.audit("a.test", RECORD, GONE, late, ()) == ()
    assert around.audit(around.Around("a.test", FAILED, FAILED, FAILED, FAILED, "exp=x")) == ()


def test_a_domain_may_decline_to_have_a_logo() -> None:
    declined = bimi.Published("a.test", Reply("found", ("v=BIMI1; l=; a=;",)))
    assert bimi.audit(declined, enforced=True) == ()


@given(st.text())
def test_no_text_makes_them_fail(text: str) -> None:
    dane.parse(text)
    bimi.audit(bimi.Published("a.test", Reply("found", (text, f"v=BIMI1;{text}"))), enforced=True)
    offered = mta_sts.Offered(text=text or " ")
    mta_sts.audit("a.test", Reply("found", (f"v=STSv1;{text}",)), GONE, offered, ("mx.a.test",))
    found = Reply("found", (text, f"spf2.0{text}", f"v=spf1 {text}"))
    around.audit(around.Around("a.test", found, GONE, GONE))
