"""A short conversation with a server that people sign in to: how it begins, and how it may end.

Of what the server says only codes, numbers and fixed words come out.
"""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

from launchready_tui.model import Level, Record
from launchready_tui.network import trust
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.routes import Route, Routes
from launchready_tui.text import safe

MOST_BYTES = 65_536


class Ending(Record, frozen=True, kw_only=True):
    """What became of it.

    `works` · `refused` (the password is wrong, or the user is gone) · `open` (let in without being
    asked for a password, so nothing is known of it) · `untrusted` (by its certificate) · `plain`
    (no encryption where it was wanted: no password was sent) · `unknown` · `blocked` (by the door).
    `code` is the server's own, `verified`: the certificate was trusted.
    """

    outcome: Literal["works", "refused", "open", "untrusted", "plain", "unknown", "blocked"]
    code: str = ""
    cause: str = ""
    tls: str = ""
    verified: bool = False


T = TypeVar("T", bound=Ending)


class Ended(Exception):
    """The conversation is over."""

    def __init__(self, told: Ending) -> None:
        super().__init__(told.cause)
        self.told = told


async def noted(
    route: Route,
    made: type[T],
    ask: Callable[[], Awaitable[T]],
    *,
    request: tuple[str, str, int],
    options: Options,
    routes: Routes,
    log: RequestLog,
) -> T:
    """Ask when it is our turn, within the time there is, as one line of the log.

    Args:
        route: The way to the server.
        made: What the ending is made of where time runs out.
        ask: The conversation, or several after each other.
        request: Method, words and round trips for the log.
        options, routes, log: Those of the run.
    """
    method, path, round_trips = request
    async with routes.turn(route.host):
        number = log.begin(
            method,
            route.host,
            address=route.address,
            path=path,
            round_trips=round_trips,
            level=Level.ACTIVE,
        )
        told = made(outcome="unknown", cause="it was stopped")
        seconds = options.fetch_timeout
        try:
            async with asyncio.timeout(seconds):
                told = await ask()
        except TimeoutError:
            told = made(outcome="unknown", cause=f"no end within {seconds:g} s")
        finally:
            log.end(number, told.outcome)
    return told


async def conversed(
    route: Route,
    made: type[T],
    options: Options,
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[T]],
) -> T:
    """Connect, talk, hang up; whatever goes wrong on the way becomes an ending."""
    place = f"{route.address} port {route.port}"
    try:
        async with asyncio.timeout(options.connect_timeout):
            reader, writer = await asyncio.open_connection(
                route.to.ip, route.to.port, limit=MOST_BYTES
            )
    except TimeoutError:
        limit = options.connect_timeout
        return made(outcome="unknown", cause=f"no connection to {place} within {limit:g} s")
    except OSError as error:
        return made(outcome="unknown", cause=f"{place} takes no connection: {error.strerror}")
    try:
        return await talk(reader, writer)
    except Ended as ended:
        told = ended.told
        assert isinstance(told, made)
        return told
    except ssl.SSLCertVerificationError as error:
        why = safe(error.verify_message, one_line=True, limit=200)
        return made(outcome="untrusted", cause=f"its certificate is not trusted: {why}")
    except ssl.SSLError as error:
        return made(outcome="unknown", cause=f"{place}: {trust.why(error)}")
    except (OSError, EOFError, struct.error):
        return made(outcome="unknown", cause=f"{place}: it hung up")
    finally:
        writer.transport.abort()


def version(writer: asyncio.StreamWriter) -> str:
    """The version of TLS that is spoken; empty where nothing is encrypted."""
    held = writer.get_extra_info("ssl_object")
    return (held.version() or "") if held else ""
