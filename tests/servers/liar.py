"""A server that says what it is told to, one answer after each message that comes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def liar(*answers: bytes) -> AsyncIterator[tuple[int, bytearray]]:
    """Its port, and what it hears."""
    heard = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            data = await reader.read(4_096)
            if not data:
                break
            heard.extend(data)
            writer.write(answer)
        heard.extend(await reader.read(4_096))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], heard
