"""Where words go: data to stdout or to a file that is whole or not there, narration to stderr."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from launchready_tui.commands.refusal import Refused
from launchready_tui.text import safe


def emit(text: str, file: str | None = None) -> None:
    """Print data, or write it to a file. A reader that left early is not our failure."""
    if file and file != "-":
        write_whole(Path(file), text)
        return
    if sys.stdout is None:  # closed by whoever started us
        raise Refused("stdout is closed, so the report has nowhere to go; name a file with -o.")
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Python flushes stdout once more when it ends, and would complain about the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise Refused(f"stdout could not be written: {error.strerror}.") from None


def say(sentence: str) -> None:
    """Narrate on stderr."""
    click.echo(f"launchready: {safe(sentence, limit=4_000)}", err=True)


def agreed(question: str) -> bool:
    """Ask on stderr and read the answer; no is the default. click's own may write to stdout."""
    click.echo(f"{question} [y/N]: ", err=True, nl=False)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def refuse_unwritable(file: str | None) -> None:
    """Tell before the work begins that its result could not be written."""
    if not file or file == "-":
        return
    path = Path(file)
    if not path.absolute().parent.is_dir():
        raise Refused(f"{path} cannot be written: there is no folder {path.parent}.")
    if path.is_dir():
        raise Refused(f"{path} cannot be written: it is a folder.")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    from launchready_tui.sprint import atomic

    refuse_unwritable(str(path))
    atomic.write(path, text.encode("utf-8", "replace"))
