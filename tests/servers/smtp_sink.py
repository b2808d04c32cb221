"""A mail server that keeps what it gets: STARTTLS with our papers, a login, refusals on demand."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from servers.pki import Papers
from servers.processes import free_port

USER, PASSWORD = "apikey", "pass" + "word-9c1f"


@dataclass
class Sink:
    """What came in. `refuses` is the reply to every letter; empty to take it."""

    port: int
    refuses: str = ""
    letters: list[Envelope] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            return self.refuses
        self.letters.append(envelope)
        return "250 2.0.0 kept"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        self.logins.append(mechanism)
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        return AuthResult(success=good, handled=False)


@contextlib.contextmanager
def running_sink(papers: Papers | None, **how: Any) -> Iterator[Sink]:
    """Take mail on 127.0.0.1 until the block ends; without papers it offers no encryption."""
    sink = Sink(port=free_port(), refuses=how.pop("refuses", ""))
    if papers is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(papers.chain, papers.key)
        how = {"tls_context": context, "require_starttls": True, **how}
    controller = Controller(
        sink,
        hostname="127.0.0.1",
        port=sink.port,
        authenticator=sink.authenticate,
        auth_required=papers is not None,
        **how,
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
