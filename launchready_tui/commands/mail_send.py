"""`launchready mail send`: one test mail through the product's mail service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.opened import opened, signed
from launchready_tui.commands.output import say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.given import MailKind, MailSent
    from launchready_tui.mail.mail_sending import Draft
    from launchready_tui.session import Session

SENT, NOT_SENT, NOT_KNOWN = 0, 1, 3
OPTIONS = {"sender": "--from", "recipient": "--to", "smtp": "--smtp"}
WHERE = {
    "--from": " Or write it as from under [mail] in launchready.toml.",
    "--to": "",
    "--smtp": " Or write it as smtp under [mail] in launchready.toml.",
}


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
@click.option(
    "--from",
    "sender",
    default="",
    metavar="ADDRESS",
    help="The app's own sender; else [mail] from.",
)
@click.option("--name", default="", help="The name that stands in From.")
@click.option(
    "--kind", required=True, type=click.Choice(["invite", "reset", "notification"]), help="Which."
)
@click.option(
    "--smtp",
    default="",
    metavar="HOST[:PORT]",
    help="The mail service; else [mail] smtp. Port 587.",
)
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
    from launchready_tui.mail.mail_sending import PROBE

    options = options_of(resolver, ca, connect)
    with opened(directory, options=options, by=signed(by)) as session:
        draft = _draft(session, kind, name, sender, recipient, smtp)
        probes = authority.probes_of(session.catalogue, [PROBE])
        if refused := authority.too_far(session.scope.level, probes):
            raise Refused(refused)
        session.keychain = keychain_of(session.target.domain, secrets_of(keys))
        say(
            f"one {kind} from {draft.sender} to {draft.recipient}, through {draft.host} port"
            f" {draft.port}"
        )
        confirm(probes, session.keychain.names(), yes=yes)
        session.allow([PROBE], by)
        told = _sent(session, draft, by)
        session.keep_sent(told)
        return _tell(told)


def _draft(
    session: Session, kind: MailKind, name: str, sender: str, recipient: str, smtp: str
) -> Draft:
    from launchready_tui.domain import BadInput
    from launchready_tui.mail.mail_sending import draft_of

    try:
        return draft_of(
            kind, session.target, sender=sender, recipient=recipient, smtp=smtp, name=name
        )
    except BadInput as error:
        option = OPTIONS[error.field]
        raise Refused(f"{option}: {error.message} {error.suggestion}{WHERE[option]}") from None


def _sent(session: Session, draft: Draft, by: str) -> MailSent:
    from launchready_tui.domain import BadInput
    from launchready_tui.mail.mail_sending import LOGIN

    ended: list[MailSent | BaseException] = []
    session.sending_mail(draft, ended.append, by=by).wait()
    (result,) = ended
    if isinstance(result, BadInput):
        raise Refused(
            f"{result.message} Keep one with: launchready vault set {LOGIN}; or take it from a"
            f" variable: --key {LOGIN}=VARIABLE (user name, line break, password)."
        ) from None
    if isinstance(result, BaseException):
        raise result
    return result


def _tell(told: MailSent) -> int:
    if told.outcome == "sent":
        say(f"the service took it: {told.reply}. It has not arrived by that.")
        say(
            "open the mailbox, save the message as a file, and give it: launchready attest"
            f" mail.system-mails --says pass --kind {told.kind} --folder inbox --evidence @FILE.eml"
        )
        return SENT
    if told.outcome == "unknown":
        say(f"{told.cause}.")
        return NOT_KNOWN
    say(f"it was refused: {told.reply}")
    say(f"{told.cause} {told.fix}")
    return NOT_SENT
