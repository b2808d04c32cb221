"""The lab's front: every address of the company is a loopback port of ours.

A `Port` is one listening socket with its own set of sites; which site answers is decided as a real
front does it, by the name in the TLS handshake and then by the Host header. Sites, certificates
and redirects can be exchanged while the servers run; the next connection sees the change.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

GOODBYE_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A page that is always the same."""

    body: str
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = self.body.encode()
        await _head(send, self.status, (("content-type", self.kind), *self.headers), len(body))
        await send({"type": "http.response.body", "body": _unless_head(scope, body)})


@dataclass(frozen=True, slots=True)
class Redirect:
    """Sends every path to the same path at another origin; with `keep_path` off, to one URL.

    To one URL the query goes along with `keep_query` only.
    """

    to: str
    status: int = 301
    keep_path: bool = True
    keep_query: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode("latin-1") if self.keep_path else ""
        query = scope["query_string"].decode("latin-1")
        rest = path + (f"?{query}" if query and (self.keep_path or self.keep_query) else "")
        await _head(send, self.status, (("location", self.to + rest),), 0)
        await send({"type": "http.response.body", "body": b""})


@dataclass(slots=True)
class Paths:
    """Some paths answered one by one, the others by `other`."""

    at: dict[str, App]
    other: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.at.get(scope["path"], self.other)(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Headed:
    """Another app's answers with a hosting platform's headers added."""

    app: App
    headers: tuple[tuple[str, str], ...]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_encoded(self.headers)]
            await send(message)

        await self.app(scope, receive, sent)


NOBODY: App = Text("<h1>No such site here</h1>", status=404)


@dataclass(slots=True)
class Port:
    """One listening socket of ours and what answers there, by host name."""

    name: str
    socket: socket.socket
    context: ssl.SSLContext | None = None
    sites: dict[str, App] = field(default_factory=dict)
    contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.context:
            self.context.sni_callback = self._choose

    @property
    def number(self) -> int:
        return int(self.socket.getsockname()[1])

    def _choose(self, connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        chosen = self.contexts.get((host or "").lower())
        if chosen:
            connection.context = chosen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = next((v for k, v in scope["headers"] if k == b"host"), b"").decode("latin-1")
        app = self.sites.get(host.partition(":")[0].lower(), NOBODY)
        await app(scope, receive, send)


def opened(name: str, context: ssl.SSLContext | None = None) -> Port:
    """A port on loopback. Bound now, so that its number is known; it listens when served."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.bind(("127.0.0.1", 0))
    return Port(name, bound, context)


class Front:
    """Serves ports with uvicorn, all in the running loop."""

    def __init__(self, ports: tuple[Port, ...]) -> None:
        import uvicorn

        from launchready_tui.demo.http2 import Either

        self._servers = []
        self._sockets = []
        for port in ports:
            config = uvicorn.Config(
                port,
                log_config=None,
                log_level="critical",
                access_log=False,
                lifespan="off",
                interface="asgi3",
                ws="none",
                http=Either,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GOODBYE_SECONDS,
            )
            config.load()
            config.ssl = port.context
            self._servers.append(uvicorn.Server(config))
            self._sockets.append(port.socket)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._tasks = [
            asyncio.create_task(server.serve([sock]))
            for server, sock in zip(self._servers, self._sockets, strict=True)
        ]
        while not all(server.started for server in self._servers):
            for task in self._tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        for server in self._servers:
            server.should_exit = server.force_exit = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=2 * GOODBYE_SECONDS)
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _head(send: Send, status: int, headers: tuple[tuple[str, str], ...], length: int) -> None:
    lines = [*_encoded(headers), (b"content-length", str(length).encode())]
    await send({"type": "http.response.start", "status": status, "headers": lines})


def _encoded(headers: tuple[tuple[str, str], ...]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _unless_head(scope: Scope, body: bytes) -> bytes:
    return b"" if scope["method"] == "HEAD" else body
