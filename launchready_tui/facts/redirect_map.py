"""The list of old addresses as people write it: CSV, TOML, a sitemap or one address a line.

Whatever is in the file, the answer is a `RedirectMap` or a `BadFile` that names the line.
"""

from __future__ import annotations

import csv
import difflib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from pathlib import Path

from launchready_tui.badfile import BadFile, parse, text_of, too_large
from launchready_tui.model import Record
from launchready_tui.network.urls import BadUrl, Url, read_url
from launchready_tui.text import safe

MOST_BYTES = 5 * 1024 * 1024
MOST_ENTRIES = 5_000
GONE = "gone"
"""The target of a page that was retired on purpose."""

_GONE = {"gone", "410", "404", "retired"}
_OLD = ("old", "old url", "old_url", "oldurl", "from", "source", "url", "address", "redirect from")
_BREAK = re.compile(r"\r\n|\n|\r")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(/.*)?", re.IGNORECASE)
_TABLE = re.compile(r"^\s*\[\[\s*[\w-]+\s*\]\]", re.MULTILINE)


class MapEntry(Record, frozen=True, kw_only=True):
    """An old address, and where it should lead: an address, `gone`, or "" for any page that works.

    Both addresses are absolute. `line` is 0 where the file has no lines of its own.
    """

    old: str
    expected: str = ""
    note: str = ""
    line: int = 0


