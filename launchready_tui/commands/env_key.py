"""`launchready env key`: the key of a sprint's fingerprints, handed on, taken over, renewed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from launchready_tui.commands.hidden import hidden
from launchready_tui.commands.opened import opened, sprint_root
from launchready_tui.commands.output import agreed, emit, say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.fingerprint_key import FingerprintKey
    from launchready_tui.session import Session

MEANS = (
    "Fingerprints on record that were made with {} are not compared with new ones: record again"
    " with `launchready env map --record`, and give the new key to the team."
)


@click.group(
    "key",
    epilog="""\b
Examples:
  launchready env key export | pass insert -m acme/fingerprint-key
  pass show acme/fingerprint-key | launchready env key import
  launchready env key import                          asks, and shows nothing
  launchready env key renew                           a laptop was lost

The key rests in the keyring. With it and the record somebody could try short
words, so it goes through a password manager, never into a file or a chat.""",
)
def command() -> None:
    """The key of the fingerprints: give it, take it over, renew it."""


@command.command("export")
@click.argument("directory", metavar="[DIR]", required=False)
def export(directory: str | None) -> int:
    """Give the key as one line, for a password manager."""
    with opened(directory, read_only=True) as session:
        key = _key(session)
    if key is None:
        raise Refused(
            "There is no key yet. It is made when fingerprints are first recorded:\n"
            "  launchready env map --record"
        )
    shown = sys.stdout is not None and sys.stdout.isatty()
    if shown and not agreed("The key would be shown on this screen. Show it?"):
        raise Refused("Nothing was shown. Send it through a pipe: launchready env key export | …")
    emit(f"{key.line().reveal()}\n")
    return 0


@command.command("import")
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--yes", is_flag=True, help="Replace another key without asking.")
def take_over(directory: str | None, *, yes: bool) -> int:
    """Take over the team's key, from a hidden prompt or from a pipe."""
    from launchready_tui import fingerprint_key

    sprint_root(directory)  # before a key is asked for that has no place
    piped = not sys.stdin.isatty()
    given = hidden("The line that `env key export` gave")
    try:
        key = fingerprint_key.of_line(given)
    except fingerprint_key.NotAKey as error:
        raise Refused(f"This is not a key of fingerprints: {error}.") from None
    with _writing(directory) as session:
        before = _key(session)
        if before is not None and before.digits == key.digits:
            say(f"Key {key.ident} is here already.")
            return 0
        if before is not None:
            _insist(f"This puts {key.ident} in the place of {before.ident}.", before, yes, piped)
        _keep(session, before, key)
    say(f"Key {key.ident} is kept in {session.keychain.where}.")
    return 0


@command.command("renew")
@click.argument("directory", metavar="[DIR]", required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
def renew(directory: str | None, *, yes: bool) -> int:
    """Make another key: a laptop was lost, or the sprint is handed over."""
    from launchready_tui import fingerprint_key

    with _writing(directory) as session:
        before = _key(session)
        if before is not None:
            _insist("This makes another key.", before, yes, not sys.stdin.isatty())
        key = fingerprint_key.new(before)
        _keep(session, before, key)
    say(f"Key {key.ident} is kept in {session.keychain.where}.")
    return 0


@contextmanager
def _writing(directory: str | None) -> Iterator[Session]:
    """The sprint with a keyring that lasts, and no other window that still uses the old key."""
    with opened(directory) as session:
        if session.read_only:
            raise Refused(f"{session.store.lock_holder}: close it first.")
        keychain = session.keychain
        if not keychain.rests:
            why = keychain.notice or "There is no keyring here that could keep a key."
            raise Refused(f"{why} Without one, fingerprints end with each run.")
        yield session


def _key(session: Session) -> FingerprintKey | None:
    keychain = session.keychain
    key = keychain.fingerprint_key()
    if key is None and keychain.notice:
        raise Refused(keychain.notice)
    if key is None and keychain.why_no_key:
        say(keychain.why_no_key)
    return key


def _insist(what: str, before: FingerprintKey, yes: bool, piped: bool) -> None:
    say(f"{what} {MEANS.format(before.ident)}")
    if yes:
        return
    if piped:
        raise Refused("Nothing was changed: say so with --yes.")
    if not agreed("Go on?"):
        raise Refused("Nothing was changed.")


def _keep(session: Session, before: FingerprintKey | None, key: FingerprintKey) -> None:
    from launchready_tui.vault.ladder import VaultError

    try:
        session.keychain.keep_key(key)
    except VaultError as error:
        raise Refused(str(error)) from None
    instead = f" instead of {before.ident}" if before else ""
    session.store.remember(f"key of fingerprints {key.ident}{instead}", session.by)
