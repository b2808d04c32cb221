"""`launchready export`: the handover guide as a file."""

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

Beside the guide lies its checksum: `launchready verify` and `sha256sum -c` say whether anybody has
edited it since. The guide stays marked as a draft until the verdict is GO.""",
)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("-o", "--output", required=True, metavar="OUT", help="A folder, a .md file, or -")
def command(directory: str | None, output: str) -> int:
    """Write HANDOVER.md from what is recorded in the sprint of DIR."""
    with opened(directory, read_only=True) as session:
        if output == "-":
            emit(session.guide())
            return 0
        written = session.export(Path(output).absolute())
        draft = "" if session.verdict.word.startswith("GO") else " It is marked as a draft."
        say(f"Written: {shown_path(written)}. {session.verdict.headline}.{draft}")
    return 0
