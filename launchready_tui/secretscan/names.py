"""The name in front of a value: which it is, and what it says that the value is instead."""

from __future__ import annotations

import re

_NAME = re.compile(r"([A-Za-z0-9_.-]{2,80})[\"'\]]{0,2}[ \t]{0,4}(?::=|=|=>|:)[ \t]{0,4}[\"'`]?$")
_WORD = re.compile(r"[A-Za-z][\w.-]{2,80}")
_SPEAKS = re.compile(r"secret|token|pass|pwd|key|credential", re.IGNORECASE)
_CAPTION = re.compile(
    r"^(?:label|error|message|msg|hint|placeholder|validation)s?[._-]"
    r"|(?:label|placeholder|title|caption|tooltip|message|text|help|prompt|description)$",
    re.IGNORECASE,
)
"""Names of what stands beside a field."""
_TURNED = re.compile(r"(?:hash|hashed|digest|encrypted|crypt|salted|enc)\d*$", re.IGNORECASE)
"""Names of what was made out of a secret."""
_PASSING = re.compile(
    r"(?:change|next|page|continuation|request|action|cancel(?:lation)?|sync|idempotency|update"
    r"|lock|verification|[cx]srf)[_-]?token$"
    r"|(?:site|cache|row|sort|primary|foreign|translation|pub(?:lic)?|object|partition)[_-]?key$"
    r"|client$|token[_-]?(?:data|table|types?)$",
    re.IGNORECASE,
)
"""Names of tokens and keys that open nothing."""


def of(before: str) -> str:
    """The name right before a value, by the line up to it; empty where there is none."""
    match = _NAME.search(before[-120:])
    return match[1].strip(".-") if match else ""


def last_word(before: str) -> str:
    """The last word that speaks of a secret: `token` of `<meta name="token" content="`."""
    words = [word for word in _WORD.findall(before[-120:]) if _SPEAKS.search(word)]
    return words[-1].strip(".-") if words else ""


def is_another(name: str) -> bool:
    """Whether a name says that the value is no secret, though it speaks of one."""
    return any(said.search(name) for said in (_CAPTION, _TURNED, _PASSING))
