"""`launchready waive`: a risk that somebody accepts, until a day."""

from __future__ import annotations

from datetime import date

import click

from launchready_tui.commands.opened import complete_item, opened, signed
from launchready_tui.commands.output import say
from launchready_tui.commands.refusal import Refused
from launchready_tui.text import plural


@click.command(
    "waive",
    epilog="""\b
Example:
  launchready waive dns.ttl --by Anna --until 2027-01-31 \\
      --why "The provider's plan has no shorter TTL; we move in January"

A waiver covers the faults that are open today, not later ones. It ends on its day, at most 180 days
from now, and then the fault returns. A committed secret cannot be accepted.""",
)
@click.argument("item", metavar="ITEM", shell_complete=complete_item)
@click.option("--by", required=True, metavar="NAME", help="Who accepts the risk.")
@click.option("--why", required=True, metavar="TEXT", help="The reason, for who reads it later.")
@click.option("--until", required=True, metavar="DATE", help="The last day, such as 2027-01-31.")
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
def command(item: str, by: str, why: str, until: str, directory: str | None) -> int:
    """Accept what is open on ITEM. Ends with 0 only when it is on disk."""
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise Refused(f"--until {until!r}: expected a day such as 2027-01-31.") from None
    with opened(directory, by=signed(by)) as session:
        waiver = session.waive(item, why=why, until=day, by=by)
        say(
            f"Recorded: {waiver.by} accepts {plural(len(waiver.covers), 'fault')} on {item} until "
            f"{waiver.until.isoformat()}. {session.verdict.headline}"
        )
    return 0
