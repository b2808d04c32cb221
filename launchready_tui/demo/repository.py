"""The lab's repository on disk: Berth desk's source with a history of commits.

Authors, dates and made-up values are fixed, so that the same history has the same commit ids
everywhere. Git runs hardened: no configuration but ours, no hooks, no prompt, a time limit.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from launchready_tui.badfile import read_toml
from launchready_tui.model import Record

GIT_SECONDS = 20.0
BRANCH = "main"
ADMIN = "The lab's admin <admin@harbour-ops.test>"

_SECRET = re.compile(r"\{\{secret:(\d+):([A-Z_]+)\}\}")


class Commit(Record, frozen=True, kw_only=True):
    at: datetime
    by: str
    message: str
    files: dict[str, str] = {}
    """Path to content."""
    application: bool = False
    """With the source of Berth desk."""


class History(Record, frozen=True, kw_only=True):
    commit: tuple[Commit, ...]
    untracked: dict[str, str] = {}
    """Path to content of what lies in the work tree and no commit holds."""


class GitTrouble(Exception):
    """Git did not do what it was asked; the message is its own."""


class Repository:
    """A work tree that can be changed and committed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git = shutil.which("git") or ""
        self._latest: datetime | None = None

    @property
    def has_history(self) -> bool:
        return (self.root / ".git").is_dir()

    def write(self, history: History) -> None:
        """Create the work tree as of the last commit, with all commits where git is there."""
        self.root.mkdir(parents=True, exist_ok=True)
        self._latest = history.commit[-1].at
        if self.git:
            self._run("init", "--quiet", "--template=", f"--initial-branch={BRANCH}")
            self._run("fast-import", "--quiet", stdin=_stream(history))
            self._run("reset", "--quiet", "--hard", BRANCH)
        else:
            for commit in history.commit:
                for path, content in _contents(commit).items():
                    self.put(path, content)
        for path, content in _filled(history.untracked).items():
            self.put(path, content)

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def change(self, message: str, contents: Mapping[str, str], *, untrack: str = "") -> None:
        """Write files and commit them; `untrack` names a file git shall forget but keep on disk."""
        for path, content in contents.items():
            self.put(path, content)
        if not self.has_history:
            return
        if untrack:
            self._run("rm", "--quiet", "--cached", "--ignore-unmatch", "--", untrack)
        ignored = self._run("check-ignore", "--", *contents, accept=(0, 1)).split()
        added = [path for path in contents if path not in ignored]
        if added:
            self._run("add", "--", *added)
        self._run("commit", "--quiet", "--allow-empty", "-m", message)

    def forget(self, path: str) -> None:
        """Write the history anew without a file, as if nobody had ever committed it."""
        if not self.has_history:
            return
        rest = self._run("fast-export", "--all", "--", ".", f":(exclude){path}")
        self._run("fast-import", "--quiet", "--force", stdin=rest)
        self._run("reset", "--quiet")
        self._run("reflog", "expire", "--expire=now", "--all")
        self._run("gc", "--quiet", "--prune=now")

    def cleanse(self, message: str, path: str, content: str) -> None:
        """Give a file another content, as if none of its earlier versions had been committed."""
        self.forget(path)
        self.change(message, {path: content})

    def tracked(self) -> tuple[str, ...]:
        return tuple(sorted(self._run("ls-files", "-z").split("\0")[:-1]))

    def put(self, path: str, content: str) -> None:
        """Write a file, and tell git nothing."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, "utf-8")

    def _run(self, *words: str, stdin: str | None = None, accept: tuple[int, ...] = (0,)) -> str:
        settings = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "commit.gpgsign=false")
        options = [word for setting in settings for word in ("-c", setting)]
        done = subprocess.run(
            [self.git, *options, "-C", str(self.root), *words],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=GIT_SECONDS,
            env=self._environment(),
            check=False,
        )
        if done.returncode not in accept:
            raise GitTrouble(f"git {words[0]}: {done.stderr.strip() or done.returncode}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        name, _, mail = ADMIN.removesuffix(">").partition(" <")
        when = (self._latest or datetime.now().astimezone()).isoformat()
        who = {
            f"GIT_{role}_{part}": value
            for role in ("AUTHOR", "COMMITTER")
            for part, value in (("NAME", name), ("EMAIL", mail), ("DATE", when))
        }
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.root),
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CEILING_DIRECTORIES": str(self.root.parent),
            **who,
        }


def read_history(path: Path) -> History:
    return read_toml(path, History)


def made_up(name: str, length: int) -> str:
    """A value that looks random and is the same every time. It opens nothing anywhere."""
    return hashlib.sha512(f"harbour-ops.test {name}".encode()).hexdigest()[:length]


def _contents(commit: Commit) -> dict[str, str]:
    return {**(_application() if commit.application else {}), **_filled(commit.files)}


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts with made-up values in place of `{{secret:LENGTH:NAME}}`."""
    return {
        path: _SECRET.sub(lambda found: made_up(found[2], int(found[1])), text)
        for path, text in texts.items()
    }


def _application() -> dict[str, str]:
    return {
        f"berthdesk/{source.name}": source.read_text("utf-8")
        for source in sorted(
            files("launchready_tui.demo").joinpath("berthdesk").iterdir(), key=lambda s: s.name
        )
        if source.name.endswith(".py")
    }


def _stream(history: History) -> str:
    """The history in the format of git fast-import."""
    lines: list[str] = []
    for commit in history.commit:
        when = f"{int(commit.at.timestamp())} +0000"
        lines += [f"commit refs/heads/{BRANCH}", f"committer {commit.by} {when}"]
        lines += _data(commit.message + "\n")
        for path, content in _contents(commit).items():
            lines += [f"M 100644 inline {path}", *_data(content)]
    return "\n".join([*lines, ""])


def _data(text: str) -> list[str]:
    return [f"data {len(text.encode())}", text]
