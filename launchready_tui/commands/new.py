"""`launchready new`: write launchready.toml and the consent."""

from __future__ import annotations

from pathlib import Path

import click

from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.opened import shown_path
from launchready_tui.commands.output import say
from launchready_tui.commands.refusal import Refused


@click.command(
    "new",
    epilog="""\b
Examples:
  launchready new . --domain acme.com --by Anna --consent passive
  launchready new acme --domain acme.com --repo ../acme-ops \\
      --client "Acme Ltd" --url https://app.acme.com --by Ben --consent active

Passive sends DNS questions, TLS handshakes, GET and HEAD to the domain, the names below it and the
hosts of the extra addresses. Give active only where you are authorised to test more than that.""",
)
@click.argument("directory", metavar="DIR")
@click.option("--domain", required=True, help="The domain that goes live, such as acme.com.")
@click.option("--repo", default="", metavar="P", help="The folder of the code.")
@click.option("--client", default="", metavar="C", help="Whom the sprint is for.")
@click.option("--url", "urls", multiple=True, metavar="U", help="Another address in scope.")
@click.option("--by", required=True, metavar="NAME", help="Who authorises the checks.")
@click.option(
    "--consent",
    type=click.Choice(["passive", "active"]),
    required=True,
    help="How far the checks may go.",
)
@door_options
def command(
    directory: str,
    domain: str,
    repo: str,
    client: str,
    urls: tuple[str, ...],
    by: str,
    consent: str,
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
) -> int:
    """Start a sprint in DIR: what it is about, and who authorised which checks."""
    from launchready_tui.model import Level
    from launchready_tui.session import Session
    from launchready_tui.sprint import recent

    if not by.strip():
        raise Refused("--by is empty: give the name of who authorises the checks.")
    root = Path(directory).absolute()
    if root.exists() and not root.is_dir():
        raise Refused(f"{directory}: expected a folder, found a file.")
    session = Session.create(
        root,
        domain=domain,
        repo=repo,
        client=client,
        urls=urls,
        by=by,
        level=Level(consent),
        options=options_of(resolver, ca, connect),
    )
    session.close()
    recent.add(root)
    say(
        f"The sprint is in {shown_path(root)}. Next: launchready check {shown_path(root)}, "
        f"or the wizard: launchready --dir {shown_path(root)}"
    )
    return 0
