"""Sends a schedule of requests and times them: raw streams, in a thread with a loop of its own.

A busy loop adds its own delays to what it measures, so this one has nothing else to do. Everything
else is the door's: scope and level first, one judged address, verified TLS, turns at the host, and
a log entry before each request leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import random
import ssl
import threading
from collections.abc import Iterator

from launchready_tui.model import Level
from launchready_tui.network import trust
from launchready_tui.network.line import BROKEN, Line
from launchready_tui.network.lines import CONNECTIONS_PER_HOST
from launchready_tui.network.load import Driven, Sample, Stop, Stream, percentile
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.routes import Barred, Route, Routes
from launchready_tui.network.urls import BadUrl, Url, read_url
from launchready_tui.text import safe

REQUEST_SECONDS = 5.0
MOST_BYTES = 4 * 1_048_576
"""Of one answer: what is longer counts as not answered."""
LATE = 0.25
"""Noise that is later than this is left out."""
_TICK = 0.05


class Prober:
    """The schedules of a run, one at a time."""

    def __init__(self, options: Options, routes: Routes, log: RequestLog) -> None:
        self._options = options
        self._routes = routes
        self._log = log
        self._alone = asyncio.Lock()

    async def drive(
        self, streams: tuple[Stream, ...], stop: Stop, *, most: int, seconds: float
    ) -> Driven:
        """Send the streams, all to one origin. Whatever the other side does comes as a value."""
        scope = self._routes.scope
        if not scope.reaches(Level.LOAD):
            return Driven(cause=f"this is not sent at the {scope.level.value} level")
        try:
            urls = [read_url(stream.url) for stream in streams]
        except BadUrl as error:
            return Driven(cause=str(error))
        if len({url.origin for url in urls}) != 1:
            return Driven(cause="a schedule is for one origin")
        ways = await self._routes.to(urls[0].host, urls[0].port)
        if isinstance(ways, Barred):
            return Driven(cause=ways.cause)
        # One turn is left for the other checks of the run, which would stand still otherwise.
        turns = min(sum(s.connections for s in streams), CONNECTIONS_PER_HOST - 1)
        async with self._alone, contextlib.AsyncExitStack() as held:
            for _ in range(turns):
                await held.enter_async_context(self._routes.turn(urls[0].host))
            book = _Book(self._log, ways[0])
            work = _Work(list(zip(streams, urls, strict=True)), ways[0], self._options, book, stop)
            return await work.in_thread(most, seconds)


class _Book:
    """The request log, written from another thread: each line goes to the log's own loop."""

    def __init__(self, log: RequestLog, way: Route) -> None:
        self._log = log
        self._way = way
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._lines: dict[int, int] = {}

    def begin(self, number: int, path: str) -> None:
        self._loop.call_soon_threadsafe(self._begin, number, path, context=self._context)

    def end(self, number: int, outcome: str) -> None:
        self._loop.call_soon_threadsafe(self._end, number, outcome, context=self._context)

    def _begin(self, number: int, path: str) -> None:
        self._lines[number] = self._log.begin(
            "GET", self._way.host, address=self._way.address, path=path, level=Level.LOAD
        )

    def _end(self, number: int, outcome: str) -> None:
        self._log.end(self._lines.pop(number), outcome)


