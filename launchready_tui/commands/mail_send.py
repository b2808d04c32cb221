"""`launchready mail send`: one test mail through the product's mail service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.opened import opened, signed
from launchready_tui.commands.output import say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.given import MailKind
    from launchready_tui.network.smtp_send import Letter, Submitted
    from launchready_tui.secret import Secret
    from launchready_tui.session import Session

PROBE = "mail-send"
LOGIN = "smtp-login"
SENT, NOT_SENT, NOT_KNOWN = 0, 1, 3
PORT = 587


@click.command(
    "send",
    epilog="""\b
Examples:
  launchready vault set smtp-login
  launchready mail send --kind invite --to me@gmail.com --from hello@acme.com \\
      --smtp smtp.resend.com:587 --by Anna

It sends one mail, and only with trusted TLS. The consent of the sprint has to reach “active”. Then
give the message that arrives: launchready attest mail.system-mails --kind invite …

\b
Exit codes:
  0  the service took it
  1  the service refused it; why is said
  2  usage, or nobody allowed it
  3  not known: no connection, or no trusted TLS; nothing was sent""",
)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--to", "recipient", required=True, metavar="ADDRESS", help="Who gets it.")
@click.option("--from", "sender", required=True, metavar="ADDRESS", help="The app's own sender.")
@click.option("--name", default="", help="The name that stands in From.")
@click.option(
    "--kind", required=True, type=click.Choice(["invite", "reset", "notification"]), help="Which."
)
@click.option("--smtp", required=True, metavar="HOST[:PORT]", help="The mail service; port 587.")
@click.option("--by", required=True, metavar="NAME", help="Who allows it.")
@click.option("--yes", is_flag=True, help="Allow it without being asked.")
@click.option("--key", "keys", metavar="NAME=ENVVAR", multiple=True, help="As for check.")
@door_options
def send(
    directory: str | None,
    recipient: str,
    sender: str,
    name: str,
    kind: MailKind,
    smtp: str,
    by: str,
    yes: bool,
    keys: tuple[str, ...],
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
) -> int:
    """Send one test mail of a kind, in the sprint of DIR (this folder)."""
    from launchready_tui import authority
    from launchready_tui.commands.permits import confirm, secrets_of
    from launchready_tui.commands.vault_password import keychain_of
    from launchready_tui.network.smtp_send import is_address

    for option, address in (("--to", recipient), ("--from", sender)):
        if not is_address(address):
            raise Refused(f"{option} {address}: expected one plain address, such as me@acme.com.")
    host, port = _place(smtp)
    options = options_of(resolver, ca, connect)
    with opened(directory, options=options, by=signed(by)) as session:
        probes = authority.probes_of(session.catalogue, [PROBE])
        if refused := authority.too_far(session.scope.level, probes):
            raise Refused(refused)
        session.keychain = keychain_of(session.target.domain, secrets_of(keys))
        say(f"one {kind} from {sender} to {recipient}, through {host} port {port}")
        confirm(probes, session.keychain.names(), yes=yes)
        session.allow([PROBE], by)
        letter = _letter(session, kind, name, sender, recipient)
        told = asyncio.run(_sent(session, host, port, letter, _login(session)))
        session.note(
            "mail.system-mails", f"Test mail ({kind}) through {host}: {told.outcome}", by=by
        )
        return _tell(told, kind)


def _place(smtp: str) -> tuple[str, int]:
    from launchready_tui.network.hosts import BadHost, as_host

    host, colon, port = smtp.rpartition(":")
    if not colon:
        host, port = smtp, str(PORT)
    try:
        name = as_host(host)
    except BadHost as error:
        raise Refused(f"--smtp {smtp}: {error}.") from None
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise Refused(f"--smtp {smtp}: expected HOST:PORT, such as smtp.resend.com:587.")
    return name, int(port)


def _letter(session: Session, kind: MailKind, name: str, sender: str, recipient: str) -> Letter:
    from datetime import UTC, datetime

    from launchready_tui.letter import compose
    from launchready_tui.network.smtp_send import Letter

    at = datetime.now(UTC).replace(microsecond=0)
    message = compose(kind, session.target, name=name, sender=sender, recipient=recipient, at=at)
    return Letter(sender=sender, recipient=recipient, message=message)


def _login(session: Session) -> tuple[Secret, Secret] | None:
    """User name and password: the two lines of the secret."""
    from launchready_tui.secret import Secret

    held = session.keychain.get(LOGIN)
    if held is None:
        raise Refused(
            "there is no login for the mail service. Keep one with: launchready vault set"
            f" {LOGIN}; or take it from a variable: --key {LOGIN}=VARIABLE (user name, line break,"
            " password)."
        )
    user, gap, password = held.reveal().partition("\n")
    if not gap or not password.strip():
        raise Refused(f"{LOGIN}: expected two lines, the user name and the password.")
    return Secret(user.strip()), Secret(password.strip())


async def _sent(
    session: Session, host: str, port: int, letter: Letter, login: tuple[Secret, Secret] | None
) -> Submitted:
    """Only this host, which a person typed, and only for this letter."""
    from launchready_tui.model import Level
    from launchready_tui.network import Scope, open_network

    scope = Scope(hosts=(host,), level=Level.ACTIVE, by=session.by, named=(host,))
    async with open_network(scope, session.options) as net:
        return await net.submit(host, port, letter, login)


def _tell(told: Submitted, kind: MailKind) -> int:
    from launchready_tui.mailauth import bounce

    if told.outcome == "accepted":
        say(f"the service took it ({told.reply}; {told.tls}). It has not arrived by that.")
        say(
            "open the mailbox, save the message as a file, and give it: launchready attest"
            f" mail.system-mails --says pass --kind {kind} --folder inbox --evidence @FILE.eml"
        )
        return SENT
    if told.outcome != "refused":
        say(f"nothing was sent: {told.cause}.")
        return NOT_KNOWN
    say(f"it was refused: {told.cause}. {told.reply}")
    said = bounce.decode(told.reply)
    if said.cause:
        say(f"{said.cause} {said.fix}")
    return NOT_SENT
