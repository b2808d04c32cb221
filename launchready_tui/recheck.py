"""One run of checks: the door is opened, the engine runs, the door is closed.

`look` is the whole of it as a coroutine; `Recheck` is the same in a thread with its own loop.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from launchready_tui.engine import Event, Run
from launchready_tui.given import Keys, Moment, Permits, RouteExceptions, Target, Told
from launchready_tui.model import Fact, Item, Record
from launchready_tui.network import Options, Scope

if TYPE_CHECKING:
    from launchready_tui.network.seen import Request

RUN_SECONDS = 60.0


class Question(Record, frozen=True, kw_only=True):
    """What a run is asked to judge, and what it may use for it."""

    items: tuple[Item, ...]
    target: Target
    told: Told
    scope: Scope
    options: Options
    saved: dict[str, Fact] | None = None
    """Facts of an earlier run: judged again, and nothing leaves this machine."""
    at: datetime | None = None
    exceptions: RouteExceptions = RouteExceptions()
    permits: Permits = Permits()
    keys: Keys = Keys()
    seconds: float = RUN_SECONDS


class Answered(Record, frozen=True, kw_only=True):
    run: Run
    requests: tuple[Request, ...]
    counts: dict[str, int]
    at: datetime


Report = Callable[[Event], None]


async def look(question: Question, report: Report = lambda event: None) -> Answered:
    """Gather, judge, close. Cancelling it returns what was learnt so far."""
    import launchready_tui.checks  # noqa: F401  registers every check, and with it every gatherer
    from launchready_tui import engine
    from launchready_tui.network import Network, open_network

    moment = Moment(at=(question.at or datetime.now(UTC)).replace(microsecond=0))
    net = open_network(question.scope, question.options)
    try:
        run = await engine.run(
            question.items,
            {
                Network: net,
                Target: question.target,
                Moment: moment,
                Told: question.told,
                RouteExceptions: question.exceptions,
                Permits: question.permits,
                Keys: question.keys.for_one_run(),
            },
            report=report,
            saved=question.saved,
            deadline=question.seconds,
        )
    finally:
        await asyncio.shield(net.aclose())
    return Answered(run=run, requests=net.log.entries, counts=net.log.counts(), at=moment.at)


class Recheck:
    """A run in a daemon thread. `cancel` ends it early; what was judged until then is kept."""

    def __init__(
        self,
        question: Question,
        report: Report,
        ended: Callable[[Answered | BaseException], None],
    ) -> None:
        """`report` and `ended` are called in the run's own thread."""
        self.question = question
        self._report = report
        self._tell = ended
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Answered] | None = None
        self._cancelled = False
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._work, name="checks", daemon=True)

    def start(self) -> Recheck:
        self._thread.start()
        return self

    @property
    def running(self) -> bool:
        return not self._done.is_set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def cancel(self) -> None:
        self._cancelled = True
        loop, task = self._loop, self._task
        if loop is not None and task is not None and not loop.is_closed():
            loop.call_soon_threadsafe(task.cancel)

    def wait(self, seconds: float | None = None) -> bool:
        """Block until the run has ended and was told; False when `seconds` went by first."""
        return self._done.wait(seconds)

    def _work(self) -> None:
        ended: Answered | BaseException
        try:
            ended = asyncio.run(self._main())
        except (Exception, asyncio.CancelledError) as error:
            ended = error
        try:
            self._tell(ended)
        finally:
            self._done.set()

    async def _main(self) -> Answered:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(look(self.question, self._report))
        if self._cancelled:
            self._task.cancel()
        return await self._task
