"""Opening the sprint a command is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.network import Options
    from launchready_tui.session import Session


def sprint_root(directory: str | None) -> Path:
    """The folder of the sprint at or above `directory` (this folder for None)."""
    from launchready_tui.sprint.store import find_sprint

    start = Path(directory or ".").absolute()
    if not start.exists():
        raise Refused(f"{directory}: there is no such folder.")
    if not start.is_dir():
        raise Refused(f"{directory}: expected a folder, found a file.")
    root = find_sprint(start)
    if root is None:
        raise Refused(
            f"{start}: there is no sprint here or above (no launchready.toml). Start one with\n"
            "  launchready new DIR --domain DOMAIN --by NAME --consent passive\n"
            "or look once, recording nothing, with\n"
            "  launchready check --domain DOMAIN"
        )
    return root


@contextmanager
def opened(
    directory: str | None,
    *,
    options: Options | None = None,
    read_only: bool = False,
    by: str = "",
    quiet: bool = False,
) -> Iterator[Session]:
    """The sprint, closed again whatever happens. Records nobody can read are told, unless `quiet`:
    a lost waiver or consent changes the verdict, and the person has to know why."""
    from launchready_tui.commands.output import say
    from launchready_tui.session import Session

    session = Session.open(sprint_root(directory), options, read_only=read_only, by=by)
    try:
        for damage in () if quiet else session.store.damaged():
            say(f"a record could not be read and is left as it is: {damage}")
        yield session
    finally:
        session.close()


def signed(by: str) -> str:
    """Who records something. An empty name must not become that of whoever gave the consent."""
    if not by.strip():
        raise Refused("--by is empty: give your name, it stands in the record and the guide.")
    return by


def complete_item(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Item ids for the shell's completion."""
    from launchready_tui.catalogue import load

    return [
        CompletionItem(item.id, help=item.title)
        for item in load().items
        if item.id.startswith(incomplete)
    ]


def shown_path(path: Path) -> str:
    """A path as the user would type it from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
