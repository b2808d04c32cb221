"""`launchready env verify`: what the shapes of credentials say, in each environment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from launchready_tui import __version__
from launchready_tui.commands.door import door_options, options_of
from launchready_tui.commands.output import emit, refuse_unwritable
from launchready_tui.commands.refusal import Refused
from launchready_tui.commands.reporting import report_options

if TYPE_CHECKING:
    from launchready_tui.commands.env_seen import Place
    from launchready_tui.commands.looking import Look
    from launchready_tui.facts.credentials import Credentials
    from launchready_tui.facts.env_lint import EnvLint
    from launchready_tui.model import Fact

ITEMS = ("env.verified", "access.least-privilege", "env.files")
OF_FILES = ("cred-weak", "env-mode-mismatch")
"""What the lines of the files say of credentials; how a file is written is for `env lint`."""


@click.command(
    "verify",
    epilog="""\b
Examples:
  launchready env verify
  launchready env verify ~/clients/acme --format json
  launchready env verify --fail-on high -o credentials.txt
  launchready env verify --live STRIPE_SECRET_KEY --env prod --by Anna

DIR is a repository, or a sprint's folder: then what its env map says a key may
do counts. Env files of examples and tests are left out. A value never leaves
memory, and nothing is sent; whether a key works is not known from its shape.

With --live the named settings are tried, once each: a provider's key by one
GET, a key of AWS by a signed one, a PostgreSQL or Redis database or a mail
login by a sign-in. Host and request are shown first. The consent of the sprint
has to reach “active”.

\b
Exit codes:
  0  no fault at or above --fail-on; with --live, all of them work
  1  a fault at or above --fail-on; with --live, one is refused
  2  usage, a folder that is not there, or nobody allowed it
  3  no fault, but no env file was there or one could not be read
     (--allow-unknown lifts it); with --live, one is not known""",
)
@click.argument("directory", metavar="[DIR]", default=".")
@report_options("text", "json", unknown="one could not be read")
@click.option("--live", metavar="NAME", multiple=True, help="Try this setting; may be repeated.")
@click.option(
    "--env", "environment", default="prod", show_default=True, help="Of --live: which one."
)
@click.option("--file", default="", metavar="PATH", help="Of --live: this env file alone.")
@click.option("--by", default="", metavar="NAME", help="Of --live: who allows it.")
@click.option("--yes", is_flag=True, help="Of --live: allow it without being asked.")
@click.option("--key", "keys", metavar="NAME=ENVVAR", multiple=True, help="Of --live: its value.")
@click.option(
    "--answer", default="", metavar="TEXT|@FILE", help="Of --live: what its database told you."
)
@door_options
def command(
    directory: str,
    form: str,
    output: str | None,
    fail_on: str,
    allow_unknown: bool,
    live: tuple[str, ...],
    resolver: str,
    ca: str,
    connect: tuple[str, ...],
    **how: Any,
) -> int:
    """Judge credentials by their shape; with --live try them once."""
    if live:
        from launchready_tui.commands.env_live import try_live

        refuse_unwritable(output)
        options = options_of(resolver, ca, connect)
        return try_live(directory, live, form=form, output=output, options=options, **how)
    from launchready_tui.commands.env_seen import place_of
    from launchready_tui.commands.gate import MET, NOT_KNOWN, exit_code
    from launchready_tui.model import Severity

    refuse_unwritable(output)
    place = place_of(directory)
    seen, facts = _gathered(place)
    look = _look(place, facts)
    emit(_rendered(seen, look, form, place), output)
    views = [look.verdict.items[item] for item in ITEMS]
    code = exit_code(views, fail_on=Severity(fail_on), allow_unknown=True)
    unread = bool(seen.missed) or not seen.files
    return NOT_KNOWN if code == MET and unread and not allow_unknown else code


def _gathered(place: Place) -> tuple[Credentials, dict[str, Fact]]:
    from launchready_tui.facts import credentials, env_files, env_lint
    from launchready_tui.facts.walk import root_of
    from launchready_tui.given import Target
    from launchready_tui.model import CouldNotTell

    try:
        root = root_of(Target(domain="", repo=place.repo))
    except CouldNotTell as error:
        raise Refused(str(error)) from None
    files = env_files.look(root)
    seen = credentials.look(root, files)
    return seen, {"Credentials": seen, "EnvLint": _of_credentials(env_lint.look(root, files))}


def _of_credentials(lint: EnvLint) -> EnvLint:
    from msgspec.structs import replace

    return replace(
        lint,
        files=tuple(
            replace(file, flaws=tuple(flaw for flaw in file.flaws if flaw.code in OF_FILES))
            for file in lint.files
        ),
    )


def _look(place: Place, facts: dict[str, Fact]) -> Look:
    from msgspec.structs import replace

    from launchready_tui.catalogue import load
    from launchready_tui.commands import looking

    catalogue = load()
    name = Path(place.repo).name
    return looking.at_facts(
        facts,
        replace(place.target, domain=name),
        looking.narrowed(catalogue, [catalogue.item(item) for item in ITEMS]),
        {},
        looking.People(variables=place.records, trials=place.trials),
    )


def _rendered(seen: Credentials, look: Look, form: str, place: Place) -> str:
    from launchready_tui.exports import credentials, report, trial
    from launchready_tui.given import Target

    outcomes = [view.outcome for view in look.verdict.items.values() if view.outcome]
    told = report.report(look.verdict, Target(domain=""), version=__version__, at=None, requests={})
    render = credentials.to_json if form == "json" else credentials.to_text
    own = {one.name for one in seen.found if one.environment != "any"}
    tried = {
        (t.name, t.environment if t.name in own else "any"): trial.short(t)
        for t in place.trials.trials
    }
    return render(credentials.lines(seen, outcomes, tried), told, seen.missed)
