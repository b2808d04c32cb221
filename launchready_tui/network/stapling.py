"""Whether a server sends a proof of validity (an OCSP staple) with its certificate.

Python's `ssl` neither asks for one nor shows it. In TLS 1.2 all of it travels in the clear before
any key is agreed on, so a greeting of our own and the server's first answer are enough: no
handshake is completed (RFC 5246, 7.4; RFC 6066, section 8).
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Literal

from launchready_tui.network.hosts import is_address
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.routes import Route

Stapled = Literal["yes", "no", "unknown"]
MOST_RECEIVED = 131_072
ALERT, HANDSHAKE = 21, 22
DONE, STATUS = 14, 22
"""Types of handshake messages: ServerHelloDone, CertificateStatus."""
_CIPHERS = bytes.fromhex(
    "c02b c02f c02c c030 cca9 cca8 c023 c027 c009 c013 c00a c014 009c 009d 003c 002f 0035"
)
_GROUPS = bytes.fromhex("001d 0017 0018 0019")
_SIGNATURES = bytes.fromhex("0403 0503 0603 0804 0805 0806 0401 0501 0601 0203 0201")


async def ask_for_staple(route: Route, options: Options, log: RequestLog) -> Stapled:
    """One greeting to one address. A server without TLS 1.2 leaves it unknown."""
    request = log.begin("TLS", route.host, address=route.address, path="OCSP staple", round_trips=2)
    told: Stapled = "unknown"
    try:
        async with asyncio.timeout(options.handshake_timeout):
            await asyncio.sleep(options.delay * 2)
            told = await _greeted(route)
    except (TimeoutError, OSError, EOFError):
        told = "unknown"
    finally:
        log.end(request, "unknown" if told == "unknown" else "ok")
    return told


async def _greeted(route: Route) -> Stapled:
    reader, writer = await asyncio.open_connection(route.to.ip, route.to.port)
    try:
        writer.write(greeting(route.host))
        received = b""
        while len(received) < MOST_RECEIVED:
            data = await reader.read(16_384)
            if not data:
                return "unknown"
            received += data
            told = read(received)
            if told is not None:
                return told
    finally:
        writer.close()
    return "unknown"


def greeting(host: str) -> bytes:
    """A ClientHello of TLS 1.2 that asks for the proof."""
    name = b"" if is_address(host) else host.encode("ascii", "ignore")
    sni = _extension(0, _long(b"\0" + _long(name))) if name else b""
    extensions = b"".join(
        (
            sni,
            _extension(5, b"\x01" + _long(b"") + _long(b"")),
            _extension(10, _long(_GROUPS)),
            _extension(11, b"\x01\x00"),
            _extension(13, _long(_SIGNATURES)),
            _extension(23, b""),
            _extension(0xFF01, b"\x00"),
        )
    )
    hello = b"\x03\x03" + secrets.token_bytes(32) + b"\0" + _long(_CIPHERS)
    hello += b"\x01\x00" + _long(extensions)
    message = b"\x01" + len(hello).to_bytes(3) + hello
    return bytes((HANDSHAKE, 3, 1)) + _long(message)


def read(received: bytes) -> Stapled | None:
    """What the server's first records say; None while they are not complete."""
    messages = b""
    while len(received) >= 5:
        kind, length = received[0], int.from_bytes(received[3:5])
        if kind != HANDSHAKE:
            return "unknown"  # an alert, or nothing of TLS at all
        if len(received) < 5 + length:
            break
        messages += received[5 : 5 + length]
        received = received[5 + length :]
    stapled: Stapled = "no"
    while len(messages) >= 4:
        kind, length = messages[0], int.from_bytes(messages[1:4])
        if kind == DONE:
            return stapled
        if len(messages) < 4 + length:
            break
        if kind == STATUS and length > 4:
            stapled = "yes"
        messages = messages[4 + length :]
    return None


def _extension(number: int, content: bytes) -> bytes:
    return number.to_bytes(2) + _long(content)


def _long(content: bytes) -> bytes:
    """Content with its length in two bytes before it."""
    return len(content).to_bytes(2) + content
