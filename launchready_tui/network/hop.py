"""One hop: what is asked and how that is written, what came of it, and why nothing did."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Literal

from launchready_tui.model import Level, Record
from launchready_tui.network import trust
from launchready_tui.network.body import decoded
from launchready_tui.network.line import Head, Headers, Line, Sink, read_body
from launchready_tui.network.routes import Route
from launchready_tui.network.scope import METHODS
from launchready_tui.network.seen import Hop
from launchready_tui.network.urls import Url, location_text
from launchready_tui.text import safe

MOST_HEADERS = 200
HEADER_LENGTH = 8_192
REDIRECTS = {301, 302, 303, 307, 308}
_TRAVELS = {"accept", "accept-encoding", "accept-language", "origin"}
"""Given headers that go along to another origin. No other does: each may be a credential."""
_OURS = {"host", "connection", "content-length", "transfer-encoding"}
"""Headers nobody may give: they would send a request elsewhere, or be read as two."""
_CREDENTIALS = {"authorization", "cookie", "proxy-authorization"}
"""Never sent over http."""
_STRANGERS = _TRAVELS | {"range", "if-none-match", "if-modified-since"}
"""Given headers that say nothing of who asks. No other goes over a connection that is kept: some
servers tie who one is to the connection.
"""

Failed = Literal["tls", "refused", "blocked", "unknown"]


class Broken(Exception):
    """A request that brought no response head. `try_next`: another address may do better."""

    def __init__(self, outcome: Failed, cause: str, *, try_next: bool = False) -> None:
        super().__init__(cause)
        self.outcome: Failed = outcome
        self.cause = cause
        self.try_next = try_next


class Ask(Record, frozen=True, kw_only=True):
    """What one hop asks. `following`: the body of a redirect is not read. `after`: the address
    that redirected here.
    """

    method: str
    url: Url
    headers: tuple[tuple[str, str], ...]
    address: str
    body_limit: int
    following: bool
    after: str
    content: bytes
    level: Level

    @property
    def set_up(self) -> int:
        """Round trips until a new connection stands."""
        return 2 if self.url.scheme == "https" else 1

    @property
    def stranger(self) -> bool:
        """Nobody in particular asks for something that may be asked twice."""
        return self.method in METHODS and all(name in _STRANGERS for name, _ in self.headers)


class Response(Record, frozen=True, kw_only=True):
    hop: Hop
    location: str = ""
    body: str = ""
    truncated: bool = False
    cause: str = ""
    cut: bool = False
    """The body broke off, for `cause`."""


def travelling(given: Mapping[str, str], first: Url, here: Url) -> tuple[tuple[str, str], ...]:
    """The given headers that may be sent here."""
    headers = ((name.lower(), value) for name, value in given.items())
    return tuple(
        (name, value)
        for name, value in headers
        if name not in _OURS
        and (here.origin == first.origin or name in _TRAVELS)
        and (here.scheme == "https" or name not in _CREDENTIALS)
    )


def written(ask: Ask, user_agent: str) -> Headers:
    """The headers of a request."""
    given = {
        "host": ask.url.origin.partition("://")[2],
        "accept": "*/*",
        "accept-encoding": "identity",
        "user-agent": user_agent,
    }
    if not ask.stranger:
        given["connection"] = "close"
    if ask.content or ask.method in ("POST", "PUT"):
        given["content-length"] = str(len(ask.content))
    return tuple({**given, **dict(ask.headers)}.items())


async def read_answer(
    ask: Ask, way: Route, line: Line, head: Head, deadline: float, sink: Sink | None
) -> Response:
    hop = _hop_of(ask, way, head)
    location = _location(head)
    if location and ask.following:
        line.skip()
        return Response(hop=hop, location=location)
    raw, truncated, cut = await read_body(line, ask.body_limit, deadline, sink)
    body = decoded(raw, hop.header("content-type"), hop.header("content-encoding"), ask.body_limit)
    return Response(
        hop=hop,
        location=location,
        body=body.text,
        truncated=truncated or body.truncated,
        cause=cut or body.remark,
        cut=bool(cut),
    )


def _hop_of(ask: Ask, way: Route, head: Head) -> Hop:
    headers = tuple(
        (
            safe(name.lower(), one_line=True, limit=200),
            safe(value, one_line=True, limit=HEADER_LENGTH),
        )
        for name, value in head.headers[:MOST_HEADERS]
    )
    return Hop(
        url=str(ask.url),
        method=ask.method,
        outcome="ok",
        status=head.status,
        headers=headers,
        address=way.address,
    )


def _location(head: Head) -> str:
    """Where a redirect leads, undecoded and unjudged; empty for any other response."""
    if head.status not in REDIRECTS:
        return ""
    values = (value for name, value in head.headers if name == b"location")
    return location_text(next(values, b""))


def failed(ask: Ask, outcome: Failed, cause: str, address: str = "") -> Hop:
    return Hop(url=str(ask.url), method=ask.method, outcome=outcome, address=address, cause=cause)


def broken_off(error: OSError) -> Broken:
    """What ended a connection that stood before it brought an answer."""
    if isinstance(error, ssl.SSLError):
        return Broken("unknown", trust.why(error))
    return Broken("unknown", "the connection broke before an answer came")


def no_connection(error: OSError, way: Route, seconds: float) -> Broken:
    """What kept a connection from being made."""
    place = f"{way.address} port {way.port}"
    match error:
        case ssl.SSLCertVerificationError():
            why = safe(error.verify_message, one_line=True, limit=300)
            return Broken("tls", f"the certificate is not trusted: {why}")
        case ssl.SSLError():
            return Broken("unknown", trust.why(error))
        case ConnectionRefusedError():
            return Broken("refused", f"nothing listens at {place}", try_next=True)
        case TimeoutError():
            cause = f"no connection to {place} within {seconds:g} s"
            return Broken("unknown", cause, try_next=True)
        case ConnectionError():
            return Broken("unknown", f"{place} closed the connection during the handshake")
    return Broken("unknown", f"{place} cannot be reached from here", try_next=True)
