"""Where old addresses lead today: every step of each, gathered side by side and without bodies."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from launchready_tui.badfile import BadFile, bytes_of
from launchready_tui.engine import fact
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.redirect_map import GONE, MOST_BYTES, MapEntry, read_map
from launchready_tui.given import Target
from launchready_tui.model import CouldNotTell, Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched
from launchready_tui.network.urls import read_url

SPRINT_SECONDS = 40.0
"""The most a run of all checks spends on a list; what is not reached by then stays unknown."""
AT_ONCE = 8
"""Addresses of one old host under way at a time; the door holds no more connections than that."""
HOSTS_AT_ONCE = 8
GIVEN_UP = 6
"""After so many addresses of a host in a row without an answer the rest is left alone."""
MARK = ("utm_source", "launchready")


class Step(Record, frozen=True, kw_only=True):
    """One request of the way: what was asked, and what answered."""

    url: str
    status: int = 0
    outcome: Literal["ok", "tls", "refused", "blocked", "unknown"] = "ok"
    sets_cookie: bool = False
    challenge: bool = False


class Arrival(Record, frozen=True, kw_only=True):
    """One old address, followed to its end."""

    entry: MapEntry
    steps: tuple[Step, ...] = ()
    ended: Literal["ok", "loop", "long", "tls", "refused", "blocked", "unknown"]
    cause: str = ""
    absent: bool = False
    """The host where it ends has no address in DNS, and DNS said so."""
    sample: bool = False
    """A campaign mark of ours was added: only whether it survives counts."""


class OldUrls(Fact, frozen=True, kw_only=True):
    """`name` is the list's, empty without one. `home` is the domain where pages should end."""

    name: str = ""
    home: str = ""
    arrivals: tuple[Arrival, ...] = ()


@fact(limit=SPRINT_SECONDS + 10)
async def old_urls(net: Network, target: Target) -> OldUrls:
    """The list that launchready.toml names; without one there is nothing to follow."""
    if not target.redirects:
        return OldUrls()
    path = Path(target.redirects)
    try:
        found = read_map(path, bytes_of(path, MOST_BYTES), target.domain)
    except BadFile as error:
        raise CouldNotTell(str(error).replace(str(path), path.name)) from None
    arrivals = await follow(net, found.entries, SPRINT_SECONDS)
    return OldUrls(name=found.name, home=target.domain, arrivals=arrivals)


async def follow(
    net: Network, entries: tuple[MapEntry, ...], seconds: float
) -> tuple[Arrival, ...]:
    """Follow every address, and one more with a campaign mark where the list carries none."""
    wanted = [(entry, False) for entry in entries]
    sample = _sample(entries)
    if sample:
        wanted.append((sample, True))
    queues: dict[str, deque[int]] = {}
    for index, (entry, _) in enumerate(wanted):
        queues.setdefault(read_url(entry.old).host, deque()).append(index)
    found: dict[int, Arrival] = {}
    hosts = asyncio.Semaphore(HOSTS_AT_ONCE)

    async def at(host: str) -> None:
        async with hosts:
            worker = _Worker(net, host, wanted, queues[host], found)
            count = min(AT_ONCE, len(queues[host]))
            await asyncio.gather(*(worker.work() for _ in range(count)))

    with net.log.side_by_side():
        everything = asyncio.gather(*map(at, queues))
        try:
            async with asyncio.timeout(seconds):
                await everything
        except TimeoutError:
            pass  # what was followed until now counts; the rest says why it does not
    late = f"not reached within {seconds:g} s"
    return tuple(
        found.get(n) or Arrival(entry=entry, ended="unknown", cause=late, sample=is_sample)
        for n, (entry, is_sample) in enumerate(wanted)
    )


class _Worker:
    """The addresses of one host, in order; a host that answers nothing is not asked for ever."""

    def __init__(
        self,
        net: Network,
        host: str,
        wanted: list[tuple[MapEntry, bool]],
        queue: deque[int],
        found: dict[int, Arrival],
    ) -> None:
        self.net = net
        self.host = host
        self.wanted = wanted
        self.queue = queue
        self.found = found
        self.silent = 0
        self.last: Arrival | None = None

    async def work(self) -> None:
        while self.queue:
            index = self.queue.popleft()
            entry, sample = self.wanted[index]
            if self.silent >= GIVEN_UP and self.last is not None:
                self.found[index] = self._left(entry, sample, self.last)
                continue
            arrival = await _followed(self.net, entry, sample)
            alone = len(arrival.steps) == 1 and arrival.ended in ("unknown", "tls", "refused")
            self.silent = self.silent + 1 if alone else 0
            if alone:
                self.last = arrival
            self.found[index] = arrival

    def _left(self, entry: MapEntry, sample: bool, last: Arrival) -> Arrival:
        """What the host answered so many times is what this address would get."""
        certain = last.absent or last.ended in ("tls", "refused")
        cause = (
            last.cause if certain else f"{last.cause}; the other addresses there were left alone"
        )
        steps = tuple(Step(url=entry.old, outcome=step.outcome) for step in last.steps)
        return Arrival(
            entry=entry, steps=steps, ended=last.ended, cause=cause, absent=last.absent,
            sample=sample,
        )  # fmt: skip


async def _followed(net: Network, entry: MapEntry, sample: bool) -> Arrival:
    fetched = await net.fetch(entry.old, body_limit=0)
    absent = False
    if fetched.ended == "unknown" and fetched.hops:
        host = urlsplit(fetched.hops[-1].url).hostname or ""
        answers = await net.addresses(host)  # answered from memory: the door has just asked
        absent = all(answer.outcome in ("nxdomain", "nodata") for answer in answers)
    return Arrival(
        entry=entry,
        steps=_steps(fetched),
        ended=fetched.ended,
        cause=fetched.cause or (fetched.hops[-1].cause if fetched.hops else ""),
        absent=absent and not net.endpoints(host, 443),
        sample=sample,
    )


def _steps(fetched: Fetched) -> tuple[Step, ...]:
    return tuple(
        Step(
            url=hop.url,
            status=hop.status,
            outcome=hop.outcome,
            sets_cookie=bool(hop.header("set-cookie")),
            challenge=bool(challenged(hop)),
        )
        for hop in fetched.hops
    )


def marks(url: str) -> tuple[tuple[str, str], ...]:
    """The campaign parameters of an address: what advertising is accounted by."""
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return ()
    return tuple((k, v) for k, v in pairs if k.startswith("utm_") or k in _CLICKS)


_CLICKS = ("gclid", "fbclid", "msclkid", "dclid", "gbraid", "wbraid")


def _sample(entries: tuple[MapEntry, ...]) -> MapEntry | None:
    """The first page that should live on, with a mark; None where the list carries marks itself."""
    if any(marks(entry.old) for entry in entries):
        return None
    first = next((entry for entry in entries if entry.expected != GONE), None)
    if first is None:
        return None
    joined = "&" if "?" in first.old else "?"
    return MapEntry(
        old=f"{first.old}{joined}{MARK[0]}={MARK[1]}", expected=first.expected, line=first.line
    )
