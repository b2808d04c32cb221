"""`launchready secrets scan`: search a folder, files or a stream for secrets, without a sprint."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from launchready_tui import __version__
from launchready_tui.commands import ignore
from launchready_tui.commands.output import emit, refuse_unwritable, say
from launchready_tui.commands.refusal import Refused
from launchready_tui.commands.reporting import report_options
from launchready_tui.commands.stopping import interruptible
from launchready_tui.text import plural

if TYPE_CHECKING:
    from launchready_tui.exports.secrets import SecretReport
    from launchready_tui.records.ignore_record import IgnoredHits
    from launchready_tui.secret import Secret
    from launchready_tui.secretscan.engine import Engine
    from launchready_tui.secretscan.found import SecretScan
    from launchready_tui.secretscan.search import Tell

ITEM = "secrets.scan"
MOST_ENV_BYTES = 1024 * 1024


@click.group(
    "secrets",
    epilog="""\b
Examples:
  launchready secrets scan . --history
  launchready secrets scan --help""",
)
def command() -> None:
    """Search code and its history for secrets."""


command.add_command(ignore.command)


@command.command(
    "scan",
    epilog="""\b
Examples:
  launchready secrets scan . --history         the tree and every old version
  launchready secrets scan src/app.ts dist     files and folders by name
  git diff | launchready secrets scan -
  launchready secrets scan . --known .env.production
  launchready secrets scan . --format json -o leaks.json
  launchready secrets scan . --baseline leaks.json --format sarif

In a repository the files that git holds or would hold are read, and what builds
put out; the secrets of .env files there are searched for byte by byte. A value
is never printed and nothing leaves this machine. A baseline holds places and no
values. A comment launchready:allow REASON in its line explains a hit away,
unless it has the form of a key that works; so does a note of the sprint in this
folder (launchready secrets ignore --help).

\b
Exit codes:
  0  no secret
  1  a secret at or above --fail-on that the baseline does not hold
  2  usage, or a path that is not there
  3  no secret, but a part could not be read (--allow-unknown lifts it)""",
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--history", is_flag=True, help="Every version of every file on every branch, too.")
@click.option(
    "--known",
    "known_files",
    multiple=True,
    metavar="ENVFILE",
    help="Search for the real values of this .env file. May be repeated.",
)
@click.option("--baseline", metavar="F", help="A JSON report: what it holds does not fail again.")
@report_options("text", "json", "sarif", unknown="a part could not be read")
@click.option("--quiet", is_flag=True, help="Print nothing where nothing was found: for hooks.")
def scan(
    paths: tuple[str, ...],
    history: bool,
    known_files: tuple[str, ...],
    baseline: str | None,
    form: str,
    output: str | None,
    fail_on: str,
    allow_unknown: bool,
    quiet: bool,
) -> int:
    """Search folders, files or stdin (-) for secrets."""
    from launchready_tui.commands.gate import FAULT, MET, NOT_KNOWN
    from launchready_tui.exports.secrets import failing
    from launchready_tui.model import Severity, State

    refuse_unwritable(output)
    _refuse_mixtures(paths, history=history)
    held = _baseline(baseline) if baseline else None
    known = [pair for file in known_files for pair in _known(file)]
    with interruptible():
        seen = _scanned(paths, known, history=history)
    report = _report(seen, paths, held)
    if not quiet or report.findings or report.items[0].cause:
        emit(_rendered(report, form, compared=held is not None), output)
    if any(failing(report, Severity(fail_on))):
        return FAULT
    untold = report.items[0].state != State.PASS and not report.findings
    partly = bool(report.items[0].cause)
    return NOT_KNOWN if (untold or partly) and not allow_unknown else MET


def _refuse_mixtures(paths: tuple[str, ...], *, history: bool) -> None:
    for path in paths:
        if path != "-" and not os.path.lexists(path):
            raise Refused(f"{path}: there is no such file or folder.")
        if _waits(path):
            raise Refused(
                f"{path}: expected a file or a folder, found a device or a pipe. Send it through"
                " stdin, and name it with -."
            )
    folders = [path for path in paths if path != "-" and Path(path).is_dir()]
    if len(folders) > 1:
        raise Refused("Scan one folder at a time: each has a history and a report of its own.")
    if history and not folders:
        raise Refused("--history goes with a folder: its repository is what has one.")


def _waits(path: str) -> bool:
    """A pipe or device by name, at which a scan might wait for ever; what a shell opened for us
    (/dev/fd/63, /dev/stdin) has somebody at its other end.
    """
    if path == "-" or path.startswith(("/dev/fd/", "/dev/std", "/proc/self/fd/")):
        return False
    try:
        mode = Path(path).stat().st_mode
    except OSError:
        return False  # opening it says why
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _scanned(
    paths: tuple[str, ...], known: list[tuple[str, Secret]], *, history: bool
) -> SecretScan:
    from launchready_tui.secretscan.content import Leftovers
    from launchready_tui.secretscan.history import repository
    from launchready_tui.secretscan.known import KnownValues
    from launchready_tui.secretscan.search import Search, known_in

    left = Leftovers()
    folder = next((Path(os.path.realpath(p)) for p in paths if p != "-" and Path(p).is_dir()), None)
    if folder is not None:
        known = [*known, *known_in(folder, left)]
    values = KnownValues(known)
    engine = _engine()
    if values.names:
        say(f"searching for {plural(len(set(values.names)), 'known value')}, too")
    search = Search(engine, values, _progress(), left)
    if folder is not None:
        repo = repository(folder)
        if repo is None or not repo.bare:
            search.folder(folder, repo)
        if history or (repo is not None and repo.bare):
            search.past(repo)
    for path in paths:
        if path == "-":
            search.stream("stdin", sys.stdin.buffer)
        elif not Path(path).is_dir():
            try:
                with closing(Path(path).open("rb")) as stream:
                    search.stream(_within(path), stream)
            except OSError as error:
                raise Refused(f"{path}: {error.strerror}.") from None
    return search.result()


def _within(path: str) -> str:
    """A file's path as a report should show it: from this folder where it lies below it."""
    try:
        return Path(os.path.abspath(path)).relative_to(Path.cwd()).as_posix()  # noqa: PTH100
    except ValueError:
        return Path(path).name


