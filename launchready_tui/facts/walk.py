"""Walking a client's folder: bounded in files, seconds and bytes, and never led out of it.

The folder is hostile ground: it may hold a hundred thousand files, links that go round in circles
or out of it, pipes that block for ever, and names that are escape sequences.
"""

from __future__ import annotations

import itertools
import os
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from launchready_tui.given import Target
from launchready_tui.model import CouldNotTell
from launchready_tui.text import plural, safe

MOST_FILES = 100_000
MOST_BYTES = 1024 * 1024
MOST_SECONDS = 20.0
SKIPPED = frozenset(
    [
        ".git",
        ".hg",
        ".svn",
        "node_modules",
        "bower_components",
        "vendor",
        "dist",
        "build",
        "out",
        "target",
        "coverage",
        ".next",
        ".nuxt",
        ".svelte-kit",
        ".output",
        ".vercel",
        ".netlify",
        ".wrangler",
        ".turbo",
        ".cache",
        ".parcel-cache",
        "__pycache__",
        ".venv",
        "venv",
        ".tox",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        "site-packages",
        ".terraform",
        ".gradle",
        "Pods",
        ".launchready",
    ]
)
"""Folders that hold what tools made or fetched, not what the client wrote."""
_TESTS = re.compile(
    r"(?:^|/)(?:tests?|__tests__|specs?|e2e|cypress|fixtures|examples?|docs?|stories|__mocks__)/"
    r"|(?:^|/)(?:test_[^/]*|conftest)\.py$|[._-](?:test|spec|stories)\.[cm]?[jt]sx?$"
    r"|_test\.(?:go|py|rb|exs)$|_spec\.rb$|\.config\.(?:test|e2e)\."
)
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Found(os.PathLike[str]):
    """A regular file below the root, by its path from there with forward slashes."""

    def __init__(self, path: str, full: str, size: int) -> None:
        self.path = path
        self.full = full
        self.size = size

    def __fspath__(self) -> str:
        return self.full

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def shown(self) -> str:
        return shown(self.path)


class Walk:
    """One pass over a folder. Afterwards `missed` says what was not looked at, and why."""

    def __init__(
        self, root: Path, *, most_files: int = MOST_FILES, seconds: float = MOST_SECONDS
    ) -> None:
        self.root = root
        self.most_files = most_files
        self.files = 0
        self._stops: list[str] = []
        self._until = time.monotonic() + seconds
        self._seconds = seconds
        self._unreadable = 0
        self._too_big = 0

    @property
    def late(self) -> bool:
        return time.monotonic() > self._until

    def __iter__(self) -> Iterator[Found]:
        """Files in the order of their paths, folder by folder."""
        yield from self._below(str(self.root), "")

    @property
    def missed(self) -> tuple[str, ...]:
        """What was not looked at, and why, in words."""
        missed = list(self._stops)
        if self._unreadable:
            what = plural(self._unreadable, "file or folder", "files or folders")
            missed.append(f"{what} could not be read")
        if self._too_big:
            missed.append(f"{plural(self._too_big, 'file')} larger than 1 MiB not read")
        return tuple(missed)

    def read(self, file: Found, most: int = MOST_BYTES) -> bytes | None:
        """A file's content; None if it is too big or cannot be read, which becomes a gap."""
        if file.size > most:
            self._too_big += 1
            return None
        try:
            # Not blocking: what was a file when it was listed may be a pipe by now.
            with os.fdopen(os.open(file.full, _OPEN), "rb") as opened:
                if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                    return None
                return opened.read(most)
        except OSError:
            self._unreadable += 1
            return None

    def _below(self, folder: str, inside: str) -> Iterator[Found]:
        waiting = [(folder, inside)]
        while waiting:
            folder, inside = waiting.pop()
            try:
                with os.scandir(folder) as listing:
                    some = list(itertools.islice(listing, self.most_files + 1))
            except OSError:
                self._unreadable += 1
                continue
            folders: list[tuple[str, str]] = []
            for entry in sorted(some, key=lambda entry: entry.name):
                if self.files >= self.most_files or self.late:
                    self._stopped()
                    return
                path = f"{inside}{entry.name}"
                try:
                    if entry.is_symlink():
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name not in SKIPPED:
                            folders.append((entry.path, f"{path}/"))
                        continue
                    state = entry.stat(follow_symlinks=False)
                except OSError:
                    self._unreadable += 1
                    continue
                if stat.S_ISREG(state.st_mode):
                    self.files += 1
                    yield Found(path, entry.path, state.st_size)
            waiting.extend(reversed(folders))

    def _stopped(self) -> None:
        if self.files >= self.most_files:
            self._stops.append(f"only the first {self.most_files:,} files were looked at")
        else:
            self._stops.append(
                f"after {self._seconds:g} s only {self.files:,} files were looked at"
            )


def shown(path: str) -> str:
    """A foreign path made printable, for subjects and evidence."""
    return safe(path, one_line=True, limit=300)


def in_tests(path: str) -> bool:
    """Whether a file belongs to tests, examples or documentation."""
    return bool(_TESTS.search(path))


def root_of(target: Target) -> Path:
    """The client's folder. Raises CouldNotTell in words that say what to do."""
    if not target.repo:
        raise CouldNotTell("no repository was given; choose its folder")
    root = Path(target.repo)
    name = shown(str(root))
    try:
        if not root.is_dir():
            what = "is not a folder" if root.exists() else "does not exist"
            raise CouldNotTell(f"{name} {what}; choose the repository's folder")
        os.scandir(root).close()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "it cannot be read"
        raise CouldNotTell(f"{name} cannot be read: {reason}") from error
    if _is_bare(root):
        raise CouldNotTell(
            f"{name} is a bare git repository, which holds no files to read; clone it and choose"
            " the clone"
        )
    return root


def _is_bare(root: Path) -> bool:
    """As git tells it: its index is empty, so asking what is tracked would find nothing wrong."""
    return (root / "HEAD").is_file() and all((root / part).is_dir() for part in ("objects", "refs"))


def text_of(data: bytes) -> str:
    """A file's content as text; UTF-16 with its mark is read too, the rest may hold U+FFFD."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
