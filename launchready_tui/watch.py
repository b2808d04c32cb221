"""Waiting for a DNS change: several servers asked again and again until all of them say it.

A change is there for everybody only when the zone's own servers say it and the caches in between
have forgotten the old answer. Both are asked: the resolver of this computer (or those a person
names) and the zone's own nameservers. Nobody else's public resolver is, unless it is named.

`watch` is the whole of it as a coroutine; `Watch` is the same in a thread with its own loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from launchready_tui.model import Record
from launchready_tui.network import Options, Scope, open_network
from launchready_tui.network.hosts import BadHost, as_host

if TYPE_CHECKING:
    from launchready_tui.network import Network
    from launchready_tui.network.seen import Answer

TYPES = ("A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NS", "PTR", "SOA", "SRV", "TXT")
GONE = "gone"
"""The value of a record that is not there."""
FIRST_PAUSE, LONGEST_PAUSE, SLOWER = 5.0, 60.0, 1.3
LONGEST_TRUST = 300.0
"""A cache is asked again after this long at the latest: it may have been emptied."""
MOST_SERVERS = 4
WHOLE = ("A", "AAAA", "CNAME")
"""Types whose wanted values are all there may be; of the others each must be among the records."""
SYSTEM = "this computer's resolver"


class Watched(Record, frozen=True, kw_only=True):
    """What is waited for: the records `until` at `name`, or any change where it is empty."""

    name: str
    rdtype: str = "A"
    until: tuple[str, ...] = ()
    resolvers: tuple[str, ...] = ()
    """Those to ask instead, "IP" or "IP:PORT"; empty: the run's own, and the zone's servers."""
    seconds: float = 7_200.0
    every: float = 0.0
    """Seconds between two looks at one server; 0: five at first, then slower, never below a TTL."""
    options: Options = Options()


class Looked(Record, frozen=True, kw_only=True):
    """What one server said just now."""

    resolver: str
    own: bool
    """It is one of the zone's own servers, not a cache."""
    at: datetime
    outcome: Literal["ok", "nodata", "nxdomain", "unknown"]
    records: tuple[str, ...] = ()
    ttl: int = 0
    cause: str = ""
    cached_until: datetime | None = None
    """When a cache forgets this answer."""

    @property
    def known(self) -> bool:
        return self.outcome != "unknown"

    @property
    def value(self) -> str:
        """The records in words; "gone" where there is none, the cause where nobody could say."""
        if not self.known:
            return f"could not be told: {self.cause}"
        return ", ".join(self.records) or GONE


class Changed(Record, frozen=True, kw_only=True):
    """One server says something else than the last time it answered."""

    resolver: str
    at: datetime
    before: tuple[str, ...]
    after: tuple[str, ...]


class Ended(Record, frozen=True, kw_only=True):
    """How the waiting ended, with the first and the last answer of every server.

    `there`: all servers that ever answered say what was waited for. `time`: it ran out first.
    """

    question: Watched
    how: Literal["there", "time", "cancelled", "failed"]
    began: datetime
    at: datetime
    before: tuple[Looked, ...] = ()
    after: tuple[Looked, ...] = ()
    requests: int = 0
    cause: str = ""
    """Of `failed`: what went wrong."""

    @property
    def changed(self) -> bool:
        """Whether any server says something else than at first."""
        first = {look.resolver: look.records for look in self.before}
        return any(look.known and first.get(look.resolver) != look.records for look in self.after)


WatchEvent = Looked | Changed | Ended
Report = Callable[[WatchEvent], None]


async def watch(question: Watched, report: Report = lambda event: None) -> Ended:
    """Look until it is there, or the time is over. `report` is called in the loop's thread.

    Cancelling the task ends it too: the result then says so.

    Raises:
        BadHost: The name is none.
        BadOption: A resolver or an option cannot be used.
    """
    return await _Watching(canonical(question), report).go()


def canonical(question: Watched) -> Watched:
    """The question as it is asked: the name's usual form, and the wanted values as DNS shows them.

    Raises:
        BadHost: The name is none.
    """
    rdtype = question.rdtype.upper()
    until = tuple(sorted({_as_shown(value, rdtype) for value in question.until}))
    return replace(question, name=as_host(question.name), rdtype=rdtype, until=until)