def _engine() -> Engine:
    from launchready_tui.secretscan.engine import best

    if sys.stderr is not None and sys.stderr.isatty():
        say("preparing the scanner; the first time takes some seconds")
    engine = best()
    if engine.info.reduced:
        say(
            "a reduced scan: the full engine is not installed here"
            ' (pip install "launchready-tui[scan]")'
        )
    return engine


def _progress() -> Tell:
    """How far it is: a line that is written over where a person watches, else nothing."""
    if sys.stderr is None or not sys.stderr.isatty():
        return lambda what, count: None
    last = time.monotonic()

    def tell(what: str, count: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > 0.2:
            last = now
            click.echo(f"\r\x1b[Klaunchready: {count:,} {what} read\r", err=True, nl=False)

    return tell


def _known(file: str) -> Iterator[tuple[str, Secret]]:
    from launchready_tui.facts import dotenv_raw
    from launchready_tui.secretscan.search import known_of

    try:
        if _waits(file):
            raise Refused(f"--known {file}: expected a file, found a device or a pipe.")
        with Path(file).open("rb") as stream:
            content = stream.read(MOST_ENV_BYTES + 1)
    except OSError as error:
        raise Refused(f"--known {file}: {error.strerror}.") from None
    if len(content) > MOST_ENV_BYTES:
        raise Refused(f"--known {file}: larger than 1 MiB, which no .env file is.")
    if dotenv_raw.read(content).encoding == "binary":
        raise Refused(f"--known {file}: it is no text, which every .env file is.")
    yield from known_of(content)


def _baseline(file: str) -> frozenset[str]:
    from launchready_tui.exports import json

    try:
        return json.baseline(Path(file).read_bytes()).fingerprints
    except OSError as error:
        raise Refused(f"--baseline {file}: {error.strerror}.") from None
    except json.NotAReport as error:
        raise Refused(
            f"--baseline {file}: {error}. Expected a report of secrets scan --format json."
        ) from None


def _report(seen: SecretScan, paths: tuple[str, ...], held: frozenset[str] | None) -> SecretReport:
    from datetime import UTC, datetime

    from msgspec.structs import replace

    from launchready_tui import verdict
    from launchready_tui.catalogue import load
    from launchready_tui.checks.secrets import scan as judge
    from launchready_tui.exports import report
    from launchready_tui.exports.secrets import report_of
    from launchready_tui.given import Moment, Target
    from launchready_tui.model import Kind, Unknown

    at = datetime.now(UTC).replace(microsecond=0)
    catalogue = load()
    # On its own the machine's word is the answer: there is no person to confirm it.
    item = replace(catalogue.item(ITEM), kind=Kind.PROBE)
    alone = Unknown(cause="this scan looks at secrets alone")
    outcome = judge(seen, alone, _ignored(paths), Moment(at=at))
    name = "stdin" if paths[0] == "-" else Path(os.path.realpath(paths[0])).name
    target = Target(domain="", repo=name)
    told = verdict.judge(
        replace(catalogue, items=(item,)), target, {ITEM: outcome}, {}, {}, at, seen_at=at
    )
    whole = report.report(told, target, version=__version__, at=at, requests={})
    return report_of(report.of_files(whole), seen, held)


def _ignored(paths: tuple[str, ...]) -> IgnoredHits:
    """The notes of the sprint that is about this folder, or the folder the paths start from."""
    from launchready_tui.badfile import BadFile
    from launchready_tui.facts.walk import root_of
    from launchready_tui.model import CouldNotTell
    from launchready_tui.records.ignore_record import IgnoredHits
    from launchready_tui.sprint.store import NotASprint, Store, find_sprint

    folder = next((path for path in paths if path != "-" and Path(path).is_dir()), ".")
    here = Path(os.path.realpath(folder))
    root = find_sprint(here)
    try:
        store = Store.open(root, read_only=True) if root else None
        mine = store is not None and Path(os.path.realpath(root_of(store.target))) == here
    except (BadFile, CouldNotTell, NotASprint, OSError):
        return IgnoredHits()
    return store.ignored() if store and mine else IgnoredHits()


def _rendered(report: SecretReport, form: str, *, compared: bool) -> str:
    from datetime import UTC, datetime

    from launchready_tui.catalogue import load
    from launchready_tui.exports import sarif, secrets

    if form == "sarif":
        return sarif.render(report, load(), compared=compared)
    if form == "json":
        return secrets.render_json(report)
    return secrets.render_text(report, at=report.at or datetime.now(UTC))
