"""`launchready mail verify` and `launchready mail report`: files of mail, judged by themselves."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.output import emit, refuse_unwritable, say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.exports.message import Proof
    from launchready_tui.mailauth.message import Kind, Verification
    from launchready_tui.mailauth.report import Report
    from launchready_tui.network import Options
    from launchready_tui.ranking import Risk

MET, FAULT, NOT_TOLD = 0, 1, 3
NOT_READ = 2
MOST_REPORT = 30 * 1024 * 1024
"""Of a report's file, packed or not."""
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
    from launchready_tui.mailauth import bounce
    from launchready_tui.received import what_is

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
    from launchready_tui.mailauth import message
    from launchready_tui.network import open_network
    from launchready_tui.received import READ_SECONDS

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
    from launchready_tui.mailauth import message
    from launchready_tui.received import around, findings_of

    flaws = message.audit(said, around(kind, None))
    return proof(said, findings_of(flaws), load())


def read_message(file: str) -> bytes:
    """The bytes of a message's file, or of stdin for "-". Raises Refused, naming the file."""
    from launchready_tui.mailauth.message.read import MOST_BYTES

    return _bytes_of(file, MOST_BYTES)


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


# ---------------------------------------------------------------- aggregate reports


@click.command(
    "report",
    epilog="""\b
Examples:
  launchready mail report *.xml.gz
  launchready mail report google.com!acme.com!1.zip --format json

FILE is a DMARC aggregate report as it was mailed: XML, gzip or zip. Nothing leaves this machine.
Senders whose mail did not pass in your domain's name are turned into questions. With --by the sums
and the questions are kept as a note in the sprint of this folder, under mail.dmarc.

\b
Exit codes:
  0  all files were read
  2  usage, or a file that could not be read (the others still are)""",
)
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option("--by", default="", metavar="NAME", help="Keep the sums in the sprint, in this name.")
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
@format_option
@output_option
def report(
    files: tuple[str, ...], by: str, directory: str | None, form: str, output: str | None
) -> int:
    """Read DMARC aggregate reports: who sent in your name, how much, and did it pass."""
    from launchready_tui.commands.opened import sprint_root
    from launchready_tui.exports import dmarc_reports as rendered
    from launchready_tui.mailauth.report import BadReport, parse

    refuse_unwritable(output)
    if by:
        sprint_root(directory)
    elif directory:
        raise Refused("--dir names the sprint to keep the sums in: add --by NAME.")
    read: list[tuple[str, Report]] = []
    bad: list[tuple[str, str]] = []
    for file in files:
        try:
            read.append((shown(file), parse(_bytes_of(file, MOST_REPORT))))
        except BadReport as error:
            bad.append((shown(file), f"it is no DMARC report that can be read: {error}"))
        except Refused as refused:
            bad.append((shown(file), refused.message.removeprefix(f"{shown(file)}: ").rstrip(".")))
    told = rendered.summary(read, bad)
    emit(rendered.render_json(told) if form == "json" else rendered.render_text(told), output)
    for name, reason in bad:
        say(f"{name}: {reason}.")
    if by and read:
        _keep(rendered.note(told), by, directory)
    return NOT_READ if bad else MET


def _keep(note: str, by: str, directory: str | None) -> None:
    from launchready_tui.commands.opened import opened

    with opened(directory, by=by) as session:
        session.note("mail.dmarc", note, by=by)
    say("the sums and the questions are kept as a note under mail.dmarc.")
