"""Requests over HTTP: one hop at a time, each judged, pinned, timed and logged by itself.

httpx parses and frames; nothing else is left to it. It does not follow, unpack, decode, keep
cookies or look at the environment, and its connections go only where the route says. A connection
carries one request, so that what is seen belongs to it alone.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import Callable, Coroutine, Hashable, Mapping
from typing import Any, Literal, Protocol, TypeVar

import httpcore
import httpx
from msgspec.structs import replace

from launchready_tui.model import Level, Record
from launchready_tui.network import trust
from launchready_tui.network.body import decoded
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.pinned import Pinned, Sink, read_body, said
from launchready_tui.network.routes import Barred, Route, Routes
from launchready_tui.network.scope import METHODS, level_of
from launchready_tui.network.seen import Fetched, Hop
from launchready_tui.network.urls import BadUrl, Url, as_shown, location_text, read_url
from launchready_tui.text import safe

UNWRITABLE = "the request cannot be written: HTTP allows no such address or header"
MOST_HOPS = 10
MOST_HEADERS = 200
HEADER_LENGTH = 8_192
REDIRECTS = {301, 302, 303, 307, 308}

_TRAVELS = {"accept", "accept-encoding", "accept-language", "origin"}
"""Given headers that go along to another origin. No other does: each may be a credential."""
_OURS = {"host", "connection", "content-length", "transfer-encoding"}
"""Headers nobody may give: they would send a request elsewhere, or be read as two."""
_CREDENTIALS = {"authorization", "cookie", "proxy-authorization"}
"""Never sent over http."""

Failed = Literal["tls", "refused", "blocked", "unknown"]
T = TypeVar("T")


class Once(Protocol):
    """Asks what several have to ask once a run: `Network.once`."""

    async def __call__(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T: ...


class _Broken(Exception):
    """A request that brought no response head. `try_next`: another address may do better."""

    def __init__(self, outcome: Failed, cause: str, *, try_next: bool = False) -> None:
        super().__init__(cause)
        self.outcome: Failed = outcome
        self.cause = cause
        self.try_next = try_next


class _Ask(Record, frozen=True, kw_only=True):
    """What one hop asks. `following`: the body of a redirect is not read. `after`: the address
    that redirected here.
    """

    method: str
    url: Url
    headers: tuple[tuple[str, str], ...]
    address: str
    body_limit: int
    following: bool
    after: str
    content: bytes
    level: Level


class _Response(Record, frozen=True, kw_only=True):
    hop: Hop
    location: str = ""
    body: str = ""
    truncated: bool = False
    cause: str = ""
    cut: bool = False
    """The body broke off, for `cause`."""


class Exchanges:
    """The HTTP requests of a run."""

    def __init__(self, options: Options, routes: Routes, log: RequestLog) -> None:
        self._options = options
        self._routes = routes
        self._log = log

    @functools.cached_property
    def _context(self) -> ssl.SSLContext:
        return trust.verifying(self._options.ca)

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
            ask = _Ask(
                method=method,
                url=here,
                headers=_travelling(headers, first, here),
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

    async def _same_ways(self, ask: _Ask) -> bool:
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

    async def _shared_hop(self, ask: _Ask, once: Once) -> tuple[_Response, float]:
        """A hop that is asked once a run, whoever comes to it first, and by whatever way."""
        key = ("hop", str(ask.url), ask.address, ask.body_limit, ask.following)
        typed = replace(ask, after="")
        return await once(key, lambda: self._hop(typed, self._options.hop_timeout, None))

    async def _hop(self, ask: _Ask, seconds: float, sink: Sink | None) -> tuple[_Response, float]:
        """One request, and the seconds it took once it was its turn at the host."""
        scope = self._routes.scope
        if not scope.reaches(ask.level):
            what = ask.method if ask.level is not Level.PASSIVE else "this"
            cause = f"{what} is not sent at the {scope.level.value} level"
            return _Response(hop=_failed(ask, "blocked", cause)), 0.0
        clock = asyncio.get_running_loop().time
        async with self._routes.turn(ask.url.host):
            started = clock()
            try:
                response = await self._first_that_answers(ask, started + seconds, sink)
            except TimeoutError:
                cause = f"{ask.url.host} gave no answer within {seconds:.3g} s"
                response = _Response(hop=_failed(ask, "unknown", cause))
            return response, clock() - started

    async def _first_that_answers(self, ask: _Ask, deadline: float, sink: Sink | None) -> _Response:
        async with asyncio.timeout_at(deadline):
            url = ask.url
            ways = await self._routes.to(url.host, url.port, ask.address, after=ask.after)
        if isinstance(ways, Barred):
            return _Response(hop=_failed(ask, ways.outcome, ways.cause))
        response = None
        for way in ways:
            try:
                return await self._logged(ask, way, deadline, sink)
            except _Broken as error:
                response = _Response(hop=_failed(ask, error.outcome, error.cause, way.address))
                if not error.try_next:
                    break
        assert response is not None, "a route list is never empty"
        return response

    async def _logged(self, ask: _Ask, way: Route, deadline: float, sink: Sink | None) -> _Response:
        trips = 3 if ask.url.scheme == "https" else 2
        request = self._log.begin(
            ask.method,
            way.host,
            address=way.address,
            path=ask.url.path,
            round_trips=trips,
            level=ask.level,
        )
        outcome = "unknown"
        try:
            async with asyncio.timeout_at(deadline):
                await asyncio.sleep(self._options.delay * trips)
            response = await self._exchange(ask, way, deadline, sink)
            outcome = str(response.hop.status)
        except (httpcore.NetworkError, httpcore.TimeoutException) as error:
            broken = _no_connection(error, way, self._options.connect_timeout)
            outcome = broken.outcome
            raise broken from error
        except httpcore.RemoteProtocolError as error:
            raise _Broken("unknown", f"the answer is not valid HTTP: {said(error)}") from error
        except (httpcore.LocalProtocolError, httpx.InvalidURL, ValueError) as error:
            # What the libraries say of it quotes the header, which may be a credential.
            raise _Broken("unknown", UNWRITABLE) from error
        finally:
            self._log.end(request, outcome)
        return response

    async def _exchange(
        self, ask: _Ask, way: Route, deadline: float, sink: Sink | None
    ) -> _Response:
        headers = httpx.Headers({"accept": "*/*", "accept-encoding": "identity"})
        headers["user-agent"] = self._options.user_agent
        headers["connection"] = "close"
        headers.update(ask.headers)
        request = httpx.Request(
            ask.method, str(ask.url), headers=headers, content=ask.content or None
        )
        # Not through a client: that reads Location and Set-Cookie by itself, and may raise on them.
        async with Pinned(way.to, self._context, self._options.connect_timeout) as transport:
            async with asyncio.timeout_at(deadline):
                answer = await transport.handle_async_request(request)
            hop = _head(ask, way, answer)
            location = _location(answer)
            if location and ask.following:
                await answer.aclose()
                return _Response(hop=hop, location=location)
            raw, truncated, cut = await read_body(answer, ask.body_limit, deadline, sink)
        body = decoded(
            raw, hop.header("content-type"), hop.header("content-encoding"), ask.body_limit
        )
        return _Response(
            hop=hop,
            location=location,
            body=body.text,
            truncated=truncated or body.truncated,
            cause=cut or body.remark,
            cut=bool(cut),
        )


def _head(ask: _Ask, way: Route, answer: httpx.Response) -> Hop:
    headers = tuple(
        (
            safe(name.lower(), one_line=True, limit=200),
            safe(value, one_line=True, limit=HEADER_LENGTH),
        )
        for name, value in answer.headers.raw[:MOST_HEADERS]
    )
    return Hop(
        url=str(ask.url),
        method=ask.method,
        outcome="ok",
        status=answer.status_code,
        headers=headers,
        address=way.address,
    )


def _location(answer: httpx.Response) -> str:
    """Where a redirect leads, undecoded and unjudged; empty for any other response."""
    if answer.status_code not in REDIRECTS:
        return ""
    values = (value for name, value in answer.headers.raw if name.lower() == b"location")
    return location_text(next(values, b""))


def _travelling(given: Mapping[str, str], first: Url, here: Url) -> tuple[tuple[str, str], ...]:
    """The given headers that may be sent here."""
    headers = ((name.lower(), value) for name, value in given.items())
    return tuple(
        (name, value)
        for name, value in headers
        if name not in _OURS
        and (here.origin == first.origin or name in _TRAVELS)
        and (here.scheme == "https" or name not in _CREDENTIALS)
    )


def _ended(url: str, hops: list[Hop], response: _Response) -> Fetched:
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


def _failed(ask: _Ask, outcome: Failed, cause: str, address: str = "") -> Hop:
    return Hop(url=str(ask.url), method=ask.method, outcome=outcome, address=address, cause=cause)


def _no_connection(error: BaseException, way: Route, seconds: float) -> _Broken:
    """What kept a connection from being made, read from the exceptions under httpcore's."""
    place = f"{way.address} port {way.port}"
    under = _under(error)
    for one in under:
        if isinstance(one, ssl.SSLCertVerificationError):
            why = safe(one.verify_message, one_line=True, limit=300)
            return _Broken("tls", f"the certificate is not trusted: {why}")
        if isinstance(one, ssl.SSLError):
            return _Broken("unknown", trust.why(one))
        if isinstance(one, ConnectionRefusedError):
            return _Broken("refused", f"nothing listens at {place}", try_next=True)
    if isinstance(error, httpcore.ConnectTimeout):
        return _Broken("unknown", f"no connection to {place} within {seconds:g} s", try_next=True)
    if not isinstance(error, httpcore.ConnectError):
        return _Broken("unknown", "the connection broke before an answer came")
    if any(isinstance(one, OSError) and not isinstance(one, ConnectionError) for one in under):
        return _Broken("unknown", f"{place} cannot be reached from here", try_next=True)
    return _Broken("unknown", f"{place} closed the connection during the handshake")


def _under(error: BaseException | None) -> list[BaseException]:
    """An exception and everything it came from."""
    found: list[BaseException] = []
    while error is not None and len(found) < 10:
        found.append(error)
        if isinstance(error, BaseExceptionGroup):
            found.extend(error.exceptions)
        error = error.__cause__ or error.__context__
    return found
