"""TLS handshakes of our own: what a host presents, and whether OpenSSL believes it.

First a handshake that verifies. If OpenSSL objects, its reason is kept and a second one, which
takes anything, shows what was presented; no request is ever sent over that. The bytes go through
memory, so a server can neither stall a handshake past its time nor flood it.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ssl
from typing import Literal

from msgspec.structs import replace

from launchready_tui.network import trust
from launchready_tui.network.certificates import presented, read_chain
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.routes import Route, Routes
from launchready_tui.network.seen import Handshake, VersionOffer
from launchready_tui.network.stapling import ask_for_staple
from launchready_tui.text import safe

ALPN = ("h2", "http/1.1")
Outcome = Literal["accepted", "refused", "unknown"]
MOST_RECEIVED = 262_144
"""Bytes of a handshake; OpenSSL itself takes about 100 kB of certificates."""


class Broken(Exception):
    """A handshake that did not complete: what happened, and whether the server said no.

    `reached`: a connection stood before it broke.
    """

    def __init__(
        self,
        why: str,
        *,
        says_no: bool = False,
        closed: bool = False,
        refused: bool = False,
        reached: bool = True,
    ) -> None:
        super().__init__(why)
        self.reached = reached
        self.says_no = says_no
        self.closed = closed
        self.refused = refused


class Handshakes:
    """Handshakes of a run, over routes that were judged before."""

    def __init__(self, options: Options, routes: Routes, log: RequestLog) -> None:
        self._options = options
        self._routes = routes
        self._log = log

    @functools.cached_property
    def _verifying(self) -> ssl.SSLContext:
        return trust.verifying(self._options.ca, ALPN)

    async def look(self, route: Route) -> Handshake:
        """One verified handshake and, where that fails for the certificate, one that only looks."""
        try:
            tls = await self._shake(route, self._verifying, "verified")
        except ssl.SSLCertVerificationError as error:
            return await self._presented(route, error)
        except Broken as error:
            outcome: Literal["refused", "unknown"] = "refused" if error.refused else "unknown"
            return self._handshake(route, outcome, cause=str(error), reached=error.reached)
        shown = self._handshake(route, "trusted", tls)
        if shown.chain and shown.chain[0].must_staple and shown.chain[0].names_ocsp:
            async with self._routes.turn(route.host):
                told = await ask_for_staple(route, self._options, self._log)
            return replace(shown, stapled=told)
        return shown

    async def _presented(self, route: Route, error: ssl.SSLCertVerificationError) -> Handshake:
        message = safe(error.verify_message, one_line=True, limit=300)
        tls, cause = None, ""
        try:
            tls = await self._shake(route, trust.looking(ALPN), "unverified")
        except (Broken, ssl.SSLError) as second:
            cause = f"a second look at the certificate failed: {second}"
        return self._handshake(
            route, "untrusted", tls, code=error.verify_code, message=message, cause=cause
        )

    def _handshake(
        self,
        route: Route,
        outcome: Literal["trusted", "untrusted", "refused", "unknown"],
        tls: ssl.SSLObject | None = None,
        *,
        code: int = 0,
        message: str = "",
        cause: str = "",
        reached: bool = False,
    ) -> Handshake:
        chain, remark = read_chain(presented(tls)) if tls else ((), "")
        cipher = tls.cipher() if tls else None
        return Handshake(
            host=route.host,
            address=route.address,
            port=route.port,
            outcome=outcome,
            version=(tls.version() or "") if tls else "",
            alpn=(tls.selected_alpn_protocol() or "") if tls else "",
            cipher=cipher[0] if cipher else "",
            verify_code=code,
            verify_message=message,
            chain=chain,
            cause="; ".join(filter(None, (cause, remark))),
            reached=reached and outcome == "unknown",
        )

    async def versions(self, route: Route) -> tuple[VersionOffer, ...]:
        """Which protocol versions complete a handshake, each tried by itself."""
        tried = await asyncio.gather(*(self._only(route, *pair) for pair in trust.VERSIONS))
        if any(offer.outcome == "accepted" for offer, _ in tried):
            return tuple(offer for offer, _ in tried)
        # A host that completes nothing may just be closing on us: that is no refusal of a version.
        return tuple(
            VersionOffer(version=offer.version, outcome="unknown", cause=offer.cause)
            if closed
            else offer
            for offer, closed in tried
        )

    async def below(self, route: Route, chosen: str) -> tuple[VersionOffer, ...]:
        """What is known of a host whose handshake came to a version: it has that one and none
        above it. 1.0 and 1.1 are offered by one handshake, and a second one where it succeeds.
        """
        at = next((n for n, (name, _) in enumerate(trust.VERSIONS) if name == chosen), 0)
        old = await self._old(route, trust.VERSIONS[: min(at, trust.OLD)])
        above = tuple(
            _offer(name, "refused")
            if trust.able(version)
            else _offer(name, "unknown", _cannot_test(name))
            for name, version in trust.VERSIONS[at + 1 :]
        )
        return (*old, _offer(chosen, "accepted"), *above)

    async def _old(
        self, route: Route, old: tuple[trust.NamedVersion, ...]
    ) -> tuple[VersionOffer, ...]:
        """Versions in rising order, at a host that completes handshakes of a later one."""
        if not old:
            return ()
        *lower, (name, version) = old
        if not trust.able(version):
            unable = _offer(name, "unknown", _cannot_test(name))
            return (*await self._old(route, tuple(lower)), unable)
        able = [pair for pair in old if trust.able(pair[1])]
        try:
            path = f"{' or '.join(name for name, _ in able)} only"
            tls = await self._shake(route, trust.only(version, able[0][1]), path)
        except Broken as error:
            outcome: Outcome = "refused" if error.says_no or error.closed else "unknown"
            return tuple(
                _offer(name, outcome, str(error))
                if (name, version) in able
                else _offer(name, "unknown", _cannot_test(name))
                for name, version in old
            )
        spoken: Outcome = "accepted" if tls.version() == name else "refused"
        return (*await self._old(route, tuple(lower)), _offer(name, spoken))

    async def _only(
        self, route: Route, name: str, version: ssl.TLSVersion
    ) -> tuple[VersionOffer, bool]:
        """What became of one version, and whether the server just closed the connection."""
        if not trust.able(version):
            return _offer(name, "unknown", _cannot_test(name)), False
        try:
            await self._shake(route, trust.only(version), f"{name} only")
        except Broken as error:
            no = error.says_no or error.closed
            return _offer(name, "refused" if no else "unknown", str(error)), error.closed
        return _offer(name, "accepted"), False

    async def _shake(self, route: Route, context: ssl.SSLContext, path: str) -> ssl.SSLObject:
        """One logged handshake within its time.

        Raises:
            ssl.SSLCertVerificationError: OpenSSL does not believe the certificate.
            Broken: Anything else that ended it.
        """
        seconds = self._options.handshake_timeout
        async with self._routes.turn(route.host):
            request = self._log.begin(
                "TLS", route.host, address=route.address, path=path, round_trips=2
            )
            outcome = "unknown"
            try:
                async with asyncio.timeout(seconds):
                    await asyncio.sleep(self._options.delay * 2)
                    tls = await _connected(route, context, self._options.connect_timeout)
                outcome = "ok"
            except TimeoutError as error:
                raise Broken(f"no handshake within {seconds:g} s") from error
            except ssl.SSLCertVerificationError:
                outcome = "untrusted"
                raise
            except ssl.SSLError as error:
                outcome = "refused" if trust.says_no(error) else "unknown"
                raise Broken(trust.why(error), says_no=trust.says_no(error)) from error
            except ConnectionRefusedError as error:
                outcome = "refused"
                why = f"nothing listens at {route.address} port {route.port}"
                raise Broken(why, refused=True) from error
            except (ConnectionError, EOFError) as error:
                raise Broken(
                    "the connection was closed during the handshake", closed=True
                ) from error
            except OSError as error:
                why = f"{route.address} cannot be reached from here"
                raise Broken(why, reached=False) from error
            except ValueError as error:
                raise Broken(f"{route.host} cannot be named in a handshake") from error
            finally:
                self._log.end(request, outcome)
            return tls


def _offer(name: str, outcome: Outcome, cause: str = "") -> VersionOffer:
    return VersionOffer(version=name, outcome=outcome, cause=cause)  # type: ignore[arg-type]


def _cannot_test(name: str) -> str:
    return f"this client cannot test {name}"


async def _connected(route: Route, context: ssl.SSLContext, seconds: float) -> ssl.SSLObject:
    """Connect within some seconds, complete the handshake in memory, and close."""
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(route.to.ip, route.to.port)
    except TimeoutError as error:
        place = f"{route.address} port {route.port}"
        raise Broken(f"no connection to {place} within {seconds:g} s", reached=False) from error
    try:
        return await handshake_over(reader, writer, context, route.host)
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def handshake_over(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    context: ssl.SSLContext,
    host: str,
) -> ssl.SSLObject:
    """Complete a handshake in memory over a connection that stands.

    Raises:
        ssl.SSLError: OpenSSL objects.
        EOFError: The server closed the connection.
        Broken: The server sent too much.
    """
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=host)
    received = 0
    while True:
        complete = False
        try:
            tls.do_handshake()
            complete = True
        except ssl.SSLWantReadError:
            pass
        finally:
            if outgoing.pending:
                writer.write(outgoing.read())
        if complete:
            return tls
        data = await reader.read(16_384)
        received += len(data)
        if not data:
            raise EOFError
        if received > MOST_RECEIVED:
            raise Broken(f"the server sent more than {MOST_RECEIVED // 1024} kB of handshake")
        incoming.write(data)