class RedirectMap(Record, frozen=True, kw_only=True):
    name: str
    entries: tuple[MapEntry, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host that is named in it, old ones first."""
        old = [read_url(entry.old).host for entry in self.entries]
        new = [read_url(e.expected).host for e in self.entries if e.expected not in ("", GONE)]
        return tuple(dict.fromkeys([*old, *new]))


class _Row(Record, frozen=True, kw_only=True):
    old: str
    expected: str = ""
    note: str = ""


class _TomlMap(Record, frozen=True, kw_only=True):
    redirect: tuple[_Row, ...]
    schema: int = 1


class _Line(Record, frozen=True, kw_only=True):
    number: int
    cells: tuple[str, ...]


def read_map(path: Path, content: bytes, home: str = "", goal: str = "") -> RedirectMap:
    """Read a list of old addresses.

    Args:
        path: Its name, for messages and for its kind.
        content: What is in it.
        home: The host that old addresses without one belong to.
        goal: The host that targets without one belong to; `home` where it is empty.

    Raises:
        BadFile: It cannot be used; nothing else is raised.
    """
    if len(content) > MOST_BYTES:
        raise too_large(path, MOST_BYTES)
    text = text_of(path, content)
    if text.lstrip().startswith("<"):
        rows = _sitemap(path, text)
    elif path.suffix.lower() == ".toml" or (path.suffix.lower() != ".csv" and _TABLE.search(text)):
        rows = _toml(path, text)
    else:
        rows = _lines(path, text)
    if not rows:
        raise BadFile(
            path,
            "expected at least one old address, found none",
            suggestion="Write one a line: /old-page,/new-page",
        )
    if len(rows) > MOST_ENTRIES:
        raise BadFile(
            path,
            f"at most {MOST_ENTRIES} old addresses are checked at once, found {len(rows)}",
            suggestion="Split the list, or keep the pages that people still ask for.",
        )
    return RedirectMap(
        name=safe(path.name, one_line=True, limit=200),
        entries=_read(path, rows, home, goal or home),
    )


def _read(path: Path, rows: Sequence[_Line], home: str, goal: str) -> tuple[MapEntry, ...]:
    """The rows as entries; the first bad one is told, with how many more there are."""
    entries: dict[str, MapEntry] = {}
    bad: list[BadFile] = []
    for row in rows:
        try:
            entry = _entry(path, row, home, goal)
            same = entries.setdefault(entry.old, entry)
            if same.expected != entry.expected:
                raise BadFile(
                    path,
                    f"{entry.old} has another target here than in line {same.line}",
                    line=row.number or None,
                    suggestion="Keep one of the two.",
                )
        except BadFile as error:
            bad.append(error)
    if bad:
        first = bad[0]
        more = f" {len(bad) - 1} more lines cannot be used." if len(bad) > 1 else ""
        raise BadFile(
            path, first.expected, line=first.line, suggestion=f"{first.suggestion}{more}".strip()
        )
    return tuple(entries.values())


def _entry(path: Path, row: _Line, home: str, goal: str) -> MapEntry:
    old, expected, note = (*(cell.strip() for cell in row.cells), "", "", "")[:3]
    line = row.number or None
    if not old:
        raise BadFile(path, "the old address is missing", line=line)
    asked = _url(path, line, old, home)
    target = ""
    if expected.lower() in _GONE:
        target = GONE
    elif expected:
        target = str(_url(path, line, expected, goal, asked))
    return MapEntry(
        old=str(asked),
        expected=target,
        note=safe(note, one_line=True, limit=200),
        line=row.number,
    )


def _url(path: Path, line: int | None, text: str, home: str, base: Url | None = None) -> Url:
    """An address of the list. A path needs a host: `home`, or that of the old address."""
    shown = safe(text, one_line=True, limit=120)
    if text.startswith("/") and not text.startswith("//"):
        if base is None and not home:
            raise BadFile(
                path,
                f"“{shown}” is a path, and it is not known of which host",
                line=line,
                suggestion="Name the host with --host, or write the whole address.",
            )
        base = read_url(f"https://{home}/") if home else base
    elif "://" not in text:
        raise BadFile(
            path,
            f"expected an address such as https://acme.com/old or a path, found “{shown}”",
            line=line,
            suggestion=_meant(text, shown),
        )
    try:
        return read_url(text, base)
    except BadUrl as error:
        raise BadFile(
            path, f"{error}", line=line, suggestion="Write it as in https://acme.com/old."
        ) from None


def _meant(text: str, shown: str) -> str:
    if _HOST.fullmatch(text):
        return f"Did you mean https://{shown}?"
    if re.fullmatch(r"[\w./-]+", text):
        return f"Did you mean /{shown}?"
    return "A line is: old address, where it should lead, a note."


# ---------------------------------------------------------------- the kinds of file


def _lines(path: Path, text: str) -> list[_Line]:
    """CSV with commas, semicolons or tabs, or one address a line; `#` begins a comment."""
    lines = ["" if line.lstrip().startswith("#") else line for line in _BREAK.split(text)]
    mark = _separator(lines) or (_commonest(lines) if path.suffix.lower() == ".csv" else "")
    if not mark:
        plain = enumerate((line.strip().strip('"') for line in lines), start=1)
        return [_Line(number=n, cells=(line,)) for n, line in plain if line]
    rows: list[_Line] = []
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=mark, strict=True)
    started = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(_Line(number=started, cells=tuple(cells)))
            started = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(
            path,
            f"this line cannot be read as CSV: {error}",
            line=started,
            suggestion="A quotation mark may be missing.",
        ) from None
    return rows[1:] if rows and _is_header(path, rows[0]) else rows


def _is_header(path: Path, row: _Line) -> bool:
    first = row.cells[0].strip().lower()
    if first in _OLD:
        return True
    shown = safe(first, one_line=True, limit=40)
    near = difflib.get_close_matches(first[:40], _OLD, n=1, cutoff=0.6)
    if near and "/" not in first and "." not in first:
        raise BadFile(
            path,
            f"expected the columns old,expected,note, found “{shown}”",
            line=row.number,
            suggestion=f"Did you mean {near[0]}?",
        )
    return False


def _separator(lines: Iterable[str]) -> str:
    """What stands between the columns, or "" for a plain list: a comma may belong to an address."""
    votes = {"\t": 0, ";": 0, ",": 0}
    for line in lines:
        for mark in votes:
            head, found, rest = line.partition(mark)
            second = rest.strip().strip('"').lower()
            if found and (
                second.startswith(("/", "http://", "https://", mark))
                or second.partition(mark)[0].strip().strip('"') in ("", *_GONE)
                or head.strip().strip('"').lower() in _OLD
            ):
                votes[mark] += 1
                break
    best = max(votes, key=lambda mark: votes[mark])
    if not votes[best] and any(line.lstrip().startswith('"') for line in lines):
        return ","
    return best if votes[best] else ""


def _commonest(lines: Iterable[str]) -> str:
    """What stands between the columns of a file that says it has some."""
    text = "\n".join(lines)
    return max(",;\t", key=text.count) if any(mark in text for mark in ",;\t") else ""


def _toml(path: Path, text: str) -> list[_Line]:
    rows = parse(path, text).decode(_TomlMap).redirect
    return [_Line(number=0, cells=(row.old, row.expected, row.note)) for row in rows]


def _sitemap(path: Path, text: str) -> list[_Line]:
    """The addresses of an XML sitemap. A document type is refused: entities can be a bomb."""
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise BadFile(path, "a sitemap has no document type (<!DOCTYPE)")
    try:
        root = ET.fromstring(text.lstrip())
    except ET.ParseError as error:
        raise BadFile(path, f"this is not valid XML: {error}", line=error.position[0]) from None
    except (ValueError, LookupError, RecursionError) as error:
        raise BadFile(path, f"this is not valid XML: {error}") from None
    if _local(root) == "sitemapindex":
        raise BadFile(
            path,
            "this is a list of sitemaps, expected one sitemap",
            suggestion="Save the sitemaps that it names and give one of them.",
        )
    if _local(root) != "urlset":
        shown = safe(_local(root), one_line=True, limit=60)
        raise BadFile(path, f"expected a sitemap (<urlset>), found <{shown}>")
    pages = (page for page in root if _local(page) == "url")
    found = (part for page in pages for part in page if _local(part) == "loc")
    return [_Line(number=0, cells=(loc.text.strip(),)) for loc in found if loc.text]


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]
