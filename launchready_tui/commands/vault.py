"""`launchready vault`: secrets that checks may use, in the keyring and never in the record."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.hidden import piped
from launchready_tui.commands.opened import opened, sprint_root
from launchready_tui.commands.output import agreed, emit, say
from launchready_tui.commands.refusal import Refused
from launchready_tui.text import plural, safe

if TYPE_CHECKING:
    from launchready_tui.model import KnownKey
    from launchready_tui.session import Session
    from launchready_tui.vault.keychain import Keychain


@click.group(
    "vault",
    epilog="""\b
Examples:
  launchready vault list
  launchready vault set test-session          asks, and shows nothing
  pass show acme/token | launchready vault set cloudflare-token
  launchready vault delete test-session
  launchready vault purge                     at the end; the guide says so

A secret is read from a hidden prompt or from a pipe, never from the command
line, where every process of this machine could read it.

LAUNCHREADY_VAULT=keyring|file|memory decides where secrets rest. `file` is sealed with a password,
which is asked, or read from the file that LAUNCHREADY_VAULT_PASSWORD_FILE names.

\b
Exit codes:
  0  done, or listed
  2  usage, or nothing here could keep a secret
  3  of list: the keyring could not be asked, so what is there is not known""",
)
def command() -> None:
    """Keep the secrets that checks may use: in the keyring, or in a sealed file."""


@contextmanager
def _sprint(directory: str | None) -> Iterator[Session]:
    """The sprint, with a keychain that may ask this terminal. Its journal has what is done here."""
    from launchready_tui.commands.vault_password import keychain_of

    with opened(directory, quiet=True) as session:
        session.keychain = keychain_of(session.target.domain)
        yield session


@contextmanager
def _refusing() -> Iterator[None]:
    from launchready_tui.vault.ladder import VaultError

    try:
        yield
    except VaultError as error:
        raise Refused(str(error)) from None


def _insist_on_rest(keychain: Keychain, name: str) -> None:
    """What would be forgotten when this command ends is not taken."""
    if keychain.rests:
        return
    why = f" ({keychain.notice.rstrip('.')})" if keychain.notice else ""
    raise Refused(
        f"There is no keyring here that could keep a secret{why}. Give it to a run from an"
        f" environment variable instead:\n  launchready check --key {name}=VARIABLE\n"
        "or keep it in a file that is sealed with a password:\n"
        f"  LAUNCHREADY_VAULT=file launchready vault set {name}\n"
        "The wizard keeps it in memory until you leave."
    )


@command.command("list")
@click.argument("directory", metavar="[DIR]", required=False)
def list_names(directory: str | None) -> int:
    """List which secrets are there: names, never values."""
    from launchready_tui.catalogue import load
    from launchready_tui.commands.gate import MET, NOT_KNOWN
    from launchready_tui.commands.vault_password import keychain_of
    from launchready_tui.sprint.launchfile import read_target

    keychain = keychain_of(read_target(sprint_root(directory)).domain)
    held, rests = keychain.names(), keychain.rests
    known = {key.id: key.title for key in load().keys}
    wide = max(map(len, (*known, *held)))
    absent = "unknown" if keychain.notice else "missing"
    lines = [
        f"{'there  ' if name in held else absent}  {safe(name, one_line=True):<{wide}}"
        f"  {known.get(name, '')}".rstrip()
        for name in (*known, *(name for name in held if name not in known))
    ]
    emit("\n".join(lines) + "\n")
    say(f"kept in {keychain.where}" if rests else keychain.notice or "no keyring is used here")
    return NOT_KNOWN if keychain.notice else MET


@command.command("set")
@click.argument("name", metavar="NAME")
@click.argument("directory", metavar="[DIR]", required=False)
def set_one(name: str, directory: str | None) -> int:
    """Keep a secret, from a hidden prompt or from a pipe. One of that name is replaced."""
    from launchready_tui.secret import Secret
    from launchready_tui.vault.keychain import FINGERPRINT_KEY
    from launchready_tui.vault.ladder import check_name

    if name == FINGERPRINT_KEY:
        raise Refused("That is the key of fingerprints: see `launchready env key --help`.")
    if unnamed := check_name(name):
        raise Refused(unnamed)
    with _sprint(directory) as session, _refusing():
        keychain, keys = session.keychain, {key.id: key for key in session.catalogue.keys}
        _insist_on_rest(keychain, name)
        if name not in keys:
            from launchready_tui.badfile import close

            known = ", ".join(keys)
            say(f"no check asks for {name}; known are {known}. {close(name, keys)}".rstrip())
        value = _value(keys.get(name))
        if not value.strip():
            raise Refused("Nothing was given, so nothing was kept.")
        replaced = name in keychain.names()
        session.keep_secret(name, Secret(value))
        verb = "replaced" if replaced else "kept"
        say(f"{name} is {verb} in {keychain.where}.{_journalled(session)}")
    return 0


def _value(key: KnownKey | None) -> str:
    """What a pipe holds, or what is typed without being shown."""
    if (given := piped()) is not None:
        return given
    if key is not None:
        click.echo(f"{key.title}. {key.what}\n{key.how}", err=True)
    *open_ones, hidden = key.fields if key else ("Secret",)
    typed = [click.prompt(field, err=True) for field in open_ones]
    last = click.prompt(hidden, hide_input=True, default="", show_default=False, err=True)
    return "\n".join([*typed, last]) if last else ""


@command.command("delete")
@click.argument("name", metavar="NAME")
@click.argument("directory", metavar="[DIR]", required=False)
def delete_one(name: str, directory: str | None) -> int:
    """Take a secret away."""
    with _sprint(directory) as session, _refusing():
        keychain = session.keychain
        if name not in keychain.names():
            raise Refused(keychain.notice or f"There is no {name} in {keychain.where}.")
        session.forget_secret(name)
        say(f"{name} is gone from {keychain.where}.{_journalled(session)}")
    return 0


@command.command("purge")
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(directory: str | None, *, yes: bool) -> int:
    """Take every secret of this sprint away: at the end of it. It stands in the guide."""
    with _sprint(directory) as session, _refusing():
        if session.keychain.fallback:
            raise Refused(
                f"{session.keychain.fallback} What a keyring may hold was not taken away."
            )
        held = session.keychain.everything()
        if held and not yes:
            if not sys.stdin.isatty():
                raise Refused(f"{', '.join(held)} would go: say so with --yes.")
            if not agreed(f"Take away {', '.join(held)}?"):
                raise Refused("Nothing was taken away.")
        gone = session.purge_secrets()
        told = f"{plural(len(gone), 'secret')} taken away: {', '.join(gone) or 'none was left'}."
        say(f"{told}{_journalled(session)}")
    return 0


def _journalled(session: Session) -> str:
    """What to add where the journal could not be written."""
    if not session.read_only:
        return ""
    return f" The journal does not have it: {session.store.lock_holder}."
