"""Bodies become text without ever running a codec that the other side chose."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.network.body import Body, decoded


@pytest.mark.parametrize(
    ("raw", "content_type", "text"),
    [
        (b"caf\xc3\xa9", "text/html; charset=utf-8", "café"),
        (b"caf\xc3\xa9", "text/html", "café"),
        (b"caf\xe9", 'text/html; charset="ISO-8859-1"', "café"),
        (b"\x80", "text/html; charset=latin1", "€"),
        (b"caf\xe9", "text/html; charset=utf-8", "caf\ufffd"),
        (b"\xef\xbb\xbfhello", "text/plain", "hello"),
        (b"a\r\nb\rc\n", "text/plain", "a\nb\nc\n"),
        (b"\x1b[2J", "text/plain", "\\x1b[2J"),
        (b"\x89PNG\x00", "image/png", ""),
        (b"ref: refs/heads/main", "application/octet-stream", "ref: refs/heads/main"),
    ],
)
def test_a_body_is_text(raw: bytes, content_type: str, text: str) -> None:
    assert decoded(raw, content_type, "", 1000) == Body(text=text)


@pytest.mark.parametrize(
    "charset",
    [
        "zlib",
        "zlib_codec",
        "hex",
        "rot13",
        "idna",
        "punycode",
        "utf-16",
        "utf-7",
        "base64",
        "x" * 99,
    ],
)
def test_a_charset_that_is_none_is_read_as_utf_8(charset: str) -> None:
    assert decoded(b"caf\xc3\xa9", f"text/html; charset={charset}", "", 1000) == Body(text="café")


def test_compression_nobody_asked_for_is_unpacked_up_to_the_limit() -> None:
    bomb = gzip.compress(b"a" * 10_000_000)
    assert decoded(bomb, "text/plain", "gzip", 1000) == Body(text="a" * 1000, truncated=True)
    small = zlib.compress(b"hello")
    assert decoded(small, "text/plain", "deflate", 1000) == Body(text="hello")


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "zstd", "gzip", "\x1b[31m"])
def test_what_cannot_be_unpacked_is_left_out_with_a_remark(coding: str) -> None:
    body = decoded(b"not packed at all", "text/plain", coding, 1000)
    assert (body.text, "compressed" in body.remark) == ("", True)
    assert "\x1b" not in body.remark


@given(st.binary(max_size=300), st.text(max_size=40), st.text(max_size=10))
def test_any_body_becomes_text(raw: bytes, content_type: str, coding: str) -> None:
    decoded(raw, content_type, coding, 100)
