"""The env map: every setting that code reads, a file sets or a record names, on one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypedDict

from launchready_tui.credentials.judge import Judgement
from launchready_tui.credentials.kinds import by_id
from launchready_tui.facts.credentials import Credentials
from launchready_tui.facts.env import EnvNames, Used, of_platform
from launchready_tui.facts.env_files import EnvFiles
from launchready_tui.facts.env_values import built_in, holds_secret
from launchready_tui.model import Record
from launchready_tui.records.env_record import EnvVariable, EnvVariables

ENVIRONMENTS = ("prod", "preview", "dev")
MOST_PLACES = 10
MAY = {"narrow": "limited by its kind", "broad": "everything its account can do"}
"""What a shape tells of a credential's rights, in words for the record."""


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
    same_in: tuple[str, ...] = ()
    """Environments that hold one value, as the record knows it."""
    kind: str = ""
    """An id of checklists/credentials.toml: as recorded, else as the value's shape tells."""
    issued_at: str = ""
    may: str = ""
    """What it may do: as recorded, else as the shape tells."""
    basis: Literal["judged", "attested", "unknown"] = "unknown"

    @property
    def title(self) -> str:
        """Its kind in words; empty where nothing tells."""
        kind = by_id(self.kind)
        return kind.title if kind else ""

    @property
    def proposal(self) -> dict[str, str]:
        """What a machine would write into the record; nothing of it replaces what stands there."""
        told = {"kind": self.kind, "issued_at": self.issued_at}
        if self.basis == "judged":
            told |= {"least_privilege": self.may, "privilege_basis": self.basis}
        return {field: text for field, text in told.items() if text}

    needs: tuple[str, ...] = ()
    """What nobody has written down of it yet, in words."""


def rows(
    files: EnvFiles | None,
    names: EnvNames | None,
    records: EnvVariables,
    credentials: Credentials | None = None,
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
        if file.aside and file.environment == "test":
            continue
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
        present=present,
        folders=folders,
        documented=documented,
        secret=secret,
        there=there,
        judged=_by_name(credentials),
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
    judged: dict[str, Judgement]

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


def _by_name(credentials: Credentials | None) -> dict[str, Judgement]:
    """What the shape tells of each name: production's value where there is one."""
    order = (*ENVIRONMENTS, "any")
    found = credentials.found if credentials else ()
    ordered = sorted(found, key=lambda one: -order.index(one.environment))
    return {one.name: one.judged for one in ordered}


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
        same_in=tuple(dict.fromkeys(e for group in record.alike for e in group)) if record else (),
        needs=_needs(record, sensitive=sensitive),
        **_power(record, files.judged.get(name)),
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


class _Power(TypedDict):
    """The part of a row that is about what a credential is and opens."""

    kind: str
    issued_at: str
    may: str
    basis: Literal["judged", "attested", "unknown"]


def _power(record: EnvVariable | None, judged: Judgement | None) -> _Power:
    """By the record where it says something, else by the shape."""
    id = (record.kind if record else "") or (judged.kind if judged else "")
    kind = by_id(id)
    issued = (record.issued_at if record else "") or (kind.issued_at if kind else "")
    if record and record.least_privilege:
        return _Power(
            kind=id, issued_at=issued, may=record.least_privilege, basis=record.privilege_basis
        )
    may = MAY.get(judged.privilege, "") if judged and judged.mode != "test" else ""
    return _Power(kind=id, issued_at=issued, may=may, basis="judged" if may else "unknown")


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
