"""What an audit of published records finds wrong, in the terms of its standard."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flaw:
    """A fault code at a name, what was seen there, and what to publish instead.

    `publish` is the whole text of a record, or empty where no text alone mends it. `severity` is
    empty for the usual one of the code.
    """

    code: str
    at: str
    observed: str
    publish: str = ""
    severity: str = ""
    params: dict[str, str] = field(default_factory=dict)
