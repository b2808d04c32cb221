"""What reads content and says where something with the form of a secret stands.

The full engine is the `kingfisher-secret-scanner` package with our rules added to its own. It is
used for scanning alone: its parts that ask providers whether a key works are never imported, so
nothing leaves this machine. Where it has no wheel the reduced engine knows our rules and the
shapes that redaction knows, and says that it is reduced.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from launchready_tui import redact
from launchready_tui.secret import Secret
from launchready_tui.secretscan.rules import (
    PREFIX,
    Rule,
    by_id,
    by_path,
    compiled,
    fits,
    for_engine,
    pack,
    shapes,
)

if TYPE_CHECKING:
    from kingfisher_sdk import Finding, Scanner

REDUCED = "reduced scan"
SECONDS = 120.0
"""The most that one block may take."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something with the form of a secret, at these bytes of the content."""

    rule: str
    ours: bool
    value: Secret
    start: int
    end: int
    sure: bool = True
    nested: bool = False
    """Inside base64: the place is that of the whole encoded text."""


@dataclass(frozen=True, slots=True)
class EngineInfo:
    name: str
    version: str
    rules: int
    reduced: bool

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


class Engine(Protocol):
    """UTF-8 (or binary) content in, hits out. Total: content never raises. In what is `binary` only
    shapes tell a secret: a word beside it means nothing there, and there are many.
    """

    @property
    def info(self) -> EngineInfo: ...

    def scan(self, content: bytes, path: str, *, binary: bool = False) -> list[Hit]: ...


def best() -> Engine:
    """The full engine, or the reduced one where its package is not installed or does not load."""
    try:
        return Full()
    except (ImportError, OSError, RuntimeError, ValueError):
        return Reduced()


class Full:
    """Built once a process: its rules take seconds to compile, and half a second from a cache."""

    def __init__(self) -> None:
        self._scanner, rules = _built(pack().rules)
        self._info = EngineInfo("kingfisher-secret-scanner", _version(), rules, reduced=False)
        self._of_binaries: Scanner | None = None

    @property
    def info(self) -> EngineInfo:
        return self._info

    def scan(self, content: bytes, path: str, *, binary: bool = False) -> list[Hit]:
        hits = []
        for found in self._found(content, self._for_binaries() if binary else self._scanner):
            if not found.visible:
                continue  # a helper, such as a host name that belongs to a token
            name, place = found.rule_id, found.location
            ours = name.startswith(PREFIX)
            if ours and not fits(by_id()[name.removeprefix(PREFIX)], path):
                continue
            hits.append(
                Hit(
                    rule=name.removeprefix(PREFIX).removeprefix("betterleaks.").rpartition("/")[2],
                    ours=ours,
                    value=Secret(found.secret),
                    start=place["start_offset"],
                    end=place["end_offset"],
                    sure=ours or found.confidence == "high",
                    nested=found.is_base64_encoded,
                )
            )
        asked = (rule for rule in pack().rules if by_path(rule) and fits(rule, path))
        if not binary and (rules := list(asked)):
            hits += _by_rules(rules, content.decode("latin-1"))
        return hits

    def _for_binaries(self) -> Scanner:
        if self._of_binaries is None:
            self._of_binaries, _ = _built(shapes())
        return self._of_binaries

    @staticmethod
    def _found(content: bytes, scanner: Scanner) -> list[Finding]:
        try:
            return scanner.scan(content, timeout=SECONDS)
        except BaseException as error:
            # A panic of compiled code is no Exception; it says nothing that may be shown.
            if type(error).__name__ == "PanicException":
                raise EngineFailed from None
            raise


class EngineFailed(Exception):
    """The engine broke on a content."""


class Reduced:
    """Our rules and the shapes of redaction, with the standard library alone."""

    def __init__(self) -> None:
        self._rules = pack().rules
        count = len(self._rules) + len(redact.SHAPES)
        self._info = EngineInfo(REDUCED, "", count, reduced=True)

    @property
    def info(self) -> EngineInfo:
        return self._info

    def scan(self, content: bytes, path: str, *, binary: bool = False) -> list[Hit]:
        text = content.decode("latin-1")  # a character is a byte, so places stay what they are
        rules = shapes() if binary else self._rules
        return [*_by_rules((r for r in rules if fits(r, path)), text), *_by_shapes(text)]


def _by_rules(rules: Iterable[Rule], text: str) -> Iterator[Hit]:
    small = text.lower()
    for rule in rules:
        if any(needle in small for needle in rule.needles):
            yield from _by_rule(rule, text)


def _by_rule(rule: Rule, text: str) -> Iterator[Hit]:
    for match in compiled(rule).finditer(text):
        if entropy(match[1]) >= rule.entropy:
            start, end = match.span(1)
            yield Hit(rule.id, True, Secret(_again(match[1])), start, end)


def _by_shapes(text: str) -> Iterator[Hit]:
    for kind, needles, shape in redact.SHAPES:
        if any(needle in text for needle in needles):
            yield from _by_shape(kind, shape.finditer(text))


def _by_shape(kind: str, matches: Iterator[re.Match[str]]) -> Iterator[Hit]:
    for match in matches:
        if kind in redact.NEEDS_A_DIGIT and not any(letter.isdigit() for letter in match[0]):
            continue
        rule = kind.lower().replace(" ", "-")
        yield Hit(rule, False, Secret(_again(match[0])), *match.span())


def _again(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "replace")


def entropy(value: str) -> float:
    """Bits per character."""
    return -sum(n / len(value) * log2(n / len(value)) for n in Counter(value).values())


def _version() -> str:
    try:
        return version("kingfisher-secret-scanner")
    except PackageNotFoundError:
        return ""


def _built(ours: Iterable[Rule]) -> tuple[Scanner, int]:
    """The engine with some of our rules beside its own, and how many these are in all."""
    from kingfisher_sdk import DetectionPolicy, Rules, Scanner

    with _written(ours) as file:
        folder = _cache_folder()
        rules = Rules(
            [file],
            builtins=True,
            confidence="medium",
            cache=folder is not None or "KF_RULE_CACHE_DIR" in os.environ,
            cache_dir=folder,
        )
    # Its own `ignore` comments would hide findings without a word.
    return Scanner(rules, policy=DetectionPolicy(inline_ignores=False)), len(rules)


@contextlib.contextmanager
def _written(ours: Iterable[Rule]) -> Iterator[str]:
    """Our rules as a file that is gone again when the engine has read it; it holds no secret."""
    with tempfile.TemporaryDirectory(prefix="launchready-") as folder:
        file = Path(folder) / "launchready.yml"
        file.write_text(for_engine(ours), "utf-8")
        yield str(file)


def _cache_folder() -> str | None:
    """A folder of ours for the compiled rules, readable by nobody else; None for no cache."""
    from platformdirs import user_cache_path

    if os.environ.get("KF_RULE_CACHE_DIR"):
        return None  # the engine's own word for a place that somebody chose
    try:
        folder = user_cache_path("launchready", appauthor=False) / "rules"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or not os.access(folder, os.W_OK):
            return None
        if os.name == "posix" and (state.st_uid != os.getuid() or state.st_mode & 0o077):
            return None
    except OSError:
        return None
    return str(folder)
