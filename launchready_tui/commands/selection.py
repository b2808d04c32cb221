"""Which items a command is about: --stage, --only, --skip; a mistaken id gets a suggestion."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.catalogue import Catalogue


def selected(
    catalogue: Catalogue, stages: Collection[str], only: Collection[str], skip: Collection[str]
) -> frozenset[str] | None:
    """The chosen item ids; None where nothing was narrowed. Raises UnknownItem or Refused."""
    if not (stages or only or skip):
        return None
    for option, given in (("--stage", stages), ("--only", only)):
        if given and not _ids(given):
            raise Refused(f"{option} is empty: name what to check, or leave the option away.")
    numbers = _numbers(catalogue, stages)
    wanted = [item for item in catalogue.items if not numbers or item.stage in numbers]
    named = {catalogue.item(id).id for id in _ids(only)}
    left_out = {catalogue.item(id).id for id in _ids(skip)}
    chosen = frozenset(
        item.id for item in wanted if (not named or item.id in named) and item.id not in left_out
    )
    if not chosen:
        raise Refused("--stage, --only and --skip leave no item to check.")
    return chosen


def _ids(given: Collection[str]) -> list[str]:
    return [id.strip() for text in given for id in text.split(",") if id.strip()]


def _numbers(catalogue: Catalogue, given: Collection[str]) -> set[int]:
    known = {str(stage.number): stage.number for stage in catalogue.stages}
    numbers = _ids(given)
    for number in numbers:
        if number not in known:
            raise Refused(f"--stage {number!r}: expected one of {', '.join(known)}.")
    return {known[number] for number in numbers}
