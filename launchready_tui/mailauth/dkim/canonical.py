"""A message as signers see it: header fields, and the two canonical forms (RFC 6376, 3.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Form = Literal["simple", "relaxed"]

_BLANKS = re.compile(rb"[ \t]{2,}|\t")
"""Runs of blanks that are not one space already."""
_BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r\n|\Z)")
_CUT = re.compile(rb"[^ \t\r]")
_PIECE = 1 << 20
_FOLDS = re.compile(rb"\r\n(?=[ \t])")


@dataclass(frozen=True, slots=True)
class Header:
    """One header field with its bytes as they came, without the line end behind it."""

    name: str
    raw: bytes

    @property
    def value(self) -> str:
        """Unfolded, without the blanks around it; one character for each byte."""
        unfolded = _FOLDS.sub(b"", self.raw.partition(b":")[2])
        return unfolded.decode("latin-1").strip()


def split(message: bytes) -> tuple[tuple[Header, ...], bytes]:
    """Header fields and body, with CRLF line ends whatever came. Never raises.

    A line that is neither a field nor a continuation ends the header, as mail programs read it.
    """
    text = message if b"\r\n" in message and message.count(b"\n") == message.count(b"\r\n") else (
        message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    )  # fmt: skip
    head, gap, body = text.partition(b"\r\n\r\n")
    if text.startswith(b"\r\n"):
        return (), text[2:]
    fields: list[bytes] = []
    lines = head.removesuffix(b"\r\n").split(b"\r\n")
    for number, line in enumerate(lines):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1] += b"\r\n" + line
        elif re.match(rb"[!-9;-~]+[ \t]*:", line):
            fields.append(line)
        elif number == 0 and line.startswith((b"From ", b">From ")):
            continue  # a mailbox file's separator
        else:
            rest = b"\r\n".join(lines[number:])
            body = rest + (gap + body if gap else b"")
            break
    return tuple(_header(field) for field in fields), body


def header_form(header: Header, form: Form) -> bytes:
    """One field without a line end behind it (3.4.1, 3.4.2)."""
    if form == "simple":
        return header.raw
    name, _, value = header.raw.partition(b":")
    value = _BLANKS.sub(b" ", _FOLDS.sub(b"", value)).strip(b" ")
    return name.strip().lower() + b":" + value


def body_form(body: bytes, form: Form) -> bytes:
    """The body with the empty lines at its end left out (3.4.3, 3.4.4)."""
    if form == "relaxed":
        body = b"".join(
            _BLANKS_AT_END.sub(b"", _BLANKS.sub(b" ", piece)) for piece in _pieces(body)
        )
    trimmed = _trimmed(body)
    if not trimmed:
        return b"\r\n" if form == "simple" else b""
    return trimmed + b"\r\n"


def _pieces(body: bytes) -> Iterator[bytes]:
    """A body in pieces that no run of blanks and no line end is cut by: a large one replaced as a
    whole takes forty times its size.
    """
    start = 0
    while start < len(body):
        cut = _CUT.search(body, start + _PIECE)
        end = cut.end() if cut else len(body)
        yield body[start:end]
        start = end


def signed_headers(headers: Sequence[Header], names: Sequence[str], form: Form) -> bytes:
    """The fields that a signature covers, the last of a name first (5.4.2)."""
    left: dict[str, list[Header]] = {}
    for header in headers:
        left.setdefault(header.name, []).append(header)
    chosen = [left[name].pop() for name in names if left.get(name)]
    return b"".join(header_form(header, form) + b"\r\n" for header in chosen)


def _trimmed(body: bytes) -> bytes:
    end = len(body)
    while body[end - 2 : end] == b"\r\n":
        end -= 2
    return body[:end]


def _header(raw: bytes) -> Header:
    name = raw.partition(b":")[0].strip().decode("latin-1").lower()
    return Header(name=name, raw=raw)
