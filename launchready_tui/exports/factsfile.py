"""Gathered facts as one file: judged again offline, they give the same bytes as the run did."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Literal

import msgspec
from msgspec.structs import replace

from launchready_tui.given import Target
from launchready_tui.model import Record

MAX_BYTES = 64 * 1024 * 1024


class FactsFile(Record, frozen=True, kw_only=True):
    """`facts` is what `facts/saved.py` writes and reads: redacted, by type name."""

    schema: Literal[1] = 1
    version: str
    at: datetime
    target: Target
    facts: msgspec.Raw


class NotFacts(ValueError):
    """These bytes are no file of `check --facts-out`."""


def encode(facts: str | bytes, target: Target, *, at: datetime, version: str) -> str:
    """The file's text. Of the repository and the map only their own names go in."""
    content = facts.encode() if isinstance(facts, str) else facts
    file = FactsFile(
        version=version,
        at=at,
        target=replace(
            target,
            repo=PurePath(target.repo).name,
            redirects=PurePath(target.redirects).name,
        ),
        facts=msgspec.Raw(content),
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=1).decode() + "\n"


def decode(content: bytes) -> FactsFile:
    """Raises NotFacts with the place that is wrong."""
    try:
        return msgspec.json.decode(content, type=FactsFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotFacts(str(error)) from None
