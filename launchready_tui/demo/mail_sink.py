"""The mail of the lab, over real SMTP: the service that the desk sends by, and a server that takes
mail for the company.

The desk logs in with STARTTLS and hands a letter over; the service signs it and delivers it; the
receiving host verifies it by DNS and lays it into the inbox, or refuses it.
"""

from __future__ import annotations

import asyncio
import email
import logging
import secrets
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from launchready_tui.demo import mail_letters as letters
from launchready_tui.demo.mail_letters import DOMAIN, STREAM, MailFault, Setting
from launchready_tui.given import MAIL_KINDS, MailKind

if TYPE_CHECKING:
    import ssl

    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from launchready_tui.network import Options

SERVICE_HOST, SERVICE_ADDRESS, SERVICE_PORT = "smtp.resend.com", "198.51.100.91", 587
OWN_HOST, OWN_ADDRESS = f"mx2.{DOMAIN}", "192.0.2.25"
COLLEAGUE = f"ines@{DOMAIN}"
CONTRACTOR = "crane.service@gmail.com"
"""Notices go here too, and Gmail takes nothing that is not authenticated."""
USER = "resend"
SEND_SECONDS = 20.0
HOLDING = "450 4.3.2 try the first server: this one only stands in for it"


class MailTrouble(Exception):
    """A letter could not be handed over; the message says why."""


class MailService:
    """Two listening sockets, the keys that letters are signed with, and the folder they end in."""

    def __init__(
        self, inbox: Path, context: Callable[[str], ssl.SSLContext], keys: dict[str, RSAPrivateKey]
    ) -> None:
        self.inbox = inbox
        self.wrong: set[MailFault] = set(get_args(MailFault))
        self.password = secrets.token_urlsafe(18)
        self.policy = ""
        """The MTA-STS policy, as it is served."""
        self.options: Options | None = None
        self._keys = keys
        self._contexts = {SERVICE_HOST: context(SERVICE_HOST), OWN_HOST: context(OWN_HOST)}
        self._sockets = {SERVICE_HOST: _bound(), OWN_HOST: _bound()}
        self._servers: list[asyncio.Server] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def pins(self) -> tuple[str, ...]:
        """Where both are on this computer, as `--connect` wants it."""
        return (
            f"{SERVICE_ADDRESS}:{SERVICE_PORT}=127.0.0.1:{self._number(SERVICE_HOST)}",
            f"{OWN_ADDRESS}:25=127.0.0.1:{self._number(OWN_HOST)}",
        )

    def _number(self, host: str) -> int:
        return int(self._sockets[host].getsockname()[1])

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        logging.getLogger("mail.log").addHandler(logging.NullHandler())  # the lab prints nothing
        for host, handler in ((SERVICE_HOST, self), (OWN_HOST, _StandIn())):
            self._servers.append(
                await self._loop.create_server(
                    self._protocol(host, handler), sock=self._sockets[host]
                )
            )

    def stop(self) -> None:
        for server in self._servers:
            server.close()

    def close(self) -> None:
        for bound in self._sockets.values():
            bound.close()

    def _protocol(self, host: str, handler: object) -> Callable[[], SMTP]:
        def speak() -> SMTP:
            from aiosmtpd.smtp import SMTP

            login = host == SERVICE_HOST
            return SMTP(
                handler,
                hostname=host,
                ident="lab mail",
                tls_context=self._contexts[host],
                require_starttls=login,
                auth_required=login,
                authenticator=self._login if login else None,
                enable_SMTPUTF8=False,
            )

        return speak

    # ------------------------------------------------------------ the desk sends

    def send(self, *kinds: MailKind) -> None:
        """Let the desk send these (all three, where none is named), and wait. For any thread.

        Raises:
            MailTrouble: The service did not take one.
        """
        assert self._loop is not None
        work = self.send_all(kinds or MAIL_KINDS)
        asyncio.run_coroutine_threadsafe(work, self._loop).result(SEND_SECONDS)

    async def send_all(self, kinds: tuple[MailKind, ...]) -> None:
        for kind in kinds:
            await self._hand_over(kind, COLLEAGUE)
            if kind == "notification":
                (self.inbox / "bounce.eml").unlink(missing_ok=True)
                await self._hand_over(kind, CONTRACTOR)

    async def _hand_over(self, kind: MailKind, to: str) -> None:
        from launchready_tui.model import Level
        from launchready_tui.network import Scope, open_network
        from launchready_tui.network.smtp_send import Letter
        from launchready_tui.secret import Secret

        how = letters.setting(kind, self.wrong)
        letter = Letter(
            sender=how.sender, recipient=to, message=letters.written(how, to, datetime.now(UTC))
        )
        scope = Scope(hosts=(SERVICE_HOST,), level=Level.ACTIVE, by="", named=(SERVICE_HOST,))
        login = (Secret(USER), Secret(self.password))
        async with open_network(scope, self.options) as net:
            told = await net.submit(SERVICE_HOST, SERVICE_PORT, letter, login)
        if told.outcome != "accepted":
            raise MailTrouble(f"the {kind} was not taken: {told.cause} {told.reply}".strip())

    # ------------------------------------------------------------ the service takes and delivers

    def _login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        from aiosmtpd.smtp import AuthResult, LoginPassword

        known = LoginPassword(USER.encode(), self.password.encode())
        return AuthResult(success=data == known, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        letter = cast(bytes, envelope.original_content)
        stream = email.message_from_bytes(letter)[STREAM] or "notification"
        if stream not in MAIL_KINDS:
            stream = "notification"
        how = letters.setting(cast("MailKind", stream), self.wrong)
        out = letters.signed(letter, how, self._keys[how.signer])
        for to in envelope.rcpt_tos:
            await self._deliver(out, how, to)
        return "250 2.0.0 taken"

    async def _deliver(self, letter: bytes, how: Setting, to: str) -> None:
        """To the receiving host, which believes nothing that it did not look up."""
        from launchready_tui.facts.mail_lookup import lookup_of
        from launchready_tui.mailauth import message
        from launchready_tui.model import Level
        from launchready_tui.network import Scope, open_network

        at = datetime.now(UTC)
        came = letters.arrived(letter, how, to, at)
        nowhere = Scope(hosts=(), level=Level.PASSIVE, by="", named=())
        async with open_network(nowhere, self.options) as net:
            said = await message.verify(lookup_of(net), came, now=int(at.timestamp()))
        if to.endswith("@gmail.com"):
            if message.aligned(said) is False:
                self._lay("bounce", letters.bounced(how, to, at))
            return
        self._lay(how.kind, letters.judged(came, said))

    def _lay(self, name: str, data: bytes) -> None:
        self.inbox.mkdir(parents=True, exist_ok=True)
        (self.inbox / f"{name}.eml").write_bytes(data)


class _StandIn:
    """The company's own server: it greets and encrypts, and takes nothing while Google is there."""

    async def handle_RCPT(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        return HOLDING


def _bound() -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.bind(("127.0.0.1", 0))
    return bound
