"""A value that must not be seen: every way of writing it down by accident gives a mask.

Wiping Python's memory is not possible; what this does is keep a secret out of repr, logs, formatted
text, tracebacks, pickles and JSON. `reveal` is the only way to it, and easy to search for.
"""

from __future__ import annotations

import hmac
from typing import NoReturn, final

MASK = "••••••"


@final
class Secret:
    """Immutable. Compared in constant time, never hashed, never pickled, never encoded."""

    __slots__ = ("__value",)
    __hash__ = None  # type: ignore[assignment]  # the way Python says unhashable

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The value itself. Hand it to whoever needs it at once; do not keep it."""
        return self.__value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self.__value), _bytes(other.__value))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret stays in the process that holds it")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a Secret stays in the process that holds it")


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")
