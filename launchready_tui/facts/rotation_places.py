"""Where the old value of a rotation still stands: told by its fingerprint, under whatever name."""

from __future__ import annotations

import functools
from pathlib import Path

from launchready_tui.engine import fact
from launchready_tui.facts.env_drift import values_in
from launchready_tui.facts.env_files import EnvFiles
from launchready_tui.facts.env_fingerprint import WEAK, Fingerprints, same
from launchready_tui.facts.env_marks import Mark, Tree, every_mark, fingerprints
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import root_of
from launchready_tui.fingerprint_key import key_of
from launchready_tui.given import Prints, Target
from launchready_tui.model import Fact, Record, Unknown
from launchready_tui.records.env_record import STEPS, EnvVariables, Rotation, Rotations

MOST = 200
_DEPLOYED = STEPS.index("deployed")


class StillHeld(Record, frozen=True, kw_only=True):
    """A place that holds the old value of a rotation."""

    rotation: str
    name: str
    environment: str
    place: str


class RotationPlaces(Fact, frozen=True, kw_only=True):
    """`gaps` are what could not be compared, by rotation and in words: never a value."""

    still: tuple[StillHeld, ...] = ()
    gaps: tuple[str, ...] = ()


@fact(limit=35.0)
async def rotation_places(
    target: Target,
    files: EnvFiles | Unknown,
    records: EnvVariables,
    rotations: Rotations,
    prints: Prints,
) -> RotationPlaces:
    asked = [one for one in rotations.rotations if in_use(one) and one.old_fp]
    if not asked:
        return RotationPlaces()
    root = None if isinstance(files, Unknown) else root_of(target)
    return await aside(functools.partial(_look, root, files, records, asked, prints))


def _look(
    root: Path | None,
    files: EnvFiles | Unknown,
    records: EnvVariables,
    asked: list[Rotation],
    prints: Prints,
) -> RotationPlaces:
    tree = Tree()
    if isinstance(files, Unknown):
        tree = Tree(missed=(files.cause,))
    elif root is not None:
        tree = values_in(root, files)
    key = fingerprints(prints, [one.old_fp for one in asked])
    return compared(tree, records, asked, key, prints.why())


def compared(
    tree: Tree,
    records: EnvVariables,
    asked: list[Rotation],
    prints: Fingerprints,
    why: str = "",
) -> RotationPlaces:
    """`why` says why there is no key of the project."""
    marks = every_mark(tree, records, prints)
    still = [
        StillHeld(rotation=one.id, name=mark.name, environment=mark.environment, place=mark.place)
        for one in asked
        for mark in marks
        if same(mark.fp, one.old_fp)
    ]
    open_ = [one for one in asked if one.status != "closed"]
    gaps = [gap for one in open_ for gap in _gaps(one, marks, prints, why)]
    gaps += tree.missed if open_ else ()
    return RotationPlaces(still=tuple(still[:MOST]), gaps=tuple(dict.fromkeys(gaps)))


def in_use(one: Rotation) -> bool:
    """Whether the new value should be everywhere by now."""
    return STEPS.index(one.status) >= _DEPLOYED


def _gaps(one: Rotation, marks: list[Mark], prints: Fingerprints, why: str) -> list[str]:
    """What stands somewhere and could not be held against the old value."""
    if one.old_fp == WEAK:
        return [f"{one.id}: the old value can be guessed, so it was not compared"]
    key = key_of(one.old_fp)
    others = sorted({mark.place for mark in marks if mark.strong and mark.key != key})
    if not others:
        return []
    if prints.ident == key:
        why = "what was recorded of them is of another key: record them again"
    why = why or "this machine does not have that key: bring it with `launchready env key import`"
    places = ", ".join(others[:3])
    return [f"{one.id}: {places} not compared with its old value, which is of key {key}; {why}"]
