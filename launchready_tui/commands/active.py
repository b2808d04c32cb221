"""`launchready active`: which probes send more than a visitor would, and what each would send."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from launchready_tui.commands.opened import opened
from launchready_tui.commands.output import emit

if TYPE_CHECKING:
    from launchready_tui.catalogue import Catalogue


@click.command(
    "active",
    epilog="""\b
Examples:
  launchready active
  launchready check --active cors-preflight
  launchready check --active all --yes

Nothing is sent by this command. In a sprint it also says which secrets are there
and whether the consent goes far enough.""",
)
@click.argument("directory", metavar="[DIR]", required=False)
def command(directory: str | None) -> int:
    """List the active probes: what they send, where, how often, for how long."""
    from pathlib import Path

    from launchready_tui.catalogue import load
    from launchready_tui.sprint.store import find_sprint

    if directory or find_sprint(Path.cwd()):
        with opened(directory, read_only=True, quiet=True) as session:
            held = session.keychain.names()
            emit(_listed(session.catalogue, held) + _consent(session.scope.level))
        return 0
    emit(_listed(load(), ()))
    return 0


def _listed(catalogue: Catalogue, held: tuple[str, ...]) -> str:
    from launchready_tui.commands.permits import plan_lines

    lines: list[str] = []
    for probe in catalogue.active:
        *told, end = plan_lines([probe], held)
        lines += [*told, f"  {'Tells of':<9} {', '.join(probe.items)}", end]
    return "\n".join(lines) + "\n"


def _consent(level: str) -> str:
    told = f"The consent of this sprint goes as far as “{level}”."
    if level == "passive":
        told += " To go further: launchready consent --level active --by NAME"
    return f"{told}\n"
