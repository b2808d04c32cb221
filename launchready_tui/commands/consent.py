"""`launchready consent`: how far the checks of a sprint may go, and who says so."""

from __future__ import annotations

import click

from launchready_tui.commands.opened import opened, signed
from launchready_tui.commands.output import say


@click.command(
    "consent",
    epilog="""\b
Examples:
  launchready consent --level active --by Anna
  launchready consent --level passive --by Anna      take it back

passive  DNS questions, TLS handshakes, GET and HEAD, as a visitor would send
active   also probes that try things; each is told and allowed once more, per run
load     also probes that put load on the app for a moment

It covers the domain, the names below it and the hosts of the extra addresses.
Give it only where you are authorised to test that far.""",
)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option(
    "--level",
    required=True,
    type=click.Choice(["passive", "active", "load"]),
    help="How far the checks may go.",
)
@click.option("--by", required=True, metavar="NAME", help="Who authorises it.")
def command(directory: str | None, level: str, by: str) -> int:
    """Say how far the checks may go. Ends with 0 only when it is on disk."""
    from launchready_tui.model import Level

    with opened(directory, by=signed(by)) as session:
        session.consent(Level(level), by)
        scope = session.scope
        say(f"Recorded: {scope.by} authorises {level} checks of {', '.join(scope.hosts)}.")
    return 0
