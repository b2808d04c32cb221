"""A secret that a command reads: from a pipe, or typed without being shown. Never an argument."""

from __future__ import annotations

import os
import sys

import click

from launchready_tui.commands.refusal import Refused
from launchready_tui.secret import Secret

MOST = 65_536


def piped() -> str | None:
    """What comes through a pipe; None where a person sits there."""
    if sys.stdin.isatty():
        return None
    given = sys.stdin.read(MOST + 1)
    if len(given) > MOST:
        raise Refused("What came through the pipe is larger than 64 KiB: no secret is.")
    return given.rstrip("\r\n")


def hidden(what: str) -> Secret:
    """A secret by pipe or hidden prompt. Refused where nothing came."""
    given = piped()
    if given is None:
        given = click.prompt(what, hide_input=True, default="", show_default=False, err=True)
    if not given.strip():
        raise Refused("Nothing was given, so nothing was done.")
    return Secret(given)


def of_variable(name: str) -> Secret:
    """A secret that stands in an environment variable of this process."""
    value = os.environ.get(name, "")
    if not value.strip():
        raise Refused(f"{name} is not set in this environment, or empty.")
    return Secret(value)
