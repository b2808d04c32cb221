"""`name=value` pairs between semicolons, as DKIM, DMARC, MTA-STS and TLS-RPT write them.

The grammar is that of RFC 6376 section 3.2; DMARC's (RFC 9989 section 4.7) is the same.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tag:
    """One pair, without the blanks around it, and the place of its name in the text."""

    name: str
    value: str
    start: int


@dataclass(frozen=True, slots=True)
class TagList:
    """Tags in order; `strays` are pieces between semicolons that are no pair."""

    tags: tuple[Tag, ...] = ()
    strays: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """The first value of a tag, or None where it is absent."""
        return next((tag.value for tag in self.tags if tag.name == name), None)

    def has(self, name: str) -> bool:
        return self.get(name) is not None


def read_tags(text: str) -> TagList:
    """Split a record into its tags. Never raises. Names are kept in lower case."""
    tags: list[Tag] = []
    strays: list[str] = []
    at = 0
    for piece in text.split(";"):
        name, equals, value = piece.partition("=")
        if equals and name.strip():
            start = at + len(name) - len(name.lstrip())
            tags.append(Tag(name=name.strip().lower(), value=value.strip(), start=start))
        elif piece.strip():
            strays.append(piece.strip())
        at += len(piece) + 1
    return TagList(tuple(tags), tuple(strays))