def as_wanted(question: Watched, look: Looked) -> bool:
    """Whether a server says what is waited for; any change is no value, so nothing is."""
    if not question.until or not look.known:
        return False
    wanted = set(question.until)
    if wanted == {GONE}:
        return not look.records
    found = set(look.records)
    return wanted == found if question.rdtype in WHOLE else wanted <= found


class Watch:
    """A watch in a daemon thread. `cancel` ends it early; its `Ended` is reported all the same."""

    def __init__(self, question: Watched, report: Report) -> None:
        """`report` is called in the watch's own thread; its last event is an `Ended`."""
        self.question = question
        self.ended: Ended | None = None
        self._report = report
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Ended] | None = None
        self._cancelled = False
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._work, name="watch", daemon=True)

    def start(self) -> Watch:
        self._thread.start()
        return self

    @property
    def running(self) -> bool:
        return not self._done.is_set()

    def cancel(self) -> None:
        self._cancelled = True
        loop, task = self._loop, self._task
        if loop is not None and task is not None and not loop.is_closed():
            with contextlib.suppress(RuntimeError):  # it closed just now
                loop.call_soon_threadsafe(task.cancel)

    def wait(self, seconds: float | None = None) -> bool:
        """Block until it has ended and was told; False when `seconds` went by first."""
        return self._done.wait(seconds)

    def _work(self) -> None:
        began = _now()
        try:
            self.ended = asyncio.run(self._main())
        except asyncio.CancelledError:
            self.ended = Ended(question=self.question, how="cancelled", began=began, at=_now())
            self._report(self.ended)
        except Exception as error:
            self.ended = Ended(
                question=self.question, how="failed", began=began, at=_now(), cause=str(error)
            )
            self._report(self.ended)
        finally:
            self._done.set()

    async def _main(self) -> Ended:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(watch(self.question, self._report))
        if self._cancelled:
            self._task.cancel()
        return await self._task


# ---------------------------------------------------------------- looking


class _Place(Record, frozen=True, kw_only=True):
    """One server to ask: by a door of its own, or as `server` through the run's."""

    shown: str
    options: Options
    server: str = ""


