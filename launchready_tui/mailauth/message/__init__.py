"""A received message: what it says of itself, and what of that is true."""

from launchready_tui.mailauth.flaw import Flaw
from launchready_tui.mailauth.message.audit import (
    Kind,
    Surroundings,
    aligned,
    audit,
    gaps,
    hidden_links,
)
from launchready_tui.mailauth.message.read import Link, Message, TooLarge, read
from launchready_tui.mailauth.message.verify import Verification, verify

__all__ = [
    "Flaw",
    "Kind",
    "Link",
    "Message",
    "Surroundings",
    "TooLarge",
    "Verification",
    "aligned",
    "audit",
    "gaps",
    "hidden_links",
    "read",
    "verify",
]
