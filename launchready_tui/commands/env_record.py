"""`launchready env set`, `import` and `export`: the sprint's record of settings, without values."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from launchready_tui.commands.day import day
from launchready_tui.commands.opened import opened, signed
from launchready_tui.commands.output import emit, refuse_unwritable, say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.session import Session

NO_NAME = "no name of a setting was found in it: expected NAME=value lines, JSON or a host's list"
TEXTS = {
    "--owner": "Who may replace it: a person or shared mailbox of the company.",
    "--backup-owner": "Who can when the owner cannot.",
    "--holder": "Who can open the store that holds it, if not the owner.",
    "--purpose": "What it is for.",
    "--breaks-without": "What stops without it.",
    "--issued-at": "Where it is made and revoked: the console's address.",
    "--stored-in": "Where it is held, such as vercel:acme; never a value.",
    "--least-privilege": "What it may do.",
    "--rotate-how": "How it is replaced.",
    "--deprecated": "What replaces it.",
    "--notes": "Anything else.",
}
"""Options that take words; each is a field of the record."""
LISTS = {
    "--required-in": "Environment that needs it. May be repeated.",
    "--optional-in": "Environment that may lack it. May be repeated.",
}


def _words(function: Any) -> Any:
    for option, told in reversed({**TEXTS, **LISTS}.items()):
        metavar = "ENV" if option in LISTS else "TEXT"
        function = click.option(option, metavar=metavar, help=told, multiple=option in LISTS)(
            function
        )
    return function


@click.command(
    "set",
    epilog="""\b
Examples:
  launchready env set STRIPE_SECRET_KEY --owner ana@acme.example \\
      --purpose "charges subscriptions" --required-in prod --by Anna
  launchready env set --all-unowned --owner ops@acme.example --by Anna
  launchready env set --judged --by Anna

--judged writes down what the shapes of values in env files show: the kind of a
credential, where it is made, what its kind may do. No value is kept, and
nothing that a person wrote is replaced.

All names or none are changed. `launchready` undoes them at once (u).""",
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--all-unowned", is_flag=True, help="Every setting that has no owner.")
@click.option("--judged", is_flag=True, help="Record what the shapes of credentials show.")
@_words
@click.option("--rotate-every", type=int, metavar="DAYS", help="0 for never, with --notes.")
@click.option("--last-rotated", type=day, metavar="DAY", help="A day.")
@click.option("--sensitive/--not-sensitive", default=None, help="Whether its value is a secret.")
@click.option("--build-time/--run-time", default=None, help="When its value is needed.")
@click.option("--by", default="", metavar="NAME", help="Who writes it down.")
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
def set_some(
    names: tuple[str, ...],
    all_unowned: bool,
    judged: bool,
    rotate_every: int | None,
    last_rotated: date | None,
    sensitive: bool | None,
    build_time: bool | None,
    by: str,
    directory: str | None,
    **words: Any,
) -> int:
    """Record who owns settings, and what they are for."""
    changes = {name: value for name, value in words.items() if value not in (None, ())}
    more: dict[str, object] = {
        "rotate_every_days": rotate_every,
        "last_rotated": last_rotated,
        "sensitive": sensitive,
        "build_time": build_time,
    }
    changes |= {name: value for name, value in more.items() if value is not None}
    if judged:
        return _judged(bool(names or changes or all_unowned), by, directory)
    if not changes:
        raise Refused("nothing to record: give --owner, --purpose or another option.")
    if bool(names) == all_unowned:
        raise Refused("name settings, or say --all-unowned; one of the two.")
    with opened(directory, by=signed(by)) as session:
        if all_unowned:
            from launchready_tui.commands.env_seen import of_session

            names = tuple(row.name for row in of_session(session).rows if not row.owner)
            if not names:
                say("Every setting has an owner already.")
                return 0
        new = [name for name in names if session.store.variables().get(name) is None]
        texts = any(isinstance(value, str) for value in changes.values())
        known = session.known_values() if texts else []
        kept = session.set_variables(names, changes, by, known)
        say(f"Recorded: {', '.join(one.name for one in kept)}.")
        tell(_strangers(session, new))
    return 0


def _strangers(session: Session, new: Collection[str]) -> Iterable[str]:
    """Of names recorded for the first time: those that nothing reads or sets, maybe misspelt."""
    from launchready_tui.badfile import close
    from launchready_tui.commands.env_seen import of_session

    if not new or not session.target.repo:
        return
    try:
        rows = of_session(session).rows
    except Refused:
        return  # the repository is not here: nothing is known of its names
    known = [row.name for row in rows if row.set_in or row.referenced_in]
    for name in new:
        if name not in known:
            near = close(name, known)
            yield f"{name}: no code here reads it and no env file sets it. {near}".rstrip()


def _judged(more: bool, by: str, directory: str | None) -> int:
    from launchready_tui.commands.env_seen import of_session

    if more:
        raise Refused("--judged takes what the machine saw; give names and words by themselves.")
    with opened(directory, by=signed(by)) as session:
        kept = session.keep_judged(of_session(session).rows, by)
    names = ", ".join(one.name for one in kept)
    say(f"Recorded: {names}." if kept else "The shapes show nothing that is not recorded yet.")
    return 0


@click.command(
    "import",
    epilog="""\b
