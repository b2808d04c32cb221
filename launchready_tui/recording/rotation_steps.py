"""A rotation's step and its fingerprints: what is taken over, what is refused, what is not known.

Pure: marks in, a step or a refusal out. Marks of another key and weak ones tell nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from launchready_tui.facts.env_files import environment_of
from launchready_tui.facts.env_fingerprint import same
from launchready_tui.records.env_record import Proof, Rotation, Step, Why

if TYPE_CHECKING:
    from launchready_tui.facts.env_marks import Mark

SAME = (
    "The new value of {} is the old one. Make a new one where it is issued; the old one stays known"
    " to whoever has seen it."
)


@dataclass(frozen=True, kw_only=True)
class StepTaken:
    """What somebody says of one step of a rotation; what is left away stays as it was."""

    why: Why | None = None
    evidence: str = ""
    env: tuple[str, ...] = ()
    owner: str = ""
    proof: Proof = ""
    detail: str = ""
    attested_by: str = ""
    next_due: date | None = None
    old_fp: str = ""
    new_fp: str = ""


@dataclass(frozen=True)
class Seen:
    """The step with its fingerprints. `refused` says why it may not be recorded; None else."""

    taken: StepTaken
    told: tuple[str, ...] = ()
    refused: str | None = None


def with_prints(
    open_: Rotation | None, step: Step, taken: StepTaken, given: str, marks: Collection[Mark]
) -> Seen:
    """`given` is the fingerprint of a value that somebody gave; `marks` are what is seen of the
    setting, in the tree or on record.
    """
    if step == "found":
        old = given or _only(_within(marks, taken.env))
        return Seen(dataclasses.replace(taken, old_fp=old))
    if step == "replaced":
        return _replaced(open_, taken, given, marks)
    if step == "deployed" and open_ is not None:
        return _deployed(open_, taken, marks)
    return Seen(taken)


def _replaced(
    open_: Rotation | None, taken: StepTaken, given: str, marks: Collection[Mark]
) -> Seen:
    old = open_.old_fp if open_ else ""
    if given:
        name = open_.var if open_ else "the setting"
        refused = SAME.format(name) if same(given, old) else None
        return Seen(dataclasses.replace(taken, new_fp=given), refused=refused)
    some = _within(marks, (*(open_.env if open_ else ()), *taken.env))
    still = [mark for mark in some if same(mark.fp, old)]
    new = _only(mark for mark in some if mark not in still)
    told = (f"{_places(still)} still holds the old value.",) if still else ()
    # Without the old value nobody can say that what stands there now is the new one.
    return Seen(dataclasses.replace(taken, new_fp=new if old else ""), told)


def _deployed(open_: Rotation, taken: StepTaken, marks: Collection[Mark]) -> Seen:
    """Every environment that is named holds the new value, as far as anything is seen of it."""
    wanted = tuple(dict.fromkeys([*open_.env, *taken.env]))
    new, told = open_.new_fp, []
    for environment in wanted:
        some = [mark for mark in _within(marks, (environment,)) if mark.strong]
        still = [mark for mark in some if same(mark.fp, open_.old_fp)]
        if still:
            return Seen(
                taken,
                refused=f"{environment} still holds the old value of {open_.var}:"
                f" {_places(still)}. Put the new one there"
                " (`launchready env import` or `env map --record` reads a host's export or the"
                " env files again), then record this step.",
            )
        comparable = [mark for mark in some if new and mark.key == _key(new)]
        other = [mark for mark in comparable if not same(mark.fp, new)]
        if other:
            return Seen(
                taken,
                refused=f"{environment} holds another value of {open_.var} than the one that was"
                f" recorded as new: {_places(other)}.",
            )
        if not comparable:
            told.append(f"Which value {environment} holds was not seen.")
    return Seen(taken, tuple(told))


def _within(marks: Iterable[Mark], environments: Collection[str]) -> list[Mark]:
    """The marks of these environments; of all where none is named."""
    wanted = {environment_of(f".env.{name}") for name in environments}
    return [mark for mark in marks if not wanted or mark.environment in wanted]


def _only(marks: Iterable[Mark]) -> str:
    """The fingerprint that all of them agree on; empty where they do not, or there is none."""
    found = {mark.fp for mark in marks if mark.fp}
    return found.pop() if len(found) == 1 else ""


def _places(marks: Iterable[Mark]) -> str:
    return ", ".join(dict.fromkeys(mark.place for mark in marks))


def _key(print_: str) -> str:
    return print_.partition(":")[0]
