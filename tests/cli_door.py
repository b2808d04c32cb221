"""The command line as a user starts it: a process of its own, its two streams, its exit code.

`started` starts an interpreter. `launchready` forks one that has imported the program already: the
imports are most of a command's processor time, and hundreds of tests run commands. What depends on
the start itself (the import path, the hash seed, the locale) is tested with `started`.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

from cli_forks import ANSWER

ROOT = Path(__file__).parent.parent
FORKS = Path(__file__).with_name("cli_forks.py")


class Ended(NamedTuple):
    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """The tests' environment; packages are found in an editable install and in a bare checkout."""
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'screens'}", **more}


def started(
    *args: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    seconds: float = 60,
) -> Ended:
    """The program, started with an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "launchready_tui", *map(str, args)],
        cwd=cwd or ROOT,
        env=environment(**(env or {})),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def launchready(
    *args: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    seconds: float = 60,
) -> Ended:
    """The program in a process forked from one that has it loaded.

    Raises `subprocess.TimeoutExpired` as `started` does; the process is killed.
    """
    if sys.platform != "linux":
        return started(*args, cwd=cwd, env=env, stdin=stdin, seconds=seconds)
    command = {
        "args": [str(arg) for arg in args],
        "cwd": str(cwd or ROOT),
        "env": environment(**(env or {})),
    }
    with _stream() as given, _stream() as out, _stream() as err:
        given.write(stdin)
        given.seek(0)
        streams = [stream.fileno() for stream in (given, out, err)]
        code = _forked(json.dumps(command).encode(), streams, seconds)
        out.seek(0)
        err.seek(0)
        return Ended(code, out.read(), err.read())


def _stream() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


def _forked(command: bytes, streams: list[int], seconds: float) -> int:
    """The exit code of the command's process."""
    answer, theirs = socket.socketpair()
    with answer:
        with theirs:
            socket.send_fds(_forks(), [command], [*streams, theirs.fileno()])
        pid = _number(answer)
        answer.settimeout(seconds)
        try:
            return _number(answer)
        except TimeoutError as error:
            os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired("launchready", seconds) from error


def _number(answer: socket.socket) -> int:
    said = answer.recv(ANSWER.size)
    assert said, "the process that forks the commands has died"
    (number,) = ANSWER.unpack(said)
    assert isinstance(number, int)
    return number


@functools.cache
def _forks() -> socket.socket:
    """Where commands are asked for: one process for each process of tests."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", str(FORKS), str(theirs.fileno())],
            cwd=ROOT,
            env=environment(),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
    atexit.register(_let_go, ours, process)
    return ours


def _let_go(control: socket.socket, process: subprocess.Popen[bytes]) -> None:
    control.close()
    process.wait()
