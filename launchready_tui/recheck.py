"""A run of checks: the door is opened, the engine runs, the door is closed.

`look` is the whole of it as a coroutine, `look_together` several targets through one door.
`Recheck` and `RecheckTogether` are the same in a thread with its own loop.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from launchready_tui.engine import Event, Run
from launchready_tui.given import (
    Keys,
    Moment,
    Permits,
    Prints,
    ProvenMails,
    RouteExceptions,
    StsEditions,
    Target,
    Told,
)
from launchready_tui.model import Fact, Item, Record
from launchready_tui.network import Options, Scope
from launchready_tui.records.dmarc_record import DmarcReports
from launchready_tui.records.env_record import EnvVariables, Rotations
from launchready_tui.records.ignore_record import IgnoredHits
from launchready_tui.records.trial_record import LiveCredentials

if TYPE_CHECKING:
    from launchready_tui.network import Network
    from launchready_tui.network.seen import Request

RUN_SECONDS = 60.0
T = TypeVar("T")


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
    mails: ProvenMails = ProvenMails()
    reports: DmarcReports = DmarcReports()
    policies: StsEditions = StsEditions()
    variables: EnvVariables = EnvVariables()
    rotations: Rotations = Rotations()
    trials: LiveCredentials = LiveCredentials()
    ignored: IgnoredHits = IgnoredHits()
    permits: Permits = Permits()
    keys: Keys = Keys()
    prints: Prints = Prints()
    seconds: float = RUN_SECONDS


class Answered(Record, frozen=True, kw_only=True):
    run: Run
    requests: tuple[Request, ...]
    counts: dict[str, int]
    at: datetime


Report = Callable[[Event], None]


async def look(question: Question, report: Report = lambda event: None) -> Answered:
    """Gather, judge, close. Cancelling it returns what was learnt so far."""
    from launchready_tui.network import open_network

    net = open_network(question.scope, question.options)
    try:
        return await _look_through(net, question, report)
    finally:
        await asyncio.shield(net.aclose())


async def look_together(
    questions: Sequence[Question], report: Report = lambda event: None
) -> tuple[Answered, ...]:
    """Several targets side by side, each judged by itself.

    They share one door, that of the first question: no DNS question leaves twice, and a host
    that two of them visit never sees more connections than from one. Cancelling it returns what
    was learnt so far.
    """
    from launchready_tui.network import open_network
    from launchready_tui.trace import current_target

    async def one(question: Question) -> Answered:
        current_target.set(question.target.domain)
        return await _look_through(net, question, report)

    net = open_network(questions[0].scope, questions[0].options)
    looks = [asyncio.create_task(one(question)) for question in questions]
    try:
        try:
            await asyncio.wait(looks)
        except asyncio.CancelledError:
            for task in looks:
                task.cancel()
            await asyncio.wait(looks)
        return tuple(task.result() for task in looks)
    finally:
        await asyncio.shield(net.aclose())


async def _look_through(net: Network, question: Question, report: Report) -> Answered:
    """One run through an opened door; what it sent is told apart by its target."""
    import launchready_tui.checks  # noqa: F401  registers every check, and with it every gatherer
    from launchready_tui import engine
    from launchready_tui.network import Network
    from launchready_tui.network.log import counts_of
    from launchready_tui.trace import current_target

    moment = Moment(at=(question.at or datetime.now(UTC)).replace(microsecond=0))
    run = await engine.run(
        question.items,
        {
            Network: net,
            Target: question.target,
            Moment: moment,
            Told: question.told,
            RouteExceptions: question.exceptions,
            ProvenMails: question.mails,
            DmarcReports: question.reports,
            StsEditions: question.policies,
            EnvVariables: question.variables,
            Rotations: question.rotations,
            LiveCredentials: question.trials,
            IgnoredHits: question.ignored,
            Permits: question.permits,
            Keys: question.keys.for_one_run(),
            Prints: question.prints,
        },
        report=report,
        saved=question.saved,
        deadline=question.seconds,
    )
    requests = net.log.of(current_target.get())
    return Answered(run=run, requests=requests, counts=counts_of(requests), at=moment.at)


class Aside(Generic[T]):
    """Work in a daemon thread with a loop of its own. `cancel` ends it early, with what it has."""

    def __init__(
        self,
        work: Callable[[], Coroutine[Any, Any, T]],
        ended: Callable[[T | BaseException], None],
        name: str = "checks",
    ) -> None:
        """`ended` is called in that thread."""
        self._work_of = work
        self._tell = ended
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[T] | None = None
        self._cancelled = False
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self) -> Self:
        self._thread.start()
        return self

    def cancel(self) -> None:
        self._cancelled = True
        loop, task = self._loop, self._task
        if loop is not None and task is not None and not loop.is_closed():
            loop.call_soon_threadsafe(task.cancel)

    @property
    def running(self) -> bool:
        return not self._done.is_set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def wait(self, seconds: float | None = None) -> bool:
        """Block until the work has ended and was told; False when `seconds` went by first."""
        return self._done.wait(seconds)

    def _work(self) -> None:
        ended: T | BaseException
        try:
            ended = asyncio.run(self._main())
        except (Exception, asyncio.CancelledError) as error:
            ended = error
        try:
            self._tell(ended)
        finally:
            self._done.set()

    async def _main(self) -> T:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._work_of())
        if self._cancelled:
            self._task.cancel()
        return await self._task


class Recheck(Aside[Answered]):
    """A run in a thread. What was judged until it is cancelled is kept."""

    def __init__(
        self,
        question: Question,
        report: Report,
        ended: Callable[[Answered | BaseException], None],
    ) -> None:
        """`report` and `ended` are called in the run's own thread."""
        super().__init__(lambda: look(question, report), ended)


class RecheckTogether(Aside[tuple[Answered, ...]]):
    """Several runs through one door, in one thread."""

    def __init__(
        self,
        questions: Sequence[Question],
        report: Report,
        ended: Callable[[tuple[Answered, ...] | BaseException], None],
    ) -> None:
        super().__init__(lambda: look_together(questions, report), ended)
