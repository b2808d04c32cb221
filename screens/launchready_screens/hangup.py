"""The window was closed or the connection broke: no terminal any more, and no need to stay.

Textual's writer dies with the terminal, and the next picture then waits for it for ever. So the
end is asked for as on `q`, and taken where it does not come.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable

PATIENCE = 6.0
"""Seconds for the end that was asked for: a check that runs is cancelled and kept by then."""


def listen(end: Callable[[int], None], close: Callable[[], None]) -> Callable[[], None]:
    """From now on a hang-up calls `end` in the running loop with the signal's number, and later
    `close` from a thread, whatever the loop is doing. Returns what listens no more.
    """
    number = getattr(signal, "SIGHUP", None)
    if number is None or threading.current_thread() is not threading.main_thread():
        return lambda: None
    loop = asyncio.get_running_loop()

    def hung_up(number: int, frame: object) -> None:
        threading.Thread(target=_leave, args=(number, close), daemon=True).start()
        loop.call_soon_threadsafe(end, number)

    before = signal.signal(number, hung_up)
    return lambda: _restore(number, before)


def _restore(number: int, before: object) -> None:
    with contextlib.suppress(ValueError, TypeError):
        signal.signal(number, before)  # type: ignore[arg-type]


def _leave(number: int, close: Callable[[], None]) -> None:
    time.sleep(PATIENCE)
    with contextlib.suppress(Exception):
        close()
    os._exit(128 + number)
