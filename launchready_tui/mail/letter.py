"""The test mail of each kind: what a colleague would get, with a link to the app and no token."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from launchready_tui.given import MailKind, Target

_SUBJECTS: dict[MailKind, str] = {
    "invite": "You are invited",
    "reset": "Set a new password",
    "notification": "A notification",
}
_TEXTS: dict[MailKind, str] = {
    "invite": "This is a test of the invite that new colleagues get.",
    "reset": "This is a test of the mail with which people set a new password.",
    "notification": "This is a test of a notification.",
}


def compose(
    kind: MailKind, target: Target, *, name: str, sender: str, recipient: str, at: datetime
) -> bytes:
    """The whole message. Both addresses are plain ones (`network.smtp_send.is_address`)."""
    app = target.web.app or f"https://{target.domain}"
    called = " ".join(name.split()) or target.client or target.domain
    letter = EmailMessage(policy=SMTP)
    local, _, domain = sender.rpartition("@")
    letter["From"] = Address(called, local, domain)
    letter["To"] = recipient
    letter["Subject"] = f"{_SUBJECTS[kind]} ({called}, test)"
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<launchready-{kind}-{at:%Y%m%dT%H%M%S}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(
        f"{_TEXTS[kind]}\n\n{app}\n\n"
        "Nobody has to do anything. It was sent with launchready, to see whether mail arrives.\n"
    )
    return letter.as_bytes()
