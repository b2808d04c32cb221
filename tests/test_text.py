"""No control, bidi or invisible character survives the border, whatever comes in."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.text import safe

HOSTILE = "A \x1b]0;PWNED\x07 B \x1b[2JC \x9b31mD \u202eE \u200f\u2066\ufeff\x00\r"


def test_escape_sequences_become_visible() -> None:
    assert safe("\x1b]0;PWNED\x07") == "\\x1b]0;PWNED\\x07"
    assert safe("\u202eevil") == "\\u202eevil"
    assert safe("\x9b31m") == "\\x9b31m"


def test_one_line_spells_newlines_and_tabs() -> None:
    assert safe("a\nb\tc", one_line=True) == "a\\nb c"
    assert safe("a\nb\tc") == "a\nb\tc"


def test_what_is_cut_is_counted() -> None:
    assert safe("x" * 30, limit=10) == "x" * 10 + "… (+20 characters)"


def test_undecodable_bytes_are_replaced() -> None:
    assert safe(b"ok \xff\xfe \x1b") == "ok \ufffd\ufffd \\x1b"


def test_invisible_tag_characters_are_shown() -> None:
    assert "\U000e0041" not in safe("a\U000e0041b")


@given(st.one_of(st.text(), st.binary()), st.booleans())
def test_nothing_invisible_survives(value: str | bytes, one_line: bool) -> None:
    out = safe(value, one_line=one_line)
    allowed = set() if one_line else {"\n", "\t"}
    for character in out:
        category = unicodedata.category(character)
        assert character in allowed or category not in ("Cc", "Cs"), repr(character)
    assert not set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    ) & set(out)
