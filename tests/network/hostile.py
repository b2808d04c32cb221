"""Servers that mean harm, on loopback: what the door must survive, ready for any test.

    with hostile_http() as web:            web.url("endless-body")
    with hostile_tls("stall") as port:     …
    with hostile_dns({"liar.test": "wrong-id"}) as endpoint:    Options(resolver=endpoint)

Every connection is served by a daemon thread that ends with its block, whatever the other side
does.
"""

from __future__ import annotations

import contextlib
import gzip
import itertools
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from servers.processes import free_port

Serve = Callable[[socket.socket, threading.Event, str], None]
"""What a server does with one connection: its socket, the end of the test, the rest of the path."""


def _head(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("latin-1")


def _page(*headers: str, body: bytes = b"hello") -> bytes:
    return _head("200 OK", f"Content-Length: {len(body)}", *headers) + body


def _says(answer: bytes) -> Serve:
    return lambda connection, over, rest: connection.sendall(answer)


def _redirects(location: str) -> Serve:
    return _says(_head("302 Found", f"Location: {location}", "Content-Length: 0"))


def _endless_body(connection: socket.socket, over: threading.Event, rest: str) -> None:
    connection.sendall(_head("200 OK", "Content-Type: text/plain"))
    while not over.is_set():
        connection.sendall(b"a" * 65_536)


def _slow_headers(connection: socket.socket, over: threading.Event, rest: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.wait(0.05):
        connection.sendall(b"X-Slow: 1\r\n")


def _slow_body(connection: socket.socket, over: threading.Event, rest: str) -> None:
    connection.sendall(_head("200 OK", "Content-Length: 100000"))
    while not over.wait(0.05):
        connection.sendall(b".")


def _silent(connection: socket.socket, over: threading.Event, rest: str) -> None:
    over.wait()


def _endless_early_hints(connection: socket.socket, over: threading.Event, rest: str) -> None:
    while not over.wait(0.005):
        connection.sendall(_head("103 Early Hints", "Link: </a.css>; rel=preload"))


def _early_hints(connection: socket.socket, over: threading.Event, rest: str) -> None:
    connection.sendall(_head("103 Early Hints", "Link: </a.css>; rel=preload") * 200 + _page())


def _to_itself_and_on(connection: socket.socket, over: threading.Event, rest: str) -> None:
    """A new address each time: /redirect-chain/1, /redirect-chain/2 …"""
    step = int(rest or 0) + 1
    _redirects(f"/redirect-chain/{step}")(connection, over, rest)


def _wherever(connection: socket.socket, over: threading.Event, rest: str) -> None:
    """Redirect to what the path says, byte for byte: /redirect-to/<percent-encoded>."""
    location = unquote(rest, "latin-1").encode("latin-1")
    answer = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
    connection.sendall(answer)


def _gzip_bomb() -> bytes:
    packed = gzip.compress(b"a" * (50 << 20), 6)
    return _page("Content-Encoding: gzip", "Content-Type: text/plain", body=packed)


def _gzip_bomb_now(connection: socket.socket, over: threading.Event, rest: str) -> None:
    connection.sendall(_gzip_bomb())


def _charset(connection: socket.socket, over: threading.Event, rest: str) -> None:
    """A body in a "charset" that is none: /charset/zlib."""
    connection.sendall(_page(f"Content-Type: text/html; charset={rest}", body=b"caf\xc3\xa9 \xff"))


HTTP: dict[str, Serve] = {
    "page": _says(_page("Content-Type: text/plain")),
    "endless-body": _endless_body,
    "slow-headers": _slow_headers,
    "slow-body": _slow_body,
    "silent": _silent,
    "gzip-bomb": _gzip_bomb_now,
    "many-headers": _says(_page(*(f"X-Header-{n}: {n}" for n in range(3000)))),
    "long-header": _says(_page("X-Long: " + "a" * 200_000)),
    "long-status": _says(b"HTTP/1.1 200 " + b"a" * 200_000),
    "redirect-loop": _redirects("/redirect-loop"),
    "redirect-ping": _redirects("/redirect-pong"),
    "redirect-pong": _redirects("/redirect-ping"),
    "redirect-chain": _to_itself_and_on,
    "redirect-loopback": _redirects("http://127.0.0.1:22/"),
    "redirect-metadata": _redirects("http://169.254.169.254/latest/meta-data/"),
    "redirect-file": _redirects("file:///etc/passwd"),
    "redirect-to": _wherever,
    "charset": _charset,
    "many-103": _early_hints,
    "endless-103": _endless_early_hints,
    "garbage": _says(bytes(range(256)) * 20),
    "nothing": _says(b""),
    "two-lengths": _says(_head("200 OK", "Content-Length: 3", "Content-Length: 5") + b"hello"),
    "short-body": _says(_head("200 OK", "Content-Length: 500") + b"hello"),
    "bad-chunks": _says(_head("200 OK", "Transfer-Encoding: chunked") + b"zzz\r\nhello\r\n"),
    "not-gzip": _says(_page("Content-Encoding: gzip", body=b"this is not gzip")),
    "escapes": _says(_page("X-Title: \x1b[31mred", body=b"\x1b[2Jgone\r\nnext\x00")),
}


class HostileHttp:
    """A web server whose paths are the keys of `HTTP`."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, path: str, host: str = "hostile.test") -> str:
        return f"http://{host}:{self.port}/{path}"

    @property
    def connect(self) -> str:
        """For `Options.connect`: every host's connections to this port come here."""
        return f"*:{self.port}=127.0.0.1:{self.port}"


@contextlib.contextmanager
def hostile_http() -> Iterator[HostileHttp]:
    """A web server that misbehaves as its path says; the same on every host name."""

    def serve(connection: socket.socket, over: threading.Event, _: str) -> None:
        request = _requested(connection)
        path = request.split(" ")[1]
        name, _, rest = path.lstrip("/").partition("/")
        if name == "echo":
            connection.sendall(_page("Content-Type: text/plain", body=request.encode("latin-1")))
        else:
            HTTP.get(name, HTTP["page"])(connection, over, rest)

    with _serving(serve) as port:
        yield HostileHttp(port)


def _requested(connection: socket.socket) -> str:
    request = b""
    while b"\r\n\r\n" not in request:
        more = connection.recv(65_536)
        if not more:
            raise ConnectionError
        request += more
    return request.decode("latin-1")


# ---------------------------------------------------------------- TLS


def _flood(connection: socket.socket, over: threading.Event, rest: str) -> None:
    """Handshake records without end: a message said to be 16 MB long, in pieces."""
    connection.recv(65_536)
    piece = b"\x16\x03\x03\x40\x00"
    connection.sendall(piece + b"\x02\xff\xff\xff" + b"\0" * (0x4000 - 4))
    while not over.is_set():
        connection.sendall(piece + b"\0" * 0x4000)


def _after_hello(answer: bytes) -> Serve:
    def serve(connection: socket.socket, over: threading.Event, rest: str) -> None:
        connection.recv(65_536)
        connection.sendall(answer)

    return serve


TLS: dict[str, Serve] = {
    "stall": _silent,
    "garbage": _after_hello(bytes(range(255, -1, -1)) * 40),
    "plain": _after_hello(_page()),
    "alert": _after_hello(b"\x15\x03\x01\x00\x02\x02\x28"),
    "close": _after_hello(b""),
    "flood": _flood,
}


@contextlib.contextmanager
def hostile_tls(how: str) -> Iterator[int]:
    """Something that is not quite TLS, on 127.0.0.1; yields the port. `how`: a key of `TLS`."""
    with _serving(TLS[how]) as port:
        yield port


# ---------------------------------------------------------------- a site that is sound at its front

GOOD_FRONT = _page(
    "Content-Type: text/html; charset=utf-8",
    "Strict-Transport-Security: max-age=31536000",
    "Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: same-origin",
    "Permissions-Policy: camera=()",
    "X-Robots-Tag: noindex",
    "Cache-Control: no-cache",
    body=b"<!doctype html><title>Desk</title><script src=/static/app.4f3a9c21.js></script>"
    b"<form method=post action=/login><input name=email><input type=password name=word></form>",
)
_WAIT = b"<!doctype html><title>Just a moment</title><script src=/w.js></script>please wait"
CHALLENGES: dict[str, bytes] = {
    "by-cloudflare": _head("403 Forbidden", "cf-mitigated: challenge", "Content-Type: text/html"),
    "by-vercel": _head("403 Forbidden", "x-vercel-mitigated: challenge", "Content-Type: text/html"),
    "by-aws": _head("202 Accepted", "x-amzn-waf-action: challenge", "Content-Type: text/html"),
    "by-datadome": _head("403 Forbidden", "x-datadome-cid: 1", "Content-Type: text/html"),
    "by-akamai": _head("403 Forbidden", "Server: AkamaiGHost", "Content-Type: text/html"),
}
"""A bot rule that answers instead of the site, as each vendor marks it."""
REFUSALS = {
    "too-many": _says(_head("429 Too Many Requests", "Content-Length: 0")),
    "overloaded": _says(_head("503 Service Unavailable", "Content-Length: 0")),
}
BEHIND: dict[str, Serve] = {
    **{name: _says(head + _WAIT) for name, head in CHALLENGES.items()},
    **REFUSALS,
    **{name: serve for name, serve in HTTP.items() if name not in ("page", "redirect-to")},
}
"""How a site behaves behind its front page, by the first label of its name."""


@contextlib.contextmanager
def hostile_site(certificate: str, key: str) -> Iterator[int]:
    """TLS on 127.0.0.1; yields the port. `/` is in order, all else is as the host's name says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def serve(connection: socket.socket, over: threading.Event, rest: str) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            request = _requested(secure)
            path = request.split(" ")[1]
            host = next(line for line in request.lower().split("\r\n") if line.startswith("host:"))
            label = host.removeprefix("host:").strip().partition(".")[0]
            if path.partition("?")[0] == "/":
                secure.sendall(GOOD_FRONT)
            else:
                BEHIND[label](secure, over, "charset" if label == "charset" else "")

    with _serving(serve) as port:
        yield port


# ---------------------------------------------------------------- TCP underneath


@contextlib.contextmanager
def _serving(serve: Serve, port: int = 0) -> Iterator[int]:
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(5)
            with contextlib.suppress(OSError):
                serve(self.request, over, "")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        allow_reuse_address = True
        request_queue_size = 64

    with Server(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            over.set()
            server.shutdown()
            thread.join(5)


# ---------------------------------------------------------------- DNS

DNS = (
    "answer",  # A 127.0.0.1, and nothing for other types
    "silent",
    "first-lost",  # the first question is dropped, the next one answered
    "wrong-id",
    "wrong-question",
    "wrong-then-right",  # a lie with a wrong id first, then the truth
    "other-port",  # the right answer from another port
    "garbage",
    "servfail",
    "refused",
    "formerr",
    "nxdomain",
    "nodata",
    "cname-loop",
    "cname-to-itself",
    "long-chain",  # twenty aliases in one answer
    "truncated",  # TC, and TCP answers
    "truncated-closed",  # TC, and TCP closes at once
    "truncated-silent",  # TC, and TCP says nothing
    "escapes",  # a TXT record that would clear the screen
    "private",  # A 10.0.0.7
    "metadata",  # A 169.254.169.254
)


@contextlib.contextmanager
def hostile_dns(behaviour: Mapping[str, str], *, default: str = "answer") -> Iterator[str]:
    """A DNS server on UDP and TCP that lies by name; yields "127.0.0.1:PORT".

    Args:
        behaviour: By name, without final dot: one of `DNS`.
        default: For every other name.
    """
    seen: set[str] = set()

    def how(query: dns.message.Message) -> str:
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        return behaviour.get(name, default)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, server_socket = self.request
            query = dns.message.from_wire(data)
            manner = how(query)
            if manner == "first-lost" and str(query.question) not in seen:
                seen.add(str(query.question))
                return
            if manner == "other-port":
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                    other.sendto(_answer(query, "answer"), self.client_address)
                return
            for packet in _packets(query, manner):
                server_socket.sendto(packet, self.client_address)

    def over_tcp(connection: socket.socket, over: threading.Event, _: str) -> None:
        length = int.from_bytes(connection.recv(2))
        query = dns.message.from_wire(connection.recv(length))
        manner = how(query)
        if manner == "truncated-silent":
            over.wait()
        if manner != "truncated-closed":
            wire = _answer(query, "long" if manner == "truncated" else manner)
            connection.sendall(len(wire).to_bytes(2) + wire)

    port = free_port()
    with (
        _serving(over_tcp, port),
        socketserver.ThreadingUDPServer(("127.0.0.1", port), Handler) as server,
    ):
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{port}"
        finally:
            server.shutdown()
            thread.join(5)


def _packets(query: dns.message.Message, manner: str) -> list[bytes]:
    right = _answer(query, "answer")
    lie = ((query.id + 1) % 65_536).to_bytes(2) + right[2:]
    match manner:
        case "silent":
            return []
        case "wrong-id":
            return [lie]
        case "wrong-then-right":
            return [lie, right]
        case "wrong-question":
            other = dns.message.make_query("somebody-else.test.", "A", id=query.id)
            return [_answer(other, "answer")]
        case "garbage":
            return [query.id.to_bytes(2) + b"\x81\x80" + b"\xc0" * 40, b"x", b""]
    return [_answer(query, manner)]


def _answer(query: dns.message.Message, manner: str) -> bytes:
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    name = query.question[0].name

    def add(owner: Any, *text: str) -> None:
        answer.answer.append(dns.rrset.from_text(owner, 60, "IN", *text))

    match manner:
        case "servfail" | "refused" | "formerr" | "nxdomain":
            answer.set_rcode(dns.rcode.from_text(manner))
        case "truncated" | "truncated-closed" | "truncated-silent":
            answer.flags |= dns.flags.TC
        case "cname-loop":
            add(name, "CNAME", "a.loop.test.")
            add("a.loop.test.", "CNAME", "b.loop.test.")
            add("b.loop.test.", "CNAME", "a.loop.test.")
        case "cname-to-itself":
            add(name, "CNAME", str(name))
        case "long-chain":
            owners = [str(name), *(f"step-{n}.chain.test." for n in range(20))]
            for owner, target in itertools.pairwise(owners):
                add(owner, "CNAME", target)
            add(owners[-1], "A", "127.0.0.1")
        case "long":
            add(name, "TXT", *(f'"{"x" * 200} {n}"' for n in range(40)))
        case "escapes":
            add(name, "TXT", r'"a\027[2Jb" "c"')
        case "private" | "metadata" | "answer" | "first-lost":
            address = {"private": "10.0.0.7", "metadata": "169.254.169.254"}.get(manner)
            if query.question[0].rdtype == 1:
                add(name, "A", address or "127.0.0.1")
    return answer.to_wire(max_size=65_535)
