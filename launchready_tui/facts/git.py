"""Asking git which env files it tracks, in a repository whose settings may be an attack.

A repository's own configuration can name programs for git to run (fsmonitor, hooks, transports).
All of them are switched off, nothing of the person's configuration is read, and nothing is fetched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Literal

from launchready_tui.model import Record
from launchready_tui.text import safe

SECONDS = 10.0
MOST_OUTPUT = 4 * 1024 * 1024
_SAFELY = (
    "--no-pager",
    "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "protocol.allow=never",
    "-c", "safe.directory=*",
)  # fmt: skip
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "LC_ALL": "C",
}


class Tracked(Record, frozen=True, kw_only=True):
    """Which env files git tracks. `none`: the folder is no repository · `missing`: no git here."""

    state: Literal["repository", "none", "missing", "failed"]
    paths: tuple[str, ...] = ()
    cause: str = ""


def tracked_env_files(root: Path) -> Tracked:
    """The tracked files whose names say they hold settings, by path from `root`."""
    git = _git(root)
    if not git:
        return Tracked(state="missing", cause="git is not installed on this computer")
    asked = [git, *_SAFELY, "-C", str(root), "ls-files", "-z", "--cached", "--"]
    code, out, said = _run([*asked, ":(glob,icase)**/.env*", ":(glob,icase)**/*.env"])
    # In a clone without all its trees git lists what it can read, says so and calls it success.
    if code == 0 and not said.startswith("error:"):
        paths = out.split(b"\0")[:-1] if out.endswith(b"\0") else out.split(b"\0")
        return Tracked(
            state="repository", paths=tuple(sorted(map(os.fsdecode, filter(None, paths))))
        )
    if "not a git repository" in said:
        return Tracked(state="none", cause="the folder is no git repository")
    return Tracked(state="failed", cause=f"git could not tell: {said or f'exit code {code}'}")


def streaming(root: Path, *asked: str, talks: bool = False) -> subprocess.Popen[bytes] | None:
    """git at work for somebody who reads along, in the same safety; None where it is not there.

    `talks` gives it an input. Who starts it ends it.
    """
    git = _git(root)
    if not git:
        return None
    try:
        return subprocess.Popen(
            [git, *_SAFELY, "-C", str(root), *asked],
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=os.sep,
        )
    except OSError:
        return None


def _git(root: Path) -> str | None:
    """git from the PATH, but never one that lies in the client's folder."""
    inside = str(root.resolve())
    folders = [
        folder
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep)
        if Path(folder).is_absolute() and not _below(folder, inside)
    ]
    return shutil.which("git", path=os.pathsep.join(folders))


def _below(folder: str, inside: str) -> bool:
    resolved = str(Path(folder).resolve())
    return resolved == inside or resolved.startswith(f"{inside}{os.sep}")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, **_ENVIRONMENT}


def _run(command: list[str]) -> tuple[int, bytes, str]:
    """Exit code, output (capped) and the first line of what it complained about."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            cwd=os.sep,
        )
    except OSError as error:
        return -1, b"", f"it does not start ({os.strerror(error.errno or 0)})"
    timer = threading.Timer(SECONDS, process.kill)
    timer.start()
    try:
        with process:
            assert process.stdout is not None
            assert process.stderr is not None
            out = process.stdout.read(MOST_OUTPUT)
            more = process.stdout.read(1)
            if more:
                process.kill()
                return -1, b"", "its answer is too long"
            said = process.stderr.read(4_096).decode("utf-8", "replace").strip().partition("\n")[0]
    finally:
        late = not timer.is_alive()
        timer.cancel()
    if late:
        return -1, b"", f"no answer within {SECONDS:g} s"
    return process.returncode, out, safe(said.removeprefix("fatal: "), one_line=True, limit=200)
