"""An env file as it is written, before any reader has its way with it: encoding, lines, quotes.

Readers disagree about what they are handed, so nothing is taken away here. What comes out of this
module holds values; it stays in memory and is never a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Quote = Literal["", '"', "'", "`"]
MOST_LINES = 50_000
_HEAD = re.compile(r"([ \t]*)(export[ \t]+)?([^\s=:#'\"`]+)([ \t]*)(?:(=)|(:)(?=[ \t]|$))?([ \t]*)")
_BREAK = re.compile(r"\r\n|\n|\r")
_REST = re.compile(r"[ \t]*(?:#.*)?$")
_CLOSED = {
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL),
    "'": re.compile(r"'([^']*)'"),
    "`": re.compile(r"`([^`]*)`"),
}


@dataclass(frozen=True, slots=True, repr=False)
class RawLine:
    """One setting. `value` is what stands between its quotes, or up to a blank and a #."""

    line: int
    name: str
    value: str
    quote: Quote = ""
    joined: Literal["=", ":", ""] = "="
    spaced: bool = False
    """Blanks before the name, or around the sign."""
    open: bool = False
    """A quote that is never closed, or with something behind it."""
    lines: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class RawFile:
    """A file's settings in their order, and how its bytes were written."""

    encoding: Literal["utf-8", "utf-16", "latin-1", "binary"]
    bom: bool = False
    ends: Literal["lf", "crlf", "cr", "mixed"] = "lf"
    nul: bool = False
    lines: tuple[RawLine, ...] = ()
    whole: bool = True
    """False where only the first lines were read."""
    strange: tuple[int, ...] = field(default=())
    """Lines that are neither a setting, nor a comment, nor empty."""


def read(data: bytes) -> RawFile:
    """Total: any bytes become a RawFile, in time linear in their number."""
    encoding, bom, text = _decoded(data)
    if encoding == "binary":
        return RawFile(encoding="binary", bom=bom, nul=True)
    lines: list[RawLine] = []
    strange: list[int] = []
    whole = True
    for found in _lines(text):
        if isinstance(found, int):
            strange.append(found)
        elif len(lines) >= MOST_LINES:
            whole = False
            break
        else:
            lines.append(found)
    return RawFile(
        encoding=encoding,
        bom=bom,
        ends=_ends(text),
        nul="\0" in text,
        lines=tuple(lines),
        whole=whole,
        strange=tuple(strange),
    )


def text_of(data: bytes) -> str:
    """The text as it was decoded; empty for what is no text."""
    return _decoded(data)[2]


def _decoded(data: bytes) -> tuple[Literal["utf-8", "utf-16", "latin-1", "binary"], bool, str]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", True, data.decode("utf-16", "replace")
    bom = data.startswith(b"\xef\xbb\xbf")
    data = data.removeprefix(b"\xef\xbb\xbf")
    head = data[:8_192]
    for at, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[at::2]
        if len(half) > 3 and half.count(0) > 0.8 * len(half):
            return "utf-16", False, data.decode(codec, "replace")
    odd = sum(1 for byte in head if byte < 9 or 13 < byte < 32)
    if odd > max(4, len(head) // 20):
        return "binary", bom, ""
    try:
        return "utf-8", bom, data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1", bom, data.decode("latin-1")


def _ends(text: str) -> Literal["lf", "crlf", "cr", "mixed"]:
    both = text.count("\r\n")
    lone, feeds = text.count("\r") - both, text.count("\n") - both
    if not both and not lone:
        return "lf"
    if lone:
        return "mixed" if feeds or both else "cr"
    return "mixed" if feeds else "crlf"


def _lines(text: str) -> Iterator[RawLine | int]:
    """Settings, and the numbers of lines that are none."""
    at, number = 0, 1
    never: set[str] = set()
    """Quotes that nothing closes from here on: not looked for again."""
    while at < len(text):
        end = _end_of_line(text, at)
        line = text[at:end]
        taken, stop = 1, end
        bare = line.strip()
        if bare and not bare.startswith("#"):
            found, stop = _setting(text, at, end, number, never)
            if found is None:
                yield number
            else:
                taken = found.lines
                yield found
        gap = _BREAK.match(text, stop)
        at = gap.end() if gap else stop + (stop == at)
        number += taken


def _end_of_line(text: str, at: int) -> int:
    found = _BREAK.search(text, at)
    return found.start() if found else len(text)


def _setting(
    text: str, at: int, end: int, number: int, never: set[str]
) -> tuple[RawLine | None, int]:
    """The setting whose name begins in this line, and where its last line ends."""
    head = _HEAD.match(text, at, end)
    if head is None:
        return None, end
    before, _, name, gap, equals, colon, after = head.groups()
    joined: Literal["=", ":", ""] = "=" if equals else ":" if colon else ""
    if not joined:
        bare = not text[head.end() : end].strip()
        return (RawLine(line=number, name=name, value="", joined="") if bare else None), end
    spaced = bool(before or gap or (after and equals))
    start = head.end()
    sign = text[start : start + 1]
    made = {"line": number, "name": name, "joined": joined, "spaced": spaced}
    if sign and start < end and sign in _CLOSED:
        closed = None if sign in never else _CLOSED[sign].match(text, start)
        if closed is None:
            never.add(sign)
        else:
            stop = _end_of_line(text, closed.end())
            if _REST.match(text, closed.end(), stop):
                more = 1 + len(_BREAK.findall(closed[0]))
                return _made(made, closed[1], sign, lines=more), stop
        return _made(made, text[start:end].strip(), sign, open=True), end
    return _made(made, _unquoted(text[start:end]), ""), end


def _made(made: dict[str, object], value: str, quote: str, **more: object) -> RawLine:
    return RawLine(value=value, quote=quote, **made, **more)  # type: ignore[arg-type]


def _unquoted(text: str) -> str:
    """Up to a blank followed by #, which begins a comment for every reader."""
    if text.startswith("#"):
        return ""
    cut = re.search(r"\s#", text)
    return (text[: cut.start()] if cut else text).strip()
