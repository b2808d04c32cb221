"""Requests on a schedule as values: what is to be sent, and what each of them brought.

Open loop: a request is due at its time whatever became of the ones before it, and is timed from
then. A client that waits for an answer before it asks again sees one slow answer where people saw
a minute of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from launchready_tui.model import Record


class Stream(Record, frozen=True, kw_only=True):
    """GET requests for one address from `begins` to `ends`, in seconds after the start."""

    name: str
    url: str
    per_second: float
    begins: float
    ends: float
    connections: int
    measured: bool = True
    """Each connection is opened before the start, and what is late is sent all the same and
    counted. Otherwise what is late is left out: noise has a rate that it never exceeds."""


class Sample(Record, frozen=True, kw_only=True):
    """One request: when it was due, how long from then to its last byte, and its status.

    Status 0: no whole answer came in time, or there was no connection left to ask on.
    """

    stream: str
    due: float
    seconds: float
    status: int = 0


class Driven(Record, frozen=True, kw_only=True):
    """What a schedule brought. `cause` is why it could not begin, `stopped` why it ended early."""

    samples: tuple[Sample, ...] = ()
    cause: str = ""
    stopped: str = ""
    lag: float = 0.0
    """How late this computer itself was, 19 times out of 20 at most: the error of the ruler."""


Stop = Callable[[Sequence[Sample]], str]
"""Asked after each request: why to end now, or an empty string."""


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed (nearest rank); 0 of none."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)] if ranked else 0.0