class _Work:
    """One schedule on its way, in its own thread."""

    def __init__(
        self,
        streams: list[tuple[Stream, Url]],
        way: Route,
        options: Options,
        book: _Book,
        stop: Stop,
    ) -> None:
        self._streams = streams
        self._way = way
        self._options = options
        self._book = book
        self._stop = stop
        self._samples: list[Sample] = []
        self._lags: list[float] = []
        self._left = 0
        self._count = 0
        self._stopped = ""
        self._zero = 0.0
        self._over = asyncio.Event()
        self._unwanted = False
        self._task: asyncio.Task[Driven] | None = None

    async def in_thread(self, most: int, seconds: float) -> Driven:
        """Run it. Who stops waiting ends it: nothing more is sent."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Driven] = loop.create_future()

        def deliver(driven: Driven | None, error: Exception | None) -> None:
            if done.done():
                return
            if driven is not None:
                done.set_result(driven)
            else:
                done.set_exception(error or RuntimeError("the prober ended without a word"))

        def run() -> None:
            driven: Driven | None = None
            failed: Exception | None = None
            try:
                driven = asyncio.run(self._main(most, seconds))
            except asyncio.CancelledError:
                return
            except Exception as error:
                failed = error
            with contextlib.suppress(RuntimeError):  # the loop has closed: nobody waits any more
                loop.call_soon_threadsafe(deliver, driven, failed)

        threading.Thread(target=run, name="prober", daemon=True).start()
        try:
            return await done
        finally:
            self._unwanted = True
            if (task := self._task) is not None:
                with contextlib.suppress(RuntimeError):
                    task.get_loop().call_soon_threadsafe(task.cancel)

    async def _main(self, most: int, seconds: float) -> Driven:
        loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        if self._unwanted:
            return Driven(stopped="nobody waited for it")
        self._left = most
        until = loop.time() + seconds
        context = None
        if self._streams[0][1].scheme == "https":
            context = trust.verifying(self._options.ca, ("http/1.1",))
        lines = [
            (stream, [self._line(url, context) for _ in range(stream.connections)])
            for stream, url in self._streams
        ]
        try:
            cause = await self._opened([line for s, some in lines if s.measured for line in some])
            if cause:
                return Driven(cause=cause)
            self._zero = loop.time() + _TICK
            await self._all(lines, until)
        finally:
            for _, some in lines:
                for line in some:
                    line.close()
        samples = sorted(self._samples, key=lambda sample: (sample.due, sample.stream))
        lag = percentile(self._lags, 0.95)
        return Driven(samples=tuple(samples), stopped=self._stopped, lag=lag)

    def _line(self, url: Url, context: ssl.SSLContext | None) -> _Line:
        return _Line(url, self._way, context, self._options.user_agent)

    async def _opened(self, lines: list[_Line]) -> str:
        """One request on each connection that is measured, uncounted: why none of them answers."""
        if not lines or any(await asyncio.gather(*map(self._asked, lines))):
            return ""
        return f"{self._way.host} gave no answer to the first requests"

    async def _all(self, lines: list[tuple[Stream, list[_Line]]], until: float) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            ruler = group.create_task(self._rule())
            over = group.create_task(self._over.wait())
            tasks = []
            for stream, some in lines:
                dues = iter(_dues(stream))
                tasks += [group.create_task(self._serve(stream, line, dues)) for line in some]
            served = asyncio.gather(*tasks)
            await asyncio.wait(
                (served, over), timeout=until - loop.time(), return_when=asyncio.FIRST_COMPLETED
            )
            if not served.done():
                self._stopped = self._stopped or "it took too long"
            for task in (*tasks, ruler, over):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await served

    def _end(self, why: str) -> None:
        self._stopped = self._stopped or why
        self._over.set()

    async def _rule(self) -> None:
        """Measure the ruler: how late a short sleep ends."""
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + _TICK
            await asyncio.sleep(_TICK)
            self._lags.append(clock() - due)

    async def _serve(self, stream: Stream, line: _Line, dues: Iterator[float]) -> None:
        """One connection of a stream: it takes whatever is due next."""
        clock = asyncio.get_running_loop().time
        for due in dues:
            now = clock() - self._zero
            if not stream.measured and now - due > LATE:
                continue
            await asyncio.sleep(max(0.0, due - now))
            if self._left <= 0:
                self._end("it had sent as much as it may")
                return
            status = 0
            if clock() - self._zero < stream.ends + REQUEST_SECONDS:
                status = await self._asked(line)
            seconds = clock() - self._zero - due
            sample = Sample(stream=stream.name, due=due, seconds=seconds, status=status)
            self._samples.append(sample)
            if why := self._stop(self._samples):
                self._end(why)
                return

    async def _asked(self, line: _Line) -> int:
        """One request, logged; its status, or 0."""
        self._left -= 1
        self._count += 1
        number = self._count
        self._book.begin(number, line.url.path)
        status = 0
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                status = await line.ask()
        except BROKEN:
            line.close()
        finally:
            self._book.end(number, str(status) if status else "unknown")
        return status


def _dues(stream: Stream) -> list[float]:
    """When requests are due: one in each interval, at any moment of its first half."""
    count = max(1, round((stream.ends - stream.begins) * stream.per_second))
    return [stream.begins + (n + random.uniform(0, 0.5)) / stream.per_second for n in range(count)]


class _TooLong(OSError):
    """An answer that goes on and on."""


class _Line:
    """One connection, kept open between requests as a browser does, and opened again if need be."""

    def __init__(
        self, url: Url, way: Route, context: ssl.SSLContext | None, user_agent: str
    ) -> None:
        self.url = url
        self._way = way
        self._context = context
        self._headers = (
            ("host", url.origin.partition("://")[2]),
            ("user-agent", user_agent),
            ("accept", "*/*"),
            ("accept-encoding", "gzip"),
        )
        self._line: Line | None = None

    async def ask(self) -> int:
        """Send a GET and read its answer to the end. A kept connection may have been closed by
        the other side meanwhile: then it is asked once more on a new one."""
        kept = self._line is not None
        try:
            return await self._exchange()
        except _TooLong:
            raise
        except BROKEN:
            self.close()
            if not kept:
                raise
        return await self._exchange()

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    async def _exchange(self) -> int:
        line = self._line = self._line or await Line.open(
            self._way.to, self._way.host, self._context, REQUEST_SECONDS
        )
        head = await line.ask("GET", self.url.target, self._headers)
        read = 0
        while part := await line.part():
            read += len(part)
            if read > MOST_BYTES:
                raise _TooLong(safe(f"more than {MOST_BYTES} bytes"))
        if not line.ready:
            self.close()
        return head.status
