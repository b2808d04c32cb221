"""HTTP/2 for the lab's front, as every host of today speaks it (RFC 9113).

`Either` looks at what the TLS handshake agreed on and hands the connection to this module or to
uvicorn's HTTP/1.1. Requests are read whole before the application sees them: the lab's are small.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from uvicorn.config import Config
    from uvicorn.server import ServerState

MOST_BODY = 65_536


class Either(asyncio.Protocol):
    """Speaks what ALPN chose."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.config = config
        self.server_state = server_state
        self.app_state = app_state

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        tls = transport.get_extra_info("ssl_object")
        spoken: asyncio.Protocol
        if tls is not None and tls.selected_alpn_protocol() == "h2":
            spoken = Http2(self.config, self.server_state)
        else:
            spoken = H11Protocol(self.config, self.server_state, self.app_state)
        transport = cast(asyncio.Transport, transport)
        transport.set_protocol(spoken)
        spoken.connection_made(transport)


class _Stream:
    """One request and what of its response still waits for room in the client's window."""

    def __init__(self, headers: list[tuple[str, str]]) -> None:
        self.headers = headers
        self.body = bytearray()
        self.waiting = bytearray()
        self.ended = False


class Http2(asyncio.Protocol):
    """One connection."""

    def __init__(self, config: Config, state: ServerState) -> None:
        self.app = config.loaded_app
        self.state = state
        self.link = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )
        self.streams: dict[int, _Stream] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.state.connections.add(self)  # type: ignore[arg-type]  # it only calls shutdown()
        self.link.initiate_connection()
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self.state.connections.discard(self)
        self.streams.clear()

    def shutdown(self) -> None:
        """The server is going down."""
        self.link.close_connection()
        self._send()
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        try:
            events = self.link.receive_data(data)
        except h2.exceptions.ProtocolError:
            self._send()
            self.transport.close()
            return
        for event in events:
            self._heard(event)
        self._send()

    def _heard(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived(stream_id=int(number), headers=headers):
                self.streams[number] = _Stream(cast(list[tuple[str, str]], headers or []))
            case h2.events.DataReceived(stream_id=int(number), data=data):
                self._body(number, data or b"", event.flow_controlled_length or 0)
            case h2.events.StreamEnded(stream_id=int(number)) if number in self.streams:
                task = asyncio.get_running_loop().create_task(self._answer(number))
                self.state.tasks.add(task)
                task.add_done_callback(self.state.tasks.discard)
            case h2.events.StreamReset(stream_id=int(number)):
                self.streams.pop(number, None)
            case h2.events.WindowUpdated():
                for number in list(self.streams):
                    self._flush(number)
            case h2.events.ConnectionTerminated():
                self.transport.close()

    def _body(self, number: int, data: bytes, length: int) -> None:
        stream = self.streams.get(number)
        if stream is None:
            return
        stream.body += data
        if len(stream.body) > MOST_BODY:
            self.streams.pop(number)
            self.link.reset_stream(number, h2.errors.ErrorCodes.ENHANCE_YOUR_CALM)
            return
        if length:
            self.link.acknowledge_received_data(length, number)

    async def _answer(self, number: int) -> None:
        stream = self.streams[number]
        body = bytes(stream.body)
        told = False

        async def receive() -> MutableMapping[str, Any]:
            nonlocal told
            if told:
                return {"type": "http.disconnect"}
            told = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            if number not in self.streams or self.transport.is_closing():
                return
            if message["type"] == "http.response.start":
                self.link.send_headers(number, self._head(message))
            else:
                stream.waiting += message.get("body", b"")
                stream.ended = not message.get("more_body", False)
                self._flush(number)
            self._send()

        await self.app(self._scope(stream.headers), receive, send)

    def _flush(self, number: int) -> None:
        """Send what fits into the client's window; the rest waits for it to open (section 5.2)."""
        stream = self.streams[number]
        while stream.waiting:
            room = min(
                self.link.local_flow_control_window(number), self.link.max_outbound_frame_size
            )
            if room <= 0:
                return
            self.link.send_data(number, bytes(stream.waiting[:room]))
            del stream.waiting[:room]
        if stream.ended:
            self.link.end_stream(number)
            del self.streams[number]

    def _scope(self, headers: list[tuple[str, str]]) -> dict[str, Any]:
        pseudo = {name: value for name, value in headers if name.startswith(":")}
        path, _, query = pseudo.get(":path", "/").partition("?")
        plain = [(n.encode(), v.encode()) for n, v in headers if not n.startswith(":")]
        host = pseudo.get(":authority", "").encode()
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "2",
            "method": pseudo.get(":method", "GET"),
            "scheme": "https",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", host), *plain],
            "client": self.transport.get_extra_info("peername"),
            "server": self.transport.get_extra_info("sockname"),
        }

    def _send(self) -> None:
        data = self.link.data_to_send()
        if data and not self.transport.is_closing():
            self.transport.write(data)

    def _head(self, message: MutableMapping[str, Any]) -> list[tuple[str, str]]:
        lines = [(":status", str(message["status"]))]
        for name, value in (*self.state.default_headers, *message.get("headers", ())):
            lines.append((bytes(name).decode("latin-1").lower(), bytes(value).decode("latin-1")))
        return lines
