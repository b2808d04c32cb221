"""Whether a nameserver hands out its whole zone: an AXFR that ends at the first message.

What comes is counted and forgotten: a zone holds the names of inner systems.
"""

from __future__ import annotations

import asyncio

import dns.message
import dns.rcode
import dns.rdatatype

from launchready_tui.model import Level
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.routes import Nameserver
from launchready_tui.network.seen import Transfer
from launchready_tui.network.udp import NoAnswer, ask_over_tcp


async def ask_for_zone(
    server: Nameserver, zone: str, options: Options, log: RequestLog
) -> Transfer:
    """One AXFR over TCP (RFC 5936), of which the first message is read."""
    request = log.begin(
        "AXFR", zone, address=server.shown, path="AXFR", round_trips=2, level=Level.ACTIVE
    )
    outcome = "unknown"
    try:
        await asyncio.sleep(options.delay * 2)
        message = await ask_over_tcp(server.to, zone, "AXFR", options.dns_wait * 6)
        told = _told(message, zone, server.shown)
        outcome = told.outcome
    except NoAnswer as error:
        cause = f"{server.shown} was asked for the zone {zone}: it {error}"
        return Transfer(zone=zone, server=server.shown, outcome="unknown", cause=cause)
    finally:
        log.end(request, outcome)
    return told


def _told(message: dns.message.Message, zone: str, server: str) -> Transfer:
    rcode = dns.rcode.to_text(message.rcode())
    records = sum(len(found) for found in message.answer)
    begun = message.answer and message.answer[0].rdtype == dns.rdatatype.SOA
    if message.rcode() == dns.rcode.NOERROR and begun and records > 1:
        return Transfer(zone=zone, server=server, outcome="open", records=records)
    # RFC 5936, 2.2: a transfer begins with the SOA; one that is only that was cut off.
    if message.rcode() == dns.rcode.NOERROR and begun:
        cause = f"{server} sent nothing of the zone {zone} but its SOA"
        return Transfer(zone=zone, server=server, outcome="unknown", cause=cause)
    return Transfer(zone=zone, server=server, outcome="refused", cause=f"it answered {rcode}")
