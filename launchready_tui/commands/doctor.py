"""`launchready doctor`: what this machine offers, and what each lack costs."""

from __future__ import annotations

import importlib.util
import locale
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from launchready_tui import __version__
from launchready_tui.commands.output import emit
from launchready_tui.text import safe

OLDEST_YEAR = 2025
"""A clock before this program was written makes every certificate look unborn."""

Row = tuple[str, str, str]
"""What was looked at, what was found, and what to do about it (empty where all is well)."""


@click.command(
    "doctor",
    epilog="""\b
Example:
  launchready doctor

Nothing leaves this machine. A line that begins with ! names a lack and what it costs.""",
)
def command() -> int:
    """Look at Python, terminal, secret store, resolver, git, extras and clock."""
    lines = []
    for name, found, lack in _rows():
        lines.append(f"{'!' if lack else ' '} {name:<12} {safe(found, one_line=True, limit=200)}")
        if lack:
            lines.append(f"               {lack}")
    emit("\n".join(lines) + "\n")
    return 0


def _rows() -> Iterator[Row]:
    yield "launchready", __version__, ""
    yield "python", f"{platform.python_version()} on {platform.system()}", ""
    yield _terminal()
    yield _colours()
    yield _encoding()
    yield _vault()
    yield from _sealed_files()
    yield _resolver()
    yield _git()
    yield from _extras()
    yield _clock()


def _terminal() -> Row:
    if not all(stream.isatty() for stream in (sys.stdin, sys.stderr)):
        return "terminal", "none", "The wizard needs one; check, status and export do not."
    term = os.environ.get("TERM", "")
    if term in ("", "dumb"):
        return "terminal", f"TERM={term or 'not set'}", "The wizard does not start on it."
    size = shutil.get_terminal_size()
    small = "The wizard works from 40x12 on." if size.columns < 40 or size.lines < 12 else ""
    return "terminal", f"{term}, {size.columns}x{size.lines}", small


def _colours() -> Row:
    if os.environ.get("NO_COLOR"):
        return "colours", "off (NO_COLOR)", ""
    return "colours", os.environ.get("COLORTERM") or "as the terminal says", ""


def _encoding() -> Row:
    name = locale.getencoding()
    lack = "" if "utf" in name.lower() else "Set LANG to a UTF-8 locale, such as C.UTF-8."
    return "encoding", name, lack


def _vault() -> Row:
    """Which rung of the vault's ladder is used, and why."""
    from launchready_tui.vault.ladder import VaultError, choose

    try:
        rung, why, *_ = choose("doctor")
    except VaultError as error:
        return "secrets", "no vault", str(error)
    except Exception as error:  # whatever a desktop's secret store does, the doctor goes on
        return "secrets", f"memory ({type(error).__name__})", _FORGOTTEN
    return "secrets", f"{rung.kind}, because {why}", "" if rung.rests else _FORGOTTEN


_FORGOTTEN = (
    "Secrets last for one session; nothing else is lost. LAUNCHREADY_VAULT=file keeps them in a"
    " file that is sealed with a password."
)


def _sealed_files() -> Iterator[Row]:
    from launchready_tui.vault.sealed_file import PASSWORD_FILE, place

    folder = place("doctor").parent
    files = sorted(path.stem for path in folder.glob("*.sealed"))
    if files:
        yield "sealed files", f"{', '.join(files)} in {folder}", ""
    named = os.environ.get(PASSWORD_FILE, "")
    if named and not os.access(named, os.R_OK):
        yield "sealed files", f"{PASSWORD_FILE}={named}", "That file cannot be read."


def _resolver() -> Row:
    try:
        text = Path("/etc/resolv.conf").read_text("utf-8", "replace")
    except OSError:
        return "resolver", "not known", "Name one with --resolver IP:PORT."
    servers = [
        line.split()[1]
        for line in text.splitlines()
        if line.startswith("nameserver") and len(line.split()) > 1
    ]
    if not servers:
        return "resolver", "none in /etc/resolv.conf", "Name one with --resolver IP:PORT."
    return "resolver", ", ".join(servers), ""


def _git() -> Row:
    found = shutil.which("git")
    lack = "" if found else "Tracked .env files and history are then unknown."
    return "git", found or "not found", lack


def _extras() -> Iterator[Row]:
    missing = [
        name for name in ("starlette", "uvicorn", "h2") if importlib.util.find_spec(name) is None
    ]
    if missing:
        lack = "launchready demo needs it: pip install 'launchready-tui[demo]'"
        yield "extra demo", f"{', '.join(missing)} not installed", lack
    else:
        yield "extra demo", "installed", ""
    if importlib.util.find_spec("kingfisher_sdk") is None:
        lack = (
            "Secrets are scanned for with a tenth of the rules: pip install 'launchready-tui[scan]'"
        )
        yield "extra scan", "not installed", lack
    else:
        yield "extra scan", "installed", ""


def _clock() -> Row:
    now = datetime.now(UTC)
    shown = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if now.year < OLDEST_YEAR:
        return "clock", shown, "It is behind: certificates and answers would be judged wrongly."
    return "clock", shown, ""
