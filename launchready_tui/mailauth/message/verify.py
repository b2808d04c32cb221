"""What a received message proves: signatures, its sender's permission, what DMARC makes of both.

What receivers wrote into the message is shown beside it, and only believed of hosts one trusts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from launchready_tui.mailauth import dmarc, spf
from launchready_tui.mailauth.authres import AuthenticationResults, trusted
from launchready_tui.mailauth.dkim.verify import Verified
from launchready_tui.mailauth.dkim.verify import verify as verify_dkim
from launchready_tui.mailauth.lookup import Lookup
from launchready_tui.mailauth.message.read import Message, read


@dataclass(frozen=True, slots=True)
class Verification:
    """`spf` is None where the message does not say who handed it over, or in whose name."""

    message: Message
    dkim: tuple[Verified, ...]
    spf: spf.Evaluation | None
    spf_domain: str
    dmarc: dmarc.Dmarc | None
    """None where From names no single domain."""
    believed: tuple[AuthenticationResults, ...]


async def verify(
    lookup: Lookup, data: bytes, *, now: int, receivers: Collection[str] = ()
) -> Verification:
    """Verify a message as it was received.

    Args:
        lookup: Asks DNS.
        data: The whole message, as `.eml`.
        now: Seconds since 1970, for signatures that expire.
        receivers: Hosts whose Authentication-Results are believed.

    Raises:
        TooLarge: It has more than 60 MiB.
    """
    message = read(data)
    signatures, sent = await asyncio.gather(
        verify_dkim(lookup, message.headers, message.body, now), _sender(lookup, message)
    )
    passed = [one.domain for one in signatures if one.result == "pass"]
    domain = _spf_domain(message)
    judged = None
    if message.author:
        sender = [domain] if sent is not None and sent.result == "pass" and domain else []
        judged = await dmarc.evaluate(lookup, message.author, spf=sender, dkim=passed)
    return Verification(
        message=message,
        dkim=signatures,
        spf=sent,
        spf_domain=domain,
        dmarc=judged,
        believed=trusted(message.results, receivers),
    )


async def _sender(lookup: Lookup, message: Message) -> spf.Evaluation | None:
    if not message.client_ip or message.return_path is None:
        return None
    return await spf.evaluate(lookup, ip=message.client_ip, sender=message.return_path)


def _spf_domain(message: Message) -> str:
    return (message.return_path or "").rpartition("@")[2].lower()
