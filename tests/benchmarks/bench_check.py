"""The passive check of the lab with 50 ms added to every round trip, against its longest chain.

The chain is computed, not guessed: within a fact from the request log (`after`), between facts
from the wiring the engine reads. Wanted: at most 2× the chain.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from launchready_tui import engine
from launchready_tui.catalogue import load
from launchready_tui.demo.lab import Lab
from launchready_tui.given import Target, Told
from launchready_tui.model import Level
from launchready_tui.network import Scope
from launchready_tui.network.lines import CONNECTIONS_PER_HOST
from launchready_tui.network.seen import Request
from launchready_tui.recheck import Question, look

DELAY = 0.05


def longest_chain(requests: tuple[Request, ...]) -> int:
    """Round trips that had to follow one another, whatever the speed of everything else."""
    by_id = {request.id: request for request in requests}

    @cache
    def trips(ident: int) -> int:
        request = by_id[ident]
        parent = by_id.get(request.after)
        own = parent is not None and parent.fact == request.fact
        return request.round_trips + (trips(request.after) if own else 0)

    @cache
    def chain(fact: str) -> int:
        within = max((trips(r.id) for r in requests if r.fact == fact), default=0)
        gatherer = engine.GATHERERS.get(fact)
        needs = gatherer.needs.values() if gatherer else ()
        return within + max((chain(need.type.__name__) for need in needs), default=0)

    return max((chain(fact) for fact in engine.GATHERERS), default=0)


def busiest(requests: tuple[Request, ...]) -> float:
    """Round trips that the host which is asked most needs, as many at once as it ever sees."""
    trips: Counter[str] = Counter()
    for request in requests:
        if request.method != "DNS":
            trips[request.host] += request.round_trips
    return max(trips.values(), default=0) / CONNECTIONS_PER_HOST


async def once(lab: Lab, delay: float) -> tuple[float, tuple[Request, ...]]:
    hosts = (lab.domain,)
    start = time.perf_counter()
    answered = await look(
        Question(
            items=load().items,
            target=Target(domain=lab.domain, repo=str(lab.repo), urls=lab.urls),
            told=Told(),
            scope=Scope(hosts=hosts, level=Level.PASSIVE, by="bench", named=hosts),
            options=replace(lab.options, delay=delay),
        )
    )
    return time.perf_counter() - start, answered.requests


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Lab.start(Path(folder)) as lab:
        asyncio.run(once(lab, 0.0))
        quick, _ = asyncio.run(once(lab, 0.0))
        slow, requests = asyncio.run(once(lab, DELAY))
    chain = longest_chain(requests)
    print(
        f"{len(requests)} requests, longest chain {chain} round trips = {chain * DELAY:.2f} s;"
        f" took {slow:.2f} s: {slow / (chain * DELAY):.2f}× (wanted ≤ 2×; {quick:.2f} s undelayed)"
    )
    print(f"the busiest host takes {busiest(requests) * DELAY:.2f} s through its connections alone")


if __name__ == "__main__":
    main()
