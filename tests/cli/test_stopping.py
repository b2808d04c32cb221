"""A signal is heard once, by whoever waits, wherever the process was when it came."""

from __future__ import annotations

import os
import signal

import pytest

from launchready_tui.commands.stopping import interruptible, listening


class Work:
    """Ends by itself after some looks; a signal comes at the first, in the middle of a clean-up."""

    def __init__(self, number: int, looks: int = 3) -> None:
        self.number = number
        self.looks = looks

    def wait(self, seconds: float | None = None) -> bool:
        if self.number:
            dropped = _Dropped(self.number)
            self.number = 0
            del dropped
        self.looks -= 1
        return self.looks <= 0


class _Dropped:
    """What is raised while this is cleaned up, Python throws away."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.kill(os.getpid(), self.number)
        sum(range(1_000))  # the handler runs somewhere in here


@pytest.mark.parametrize(
    ("number", "raised"),
    [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit), (signal.SIGHUP, SystemExit)],
)
def test_a_signal_ends_the_wait(number: signal.Signals, raised: type[BaseException]) -> None:
    before = signal.getsignal(number)
    work = Work(number)
    with listening() as signals, pytest.raises(raised) as ended:
        signals.until(work)
    assert work.looks > 0
    if raised is SystemExit:
        assert ended.value.code == 128 + number  # type: ignore[attr-defined]
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(
    ("number", "raised"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_that_python_dropped_ends_the_block_at_its_end(
    number: signal.Signals, raised: type[BaseException]
) -> None:
    work = Work(number)
    with pytest.raises(raised), interruptible():
        while not work.wait():
            pass


def test_without_a_signal_the_end_of_the_work_is_waited_for() -> None:
    work = Work(0)
    with listening() as signals:
        signals.until(work)
    assert work.looks == 0
