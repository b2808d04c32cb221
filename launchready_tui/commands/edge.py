"""`launchready edge`: what hosts show from outside, several at once and without a sprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from launchready_tui import __version__
from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.output import emit, refuse_unwritable

if TYPE_CHECKING:
    from launchready_tui.catalogue import Catalogue
    from launchready_tui.commands.looking import Look

TOPICS = ("dns", "site", "tls", "cloudflare")
ALSO = ("host.platform",)

EPILOG = """\b
Examples:
  launchready edge acme.com
  launchready edge acme.com app.acme.com --format json -o edge.json
  launchready edge acme.com --fail-on high
  launchready edge acme.test --resolver 127.0.0.1:5353 --ca ca.pem

It is passive: DNS, TLS handshakes, GET and HEAD, to each HOST and the names
below it, and nothing is recorded. The verdict is about the edge alone: names,
certificates, redirects, the proxy and the host.

\b
Exit codes:
  0  met
  1  an item fails at or above --fail-on
  2  usage or configuration
  3  nothing fails, but a blocker is unknown (--allow-unknown lifts it)"""


@click.command("edge", epilog=EPILOG)
@click.argument("hosts", metavar="HOST...", nargs=-1, required=True)
@door_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
)
@click.option("-o", "--output", metavar="F", help="Write the report there instead of stdout.")
@click.option(
    "--fail-on",
    type=click.Choice(["blocker", "high", "medium", "low", "info"]),
    default="medium",
    show_default=True,
    help="Exit 1 from this severity on.",
)
@click.option("--allow-unknown", is_flag=True, help="Exit 0 although a blocker is not known.")
def command(
    hosts: tuple[str, ...],
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
    form: str,
    output: str | None,
    fail_on: str,
    allow_unknown: bool,
) -> int:
    """Check names, certificates, redirects and proxy of each HOST."""
    from launchready_tui.commands import looking
    from launchready_tui.commands.gate import exit_code
    from launchready_tui.domain import domain_of
    from launchready_tui.given import Target
    from launchready_tui.model import Severity

    refuse_unwritable(output)
    options = options_of(resolver, ca, connect)
    targets = [Target(domain=host) for host in dict.fromkeys(map(domain_of, hosts))]
    catalogue = _edge()
    looks = [looking.once(target, options, None, catalogue) for target in targets]
    emit(_rendered(looks, form), output)
    return exit_code(
        [view for look in looks for view in look.verdict.items.values()],
        fail_on=Severity(fail_on),
        allow_unknown=allow_unknown,
    )


def _edge() -> Catalogue:
    """The items that can be seen from outside."""
    from launchready_tui.catalogue import load
    from launchready_tui.commands.looking import narrowed

    catalogue = load()
    return narrowed(
        catalogue,
        (i for i in catalogue.items if i.id.partition(".")[0] in TOPICS or i.id in ALSO),
    )


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
