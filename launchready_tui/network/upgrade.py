"""TLS over a connection that began in clear (STARTTLS, PostgreSQL's SSLRequest)."""

from __future__ import annotations

import asyncio
import ssl


async def encrypted(
    writer: asyncio.StreamWriter, context: ssl.SSLContext, host: str, *, seconds: float, limit: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A reader and a writer over TLS. What came before it in clear is thrown away (RFC 3207).

    Raises ssl.SSLError, OSError or TimeoutError; the old writer's transport is still to be closed.
    """
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=limit)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport = await loop.start_tls(
        writer.transport, protocol, context, server_hostname=host, ssl_handshake_timeout=seconds
    )
    assert transport is not None
    protocol.connection_made(transport)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)
