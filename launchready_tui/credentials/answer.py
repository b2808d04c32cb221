"""What a provider's answer to a live call says of a credential, by its row of the table.

Of the answer only our own words, listed scopes and a day come out: a provider may repeat the
credential in what it says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Literal

from launchready_tui.credentials.kinds import Answer, LiveCall, Scopes
from launchready_tui.model import Record
from launchready_tui.secret import Secret

MOST_SCOPES = 1_000
MOST_SHOWN = 20
LONGEST = 1_000
"""How much of a text in an answer is looked at."""
_SCOPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/*-]{0,59}")
_DAY = re.compile(r"(20\d\d-\d\d-\d\d)(?:[ T].*)?", re.DOTALL)
LEAST_IN_COMMON = 6
"""Characters that a scope and a credential may have in common by chance."""


class Understood(Record, frozen=True, kw_only=True):
    """`narrow`: all scopes are among those an app of its kind needs. `too_wide`: those beyond."""

    means: Literal["works", "restricted", "refused", "unknown"]
    scopes: int = 0
    narrow: bool = False
    too_wide: tuple[str, ...] = ()
    expires: date | None = None


UNKNOWN = Understood(means="unknown")


def understand(
    call: LiveCall, status: int, header: Callable[[str], str], body: str, value: Secret
) -> Understood:
    """Total: an answer that no row expects, or that is no JSON, is unknown.

    Args:
        call: The row.
        status: The HTTP status.
        header: The value of a header by its name, empty where there is none.
        body: The text, perhaps cut off.
        value: What was tried: nothing of it may come out.
    """
    if not body.lstrip().startswith(("{", "[")):
        return UNKNOWN  # a page of somebody between us and the provider
    held = _parsed(body)
    fitting = next((one for one in call.answer if _fits(one, status, held)), None)
    if fitting is None:
        return UNKNOWN
    if fitting.means != "works":
        return Understood(means=fitting.means)
    named = list(_scopes(call.scopes, header, held)) if call.scopes else []
    wide, narrow = _judged(named, call.scopes)
    ends = header(call.expires_header) if call.expires_header else ""
    ends = ends or _text(_at(held, call.expires_field) if call.expires_field else None)
    return Understood(
        means="works",
        scopes=len(named),
        narrow=narrow,
        too_wide=tuple(scope for scope in wide if not _gives_away(scope, value))[:MOST_SHOWN],
        expires=_day(ends),
    )


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _fits(answer: Answer, status: int, held: Any) -> bool:
    if status not in answer.status:
        return False
    return not answer.field or _among(_text(_at(held, answer.field))[:LONGEST], answer.values)


def _at(held: Any, path: str) -> Any:
    for key in path.split("."):
        held = held.get(key) if isinstance(held, dict) else None
    return held


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else ""


def _scopes(scopes: Scopes, header: Callable[[str], str], held: Any) -> Iterable[str]:
    if scopes.header:
        given: list[Any] = header(scopes.header).split(",")
    else:
        listed = _at(held, scopes.field)
        given = listed if isinstance(listed, list) else []
    for one in given[:MOST_SCOPES]:
        scope = one.strip() if isinstance(one, str) else ""
        if scope:
            yield scope


def _judged(named: list[str], scopes: Scopes | None) -> tuple[tuple[str, ...], bool]:
    """The scopes that are too wide, and whether all that there are is narrow."""
    if not scopes or not named:
        return (), False
    wide = {s for s in named if _among(s, scopes.broad) and _SCOPE.fullmatch(s)}
    return tuple(sorted(wide)), all(_among(s, scopes.narrow) for s in named)


def _among(scope: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(scope, pattern) for pattern in patterns)


def _gives_away(scope: str, value: Secret) -> bool:
    """Whether a scope has as much in common with the credential as no chance explains."""
    whole, size = value.reveal(), LEAST_IN_COMMON
    return any(scope[at : at + size] in whole for at in range(len(scope) - size + 1))


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text.strip()[:60])
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
