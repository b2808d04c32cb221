"""How the env files of a repository are written, line by line: codes and places, never a value."""

from __future__ import annotations

import functools
import os
import re
import stat
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from launchready_tui.engine import fact
from launchready_tui.facts import dotenv_raw
from launchready_tui.facts.env_files import EnvFiles, Environment, environment_of
from launchready_tui.facts.env_flaws import Flaw, flaws_of
from launchready_tui.facts.env_readers import CALLED, Reader, readers_in
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import MOST_BYTES, Walk, root_of, shown, text_of
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record

MOST_FLAWS = 500
_COMPOSE = re.compile(r"(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml", re.IGNORECASE)
_SERVICE = re.compile(r"^ {2,4}([A-Za-z][\w-]*):\s*$", re.MULTILINE)
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class LintedFile(Record, frozen=True, kw_only=True):
    """One file: its flaws by line, or why it could not be read."""

    path: str
    environment: Environment
    names: int = 0
    flaws: tuple[Flaw, ...] = ()
    problem: str = ""


class EnvLint(Fact, frozen=True, kw_only=True):
    """`alone` where the files were handed over by themselves, without the repository around;
    `left_out` are paths among tests, examples or documentation.
    """

    files: tuple[LintedFile, ...]
    readers: tuple[Reader, ...] = ()
    alone: bool = False
    left_out: tuple[str, ...] = ()


@fact(limit=35.0)
async def env_lint(target: Target, files: EnvFiles) -> EnvLint:
    root = root_of(target)
    return await aside(functools.partial(look, root, files, own_hosts(target)))


def own_hosts(target: Target) -> tuple[str, ...]:
    """Where the product is, as far as somebody said; names below count too."""
    named = (target.domain, *(urlsplit(u).hostname or "" for u in (*target.urls, target.web.app)))
    return tuple(dict.fromkeys(host.lower() for host in named if host))


def look(root: Path, files: EnvFiles, own: Collection[str] = ()) -> EnvLint:
    """Read again, and raw, the files that EnvFiles found."""
    readers, services = readers_in(root), services_in(root)
    linted = tuple(
        lint_file(root / f.path, f.path, readers, services, root, own)
        for f in files.files
        if not f.aside
    )
    return EnvLint(files=linted, readers=readers, left_out=files.left_out)


def alone(paths: Collection[Path], readers: Collection[Reader] = ()) -> EnvLint:
    """Files that somebody names. The readers are those of the repository around, unless given."""
    linted: list[LintedFile] = []
    seen: dict[Path, tuple[tuple[Reader, ...], frozenset[str]]] = {}
    used: set[Reader] = set(readers)
    for path in paths:
        top = top_of(path)
        if top not in seen:
            seen[top] = (readers_in(top), services_in(top)) if not readers else ((), frozenset())
        around, services = seen[top]
        used |= set(around)
        linted.append(lint_file(path, shown(str(path)), tuple(readers) or around, services))
    return EnvLint(files=tuple(linted), readers=tuple(r for r in CALLED if r in used), alone=True)


def top_of(path: Path) -> Path:
    """The repository a file lies in, or its folder."""
    folder = path.absolute().parent
    return next((f for f in (folder, *folder.parents) if (f / ".git").exists()), folder)


def lint_file(
    path: Path,
    name: str,
    readers: Collection[Reader],
    services: Collection[str] = (),
    within: Path | None = None,
    own: Collection[str] = (),
) -> LintedFile:
    environment = environment_of(path.name)
    data, problem = read_whole(path, within)
    if data is None:
        return LintedFile(path=name, environment=environment, problem=problem)
    raw = dotenv_raw.read(data)
    if raw.encoding == "binary":
        return LintedFile(path=name, environment=environment, problem="it is no text")
    flaws = flaws_of(raw, environment, readers, services, own)
    if not raw.whole:
        problem = f"only the first {dotenv_raw.MOST_LINES:,} settings were read"
    elif len(flaws) > MOST_FLAWS:
        problem = f"only the first {MOST_FLAWS} of {len(flaws):,} flaws are listed"
    return LintedFile(
        path=name,
        environment=environment,
        names=len({line.name for line in raw.lines}),
        flaws=flaws[:MOST_FLAWS],
        problem=problem,
    )


def read_whole(path: Path, within: Path | None = None) -> tuple[bytes | None, str]:
    """A file's bytes, or None and why not: no pipe, no link out of `within`."""
    try:
        if within is not None and not path.resolve().is_relative_to(within.resolve()):
            return None, "a link leads out of the folder"
        flags = _OPEN if within is not None else _OPEN & ~getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags), "rb") as opened:
            state = os.fstat(opened.fileno())
            if not stat.S_ISREG(state.st_mode):
                return None, "it is no file"
            if state.st_size > MOST_BYTES:
                return None, "larger than 1 MiB"
            data = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else ""
        return None, f"it cannot be read{f': {reason}' if reason else ''}"
    return (data, "") if len(data) <= MOST_BYTES else (None, "larger than 1 MiB")


def services_in(root: Path) -> frozenset[str]:
    """Names that compose files give to services: hosts that exist only beside the app."""
    found: set[str] = set()
    try:
        entries = sorted(root.iterdir())[:2_000]
    except OSError:
        return frozenset()
    walk = Walk(root)
    for entry in entries:
        if _COMPOSE.fullmatch(entry.name):
            data, _ = read_whole(entry, walk.root)
            found |= set(_SERVICE.findall(text_of(data or b""))[:500])
    return frozenset(found)
