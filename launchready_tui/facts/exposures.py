"""Files and addresses that should not be served: the table of checklists/exposures.toml, asked for.

What a host answers for made-up names is known before anything is asked: a site that answers every
address with its front page has nothing exposed. Only the start of an answer is read, never more of
a hit, and nothing of it is kept but names and counts.
"""

from __future__ import annotations

import asyncio
import posixpath

from launchready_tui.engine import fact
from launchready_tui.facts import exposure_rows
from launchready_tui.facts.challenge import PUZZLES, challenged
from launchready_tui.facts.exposure_rows import ExposureRow, Trace
from launchready_tui.facts.page import read_page
from launchready_tui.facts.web import MissingPages, WebHosts, made_up
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched

RANGE = "bytes=0-2047"
BODY = 4_096
MOST_A_HOST = 40
"""Requests to one host, those for made-up names included."""
MEASURES = 3
"""Requests for made-up names: two before anything is asked, and one beside a hit."""
MOST = 64
"""Requests of a run that go beyond the short list, which every host is asked."""
MOST_HOSTS = 12
AT_ONCE = 8
"""Requests to one host at the same time."""
PATIENCE = 3
"""So many requests without an answer end the questions at a host."""
SOUND = (200, 206)
TURNED_AWAY = 429
OVERLOADED = (502, 503, 504)
"""Nobody has looked at the path: a gateway that found no server answers like this."""


class Measure(Record, frozen=True, kw_only=True):
    """What a host answers for a made-up file. `fits` are the rows that it looks like."""

    host: str
    status: int = 0
    fits: tuple[str, ...] = ()
    title: str = ""
    cause: str = ""


class MadeUpFiles(Fact, frozen=True, kw_only=True):
    """One made-up name with an ending for each host: beside `MissingPages` the second measure."""

    measures: tuple[Measure, ...]

    def of(self, host: str) -> Measure | None:
        return next((measure for measure in self.measures if measure.host == host), None)


class Hit(Record, frozen=True, kw_only=True):
    """A path that answered what its row of the table is about."""

    row: str
    path: str
    trace: Trace


class HostExposures(Record, frozen=True, kw_only=True):
    """What one host serves of the table.

    `left_out` are paths that were not asked, to keep the number of requests low; `unanswered` those
    that brought no answer, as "path: cause". `cause` is why nothing could be told at all.
    """

    host: str
    asked: int = 0
    hits: tuple[Hit, ...] = ()
    catch_all: bool = False
    """It answers 200 for made-up names too."""
    alike: tuple[str, ...] = ()
    """Paths that looked like hits, and so did a made-up name beside them."""
    left_out: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    cause: str = ""


class ExposedFiles(Fact, frozen=True, kw_only=True):
    hosts: tuple[HostExposures, ...]


@fact
async def made_up_files(net: Network, web: WebHosts) -> MadeUpFiles:
    hosts = [host.host for host in web.able[:MOST_HOSTS]]
    with net.log.side_by_side():
        answers = await asyncio.gather(
            *(_ask(net, host, f"/{made_up(host, 'file')}.json") for host in hosts)
        )
    return MadeUpFiles(measures=tuple(map(_measure, hosts, answers)))


@fact(limit=50.0)
async def exposed_files(
    net: Network, web: WebHosts, missing: MissingPages, files: MadeUpFiles, target: Target
) -> ExposedFiles:
    """The short list at every host; then the rest at the app's, the domain's, and so on."""
    hosts = [host.host for host in web.able]
    plans = _plans(hosts, web.app, target)
    with net.log.side_by_side():
        seen = await asyncio.gather(
            *(_look(net, host, plans[host], missing, files) for host in hosts)
        )
    return ExposedFiles(hosts=tuple(seen))


def _plans(hosts: list[str], app: str, target: Target) -> dict[str, tuple[str, ...]]:
    """Which paths each host is asked for, the worst first; the short list, whatever it costs."""
    rows = exposure_rows.exposures()
    first = [path for row in rows for path in row.first]
    rest = [path for row in rows for path in row.paths if path not in row.first]
    asked = hosts[:MOST_HOSTS]
    left = target.share(MOST) - len(asked) * (len(first) + 1)
    plans: dict[str, tuple[str, ...]] = dict.fromkeys(hosts, ())
    for host in sorted(asked, key=lambda host: host != app):
        more = rest[: max(0, min(left, target.share(MOST_A_HOST) - len(first) - MEASURES))]
        plans[host] = (*first, *more)
        left -= len(more)
    return plans


async def _look(
    net: Network, host: str, plan: tuple[str, ...], missing: MissingPages, files: MadeUpFiles
) -> HostExposures:
    if not plan:
        return HostExposures(host=host, left_out=_every_path(), cause="too many hosts for one run")
    measure, page = files.of(host), missing.of(host)
    if measure is None or page is None or not page.hops:
        return HostExposures(host=host, cause="no made-up page was measured")
    if page.challenged:
        return HostExposures(host=host, cause="a bot challenge answered for a made-up page")
    answer = page.hops[0]  # a redirect, wherever it leads, says that nothing is served here
    if answer.outcome != "ok" or measure.cause:
        why = measure.cause or page.cause or answer.cause
        return HostExposures(host=host, cause=f"a made-up page could not be measured: {why}")
    return await _Look(net, host, plan, measure, answer.status).go()


