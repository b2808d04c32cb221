"""What is kept of a credential that somebody tried at its provider: the answer, never the value."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from launchready_tui.model import Fact, Record

Result = Literal["works", "restricted", "refused", "open", "unknown"]
"""`restricted` works, and may not do the call that was tried: good news. `open`: the database let
us in without asking for the password. `unknown` says nothing of the credential."""
FRESH = timedelta(days=14)
"""How long a trial speaks for a credential; longer ago, it may have been replaced or revoked."""


class Answer(Record, frozen=True, kw_only=True):
    """What a trial brought.

    `detail` is what came back, in our words: "HTTP 401 from api.stripe.com". `too_wide` are the
    scopes an app does not need; `powers` what a database's role may do to the whole server, and
    `changes` what it may do to its own database.
    """

    result: Result
    detail: str
    narrow: bool = False
    """The answer shows that it can do what it is for and no more."""
    too_wide: tuple[str, ...] = ()
    role_seen: bool = False
    powers: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    expires: date | None = None


class Trial(Answer, frozen=True, kw_only=True):
    """The newest trial of one setting in one environment."""

    id: str
    name: str
    environment: str
    kind: str
    host: str
    at: datetime
    by: str
    evidence: str = ""


class LiveCredentials(Fact, frozen=True, kw_only=True):
    """All trials on record, sorted by id."""

    trials: tuple[Trial, ...] = ()


def id_of(name: str, environment: str) -> str:
    return f"{environment}.{name}"
