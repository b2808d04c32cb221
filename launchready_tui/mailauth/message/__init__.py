"""A received message: what it says of itself, and what of that is true."""

from launchready_tui.mailauth.message.audit import Surroundings, audit, gaps
from launchready_tui.mailauth.message.read import Link, Message, TooLarge, read
from launchready_tui.mailauth.message.verify import Verification, verify

__all__ = [
    "Link",
    "Message",
    "Surroundings",
    "TooLarge",
    "Verification",
    "audit",
    "gaps",
    "read",
    "verify",
]
