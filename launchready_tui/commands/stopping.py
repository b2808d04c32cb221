"""Ending long work when the process is told to: ctrl+c, SIGTERM and SIGHUP by the same door.

A handler that raises may do so anywhere, in a clean-up for instance, where Python drops what is
raised. These only note the signal; whoever waits looks at the note.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
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
    """Note signals for as long as the block runs: for work in a thread of its own."""
    signals = Signals()
    with _handled_by(signals.note):
        yield signals


@contextmanager
def interruptible() -> Iterator[None]:
    """End the block where it is when a signal comes, and at its end where Python dropped that: for
    work in the main thread that may wait for input.
    """
    signals = Signals()

    def stop(number: int, frame: FrameType | None) -> None:
        signals.note(number, frame)
        signals.heed()

    with _handled_by(stop):
        yield
    signals.heed()


@contextmanager
def _handled_by(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    known = [number for name in names if (number := getattr(signal, name, None)) is not None]
    before = {number: signal.signal(number, handler) for number in known}
    try:
        yield
    finally:
        for number, known_before in before.items():
            signal.signal(number, known_before)
