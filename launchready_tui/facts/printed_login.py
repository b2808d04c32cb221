"""An account that a sign-in page prints together with its password: the name, never the password.

Only the text is read. Nobody tries whether it opens anything.
"""

from __future__ import annotations

import re

from launchready_tui.redact import redact
from launchready_tui.redact_names import is_placeholder
from launchready_tui.text import safe

MOST_READ = 20_000
_BOTH = re.compile(
    r"(?i)(?<![a-z])(?:user(?:[ -]?name)?|log[ -]?in|e-?mail|account|benutzer(?:name)?)"
    r"\s{0,3}[:=]\s{0,3}(?P<who>[^\s:,;/|()]{2,80})[\s,;/|]{1,6}(?:(?:and|und)\s{1,3})?"
    r"(?:pass(?:word|wort|code)?|pwd|kennwort)\s{0,3}[:=]\s{0,3}(?P<word>[^\s,;/|()]{3,60})"
)
_PAIR = re.compile(
    r"(?i)(?<![a-z])(?:default|demo|test|initial)[ a-z-]{0,40}[:=]\s{0,3}"
    r"(?P<who>[^\s:,;/|()]{2,80})\s{0,3}[/|:]\s{0,3}(?P<word>[^\s,;/|()]{3,60})"
)


def printed_login(text: str) -> str:
    """The account whose password stands beside it in a page's visible text; empty without one."""
    text = " ".join(text[:MOST_READ].split())
    for pattern in (_BOTH, _PAIR):
        for match in pattern.finditer(text):
            who, word = match["who"], match["word"].rstrip(".")
            if not _hidden(word) and not _hidden(who):
                return safe(redact(who), one_line=True, limit=80)
    return ""


def _hidden(word: str) -> bool:
    """A blank to fill in, or dots in place of letters."""
    return is_placeholder(word) or len(set(word)) < 2 or word.lower() in _HINTS


_HINTS = (
    "your",
    "required",
    "optional",
    "forgotten",
    "password",
    "username",
    "email",
    "min",
    "https",
)
