"""Where environments share a value or lack one: compared by fingerprints, told without values."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Literal

from launchready_tui.engine import fact
from launchready_tui.facts import dotenv_raw
from launchready_tui.facts.env import of_platform
from launchready_tui.facts.env_databases import Value
from launchready_tui.facts.env_files import EnvFiles, Environment
from launchready_tui.facts.env_fingerprint import WEAK, Fingerprints
from launchready_tui.facts.env_lint import read_whole
from launchready_tui.facts.env_marks import (
    Mark,
    Tree,
    fingerprints,
    marks_of,
    of_other_keys,
    on_record,
    recorded_marks,
)
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import root_of
from launchready_tui.given import NO_PRINTS, Prints, Target
from launchready_tui.model import Fact, Record
from launchready_tui.records.env_record import EnvVariables
from launchready_tui.text import safe

NONE = EnvVariables()
NAMED: tuple[Environment, ...] = ("prod", "preview", "dev")
MOST = 200
_WORST = re.compile(r"STRIPE|PADDLE|PAYPAL|CLERK|AUTH|JWT|SESSION|SIGNING|SECRET_KEY|KEY_BASE")


class Same(Record, frozen=True, kw_only=True):
    """Two places with one value, or two addresses of one database."""

    kind: Literal["secret", "database", "names"]
    name: str
    environment: str
    place: str
    other_name: str
    other_environment: str
    other_place: str
    worst: bool = False
    """It signs or takes payments: whoever has one copy can act in both environments."""


class Lacking(Record, frozen=True, kw_only=True):
    """A name that some environments set and another does not."""

    name: str
    present_in: tuple[str, ...]
    missing_in: tuple[str, ...]


class EnvDrift(Fact, frozen=True, kw_only=True):
    """`environments` are those with a file of values; two are needed to compare."""

    environments: tuple[str, ...]
    same: tuple[Same, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    not_compared: tuple[str, ...] = ()
    """Names whose values are too weak to be compared safely."""
    missed: tuple[str, ...] = ()
    other_keys: tuple[str, ...] = ()
    """What was not compared because the fingerprints on record are of another key, in words."""
    left_out: tuple[str, ...] = ()
    """Paths of files among tests, examples or documentation."""


@fact(limit=35.0)
async def env_drift(
    target: Target, files: EnvFiles, records: EnvVariables, prints: Prints
) -> EnvDrift:
    root = root_of(target)
    return await aside(functools.partial(look, root, files, records, prints))


def look(
    root: Path, files: EnvFiles, records: EnvVariables = NONE, prints: Prints = NO_PRINTS
) -> EnvDrift:
    key = fingerprints(prints, on_record(records))
    return compared(values_in(root, files), records, key, prints.why())


def values_in(root: Path, files: EnvFiles) -> Tree:
    """The values of every env file that is in use."""
    values: list[Value] = []
    read: set[str] = set()
    missed: list[str] = []
    for file in files.files:
        if file.environment in ("example", "test"):
            continue
        found, problem = values_of(root / file.path, file.path, file.environment, root)
        values += found
        if problem:
            missed.append(f"{file.path}: {problem}")
        else:
            read.add(file.path)
    return Tree(tuple(values), frozenset(read), tuple(missed), files.left_out)


def values_of(
    path: Path, shown: str, environment: Environment, within: Path | None = None
) -> tuple[list[Value], str]:
    """The values of one file, the last of a name; or why there are none."""
    data, problem = read_whole(path, within)
    if data is None:
        return [], problem
    raw = dotenv_raw.read(data)
    if raw.encoding == "binary":
        return [], "it is no text"
    held = {
        line.name: Value(line.name, line.value, environment, f"{shown}:{line.line}")
        for line in raw.lines
        if line.joined and len(line.name) <= 200 and safe(line.name) == line.name
    }
    return list(held.values()), ""


def compared(
    tree: Tree,
    records: EnvVariables = NONE,
    prints: Fingerprints | None = None,
    why: str = "",
) -> EnvDrift:
    """Values of the tree, and for what is not there the fingerprints on record. `why` says why
    there is no key of the project.
    """
    prints = prints or Fingerprints()
    there = marks_of((value for value in tree.values if value.value.strip()), prints)
    marks = [*there, *recorded_marks(records, tree)]
    by_print: dict[str, list[Mark]] = {}
    by_target: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.target:
            by_target.setdefault(mark.target, []).append(mark)
        elif mark.strong:
            by_print.setdefault(mark.fp, []).append(mark)
    same = [*_pairs("secret", by_print), *_pairs("database", by_target)]
    same = [one for one in same if not _opens_what_is_shared(one, by_target)]
    same.sort(key=lambda one: (one.kind, one.name, one.environment, one.place, one.other_place))
    present = {mark.environment for mark in marks}
    return EnvDrift(
        environments=tuple(e for e in (*NAMED, "any") if e in present),
        same=tuple(same[:MOST]),
        lacking=tuple(_lacking(marks))[:MOST],
        not_compared=tuple(sorted({mark.name for mark in marks if mark.fp == WEAK}))[:MOST],
        missed=tree.missed,
        other_keys=of_other_keys(marks, prints, why),
        left_out=tree.left_out,
    )


def _pairs(kind: Literal["secret", "database"], groups: Mapping[str, list[Mark]]) -> Iterator[Same]:
    for group in groups.values():
        ordered = sorted(group, key=lambda v: (v.environment != "prod", v.place, v.name))[:50]
        told: set[tuple[str, str]] = set()
        for one, other in combinations(ordered, 2):
            if one.environment == other.environment:
                if kind == "secret" and one.name != other.name:
                    yield _same("names", one, other)
                continue
            if one.environment != "prod" or (one.name, other.environment) in told:
                continue
            told.add((one.name, other.environment))
            yield _same(kind, one, other)


def _opens_what_is_shared(one: Same, by_target: Mapping[str, list[Mark]]) -> bool:
    """Of a database that two environments share, its password is not told as well."""
    both = {(one.name, one.environment), (one.other_name, one.other_environment)}
    return one.kind == "secret" and any(
        both <= {(mark.password, mark.environment) for mark in marks}
        for marks in by_target.values()
    )


def _same(kind: Literal["secret", "database", "names"], one: Mark, other: Mark) -> Same:
    return Same(
        kind=kind,
        name=one.name,
        environment=one.environment,
        place=one.place,
        other_name=other.name,
        other_environment=other.environment,
        other_place=other.place,
        worst=bool(_WORST.search(one.name.upper())),
    )


def _lacking(marks: list[Mark]) -> Iterator[Lacking]:
    """Within each part of the product: what the shared file sets is there for all of them. The
    record may know a part only, so an environment without a file lacks nothing.
    """
    told: set[str] = set()
    filed = [mark for mark in marks if not mark.recorded]
    recorded = [mark for mark in marks if mark.recorded]
    shared = [mark for mark in filed if mark.environment == "any"]
    everywhere = {mark.name for mark in recorded if mark.environment == "any"}
    for part in _parts(filed):
        held: dict[str, set[str]] = {}
        for mark in part:
            held.setdefault(mark.environment, set()).add(mark.name)
        there = [environment for environment in NAMED if environment in held]
        names = set().union(*held.values())
        for mark in recorded:
            if mark.environment in held and mark.name in names:
                held[mark.environment].add(mark.name)
        for name in sorted(names - _shared_with(part, shared) - everywhere - told):
            present = tuple(e for e in there if name in held[e])
            missing = tuple(e for e in there if name not in held[e])
            if missing and not of_platform(name):
                told.add(name)
                yield Lacking(name=name, present_in=present, missing_in=missing)


def _folder(mark: Mark) -> str:
    return mark.place.rpartition("/")[0]


def _parts(marks: list[Mark]) -> Iterator[list[Mark]]:
    """Env files of one folder belong to one part of the product, where several environments have
    one there; the files that stand alone are taken together.
    """
    folders: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.environment in NAMED:
            folders.setdefault(_folder(mark), []).append(mark)
    alone: list[Mark] = []
    for part in folders.values():
        if len({mark.environment for mark in part}) > 1:
            yield part
        else:
            alone += part
    yield alone


def _shared_with(part: list[Mark], shared: list[Mark]) -> set[str]:
    """Names that a file for all environments sets, in a folder of this part or above one."""
    below = {f"{_folder(mark)}/" for mark in part}
    return {
        one.name
        for one in shared
        if not _folder(one) or any(folder.startswith(f"{_folder(one)}/") for folder in below)
    }
