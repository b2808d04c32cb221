"""One test mail handed to a mail service: TLS first, then the login, then the letter (RFC 6409).

Nothing leaves over a connection whose certificate is not trusted, neither a password nor a word of
the letter. What the server says is kept by its last reply, because that is what explains a refusal.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import ssl
from typing import Literal

from launchready_tui.model import Level, Record
from launchready_tui.network import trust, upgrade
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.routes import Route, Routes
from launchready_tui.secret import Secret
from launchready_tui.text import safe

AT_ONCE = 465
"""The port at which TLS begins with the first byte (RFC 8314); at others STARTTLS is asked for."""
SECONDS = 60.0
GOODBYE = 2.0
MOST_LINES = 100
MOST_LINE = 4_096
OUR_NAME = "launchready.invalid"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")


class Letter(Record, frozen=True, kw_only=True):
    """What is sent: the envelope's two addresses, and the whole message with CRLF line ends."""

    sender: str
    recipient: str
    message: bytes


class Submitted(Record, frozen=True, kw_only=True):
    """What became of it. `refused`: the server said no, and `reply` is its word; `step` says to
    what. `untrusted`: its certificate is not to be believed, so nothing was sent.
    """

    outcome: Literal["accepted", "refused", "untrusted", "plain", "unknown", "blocked"]
    step: str = ""
    reply: str = ""
    tls: str = ""
    cause: str = ""


class _Said(Exception):
    """The conversation is over."""

    def __init__(self, told: Submitted) -> None:
        super().__init__(told.cause)
        self.told = told


def is_address(text: str) -> bool:
    """Whether a text is one plain mail address, which no command can be hidden in."""
    return _ADDRESS.fullmatch(text) is not None


async def submit(
    route: Route,
    letter: Letter | None,
    login: tuple[Secret, Secret] | None,
    *,
    options: Options,
    routes: Routes,
    log: RequestLog,
) -> Submitted:
    """Hand a letter over; without one only sign in, and leave.

    Raises ValueError for an address that is none.
    """
    if letter and not (is_address(letter.sender) and is_address(letter.recipient)):
        raise ValueError("an envelope's address is no plain mail address")
    async with routes.turn(route.host):
        request = log.begin(
            "SMTP",
            route.host,
            address=route.address,
            path="one letter" if letter else "sign in",
            round_trips=10,
            level=Level.ACTIVE,
        )
        told = Submitted(outcome="unknown", cause="it was stopped")
        try:
            async with asyncio.timeout(SECONDS):
                told = await _connected(route, letter, login, options)
        except TimeoutError:
            told = Submitted(outcome="unknown", cause=f"no end within {SECONDS:g} s")
        finally:
            log.end(request, told.outcome)
    return told


async def _connected(
    route: Route, letter: Letter | None, login: tuple[Secret, Secret] | None, options: Options
) -> Submitted:
    context = trust.verifying(options.ca)
    at_once = route.port == AT_ONCE
    place = f"{route.address} port {route.port}"
    try:
        async with asyncio.timeout(options.connect_timeout):
            reader, writer = await asyncio.open_connection(
                route.to.ip,
                route.to.port,
                limit=MOST_LINE,
                ssl=context if at_once else None,
                server_hostname=route.host if at_once else None,
            )
    except TimeoutError:
        limit = options.connect_timeout
        return Submitted(outcome="unknown", cause=f"no connection to {place} within {limit:g} s")
    except ssl.SSLCertVerificationError as error:
        return _untrusted(error)
    except OSError as error:
        return Submitted(outcome="unknown", cause=f"{place} takes no connection: {error.strerror}")
    talk = _Talk(reader, writer, options.handshake_timeout)
    try:
        told = await _conversation(talk, route, letter, login, context)
        await talk.end()
        return told
    except _Said as said:
        return said.told
    except ssl.SSLCertVerificationError as error:
        return _untrusted(error)
    except (OSError, EOFError, ValueError) as error:
        why = safe(str(error), one_line=True, limit=200) or "it hung up"
        return Submitted(outcome="unknown", step=talk.step, cause=f"{place}: {why}")
    finally:
        talk.writer.transport.abort()


def _untrusted(error: ssl.SSLCertVerificationError) -> Submitted:
    why = safe(error.verify_message, one_line=True, limit=200)
    return Submitted(
        outcome="untrusted", step="TLS", cause=f"its certificate is not trusted: {why}"
    )


