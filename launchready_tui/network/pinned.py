"""httpx's connections, tied to the one address that was judged.

The only module, with `http.py`, that knows httpx: its successor is a change of import.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Iterable

import httpcore
import httpx

from launchready_tui.network.options import Endpoint
from launchready_tui.text import safe

Sink = Callable[[bytes], None]

# At DEBUG httpcore writes down every header, cookies included, whatever else a program logs.
logging.getLogger("httpcore").setLevel(logging.INFO)


class Pinned(httpx.AsyncBaseTransport):
    """One connection to one endpoint; SNI, Host and verification keep the URL's name."""

    def __init__(self, to: Endpoint, context: ssl.SSLContext, connect_timeout: float) -> None:
        self._connect_timeout = connect_timeout
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=_Dial(to),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions={"timeout": {"connect": self._connect_timeout}},
        )
        answer = await self._pool.handle_async_request(asked)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


class _Dial(httpcore.AnyIOBackend):
    """Connects to one endpoint, whatever host the request names."""

    def __init__(self, to: Endpoint) -> None:
        self._to = to

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return await super().connect_tcp(
            self._to.ip, self._to.port, timeout, local_address, socket_options
        )


async def read_body(
    answer: httpx.Response, limit: int, deadline: float, sink: Sink | None
) -> tuple[bytes, bool, str]:
    """At most `limit` bytes as they came, whether there was more, and what broke it off.

    What a sink took is not held.
    """
    read = bytearray()
    count = 0
    cut = ""
    try:
        async with asyncio.timeout_at(deadline):
            async for part in answer.aiter_raw():
                taken = part[: max(0, limit - count)]
                count += len(part)
                if sink is None:
                    read += taken
                elif taken:
                    sink(taken)
                if count > limit:
                    break
    except TimeoutError:
        cut = "the body did not end in time"
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
        cut = f"the body broke off: {said(error)}"
    finally:
        with contextlib.suppress(httpcore.NetworkError, OSError):
            await answer.aclose()
    return bytes(read), bool(cut) or count > limit, cut


def said(error: Exception) -> str:
    return safe(str(error) or type(error).__name__, one_line=True, limit=200)
