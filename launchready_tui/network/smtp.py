"""What a mail server says before any mail: greeting, EHLO, STARTTLS, QUIT (RFC 5321, RFC 3207).

Nothing is sent through it: no MAIL, no RCPT. Port 25 is closed on the way out of many networks,
which is `unreachable` and says nothing about the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import ssl
from collections.abc import Sequence

from msgspec.structs import replace

from launchready_tui.network import trust
from launchready_tui.network.certificates import presented, read_chain
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.routes import Route, Routes
from launchready_tui.network.seen import Greeting, Presented
from launchready_tui.network.tls import Broken, handshake_over
from launchready_tui.text import safe

PORT = 25
MOST_LINES = 60
MOST_LINE = 1_000
OUR_NAME = "launchready.invalid"


class _Refused(Exception):
    """The server ended the conversation, or speaks something else."""


class Greetings:
    """Conversations with mail servers, one at a time for each."""

    def __init__(self, options: Options, routes: Routes, log: RequestLog) -> None:
        self._options = options
        self._routes = routes
        self._log = log

    async def look(self, route: Route) -> Greeting:
        """Ask for STARTTLS and verify; where that fails for the certificate, look at it."""
        first = await self._talk(route, trust.verifying(self._options.ca), "verified")
        if first.outcome != "untrusted":
            return first
        second = await self._talk(route, trust.looking(), "unverified")
        return replace(first, version=second.version, chain=second.chain, shown=second.shown)

    async def _talk(self, route: Route, context: ssl.SSLContext, path: str) -> Greeting:
        blank = Greeting(host=route.host, address=route.address, outcome="unreachable")
        seconds = self._options.handshake_timeout * 2
        async with self._routes.turn(route.host):
            request = self._log.begin(
                "SMTP", route.host, address=route.address, path=f"STARTTLS {path}", round_trips=5
            )
            told = blank
            try:
                async with asyncio.timeout(seconds):
                    await asyncio.sleep(self._options.delay * 5)
                    told = await self._connected(route, context, blank)
            except TimeoutError:
                cause = f"{route.host} port {PORT}: no end of the greeting within {seconds:g} s"
                told = replace(blank, outcome="unknown", cause=cause)
            finally:
                self._log.end(request, told.outcome)
            return told

    async def _connected(self, route: Route, context: ssl.SSLContext, blank: Greeting) -> Greeting:
        limit = self._options.connect_timeout
        try:
            async with asyncio.timeout(limit):
                reader, writer = await asyncio.open_connection(
                    route.to.ip, route.to.port, limit=MOST_LINE
                )
        except TimeoutError:
            return replace(blank, cause=f"no connection to port {PORT} within {limit:g} s")
        except OSError:
            return replace(blank, cause=f"port {PORT} of {route.address} takes no connection")
        try:
            return await _conversation(reader, writer, context, route.host, blank)
        except (_Refused, ConnectionError, EOFError, ValueError, Broken) as error:
            said = safe(str(error), one_line=True, limit=200) or "it hung up"
            return replace(blank, outcome="unknown", cause=f"{route.host} port {PORT}: {said}")
        finally:
            writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await writer.wait_closed()


async def _conversation(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    context: ssl.SSLContext,
    host: str,
    blank: Greeting,
) -> Greeting:
    banner = await _reply(reader, b"2")
    writer.write(f"EHLO {OUR_NAME}\r\n".encode())
    offers = [line[4:].strip().upper() for line in await _reply(reader, b"2")]
    told = replace(blank, banner=safe(banner[0][4:], one_line=True, limit=120))
    if not any(offer.split(" ")[0] == "STARTTLS" for offer in offers):
        writer.write(b"QUIT\r\n")
        return replace(told, outcome="plain")
    writer.write(b"STARTTLS\r\n")
    try:
        await _reply(reader, b"2")
    except _Refused as error:
        return replace(told, outcome="plain", cause=f"STARTTLS is offered and refused: {error}")
    try:
        tls = await handshake_over(reader, writer, context, host)
    except ssl.SSLCertVerificationError as error:
        why = safe(error.verify_message, one_line=True, limit=200)
        return replace(told, outcome="untrusted", verify_code=error.verify_code, cause=why)
    except ssl.SSLError as error:
        return replace(told, outcome="unknown", cause=f"{host} port {PORT}: {trust.why(error)}")
    ders = presented(tls)
    chain, _ = read_chain(ders)
    version = tls.version() or ""
    return replace(told, outcome="trusted", version=version, chain=chain, shown=_shown(ders))


async def _reply(reader: asyncio.StreamReader, wanted: bytes) -> list[str]:
    """The lines of one reply, which has to begin with `wanted`."""
    lines: list[str] = []
    while len(lines) < MOST_LINES:
        raw = await reader.readline()
        if not raw.endswith(b"\n"):
            raise _Refused("it hung up" if not raw else "a line of it does not end")
        lines.append(raw.decode("latin-1").rstrip("\r\n"))
        if not raw[:3].isdigit():
            raise _Refused(f"it says “{lines[-1][:80]}”, which is no SMTP")
        if raw[3:4] != b"-":
            break
    else:
        raise _Refused(f"its reply has more than {MOST_LINES} lines")
    if not lines[-1].startswith(wanted.decode()):
        raise _Refused(f"it says “{lines[-1][:120]}”")
    return lines


def _shown(ders: Sequence[bytes]) -> tuple[Presented, ...]:
    """Hashes of what was presented, as DANE names them."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    found = []
    for der in ders[:10]:
        try:
            key = x509.load_der_x509_certificate(der).public_key()
            spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        except (ValueError, TypeError):
            break
        found.append(
            Presented(
                certificate=hashlib.sha256(der).hexdigest(),
                key=hashlib.sha256(spki).hexdigest(),
                certificate_512=hashlib.sha512(der).hexdigest(),
                key_512=hashlib.sha512(spki).hexdigest(),
            )
        )
    return tuple(found)