class _Watching:
    def __init__(self, question: Watched, report: Report) -> None:
        self.question = question
        self.report = report
        self.began = _now()
        self.first: dict[str, Looked] = {}
        self.last: dict[str, Looked] = {}
        self.known: dict[str, Looked] = {}
        """By server, its newest answer; one that falls silent has not changed its mind."""
        self.due: dict[str, float] = {}
        self.pause = question.every or FIRST_PAUSE
        self.requests = 0
        self.moved = False
        self.zone: tuple[_Place, ...] = ()

    async def go(self) -> Ended:
        over = time.monotonic() + self.question.seconds
        try:
            while True:
                await self._round()
                if self._there():
                    return self._end("there")
                soonest = min(self.due.values(), default=time.monotonic() + self.pause)
                if soonest >= over:
                    await asyncio.sleep(max(0.0, over - time.monotonic()))
                    return self._end("time")
                await asyncio.sleep(max(0.0, soonest - time.monotonic()))
        except asyncio.CancelledError:
            return self._end("cancelled")

    async def _round(self) -> None:
        """Ask every server whose turn it is, all at once."""
        places = await self._places()
        shown = {place.shown for place in places}
        for gone in set(self.last) - shown:  # no longer one of the zone's servers
            del self.last[gone], self.due[gone]
        now = time.monotonic()
        turn = [place for place in places if self.due.get(place.shown, now) <= now]
        changed = False
        for place, answer in zip(turn, await asyncio.gather(*map(self._ask, turn)), strict=True):
            changed |= self._took(place, answer)
        if not self.question.every:
            slower = min(LONGEST_PAUSE, self.pause * SLOWER)
            self.pause = FIRST_PAUSE if changed else slower

    def _took(self, place: _Place, answer: Answer) -> bool:
        """Keep what a server said; whether that is a change."""
        now = _now()
        own = bool(place.server)
        cached = not own and not answer.authoritative and answer.ttl > 0
        look = Looked(
            resolver=place.shown,
            own=own,
            at=now,
            outcome=answer.outcome,
            records=tuple(_as_shown(r, self.question.rdtype) for r in answer.records),
            ttl=answer.ttl,
            cause=answer.cause,
            cached_until=now + timedelta(seconds=answer.ttl) if cached else None,
        )
        patient = min(max(self.pause, answer.ttl + 1.0 if cached else 0.0), LONGEST_TRUST)
        self.due[place.shown] = time.monotonic() + (self.question.every or patient)
        self.last[place.shown] = look
        self.report(look)
        before = self.known.get(place.shown)
        if before is None:  # until it answers, its silence is what there is to tell
            self.first[place.shown] = look
        if not look.known:
            return False
        self.known[place.shown] = look
        if before is None or look.records == before.records:
            return False
        self.moved = True
        self.report(
            Changed(resolver=place.shown, at=now, before=before.records, after=look.records)
        )
        return True

    def _there(self) -> bool:
        """Whether every server that ever answered says what is waited for."""
        counted = [look for name, look in self.last.items() if name in self.known]
        if not counted or not all(look.known for look in counted):
            return False
        if self.question.until:
            return all(as_wanted(self.question, look) for look in counted)
        return self.moved and len({look.records for look in counted}) == 1

    def _end(self, how: Literal["there", "time", "cancelled"]) -> Ended:
        ended = Ended(
            question=self.question,
            how=how,
            began=self.began,
            at=_now(),
            before=tuple(self.first[name] for name in self.last),
            after=tuple(self.last.values()),
            requests=self.requests,
        )
        self.report(ended)
        return ended

    # ------------------------------------------------------------ whom to ask

    async def _places(self) -> tuple[_Place, ...]:
        options = self.question.options
        if self.question.resolvers:
            named = dict.fromkeys(self.question.resolvers)
            return tuple(_Place(shown=r, options=replace(options, resolver=r)) for r in named)
        # Servers change too, and a watch over a move of nameservers would wait for the old ones.
        async with open_network(_NOBODY, options) as net:
            self.zone = await _own_servers(net, self.question.name, options) or self.zone
            self.requests += len(net.log.entries)
        own = _Place(shown=options.resolver or SYSTEM, options=options)
        return (own, *self.zone)

    async def _ask(self, place: _Place) -> Answer:
        """One question through a door of its own: a door remembers answers."""
        asked = self.question
        async with open_network(_NOBODY, place.options) as net:
            answer = await net.lookup(asked.name, asked.rdtype, server=place.server)
            self.requests += len(net.log.entries)
        return answer


_NOBODY = Scope(hosts=())
"""Nothing but DNS questions may leave."""


async def _own_servers(net: Network, name: str, options: Options) -> tuple[_Place, ...]:
    """The servers of the zone that a name is in, by their first address."""
    labels = name.split(".")
    zones = [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]
    answers = await asyncio.gather(*(net.lookup(zone, "NS") for zone in zones))
    servers = next((a.records for a in answers if a.outcome == "ok" and not a.chain), ())
    found = await asyncio.gather(*(net.addresses(server) for server in servers[:MOST_SERVERS]))
    return tuple(
        _Place(shown=f"{server} ({addresses[0]})", options=options, server=addresses[0])
        for server, (a, aaaa) in zip(servers, found, strict=False)
        if (addresses := (*a.records, *aaaa.records))
    )


def _as_shown(value: str, rdtype: str) -> str:
    """A value in the form DNS answers are kept in, so that two spellings of one are equal."""
    text = value.strip()
    if text.lower() == GONE:
        return GONE
    if rdtype in ("A", "AAAA"):
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_address(text))
    if rdtype in ("CNAME", "NS", "PTR"):
        with contextlib.suppress(BadHost):
            return as_host(text)
    if rdtype in ("MX", "SRV", "SOA"):
        return " ".join(text.lower().split()).removesuffix(".") or text
    return text


def _now() -> datetime:
    return datetime.now(UTC)
