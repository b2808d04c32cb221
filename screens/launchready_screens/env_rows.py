"""A row of the env map: what stands in it, what is open of it, and what is told beneath."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from textual.content import Content

from launchready_screens import paint
from launchready_screens.inks import GREEN, QUIET, STRONG, YELLOW
from launchready_tui.facts.env_map import MapRow
from launchready_tui.records.env_record import Rotation
from launchready_tui.text import plural

Open = Mapping[str, Rotation]
"""The rotations that are not closed, by setting."""


def widths(rows: Collection[MapRow], room: int) -> tuple[int, int]:
    """Of the names and of the owners; what is left is for what there is to do."""
    longest = max((len(row.name) for row in rows), default=10)
    return min(longest, room * 2 // 5), min(24, room // 5)


def head(names: int, owners: int) -> str:
    return f"{'Setting':<{names}}  {'':<6}  {'Owner':<{owners}}  What is open"


def line(row: MapRow, open_: Open, names: int, owners: int) -> Content:
    owner = paint.text(row.owner) if row.owner else paint.text("nobody", YELLOW)
    return paint.line(
        paint.fitted(paint.text(row.name), names),
        paint.text("  "),
        paint.fitted(paint.text("secret" if row.sensitive else "", QUIET), 6),
        paint.text("  "),
        paint.fitted(owner, owners),
        paint.text("  "),
        _to_do(row, open_.get(row.name)),
    )


def _to_do(row: MapRow, held: Rotation | None) -> Content:
    """What is open of a setting, the most urgent first; where it is set when nothing is."""
    rest = [word for word in row.needs if word != "owner"]
    parts: list[Content] = []
    if held:
        parts.append(paint.text(f"being replaced: {held.status}", YELLOW))
    if row.missing_in:
        parts.append(paint.text(f"missing in {', '.join(row.missing_in)}", YELLOW))
    if rest:
        parts.append(paint.text(f"needs {', '.join(rest)}", QUIET))
    if not parts and row.owner:
        parts.append(paint.text("✓ complete", GREEN))
    return paint.joined(2, parts)


def about(row: MapRow | None, open_: Open, hide: Callable[[str], str]) -> Content:
    """What is told of the row under the cursor."""
    if row is None:
        return paint.EMPTY
    lacks = f"; needs {', '.join(row.needs)}" if row.needs else ""
    where = paint.text(f"  {_there(row)}{lacks}")
    lines = [paint.line(paint.text(row.name, STRONG), where)]
    if held := open_.get(row.name):
        step = f"Being replaced: {held.status}. When it is {held.next_step}, f5 records it."
        lines.append(paint.text(step, YELLOW))
    kind = f" It is {row.title}." if row.title else ""
    lines.append(paint.text(hide((row.purpose or "What it is for is not recorded.") + kind)))
    if row.same_in:
        lines.append(paint.text(f"One value in {', '.join(row.same_in)}.", YELLOW))
    if row.referenced_in:
        lines.append(paint.text(hide(f"Read in {', '.join(row.referenced_in[:3])}."), QUIET))
    return paint.lines(lines)


def count(rows: Collection[MapRow], shown: Collection[MapRow], open_: Open) -> str:
    if not rows:
        return "No setting is known yet: leave, press R to check the stage, then come back."
    if not shown:
        return f"None of {plural(len(rows), 'setting')} fits: change the filter."
    of = f" of {len(rows)}" if len(shown) < len(rows) else ""
    unowned = sum(1 for row in shown if not row.owner)
    lacking = sum(1 for row in shown if row.needs)
    told = [f"{len(shown)}{of} settings", f"{unowned} without an owner"]
    told.append(f"{lacking} not complete" if lacking else "all complete")
    if replaced := sum(1 for row in shown if row.name in open_):
        told.append(f"{replaced} being replaced")
    return " · ".join(told)


def fitting(rows: Collection[MapRow], typed: str, open_: Open) -> list[MapRow]:
    """The rows that every word of a filter is said of."""
    wanted = typed.lower().split()
    return [row for row in rows if all(word in _said_of(row, open_) for word in wanted)]


def _said_of(row: MapRow, open_: Open) -> str:
    words = [row.name, row.owner or "nobody", row.purpose, *row.present_in]
    words += ["secret"] if row.sensitive else []
    words += ["missing", *row.missing_in] if row.missing_in else []
    words += ["needs", *row.needs] if row.needs else []
    words += ["replacing"] if row.name in open_ else []
    return " ".join(words).lower()


def _there(row: MapRow) -> str:
    if not row.present_in:
        return "set in no file that was seen"
    return f"set for {', '.join('all' if e == 'any' else e for e in row.present_in)}"
