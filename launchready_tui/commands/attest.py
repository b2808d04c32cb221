"""`launchready attest`: a person's answer, with what it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from launchready_tui.commands.opened import complete_item, opened, signed
from launchready_tui.commands.output import say
from launchready_tui.commands.refusal import Refused

MAX_EVIDENCE = 1024 * 1024


@click.command(
    "attest",
    epilog="""\b
Examples:
  launchready attest logs.review --by Anna --says pass --evidence @errors.txt
  launchready attest build.clean --by Anna --says n/a \\
      --evidence "a static site: nothing is built" --note "agreed with Ben"

`launchready explain ITEM` shows the question and the evidence it asks for. What is kept is
redacted first; secrets never reach the disk.""",
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
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
def command(
    item: str,
    by: str,
    says: Literal["pass", "fail", "n/a"],
    evidence: str,
    note: str,
    directory: str | None,
) -> int:
    """Answer ITEM of the checklist. Ends with 0 only when the answer is on disk."""
    text = _evidence(evidence)
    with opened(directory, by=signed(by)) as session:
        answer = session.attest(item, says, evidence=text, note=note, by=by)
        kept = ", ".join(id[:12] for id in answer.evidence) or "none"
        say(
            f"Recorded: {answer.by} says {answer.says} to {item} (evidence {kept}). "
            f"{session.verdict.headline}"
        )
    return 0


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
