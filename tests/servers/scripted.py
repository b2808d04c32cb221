"""A small web application on 127.0.0.1 that answers as a test says and keeps what it was asked.

with running_script(lambda asked, n: Reply(429 if n > 5 else 401)) as desk:
    desk.url("/login")      …      desk.asked
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from servers.pki import Papers


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Reply:
    """`after` seconds pass before it is sent, in which `alone` says nobody else is served."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    after: float = 0.0
    alone: bool = False


Answer = Callable[[Asked, int], Reply]
"""What to say to a request, and how many there were for its path before it."""


class Desk:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.port = 0
        self.asked: list[Asked] = []
        self.connections = 0
        self._counts: Counter[str] = Counter()
        self._worker = asyncio.Lock()

    def url(self, path: str, host: str = "app.acme.test") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def connect(self) -> str:
        """For `Options.connect`: every host's connections to this port come here."""
        return f"*:{self.port}=127.0.0.1:{self.port}"

    def count(self, path: str) -> int:
        return self._counts[path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(OSError, EOFError, asyncio.CancelledError):
            while asked := await _read(reader):
                before = self._counts[asked.path]
                self._counts[asked.path] += 1
                self.asked.append(asked)
                reply = self.answer(asked, before)
                async with self._worker if reply.alone else contextlib.nullcontext():
                    await asyncio.sleep(reply.after)
                _write(writer, asked, reply)
                await writer.drain()
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    method, path, _ = first.split(" ", 2)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, body)


def _write(writer: asyncio.StreamWriter, asked: Asked, reply: Reply) -> None:
    headers = {"content-length": str(len(reply.body)), **reply.headers}
    lines = [f"HTTP/1.1 {reply.status} Reply", *(f"{k}: {v}" for k, v in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
    if asked.method != "HEAD":
        writer.write(reply.body)


@contextlib.contextmanager
def running_script(
    answer: Answer = lambda asked, before: Reply(), papers: Papers | None = None
) -> Iterator[Desk]:
    """Serve until the block ends, in a thread with a loop of its own; over TLS with papers."""
    context = None
    if papers is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(papers.chain, papers.key)
    desk = Desk(answer)
    ready, over = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def main() -> None:
        loops.append(asyncio.get_running_loop())
        server = await asyncio.start_server(desk.serve, "127.0.0.1", 0, ssl=context)
        desk.port = server.sockets[0].getsockname()[1]
        ready.set()
        await over.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield desk
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join(10)
