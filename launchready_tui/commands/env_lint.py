"""`launchready env lint`: how env files are written, by themselves or in a pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui import __version__
from launchready_tui.commands.output import emit, refuse_unwritable
from launchready_tui.commands.refusal import Refused
from launchready_tui.commands.reporting import report_options

if TYPE_CHECKING:
    from launchready_tui.commands.looking import Look
    from launchready_tui.facts.env_readers import Reader

ITEM = "env.files"
READERS = ("python", "npm", "node", "bash", "compose", "docker")
MOST_FILES = 200


@click.command(
    "lint",
    epilog="""\b
Examples:
  launchready env lint .env .env.production
  launchready env lint .env* --format json --fail-on high
  launchready env lint .env --reader python --reader compose

Programs read an env file differently. Which ones read yours is taken from the
manifests and scripts of the repository around it, or from --reader; with one
reader alone, differences are remarks. Values are never shown.

\b
Exit codes:
  0  no flaw at or above --fail-on
  1  a flaw at or above --fail-on
  2  usage
  3  no flaw, but a file could not be read (--allow-unknown lifts it)""",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--reader", "readers", multiple=True, type=click.Choice(READERS), help="Who reads it."
)
@report_options("text", "json", unknown="one could not be read")
def command(
    files: tuple[str, ...],
    readers: tuple[Reader, ...],
    form: str,
    output: str | None,
    fail_on: str,
    allow_unknown: bool,
) -> int:
    """Find what programs read differently, and values that are none."""
    from launchready_tui.commands.gate import MET, NOT_KNOWN, exit_code
    from launchready_tui.model import Severity

    refuse_unwritable(output)
    paths = _paths(files)
    look = _look(paths, readers)
    emit(_rendered(look, form), output)
    view = look.verdict.items[ITEM]
    code = exit_code([view], fail_on=Severity(fail_on), allow_unknown=allow_unknown)
    unread = bool(view.outcome and view.outcome.cause)
    return NOT_KNOWN if code == MET and unread and not allow_unknown else code


def _paths(files: tuple[str, ...]) -> list[Path]:
    if len(files) > MOST_FILES:
        raise Refused(f"these are {len(files)} files; at most {MOST_FILES} are read at once.")
    paths = [Path(file) for file in dict.fromkeys(files)]
    for path in paths:
        if path.is_dir():
            raise Refused(
                f"{path}: expected a file, found a folder. Name its env files: {path}/.env*"
            )
        if not path.exists():
            raise Refused(f"{path}: there is no such file. {_near(path)}".rstrip())
    return paths


def _near(path: Path) -> str:
    """The env file beside it that was probably meant."""
    from launchready_tui.badfile import close
    from launchready_tui.facts.env_files import ENV_FILE

    try:
        names = [entry.name for entry in path.parent.iterdir() if ENV_FILE.fullmatch(entry.name)]
    except OSError:
        return ""
    return close(path.name, names)


def _look(paths: list[Path], readers: tuple[Reader, ...]) -> Look:
    from msgspec.structs import replace

    from launchready_tui.catalogue import load
    from launchready_tui.checks.env_lint import ELSEWHERE
    from launchready_tui.commands import looking
    from launchready_tui.facts import env_lint
    from launchready_tui.given import Target

    seen = env_lint.alone(paths, readers)
    catalogue = load()
    item = catalogue.item(ITEM)
    # What other items say of a repository is a part of this one report.
    more = tuple(catalogue.fault(code)[1] for code in sorted(ELSEWHERE))
    item = replace(item, faults=(*item.faults, *more), needs="")
    return looking.at_facts(
        {"EnvLint": seen},
        Target(domain="env files"),
        looking.narrowed(catalogue, [item]),
        {},
    )


def _rendered(look: Look, form: str) -> str:
    from msgspec.structs import replace

    from launchready_tui.exports import json, report
    from launchready_tui.given import Target

    told = report.report(
        look.verdict, Target(domain=""), version=__version__, at=look.at, requests={}
    )
    if form == "json":
        return json.render(replace(report.of_files(told), at=None))
    from launchready_tui.text import plural, safe

    lines = [
        f"{one.subject}  {one.severity:<7}  {one.code}  {one.observed}" for one in told.findings
    ]
    item = told.items[0]
    if item.cause:
        lines.append(f"not known: {item.cause}")
    lines.append(plural(len(told.findings), "flaw") if told.findings else item.summary)
    return "\n".join(safe(line, one_line=True) for line in lines) + "\n"
