"""What is kept of a hit that is no secret: where it stands, why it is none, and until which day."""

from __future__ import annotations

from datetime import date, datetime

from launchready_tui.model import Fact, Record


class IgnoredHit(Record, frozen=True, kw_only=True):
    """Somebody's word that hits of one rule in one file are no secrets.

    It is told by its place, not by its value: nothing that is kept may let a value be guessed.
    """

    id: str
    rule: str
    path: str
    """From the repository's folder, as the scan shows it."""
    places: int = 1
    """How many hits it speaks for. One more ends it: which of them is new cannot be told."""
    reason: str
    owner: str
    """Who answers for it."""
    by: str
    at: datetime
    expires: date
    """The last day on which it counts."""

    @property
    def file(self) -> str:
        return f".launchready/ignore/{self.id}.toml"


class IgnoredHits(Fact, frozen=True, kw_only=True):
    """All of them on record, sorted by id."""

    hits: tuple[IgnoredHit, ...] = ()
