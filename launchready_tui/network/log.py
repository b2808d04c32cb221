"""The request log: everything that left, for which fact, and what it had to wait for.

`after` makes the log a graph: the longest chain through it is what a run must take even on a
perfect line. It is kept per task: whoever runs requests side by side (gather, task groups) and
then goes on, waited for the one that ended last.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import msgspec

from launchready_tui.model import Level
from launchready_tui.network.seen import Request
from launchready_tui.text import safe
from launchready_tui.trace import current_fact, current_target


class Trail:
    """What one task has waited for so far. A task started by it begins where it stood then."""

    def __init__(
        self, log: RequestLog, task: asyncio.Task[Any] | None, parent: Trail | None, last: int
    ) -> None:
        self.log = log
        self.task = task
        self.parent = parent
        self.last = last

    def line(self) -> Iterator[Trail]:
        """This trail and those of the tasks that wait for it."""
        trail: Trail | None = self
        while trail is not None:
            yield trail
            trail = trail.parent


_standing: ContextVar[tuple[Trail, int] | None] = ContextVar("standing", default=None)
"""A task's trail, and its last request. A task inherits both as a copy: the trail of its maker may
move on, the number says where the maker stood when it started the task."""


class RequestLog:
    """Every request of a run, in the order they left. A question that is sent again counts once."""

    def __init__(self) -> None:
        self._requests: dict[int, Request] = {}
        self._started: dict[int, float] = {}
        self._ended: dict[int, int] = {0: 0}
        """In which order requests ended; a shared answer may be older than the last thing seen."""

    @property
    def entries(self) -> tuple[Request, ...]:
        return tuple(self._requests.values())

    def of(self, target: str) -> tuple[Request, ...]:
        """Those of one of several runs that share this log."""
        return tuple(r for r in self._requests.values() if r.target == target)

    def counts(self) -> dict[str, int]:
        """How many requests left, by "METHOD/level", sorted."""
        return counts_of(self._requests.values())

    def begin(
        self,
        method: str,
        host: str,
        *,
        address: str = "",
        path: str = "",
        round_trips: int = 1,
        level: Level = Level.PASSIVE,
    ) -> int:
        """Note that a request leaves now, how far it goes, and return its id."""
        number = len(self._requests) + 1
        self._started[number] = time.monotonic()
        self._requests[number] = Request(
            id=number,
            at=datetime.now(UTC),
            host=host,
            address=address,
            method=method,
            path=safe(path, one_line=True, limit=300),
            level=level.value,
            fact=current_fact.get(),
            target=current_target.get(),
            after=self._own_trail().last,
            round_trips=round_trips,
        )
        return number

    def end(self, number: int, outcome: str, *, address: str = "", round_trips: int = 0) -> None:
        """Note how a request ended, and where it went in the end."""
        request = self._requests[number]
        self._requests[number] = msgspec.structs.replace(
            request,
            outcome=outcome,
            address=address or request.address,
            round_trips=round_trips or request.round_trips,
            seconds=round(time.monotonic() - self._started.pop(number), 6),
        )
        self._ended[number] = len(self._ended)
        self.waited_for(number)

    @contextlib.contextmanager
    def side_by_side(self) -> Iterator[None]:
        """Around requests in tasks of their own: what comes next waited for the last of them."""
        trail = self._own_trail()
        yield
        _standing.set((trail, trail.last))

    @property
    def last(self) -> int:
        """The request that this task waited for last; 0 for none."""
        return self._own_trail().last

    def waited_for(self, number: int) -> None:
        """This task waited for a request, which may be one that another task made."""
        own = self._own_trail()
        for trail in own.line():
            trail.last = max(trail.last, number, key=self._ended.__getitem__)
        _standing.set((own, own.last))

    def _own_trail(self) -> Trail:
        """The trail of this task in this log; a new one when it makes its first request."""
        task = asyncio.current_task()
        standing = _standing.get()
        if standing is None or standing[0].log is not self:
            trail = Trail(self, task, None, 0)
        elif standing[0].task is not task:
            trail = Trail(self, task, *standing)
        else:
            return standing[0]
        _standing.set((trail, trail.last))
        return trail


def counts_of(requests: Iterable[Request]) -> dict[str, int]:
    """Requests by "METHOD/level", sorted."""
    counter = Counter(f"{request.method}/{request.level}" for request in requests)
    return dict(sorted(counter.items()))
