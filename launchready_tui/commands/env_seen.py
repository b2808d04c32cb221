"""What a folder says of its settings, joined with the record of the sprint it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.commands.refusal import Refused
from launchready_tui.env_record import EnvVariables
from launchready_tui.facts.env_map import MapRow, rows
from launchready_tui.model import Record

if TYPE_CHECKING:
    from launchready_tui.session import Session


class SeenMap(Record, frozen=True, kw_only=True):
    rows: tuple[MapRow, ...]
    missed: tuple[str, ...] = ()


def seen_in(directory: str) -> SeenMap:
    """Of a repository, or of a sprint's folder and the repository it names."""
    from launchready_tui.sprint import launchfile
    from launchready_tui.sprint.store import Store

    folder = Path(directory).absolute()
    if not folder.is_dir():
        raise Refused(f"{directory}: expected a folder.")
    root = launchfile.find_sprint(folder)
    records, repo = EnvVariables(), folder
    if root is not None:
        store = Store.open(root, read_only=True)
        try:
            records = store.variables()
            if folder == root and store.target.repo:
                repo = Path(store.target.repo)
        finally:
            store.close()
    return of_folder(repo, records)


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
    from launchready_tui.facts import env, env_files
    from launchready_tui.facts.walk import root_of
    from launchready_tui.given import Target
    from launchready_tui.model import CouldNotTell

    try:
        root = root_of(Target(domain="", repo=str(repo)))
    except CouldNotTell as error:
        raise Refused(str(error)) from None
    files = env_files.look(root)
    names = env.look(root, frozenset(name for file in files.files for name in file.names))
    missed = dict.fromkeys([*files.missed, *names.missed])
    missed |= dict.fromkeys(f"{f.path}: {f.problem}" for f in files.files if f.problem)
    return SeenMap(rows=rows(files, names, records), missed=tuple(missed))
