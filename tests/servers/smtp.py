"""Mail servers on loopback that say what a test wants: with STARTTLS, without, or nonsense."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from typing import Literal

from servers.pki import Papers
from servers.processes import free_port

Manner = Literal["tls", "plain", "refuses", "hangs up", "web", "busy", "endless"]


@contextlib.contextmanager
def running_smtp(manner: Manner, papers: Papers | None = None) -> Iterator[int]:
    """Serve until the block ends; yields the port."""
    port = free_port()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if papers:
        context.load_cert_chain(papers.chain, papers.key)

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                self._greet()

        def _greet(self) -> None:
            first = {"web": b"HTTP/1.1 400 Bad Request\r\n\r\n", "busy": b"421 too busy\r\n"}
            if manner == "hangs up":
                return
            if manner == "endless":
                while True:
                    self.wfile.write(b"220-still here\r\n")
            self.wfile.write(first.get(manner, b"220 mx.acme.test ESMTP\r\n"))
            for line in self.rfile:
                word = line.strip().upper().split(b" ")[0]
                if word == b"EHLO":
                    offers = b"250-PIPELINING\r\n"
                    offers += b"" if manner == "plain" else b"250-STARTTLS\r\n"
                    self.wfile.write(b"250-mx.acme.test\r\n" + offers + b"250 SIZE 1000\r\n")
                elif word == b"STARTTLS" and manner == "tls":
                    self.wfile.write(b"220 go on\r\n")
                    with context.wrap_socket(self.connection, server_side=True) as tls:
                        tls.recv(100)
                    return
                else:
                    self.wfile.write(b"454 not now\r\n")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

        def handle_error(
            self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
        ) -> None:
            """A client that breaks off is what is tested."""

    server = Server(("127.0.0.1", port), Talk)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield port
    finally:
        server.shutdown()
        server.server_close()
