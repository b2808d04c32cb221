"""The files of a folder: what git holds or would hold, what a build put out, or simply all.

Links are not followed, neither of files nor of folders on the way, so nothing leads out of the
folder; what was a file when it was listed may be gone, or a pipe, when it is opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from launchready_tui.secretscan.content import Leftovers
from launchready_tui.secretscan.found import Where
from launchready_tui.secretscan.history import Repository, answer

BUILDS = (
    *("dist", "build", "out", ".next/static", ".output/public", ".svelte-kit/output/client"),
    *("public/build", ".vercel/output/static", "storybook-static"),
)
"""Where builds put what visitors get, also where git ignores it."""
FETCHED = frozenset(
    (
        *(".git", ".hg", ".svn", "node_modules", "bower_components", ".venv", "venv", "Pods"),
        *("site-packages", "__pycache__", ".tox", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
        ".terraform",
    )
)
"""Folders of what others wrote; left out where git does not say what belongs to the project."""
MOST_FILES = 1_000_000
_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class File:
    path: str
    """From the folder, with forward slashes."""
    where: Where
    tracked: bool


def files(root: Path, repo: Repository | None, left: Leftovers) -> Iterator[File]:
    """Every file to be read, each once."""
    if repo is None or (root != repo.top and _ignored(root)):
        yield from (File(path, _where(path), True) for path in _below(root, "", left))
        return
    listed: set[str] = set()
    tracked = answer(root, "ls-files", "-z", "--stage", "--cached", "--", ".")
    others = answer(root, "ls-files", "-z", "--others", "--exclude-standard", "--", ".")
    if tracked is None or others is None:
        left.add("git could not list its files, so all that lie there were read", root.name)
        yield from (File(path, _where(path), True) for path in _below(root, "", left))
        return
    for line in tracked.split(b"\0"):
        what, _, name = line.partition(b"\t")
        path = os.fsdecode(name)
        if not name or path in listed:
            continue
        listed.add(path)
        if what.startswith(b"100"):
            yield File(path, "tree", True)
        elif what.startswith(b"160"):
            left.add("a submodule: scan its folder by itself", path)
    for name in others.split(b"\0"):
        path = os.fsdecode(name)
        if name and not name.endswith(b"/") and path not in listed:
            listed.add(path)
            yield File(path, "tree", False)
    for build in BUILDS:
        if (root / build).is_dir() and not (root / build).is_symlink():
            for path in _below(root / build, f"{build}/", left):
                if path not in listed:
                    yield File(path, "build", False)


def _where(path: str) -> Where:
    """Without git nothing tells what a person wrote but the folder's name."""
    return "build" if path.startswith(tuple(f"{build}/" for build in BUILDS)) else "tree"


def _ignored(root: Path) -> bool:
    """Whether git leaves this folder out, so that only somebody who names it wants it read."""
    return bool(answer(root.parent, "check-ignore", "-z", "--", str(root)))


def _below(folder: Path, inside: str, left: Leftovers) -> Iterator[str]:
    waiting, count = [(str(folder), inside)], 0
    while waiting:
        here, prefix = waiting.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            left.add("it cannot be read", prefix or ".")
            continue
        folders = []
        for entry in entries:
            path = f"{prefix}{entry.name}"
            try:
                if entry.is_symlink():
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in FETCHED:
                        folders.append((entry.path, f"{path}/"))
                elif entry.is_file(follow_symlinks=False):
                    count += 1
                    if count > MOST_FILES:
                        left.add(f"only {MOST_FILES:,} files were looked at", path)
                        return
                    yield path
            except OSError:
                left.add("it cannot be read", path)
        waiting.extend(reversed(folders))


class Opener:
    """Opens files below a root, and no others."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._top = os.path.realpath(root)
        self._inside: dict[str, bool] = {}
        self.absent = 0
        """Files that were listed and are not there."""

    def open(self, path: str, left: Leftovers) -> IO[bytes] | None:
        """The file, or None with the reason told: gone, unreadable, a pipe, a way out."""
        full = f"{self._root}{os.sep}{path}"
        if not self._leads_in(os.path.dirname(full)):  # noqa: PTH120  names that are no text
            left.add("a link on its way leads elsewhere", path)
            return None
        try:
            opened = os.fdopen(os.open(full, _OPEN), "rb")
        except FileNotFoundError:
            self.absent += 1  # deleted, here or while this scan went on
            return None
        except OSError:
            left.add("it cannot be read", path)
            return None
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            opened.close()
            return None
        return opened

    def _leads_in(self, folder: str) -> bool:
        if folder not in self._inside:
            real = os.path.realpath(folder)
            expected = self._top + folder[len(self._root) :]
            self._inside[folder] = real == os.path.normpath(expected)
        return self._inside[folder]
