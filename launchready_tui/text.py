"""The only door for foreign strings: what came from outside is made visible first.

DNS, TLS, HTTP, logs, repositories and pasted text are hostile: an escape sequence in a TXT record
reaches the terminal byte for byte through every widget, and `[x]` is markup. `safe` is total: it
never raises, and what it returns is printable text of bounded length.
"""

from __future__ import annotations

import re

DEFAULT_LIMIT = 2_000

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"  # bidi and invisible
    "\ud800-\udfff"  # lone surrogates
    "\U000e0000-\U000e007f]"  # tags: invisible ASCII
)


def safe(value: str | bytes, *, one_line: bool = False, limit: int = DEFAULT_LIMIT) -> str:
    """Make a foreign string harmless: control, bidi and invisible characters become visible.

    Args:
        value: Text or undecoded bytes (read as UTF-8, bad bytes as U+FFFD).
        one_line: Spell newlines as `\\n` and turn tabs into blanks: for cells, titles, borders.
        limit: The most characters kept; what is cut is counted in the result.
    """
    if isinstance(value, bytes):
        value = value[: limit * 4 + 4].decode("utf-8", "replace")
    cut = len(value) - limit
    if cut > 0:
        value = value[:limit]
    value = _UNSAFE.sub(_visible, value)
    if one_line:
        value = value.replace("\n", "\\n").replace("\t", " ")
    return f"{value}… (+{cut} characters)" if cut > 0 else value


def spelt_json(text: str) -> str:
    """A JSON text with the same characters spelt `\\uXXXX`: who reads it gets them back."""
    return _UNSAFE.sub(_spelt, text)


def _spelt(match: re.Match[str]) -> str:
    pair = match.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pair[at : at + 4]}" for at in range(0, len(pair), 4))


def _visible(match: re.Match[str]) -> str:
    point = ord(match.group())
    if 0xD800 <= point <= 0xDFFF:
        return "\ufffd"
    if point <= 0xFF:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 blocker`, `2 blockers`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
