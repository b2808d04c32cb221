"""A program on a pseudo-terminal: keys go in, and out come the bytes and what a person would see.

Expectations are over the emulated screen; `raw` keeps every byte, because an emulator has already
swallowed the escape sequence a test is looking for.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

KEYS = {
    "enter": b"\r",
    "tab": b"\t",
    "esc": b"\x1b",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "backspace": b"\x7f",
    "f1": b"\x1bOP",
    "f2": b"\x1bOQ",
    "f3": b"\x1bOR",
    "f4": b"\x1bOS",
    "f5": b"\x1b[15~",
    "f9": b"\x1b[20~",
}
_NOT_FOR_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[A-Za-z]|\x1b[P_^].*?\x1b\\", re.S)


class Terminal:
    """`with Terminal([...]) as terminal:` starts the program; leaving ends it."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        columns, rows = size
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()
        self.code: int | None = None
        self.started = self._read_at = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:  # pragma: no cover
            try:
                if cwd:
                    os.chdir(cwd)
                _set_size(0, columns, rows)
                wanted = {**os.environ, "TERM": "xterm-256color", **(env or {})}
                for name in ("COLUMNS", "LINES"):  # they would count for more than the terminal
                    wanted.pop(name, None)
                os.execvpe(argv[0], list(argv), wanted)
            finally:
                os._exit(127)
        self.resize(columns, rows)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self.fd >= 0:
            os.close(self.fd)

    # ------------------------------------------------------------ what a person sees

    @property
    def text(self) -> str:
        """The screen, a row a line, blanks at the ends of rows taken off."""
        return "\n".join(row.rstrip() for row in self.screen.display)

    def until(self, pattern: str, seconds: float = 30.0) -> str:
        """Wait until the screen holds the pattern; the screen then. Fails with what it held."""
        wanted = re.compile(pattern, re.S)
        end = time.monotonic() + seconds
        while not wanted.search(self.text):
            if time.monotonic() > end or not self._read(0.05):
                raise AssertionError(f"never saw {pattern!r}, but:\n{self.text}")
        return self.text

    def wait_for(self, pattern: str, seconds: float = 30.0) -> float:
        """As `until`; the seconds from the start of the program to the bytes that showed it."""
        self.until(pattern, seconds)
        return self._read_at - self.started

    def key_to_paint(self, key: str, seconds: float = 5.0) -> float:
        """Press a key on a screen at rest; the seconds until it looks different, in any way."""
        self.quiet(0.06, 1.0)
        before, pressed = self.cells, time.perf_counter()
        os.write(self.fd, KEYS.get(key, key.encode()))
        while time.perf_counter() - pressed < seconds and self._read(0.01):
            if self._read_at > pressed and self.cells != before:
                return self._read_at - pressed
        return seconds

    @property
    def cells(self) -> tuple[object, ...]:
        """Every cell with its colours, for telling whether anything has changed."""
        rows, columns = range(self.screen.lines), range(self.screen.columns)
        return tuple(self.screen.buffer[y][x] for y in rows for x in columns)

    def resident_mib(self) -> float:
        """The most memory the program has held until now."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    def quiet(self, seconds: float = 0.3, limit: float = 10.0) -> str:
        """Wait until nothing was written for a while; the screen then."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            before = len(self.raw)
            alive = self._read(seconds)
            if len(self.raw) == before or not alive:
                break
        return self.text

    # ------------------------------------------------------------ what a person does

    def press(self, *keys: str) -> None:
        """Press keys by name; anything unnamed is typed as it is."""
        for key in keys:
            os.write(self.fd, KEYS.get(key, key.encode()))
            if key == "esc":  # alone: what follows must not be read as its sequence
                time.sleep(0.15)
            self._read(0.02)

    def paste(self, text: str) -> None:
        """As a terminal with bracketed paste hands it over."""
        os.write(self.fd, b"\x1b[200~" + text.encode("utf-8", "surrogateescape") + b"\x1b[201~")
        self._read(0.05)

    def resize(self, columns: int, rows: int) -> None:
        _set_size(self.fd, columns, rows)
        self.screen.resize(rows, columns)

    def kill(self, number: int) -> None:
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the window: there is no terminal from now on."""
        os.close(self.fd)
        self.fd = -1

    def ended(self, seconds: float = 20.0) -> int:
        """Wait for the end; the exit code (negative for a signal that killed it)."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self._read(0.05):
                    pass
                self.code = os.waitstatus_to_exitcode(status)
                return self.code
        raise AssertionError(f"still running after {seconds:g} s:\n{self.text}")

    # ------------------------------------------------------------ inside

    def _read(self, seconds: float) -> bool:
        """Take what is there, waiting at most `seconds`; False once the other end is closed."""
        if self.fd < 0:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return self.code is None
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return False
        if not data:
            return False
        self._read_at = time.perf_counter()
        self.raw += data
        self.stream.feed(_NOT_FOR_PYTE.sub(b"", data))
        return True


def _set_size(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
