"""An SPF record is read as its grammar says, and what is wrong is told with its place."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mailauth.spf import is_spf, parse

WORDS = (
    "a",
    "mx",
    "ptr",
    "all",
    "-all",
    "include:",
    "ip4:",
    "ip6:",
    "exists:",
    "redirect=",
    "exp=",
)
PIECES = (*WORDS, "%{", "}", "%{d}", "/24", "//64", ".", "-", "example.com", "1.2.3.4", "::1", " ")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("v=spf1 -all", True),
        ("V=SPF1", True),
        ("v=spf10 -all", False),
        (" v=spf1 -all", False),
        ("v=spf1;-all", False),
        ("", False),
    ],
)
def test_a_record_is_known_by_its_version(text: str, holds: bool) -> None:
    assert is_spf(text) is holds


def test_terms_keep_their_places_and_parts() -> None:
    record = parse("v=spf1  a:mail.acme.test/24//64 ~IP4:192.0.2.0/25 moo=%{c} -ALL ")
    assert record.valid
    a, four, last = record.mechanisms
    assert (a.domain, a.cidr4, a.cidr6) == ("mail.acme.test", 24, 64)
    assert record.text[a.start : a.end] == a.text == "a:mail.acme.test/24//64"
    assert (four.qualifier, four.network) == ("~", ipaddress.ip_network("192.0.2.0/25"))
    assert (last.name, last.qualifier) == ("all", "-")
    assert [modifier.name for modifier in record.others] == ["moo"]


@pytest.mark.parametrize(
    ("term", "why"),
    [
        ("inlcude:acme.test", "no mechanism “inlcude”"),
        ("ipv4:192.0.2.1", "no mechanism “ipv4”"),
        ("ip4:192.0.2.1/33", "prefix length"),
        ("ip4:192.0.2.1/024", "prefix length"),
        ("ip4:192.0.2.01", "no IPv4 address"),
        ("ip4:192.0.2.1//24", "prefix length"),
        ("ip6:fe80::1%eth0", "no IPv6 address"),
        ("a/", "“:” or “/” is missing"),
        ("a:", "names no domain"),
        ("a:museum", "no full domain name"),
        ("a:acme.1", "no full domain name"),
        ("a:acme.te-", "no full domain name"),
        ("include", "names no domain"),
        ("include/24", "“:” is missing"),
        ("all.", "no mechanism"),
        ("-all;", "stands alone"),
        ("exists:%{x}.acme.test", "may not stand here"),
        ("exists:%{d0}.acme.test", "keeps nothing"),
        ("exists:100%.acme.test", "starts no macro"),
        ("redirect=", "names no domain"),
        ("include:“acme.test”", "not printable ASCII"),
        ("=x", "neither a mechanism nor a modifier"),
    ],
)
def test_a_wrong_term_is_told_with_its_place(term: str, why: str) -> None:
    text = f"v=spf1 mx {term} ~all"
    record = parse(text)
    (problem,) = record.problems
    assert why in problem.why
    assert text[problem.start : problem.end] == term
    assert [mechanism.name for mechanism in record.mechanisms] == ["mx", "all"]


@pytest.mark.parametrize(
    "text",
    [
        "v=spf1 a:foo:8080/bar.example.com",
        "v=spf1 exists:%{d}.",
        "v=spf1 include:%{ir}.%{v}._spf.%{d2} -all",
        "v=spf1 exists:%{l1r-}.acme.test",
        "v=spf1 exists:a%%b%_c%-.acme.test",
        "v=spf1 redirect=_spf.acme.test exp=why.%{d}",
        "v=spf1 a:acme.test. a:xn--bcher-kva.example",
        "v=spf1",
    ],
)
def test_what_the_grammar_allows_is_no_fault(text: str) -> None:
    expected = text == "v=spf1 exists:%{d}."
    assert bool(parse(text).problems) is expected


def test_a_modifier_that_stands_twice_is_told() -> None:
    record = parse("v=spf1 redirect=a.test exp=x.a.test redirect=b.test")
    assert [problem.why for problem in record.problems] == ["redirect= stands twice"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_no_text_makes_the_parser_fail(text: str) -> None:
    record = parse(f"v=spf1 {text}")
    for problem in record.problems:
        assert 7 <= problem.start < problem.end <= len(record.text)
