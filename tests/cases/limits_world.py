"""Builders of what the limits of acme.test look like: sound, unless an example changes it."""

from __future__ import annotations

from typing import Any

from cases.world import DOMAIN
from launchready_tui.facts.noisy import Half, NoisyNeighbour
from launchready_tui.facts.tries import AuthTries, Tried

APP = f"https://app.{DOMAIN}"
HEAVY = f"{APP}/api/orders"


def half(**changes: Any) -> Half:
    """One phase of twenty requests, as quick as the app usually is."""
    values: dict[str, Any] = {"asked": 20, "p50_ms": 80, "p95_ms": 120, **changes}
    return Half(**values)


def noisy(**changes: Any) -> NoisyNeighbour:
    """Two hundred noisy requests that nobody else noticed."""
    values: dict[str, Any] = {
        "url": HEAVY,
        "named": True,
        "limit_ms": 240,
        "before": half(),
        "during": half(),
        "noise_sent": 200,
        "noise_answered": 200,
        **changes,
    }
    return NoisyNeighbour(**values)


def tried(kind: Any = "login", *, tries: int = 20, status: int = 401, **changes: Any) -> Tried:
    """One route that took so many tries."""
    values: dict[str, Any] = {
        "kind": kind,
        "url": f"{APP}/{kind}",
        "tries": tries,
        "statuses": ((status, tries),),
        **changes,
    }
    return Tried(**values)


def tries(*routes: Tried) -> AuthTries:
    return AuthTries(routes=routes)
