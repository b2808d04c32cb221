"""`launchready export`: the handover guide and its dates as files."""

from __future__ import annotations

from pathlib import Path

import click

from launchready_tui.commands.opened import opened, shown_path
from launchready_tui.commands.output import emit, say


@click.command(
    "export",
    epilog="""\b
Examples:
  launchready export -o handover/          writes handover/HANDOVER.md
  launchready export acme -o guide.md
  launchready export -o - | less
  launchready export --format ics -o dates.ics

Beside the guide lies launch-dates.ics: what comes due, for a calendar. Its checksum lies there too:
`launchready verify` and `sha256sum -c` say whether anybody has
edited it since. The guide stays marked as a draft until the verdict is GO.""",
)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option(
    "-o", "--output", required=True, metavar="OUT", help="A folder, a .md or .ics file, or -"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["guide", "ics"]),
    default="guide",
    show_default=True,
    help="The guide with its calendar file, or the calendar file alone.",
)
def command(directory: str | None, output: str, form: str) -> int:
    """Write HANDOVER.md from what is recorded in the sprint of DIR."""
    with opened(directory, read_only=True) as session:
        if output == "-":
            emit(session.calendar() if form == "ics" else session.guide())
            return 0
        if form == "ics":
            where = session.export_calendar(Path(output).absolute())
            say(f"Written: {shown_path(where)}. Import it into a calendar that two people see.")
            return 0
        written = session.export(Path(output).absolute())
        draft = "" if session.verdict.word.startswith("GO") else " It is marked as a draft."
        say(f"Written: {shown_path(written)}. {session.verdict.headline}.{draft}")
    return 0