Examples:
  launchready env import .env.example --by Anna
  launchready env import .env.schema --by Anna
  vercel env ls production | launchready env import - --environment prod \\
      --source vercel --by Anna

FILE is an example file, a schema, a host's export (NAME=value lines or JSON),
or - for stdin. Names and comments are kept; values are not, wherever they stand.
With --environment a keyed fingerprint of each secret is kept, where there is a
keyring: it tells which environments share a value, and nothing else.
What a person recorded before stays. Nothing in a schema is run.""",
)
@click.argument("file", metavar="FILE")
@click.option("--environment", default="", metavar="ENV", help="Where these settings are set.")
@click.option("--source", default="", metavar="HOST", help="What they were exported from.")
@click.option("--by", default="", metavar="NAME", help="Who writes it down.")
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
def import_names(file: str, environment: str, source: str, by: str, directory: str | None) -> int:
    """Record the names in FILE, with their comments."""
    from launchready_tui.badfile import bytes_of
    from launchready_tui.facts.env_example import listing
    from launchready_tui.facts.walk import MOST_BYTES
    from launchready_tui.text import plural

    path = Path(file)
    content = sys.stdin.buffer.read(MOST_BYTES + 1) if file == "-" else bytes_of(path, MOST_BYTES)
    if len(content) > MOST_BYTES:
        raise Refused(f"{file}: larger than 1 MiB.")
    with opened(directory, by=signed(by)) as session:
        known = session.target.environments
        if environment and environment not in known:
            raise Refused(f"--environment {environment}: expected one of {', '.join(known)}.")
        read = listing(content, known)
        if read.problem or not read.names:
            raise Refused(f"{'stdin' if file == '-' else file}: {read.problem or NO_NAME}.")
        where = source or (path.name if file != "-" else "pasted")
        if environment:
            recorded = session.record_export(
                content, read.names, environment=environment, source=where, by=by
            )
            say(f"{recorded.sentence} No value was kept.")
            tell(recorded.told)
        else:
            kept = session.import_names(read.names, by=by)
            count = plural(len(kept), "setting")
            say(f"Recorded {count} of {len(read.names)} named; no value was kept.")
    if read.holds_values and not environment:
        _tell_values(path.name, ", ".join(read.holds_values[:8]))
    if read.runs:
        say(f"{file} would run something on line {read.runs[0]}; it was not run.")
    if read.strange:
        say(f"{plural(read.strange, 'line')} could not be read as a setting.")
    return 0


@click.command(
    "export",
    epilog="""\b
Examples:
  launchready env export --format example
  launchready env export --format schema -o .env.schema

A file that is there already is shown as a difference and stays, without --replace.""",
)
@click.option(
    "--format", "form", type=click.Choice(["example", "schema"]), default="example",
    show_default=True,
)  # fmt: skip
@click.option("-o", "--output", metavar="F", help="Write it there instead of stdout.")
@click.option("--replace", "overwrite", is_flag=True, help="Replace a file that is there.")
@click.option("--dir", "directory", metavar="DIR", help="The sprint's folder instead of this one.")
def export_names(form: str, output: str | None, overwrite: bool, directory: str | None) -> int:
    """Write .env.example or .env.schema from the recorded names. Without values."""
    from launchready_tui.badfile import bytes_of
    from launchready_tui.exports import env

    refuse_unwritable(output)
    with opened(directory, read_only=True) as session:
        variables = session.store.variables().variables
    if not variables:
        raise Refused("no setting is on record: begin with `launchready env import` or `env set`.")
    text = env.schema(variables) if form == "schema" else env.example(variables)
    if output and output != "-" and Path(output).exists() and not overwrite:
        before = _names_only(bytes_of(Path(output)).decode("utf-8", "replace"))
        lines = difflib.unified_diff(before, text.splitlines(), output, "the record", lineterm="")
        emit("\n".join(lines) + "\n")
        raise Refused(f"{output} is there already and stays. Replace it with --replace.")
    emit(text, output)
    return 0


def _tell_values(file: str, listed: str) -> None:
    """Real secrets belong into an env file, and not into an example of one."""
    from launchready_tui.facts.env_files import environment_of

    if environment_of(file) == "example":
        say(f"{file} is an example, and holds what looks like real secrets: {listed}. Empty them.")
    else:
        say(f"Of values nothing was recorded ({listed}); --environment ENV says where they count.")


def tell(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        say(sentence)


def _names_only(text: str) -> list[str]:
    """A file's lines for showing: what stands behind a name is not shown."""
    return [
        line if line.lstrip().startswith("#") else f"{line.partition('=')[0]}="
        if "=" in line else line
        for line in text.splitlines()
    ]  # fmt: skip
