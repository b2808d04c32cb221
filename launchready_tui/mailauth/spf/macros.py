"""The macros of SPF: their grammar, and what they stand for (RFC 7208 section 7)."""

from __future__ import annotations

import functools
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

MOST_NAME = 253
"""A name that grows longer loses labels from its left (7.3)."""

_TOKEN = re.compile(
    r"%\{(?P<letter>[A-Za-z])(?P<keep>[0-9]*)(?P<reverse>[rR]?)(?P<delimiters>[.\-+,/_=]*)\}"
    r"|(?P<escaped>%[%_-])|(?P<literal>[^%]+)",
    re.DOTALL,
)
_ESCAPES = {"%": "%", "_": " ", "-": "%20"}
"""What `%%`, `%_` and `%-` stand for."""
_LETTERS = frozenset("slodiphv")
_EXPLANATION_LETTERS = _LETTERS | frozenset("crt")


class BadMacro(ValueError):
    """Text with a `%` that starts no macro, or one that may not stand there."""


@dataclass(frozen=True, slots=True)
class Macro:
    """One `%{…}`, or `%%`, `%_`, `%-` by its second character.

    `keep` is the number of parts to keep from the right, 0 for all of them.
    """

    letter: str
    keep: int = 0
    reverse: bool = False
    delimiters: str = "."
    escape: bool = False


Token = str | Macro
Value = Callable[[str], Awaitable[str]]
"""What a macro letter (in lower case) stands for, before it is transformed."""


@functools.lru_cache(maxsize=1024)
def tokens(text: str, *, in_explanation: bool = False) -> tuple[Token, ...]:
    """Text and macros in order.

    Raises:
        BadMacro: A `%` starts nothing, or a letter may not stand here.
    """
    letters = _EXPLANATION_LETTERS if in_explanation else _LETTERS
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadMacro(f"“{text[at : at + 12]}” starts no macro")
        at = match.end()
        if match["literal"] is not None:
            found.append(match["literal"])
        elif match["escaped"] is not None:
            found.append(Macro(letter=match["escaped"][1]))
        else:
            found.append(_macro(match, letters))
    return tuple(found)


def domain_spec_trouble(text: str) -> str:
    """What keeps a text from being a domain-spec (7.1), or an empty string.

    Checked before macros are expanded: it ends in a macro, or in a label that may be the last one.
    """
    try:
        found = tokens(text)
    except BadMacro as error:
        return str(error)
    if not found:
        return "no domain is named"
    last = found[-1]
    if isinstance(last, Macro):
        return ""
    _, dot, top = last.removesuffix(".").rpartition(".")
    return "" if dot and _is_top(top) else f"“{text}” is no full domain name"


def _is_top(label: str) -> bool:
    """Letters, digits and dashes inside; not digits alone (7.1)."""
    plain = label.replace("-", "")
    if not plain.isascii() or not plain.isalnum():
        return False
    if "-" in label:
        return label[0] != "-" and label[-1] != "-"
    return not label.isdigit()


async def expand(text: str, value: Value, *, in_explanation: bool = False) -> str:
    """The text with its macros replaced. Raises BadMacro."""
    pieces = []
    for token in tokens(text, in_explanation=in_explanation):
        if isinstance(token, str):
            pieces.append(token)
        elif token.letter in _ESCAPES:
            pieces.append(_ESCAPES[token.letter])
        else:
            pieces.append(transformed(token, await value(token.letter)))
    return "".join(pieces)


def transformed(macro: Macro, value: str) -> str:
    """Split, reverse, keep some from the right, join with dots, and escape for a URL (7.3)."""
    parts = re.split(f"[{re.escape(macro.delimiters)}]", value)
    if macro.reverse:
        parts.reverse()
    if macro.keep:
        parts = parts[-macro.keep :]
    joined = ".".join(parts)
    return (
        quote(joined, safe="-._~", encoding="latin-1", errors="replace") if macro.escape else joined
    )


def as_name(text: str) -> str:
    """An expanded domain: without its final dot, and without labels from the left if too long."""
    name = text.removesuffix(".")
    while len(name) > MOST_NAME and "." in name:
        name = name.partition(".")[2]
    return name


def _macro(match: re.Match[str], letters: frozenset[str]) -> Macro:
    letter, keep = match["letter"], match["keep"]
    if letter.lower() not in letters:
        raise BadMacro(f"“{match[0]}” may not stand here")
    if keep and int(keep[:6]) == 0:
        raise BadMacro(f"“{match[0]}” keeps nothing")
    return Macro(
        letter=letter.lower(),
        keep=min(int(keep[:6]), 1_000) if keep else 0,
        reverse=bool(match["reverse"]),
        delimiters=match["delimiters"] or ".",
        escape=letter.isupper(),
    )
