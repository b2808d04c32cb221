"""`launchready verify`: is everything as it was written?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.opened import opened, shown_path
from launchready_tui.commands.output import emit, say
from launchready_tui.text import plural, safe

if TYPE_CHECKING:
    from launchready_tui.session import Session


@click.command(
    "verify",
    epilog="""\b
Examples:
  launchready verify
  launchready verify acme --guide handover/HANDOVER.md

Evidence is named by the SHA-256 of its content, so a changed byte shows. Without --guide the
HANDOVER.md of the sprint's folder is looked at, where there is one.
Exit 0 when all is as written, 1 when something is not.""",
)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--guide", metavar="FILE", help="The exported guide to look at.")
def command(directory: str | None, guide: str | None) -> int:
    """Compare evidence, records and the exported guide with what was written."""
    with opened(directory, read_only=True, quiet=True) as session:
        root = session.store.root
        looked_at = Path(guide) if guide else root / "HANDOVER.md"
        problems = [
            *session.store.verify(),
            *(str(damage) for damage in session.store.damaged()),
            *(_changed_guide(looked_at) if guide or looked_at.exists() else ()),
        ]
        for problem in problems:
            emit(f"{safe(problem, one_line=True)}\n")
        if looked_at.exists() and not _current(looked_at, session):
            say(f"{shown_path(looked_at)} is older than the record: export it again")
    if problems:
        say(f"{plural(len(problems), 'thing')} not as written")
        return 1
    say("evidence, records and guide are as they were written")
    return 0


def _changed_guide(path: Path) -> Iterator[str]:
    from launchready_tui.guide.written import trouble

    if problem := trouble(path):
        yield problem


def _current(path: Path, session: Session) -> bool:
    try:
        return path.read_text("utf-8", "replace") == session.guide()
    except OSError:
        return True  # already told as a problem
