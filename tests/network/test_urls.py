"""URLs and Location headers as browsers read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.network.urls import BadUrl, as_shown, location_text, read_url

BASE = read_url("https://app.example.com/a/b?c=d")


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/login", "https://app.example.com/login"),
        ("login", "https://app.example.com/a/login"),
        ("?x=1", "https://app.example.com/a/b?x=1"),
        ("//other.example/x", "https://other.example/x"),
        ("/\\evil.example/x", "https://evil.example/x"),
        ("///evil.example/x", "https://evil.example/x"),
        ("https:///evil.example/x", "https://evil.example/x"),
        ("https:/login", "https://app.example.com/login"),
        ("\\\\evil.example/x", "https://evil.example/x"),
        ("https:\\\\evil.example\\x", "https://evil.example/x"),
        ("  https://app.example.com/x \r\n", "https://app.example.com/x"),
        ("ht\ntps://ev\til.example/", "https://evil.example/"),
        ("HTTPS://APP.example.com:443", "https://app.example.com/"),
        ("http://app.example.com:80/", "http://app.example.com/"),
        ("http://app.example.com:8080/", "http://app.example.com:8080/"),
        ("https://app.example.com@evil.example/", "https://evil.example/"),
        ("https://me:secret@app.example.com/x", "https://app.example.com/x"),
        ("/a%0d%0aSet-Cookie:%20x=1", "https://app.example.com/a%0d%0aSet-Cookie:%20x=1"),
        ("/café?q=ä b", "https://app.example.com/caf%C3%A9?q=%C3%A4%20b"),
        ("/a#fragment", "https://app.example.com/a"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("../../../etc", "https://app.example.com/etc"),
        ("https://app.example.com/a/../../b/./c", "https://app.example.com/b/c"),
        ("https://app.example.com/a/..", "https://app.example.com/"),
        ("https://app.example.com/a/.well-known/..b", "https://app.example.com/a/.well-known/..b"),
    ],
)
def test_a_location_leads_where_a_browser_would_go(location: str, url: str) -> None:
    assert str(read_url(location, BASE)) == url


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://example.com/",
        "gopher://example.com/",
        "http://",
        "https:///",
        "http://:80/",
        "http://example.com:99999/",
        "http://example.com:port/",
        "http://example.com:0/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "http://a b/",
        "http://a\x00b/",
        "https://example.com/" + "a" * 9000,
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(location: str) -> None:
    with pytest.raises(BadUrl, match=r"not|too long|names port 0"):
        read_url(location, BASE)


def test_user_name_and_password_are_nowhere_in_what_is_kept() -> None:
    url = read_url("https://me:" + "hunter" + "2@app.example.com/")
    assert "me" not in str(url).removeprefix("https://app.example.com")
    assert "hunter" not in repr(url)


def test_what_is_shown_of_a_url_that_cannot_be_asked_holds_no_password_either() -> None:
    text = "ftp://me:" + "hunter" + "2@app.example.com/\x1b[2J"
    assert as_shown(text) == "ftp://…@app.example.com/\\x1b[2J"
    with pytest.raises(BadUrl) as error:
        read_url(text)
    assert "hunter" not in str(error.value)


@given(st.text(max_size=120))
def test_any_location_is_read_or_refused(location: str) -> None:
    try:
        url = read_url(location, BASE)
    except BadUrl:
        return
    assert read_url(str(url)) == url
    assert str(url).isascii()
    assert str(url).isprintable()


@given(st.binary(max_size=60))
def test_any_bytes_of_a_header_become_text(raw: bytes) -> None:
    assert isinstance(location_text(raw), str)
