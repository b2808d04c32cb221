"""Names and comments of an example file, a schema or a host's export. Values are not taken along.

A schema's decorators are read; what a schema would run is named and never run.
"""

from __future__ import annotations

import json
import re

from launchready_tui.facts import dotenv_raw
from launchready_tui.facts.env_values import secret_in
from launchready_tui.model import Record
from launchready_tui.redact import redact
from launchready_tui.text import safe

MOST_NAMES = 2_000
LONGEST_PURPOSE = 300
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,119}")
_DECORATOR = re.compile(
    r"@([A-Za-z]\w*)(?:=(\"[^\"]*\"|'[^']*'|[^\s(]+(?:\([^()]*\))?)|(\([^()]*\)))?"
)
_HEADER_END = re.compile(r"\s*#\s*-{3,}\s*")
_FOR_ENV = re.compile(r"forEnv\(([^()]*)\)")
_RUNS = re.compile(r"\b(?:exec|import|plugin)\s*\(|@(?:import|plugin)\b")
_ROW = re.compile(r"[\s|>*]{0,20}([A-Z][A-Z0-9_]{2,119})(?:\s|\||$)")
_COLUMNS = frozenset(["NAME", "KEY", "VALUE", "DIGEST", "STATUS", "CREATED", "VARIABLE"])
_URL = re.compile(r"https://[^\s\"')]+")
_CALLED = {"production": "prod", "staging": "preview", "development": "dev"}


class Named(Record, frozen=True, kw_only=True):
    """A name, and what its comment says of it."""

    name: str
    purpose: str = ""
    sensitive: bool | None = None
    public: bool = False
    required_in: tuple[str, ...] = ()
    deprecated: str = ""
    docs: tuple[str, ...] = ()


class Listing(Record, frozen=True, kw_only=True):
    """What a file names. `holds_values` are names with a real secret beside them; `runs` are lines
    of a schema that would run something.
    """

    names: tuple[Named, ...]
    holds_values: tuple[str, ...] = ()
    runs: tuple[int, ...] = ()
    strange: int = 0
    problem: str = ""


def listing(data: bytes, environments: tuple[str, ...] = ("dev", "preview", "prod")) -> Listing:
    """Total: JSON objects, lists of names, and NAME=value lines with comments above."""
    raw = dotenv_raw.read(data)
    if raw.encoding == "binary":
        return Listing(names=(), problem="it is no text")
    text = dotenv_raw.text_of(data)
    if text.lstrip()[:1] in ("{", "["):
        return _from_json(text)
    written = re.split(r"\r\n|\n|\r", text)
    if not any(line.joined for line in raw.lines) and (table := _from_table(written)):
        return table
    lines = {line.line: line for line in raw.lines}
    default_sensitive = _default_sensitive(written)
    named: dict[str, Named] = {}
    secrets: list[str] = []
    for number, line in lines.items():
        if not _NAME.fullmatch(line.name) or len(named) >= MOST_NAMES:
            continue
        comments = _above(written, number)
        named[line.name] = _named(line.name, comments, default_sensitive, environments)
        if secret_in(line.name, line.value):
            secrets.append(line.name)
    runs = tuple(n for n, text in enumerate(written, start=1) if _RUNS.search(text[:5_000]))
    return Listing(
        names=tuple(named[name] for name in sorted(named)),
        holds_values=tuple(sorted(set(secrets))),
        runs=runs[:50],
        strange=len(raw.strange),
    )


def _from_table(written: list[str]) -> Listing | None:
    """What a host's command prints: a name first in each row, then blanks and other columns."""
    found = {row[1] for line in written if (row := _ROW.match(line[:2_000]))} - _COLUMNS
    if not found:
        return None
    return Listing(names=tuple(Named(name=name) for name in sorted(found)[:MOST_NAMES]))


def _from_json(text: str) -> Listing:
    """`{"NAME": "value"}`, a list of names, or a list of objects with a key, name or variable."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Listing(names=(), problem="it begins like JSON and is none")
    found: list[str] = []
    if isinstance(data, dict):
        inner = data.get("envs") or data.get("env") or data.get("variables")
        data = inner if isinstance(inner, dict | list) else data
    if isinstance(data, dict):
        found = [str(name) for name in data]
    elif isinstance(data, list):
        for one in data:
            if isinstance(one, dict):
                one = one.get("key") or one.get("name") or one.get("variable") or one.get("envVar")
                if isinstance(one, dict):
                    one = one.get("key")
            if isinstance(one, str):
                found.append(one)
    names = sorted({name for name in found if _NAME.fullmatch(name)})[:MOST_NAMES]
    return Listing(
        names=tuple(Named(name=name) for name in names),
        strange=len(set(found)) - len(names),
    )


def _above(written: list[str], number: int) -> list[str]:
    """The comment block directly above a line; an empty line or `# ---` ends it."""
    block: list[str] = []
    at = min(number - 2, len(written) - 1)
    while at >= 0 and len(block) < 30:
        line = written[at].strip()
        if not line.startswith("#") or _HEADER_END.fullmatch(line):
            break
        block.append(line.lstrip("#").strip()[:2_000])
        at -= 1
    return block[::-1]


def _default_sensitive(written: list[str]) -> bool | None:
    for line in written[:50]:
        found = re.search(r"@defaultSensitive=(true|false)", line[:2_000])
        if line.lstrip().startswith("#") and found:
            return found[1] == "true"
    return None


def _named(
    name: str, comments: list[str], sensitive: bool | None, environments: tuple[str, ...]
) -> Named:
    prose: list[str] = []
    public, deprecated = False, ""
    docs: list[str] = []
    wanted: tuple[str, ...] = ()
    for comment in comments:
        if not comment.startswith("@"):
            prose.append(comment)
            continue
        for match in _DECORATOR.finditer(comment):
            key, value = match[1], (match[2] or match[3] or "").strip("\"'")
            if key == "sensitive":
                sensitive, public = value != "false", False
            elif key == "public":
                sensitive, public = False, True
            elif key == "required":
                wanted = _required(value, environments)
            elif key == "optional":
                wanted = ()
            elif key == "deprecated":
                deprecated = _harmless(value or "deprecated")
            elif key in ("docs", "docsUrl"):
                docs += _URL.findall(value)
    return Named(
        name=name,
        purpose=_harmless(" ".join(prose)),
        sensitive=sensitive,
        public=public,
        required_in=wanted,
        deprecated=deprecated,
        docs=tuple(_harmless(url) for url in docs[:5] if _harmless(url)),
    )


def _required(value: str, environments: tuple[str, ...]) -> tuple[str, ...]:
    some = _FOR_ENV.search(value)
    if value == "false":
        return ()
    if not some:
        return environments
    given = [_CALLED.get(e, e) for e in re.split(r"[\s,]+", some[1]) if e]
    return tuple(e for e in given if re.fullmatch(r"[\w-]{1,40}", e))


def _harmless(text: str) -> str:
    """A comment as it may be kept; one that holds a secret is not kept at all."""
    text = safe(text, one_line=True, limit=LONGEST_PURPOSE).strip()
    return text if redact(text) == text else ""
