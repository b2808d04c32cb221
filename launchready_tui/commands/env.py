"""`launchready env`: env files and the env map. What it prints are names and places, no values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui.commands import env_key, env_lint, env_record, env_verify
from launchready_tui.commands.output import emit, refuse_unwritable, say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.facts.env_databases import Value


@click.group(
    "env",
    epilog="""\b
Examples:
  launchready env lint .env .env.production
  launchready env map . --format json
  launchready env verify
  launchready env diff .env.staging .env.production
  launchready env set STRIPE_SECRET_KEY --owner ana@acme.example --by Anna
  launchready env set --all-unowned --owner ops@acme.example --by Anna
  launchready env import .env.example --by Anna
  launchready env export --format schema -o .env.schema

Names and places only: no value is printed or kept, and none is sent but by
verify --live, to the host that it names before.""",
)
def command() -> None:
    """Env files and the env map: lint, map, verify, diff, set, import, export, key."""


command.add_command(env_lint.command, "lint")
command.add_command(env_verify.command, "verify")
command.add_command(env_record.set_some, "set")
command.add_command(env_record.import_names, "import")
command.add_command(env_record.export_names, "export")
command.add_command(env_key.command, "key")


@command.command(
    "map",
    epilog="""\b
Examples:
  launchready env map
  launchready env map ~/clients/acme --format json
  launchready env map --record --by Anna

DIR is a repository, or a sprint's folder: then owners come from its record.
--record reads the env files of the sprint's repository and keeps of each secret
its public beginning, its length and a keyed fingerprint, never the value. Then
equal values are told also where a file is gone. What a host's export said
(env import) stays.""",
)
@click.argument("directory", metavar="[DIR]", default=".")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("-o", "--output", metavar="F", help="Write it there instead of stdout.")
@click.option("--record", is_flag=True, help="Keep fingerprints of the env files' secrets first.")
@click.option("--by", default="", metavar="NAME", help="Who records it.")
def show_map(directory: str, form: str, output: str | None, record: bool, by: str) -> int:
    """Every setting that code reads, a file sets or the record names."""
    from launchready_tui.commands.env_seen import of_other_keys, seen_in
    from launchready_tui.exports import env

    refuse_unwritable(output)
    if record:
        _record(directory, by)
    elif strange := of_other_keys(directory):
        say(strange)
    seen = seen_in(directory)
    render = env.map_json if form == "json" else env.map_text
    emit(render(seen.rows, seen.missed), output)
    if seen.left_out:
        shown = ", ".join(seen.left_out[:5])
        say(f"left out, as part of tests, examples or documentation: {shown}")
    return 0


def _record(directory: str, by: str) -> None:
    from launchready_tui.commands.opened import opened, signed

    with opened(directory, by=signed(by)) as session:
        recorded = session.record_env_files(by)
    say(recorded.sentence)
    env_record.tell(recorded.told)


@command.command(
    "diff",
    epilog="""\b
Example:
  launchready env diff .env.staging .env.production

Values are compared in memory under a key of this run. A value that could be
guessed is not compared, so that not even its equality is told.

\b
Exit codes:
  0  the same names, and no secret in both
  1  a name is in one file only, or a secret is the same in both
  2  usage, or a file that cannot be read""",
)
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def diff(first: str, second: str, form: str) -> int:
    """Compare two env files: names, and whether values are the same."""
    from launchready_tui.commands.gate import FAULT, MET
    from launchready_tui.exports import env
    from launchready_tui.facts.walk import shown

    one, other = _values(first), _values(second)
    pairs = {name: _compared(one[name], other[name]) for name in sorted(one.keys() & other.keys())}
    told = {
        "schema": 1,
        "a": shown(first),
        "b": shown(second),
        "only_in_a": sorted(one.keys() - other.keys()),
        "only_in_b": sorted(other.keys() - one.keys()),
        "variables": [{"name": name, "values": how} for name, how in pairs.items()],
    }
    if form == "json":
        emit(env.encoded(told))
    else:
        lines = [f"only in {shown(first)}: {name}" for name in sorted(one.keys() - other.keys())]
        lines += [f"only in {shown(second)}: {n}" for n in sorted(other.keys() - one.keys())]
        lines += [f"{how}: {name}" for name, how in sorted(pairs.items(), key=lambda p: p[1])]
        emit("\n".join(lines or ["neither file sets anything"]) + "\n")
    bad = one.keys() ^ other.keys() or "same secret" in pairs.values()
    return FAULT if bad else MET


def _values(file: str) -> dict[str, Value]:
    from launchready_tui.facts.env_drift import values_of
    from launchready_tui.facts.env_files import environment_of

    path = Path(file)
    found, problem = values_of(path, path.name, environment_of(path.name))
    if problem:
        raise Refused(f"{file}: {problem}.")
    return {value.name: value for value in found}


def _compared(one: Value, other: Value) -> str:
    from launchready_tui.facts.env_fingerprint import Fingerprints, weak
    from launchready_tui.facts.env_marks import shares_matter
    from launchready_tui.facts.env_values import says_secret

    if not one.value.strip() or not other.value.strip():
        both = not one.value.strip() and not other.value.strip()
        return "empty in both" if both else "empty in one"
    secret = shares_matter(one) or shares_matter(other) or says_secret(one.name)
    if secret and (weak(one.name, one.value.strip()) or weak(other.name, other.value.strip())):
        return "not compared (weak)"
    prints = Fingerprints()
    if prints.digits(one.value.strip()) != prints.digits(other.value.strip()):
        return "different"
    return "same secret" if secret else "same"
