"""`launchready paths`: where things are kept."""

from __future__ import annotations

from pathlib import Path

import click

from launchready_tui.commands.output import emit


@click.command(
    "paths",
    epilog="""\b
Example:
  launchready paths acme

One line each: a name, a tab, a path. A folder that is not there yet is made when it is needed.""",
)
@click.argument("directory", metavar="[DIR]", required=False)
def command(directory: str | None) -> int:
    """Print the folders that launchready reads and writes."""
    from platformdirs import user_state_path

    from launchready_tui.catalogue import data_folder
    from launchready_tui.sprint.store import find_sprint

    root = find_sprint(Path(directory or ".").absolute())
    rows = [("checklists", data_folder()), ("state", user_state_path("launchready"))]
    if root is not None:
        record = root / ".launchready"
        rows += [
            ("sprint", root),
            ("settings", root / "launchready.toml"),
            ("record", record),
            ("evidence", record / "evidence"),
            ("journal", record / "journal.jsonl"),
        ]
    emit("".join(f"{name}\t{path}\n" for name, path in rows))
    return 0
