"""One connection that speaks HTTP/1.1 (RFC 9112): a request, its answer, and the next one over it.

A line is used again only when nothing is left of what was said before: who sends more than an
answer would have it read as the answer to the next request.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Self

import h11

from launchready_tui.model import Record
from launchready_tui.network.options import Endpoint
from launchready_tui.text import safe

Sink = Callable[[bytes], None]
Headers = Sequence[tuple[str, str]]
BROKEN = (OSError, h11.RemoteProtocolError)
"""What ends a line from the other side."""
MOST_HEAD = 102_400
"""Bytes of a response head."""
MOST_HEARD = 65_536
"""Bytes that wait to be read before the other side has to."""
SWITCHED = 101


class Head(Record, frozen=True, kw_only=True):
    """The start of a response, as it came."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]


class Line:
    """One connection to one endpoint. Every waiting is for the caller to limit."""

    def __init__(self, wire: _Wire) -> None:
        self._wire = wire
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEAD)
        self.heard = False
        """Whether anything came since the last request was sent."""

    @classmethod
    async def open(
        cls, to: Endpoint, host: str, context: ssl.SSLContext | None, seconds: float
    ) -> Self:
        """Connect and, with a context, agree on TLS as `host`, each within some seconds.

        Raises:
            TimeoutError: One of the two took longer.
            OSError: There is no connection; `ssl.SSLError` where it is TLS that fails.
        """
        loop = asyncio.get_running_loop()
        connected = await _connected(to, seconds)
        async with asyncio.timeout(seconds):
            _, wire = await loop.create_connection(
                _Wire, sock=connected, ssl=context, server_hostname=host if context else None
            )
        return cls(wire)

    async def ask(self, method: str, target: str, headers: Headers, content: bytes = b"") -> Head:
        """Send a request and wait for the head of its answer.

        Raises:
            h11.LocalProtocolError: HTTP has no such request. Nothing was sent.
            h11.RemoteProtocolError: What came is not HTTP, or nothing did.
            OSError: The line broke.
        """
        if self._state.our_state is h11.DONE:
            self._state.start_next_cycle()
        self.heard = False
        asked = h11.Request(method=method, target=target, headers=list(headers))
        parts = (asked, h11.Data(data=content), h11.EndOfMessage())
        self._wire.transport.write(b"".join(self._state.send(part) or b"" for part in parts))
        while True:
            event = await self._event()
            if isinstance(event, h11.Response) or (
                isinstance(event, h11.InformationalResponse) and event.status_code == SWITCHED
            ):
                return _head(event)

    async def part(self) -> bytes:
        """The next bytes of the answer's body, as they came; empty at its end.

        Raises:
            h11.RemoteProtocolError: It ended too early, or is not HTTP.
            OSError: The line broke.
        """
        event = await self._event()
        return bytes(event.data) if isinstance(event, h11.Data) else b""

    def skip(self) -> None:
        """Let go what has come of a body that nobody reads. What has not come is not waited for."""
        if data := self._wire.taken():
            self._state.receive_data(data)
        with contextlib.suppress(h11.RemoteProtocolError):
            while isinstance(self._state.next_event(), h11.Data):
                continue

    @property
    def ready(self) -> bool:
        """Whether the next request may go over it: all was said on both sides, and no more."""
        over = self._state.our_state is self._state.their_state is h11.DONE
        return over and not self._state.trailing_data[0] and self._wire.silent

    def close(self) -> None:
        self._wire.transport.abort()

    async def _event(self) -> object:
        """What h11 reads next; never `NEED_DATA`."""
        while (event := self._state.next_event()) is h11.NEED_DATA:
            data = await self._wire.read()
            if not data and not self.heard:
                raise h11.RemoteProtocolError("Server disconnected without sending a response.")
            self.heard = True
            self._state.receive_data(data)
        return event


class _Wire(asyncio.Protocol):
    """What comes over a connection, in order: bytes that came before it broke are not lost."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._heard = bytearray()
        self._over = False
        self._error: Exception | None = None
        self._news = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        self._news.set()
        if len(self._heard) > MOST_HEARD:
            self.transport.pause_reading()

    def eof_received(self) -> None:
        self._over = True
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._over = True
        self._error = exc
        self._news.set()

    @property
    def silent(self) -> bool:
        """Connected, and nothing came that was not read."""
        return not self._heard and not self._over

    async def read(self) -> bytes:
        """What came; empty at the end."""
        while self.silent:
            self._news.clear()
            await self._news.wait()
        if not self._heard and self._error is not None:
            raise self._error
        return self.taken()

    def taken(self) -> bytes:
        """What came and was not read yet."""
        data = bytes(self._heard)
        self._heard.clear()
        if not self._over:
            self.transport.resume_reading()
        return data


def _head(event: h11.Response | h11.InformationalResponse) -> Head:
    """h11 limits a head only while it is incomplete, and one may come in a single piece."""
    if sum(len(name) + len(value) for name, value in event.headers) > MOST_HEAD:
        raise h11.RemoteProtocolError("Receive buffer too long")
    return Head(status=event.status_code, headers=tuple(event.headers))


async def _connected(to: Endpoint, seconds: float) -> socket.socket:
    family = socket.AF_INET6 if ":" in to.ip else socket.AF_INET
    connected = socket.socket(family, socket.SOCK_STREAM)
    try:
        connected.setblocking(False)
        async with asyncio.timeout(seconds):
            await asyncio.get_running_loop().sock_connect(connected, (to.ip, to.port))
    except BaseException:
        connected.close()
        raise
    return connected


async def read_body(
    line: Line, limit: int, deadline: float, sink: Sink | None
) -> tuple[bytes, bool, str]:
    """At most `limit` bytes as they came, whether there was more, and what broke it off.

    What a sink took is not held.
    """
    read = bytearray()
    count = 0
    cut = ""
    try:
        async with asyncio.timeout_at(deadline):
            while count <= limit and (part := await line.part()):
                taken = part[: max(0, limit - count)]
                count += len(part)
                if sink is None:
                    read += taken
                elif taken:
                    sink(taken)
            if count > limit:
                line.skip()
    except TimeoutError:
        cut = "the body did not end in time"
    except BROKEN as error:
        cut = f"the body broke off: {said(error)}"
    return bytes(read), bool(cut) or count > limit, cut


def said(error: Exception) -> str:
    return safe(str(error) or type(error).__name__, one_line=True, limit=200)
