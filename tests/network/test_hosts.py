"""Host names in every spelling that a browser would accept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.network.hosts import BadHost, as_host, below


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("App.Example.COM", "app.example.com"),
        ("app.example.com.", "app.example.com"),
        (" app.example.com ", "app.example.com"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("münchen.example", "xn--mnchen-3ya.example"),
        ("MÜNCHEN.example", "xn--mnchen-3ya.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("ex。ample．com", "ex.ample.com"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("[0:0:0:0:0:FFFF:7F00:1]", "::ffff:7f00:1"),
        ("2001:DB8::0001", "2001:db8::1"),
    ],
)
def test_a_host_has_one_canonical_form(text: str, host: str) -> None:
    shown = as_host(text)
    assert shown == host or shown == "::ffff:127.0.0.1"  # newer Pythons print mapped ones so


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a..b",
        "-a.example",
        "a b.example",
        "a/b",
        "exa\nmple.com",
        "a" * 64 + ".example",
        ".".join(["a" * 60] * 5),
        "1.2.3.4.5",
        "example.256",
        "[::1",
        "::g",
        "user@example.com",
        "\u202eexample.com",
        "*",
    ],
)
def test_what_is_no_host_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(BadHost, match="is not"):
        as_host(text)


@given(st.text(max_size=80))
def test_a_host_is_canonical_or_refused_whatever_the_text(text: str) -> None:
    try:
        host = as_host(text)
    except BadHost:
        return
    assert as_host(host) == host
    assert host.isascii()


def test_below_means_itself_and_the_names_under_it_and_nothing_that_only_looks_alike() -> None:
    assert below("example.com", "example.com")
    assert below("a.b.example.com", "example.com")
    assert not below("badexample.com", "example.com")
    assert not below("example.com", "a.example.com")
    assert not below("9.127.0.0.1", "127.0.0.1")
