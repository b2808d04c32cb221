"""The table of files and addresses that should not be served, and how a hit is known.

Pure: an answer's text goes in, and what it gives away comes out in names and counts. No value of a
file that was found leaves this module.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

from launchready_tui.badfile import Document, read_document
from launchready_tui.catalogue import data_folder
from launchready_tui.facts.env_values import is_placeholder, says_secret
from launchready_tui.model import Record, Severity
from launchready_tui.redact import redact
from launchready_tui.redact_names import is_placeholder as says_nothing
from launchready_tui.text import safe

MOST_NAMES = 8
LONGEST_NAME = 60
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SETTING = re.compile(r"^[ \t]{0,8}(?:export )?([A-Z][A-Z0-9_]{1,200})=([^\n]{0,4000})$", re.M)
_HTML_START = ("<!doctype html", "<html", "<head", "<body")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_HIDDEN = re.compile(r"\[redacted: ([^\]\n]{1,60})\]")
_MEANT_TO_BE_SEEN = {"Google key", "JSON web token, anon"}
"""What browsers are given by design: Firebase's key, Supabase's anonymous one."""


class ExposureRow(Record, frozen=True, kw_only=True):
    """One kind of thing that should not be served. The words are those of the table's head."""

    id: str
    paths: tuple[str, ...]
    code: str
    shape: Literal["settings", "json", "html", "text"]
    shows: str
    source: str
    seen: date
    first: tuple[str, ...] = ()
    pattern: str = ""
    least: int = 1
    keys: tuple[str, ...] = ()
    severity: Severity | None = None
    with_secrets: Severity | None = None
    secrets: bool = False
    worse_if: str = ""
    worse: Severity | None = None
    unconfirmed: tuple[str, ...] = ()


class Trace(Record, frozen=True, kw_only=True):
    """What an answer gives away, without any value of it."""

    count: int = 1
    """How many lines or places were found in the part that was read."""
    names: tuple[str, ...] = ()
    """Names of settings, a few of them."""
    secrets: bool = False
    worse: bool = False


class _Table(Record, frozen=True, kw_only=True):
    exposure: tuple[ExposureRow, ...]


@functools.cache
def exposures() -> tuple[ExposureRow, ...]:
    return load(data_folder() / "exposures.toml")


def load(path: Path) -> tuple[ExposureRow, ...]:
    """Read and validate the table. Raises BadFile at the first thing that is wrong."""
    document = read_document(path)
    rows = document.decode(_Table).exposure
    ids: set[str] = set()
    paths: set[str] = set()
    for index, row in enumerate(rows):
        _check(document, index, row, ids, paths)
        ids.add(row.id)
        paths |= {*row.paths}
    return rows


def _check(
    document: Document, index: int, row: ExposureRow, ids: set[str], paths: set[str]
) -> None:
    where = ("exposure", index)
    if not _KEBAB.fullmatch(row.id) or row.id in ids:
        raise document.bad((*where, "id"), "expected words-with-hyphens, each id once")
    for number, path in enumerate(row.paths):
        if not path.startswith("/") or path in paths:
            expected = "expected a path that starts with / and stands here once"
            raise document.bad((*where, "paths", number), expected)
    if not row.paths or not {*row.first} <= {*row.paths}:
        raise document.bad((*where, "first"), "expected paths of this entry")
    if row.shape in ("html", "text") and not row.pattern:
        raise document.bad(where, f"the shape {row.shape} is known by a pattern")
    if row.shape == "json" and not (row.keys or row.secrets):
        raise document.bad(where, "the shape json is known by keys, or by secrets in it")
    if row.least < 1 or not row.shows:
        raise document.bad(where, "expected least = 1 or more, and words for what it shows")
    if bool(row.worse_if) != bool(row.worse):
        raise document.bad(where, "worse_if and worse come together")
    if not row.source.startswith("https://"):
        raise document.bad((*where, "source"), "expected an address that starts https://")
    for key in ("pattern", "worse_if"):
        try:
            re.compile(getattr(row, key))
        except re.error as error:
            raise document.bad((*where, key), f"this is no pattern: {error}") from None


# ---------------------------------------------------------------- one answer


def read(row: ExposureRow, body: str) -> Trace | None:
    """What an answer of 200 gives away, or None where it is not what the row is about."""
    if is_html(body) != (row.shape == "html"):
        return None
    if row.shape == "settings":
        return _settings(row, body)
    if row.shape == "json":
        count = len({*row.keys} & {*top_keys(body)}) if row.keys else int(any(top_keys(body)))
    else:
        count = sum(1 for _ in re.finditer(row.pattern, body, re.MULTILINE))
    if count < (row.least if row.shape != "json" else 1):
        return None
    secrets = holds_secrets(body)
    if row.secrets and not secrets:
        return None
    worse = bool(row.worse_if and re.search(row.worse_if, body))
    return Trace(count=count, secrets=secrets, worse=worse)


def is_html(body: str) -> bool:
    """Whether a text is a web page, whatever its Content-Type says."""
    start = body[:1_000].lstrip("\ufeff \t\r\n").lower()
    return start.startswith(_HTML_START) or "<html" in start or "<!doctype html" in start


def holds_secrets(body: str) -> bool:
    """Whether something in it would have to be hidden before it may be shown."""
    hidden = Counter(_HIDDEN.findall(redact(body)))
    hidden.subtract(_HIDDEN.findall(body))
    return any(count > 0 for kind, count in hidden.items() if kind not in _MEANT_TO_BE_SEEN)


def top_keys(body: str) -> Iterator[str]:
    """The keys of a JSON object's first level, also where the text is cut off."""
    depth = 0
    at = 0
    if not body.lstrip().startswith("{"):
        return
    while at < len(body):
        letter = body[at]
        if letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
        elif letter == '"':
            match = _STRING.match(body, at)
            if match is None:
                return
            at = match.end()
            if depth == 1 and body[at : at + 20].lstrip().startswith(":"):
                yield match[1]
            continue
        at += 1


def _settings(row: ExposureRow, body: str) -> Trace | None:
    """NAME=value lines, unless what should be secret only stands for it, as in an example file."""
    found = [(match[1], match[2].strip().strip("\"'")) for match in _SETTING.finditer(body)]
    real = [name for name, value in found if not _stands_for_one(name, value)]
    promised = [name for name, _ in found if says_secret(name)]
    if len(found) < row.least or not real or (promised and not {*promised} & {*real}):
        return None
    names = [safe(name, one_line=True, limit=LONGEST_NAME) for name in dict.fromkeys(real)]
    return Trace(count=len(found), names=tuple(names[:MOST_NAMES]), secrets=holds_secrets(body))


def _stands_for_one(name: str, value: str) -> bool:
    """Whether a value is none: empty, an example's words, or read from somewhere else."""
    return not value or says_nothing(value) or is_placeholder(name, value)
