"""How the mail page draws: a row for each kind and each sender, and the sender side by side."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from launchready_screens import paint
from launchready_screens.inks import ACCENT, GREEN, QUIET, STRONG, YELLOW
from launchready_screens.paint import Hide
from launchready_tui.given import MAIL_KINDS
from launchready_tui.mail.dmarc_sources import Source
from launchready_tui.mail.mail_view import NOT_SEEN, Cell, KindStep, MailView
from launchready_tui.text import plural

TABLE = 100
"""From so many columns on the kinds stand side by side."""
LABEL = 13
_INKS = {"✓": GREEN, "✗": STRONG, "?": YELLOW, "●": ACCENT}
_STANDINGS = {"ours": ("✓", "ours"), "not ours": ("✓", "not ours"), "unknown": ("?", "whose?")}


def step_line(step: KindStep, hide: Hide) -> Content:
    return paint.line(
        paint.text(f"{step.mark} ", _INKS[step.mark]),
        paint.fitted(paint.text(step.kind), 14),
        paint.text(hide(step.stands)),
    )


def source_line(one: Source) -> Content:
    mark, word = _STANDINGS[one.standing]
    failing = one.standing == "ours" and not one.clean
    mark, word = ("✗", "ours, fails") if failing else (mark, word)
    return paint.line(
        paint.text(f"{mark} ", _INKS[mark]),
        paint.fitted(paint.text(one.label), 26),
        paint.fitted(paint.text(f"{one.aligned} of {one.messages} passed", QUIET), 24),
        paint.text(f"{word}{f': {one.why}' if one.why else ''}"),
    )


def about_source(one: Source) -> str:
    where = "" if one.ranges == (one.label,) else f" ({', '.join(one.ranges)})"
    return (
        f"{plural(one.messages, 'message')} by {one.label}{where}: SPF passed for {one.spf}, DKIM"
        f" for {one.dkim}. Receivers: {one.became}."
    )


def _cell(cell: Cell, value: str) -> Content:
    return paint.line(
        paint.text(f"{cell.mark} ", _INKS[cell.mark]),
        paint.text(value),
        paint.text(f" {cell.word}", QUIET),
    )


def sides(view: MailView, width: int, hide: Hide) -> Content:
    """A column for each kind where there is room, else one below another."""
    heading = paint.text("The sender, as set up and in each mail", STRONG)
    rows = _table(view, width, hide) if width >= TABLE else _list(view, width, hide)
    return paint.lines([heading, *rows])


def _table(view: MailView, width: int, hide: Hide) -> Iterable[Content]:
    """Two lines a part: what is there, and the word on it."""
    column = (width - LABEL) // (len(MAIL_KINDS) + 1)

    def across(label: str, cells: Iterable[Content]) -> Content:
        label_cell = paint.fitted(paint.text(label, QUIET), LABEL)
        beside = [paint.line(paint.fitted(one, column - 1), paint.text(" ")) for one in cells]
        return paint.line(label_cell, *beside)

    yield across("", (paint.text(word, QUIET) for word in ("set up", *MAIL_KINDS)))
    for row in view.rows:
        seen = (
            paint.line(paint.text(f"{one.mark} ", _INKS[one.mark]), paint.text(hide(one.value)))
            for one in row.cells
        )
        yield across(row.label, (paint.text(hide(row.setup)), *seen))
        words = (paint.text(f"  {one.word}", QUIET) for one in row.cells)
        yield across("", (paint.EMPTY, *words))


def _list(view: MailView, width: int, hide: Hide) -> Iterable[Content]:
    for row in view.rows:
        yield paint.field(row.label, paint.text(hide(row.setup)), width, column=LABEL)
        seen = [
            paint.line(paint.text(f"{kind} ", QUIET), _cell(cell, hide(cell.value)))
            for kind, cell in zip(MAIL_KINDS, row.cells, strict=True)
            if cell != NOT_SEEN
        ]
        for one in seen or [paint.text("? no mail was given yet", QUIET)]:
            yield paint.field("", one, width, column=LABEL)
