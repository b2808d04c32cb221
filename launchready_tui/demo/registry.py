"""Which function does a thing for which fault: a table, filled by a decorator."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Work = TypeVar("Work")


def registering(table: dict[str, Work]) -> Callable[..., Callable[[Work], Work]]:
    """A decorator `@of("code", …)` that puts what it stands above into the table, for each code."""

    def of(*codes: str) -> Callable[[Work], Work]:
        def register(work: Work) -> Work:
            table.update(dict.fromkeys(codes, work))
            return work

        return register

    return of
