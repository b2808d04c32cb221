"""`launchready except`: routes that bypass a protection on purpose, with reason and owner."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.opened import opened, signed
from launchready_tui.commands.output import emit, say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.given import Bypass
    from launchready_tui.session import Session

SHORT: dict[str, Bypass] = {
    "cache": "cache",
    "bot": "bot rules",
    "bots": "bot rules",
    "bot rules": "bot rules",
    "rate": "rate limit",
    "limit": "rate limit",
    "rate limit": "rate limit",
    "waf": "waf",
}
"""What people type, and what it is called."""


@click.command(
    "except",
    epilog="""\b
Examples:
  launchready except                                   what is on record
  launchready except /webhooks/payments --bypasses bot,cache --owner Ben \\
      --why "Stripe signs each call and cannot solve puzzles" --by Anna
  launchready except /webhooks/payments --end --by Anna

ROUTE is a path, on every host, or a full https address; a * at its end takes in what lies below.
The guide prints each one, so that nobody keeps an exception without knowing why.""",
)
@click.argument("route", metavar="[ROUTE]", required=False)
@click.option("--bypasses", default="", metavar="LIST", help="Of cache, bot, rate, waf; by commas.")
@click.option("--why", default="", metavar="TEXT", help="The reason, for who reads it later.")
@click.option("--owner", default="", metavar="NAME", help="Who answers for this route.")
@click.option("--by", default="", metavar="NAME", help="Who writes it down.")
@click.option("--end", is_flag=True, help="Take ROUTE off the record.")
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
def command(
    route: str | None,
    bypasses: str,
    why: str,
    owner: str,
    by: str,
    end: bool,
    directory: str | None,
) -> int:
    """List the routes that bypass a protection, or record one."""
    if route is None:
        if bypasses or why or owner or end:
            raise Refused("which ROUTE? Without one the command only lists.")
        with opened(directory, read_only=True) as session:
            emit(_listed(session))
        return 0
    from launchready_tui.given import RouteException

    with opened(directory, by=signed(by)) as session:
        if end:
            session.end_exception(route, by)
            say(f"Ended: {route} bypasses nothing any more, by this record.")
            return 0
        made = RouteException(
            route=route,
            bypasses=_bypasses(bypasses),
            why=why,
            owner=owner,
            by=by,
            at=datetime.now(UTC),
        )
        session.except_route(made)
        say(f"Recorded: {route} bypasses {', '.join(made.bypasses)}; {owner} answers for it.")
    return 0


def _bypasses(given: str) -> tuple[Bypass, ...]:
    names = [name.strip().lower() for name in given.split(",") if name.strip()]
    strange = next((name for name in names if name not in SHORT), None)
    if strange is not None:
        raise Refused(f"--bypasses {strange!r}: expected some of cache, bot, rate, waf.")
    return tuple(dict.fromkeys(SHORT[name] for name in names))


def _listed(session: Session) -> str:
    from launchready_tui.text import safe

    held = session.store.exceptions().exceptions
    if not held:
        return "No route bypasses a protection, by this record.\n"
    lines = [
        f"{one.route}  bypasses {', '.join(one.bypasses)}; owner {one.owner}: {one.why}"
        f" ({one.by}, {one.at:%Y-%m-%d})"
        for one in held
    ]
    return "\n".join(safe(line, one_line=True) for line in lines) + "\n"
