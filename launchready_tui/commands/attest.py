"""`launchready attest`: a person's answer, with what it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.opened import complete_item, opened, signed
from launchready_tui.commands.output import say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.given import MailKind
    from launchready_tui.network import Options

MAILS = "mail.system-mails"
MAX_EVIDENCE = 1024 * 1024


@click.command(
    "attest",
    epilog="""\b
Examples:
  launchready attest logs.review --by Anna --says pass --evidence @errors.txt
  launchready attest build.clean --by Anna --says n/a \\
      --evidence "a static site: nothing is built" --note "agreed with Ben"
  launchready attest mail.system-mails --by Anna --says pass --kind invite \\
      --folder inbox --evidence @invite.eml

`launchready explain ITEM` shows the question and the evidence it asks for. What is kept is
redacted first; secrets never reach the disk. A whole message or a bounce given for
mail.system-mails is read and judged, and only what was understood of it is kept.""",
)
@click.argument("item", metavar="ITEM", shell_complete=complete_item)
@click.option("--by", required=True, metavar="NAME", help="Who answers.")
@click.option("--says", required=True, type=click.Choice(["pass", "fail", "n/a"]))
@click.option(
    "--evidence",
    required=True,
    metavar="TEXT|@FILE",
    help="What was seen, or a file that holds it.",
)
@click.option("--note", default="", help="One sentence for the record and the guide.")
@click.option("--kind", type=click.Choice(["invite", "reset", "notification"]), help="Of a mail.")
@click.option("--folder", type=click.Choice(["inbox", "spam"]), help="Where the mail was found.")
@door_options
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
def command(
    item: str,
    by: str,
    says: Literal["pass", "fail", "n/a"],
    evidence: str,
    note: str,
    kind: MailKind | None,
    folder: Literal["inbox", "spam"] | None,
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
    directory: str | None,
) -> int:
    """Answer ITEM of the checklist. Ends with 0 only when the answer is on disk."""
    if item == MAILS:
        options = options_of(resolver, ca, connect)
        data = _mail(evidence)
        if data is not None:
            _prove(data, kind, folder, signed(by), directory, options)
            return 0
    if kind or folder:
        raise Refused(f"--kind and --folder tell of a message or a bounce, as {MAILS} takes one.")
    text = _evidence(evidence)
    with opened(directory, by=signed(by)) as session:
        answer = session.attest(item, says, evidence=text, note=note, by=by)
        kept = ", ".join(id[:12] for id in answer.evidence) or "none"
        say(
            f"Recorded: {answer.by} says {answer.says} to {item} (evidence {kept}). "
            f"{session.verdict.headline}"
        )
    return 0


def _mail(given: str) -> bytes | None:
    """The evidence, if it is a message or a bounce."""
    from launchready_tui.commands.mail_message import read_message
    from launchready_tui.mail.received import what_is

    data = read_message(given[1:]) if given.startswith("@") else given.encode()
    return data if what_is(data) != "text" else None


def _prove(
    data: bytes,
    kind: MailKind | None,
    folder: Literal["inbox", "spam"] | None,
    by: str,
    directory: str | None,
    options: Options,
) -> None:
    """Read a mail, keep it as the proof of its kind, and judge the mails again."""
    from launchready_tui.mail.received import MAIL_ITEMS, what_is

    if kind is None:
        raise Refused("which mail is it? Say --kind invite, --kind reset or --kind notification.")
    if folder is None and what_is(data) == "message":
        raise Refused("where was it found? Say --folder inbox or --folder spam.")
    with opened(directory, options=options, by=by) as session:
        read = session.read_mail(data, kind, folder or "", by=by)
        kept = session.prove_mail(read)
        for line in read.lines:
            say(line)
        session.recheck(MAIL_ITEMS).wait()
        view = session.verdict.items[MAILS]
        say(
            f"Recorded: the {kind} (evidence {kept.evidence[:12]}). {view.item.title}:"
            f" {view.state}, {view.summary}. {session.verdict.headline}"
        )


def _evidence(given: str) -> str:
    """The text itself, or the content of the file after an @."""
    if not given.startswith("@"):
        return given
    path = Path(given[1:])
    try:
        with path.open("rb") as file:
            content = file.read(MAX_EVIDENCE + 1)
    except OSError as error:
        raise Refused(
            f"--evidence {given}: {error.strerror}. A text may not begin with @."
        ) from None
    if len(content) > MAX_EVIDENCE:
        raise Refused(f"--evidence {given}: larger than 1 MiB. Keep the lines that show it.")
    return content.decode("utf-8", "replace")
