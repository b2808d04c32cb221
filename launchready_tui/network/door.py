"""The only way out: questions, handshakes and requests, each allowed, limited and logged.

A Network lives for one run in one event loop. It remembers DNS answers for that long and nothing
else; what it brings are values, never exceptions. The libraries under it are loaded by the first
request that needs them.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine, Hashable, Mapping
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from msgspec.structs import replace

from launchready_tui.model import Level
from launchready_tui.network.hosts import BadHost, as_host, is_address
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options, check_options
from launchready_tui.network.routes import Barred, Route, Routes
from launchready_tui.network.scope import SERVICES, Scope
from launchready_tui.network.seen import (
    Answer,
    Fetched,
    Greeting,
    Handshake,
    Transfer,
    VersionOffer,
)
from launchready_tui.text import safe

if TYPE_CHECKING:
    from launchready_tui.network.dns import Resolver
    from launchready_tui.network.http import Exchanges
    from launchready_tui.network.load import Driven, Stop, Stream
    from launchready_tui.network.postgres import DatabaseLogin, SignedIn
    from launchready_tui.network.prober import Prober
    from launchready_tui.network.redis import RedisLogin, RedisSignedIn
    from launchready_tui.network.smtp import Greetings
    from launchready_tui.network.smtp_send import Letter, Submitted
    from launchready_tui.network.tls import Handshakes
    from launchready_tui.secret import Secret

T = TypeVar("T")
BODY_LIMIT = 1_048_576
Method = Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"]
Sink = Callable[[bytes], None]
TLS_VERSIONS: tuple[Literal["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"], ...] = (
    "TLSv1",
    "TLSv1.1",
    "TLSv1.2",
    "TLSv1.3",
)


class Network:
    """Everything a gatherer may ask of the outside."""

    def __init__(self, scope: Scope, options: Options) -> None:
        self.scope = scope
        self.options = options
        self.log = RequestLog()
        self._routes = Routes(scope, options, self.addresses)
        self._flights: dict[Hashable, asyncio.Task[Any]] = {}

    async def lookup(
        self,
        name: str,
        rdtype: str,
        *,
        server: str = "",
        unchecked: bool = False,
        fresh: bool = False,
        level: Level = Level.PASSIVE,
    ) -> Answer:
        """One DNS question. It may be about any name: it goes to the resolver only.

        Args:
            name: The name, with or without its final dot.
            rdtype: "A", "MX", "TXT" …
            server: The address of a server to ask instead, "IP" or "IP:PORT". `--connect` and the
                rules about private addresses hold for it.
            unchecked: The resolver shall answer although DNSSEC objects (the CD bit).
            fresh: Ask although the answer is known.
            level: How far the question goes by its purpose: ACTIVE for one that probes.
        """
        from launchready_tui.network.dns import Asking

        name, rdtype = _plain(name), rdtype.upper()
        asked = self._routes.server(server) if server else None
        cause = asked.cause if isinstance(asked, Barred) else self._too_far(level)
        if isinstance(asked, Barred) or cause:
            return Answer(name=name, rdtype=rdtype, outcome="unknown", cause=cause)
        asking = Asking(server=asked, unchecked=unchecked, fresh=fresh, level=level)
        return await self._resolver.lookup(name, rdtype, asking)

    async def texts(self, name: str) -> tuple[Answer, tuple[bytes, ...]]:
        """TXT of a name, and its records byte for byte: for readers that judge every byte.

        The bytes are a stranger's: they may be parsed, and pass `text.safe` before they are shown
        or kept.
        """
        return await self._resolver.texts(_plain(name))

    async def transfer(self, zone: str, server: str) -> Transfer:
        """Ask a nameserver for its whole zone (AXFR) and stop at its first words. ACTIVE."""
        zone = _plain(zone)
        asked = self._routes.server(server)
        cause = asked.cause if isinstance(asked, Barred) else self._too_far(Level.ACTIVE)
        if not cause and not self.scope.covers(zone):
            cause = f"{zone} is not in the authorised scope"
        if isinstance(asked, Barred) or cause:
            return Transfer(zone=zone, server=server, outcome="unknown", cause=cause)
        from launchready_tui.network.transfer import ask_for_zone

        return await ask_for_zone(asked, zone, self.options, self.log)

    async def addresses(self, host: str) -> tuple[Answer, Answer]:
        """A and AAAA of a host, asked at once. An address is its own answer."""
        name = _plain(host)
        if is_address(name):
            return _literal(name, "A"), _literal(name, "AAAA")
        with self.log.side_by_side():
            return await asyncio.gather(self.lookup(name, "A"), self.lookup(name, "AAAA"))

    async def handshake(self, host: str, address: str = "", port: int = 443) -> Handshake:
        """A TLS handshake with one address of a host, or with the first that its name leads to."""
        route = await self._route(host, port, address)
        if isinstance(route, Barred):
            return Handshake(
                host=_plain(host), address=address, port=port, outcome="unknown", cause=route.cause
            )
        return await self._handshakes.look(route)

    async def greet(self, host: str, address: str = "") -> Greeting:
        """What a mail server says on port 25 before any mail, and its certificate (STARTTLS)."""
        route = await self._route(host, 25, address)
        if isinstance(route, Barred):
            return Greeting(
                host=_plain(host), address=address, outcome=route.outcome, cause=route.cause
            )
        return await self._greetings.look(route)

    async def versions(
        self, host: str, address: str = "", port: int = 443, *, chosen: str = ""
    ) -> tuple[VersionOffer, ...]:
        """Which of TLS 1.0 to 1.3 a host completes.

        Args:
            host: The host.
            address: One of its addresses; empty for the first that its name leads to.
            port: The port.
            chosen: The version that a handshake with it came to: the host has that one and none
                above it, only 1.0 and 1.1 are offered, and what lies between is not told. Without
                it four handshakes offer one version each.
        """
        route = await self._route(host, port, address)
        if isinstance(route, Barred):
            return tuple(
                VersionOffer(version=version, outcome="unknown", cause=route.cause)
                for version in TLS_VERSIONS
            )
        with self.log.side_by_side():
            if chosen:
                return await self._handshakes.below(route, chosen)
            return await self._handshakes.versions(route)

    async def fetch(
        self,
        url: str,
        *,
        method: Method = "GET",
        follow: bool = True,
        headers: Mapping[str, str] = MappingProxyType({}),
        address: str = "",
        body_limit: int = BODY_LIMIT,
        content: bytes = b"",
        level: Level = Level.PASSIVE,
        sink: Sink | None = None,
        shared: bool = False,
    ) -> Fetched:
        """A request with its redirects: every hop, and the last one's body.

        Args:
            url: http or https. A user name and password in it are dropped.
            method: What is sent; the scope's level must reach it.
            follow: Whether redirects are followed, within scope and at most ten requests long.
                Only those of GET and HEAD: what may change something goes to one address.
            headers: Sent to this origin only, but for Accept and its like; credentials over
                https only.
            address: One of the host's addresses; empty for the first that answers.
            body_limit: The most bytes of the body that are read.
            content: The body to send; its type is one of the headers.
            level: How far the request goes by its purpose: ACTIVE for a GET that probes.
            sink: Gets the body's bytes as they come, and `Fetched.body` stays empty: for what is
                too large to hold. What it raises ends the request and is raised.
            shared: Each address on the way is asked once a run, for all who look at it as a
                visitor: for a plain GET without headers or sink.
        """
        if shared and (method != "GET" or headers or sink or level is not Level.PASSIVE):
            raise ValueError("only the plain GET of a visitor is the same for everybody")
        return await self._exchanges.fetch(
            url,
            method=method,
            follow=follow,
            headers=headers,
            address=address,
            body_limit=body_limit,
            content=content,
            level=level,
            sink=sink,
            once=self.once if shared else None,
        )

    async def drive(
        self,
        streams: tuple[Stream, ...],
        *,
        stop: Stop,
        most: int,
        seconds: float,
    ) -> Driven:
        """GET requests on a schedule, timed; only where the scope's level reaches LOAD.

        Args:
            streams: What is due when, all at one origin. Redirects are not followed.
            stop: Asked after each request whether to end now; in another thread, so it is pure.
            most: The most requests in all.
            seconds: The most time in all.
        """
        return await self._prober.drive(streams, stop, most=most, seconds=seconds)

    async def submit(
        self,
        host: str,
        port: int,
        letter: Letter | None,
        login: tuple[Secret, Secret] | None = None,
    ) -> Submitted:
        """Hand one letter to a mail service, over TLS that is trusted. ACTIVE.

        Args:
            host: The service, which has to be in scope.
            port: 465 begins with TLS; at any other port STARTTLS is insisted on.
            letter: The letter with its envelope; None to sign in and leave.
            login: User name and password.
        """
        from launchready_tui.network.smtp_send import Submitted, submit

        route = await self._active_route(host, port)
        if isinstance(route, Barred):
            return Submitted(outcome=route.outcome, cause=route.cause)
        return await submit(
            route, letter, login, options=self.options, routes=self._routes, log=self.log
        )

    async def sign_in(self, host: str, port: int, login: DatabaseLogin) -> SignedIn:
        """Sign in to a PostgreSQL database and ask what its role may do. ACTIVE."""
        from launchready_tui.network.postgres import SignedIn, sign_in

        route = await self._active_route(host, port)
        if isinstance(route, Barred):
            return SignedIn(outcome=route.outcome, cause=route.cause)
        return await sign_in(route, login, options=self.options, routes=self._routes, log=self.log)

    async def sign_in_redis(self, host: str, port: int, login: RedisLogin) -> RedisSignedIn:
        """Sign in to a Redis server and ask what its user may do. ACTIVE."""
        from launchready_tui.network.redis import RedisSignedIn, sign_in

        route = await self._active_route(host, port)
        if isinstance(route, Barred):
            return RedisSignedIn(outcome=route.outcome, cause=route.cause)
        return await sign_in(route, login, options=self.options, routes=self._routes, log=self.log)

    async def once(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The answer to a question that several facts have: asked once a run, then shared.

        For what is the same whoever asks. A second look on purpose goes past this.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.create_task(self._fly(ask))
        answer: T
        answer, last = await asyncio.shield(flight)
        self.log.waited_for(last)
        return answer

    async def _fly(self, ask: Callable[[], Coroutine[Any, Any, T]]) -> tuple[T, int]:
        """An answer, and the last request that it had to wait for."""
        answer = await ask()
        return answer, self.log.last

    def admit(self, service: str) -> None:
        """Let requests go to a service that a person gave a key for; nothing else is admitted."""
        if service not in SERVICES:
            raise ValueError(f"{service} is not a service of this house")
        self.scope = replace(self.scope, hosts=(*self.scope.hosts, service))
        self._routes.scope = self.scope

    def endpoints(self, host: str, port: int) -> tuple[str, ...]:
        """Where `--connect` sends a host or an address, as "IP:PORT"; empty where it does not."""
        return tuple(map(str, self._routes.pinned(_plain(host), port)))

    async def aclose(self) -> None:
        """End what is still under way and close the sockets."""
        for flight in self._flights.values():
            flight.cancel()
        await asyncio.gather(*self._flights.values(), return_exceptions=True)
        self._routes.close()
        if "_resolver" in vars(self):
            await self._resolver.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    def _too_far(self, level: Level) -> str:
        """Why a question of this level may not leave, or an empty string."""
        return "" if self.scope.reaches(level) else f"the authorised level is {self.scope.level}"

    async def _route(self, host: str, port: int, address: str) -> Route | Barred:
        ways = await self._routes.to(host, port, address)
        return ways if isinstance(ways, Barred) else ways[0]

    async def _active_route(self, host: str, port: int) -> Route | Barred:
        if cause := self._too_far(Level.ACTIVE):
            return Barred(outcome="blocked", cause=cause)
        return await self._route(host, port, "")

    # ------------------------------------------------------------ loaded when first needed

    @functools.cached_property
    def _resolver(self) -> Resolver:
        from launchready_tui.network.dns import Resolver

        return Resolver(self.options, self.log)

    @functools.cached_property
    def _handshakes(self) -> Handshakes:
        from launchready_tui.network.tls import Handshakes

        return Handshakes(self.options, self._routes, self.log)

    @functools.cached_property
    def _greetings(self) -> Greetings:
        from launchready_tui.network.smtp import Greetings

        return Greetings(self.options, self._routes, self.log)

    @functools.cached_property
    def _exchanges(self) -> Exchanges:
        from launchready_tui.network.http import Exchanges

        return Exchanges(self.options, self._routes, self.log)

    @functools.cached_property
    def _prober(self) -> Prober:
        from launchready_tui.network.prober import Prober

        return Prober(self.options, self._routes, self.log)


def open_network(scope: Scope, options: Options | None = None) -> Network:
    """The door for one run.

    Raises:
        BadOption: An option cannot be used; the message says what was expected.
    """
    options = options or Options()
    check_options(options)
    return Network(scope, options)


def _plain(host: str) -> str:
    """A host as it is asked for; what is no host name stays as it is, for DNS to say so."""
    try:
        return as_host(host)
    except BadHost:
        return safe(host, one_line=True, limit=300).lower().removesuffix(".")


def _literal(address: str, rdtype: Literal["A", "AAAA"]) -> Answer:
    fits = (":" in address) == (rdtype == "AAAA")
    return Answer(
        name=address,
        rdtype=rdtype,
        outcome="ok" if fits else "nodata",
        target=address,
        records=(address,) if fits else (),
    )
