"""Which secrets a sprint put into somebody's vault, and whether they are gone: by its journal.

The vault itself is on each person's own machine, so this is what was recorded, by name and never by
value. Where two people hold the same secret, each has to take it away.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from launchready_tui.model import Record
from launchready_tui.redact import redact

if TYPE_CHECKING:
    from launchready_tui.sprint.journal import JournalEntry

KEPT, GONE, PURGED = "kept in the vault: ", "gone from the vault: ", "vault purged: "
NOTHING = "nothing was held"


class HeldKey(Record, frozen=True, kw_only=True):
    """A secret that is in the vault of `by`, since when."""

    name: str
    by: str
    at: datetime


class Purge(Record, frozen=True, kw_only=True):
    """When somebody took everything away."""

    by: str
    at: datetime


class KeysHeld(Record, frozen=True, kw_only=True):
    """What is still held, by name; and the newest purge of each person, oldest first."""

    held: tuple[HeldKey, ...] = ()
    purges: tuple[Purge, ...] = ()
    any: bool = False
    """Whether one was ever kept."""


def kept(name: str) -> str:
    """The journal's line for a secret that was kept."""
    return KEPT + redact(name)


def gone(name: str) -> str:
    """The journal's line for one that was taken away."""
    return GONE + redact(name)


def purged(names: Iterable[str]) -> str:
    """The journal's line for all of them taken away."""
    return PURGED + (", ".join(map(redact, names)) or NOTHING)


def standing(entries: Iterable[JournalEntry]) -> KeysHeld:
    """Read the journal's lines in the order of their time."""
    held: dict[tuple[str, str], HeldKey] = {}
    purges: dict[str, Purge] = {}
    ever = False
    for entry in sorted(entries, key=lambda one: one.at):
        if entry.path:
            continue
        name = entry.action.rpartition(": ")[2]
        if entry.action.startswith(KEPT):
            ever = True
            held[entry.by, name] = HeldKey(name=name, by=entry.by, at=entry.at)
        elif entry.action.startswith(GONE):
            held.pop((entry.by, name), None)
        elif entry.action.startswith(PURGED):
            held = {key: one for key, one in held.items() if one.by != entry.by}
            purges[entry.by] = Purge(by=entry.by, at=entry.at)
    return KeysHeld(
        held=tuple(sorted(held.values(), key=lambda one: (one.name, one.by))),
        any=ever,
        purges=tuple(sorted(purges.values(), key=lambda one: (one.at, one.by))),
    )
