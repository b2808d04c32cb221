"""A name of the environment that code reads, and what happens without it."""

from __future__ import annotations

from typing import Literal

from launchready_tui.model import Record

Strength = Literal["required", "plain", "default"]
"""`required` stops the program without it, `default` has a fallback, `plain` does not say."""


class Reference(Record, frozen=True, kw_only=True):
    name: str
    line: int
    strength: Strength
