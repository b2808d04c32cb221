"""`launchready edge`: what hosts show from outside, several at once and without a sprint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from launchready_tui import __version__
from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.output import emit, refuse_unwritable
from launchready_tui.commands.reporting import report_options

if TYPE_CHECKING:
    from launchready_tui.catalogue import Catalogue
    from launchready_tui.commands.looking import Look
    from launchready_tui.given import Target

STAGES = (1, 4)
"""The audit from outside, and traffic."""
GUESSING = ("exposure.files", "access.open-pages")
"""Items that ask each host for dozens of addresses nobody linked to: left out by --no-guess."""

EPILOG = """\b
Examples:
  launchready edge acme.com
  launchready edge acme.com app.acme.com --format json -o edge.json
  launchready edge acme.com --fail-on high
  launchready edge acme.com --no-guess
  launchready edge acme.test --resolver 127.0.0.1:5353 --ca ca.pem

It is passive: DNS, TLS handshakes, GET and HEAD, to each HOST and the names
below it, and nothing is recorded. Names are guessed only below a domain as it
is bought: app.acme.com stands for itself. All hosts are looked at side by side,
each with a verdict of its own, about what a stranger sees. --no-guess leaves
out the files and admin pages that should not be there: about 50 requests for a
host alone. Several hosts share what one may be sent, so a host alone is looked
at more closely; what is left out is told.

\b
Exit codes:
  0  met
  1  an item fails at or above --fail-on
  2  usage or configuration
  3  nothing fails, but a blocker is unknown (--allow-unknown lifts it)"""


@click.command("edge", epilog=EPILOG)
@click.argument("hosts", metavar="HOST...", nargs=-1, required=True)
@door_options
@report_options("text", "json", "junit", unknown="a blocker is not known")
@click.option(
    "--guess/--no-guess", default=True, help="Also try addresses that nobody links to (default)."
)
def command(
    hosts: tuple[str, ...],
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
    form: str,
    output: str | None,
    fail_on: str,
    guess: bool,
    allow_unknown: bool,
) -> int:
    """Check names, certificates, redirects and proxy of each HOST."""
    from launchready_tui.commands import looking
    from launchready_tui.commands.gate import exit_code
    from launchready_tui.domain import domain_of
    from launchready_tui.model import Severity, State

    refuse_unwritable(output)
    options = options_of(resolver, ca, connect)
    targets = targets_of(dict.fromkeys(map(domain_of, hosts)))
    looks = looking.together(targets, options, catalogue(guess=guess))
    emit(_rendered(looks, form), output)
    views = [view for look in looks for view in look.verdict.items.values()]
    return exit_code(
        [view for view in views if view.state is not State.TODO],  # there is nobody to ask
        fail_on=Severity(fail_on),
        allow_unknown=allow_unknown,
    )


def targets_of(hosts: Iterable[str]) -> list[Target]:
    """Each host by itself. Below a bought domain, or beside others of it, no name is guessed."""
    from launchready_tui.facts.dns import registrable
    from launchready_tui.given import Target

    named = list(hosts)
    return [
        Target(
            domain=host,
            only=registrable(host) != host,
            elsewhere=tuple(other for other in named if other != host),
        )
        for host in named
    ]


def catalogue(*, guess: bool = True) -> Catalogue:
    """The items that can be seen from outside, by what their checks are made of."""
    from launchready_tui.catalogue import load
    from launchready_tui.commands.looking import narrowed

    whole = load()
    skipped = () if guess else GUESSING
    items = [i for i in whole.items if i.stage in STAGES and i.id not in skipped]
    return narrowed(whole, (item for item in items if outside(item.id)))


def outside(item: str) -> bool:
    """Whether a check has something to judge by what a stranger sees: from the network, without a
    secret and without the repository. What it can do without (`X | Unknown`) may be missing.
    """
    import launchready_tui.checks  # noqa: F401  registers every check, and with it every gatherer
    from launchready_tui import engine
    from launchready_tui.facts.repo import RepoFacts
    from launchready_tui.given import Keys
    from launchready_tui.network import Network

    inside = {Keys, RepoFacts}
    check = engine.CHECKS.get(item)
    needs = list(check.needs.values()) if check else []
    if any(inside & _needed(need.type) for need in needs if not need.tolerant):
        return False
    return any(Network in (found := _needed(need.type)) and not found & inside for need in needs)


def _needed(kind: type) -> set[type]:
    """What a fact cannot be gathered without, down to what a run is given; and the fact itself."""
    from launchready_tui import engine

    gatherer = engine.GATHERERS.get(kind.__name__)
    needs = gatherer.needs.values() if gatherer else ()
    return {kind}.union(*(_needed(need.type) for need in needs if not need.tolerant))


def _rendered(looks: list[Look], form: str) -> str:
    from launchready_tui.exports import json, junit, report, text

    if form == "text":
        return "\n".join(
            text.render(look.verdict, look.target, at=look.at, requests=sum(look.counts.values()))
            for look in looks
        )
    reports = [
        report.report(
            look.verdict, look.target, version=__version__, at=look.at, requests=look.counts
        )
        for look in looks
    ]
    return junit.render(*reports) if form == "junit" else json.render_all(reports, __version__)
