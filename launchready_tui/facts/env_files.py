"""The .env files of a repository: which names they set, for which environment, tracked or not.

Values are looked at inside one function and dropped there: the fact holds names and words.
"""

from __future__ import annotations

import functools
import io
import re
import stat
from pathlib import Path
from typing import Literal

from launchready_tui.engine import fact
from launchready_tui.facts.env_values import Secret, is_placeholder, secret_in
from launchready_tui.facts.git import Tracked, tracked_env_files
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import MOST_BYTES, Found, Walk, in_tests, root_of, shown, text_of
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.text import plural, safe

Environment = Literal["prod", "preview", "dev", "test", "any", "example"]
MOST_ENV_FILES = 200
MOST_ENTRIES = 2_000
MOST_LINES = 50_000
ENV_FILE = re.compile(r"\.env(?:rc|\..+)?|.+\.env", re.IGNORECASE | re.DOTALL)
_WORDS: tuple[tuple[Environment, frozenset[str]], ...] = (
    (
        "example",
        frozenset(
            [
                "example",
                "sample",
                "template",
                "tmpl",
                "tpl",
                "schema",
                "dist",
                "defaults",
                "default",
            ]
        ),
    ),
    ("test", frozenset(["test", "testing", "ci", "e2e"])),
    ("prod", frozenset(["production", "prod", "live"])),
    ("preview", frozenset(["staging", "stage", "preview", "uat", "qa"])),
    ("dev", frozenset(["development", "develop", "dev", "local", "docker"])),
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")


class EnvEntry(Record, frozen=True, kw_only=True):
    """A name in an env file and what can be said of its value."""

    name: str
    line: int
    empty: bool = False
    placeholder: bool = False
    secret: Secret = ""


class EnvFile(Record, frozen=True, kw_only=True):
    """One env file. `tracked` is None where git could not be asked. What lies among tests, examples
    or documentation is no environment of the app, whatever its name says: it counts as `test`.
    """

    path: str
    environment: Environment
    entries: tuple[EnvEntry, ...] = ()
    tracked: bool | None = None
    problem: str = ""

    @property
    def aside(self) -> bool:
        """Whether it lies among tests, examples or documentation."""
        return in_tests(self.path)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self.entries)


class EnvFiles(Fact, frozen=True, kw_only=True):
    files: tuple[EnvFile, ...]
    git: Literal["repository", "none", "missing", "failed"]
    git_cause: str = ""
    missed: tuple[str, ...] = ()

    @property
    def left_out(self) -> tuple[str, ...]:
        """Paths of the files that say nothing of the app's environments."""
        return tuple(file.path for file in self.files if file.aside)


@fact(limit=35.0)
async def env_files(target: Target) -> EnvFiles:
    root = root_of(target)
    return await aside(functools.partial(look, root))


def look(root: Path) -> EnvFiles:
    """Read every env file below `root`, and ask git about them."""
    tracked = tracked_env_files(root)
    walk = Walk(root)
    found = {f.path: f for f in walk if ENV_FILE.fullmatch(f.name)}
    for path in tracked.paths:
        # Tracked, but in a folder the walk leaves out, such as vendor/: git holds it all the same.
        if path not in found and ENV_FILE.fullmatch(Path(path).name):
            held = _held(root, path)
            found |= {path: held} if held else {}
    files = tuple(_read(walk, found[path], tracked) for path in sorted(found)[:MOST_ENV_FILES])
    missed = list(walk.missed)
    if len(found) > MOST_ENV_FILES:
        missed.append(f"only {MOST_ENV_FILES} of {len(found)} env files were read")
    gone = [shown(p) for p in tracked.paths if p not in found and ENV_FILE.fullmatch(Path(p).name)]
    if gone:
        missed.append(f"git still tracks what is not in the folder: {', '.join(gone[:5])}")
    return EnvFiles(files=files, git=tracked.state, git_cause=tracked.cause, missed=tuple(missed))


def _held(root: Path, path: str) -> Found | None:
    """The file of a tracked path, unless a link or the path itself leads out of the folder."""
    try:
        full = root / path
        real = full.resolve(strict=True)
        state = real.stat()
    except (OSError, RuntimeError, ValueError):
        return None
    top = root.resolve()
    if real != top / path or not real.is_relative_to(top) or not stat.S_ISREG(state.st_mode):
        return None
    return Found(path, str(real), state.st_size)


def environment_of(name: str) -> Environment:
    """Which environment a file's name speaks of: `.env.production.local` is production's."""
    words = set(re.split(r"[._\-]", name.lower()))
    return next((environment for environment, known in _WORDS if words & known), "any")


def _read(walk: Walk, file: Found, tracked: Tracked) -> EnvFile:
    mark = file.path in tracked.paths if tracked.state == "repository" else None
    environment = environment_of(file.name)
    if in_tests(file.path) and environment != "example":
        environment = "test"
    data = walk.read(file)
    if data is None:
        why = "larger than 1 MiB" if file.size > MOST_BYTES else "it cannot be read"
        return EnvFile(path=file.shown, environment=environment, tracked=mark, problem=why)
    entries, whole = _entries(text_of(data))
    problem = "" if whole else f"only the first {plural(len(entries), 'name')} were read"
    return EnvFile(
        path=file.shown, environment=environment, entries=entries, tracked=mark, problem=problem
    )


def parsed(text: str) -> tuple[EnvEntry, ...]:
    """The entries of an env file as python-dotenv reads them; the last of a name wins."""
    return _entries(text)[0]


def _entries(text: str) -> tuple[tuple[EnvEntry, ...], bool]:
    """The entries, and whether the text was read to its end."""
    from dotenv.parser import parse_stream

    entries: dict[str, EnvEntry] = {}
    whole = True
    for binding in parse_stream(io.StringIO(text)):
        name = binding.key or ""
        if binding.original.line > MOST_LINES or len(entries) >= MOST_ENTRIES:
            whole = False
            break
        if binding.error or not _NAME.fullmatch(name):
            continue
        value = binding.value or ""
        entries[name] = EnvEntry(
            name=safe(name, one_line=True, limit=200),
            line=binding.original.line,
            empty=not value.strip(),
            placeholder=is_placeholder(name, value),
            secret=secret_in(name, value),
        )
    return tuple(entries[name] for name in sorted(entries)), whole
