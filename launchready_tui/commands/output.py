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
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Python flushes stdout once more when it ends, and would complain about the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(sentence: str) -> None:
    """Narrate on stderr."""
    click.echo(f"launchready: {safe(sentence, limit=4_000)}", err=True)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    import tempfile  # 3 ms, and --help writes no file

    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise Refused(f"{path} cannot be written: {error.strerror}.") from None


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
