"""What mail authentication asks of DNS, and the three ways it may be answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one question.

    `found` has records · `absent`: the name exists without this type (NODATA) · `gone`: there is
    no such name (NXDOMAIN) · `failed`: no answer could be had, for `cause`: nothing is known.

    Records are text: addresses as usual, MX as "10 host", PTR as a name, TXT with its strings
    joined without a blank (RFC 7208 section 3.3), one character for each byte (Latin-1), so that
    what is not ASCII can be told.
    """

    status: Literal["found", "absent", "gone", "failed"]
    records: tuple[str, ...] = ()
    cause: str = ""


Lookup = Callable[[str, str], Awaitable[Reply]]
"""Asks for the records of a name and a type ("A", "TXT" …). Never raises."""
