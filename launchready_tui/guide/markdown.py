"""Markdown that says what we mean and nothing that a stranger put into a value.

Every string that is not a literal of ours enters through `code` or `words` and leaves as `Inline`,
so a type checker sees a forgotten one. What is neutralised: Markdown (CommonMark and GitHub's),
HTML, links (also the ones GitHub makes of bare addresses), table bars, backticks, newlines,
control and bidi characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import LiteralString, NewType

from launchready_tui.text import safe

Inline = NewType("Inline", str)
"""Markdown of one line whose foreign parts have been neutralised."""
Block = NewType("Block", str)
"""One or more whole lines of Markdown."""

NOTHING = Inline("–")
_VALUE_LIMIT = 300
_PROSE_LIMIT = 1_200
_BAR = "&#124;"
_MARKUP = re.compile(r"[\\`*\[\]<>&~$]|(?<![^\W_])_|_(?![^\W_])")
"""An underscore between two letters opens nothing: API_TOKEN stays as it is typed."""
_OPENS_A_LIST = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_LINKISH = re.compile(
    r"(\S*(?:@|://|\bwww\.)\S*?)(?=[,.;:!?)]*(?:\s|$))",  # without the sentence's own marks
    re.IGNORECASE,
)
_WEB = re.compile(r"https://[A-Za-z0-9./_~%?&=+,-]+(?:#[A-Za-z0-9._-]+)?")


def code(value: str, *, limit: int = _VALUE_LIMIT) -> Inline:
    """A foreign value letter by letter, as a code span: nothing inside one is ever a link.

    A bar would split a table cell, and inside code no escape of it means the same to every
    reader: it stands between two spans as an entity.
    """
    shown = safe(value, one_line=True, limit=limit)
    return Inline(_BAR.join(_span(part) for part in shown.split("|"))) or NOTHING


def _span(text: str) -> str:
    if not text:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.strip(" ") and (text[0] in "` " or text[-1] in "` ") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def words(value: str, *, limit: int = _PROSE_LIMIT) -> Inline:
    """Prose as plain words on one line. Addresses in it become code, so that none is a link."""
    flat = " ".join(safe(value, limit=limit).split())
    pieces = [
        code(piece, limit=limit) if _LINKISH.fullmatch(piece) else _escaped(piece)
        for piece in _LINKISH.split(flat)
        if piece
    ]
    return Inline("".join(pieces)) or NOTHING


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda match: f"\\{match[0]}", text).replace("|", _BAR)


def web(url: str) -> Inline:
    """A reference out of our own checklists as a link; anything unusual as code."""
    return Inline(f"<{url}>") if _WEB.fullmatch(url) else code(url)


def line(template: LiteralString, *parts: Inline) -> Inline:
    """Our own sentence with neutralised parts in its `{}` places."""
    return Inline(template.format(*parts))


def together(parts: Iterable[Inline], between: LiteralString = ", ") -> Inline:
    return Inline(between.join(parts)) or NOTHING


# ---------------------------------------------------------------- blocks


def heading(level: int, title: LiteralString) -> Block:
    """Headings are ours alone: their anchors are promised to alerts and links."""
    return Block(f"{'#' * level} {title}")


def slug(title: str) -> str:
    """The anchor a code host gives a heading."""
    kept = re.sub(r"[^\w\- ]", "", title.strip().lower())
    return kept.replace(" ", "-")


def jump(title: LiteralString) -> Inline:
    """A link to a heading of the same document."""
    return Inline(f"[{title}](#{slug(title)})")


def paragraph(*sentences: Inline) -> Block:
    return Block(_opened(" ".join(sentences)))


def bullets(entries: Iterable[Inline]) -> Block:
    return Block("\n".join(f"- {_opened(entry)}" for entry in entries))


def steps(entries: Iterable[Inline]) -> Block:
    return Block("\n".join(f"{n}. {_opened(entry)}" for n, entry in enumerate(entries, start=1)))


def quote(*lines: Inline) -> Block:
    return Block("\n>\n".join(f"> {_opened(entry)}" for entry in lines))


def _opened(text: str) -> str:
    """A line whose first characters open no block of their own."""
    if text[:1] in ("-", "+", "=", "#"):
        return f"\\{text}"
    return _OPENS_A_LIST.sub(r"\1\\\2", text)


def verbatim(text: str, *, limit: int = 4_000) -> Block:
    """A foreign text with its own lines, in a fence that nothing inside it can close."""
    shown = safe(text, limit=limit).strip("\n").replace("\t", "    ")
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    return Block(f"{fence}text\n{shown}\n{fence}")


def table(head: Sequence[LiteralString], rows: Iterable[Sequence[Inline]]) -> Block:
    """A table whose every row has the columns of its head."""
    lines = [_row(head), _row(["---"] * len(head))]
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"a row of {len(row)} cells under {len(head)} columns")
        lines.append(_row([cell or NOTHING for cell in row]))
    return Block("\n".join(lines))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def document(blocks: Iterable[Block]) -> str:
    """The whole text: blocks a blank line apart, one newline at the end."""
    return "\n\n".join(block for block in blocks if block) + "\n"
