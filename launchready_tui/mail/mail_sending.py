"""One test mail of a kind, handed to the product's mail service; what came of it, for the record.

Nobody but the address that a person names gets it, and nothing leaves before a person allows it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from launchready_tui.domain import BadInput
from launchready_tui.given import MailKind, MailSent, Target
from launchready_tui.mail.letter import compose
from launchready_tui.mailauth import bounce
from launchready_tui.model import Level, Record
from launchready_tui.network.hosts import BadHost, place_of
from launchready_tui.network.smtp_send import Letter, Submitted, is_address
from launchready_tui.secret import Secret
from launchready_tui.sprint.launchfile import SUBMISSION
from launchready_tui.text import safe

if TYPE_CHECKING:
    from launchready_tui.network import Options

PROBE = "mail-send"
LOGIN = "smtp-login"


class Draft(Record, frozen=True, kw_only=True):
    """What is to be sent, checked: two plain addresses, and the service that takes it."""

    kind: MailKind
    sender: str
    recipient: str
    host: str
    port: int
    name: str = ""

    @property
    def via(self) -> str:
        return f"{self.host}:{self.port}"


def draft_of(
    kind: MailKind, target: Target, *, sender: str, recipient: str, smtp: str, name: str = ""
) -> Draft:
    """The draft; what is empty is taken from [mail] in launchready.toml.

    Raises:
        BadInput: With the field: `sender`, `recipient` or `smtp`.
    """
    sender = sender.strip() or next(iter(target.mail.addresses), "")
    for field, address in (("sender", sender), ("recipient", recipient.strip())):
        if not is_address(address):
            shown = safe(address, one_line=True, limit=80)
            raise BadInput(
                field, f"{shown or 'nothing'} is not one plain address.", "Such as me@acme.com."
            )
    place = smtp.strip() or target.mail.smtp
    if not place:
        raise BadInput("smtp", "no mail service is named.", "Such as smtp.resend.com:587.")
    try:
        host, port = place_of(place, SUBMISSION)
    except BadHost as error:
        raise BadInput("smtp", f"{error}.", "Such as smtp.resend.com:587.") from None
    return Draft(
        kind=kind, sender=sender, recipient=recipient.strip(), host=host, port=port, name=name
    )


def login_of(held: Secret | None) -> tuple[Secret, Secret]:
    """User name and password: the two lines of the secret. Raises BadInput with field `login`."""
    if held is None:
        raise BadInput("login", "there is no login for the mail service.", "Give one first.")
    user, gap, password = held.reveal().partition("\n")
    if not gap or not password.strip():
        raise BadInput("login", f"{LOGIN}: expected two lines, the user name and the password.", "")
    return Secret(user.strip()), Secret(password.strip())


async def hand_over(
    options: Options,
    draft: Draft,
    target: Target,
    login: tuple[Secret, Secret],
    *,
    by: str,
    at: datetime,
) -> MailSent:
    """Send it through a door of its own: only this host, and only this letter."""
    from launchready_tui.network import Scope, open_network

    message = compose(
        draft.kind,
        target,
        name=draft.name,
        sender=draft.sender,
        recipient=draft.recipient,
        at=at,
    )
    letter = Letter(sender=draft.sender, recipient=draft.recipient, message=message)
    scope = Scope(hosts=(draft.host,), level=Level.ACTIVE, by=by, named=(draft.host,))
    async with open_network(scope, options) as net:
        told = await net.submit(draft.host, draft.port, letter, login)
    return sent_of(draft, told, by=by, at=at)


def sent_of(draft: Draft, told: Submitted, *, by: str, at: datetime) -> MailSent:
    """What is kept of it: the service's word, a refusal decoded. No address, no text."""
    sent = MailSent(kind=draft.kind, at=at, by=by, way="from here", via=draft.via)
    if told.outcome == "accepted":
        return replace(sent, reply=f"{told.reply} ({told.tls})")
    if told.outcome != "refused":
        return replace(sent, outcome="unknown", cause=f"nothing was sent: {told.cause}")
    said = bounce.decode(told.reply)
    return replace(
        sent,
        outcome="refused",
        reply=told.reply,
        cause=said.cause or told.cause,
        fix=said.fix or "Read its words; the mail service's own log says more.",
    )
