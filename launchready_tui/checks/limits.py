"""Whether tries are counted and noise is held back: limits of login routes and of one client."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from launchready_tui.engine import check
from launchready_tui.facts.noisy import ENOUGH_BROKEN, ENOUGH_REFUSED, Half, NoisyNeighbour
from launchready_tui.model import Finding, Outcome, Seen
from launchready_tui.outcomes import failed, passed, unknown
from launchready_tui.text import plural

SLOWED = 0.4
STEADY = 0.1
FEWEST = 10
"""Ordinary requests in each phase, below which nothing is said for sure."""
LAG_MS = 40
UNEVEN = 5

Reading = Literal["slows", "fails", "held-back", "steady", "unclear"]


@check("limits.noisy-client")
def noisy_client(noisy: NoisyNeighbour) -> Outcome:
    """Exceedances before the noise and during it; what is near the limit is not judged."""
    seen = _measured(noisy)
    reading, why = read(noisy)
    if reading == "unclear":
        return unknown(f"{noisy.url}: {why}", seen)
    if reading in ("slows", "fails"):
        finding = Finding(
            code="noisy-client-slows",
            probe="noisy-neighbour",
            subject=noisy.url,
            observed=why,
            params={"host": urlsplit(noisy.url).hostname or "the app"},
        )
        return failed("one noisy client is felt by the others", (finding,), seen)
    return passed(why, seen, proven=reading == "steady" and noisy.named)


def read(noisy: NoisyNeighbour) -> tuple[Reading, str]:
    """What the numbers say, and that in words."""
    before, during = noisy.before, noisy.during
    if before.asked < FEWEST or before.failed or before.refused:
        told = noisy.stopped or f"{before.failed + before.refused} of {before.asked} went wrong"
        return "unclear", f"it was not steady before there was any noise ({told})"
    if noisy.lag_ms > LAG_MS:
        return "unclear", "this computer is too busy to measure; try again when it is quiet"
    if noisy.noise_refused >= ENOUGH_REFUSED:
        count = f"{noisy.noise_refused} of {noisy.noise_sent}"
        return "held-back", f"the noisy client was refused: {count} requests got 403 or 429"
    if during.failed >= ENOUGH_BROKEN and during.failed > 0.2 * during.asked:
        return "fails", f"{during.failed} of {during.asked} ordinary requests failed meanwhile"
    if during.asked < FEWEST or noisy.noise_answered < 0.8 * noisy.noise_sent:
        return "unclear", f"it ended early: {noisy.stopped or 'the noise had no answers'}"
    share = during.slow / during.asked
    if share >= SLOWED:
        took = f"longer than {noisy.limit_ms} ms"
        return "slows", f"{during.slow} of {during.asked} ordinary requests took {took} meanwhile"
    if share > STEADY:
        told = f"{during.slow} of {during.asked} were slow, {before.slow} of {before.asked} before"
        return "unclear", f"too close to the limit to call ({told}); try again at a quiet time"
    if before.p95_ms > UNEVEN * max(before.p50_ms, 20):
        return "unclear", "its answers are too uneven by themselves to tell a difference"
    return "steady", f"{noisy.noise_sent} noisy requests did not slow down the ordinary ones"


def _measured(noisy: NoisyNeighbour) -> tuple[Seen, ...]:
    source = plural(noisy.noise_sent, "noisy request")
    return (
        Seen(label="before the noise", value=_told(noisy.before), source=noisy.url),
        Seen(label="during the noise", value=_told(noisy.during), source=source),
        Seen(label="slow means", value=f"longer than {noisy.limit_ms} ms", source="twice before"),
    )


def _told(half: Half) -> str:
    wrong = f", {half.failed} failed" if half.failed else ""
    wrong += f", {half.refused} refused" if half.refused else ""
    times = f"half within {half.p50_ms} ms, 19 of 20 within {half.p95_ms} ms"
    return f"{half.asked} requests: {half.slow} slow{wrong}; {times}"
