"""Our own rules, from checklists/secret-rules.toml, for the engine and for the reduced scan."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable
from typing import Literal

from msgspec.structs import replace

from launchready_tui.badfile import read_toml
from launchready_tui.catalogue import data_folder
from launchready_tui.model import Record
from launchready_tui.secretscan.found import Sort

Severity = Literal["blocker", "high", "medium", "low", "info"]
PREFIX = "launchready."
SETTINGS = re.compile(
    r"(?:\.(?:ini|cfg|conf|config|properties|ya?ml|toml|tfvars|log|service|npmrc|pypirc|netrc)"
    r"|(?:^|[/!])(?:Dockerfile|Containerfile|Procfile)[^/]*|(?:^|/)stdin)"
    r"(?:[.-]\d{1,10}){0,3}(?:\.(?:gz|bz2)!)?$"  # as logs are named when they are rotated
    r"|\.(?:cnf|sh|bash|zsh|envrc)$",
    re.IGNORECASE,
)
"""Files of settings, by their path."""

CODE = re.compile(
    r"\.(?:[cm]?[jt]sx?|vue|svelte|astro|py[iwx]?|rb|php\d?|go|rs|java|kts?|scala|groovy|gradle|cs|vb|fs"
    r"|swift|m|mm|c|cc|cpp|cxx|h|hpp|dart|lua|exs?|erl|hs|pl|pm|r|jl|css|s[ac]ss|less|map|svg|lock|sum"
    r"|po|pot|min\.\w+)(?:\.(?:gz|bz2)!)?$",
    re.IGNORECASE,
)
"""Files of code, by their path."""


class Rule(Record, frozen=True, kw_only=True):
    """One form of a secret; group 1 of the pattern is the value."""

    id: str
    what: str
    sort: Sort
    severity: Severity
    pattern: str
    needles: tuple[str, ...]
    entropy: float
    ends: tuple[str, ...] = ()
    """Only in files whose names end so."""
    coded: bool = False
    """The value is base64 of a user's name, a colon and a password."""
    settings: bool = False
    """Only in files of settings, where values stand without quotes."""
    typed: bool = False
    """What surrounds the value says that it is a secret; a person chose it, so words and
    placeholders are left alone."""
    near: bool = False
    """A word for a secret stands before it in the line; the value itself has to convince."""
    ids: tuple[Literal["hex", "uuid"], ...] = ()
    """Forms of a value that are the name of something there, and no secret."""
    prose: bool = False
    """Anywhere but in code, where an unquoted word is a name."""


class Pack(Record, frozen=True, kw_only=True):
    schema: Literal[1]
    public: tuple[str, ...] = ()
    """Rules of the engine for keys that are public by design."""
    loose: tuple[str, ...] = ()
    """Rules of the engine whose hits have to be looked at twice."""
    examples: tuple[str, ...] = ()
    """What standards and manuals print as a key."""
    rules: tuple[Rule, ...] = ()


class _File(Record, frozen=True, kw_only=True):
    schema: Literal[1]
    public: tuple[str, ...]
    loose: tuple[str, ...]
    examples: tuple[str, ...]
    parts: dict[str, str]
    rule: tuple[Rule, ...]


@functools.cache
def pack() -> Pack:
    """Raises `BadFile` at the first thing that is wrong with the file."""
    file = read_toml(data_folder() / "secret-rules.toml", _File)
    return Pack(
        schema=file.schema,
        public=file.public,
        loose=file.loose,
        examples=file.examples,
        rules=tuple(replace(rule, pattern=_spelled(rule, file.parts)) for rule in file.rule),
    )


def _spelled(rule: Rule, parts: dict[str, str]) -> str:
    """The pattern with each `(?#word)` written out."""
    return re.sub(r"\(\?#(\w+)\)", lambda part: parts[part[1]], rule.pattern)


def for_engine(rules: Iterable[Rule]) -> str:
    """Rules as the engine reads them: JSON, which is YAML."""
    said = [
        {
            "id": PREFIX + rule.id,
            "name": rule.what,
            "pattern": rule.pattern,
            "min_entropy": rule.entropy,
            "confidence": "medium",
        }
        for rule in rules
        if not by_path(rule)
    ]
    return json.dumps({"rules": said}, indent=1, sort_keys=True)


@functools.cache
def shapes() -> tuple[Rule, ...]:
    """The rules whose form alone tells a secret."""
    return tuple(rule for rule in pack().rules if rule.sort == "shape")


def by_path(rule: Rule) -> bool:
    """Whether a rule matches too much to be asked of every file; the engine knows no names."""
    return rule.settings or bool(rule.ends)


def fits(rule: Rule, path: str) -> bool:
    """Whether a rule is asked about a file of this name."""
    if rule.ends:
        return path.endswith(rule.ends)
    if rule.prose:
        return not CODE.search(path)
    return not rule.settings or bool(SETTINGS.search(path))


@functools.cache
def compiled(rule: Rule) -> re.Pattern[str]:
    """For text whose every character is one byte, so that places stay what they are."""
    return re.compile(rule.pattern.encode().decode("latin-1"))


@functools.cache
def by_id() -> dict[str, Rule]:
    return {rule.id: rule for rule in pack().rules}
