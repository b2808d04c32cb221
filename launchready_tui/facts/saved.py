"""Facts as JSON and back: sorted, without a timestamp, so that equal facts are equal bytes.

A fact that could not be told keeps its cause. What is given to a run (Target, Moment, Told) is not
part of it: the same facts can be judged for another moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from launchready_tui.engine import FACT_TYPES
from launchready_tui.model import Fact, Record, Unknown
from launchready_tui.text import safe

SCHEMA = 1
MOST_BYTES = 64 * 1024 * 1024


class BadFacts(ValueError):
    """Saved facts that cannot be used: what is wrong, and what to do."""


class _File(Record, frozen=True, kw_only=True):
    schema: int
    facts: dict[str, msgspec.Raw]


def encode(facts: Mapping[str, Fact]) -> bytes:
    """The facts of a run, by type name."""
    kept = {
        name: msgspec.to_builtins(value)
        for name, value in sorted(facts.items())
        if isinstance(value, Unknown) or name in FACT_TYPES
    }
    return _pretty({"schema": SCHEMA, "facts": kept})


def decode(data: bytes) -> dict[str, Fact]:
    """Facts that `encode` wrote. Raises BadFacts in words for the person who gave the file."""
    if len(data) > MOST_BYTES:
        raise BadFacts("the file of facts is larger than 64 MB: is it the right file?")
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadFacts(
            f"this is no file that --facts-out wrote: {safe(str(error), one_line=True, limit=200)}"
        ) from error
    if file.schema != SCHEMA:
        raise BadFacts(
            f"these facts have schema {file.schema}, this version reads {SCHEMA}:"
            " gather them again with --facts-out"
        )
    return {name: _fact(name, raw) for name, raw in sorted(file.facts.items())}


def _fact(name: str, raw: msgspec.Raw) -> Fact:
    shown = safe(name, one_line=True, limit=80)
    kind = FACT_TYPES.get(name)
    if kind is None:
        raise BadFacts(f"{shown} is no fact of this version: gather the facts again")
    try:
        decoded: Fact = msgspec.json.decode(raw, type=kind | Unknown)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadFacts(
            f"{shown} cannot be read: {safe(str(error), one_line=True, limit=200)}."
            " Gather the facts again with --facts-out"
        ) from error
    return decoded


def _pretty(value: Any) -> bytes:
    text = msgspec.json.encode(value, order="sorted")
    return msgspec.json.format(text, indent=1) + b"\n"
