"""Ending long work when the process is told to: ctrl+c, SIGTERM and SIGHUP by the same door.

A handler that raises may do so anywhere, in a clean-up for instance, where Python drops what is
raised. These only note the signal; whoever waits looks at the note.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

SHORT_WAIT = 0.2
"""Seconds until a signal is heard at the latest."""


class Waited(Protocol):
    """Work in a thread of its own; `wait` says whether it has ended."""

    def wait(self, seconds: float | None = None) -> bool: ...


class Signals:
    """The signal that came, if one did."""

    def __init__(self) -> None:
        self.number = 0

    def note(self, number: int, frame: FrameType | None) -> None:
        self.number = self.number or number

    def until(self, work: Waited) -> None:
        """Wait for the end of some work. Raises KeyboardInterrupt, or SystemExit, on a signal."""
        while not work.wait(SHORT_WAIT):
            self.heed()

    def heed(self) -> None:
        if self.number == signal.SIGINT:
            raise KeyboardInterrupt
        if self.number:
            raise SystemExit(128 + self.number)


@contextmanager
def listening() -> Iterator[Signals]:
    """Note signals for as long as the block runs."""
    signals = Signals()
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    known = [number for name in names if (number := getattr(signal, name, None)) is not None]
    before = {number: signal.signal(number, signals.note) for number in known}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
