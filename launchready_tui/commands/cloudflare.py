"""`launchready cloudflare`: the zone at Cloudflare, read with a token and kept as evidence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.opened import opened, shown_path, signed
from launchready_tui.commands.output import say
from launchready_tui.commands.refusal import Refused
from launchready_tui.text import plural

if TYPE_CHECKING:
    from launchready_tui.exports.cloudflare import ExportFile
    from launchready_tui.facts.cloudflare_zone import CloudflareZone
    from launchready_tui.network import Options
    from launchready_tui.secret import Secret
    from launchready_tui.session import Session

MOST_BYTES = 4_096

EPILOG = """\b
Examples:
  launchready cloudflare
  launchready cloudflare acme -o handover/cloudflare
  pass show cloudflare | launchready cloudflare --token-from -

\b
Written, as far as the token may read it: zone.bind (the zone file),
records.json (with the proxied flags), settings.toml and rules.toml. They are
redacted and kept under .launchready/evidence/ by their SHA-256; with -o also
under their names.

\b
The token: for one zone and three days, with Read on Zone, DNS, Zone Settings,
Zone WAF, Cache Settings, Page Rules, SSL and Certificates, Bot Management.
Only GET is sent, about 30 times, and to api.cloudflare.com alone. A global
API key is refused and never sent.

\b
Exit codes:
  0  all was read
  2  usage; no token, or one that is refused: nothing was exported
  3  a part was not readable"""


@click.command("cloudflare", epilog=EPILOG)
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--by", default="", metavar="NAME", help="Who exports, for the journal.")
@click.option("-o", "--output", metavar="FOLDER", help="Write the files there by name too.")
@click.option(
    "--token-from",
    metavar="FILE",
    help="Read the token from a file, or - for stdin, instead of from the vault.",
)
@door_options
def command(
    directory: str | None,
    by: str,
    output: str | None,
    token_from: str | None,
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
) -> int:
    """Export zone, settings and rules of the sprint in DIR from Cloudflare."""
    from launchready_tui.exports.cloudflare import files

    options = options_of(resolver, ca, connect)
    with opened(directory, by=signed(by) if by else "") as session:
        if session.read_only:
            raise Refused(f"{session.store.lock_holder}: nothing could be kept.")
        zone, zone_file = _read(session, options, token_from)
        if zone.zone is None:
            raise Refused(f"Nothing was exported: {zone.gap('zone')}.")
        made = files(zone, zone_file)
        _kept(session, made)
        if output:
            _written(Path(output).absolute(), made)
    for entry in zone.not_read:
        say(entry.told)
    say(f"{zone.zone.name}: {plural(len(made), 'file')}, {plural(len(zone.records), 'record')}")
    return 3 if zone.not_read else 0


def _read(session: Session, options: Options, token_from: str | None) -> tuple[CloudflareZone, str]:
    import asyncio

    from launchready_tui.commands.vault_password import asked
    from launchready_tui.facts.cloudflare_api import KEY, NO_TOKEN, held_token, read_zone
    from launchready_tui.given import Keys
    from launchready_tui.model import CouldNotTell
    from launchready_tui.network import open_network
    from launchready_tui.vault.ladder import Vault, VaultError

    target = session.target
    name = getattr(session.facts.get("DnsSetup"), "zone", "") or target.domain

    async def looked() -> tuple[CloudflareZone, str]:
        if token_from is not None:
            token = _token(token_from)
        else:
            vault = Vault.open(target.domain, asked)
            vault.get(KEY)  # here a person can still be asked for a password
            token = await held_token(Keys(vault.list, vault.get))
        async with open_network(session.scope, options) as net:
            return await read_zone(net, token, name, with_file=True)

    try:
        return asyncio.run(looked())
    except (CouldNotTell, VaultError) as error:
        also = ", or give one with --token-from" if str(error) == NO_TOKEN else ""
        raise Refused(f"{error}{also}") from None


def _token(file: str) -> Secret:
    from launchready_tui.secret import Secret

    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"--token-from {file}: {error.strerror}.") from None
    return Secret(content[: MOST_BYTES + 1].decode("utf-8", "replace").strip())


def _kept(session: Session, made: tuple[ExportFile, ...]) -> None:
    """As evidence, named by content; the journal says what is what."""
    ids = [session.store.add_evidence(file.text, file.ext) for file in made]
    told = ", ".join(f"{file.name} {id[:12]}" for file, id in zip(made, ids, strict=True))
    session.store.remember(f"export from Cloudflare: {told}", session.by)
    for file, id in zip(made, ids, strict=True):
        say(f"{file.name}: .launchready/evidence/{id}.{file.ext}")


def _written(folder: Path, made: tuple[ExportFile, ...]) -> None:
    from launchready_tui.sprint import atomic, evidence

    for file in made:
        atomic.write(folder / file.name, evidence.redacted(file.text, file.ext))
    say(f"written to {shown_path(folder)}: {', '.join(file.name for file in made)}")
