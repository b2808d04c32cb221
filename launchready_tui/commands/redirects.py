"""`launchready redirects`: follow a list of old addresses, with or without a sprint."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui import __version__
from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.output import emit, refuse_unwritable, say
from launchready_tui.commands.refusal import Refused
from launchready_tui.commands.reporting import report_options

if TYPE_CHECKING:
    from launchready_tui.commands.looking import Look
    from launchready_tui.facts.redirect_map import RedirectMap
    from launchready_tui.facts.redirects import OldUrls
    from launchready_tui.network import Options

SECONDS = 900.0
"""The most one list may take; addresses not reached by then are not known."""
ITEM = "redirects.old-urls"
HOSTS_SHOWN = 12

EPILOG = """\b
MAP is one of these, or - for stdin; 5,000 addresses and 5 MiB at most:
  CSV      old,expected[,note]     a header, semicolons, # comments are fine
  TOML     [[redirect]]  old = "/old"  expected = "/new"
  sitemap  the XML of the old site
  list     one address a line
expected is where it should lead; gone for a page retired on purpose; empty
for any page that works. /paths need --host, or the sprint of this folder.

\b
Examples:
  launchready redirects old-urls.csv --host acme.com
  launchready redirects old-sitemap.xml --host acme.com --format json
  launchready redirects old-urls.toml -o redirects.txt --fail-on high

Only GET leaves, to the hosts in MAP and of --host and names below; a way that
leads elsewhere is told and not followed. stderr says beforehand what goes where.

\b
Exit codes:
  0  every address arrives
  1  one has a fault at or above --fail-on
  2  usage, or a line of MAP that cannot be used
  3  no fault, but one could not be followed (--allow-unknown lifts it)"""


@click.command("redirects", epilog=EPILOG)
@click.argument("file", metavar="MAP")
@click.option(
    "--host", "hosts", multiple=True, metavar="H", help="The host of /paths. May be repeated."
)
@door_options
@report_options("text", "json", unknown="one could not be followed")
def command(
    file: str,
    hosts: tuple[str, ...],
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
    form: str,
    output: str | None,
    fail_on: str,
    allow_unknown: bool,
) -> int:
    """Follow every old address of MAP to its end."""
    from launchready_tui.commands.gate import MET, NOT_KNOWN, exit_code
    from launchready_tui.model import Severity, State

    refuse_unwritable(output)
    options = options_of(resolver, ca, connect)
    homes = _homes(hosts)
    wanted = _map(file, homes)
    _announce(wanted)
    look, seen = _followed(wanted, homes, options)
    emit(_rendered(look, seen, form), output)
    views = look.verdict.items.values()
    code = exit_code(views, fail_on=Severity(fail_on), allow_unknown=allow_unknown)
    untold = any(view.state in (State.UNKNOWN, State.ERROR) for view in views)
    return NOT_KNOWN if code == MET and untold and not allow_unknown else code


def _homes(hosts: tuple[str, ...]) -> tuple[str, ...]:
    """The hosts that paths belong to: the named ones, else the domain of this folder's sprint."""
    from launchready_tui.domain import domain_of
    from launchready_tui.sprint import launchfile

    if hosts:
        return tuple(dict.fromkeys(map(domain_of, hosts)))
    root = launchfile.find_sprint(Path.cwd())
    return (launchfile.read_target(root).domain,) if root else ()


def _map(file: str, homes: tuple[str, ...]) -> RedirectMap:
    """The list; a path of it stands for itself on each of the homes."""
    from launchready_tui.badfile import bytes_of
    from launchready_tui.facts.redirect_map import MOST_BYTES, MOST_ENTRIES, RedirectMap, read_map

    path = Path("stdin") if file == "-" else Path(file)
    content = sys.stdin.buffer.read(MOST_BYTES + 1) if file == "-" else bytes_of(path, MOST_BYTES)
    goal = homes[0] if homes else ""
    maps = [read_map(path, content, home, goal) for home in homes or ("",)]
    entries = {entry.old: entry for one in maps for entry in one.entries}
    if len(entries) > MOST_ENTRIES:
        raise Refused(
            f"{file}: on {len(homes)} hosts these are {len(entries)} addresses;"
            f" at most {MOST_ENTRIES} are followed at once. Name fewer hosts."
        )
    return RedirectMap(name=maps[0].name, entries=tuple(entries.values()))


def _announce(wanted: RedirectMap) -> None:
    """Say what will be sent, before it is."""
    from urllib.parse import urlsplit

    counts = Counter(urlsplit(entry.old).hostname for entry in wanted.entries)
    shown = ", ".join(f"{host} ({n})" for host, n in counts.most_common(HOSTS_SHOWN))
    more = f" and {len(counts) - HOSTS_SHOWN} more hosts" if len(counts) > HOSTS_SHOWN else ""
    also = [host for host in wanted.hosts if host not in counts][:HOSTS_SHOWN]
    these = " and ".join(["these", *([", ".join(also)] if also else [])])
    on = f"; redirects are followed to {these} and names below only"
    say(
        f"following {len(wanted.entries)} old addresses: one GET each, one more for each redirect"
        f" and at most one with a campaign mark, to {shown}{more}{on}"
    )


def _followed(
    wanted: RedirectMap, homes: tuple[str, ...], options: Options
) -> tuple[Look, OldUrls]:
    import asyncio

    from msgspec.structs import replace

    from launchready_tui.catalogue import load
    from launchready_tui.commands import looking
    from launchready_tui.facts.redirects import OldUrls, follow
    from launchready_tui.given import Target
    from launchready_tui.model import Kind, Level
    from launchready_tui.network import Scope, open_network

    hosts = tuple(dict.fromkeys([*homes, *wanted.hosts]))
    scope = Scope(hosts=hosts, level=Level.PASSIVE, by="the command line", named=hosts)

    async def gathered() -> tuple[OldUrls, dict[str, int]]:
        async with open_network(scope, options) as net:
            arrivals = await follow(net, wanted.entries, SECONDS)
            home = homes[0] if homes else ""
            return OldUrls(name=wanted.name, home=home, arrivals=arrivals), net.log.counts()

    seen, counts = asyncio.run(gathered())
    catalogue = load()
    # On its own the machine's word is the answer: there is no person to confirm it.
    item = replace(catalogue.item(ITEM), kind=Kind.PROBE)
    look = looking.at_facts(
        {"OldUrls": seen},
        Target(domain=hosts[0]),
        looking.narrowed(catalogue, [item]),
        counts,
    )
    return look, seen


def _rendered(look: Look, seen: OldUrls, form: str) -> str:
    from launchready_tui.exports import redirects, report

    if form == "text":
        return redirects.render_text(seen, at=look.at, requests=sum(look.counts.values()))
    told = report.report(
        look.verdict, look.target, version=__version__, at=look.at, requests=look.counts
    )
    return redirects.render_json(told, seen)
