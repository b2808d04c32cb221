"""Whether two answers are the same page but for times, tokens and counters, and whose page it is.

Bodies are compared while they are there and never kept.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence

from launchready_tui.facts.page import read_page
from launchready_tui.text import safe

MOST_READ = 200_000
ALIKE = 0.9
_WORD = re.compile(r"(?<!\w)[^\W\d_]{2,40}(?!\w)")


def alike(one: str, other: str) -> bool:
    """Nine words in ten are in both. Two empty answers are not alike: they say nothing."""
    a, b = _words(one), _words(other)
    return bool(a and b) and len(a & b) / len(a | b) >= ALIKE


def same_page(one: str, other: str) -> bool:
    """The same bytes, or the same skeleton of a page with nearly the same words."""
    return bool(one) and (
        one == other or (alike(one, other) and read_page(one).shell == read_page(other).shell)
    )


def marked(body: str, markers: Sequence[str]) -> bool:
    """Whether one of the markers stands in the body, as text, HTML or JSON writes it."""
    plain = html.unescape(body).casefold()
    raw = body.casefold()
    return any(
        form.casefold() in text
        for marker in markers
        if marker.strip()
        for form in _forms(marker)
        for text in (raw, plain)
    )


def _words(body: str) -> set[str]:
    return set(_WORD.findall(body[:MOST_READ]))


def _forms(marker: str) -> set[str]:
    text = safe(marker)
    return {text, json.dumps(marker)[1:-1], json.dumps(marker, ensure_ascii=False)[1:-1]}
