"""DNS messages over the wire: one connected UDP socket per server for the whole run, TCP if asked.

Every question has a random id, and an answer counts only when server, id and question fit (RFC
5452). One that does not fit is ignored and remembered: a liar must not be able to end the wait,
and when nothing better comes the cause says that wrong answers came.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

import dns.exception
import dns.flags
import dns.message

from launchready_tui.network.options import Endpoint

MOST_AT_ONCE = 64
"""Questions in flight to one server: home routers drop more."""
PAYLOAD = 1232
"""What fits a packet on every path (DNS flag day 2020)."""


class NoAnswer(Exception):
    """A server gave no usable answer. The message says what it did instead."""


class _Waiting:
    """A question in flight."""

    def __init__(self, query: dns.message.QueryMessage) -> None:
        self.query = query
        self.answer: asyncio.Future[dns.message.Message | NoAnswer] = (
            asyncio.get_running_loop().create_future()
        )
        self.wrong = ""

    def take(self, answer: dns.message.Message) -> None:
        if self.query.is_response(answer):
            self.end(answer)
        else:
            self.wrong = "answered another question than the one asked"

    async def within(self, seconds: float) -> dns.message.Message | NoAnswer | None:
        """What has come after so many seconds at most, if anything."""
        await asyncio.wait([self.answer], timeout=seconds)
        return self.answer.result() if self.answer.done() else None

    def end(self, with_what: dns.message.Message | NoAnswer) -> None:
        if not self.answer.done():
            self.answer.set_result(with_what)


class Server(asyncio.DatagramProtocol):
    """One DNS server, asked by all tasks of a run through one socket."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._waiting: dict[int, _Waiting] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._opening = asyncio.Lock()
        self._turn = asyncio.Semaphore(MOST_AT_ONCE)
        self._heard = False
        self.dead = False
        """It never answered, and a question waited its full time: later ones wait once only."""

    def __str__(self) -> str:
        return str(self.endpoint)

    async def ask(
        self, name: str, rdtype: str, waits: Sequence[float], *, unchecked: bool = False
    ) -> dns.message.Message:
        """The server's answer to one question, truncated or not.

        Args:
            name: The name, absolute.
            rdtype: The record type.
            waits: Seconds to wait after each time the question is sent.
            unchecked: Set the CD bit: the server shall not refuse what DNSSEC objects to.

        Raises:
            NoAnswer: None came in time, or nothing listens there.
        """
        async with self._turn:
            transport = await self._open()
            waiting = _Waiting(self._query(name, rdtype, unchecked))
            self._waiting[waiting.query.id] = waiting
            if self.dead:
                waits = waits[:1]
            try:
                for wait in waits:
                    transport.sendto(waiting.query.to_wire())
                    answer = await waiting.within(wait)
                    if isinstance(answer, NoAnswer):
                        raise answer
                    if answer is not None:
                        return answer
            finally:
                del self._waiting[waiting.query.id]
        self.dead = not self._heard
        seconds = f"did not answer within {sum(waits):g} s"
        raise NoAnswer(f"{waiting.wrong}, and {seconds}" if waiting.wrong else seconds)

    def _query(self, name: str, rdtype: str, unchecked: bool) -> dns.message.QueryMessage:
        number = secrets.randbelow(65_536)
        while number in self._waiting:
            number = secrets.randbelow(65_536)
        return question(name, rdtype, number, unchecked=unchecked)

    async def _open(self) -> asyncio.DatagramTransport:
        async with self._opening:
            if self._transport is None or self._transport.is_closing():
                loop = asyncio.get_running_loop()
                try:
                    self._transport, _ = await loop.create_datagram_endpoint(
                        lambda: self, remote_addr=(self.endpoint.ip, self.endpoint.port)
                    )
                except OSError as error:
                    raise NoAnswer("cannot be reached from here") from error
            return self._transport

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    # ------------------------------------------------------------ asyncio calls these

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Give an answer to the question it belongs to. The kernel has checked where it is from."""
        self._heard, self.dead = True, False
        waiting = self._waiting.get(int.from_bytes(data[:2]))
        try:
            answer = dns.message.from_wire(data, ignore_trailing=True)
        except (dns.exception.DNSException, ValueError, IndexError, LookupError):
            if waiting is not None:
                waiting.wrong = "sent an answer that cannot be read"
            return
        if waiting is not None:
            waiting.take(answer)
            return
        for other in self._waiting.values():
            if answer.question == other.query.question:
                other.wrong = "sent an answer with a wrong id"

    def error_received(self, exc: Exception) -> None:
        """An ICMP error names no question: all that wait are told."""
        gone = isinstance(exc, ConnectionRefusedError)
        why = "refuses packets: nothing listens there" if gone else "cannot be reached from here"
        for waiting in self._waiting.values():
            waiting.end(NoAnswer(why))


async def ask_over_tcp(
    endpoint: Endpoint, name: str, rdtype: str, seconds: float, *, unchecked: bool = False
) -> dns.message.Message:
    """Ask a server once over TCP (RFC 7766), for an answer too long for UDP.

    Raises:
        NoAnswer: It did not come.
    """
    query = question(name, rdtype, secrets.randbelow(65_536), unchecked=unchecked)
    wire = query.to_wire()
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(endpoint.ip, endpoint.port)
            try:
                writer.write(len(wire).to_bytes(2) + wire)
                length = int.from_bytes(await reader.readexactly(2))
                answer = dns.message.from_wire(await reader.readexactly(length))
            finally:
                writer.close()
    except TimeoutError as error:
        raise NoAnswer(f"did not answer over TCP within {seconds:g} s") from error
    except (OSError, EOFError) as error:
        raise NoAnswer("did not answer over TCP") from error
    except (dns.exception.DNSException, ValueError, LookupError) as error:
        raise NoAnswer("sent an answer over TCP that cannot be read") from error
    if not query.is_response(answer):
        raise NoAnswer("answered another question over TCP")
    return answer


def truncated(answer: dns.message.Message) -> bool:
    return bool(answer.flags & dns.flags.TC)


def question(
    name: str, rdtype: str, number: int, *, unchecked: bool = False
) -> dns.message.QueryMessage:
    asked = dns.message.make_query(f"{name}.", rdtype, use_edns=0, payload=PAYLOAD, id=number)
    if unchecked:
        asked.flags |= dns.flags.CD
    return asked
