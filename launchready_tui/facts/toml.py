"""TOML of a client's folder, read in time that grows with its size alone.

tomllib copies a dotted key once for each of its parts: a line of a megabyte keeps it busy for
minutes. A line as long as that is not read, unless all that is long about it is a string.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

LONGEST_LINE = 5_000
_LONG_STRING = re.compile(r"\s*[\w-]{1,200}\s*=\s*[\"']")


class TooLong(ValueError):
    """A line that is not read. Nothing is said about whether it is right."""


def read(text: str) -> dict[str, Any]:
    """The content. Raises tomllib.TOMLDecodeError with the line, or TooLong."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE and not _LONG_STRING.match(line):
            raise TooLong(f"line {number} is too long to be read ({len(line)} characters)")
    return tomllib.loads(text)
