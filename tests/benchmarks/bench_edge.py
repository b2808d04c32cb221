"""The passive edge check of the lab's four hosts with 50 ms added to every round trip.

The longest chain is computed from the request log and the engine's wiring, as in bench_check.
Wanted: at most 2× the chain, at most 120 requests, at most 8 connections to a host at once, and at
most 120 MiB. The memory is that of a process of its own; the lab runs in this one.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench_check import DELAY, longest_chain
from msgspec.structs import replace

from launchready_tui.commands import edge
from launchready_tui.demo.lab import Lab
from launchready_tui.given import Told
from launchready_tui.model import Level
from launchready_tui.network import Options, Scope
from launchready_tui.network.seen import Request
from launchready_tui.recheck import Question, look_together

LABELS = ("", "www.", "app.", "api.")


async def once(hosts: list[str], options: Options) -> tuple[float, tuple[Request, ...]]:
    """Seconds, and everything that was sent for all hosts together."""
    catalogue = edge.catalogue(guess=True)
    scope = Scope(hosts=tuple(hosts), level=Level.PASSIVE, by="bench", named=tuple(hosts))
    questions = [
        Question(items=catalogue.items, target=target, told=Told(), scope=scope, options=options)
        for target in edge.targets_of(hosts)
    ]
    start = time.perf_counter()
    answers = await look_together(questions)
    took = time.perf_counter() - start
    requests = sorted((r for answered in answers for r in answered.requests), key=lambda r: r.id)
    return took, tuple(requests)


def most_at_once(requests: tuple[Request, ...]) -> int:
    """The most connections that one host saw at the same moment, by the log's own times."""
    steps: dict[str, list[tuple[float, int]]] = {}
    for request in requests:
        if request.method == "DNS":
            continue
        begun = request.at.timestamp()
        steps.setdefault(request.host, []).append((begun, 1))
        steps[request.host].append((begun + request.seconds, -1))
    most = 0
    for moments in steps.values():
        now = 0
        for _, step in sorted(moments):
            now += step
            most = max(most, now)
    return most


def apart(hosts: list[str], options: Options) -> float:
    """The peak memory in MiB of a process that does nothing but this check."""
    told = json.dumps({"hosts": hosts, "resolver": options.resolver, "ca": options.ca})
    done = subprocess.run(
        [sys.executable, __file__, told, *options.connect],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def alone(told: str, connect: list[str]) -> None:
    given = json.loads(told)
    options = Options(resolver=given["resolver"], ca=given["ca"], connect=tuple(connect))
    asyncio.run(once(given["hosts"], options))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Lab.start(Path(folder)) as lab:
        hosts = [f"{label}{lab.domain}" for label in LABELS]
        asyncio.run(once(hosts, lab.options))
        took, requests = asyncio.run(once(hosts, replace(lab.options, delay=DELAY)))
        peak = apart(hosts, lab.options)
    chain = longest_chain(requests)
    by_method = Counter(request.method for request in requests)
    sent = ", ".join(f"{count} {method}" for method, count in sorted(by_method.items()))
    print(
        f"{len(hosts)} hosts: {took:.2f} s for a longest chain of {chain} round trips ="
        f" {chain * DELAY:.2f} s: {took / (chain * DELAY):.2f}× (wanted ≤ 2×)"
    )
    print(f"{len(requests)} requests ({sent}; wanted ≤ 120)")
    print(f"{most_at_once(requests)} connections to a host at once at most (wanted ≤ 8)")
    print(f"peak {peak:.0f} MiB (wanted ≤ 120)")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        alone(sys.argv[1], sys.argv[2:])
    else:
        main()
