"""Requests over HTTP: one hop at a time, each judged, pinned, timed and logged by itself.

h11 parses and frames; nothing else is left to it. Nothing follows, unpacks, decodes, keeps cookies
or looks at the environment by itself, and a connection goes only where the route says. What
strangers may ask goes over connections that are kept for a moment (`lines`); what carries a
credential or may change something has one of its own.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Callable, Coroutine, Hashable, Mapping
from typing import Any, Literal, Protocol, TypeVar

import h11
from msgspec.structs import replace

from launchready_tui.model import Level
from launchready_tui.network import trust
from launchready_tui.network.hop import (
    Ask,
    Broken,
    Response,
    broken_off,
    failed,
    no_connection,
    read_answer,
    travelling,
    written,
)
from launchready_tui.network.line import BROKEN, Head, Line, Sink, said
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.routes import Barred, Route, Routes
from launchready_tui.network.scope import METHODS, level_of
from launchready_tui.network.seen import Fetched, Hop
from launchready_tui.network.urls import BadUrl, Url, as_shown, read_url

UNWRITABLE = "the request cannot be written: HTTP allows no such address or header"
MOST_HOPS = 10
T = TypeVar("T")


class Once(Protocol):
    """Asks what several have to ask once a run: `Network.once`."""

    async def __call__(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T: ...


class Exchanges:
    """The HTTP requests of a run."""

    def __init__(self, options: Options, routes: Routes, log: RequestLog) -> None:
        self._options = options
        self._routes = routes
        self._log = log

    @functools.cached_property
    def _context(self) -> ssl.SSLContext:
        return trust.verifying(self._options.ca, ("http/1.1",))

    async def fetch(
        self,
        url: str,
        *,
        method: str,
        follow: bool,
        headers: Mapping[str, str],
        address: str,
        body_limit: int,
        content: bytes = b"",
        level: Level = Level.PASSIVE,
        sink: Sink | None = None,
        once: Once | None = None,
    ) -> Fetched:
        """A request with its redirects. Whatever the other side does comes back as a value."""
        try:
            first = here = read_url(url)
        except BadUrl as error:
            return _stopped(url, method, [], str(error))
        follow = follow and method in METHODS
        hops: list[Hop] = []
        been = {str(first)}
        left = self._options.fetch_timeout
        while True:
            ask = Ask(
                method=method,
                url=here,
                headers=travelling(headers, first, here),
                address=address if here.host == first.host else "",
                body_limit=body_limit,
                following=follow,
                after=hops[-1].address if hops else "",
                content=content,
                level=level_of(method, level),
            )
            if once is not None and await self._same_ways(ask):
                response, spent = await self._shared_hop(ask, once)
            else:
                response, spent = await self._hop(ask, min(left, self._options.hop_timeout), sink)
            hops.append(response.hop)
            left -= spent
            if not (follow and response.location):
                return _ended(str(first), hops, response)
            try:
                here = read_url(response.location, here)
            except BadUrl as error:
                return _stopped(response.location, method, hops, str(error))
            ended, cause = self._no_further(here, been, hops, left)
            if ended != "ok":
                return Fetched(url=str(first), hops=tuple(hops), ended=ended, cause=cause)
            been.add(str(here))

    def _no_further(
        self, to: Url, been: set[str], hops: list[Hop], left: float
    ) -> tuple[Literal["ok", "loop", "long", "unknown"], str]:
        """Whether the redirects end here, and why."""
        if str(to) in been:
            # Some sites set a cookie and come back; a browser would get through, so say it.
            cookie = ", after setting a cookie that was not sent back"
            return "loop", f"it leads back to {to}{cookie if hops[-1].all('set-cookie') else ''}"
        if len(hops) >= MOST_HOPS:
            return "long", f"more than {MOST_HOPS} requests in a row"
        if left <= 0:
            return "unknown", f"the redirects took more than {self._options.fetch_timeout:g} s"
        return "ok", ""

    async def _same_ways(self, ask: Ask) -> bool:
        """Whether a redirect may go wherever a person may who types its address."""
        if not ask.after:
            return True
        url = ask.url
        try:
            async with asyncio.timeout(self._options.hop_timeout):
                typed = await self._routes.to(url.host, url.port, ask.address)
                led = await self._routes.to(url.host, url.port, ask.address, after=ask.after)
        except TimeoutError:
            return False
        return typed == led

    async def _shared_hop(self, ask: Ask, once: Once) -> tuple[Response, float]:
        """A hop that is asked once a run, whoever comes to it first, and by whatever way."""
        key = ("hop", str(ask.url), ask.address, ask.body_limit, ask.following)
        typed = replace(ask, after="")
        return await once(key, lambda: self._hop(typed, self._options.hop_timeout, None))

    async def _hop(self, ask: Ask, seconds: float, sink: Sink | None) -> tuple[Response, float]:
        """One request, and the seconds it took once it was its turn at the host."""
        scope = self._routes.scope
        if not scope.reaches(ask.level):
            what = ask.method if ask.level is not Level.PASSIVE else "this"
            cause = f"{what} is not sent at the {scope.level.value} level"
            return Response(hop=failed(ask, "blocked", cause)), 0.0
        clock = asyncio.get_running_loop().time
        async with self._routes.lines(ask.url.host).turn():
            started = clock()
            try:
                response = await self._first_that_answers(ask, started + seconds, sink)
            except TimeoutError:
                cause = f"{ask.url.host} gave no answer within {seconds:.3g} s"
                response = Response(hop=failed(ask, "unknown", cause))
            return response, clock() - started

    async def _first_that_answers(self, ask: Ask, deadline: float, sink: Sink | None) -> Response:
        async with asyncio.timeout_at(deadline):
            url = ask.url
            ways = await self._routes.to(url.host, url.port, ask.address, after=ask.after)
        if isinstance(ways, Barred):
            return Response(hop=failed(ask, ways.outcome, ways.cause))
        response = None
        for way in ways:
            try:
                return await self._logged(ask, way, deadline, sink)
            except Broken as error:
                response = Response(hop=failed(ask, error.outcome, error.cause, way.address))
                if not error.try_next:
                    break
        assert response is not None, "a route list is never empty"
        return response

    async def _logged(self, ask: Ask, way: Route, deadline: float, sink: Sink | None) -> Response:
        lines = self._routes.lines(way.host)
        kept = lines.take((ask.url.scheme, way)) if ask.stranger else None
        request = self._log.begin(
            ask.method,
            way.host,
            address=way.address,
            path=ask.url.path,
            round_trips=1 if kept else 1 + ask.set_up,
            level=ask.level,
        )
        outcome = "unknown"
        try:
            line, head = await self._answered(ask, way, kept, deadline)
            try:
                response = await read_answer(ask, way, line, head, deadline, sink)
            finally:
                lines.leave((ask.url.scheme, way), line)
            outcome = str(response.hop.status)
        except Broken as error:
            outcome = error.outcome
            raise
        except h11.RemoteProtocolError as error:
            raise Broken("unknown", f"the answer is not valid HTTP: {said(error)}") from error
        except TimeoutError:
            raise
        except OSError as error:
            raise broken_off(error) from error
        except (h11.LocalProtocolError, ValueError) as error:
            # What the library says of it quotes the header, which may be a credential.
            raise Broken("unknown", UNWRITABLE) from error
        finally:
            self._log.end(request, outcome)
        return response

    async def _answered(
        self, ask: Ask, way: Route, kept: Line | None, deadline: float
    ) -> tuple[Line, Head]:
        """The head of the answer and the line it came over: a kept one, or a new one where the
        other side closed that before it heard us.
        """
        if kept is not None:
            try:
                return kept, await self._asked(ask, kept, deadline)
            except TimeoutError:
                raise
            except BROKEN:
                if kept.heard:
                    raise
        line = await self._opened(ask, way, deadline)
        return line, await self._asked(ask, line, deadline)

    async def _opened(self, ask: Ask, way: Route, deadline: float) -> Line:
        context = self._context if ask.url.scheme == "https" else None
        seconds = self._options.connect_timeout
        self._routes.lines(way.host).make_room()
        async with asyncio.timeout_at(deadline):
            await asyncio.sleep(self._options.delay * ask.set_up)
            try:
                return await Line.open(way.to, way.host, context, seconds)
            except OSError as error:
                raise no_connection(error, way, seconds) from error

    async def _asked(self, ask: Ask, line: Line, deadline: float) -> Head:
        headers = written(ask, self._options.user_agent)
        try:
            async with asyncio.timeout_at(deadline):
                await asyncio.sleep(self._options.delay)
                return await line.ask(ask.method, ask.url.target, headers, ask.content)
        except BaseException:
            line.close()
            raise


def _ended(url: str, hops: list[Hop], response: Response) -> Fetched:
    ended = "unknown" if response.cut else response.hop.outcome
    return Fetched(
        url=url,
        hops=tuple(hops),
        ended=ended,
        body=response.body,
        truncated=response.truncated,
        cause=response.cause or response.hop.cause,
    )


def _stopped(text: str, method: str, hops: list[Hop], cause: str) -> Fetched:
    """The end at a URL that cannot be asked: kept as a blocked hop, and not asked."""
    shown = as_shown(text)
    hop = Hop(url=shown, method=method, outcome="blocked", cause=cause)
    url = hops[0].url if hops else shown
    return Fetched(url=url, hops=(*hops, hop), ended="blocked", cause=cause)
