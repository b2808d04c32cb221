"""The password of the sealed file, asked on a terminal and nowhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import click

from launchready_tui.rung import Locked
from launchready_tui.secret import Secret
from launchready_tui.vault.keychain import NOTHING, Keychain
from launchready_tui.vault.sealed_file import PASSWORD_FILE, SHORTEST


def keychain_of(domain: str, given: Mapping[str, Secret] = NOTHING) -> Keychain:
    """The secrets of a sprint, for a command: it may ask its person for the password."""
    return Keychain(domain, given, password=asked)


def asked(*, new: bool) -> Secret:
    """What is typed, without being shown. In CI nobody is asked, ever."""
    if os.environ.get("CI") or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Locked(
            "The sealed file wants its password and nobody can be asked here. Put it into a file"
            f" that only you can read, and name that file in {PASSWORD_FILE}."
        )
    if new:
        click.echo(
            f"A new sealed file. Its password has at least {SHORTEST} characters; if you lose it,"
            " what is in the file is lost.",
            err=True,
        )
    shown = "Password of the sealed file"
    typed = click.prompt(shown, hide_input=True, confirmation_prompt=new, err=True)
    return Secret(str(typed))
