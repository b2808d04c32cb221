"""Connections that are kept for the next request: which are, which are not, and how many."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import h11
import pytest

from launchready_tui.model import Level
from launchready_tui.network import Scope
from launchready_tui.network.line import MOST_HEAD, Line, _Wire
from launchready_tui.network.lines import CONNECTIONS_PER_HOST
from network.conftest import Opener
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

HOST = "app.example.test"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
TOKEN = {"Authorization": "Bearer " + "not-a-" + "real-token"}
Answers = Callable[["Visit"], bytes]


@dataclass
class Visit:
    """One request as the server got it: over which connection, and as the how-manieth of it."""

    connection: int
    number: int
    head: str

    @property
    def path(self) -> str:
        return self.head.split(" ")[1]


@dataclass
class Server:
    """Answers until it has nothing to say, and then hangs up."""

    answers: Answers
    visits: list[Visit] = field(default_factory=list)
    opened: int = 0
    open: int = 0
    most: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self.open += 1
        connection, number = self.opened, 0
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                number += 1
                visit = Visit(connection, number, head)
                self.visits.append(visit)
                await asyncio.sleep(0.01)  # by now it knows whom we hung up on
                self.most = max(self.most, self.open)
                answer = self.answers(visit)
                if not answer:
                    break
                writer.write(answer)
                await writer.drain()
        self.open -= 1
        writer.close()


@contextlib.asynccontextmanager
async def serving(answers: Answers = lambda visit: PAGE) -> AsyncIterator[tuple[Server, str]]:
    """A server, and what `--connect` needs to lead every host to it."""
    served = Server(answers)
    listening = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    async with listening:
        yield served, f"*:80=127.0.0.1:{listening.sockets[0].getsockname()[1]}"


async def test_the_next_request_goes_over_the_connection_that_stands(
    pki: Pki, opened: Opener
) -> None:
    papers, port = pki.good(HOST), free_port()
    body = f"""
    server {{ listen 127.0.0.1:{port} ssl; server_name {HOST};
      ssl_certificate {papers.chain}; ssl_certificate_key {papers.key};
      add_header X-Nth $connection_requests; location / {{ return 200 "hello"; }} }}
    """
    with running_nginx(body):
        net = opened(HOST, ca=str(pki.ca), connect=(f"*:443=127.0.0.1:{port}",))
        nth = [(await net.fetch(f"https://{HOST}/{n}")).last.header("x-nth") for n in range(3)]
        assert nth == ["1", "2", "3"]
        assert [request.round_trips for request in net.log.entries] == [3, 1, 1]


async def test_what_carries_a_credential_has_a_connection_of_its_own(opened: Opener) -> None:
    async with serving() as (server, connect):
        net = opened(HOST, connect=(connect,))
        for headers in ({}, {"Range": "bytes=0-9"}, {"X-Api-Key": "none"}, {}, {"Cookie": "a=1"}):
            await net.fetch(f"http://{HOST}/", headers=headers)
        assert [visit.connection for visit in server.visits] == [1, 1, 2, 1, 1]
        said = [visit.connection for visit in server.visits if "connection: close" in visit.head]
        assert said == [2]
        assert not any("cookie" in visit.head for visit in server.visits), "not over http"


async def test_what_may_change_something_is_never_sent_twice(opened: Opener) -> None:
    def once(visit: Visit) -> bytes:
        return PAGE if visit.number == 1 and visit.path == "/" else b""

    async with serving(once) as (server, connect):
        scope = Scope(hosts=(HOST,), named=(HOST,), level=Level.ACTIVE)
        net = opened(scope=scope, connect=(connect,))
        assert (await net.fetch(f"http://{HOST}/")).ended == "ok"
        sent = await net.fetch(f"http://{HOST}/orders", method="POST", content=b"{}")
        assert sent.ended == "unknown"
        assert [visit.path for visit in server.visits] == ["/", "/orders"]
        assert server.visits[1].connection == 2


async def test_a_visit_over_a_connection_that_was_closed_meanwhile_is_made_anew(
    opened: Opener,
) -> None:
    """Servers hang up on an idle connection whenever they like, also just as a request comes."""
    async with serving(lambda visit: PAGE if visit.number == 1 else b"") as (server, connect):
        net = opened(HOST, connect=(connect,))
        ended = [(await net.fetch(f"http://{HOST}/{n}")).ended for n in range(3)]
        assert ended == ["ok", "ok", "ok"]
        assert server.opened == 3
        assert [request.path for request in net.log.entries] == ["/0", "/1", "/2"]


async def test_an_answer_that_is_no_http_is_not_asked_for_again(opened: Opener) -> None:
    answers = {1: PAGE, 2: b"what?\r\n\r\n"}
    async with serving(lambda visit: answers[visit.number]) as (server, connect):
        net = opened(HOST, connect=(connect,))
        await net.fetch(f"http://{HOST}/")
        assert "not valid HTTP" in (await net.fetch(f"http://{HOST}/two")).cause
        assert len(server.visits) == 2


@pytest.mark.parametrize("late", [False, True])
async def test_what_a_server_says_unasked_is_no_answer_to_the_next_request(
    opened: Opener, late: bool
) -> None:
    poison = PAGE.replace(b"hello", b"wrong")

    async def more(writer: asyncio.StreamWriter) -> None:
        writer.write(PAGE if late else PAGE + poison)
        await asyncio.sleep(0.05)
        writer.write(poison if late else b"")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await more(writer)
        await reader.read()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        net = opened(HOST, connect=(f"*:80=127.0.0.1:{listening.sockets[0].getsockname()[1]}",))
        await net.fetch(f"http://{HOST}/one")
        await asyncio.sleep(0.2)
        assert (await net.fetch(f"http://{HOST}/two")).body == "hello"
        await net.aclose()


@pytest.mark.parametrize(
    "answer",
    [
        PAGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1),
        PAGE.replace(b"HTTP/1.1", b"HTTP/1.0"),
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
)
async def test_a_connection_that_bears_no_second_request_is_not_kept(
    opened: Opener, answer: bytes
) -> None:
    async with serving(lambda visit: answer) as (server, connect):
        net = opened(HOST, connect=(connect,))
        for _ in range(2):
            await net.fetch(f"http://{HOST}/")
        assert [visit.connection for visit in server.visits] == [1, 2]


async def test_a_body_of_which_little_is_wanted_costs_no_connection(opened: Opener) -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\nhello"
    async with serving(lambda visit: endless if visit.path == "/endless" else PAGE) as (
        server,
        connect,
    ):
        net = opened(HOST, connect=(connect,))
        for path in ("/", "/endless", "/"):
            fetched = await net.fetch(f"http://{HOST}{path}", body_limit=2)
            assert (fetched.body, fetched.truncated) == ("he", True)
        assert [visit.connection for visit in server.visits] == [1, 1, 2]


async def test_a_redirect_leads_on_over_the_same_connection(opened: Opener) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 4\r\n\r\ngone"
    async with serving(lambda visit: PAGE if visit.path == "/there" else moved) as (
        server,
        connect,
    ):
        fetched = await opened(HOST, connect=(connect,)).fetch(f"http://{HOST}/here")
        assert fetched.body == "hello"
        assert [visit.connection for visit in server.visits] == [1, 1]


async def test_a_host_never_sees_more_of_us_than_a_few_and_none_when_we_are_done(
    opened: Opener,
) -> None:
    async with serving() as (server, connect):
        net = opened(HOST, connect=(connect,))
        many = 3 * CONNECTIONS_PER_HOST
        await asyncio.gather(*(net.fetch(f"http://{HOST}/{n}") for n in range(many)))
        assert server.opened == CONNECTIONS_PER_HOST
        for n in range(3):  # not over one that is kept: one of those has to make room
            await net.fetch(f"http://{HOST}/{n}", headers={"X-Api-Key": "none"})
        assert server.opened == CONNECTIONS_PER_HOST + 3
        assert server.most == CONNECTIONS_PER_HOST
        await net.aclose()
        await asyncio.sleep(0.1)
        assert server.open == 0


class Unheard(asyncio.Transport):
    """A connection on which nothing is sent."""

    def write(self, data: object) -> None:
        pass

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


@pytest.mark.parametrize(("length", "taken"), [(MOST_HEAD - 100, True), (MOST_HEAD + 1, False)])
async def test_a_head_that_comes_in_one_piece_is_limited_like_any_other(
    length: int, taken: bool
) -> None:
    wire = _Wire()
    wire.connection_made(Unheard())
    line = Line(wire)
    wire.data_received(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * length + b"\r\n\r\n")
    asked = line.ask("GET", "/", [("Host", HOST)])
    if taken:
        assert (await asked).status == 200
        return
    with pytest.raises(h11.RemoteProtocolError):
        await asked
