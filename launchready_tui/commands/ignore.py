"""`launchready secrets ignore`: hits of the scan that are no secrets, with reason and owner."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.day import day
from launchready_tui.commands.opened import opened, signed
from launchready_tui.commands.output import emit, say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.session import Session


@click.command(
    "ignore",
    epilog="""\b
Examples:
  launchready secrets ignore                           what is on record
  launchready secrets ignore docs/login.md:12 --owner Ben --until 2027-01-31 \\
      --reason "the made-up password of our tutorial" --by Anna
  launchready secrets ignore --end quoted-secret-1a2b3c4d --by Anna

PLACE is one that the last check of the sprint showed. The note speaks for that
rule in that file, until its day, at most 180 days from now; a further hit there
ends it. A key with the form of one that works cannot be set aside.""",
)
@click.argument("place", metavar="[PLACE]", required=False)
@click.option("--reason", default="", metavar="TEXT", help="Why it is no secret.")
@click.option("--owner", default="", metavar="NAME", help="Who answers for that.")
@click.option("--until", type=day, metavar="DATE", help="The last day, such as 2027-01-31.")
@click.option("--end", default="", metavar="ID", help="Take this note off the record.")
@click.option("--by", default="", metavar="NAME", help="Who writes it down.")
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
def command(
    place: str | None,
    reason: str,
    owner: str,
    until: date | None,
    end: str,
    by: str,
    directory: str | None,
) -> int:
    """List the hits that are set aside, or set one aside."""
    if place and end:
        raise Refused("give a PLACE, or --end with the id of a note; one of the two.")
    if end:
        with opened(directory, by=signed(by)) as session:
            session.end_ignored(end, by)
            say(f"Ended: {end} sets nothing aside any more.")
        return 0
    if place is None:
        if reason or owner or until:
            raise Refused("which PLACE? Without one the command only lists.")
        with opened(directory, read_only=True) as session:
            emit(_listed(session))
        return 0
    told = {"--reason": reason, "--owner": owner, "--until": until}
    if lacking := [option for option, value in told.items() if not value]:
        raise Refused(
            f"{' and '.join(lacking)}: say why {place} is no secret, who answers for that"
            " and until which day, such as 2027-01-31."
        )
    assert until is not None
    with opened(directory, by=signed(by)) as session:
        kept = session.ignore_hit(place, reason=reason, owner=owner, expires=until, by=by)
        say(
            f"Recorded as {kept.id}: {kept.rule} in {kept.path} is no secret, until {kept.expires};"
            f" {kept.owner} answers for it. It counts from the next check on."
        )
    return 0


def _listed(session: Session) -> str:
    from launchready_tui.text import plural, safe

    held = session.store.ignored().hits
    today = datetime.now(UTC).date()
    if not held:
        return "No hit of the secret scan is set aside on record.\n"
    lines = [
        f"{one.id}  {one.path}, {plural(one.places, 'hit')} of {one.rule};"
        f" {'ended' if today > one.expires else 'until'} {one.expires}, owner {one.owner}:"
        f" {one.reason} ({one.by}, {one.at:%Y-%m-%d})"
        for one in held
    ]
    return "\n".join(safe(line, one_line=True) for line in lines) + "\n"
