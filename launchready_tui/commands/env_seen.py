"""What a folder says of its settings, joined with the record of the sprint it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.commands.refusal import Refused
from launchready_tui.facts.env_map import MapRow, rows
from launchready_tui.given import Target
from launchready_tui.model import Record
from launchready_tui.records.env_record import EnvVariables
from launchready_tui.records.trial_record import LiveCredentials

if TYPE_CHECKING:
    from launchready_tui.session import Session


class SeenMap(Record, frozen=True, kw_only=True):
    rows: tuple[MapRow, ...]
    missed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Env files among tests, examples or documentation."""


class Place(Record, frozen=True, kw_only=True):
    """A repository, and what the sprint it belongs to says of it and keeps of its settings."""

    repo: str
    target: Target
    records: EnvVariables = EnvVariables()
    trials: LiveCredentials = LiveCredentials()


def seen_in(directory: str) -> SeenMap:
    """Of a repository, or of a sprint's folder and the repository it names."""
    place = place_of(directory)
    return of_folder(Path(place.repo), place.records)


def place_of(directory: str) -> Place:
    """The repository of a folder, or the one that a sprint's folder names."""
    from launchready_tui.sprint import launchfile
    from launchready_tui.sprint.store import Store

    folder = Path(directory).absolute()
    if not folder.is_dir():
        found = "found a file" if folder.exists() else "and there is none"
        raise Refused(f"{directory}: expected a folder, {found}.")
    root = launchfile.find_sprint(folder)
    if root is None:
        return Place(repo=str(folder), target=Target(domain=""))
    store = Store.open(root, read_only=True)
    try:
        named = store.target.repo if folder == root else ""
        return Place(
            repo=named or str(folder),
            target=store.target,
            records=store.variables(),
            trials=store.trials(),
        )
    finally:
        store.close()


def of_session(session: Session) -> SeenMap:
    """Of the repository of an opened sprint; without one of its record alone."""
    records = session.store.variables()
    if not session.target.repo:
        return SeenMap(rows=rows(None, None, records))
    return of_folder(Path(session.target.repo), records)


def of_other_keys(directory: str) -> str:
    """Fingerprints on record that this machine's key did not make, in words; empty without."""
    from launchready_tui.session import Session
    from launchready_tui.sprint import launchfile

    root = launchfile.find_sprint(Path(directory).absolute())
    if root is None:
        return ""
    session = Session.open(root, read_only=True)
    try:
        return session.of_other_keys(
            "`launchready env map --record` makes them anew with this machine's key;"
            " `launchready env key import` brings the other one here."
        )
    finally:
        session.close()


def of_folder(repo: Path, records: EnvVariables) -> SeenMap:
    from launchready_tui.facts import credentials, env, env_files
    from launchready_tui.facts.walk import root_of
    from launchready_tui.model import CouldNotTell

    try:
        root = root_of(Target(domain="", repo=str(repo)))
    except CouldNotTell as error:
        raise Refused(str(error)) from None
    files = env_files.look(root)
    names = env.look(root, frozenset(name for file in files.files for name in file.names))
    missed = dict.fromkeys([*files.missed, *names.missed])
    missed |= dict.fromkeys(f"{f.path}: {f.problem}" for f in files.files if f.problem)
    judged = credentials.look(root, files)
    return SeenMap(
        rows=rows(files, names, records, judged), missed=tuple(missed), left_out=files.left_out
    )
