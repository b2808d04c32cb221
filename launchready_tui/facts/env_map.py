"""The env map: every setting that code reads, a file sets or a record names, on one row."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.env_record import EnvVariable, EnvVariables
from launchready_tui.facts.env import EnvNames, Used, of_platform
from launchready_tui.facts.env_files import EnvFiles
from launchready_tui.facts.env_values import built_in, holds_secret
from launchready_tui.model import Record

ENVIRONMENTS = ("prod", "preview", "dev")
MOST_PLACES = 10


class MapRow(Record, frozen=True, kw_only=True):
    """One setting. `missing_in` are environments that need it and seem to lack it."""

    name: str
    referenced_in: tuple[str, ...] = ()
    documented: bool = False
    """An example file or a schema lists it."""
    present_in: tuple[str, ...] = ()
    missing_in: tuple[str, ...] = ()
    owner: str = ""
    sensitive: bool = False
    purpose: str = ""
    set_in: tuple[str, ...] = ()
    """Files and host configurations that name it."""
    recorded: bool = False
    needs: tuple[str, ...] = ()
    """What nobody has written down of it yet, in words."""


def rows(
    files: EnvFiles | None, names: EnvNames | None, records: EnvVariables
) -> tuple[MapRow, ...]:
    """One row a name, sorted. What a platform sets by itself is no row, unless it has a record."""
    used = {one.name: one for one in names.used if not one.only_tests} if names else {}
    places: dict[str, list[str]] = {}
    present: dict[str, set[str]] = {}
    folders: dict[str, set[str]] = {}
    documented: set[str] = set()
    secret: set[str] = set()
    there: dict[str, set[str]] = {}
    for file in files.files if files else ():
        folder = _folder(file.path)
        if file.environment not in ("example", "test"):
            there.setdefault(folder, set()).add(file.environment)
        for entry in file.entries:
            if file.environment == "example":
                documented.add(entry.name)
            elif file.environment != "test":
                folders.setdefault(entry.name, set()).add(folder)
                if not entry.empty:
                    present.setdefault(entry.name, set()).add(file.environment)
            places.setdefault(entry.name, []).append(f"{file.path}:{entry.line}")
            secret |= {entry.name} if entry.secret else set()
    for declared in names.declared if names else ():
        places.setdefault(declared.name, []).append(declared.where)
    kept = {one.name: one for one in records.variables}
    seen = _Seen(
        present=present, folders=folders, documented=documented, secret=secret, there=there
    )
    all_names = {*used, *places, *kept}
    return tuple(
        _row(name, used.get(name), kept.get(name), places.get(name, []), seen)
        for name in sorted(all_names)
        if name in kept or not of_platform(name)
    )


@dataclass(frozen=True)
class _Seen:
    """What env files say: where a name is set, listed, secret, and which environments have one."""

    present: dict[str, set[str]]
    folders: dict[str, set[str]]
    """By name, the folders whose files set it."""
    documented: set[str]
    secret: set[str]
    there: dict[str, set[str]]
    """By folder, the environments that have a file in it."""

    def beside(self, name: str, places: tuple[str, ...]) -> set[str]:
        """Environments that have a file for the part of the product a name belongs to: where it
        is set, else where the code that reads it lies or above that.
        """
        mine = self.folders.get(name) or {
            folder for folder in self.there if any(_is_below(place, folder) for place in places)
        }
        return set().union(*(self.there[folder] for folder in mine))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _secret(name: str, files: _Seen) -> bool:
    return name in files.secret or (holds_secret(name) and not built_in(name))


def _row(
    name: str,
    used: Used | None,
    record: EnvVariable | None,
    places: list[str],
    files: _Seen,
) -> MapRow:
    seen = set(files.present.get(name, ()))
    if record:
        seen |= {environment for environment, held in record.env.items() if held.present}
    sensitive = record.sensitive if record else _secret(name, files)
    order = (*ENVIRONMENTS, "any")
    shown = tuple(sorted(seen, key=lambda e: (order.index(e) if e in order else 9, e)))
    return MapRow(
        name=name,
        referenced_in=(used.places if used else ()) or (record.refs if record else ()),
        documented=name in files.documented,
        present_in=shown,
        missing_in=_missing(used, record, seen, files.beside(name, used.places if used else ())),
        owner=record.owner if record else "",
        sensitive=sensitive,
        purpose=record.purpose if record else "",
        set_in=tuple(dict.fromkeys(places))[:MOST_PLACES],
        recorded=record is not None,
        needs=_needs(record, sensitive=sensitive),
    )


def _needs(record: EnvVariable | None, *, sensitive: bool) -> tuple[str, ...]:
    """A secret needs a second owner and a day of replacement too, unless it is never replaced."""
    planned = record is not None and (record.rotate_every_days == 0 or record.next_due is not None)
    lacking = {
        "owner": not (record and record.owner.strip()),
        "second owner": sensitive and not (record and record.backup_owner.strip()),
        "purpose": not (record and record.purpose.strip()),
        "replacement day": sensitive and not planned,
    }
    return tuple(word for word, lacks in lacking.items() if lacks)


def _missing(
    used: Used | None, record: EnvVariable | None, seen: set[str], there: set[str]
) -> tuple[str, ...]:
    """By the record where it says what is required, else by the code, in environments with a file.

    What all environments share counts for each of them.
    """
    if "any" in seen:
        return ()
    if record and (record.required_in or record.optional_in):
        return tuple(e for e in record.required_in if e not in seen)
    needed = used is not None and used.strength != "default"
    if not needed and len(seen & set(ENVIRONMENTS)) == 0:
        return ()
    return tuple(e for e in ENVIRONMENTS if e in there and e not in seen)
