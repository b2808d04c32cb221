"""What people type as a domain, and what they are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.domain import BadInput, domain_of, url_of


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("acme.example", "acme.example"),
        (" ACME.Example. ", "acme.example"),
        ("müller.example", "xn--mller-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("日本.example", "xn--wgv71a.example"),
        ("ops.acme.co.uk", "ops.acme.co.uk"),
    ],
)
def test_a_domain_is_read_in_its_plain_form(typed: str, name: str) -> None:
    assert domain_of(typed) == name


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "no domain"),
        ("https://acme.example/login", "Did you mean acme.example?"),
        ("ana@acme.example", "Did you mean acme.example?"),
        ("acme .example", "Did you mean acme.example?"),
        ("acme.example:8443", "Did you mean acme.example?"),
        ("192.0.2.1", "IP address"),
        ("2001:db8::1", "IP address"),
        ("acme", "no dot"),
        ("300.1.2.3", "ends in a number"),
        ("☃.example", "cannot be written"),
        ("ac!me.example", "Did you mean acme.example?"),
        ("a" * 64 + ".example", "not a host name"),
        ("\x1b[2J.example", "\\x1b"),
    ],
)
def test_what_is_no_domain_gets_a_sentence_and_a_suggestion(typed: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        domain_of(typed)
    assert said in str(refused.value)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("app.acme.example", "https://app.acme.example/"),
        ("http://Acme.Example:8080/a?b=c#d", "http://acme.example:8080/a?b=c"),
    ],
)
def test_an_extra_address_becomes_a_whole_one(typed: str, url: str) -> None:
    assert url_of(typed) == url


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://acme.example",
        "https://u:p@acme.example",
        "a b",
        "",
        "https://..",
        "https://acme..example",
        "https://<acme>.example",
        "https://-acme.example",
        f"https://{'a' * 64}.example",
    ],
)
def test_other_addresses_are_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        url_of(typed)


@given(st.text())
def test_no_input_breaks_the_border(typed: str) -> None:
    for read in (domain_of, url_of):
        try:
            assert read(typed)
        except BadInput:
            continue
