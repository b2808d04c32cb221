"""`launchready mail report` and `launchready mail sender`: what receivers saw, and whose it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.mail_message import format_option, output_option, read_report, shown
from launchready_tui.commands.opened import opened, signed, sprint_root
from launchready_tui.commands.output import emit, refuse_unwritable, say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.mailauth.report import Report

MET, NOT_READ = 0, 2


@click.command(
    "report",
    epilog="""\b
Examples:
  launchready mail report *.xml.gz
  launchready mail report google.com!acme.com!1.zip --format json
  launchready mail report reports/ --keep --by Anna

FILE is a DMARC aggregate report as it was mailed: XML, gzip or zip; or a folder of them. Nothing
leaves this machine. Senders whose mail did not pass in your name are turned into questions.
With --keep each report about the sprint's domain is kept in .launchready/reports, once: mail.dmarc
and the guide then count clean weeks, and ask whose the unknown senders are.

\b
Exit codes:
  0  all files were read
  2  usage, or a file that could not be read or kept (the others still are)""",
)
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option("--keep", is_flag=True, help="Keep them in the sprint of this folder.")
@click.option("--by", default="", metavar="NAME", help="Who keeps them.")
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
@format_option
@output_option
def report(
    files: tuple[str, ...],
    keep: bool,
    by: str,
    directory: str | None,
    form: str,
    output: str | None,
) -> int:
    """Read DMARC aggregate reports: who sent in your name, how much, and did it pass."""
    from launchready_tui.exports import dmarc_reports as rendered

    refuse_unwritable(output)
    if keep:
        signed(by)
        sprint_root(directory)
    elif by or directory:
        raise Refused("--by and --dir tell who keeps the reports, and where: add --keep.")
    read, bad = _read(files)
    told = rendered.summary(read, bad)
    emit(rendered.render_json(told) if form == "json" else rendered.render_text(told), output)
    for name, reason in bad:
        say(f"{name}: {reason}.")
    left_out = _keep(read, by, directory) if keep else 0
    return NOT_READ if bad or left_out else MET


def _read(files: tuple[str, ...]) -> tuple[list[tuple[str, Report]], list[tuple[str, str]]]:
    """What could be read, and what could not, with the reason."""
    from launchready_tui.mail.dmarc_reading import files_at
    from launchready_tui.mailauth.report import BadReport, parse

    read: list[tuple[str, Report]] = []
    bad: list[tuple[str, str]] = []
    for given in files:
        folder = given != "-" and Path(given).is_dir()
        for file in map(str, files_at(given)) if folder else (given,):
            try:
                read.append((shown(file), parse(read_report(file))))
            except BadReport as error:
                bad.append((shown(file), f"it is no DMARC report that can be read: {error}"))
            except Refused as refused:
                reason = refused.message.removeprefix(f"{shown(file)}: ").rstrip(".")
                bad.append((shown(file), reason))
    return read, bad


def _keep(read: list[tuple[str, Report]], by: str, directory: str | None) -> int:
    """Keep them and say what is to be asked; how many were left out."""
    from datetime import UTC, datetime

    from launchready_tui.mail.dmarc_reading import cut_down
    from launchready_tui.mail.dmarc_sources import questions

    with opened(directory, by=by) as session:
        at = datetime.now(UTC).replace(microsecond=0)
        kept = cut_down(read, session.target, by=by, at=at)
        for one in kept.refused:
            say(f"{one.file}: not kept: {one.reason}.")
        say(f"reports: {session.keep_reports(kept)}.")
        asked = questions(session.mail_sources)
        for source in asked[:10]:
            say(
                f"whose is {source.label}? {source.failed} of {source.messages} did not pass:"
                f" launchready mail sender {source.key} --ours NAME, or --not-ours"
            )
        return len(kept.refused)


@click.command(
    "sender",
    epilog="""\b
Examples:
  launchready mail sender 198.51.100.0/24 --ours "the newsletter" --by Anna
  launchready mail sender mailchimp --not-ours --by Anna

SENDER is one that `launchready mail report --keep` asks about. What is ours and does not pass is a
fault of mail.dmarc; what is not ours is what the policy is for.""",
)
@click.argument("sender", metavar="SENDER")
@click.option("--ours", metavar="NAME", help="It is ours: which service or server it is.")
@click.option("--not-ours", is_flag=True, help="It is somebody else.")
@click.option("--by", required=True, metavar="NAME", help="Who says so.")
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
def sender(sender: str, ours: str | None, not_ours: bool, by: str, directory: str | None) -> int:
    """Say whose a sender of the DMARC reports is."""
    if (ours is None) == (not not_ours):
        raise Refused("say whose it is: --ours NAME, or --not-ours.")
    with opened(directory, by=signed(by)) as session:
        word = session.say_sender(sender, "not ours" if not_ours else "ours", who=ours or "", by=by)
        say(f"Recorded: {word.sender} is {word.whose}, says {word.by}.")
    return MET
