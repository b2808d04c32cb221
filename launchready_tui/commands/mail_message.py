"""`launchready mail verify`: a received message or a bounce, judged by itself."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.output import emit, refuse_unwritable
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.exports.message import Proof
    from launchready_tui.mailauth.message import Kind, Verification
    from launchready_tui.network import Options
    from launchready_tui.ranking import Risk

MET, FAULT, NOT_TOLD = 0, 1, 3
KINDS = ("invite", "reset", "notification", "bulk")

format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
output_option = click.option("-o", "--output", metavar="F", help="Write there instead of stdout.")


@click.command(
    "verify",
    epilog="""\b
Examples:
  launchready mail verify invite.eml
  launchready mail verify - --format json < reset.eml
  launchready mail verify invite.eml --receiver google.com --kind invite

FILE is a message as it was received, with all its headers (at Gmail: "Show original", "Download
original"), or a bounce. Only DNS is asked; links are never opened, and their tokens never shown.

\b
Exit codes:
  0  nothing is wrong with it
  1  a fault of medium severity or above, or a bounce
  2  usage, or a file that cannot be read
  3  no fault, but not all could be told""",
)
@click.argument("file", metavar="FILE")
@click.option(
    "--receiver",
    "receivers",
    multiple=True,
    metavar="HOST",
    help="Believe the Authentication-Results of this host. May be repeated.",
)
@click.option("--kind", type=click.Choice(KINDS), default=None, help="What sort of mail it is.")
@door_options
@format_option
@output_option
def verify(
    file: str,
    receivers: tuple[str, ...],
    kind: Kind | None,
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
    form: str,
    output: str | None,
) -> int:
    """Verify a received message: signatures, sender, DMARC, links."""
    from launchready_tui.exports import message as rendered
    from launchready_tui.mail.received import what_is
    from launchready_tui.mailauth import bounce

    refuse_unwritable(output)
    options = options_of(resolver, ca, connect)
    data = read_message(file)
    what = what_is(data)
    risks: tuple[Risk, ...] = ()
    if what == "text":
        raise Refused(
            f"{shown(file)}: this is no e-mail message and no bounce: it has no From header."
            " Save the message with all its headers."
        )
    if what == "bounce":
        told = rendered.refused(bounce.decode(data.decode("utf-8", "replace")))
    else:
        told, risks = _judged(asyncio.run(_verified(data, options, receivers)), kind or "")
    emit(
        rendered.render_json(told) if form == "json" else rendered.render_text(told, risks), output
    )
    if what == "bounce" or any(risk.severity.damage >= _MEDIUM for risk in risks):
        return FAULT
    return NOT_TOLD if told.unknown else MET


_MEDIUM = 3


async def _verified(data: bytes, options: Options, receivers: tuple[str, ...]) -> Verification:
    from launchready_tui.commands.looking import NOWHERE
    from launchready_tui.facts.mail_lookup import lookup_of
    from launchready_tui.mail.received import READ_SECONDS
    from launchready_tui.mailauth import message
    from launchready_tui.network import open_network

    try:
        async with open_network(NOWHERE, options) as net, asyncio.timeout(READ_SECONDS):
            return await message.verify(
                lookup_of(net), data, now=int(time.time()), receivers=receivers
            )
    except TimeoutError:
        raise Refused(
            f"DNS did not answer all questions within {READ_SECONDS:g} s: try again, or name"
            " another server with --resolver."
        ) from None


def _judged(said: Verification, kind: Kind) -> tuple[Proof, tuple[Risk, ...]]:
    from launchready_tui.catalogue import load
    from launchready_tui.exports.message import proof
    from launchready_tui.mail.received import around, findings_of
    from launchready_tui.mailauth import message

    flaws = message.audit(said, around(kind, None))
    return proof(said, findings_of(flaws), load())


def read_message(file: str) -> bytes:
    """The bytes of a message's file, or of stdin for "-". Raises Refused, naming the file."""
    from launchready_tui.mailauth.message.read import MOST_BYTES

    return _bytes_of(file, MOST_BYTES)


def read_report(file: str) -> bytes:
    """The bytes of a report's file, or of stdin for "-". Raises Refused, naming the file."""
    from launchready_tui.mail.dmarc_reading import MOST_FILE

    return _bytes_of(file, MOST_FILE)


def _bytes_of(file: str, most: int) -> bytes:
    try:
        if file == "-":
            data = sys.stdin.buffer.read(most + 1)
        else:
            with Path(file).open("rb") as stream:
                data = stream.read(most + 1)
    except OSError as error:
        raise Refused(f"{shown(file)}: {error.strerror}.") from None
    if len(data) > most:
        raise Refused(f"{shown(file)}: larger than {most >> 20} MiB, which is not read.")
    return data


def shown(file: str) -> str:
    return "stdin" if file == "-" else file
