"""The connections to one host: a few at once, and those that wait for the next request.

A connection that is set up takes two or three round trips before its first answer, so one that has
answered is kept for a moment. It counts among the few: a host never sees more of us.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launchready_tui.network.line import Line

CONNECTIONS_PER_HOST = 8
KEPT_SECONDS = 3.0
"""How long a line waits: less than the 5 s after which Node.js and Apache hang up."""


class Lines:
    """The turns at one host, and the lines to it that nobody uses just now."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(CONNECTIONS_PER_HOST)
        self._busy = 0
        self._kept: list[tuple[float, Hashable, Line]] = []
        """When it was kept, where it leads, and the line; the oldest first."""

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Held while connected. Before a new connection comes `make_room`."""
        async with self._turns:
            self._busy += 1
            try:
                yield
            finally:
                self._busy -= 1

    def take(self, way: Hashable) -> Line | None:
        """The line on this way that answered last, if one waits."""
        oldest = time.monotonic() - KEPT_SECONDS
        for at in reversed(range(len(self._kept))):
            since, leads, line = self._kept[at]
            if since < oldest or not line.ready:
                del self._kept[at]
                line.close()
            elif leads == way:
                del self._kept[at]
                return line
        return None

    def leave(self, way: Hashable, line: Line) -> None:
        """Keep a line for the next request on this way, if it can bear one; else close it."""
        if line.ready:
            self._kept.append((time.monotonic(), way, line))
        else:
            line.close()

    def make_room(self) -> None:
        """Close what waits, the oldest first, until one more connection is not one too many."""
        while self._kept and self._busy + len(self._kept) > CONNECTIONS_PER_HOST:
            self._kept.pop(0)[2].close()

    def close(self) -> None:
        """Close what waits."""
        while self._kept:
            self._kept.pop()[2].close()
