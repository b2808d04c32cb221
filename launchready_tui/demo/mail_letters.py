"""The three mails of Berth desk, how they are sent off, and how they look once they have arrived.

What is wrong with them is a set of words that the admin takes out one by one; the next letter is
written and signed without it.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING, Literal

from launchready_tui.mailauth.dkim.canonical import (
    Header,
    body_form,
    header_form,
    signed_headers,
    split,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from launchready_tui.given import MailKind
    from launchready_tui.mailauth.message import Verification

DOMAIN = "harbour-ops.test"
APP = f"https://app.{DOMAIN}"
SERVICE = "amazonses.com"
"""Whose servers Resend sends by, and whose name stands in for one that is not set up."""
SANDBOX = "resend.dev"
STREAM = "X-Message-Stream"
"""Tells the mail service which settings a letter is sent with."""
SIGNED = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type")
RECEIVER = "mx.google.com"
"""The company's mailboxes are at Google."""
SENDING_HOST, SENDING_ADDRESS = "a4-16.smtp-out.eu-west-1.amazonses.com", "198.51.100.90"

MailFault = Literal[
    "dkim-not-own-domain",
    "dkim-signature-weak",
    "mail-from-sandbox",
    "mail-not-aligned",
    "mail-return-path-of-provider",
    "reset-link-not-canonical",
]


@dataclass(frozen=True, slots=True)
class Setting:
    """How one kind of mail is sent: in whose name, signed by whom, bounces to whom."""

    kind: MailKind
    sender: str
    subject: str
    text: str
    signer: str
    selector: str
    bounces: str
    partial: bool = False
    """Sign only as much of the text as there was (`l=`): anybody may add to it."""


def setting(kind: MailKind, wrong: set[MailFault]) -> Setting:
    """As the service is set up at the moment."""
    if kind == "invite":
        sandbox = "mail-from-sandbox" in wrong
        home = SANDBOX if sandbox else DOMAIN
        return Setting(
            kind=kind,
            sender=f"{'onboarding' if sandbox else 'invites'}@{home}",
            subject="You are invited to Berth desk",
            text=f"Nadia invites you to Berth desk.\n\n{APP}/invite/3f9c",
            signer=home,
            selector="resend",
            bounces=f"send.{home}",
        )
    if kind == "reset":
        local = "reset-link-not-canonical" in wrong
        return Setting(
            kind=kind,
            sender=f"desk@{DOMAIN}",
            subject="Set a new password",
            text=f"Set a new one:\n\n{'http://localhost:8000' if local else APP}/reset/7d21",
            signer=DOMAIN,
            selector="resend",
            bounces=f"send.{DOMAIN}",
            partial="dkim-signature-weak" in wrong,
        )
    own = not {"dkim-not-own-domain", "mail-not-aligned"} <= wrong
    theirs = "mail-return-path-of-provider" in wrong
    return Setting(
        kind=kind,
        sender=f"notices@{DOMAIN}",
        subject="Crane 4: inspection is due",
        text=f"The yearly inspection of crane 4 is due on Friday.\n\n{APP}/orders/2",
        signer=DOMAIN if own else SERVICE,
        selector="resend" if own else "lab",
        bounces=f"eu-west-1.{SERVICE}" if theirs else f"send.{DOMAIN}",
    )


def written(how: Setting, to: str, at: datetime) -> bytes:
    """The letter as the desk hands it to the service."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = f"Berth desk <{how.sender}>"
    letter["To"] = to
    letter["Subject"] = how.subject
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{how.kind}-{at:%Y%m%dT%H%M%S}@{how.sender.partition('@')[2]}>"
    letter[STREAM] = how.kind
    letter.set_content(f"{how.text}\n\nBerth desk, Harbour Operations\n")
    return letter.as_bytes()


def signed(letter: bytes, how: Setting, key: RSAPrivateKey) -> bytes:
    """The letter with a DKIM signature on top (RFC 6376 section 5)."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    headers, body = split(letter)
    kept = body_form(body, "relaxed")
    tags = ["v=1", "a=rsa-sha256", "c=relaxed/relaxed", f"d={how.signer}", f"s={how.selector}"]
    tags += [f"l={len(kept)}"] if how.partial else []
    tags += [f"h={':'.join(SIGNED)}", f"bh={_text(hashlib.sha256(kept).digest())}", "b="]
    value = "DKIM-Signature: " + ";\r\n ".join(tags)
    own = header_form(Header(name="dkim-signature", raw=value.encode()), "relaxed")
    covered = signed_headers(headers, SIGNED, "relaxed") + own
    mark = _text(key.sign(covered, padding.PKCS1v15(), hashes.SHA256()))
    folded = "\r\n ".join(mark[at : at + 72] for at in range(0, len(mark), 72))
    return f"{value}{folded}\r\n".encode() + letter


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


# ---------------------------------------------------------------- where it arrives


def arrived(letter: bytes, how: Setting, to: str, at: datetime) -> bytes:
    """The letter with what the receiving host writes down of who handed it over."""
    lines = (
        f"Return-Path: <bounce-{how.kind}@{how.bounces}>",
        f"Received: from {SENDING_HOST} ({SENDING_HOST}. [{SENDING_ADDRESS}])",
        f"        by {RECEIVER} with ESMTPS for <{to}>; {format_datetime(at)}",
    )
    return "".join(f"{line}\r\n" for line in lines).encode() + letter


def judged(letter: bytes, said: Verification) -> bytes:
    """The letter with the receiving host's results on top (RFC 8601)."""
    parts = [
        f"dkim={one.result} header.d={one.domain} header.s={one.selector}" for one in said.dkim
    ]
    parts.append(f"spf={said.spf.result if said.spf else 'none'} smtp.mailfrom={said.spf_domain}")
    if said.dmarc is not None:
        parts.append(f"dmarc={said.dmarc.result} header.from={said.message.author}")
    told = ";\r\n       ".join([f"Authentication-Results: {RECEIVER}", *parts])
    return f"{told}\r\n".encode() + letter


REFUSED = (
    "550-5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires\n"
    "550-5.7.26 all senders to authenticate with either SPF or DKIM.\n"
    "550-5.7.26  Authentication results:\n"
    "550-5.7.26  DKIM = did not pass\n"
    "550 5.7.26  SPF {domain} with ip: [{address}] = did not pass - gsmtp"
)


def bounced(how: Setting, to: str, at: datetime) -> bytes:
    """What the service sends back where Gmail refuses a letter (RFC 3464)."""
    reply = REFUSED.format(domain=how.sender.partition("@")[2], address=SENDING_ADDRESS)
    lines = (
        f"From: Mail Delivery <MAILER-DAEMON@{SERVICE}>",
        f"To: {how.sender}",
        "Subject: Delivery Status Notification (Failure)",
        f"Date: {format_datetime(at)}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_1"',
        "",
        "--=_1",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"Your mail to {to} was refused:",
        "",
        *reply.splitlines(),
        "",
        "--=_1",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; {SENDING_HOST}",
        "",
        f"Final-Recipient: rfc822; {to}",
        "Action: failed",
        "Status: 5.7.26",
        f"Diagnostic-Code: smtp; {' '.join(reply.split())}",
        "",
        "--=_1--",
        "",
    )
    return "\r\n".join(lines).encode()