class _Talk:
    """Commands and replies, one after the other."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.step = "greeting"
        self._seconds = seconds

    async def reply(self, wanted: str) -> list[str]:
        """The lines of a reply that begins with `wanted`. Raises _Said for any other."""
        lines: list[str] = []
        while len(lines) < MOST_LINES:
            raw = await self.reader.readline()
            if not raw.endswith(b"\n"):
                raise EOFError("it hung up")
            lines.append(raw.decode("latin-1").rstrip("\r\n"))
            if not raw[:3].isdigit():
                raise ValueError("what answers there does not speak SMTP")
            if raw[3:4] != b"-":
                break
        if not lines[-1].startswith(wanted):
            said = safe("\n".join(lines), limit=1_000)
            raise _Said(
                Submitted(
                    outcome="refused",
                    step=self.step,
                    reply=said,
                    cause=f"it said no to {self.step}",
                )
            )
        return lines

    async def ask(self, step: str, command: bytes, wanted: str) -> list[str]:
        """Send a command. `step` names it for people; the command itself may be a secret."""
        self.step = step
        self.writer.write(command + b"\r\n")
        await self.writer.drain()
        return await self.reply(wanted)

    async def offers(self) -> dict[str, str]:
        lines = await self.ask("EHLO", f"EHLO {OUR_NAME}".encode(), "250")
        pairs = (line[4:].strip().upper().partition(" ") for line in lines[1:])
        return {name: rest for name, _, rest in pairs}

    async def end(self) -> None:
        """Say goodbye, and do not insist on an answer: the letter is there or it is not."""
        with contextlib.suppress(_Said, OSError, EOFError, ValueError, TimeoutError):
            async with asyncio.timeout(GOODBYE):
                await self.ask("QUIT", b"QUIT", "221")

    async def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        self.step = "TLS"
        self.reader, self.writer = await upgrade.encrypted(
            self.writer, context, host, seconds=self._seconds, limit=MOST_LINE
        )


async def _conversation(
    talk: _Talk,
    route: Route,
    letter: Letter | None,
    login: tuple[Secret, Secret] | None,
    context: ssl.SSLContext,
) -> Submitted:
    await talk.reply("220")
    offers = await talk.offers()
    if route.port != AT_ONCE:
        if "STARTTLS" not in offers:
            return Submitted(
                outcome="plain",
                step="EHLO",
                cause=f"{route.host} offers no encryption (STARTTLS), so nothing was sent",
            )
        await talk.ask("STARTTLS", b"STARTTLS", "220")
        await talk.encrypt(context, route.host)
        offers = await talk.offers()
    if login is not None:
        await _log_in(talk, offers.get("AUTH", "").split(), *login)
    tls = talk.writer.get_extra_info("ssl_object")
    version = tls.version() or "" if tls else ""
    if letter is None:
        return Submitted(outcome="accepted", step=talk.step, tls=version)
    await talk.ask("the sender's address", f"MAIL FROM:<{letter.sender}>".encode(), "250")
    await talk.ask("the recipient's address", f"RCPT TO:<{letter.recipient}>".encode(), "25")
    await talk.ask("DATA", b"DATA", "354")
    lines = await talk.ask("the letter", _stuffed(letter.message) + b".", "250")
    return Submitted(
        outcome="accepted",
        step="the letter",
        reply=safe(lines[-1], one_line=True, limit=300),
        tls=version,
    )


async def _log_in(talk: _Talk, ways: list[str], user: Secret, password: Secret) -> None:
    """By PLAIN, or by LOGIN where that is all there is (RFC 4954)."""
    name, word = user.reveal().encode(), password.reveal().encode()
    if "PLAIN" in ways:
        await talk.ask(
            "the login", b"AUTH PLAIN " + base64.b64encode(b"\0" + name + b"\0" + word), "235"
        )
    elif "LOGIN" in ways:
        await talk.ask("the login", b"AUTH LOGIN", "334")
        await talk.ask("the login", base64.b64encode(name), "334")
        await talk.ask("the login", base64.b64encode(word), "235")
    else:
        raise _Said(
            Submitted(
                outcome="refused",
                step="the login",
                cause="it offers no login with a password (AUTH PLAIN or LOGIN)",
            )
        )


def _stuffed(message: bytes) -> bytes:
    """The letter with a dot before each line that begins with one (RFC 5321 section 4.5.2)."""
    lines = message.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    return b"".join((b"." if line[:1] == b"." else b"") + line + b"\r\n" for line in lines)
