"""The only place that makes what widgets draw. Every string passes `safe` here; none is markup.

Widgets get `Content`, never a plain string: `[/etc/passwd]` in one would end the wizard, and an
escape sequence would reach the terminal byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.content import Content
from textual.style import Style

from launchready_screens.inks import QUIET, STRONG
from launchready_tui.text import safe

Hide = Callable[[str], str]
EMPTY = Content("")
TEXT_LIMIT = 20_000


def text(value: str, ink: str = "", *, limit: int = 400) -> Content:
    """One line, whatever it held."""
    return Content.styled(safe(value, one_line=True, limit=limit), ink)


def prose(value: str, ink: str = "", *, limit: int = TEXT_LIMIT) -> Content:
    """Text that may have lines."""
    value = value.replace("\r\n", "\n").expandtabs(4)
    return Content.styled(safe(value, limit=limit), ink)


def line(*pieces: Content) -> Content:
    return Content.assemble(*pieces)


def lines(rows: Iterable[Content]) -> Content:
    return Content("\n").join(list(rows))


def joined(gap: int, pieces: Iterable[Content]) -> Content:
    """On one line with blanks between."""
    return Content(" " * gap).join(list(pieces))


def paragraphs(parts: Iterable[Content]) -> Content:
    """With an empty line between; what is empty is left out."""
    return Content("\n\n").join([part for part in parts if part])


def fitted(content: Content, width: int) -> Content:
    """Exactly `width` cells: cut with an ellipsis, or padded."""
    width = max(width, 0)
    return content.truncate(width, ellipsis=True).truncate(width, pad=True)


def spread(left: Content, right: Content, width: int, *, gap: int = 2) -> Content:
    """`left` and `right` at the two ends of a line; `left` gives way."""
    room = width - right.cell_length - gap
    if not right or room < gap:
        return left.truncate(max(width, 0), ellipsis=True)
    return line(fitted(left, room), Content.blank(gap), right)


def rule(width: int) -> Content:
    return Content.styled("─" * max(width, 0), "$foreground 20%")


def wrapped(content: Content, width: int, *, indent: int = 0, first: int | None = None) -> Content:
    """Wrapped to `width` with a hanging indent; `first` is the indent of the first line."""
    room = max(width - indent, 8)
    start = indent if first is None else first
    rows = content.wrap(room)
    return lines(
        line(Content.blank(start if number == 0 else indent), row)
        for number, row in enumerate(rows)
    )


def field(label: str, value: Content, width: int, *, column: int = 15) -> Content:
    """A label and its value: side by side where there is room, else one under the other."""
    if width < 40:
        return lines([text(label, QUIET), wrapped(value, width, indent=2)])
    rows = value.wrap(max(width - column, 8))
    labels = [fitted(text(label, QUIET), column), *[Content.blank(column)] * len(rows)]
    return lines(line(mark, row) for mark, row in zip(labels, rows, strict=False))


def steps(values: Iterable[Content]) -> Content:
    """Numbered lines, or the one line there is."""
    known = list(values)
    if len(known) == 1:
        return known[0]
    return lines(line(text(f"{n}. "), value) for n, value in enumerate(known, start=1))


def heading(value: str) -> Content:
    return text(value, STRONG)


def keycap(key: str, label: str) -> Content:
    """`r recheck`, the key in the accent."""
    return line(text(key, "bold $accent"), text(f" {label}", QUIET))


def meter(done: int, total: int, width: int) -> Content:
    """A bar and the numbers that say the same."""
    filled = round(width * done / total) if total else 0
    bar = Content.styled("━" * filled, "$accent")
    rest = Content.styled("━" * (width - filled), "$foreground 20%")
    return line(bar, rest, text(f" {done} of {total}"))


def marked(value: str, word: str, ink: str) -> Content:
    """`value` with each `word` in another ink: the unknown parts of a sentence."""
    parts = safe(value, one_line=True).split(word)
    pieces: list[str | tuple[str, str | Style]] = []
    for number, part in enumerate(parts):
        if number:
            pieces.append((word, ink))
        pieces.append(part)
    return Content.assemble(*pieces)


def plain(value: str, *, limit: int = TEXT_LIMIT) -> str:
    """For fields that hold a string and parse no markup: harmless, as it is."""
    return safe(value, limit=limit)
