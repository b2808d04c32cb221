"""Every version of every file that a git history holds, with the first commit that brought it.

One `git log` over all branches, tags and stashes names the versions, oldest first; one
`git cat-file` hands out their content. Deleted and packed files are versions like any other.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from launchready_tui.facts.git import streaming
from launchready_tui.secretscan.content import Leftovers

MOST_VERSION = 64 * 1024**2
MOST_VERSIONS = 2_000_000
MOST_TOKEN = 1024 * 1024
MOST_ANSWER = 128 * 1024**2
_BATCH = 64
_GIT = ("--no-replace-objects", "-c", "log.diffMerges=separate")
"""A repository's own settings must not leave a part of its history out."""
_LOG = (
    *("log", "--all", "--topo-order", "--reverse", "--raw", "-z", "--no-abbrev", "-m", "--root"),
    *("--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none"),
    *("--diff-filter=AMT", "--no-show-signature", "--format=%x01%H %at"),
)


@dataclass(frozen=True, slots=True)
class Version:
    """A file as a commit brought it first."""

    oid: bytes
    path: str
    commit: str
    at: int

    @property
    def day(self) -> str:
        try:
            return f"{datetime.fromtimestamp(self.at, UTC):%Y-%m-%d}"
        except (ValueError, OverflowError, OSError):
            return "an impossible date"


@dataclass(slots=True)
class Repository:
    """What git says of a folder."""

    root: Path
    top: Path
    bare: bool
    shallow: bool


def repository(root: Path) -> Repository | None:
    """The repository that a folder lies in; None for none, or where git is not installed."""
    asked = ("--is-bare-repository", "--is-shallow-repository", "--is-inside-work-tree")
    lines = (answer(root, "rev-parse", *asked) or b"").decode("utf-8", "replace").split()
    if len(lines) != 3 or (lines[0] != "true" and lines[2] != "true"):
        return None
    bare = lines[0] == "true"
    top = root if bare else _top(root)
    return Repository(root=root, top=top, bare=bare, shallow=lines[1] == "true")


def _top(root: Path) -> Path:
    shown = answer(root, "rev-parse", "--show-toplevel")
    return Path(os.fsdecode(shown[:-1])) if shown else root


def answer(root: Path, *asked: str, most: int = MOST_ANSWER) -> bytes | None:
    """What git prints; None where it fails or does not come to an end."""
    process = streaming(root, *asked)
    if process is None:
        return None
    with ended(process):
        assert process.stdout is not None
        out = process.stdout.read(most)
        return out if len(out) < most and _went_well(process) else None


def _went_well(process: subprocess.Popen[bytes]) -> bool:
    try:
        return process.wait(30) == 0
    except subprocess.TimeoutExpired:
        return False


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Leaves no git behind, however its reader ends."""
    try:
        yield
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


class Walked:
    """The versions of a history, and what can be said of them afterwards."""

    def __init__(self, repo: Repository, left: Leftovers) -> None:
        self._repo = repo
        self._left = left
        self.commits = 0
        self.whole = False
        self.modules: set[str] = set()
        """Paths of submodules, whose own history is not part of this one."""

    def __iter__(self) -> Iterator[Version]:
        below = () if self._repo.bare or self._repo.root == self._repo.top else ("--", ".")
        process = streaming(self._repo.root, *_GIT, *_LOG, *below)
        if process is None:
            return
        with ended(process):
            assert process.stdout is not None
            yield from self._versions(_tokens(process.stdout))
            self.whole = self.whole and _went_well(process)

    def _versions(self, tokens: Iterator[bytes]) -> Iterator[Version]:
        seen: set[bytes] = set()
        commit, at, last = "", 0, ""
        for token in tokens:
            word = token.lstrip(b"\n")
            if word.startswith(b"\x01"):
                commit, _, stamp = word[1:].decode("ascii", "replace").partition(" ")
                at = int(stamp) if stamp.strip().isdigit() else 0
                self.commits += commit != last
                last = commit
            elif word.startswith(b":"):
                path = next(tokens, b"")
                parts = word.split(b" ")
                if len(parts) < 5:
                    continue
                mode, oid = parts[1], parts[3]
                if mode == b"160000":
                    self.modules.add(os.fsdecode(path))
                elif mode != b"120000" and (key := bytes.fromhex(oid.decode())) not in seen:
                    if len(seen) >= MOST_VERSIONS:
                        return
                    seen.add(key)
                    yield Version(oid, os.fsdecode(path), commit, at)
        self.whole = True


def _tokens(stream: IO[bytes]) -> Iterator[bytes]:
    kept = b""
    while more := stream.read(65_536):
        *tokens, kept = (kept + more).split(b"\0")
        yield from tokens
        if len(kept) > MOST_TOKEN:
            return
    if kept.strip():
        yield kept


def contents(
    repo: Repository, versions: Iterator[Version], left: Leftovers
) -> Iterator[tuple[Version, bytes]]:
    """The content of each version. A version that a partial clone lacks is left out, and told."""
    process = streaming(repo.root, *_GIT, "cat-file", "--batch", talks=True)
    if process is None:
        return
    with ended(process):
        assert process.stdin is not None
        assert process.stdout is not None
        while batch := _some(versions):
            process.stdin.write(b"".join(version.oid + b"\n" for version in batch))
            process.stdin.flush()
            for version in batch:
                content = _content(process.stdout, version, left)
                if content is not None:
                    yield version, content


def _some(versions: Iterator[Version]) -> list[Version]:
    return [version for _, version in zip(range(_BATCH), versions, strict=False)]


def _content(stream: IO[bytes], version: Version, left: Leftovers) -> bytes | None:
    header = stream.readline().split()
    if len(header) != 3 or not header[2].isdigit():
        left.add("git does not have this version here (a partial clone)", version.path)
        return None
    size = int(header[2])
    if size > MOST_VERSION:
        left.add("a version larger than 64 MiB in the history", version.path)
        _skip(stream, size + 1)
        return None
    content = stream.read(size)
    stream.read(1)
    return content


def _skip(stream: IO[bytes], size: int) -> None:
    while size > 0 and (got := len(stream.read(min(size, 1024 * 1024)))):
        size -= got