class _Look:
    """The questions to one host: a few at once, and no more of them once it turns us away."""

    def __init__(
        self, net: Network, host: str, plan: tuple[str, ...], measure: Measure, status: int
    ) -> None:
        self.net = net
        self.host = host
        self.plan = plan
        self.measure = measure
        self.catch_all = measure.status in SOUND or status in SOUND
        self.asked = 2
        self.answers: dict[str, Fetched] = {}
        self.unanswered: dict[str, str] = {}
        self.stopped = ""
        self.turn = asyncio.Semaphore(AT_ONCE)

    async def go(self) -> HostExposures:
        with self.net.log.side_by_side():
            await asyncio.gather(*map(self._path, self.plan))
        rows = {path: row for row in exposure_rows.exposures() for path in row.paths}
        found = [
            Hit(row=rows[path].id, path=path, trace=trace)
            for path in self.plan
            if path in self.answers and (trace := self._trace(rows[path], self.answers[path]))
        ]
        alike = await self._alike(found, rows)
        return HostExposures(
            host=self.host,
            asked=self.asked,
            hits=tuple(hit for hit in found if hit.path not in alike),
            catch_all=self.catch_all,
            alike=tuple(sorted(alike)),
            left_out=tuple(path for path in _every_path() if path not in self.plan),
            unanswered=tuple(
                f"{path}: {self.unanswered[path]}" for path in sorted(self.unanswered)
            ),
            cause=self.stopped,
        )

    async def _path(self, path: str) -> None:
        async with self.turn:
            if self.stopped:
                return
            self.asked += 1
            answer = await _ask(self.net, self.host, path)
        last = answer.last
        if challenged(last) in PUZZLES:
            self.stopped = f"a bot challenge answered for {path}"
        elif last.status == TURNED_AWAY:
            self.stopped = f"it turned us away ({last.status}) at {path}"
        elif answer.ended != "ok" or last.status in OVERLOADED:
            cause = answer.cause or last.cause or f"it answers {last.status}"
            self.unanswered[path] = cause
            if len(self.unanswered) >= PATIENCE:
                self.stopped = f"no answer to {len(self.unanswered)} of our questions"
        else:
            self.answers[path] = answer

    def _trace(self, row: ExposureRow, answer: Fetched) -> Trace | None:
        """What a path shows, unless a made-up file shows the same."""
        if answer.status not in SOUND or row.id in self.measure.fits:
            return None
        trace = exposure_rows.read(row, answer.body)
        if trace and row.shape == "html" and self.catch_all:
            # A page like that of any made-up name is no page of its own, whatever stands in it.
            title = read_page(answer.body).title
            return trace if title != self.measure.title else None
        return trace

    async def _alike(self, found: list[Hit], rows: dict[str, ExposureRow]) -> set[str]:
        """The hits whose made-up neighbour answers alike; asked only where there is a hit."""
        neighbours: dict[str, list[Hit]] = {}
        for hit in found:
            neighbours.setdefault(_neighbour(self.host, hit.path), []).append(hit)
        asked = list(neighbours)[: max(0, MOST_A_HOST - self.asked)]
        self.asked += len(asked)
        with self.net.log.side_by_side():
            answers = await asyncio.gather(*(_ask(self.net, self.host, path) for path in asked))
        return {
            hit.path
            for path, answer in zip(asked, answers, strict=True)
            for hit in neighbours[path]
            if answer.status in SOUND and exposure_rows.read(rows[hit.path], answer.body)
        }


def _neighbour(host: str, path: str) -> str:
    """A made-up name in the same folder: with a dot in front as well, or with the same ending."""
    folder, name = posixpath.split(path)
    lead = f"{folder.rstrip('/')}/"
    if name.startswith("."):
        return f"{lead}.{made_up(host, folder)}"
    return f"{lead}{made_up(host, folder)}{posixpath.splitext(name)[1]}"


def _measure(host: str, answer: Fetched) -> Measure:
    if answer.ended != "ok":
        return Measure(host=host, cause=answer.cause or answer.last.cause or answer.ended)
    if challenged(answer.last):
        return Measure(host=host, cause="a bot challenge answered")
    rows = exposure_rows.exposures() if answer.status in SOUND else ()
    fits = tuple(row.id for row in rows if exposure_rows.read(row, answer.body))
    title = read_page(answer.body).title if exposure_rows.is_html(answer.body) else ""
    return Measure(host=host, status=answer.status, fits=fits, title=title)


def _every_path() -> tuple[str, ...]:
    return tuple(path for row in exposure_rows.exposures() for path in row.paths)


async def _ask(net: Network, host: str, path: str) -> Fetched:
    """The start of an answer. A redirect is an answer too: it is not followed."""
    return await net.fetch(
        f"https://{host}{path}", follow=False, headers={"range": RANGE}, body_limit=BODY
    )
