"""One noisy client beside an ordinary one: how the ordinary one fares before it and meanwhile.

A measurement, the one kind of fact that holds durations: rounded, beside the counts they rest on.
"""

from __future__ import annotations

from collections.abc import Sequence

from launchready_tui.engine import fact
from launchready_tui.facts.cache_signs import cache_head
from launchready_tui.facts.challenge import challenged
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Permits, Target
from launchready_tui.model import CouldNotTell, Fact, Level, Record
from launchready_tui.network import Network
from launchready_tui.network.load import Driven, Sample, Stream, percentile
from launchready_tui.network.seen import Fetched

PROBE = "noisy-neighbour"
MOST = 300
SECONDS = 30.0
ROUNDING = 5
VICTIM, NOISE = "victim", "noise"
REFUSED = (403, 429)
ENOUGH_REFUSED = 10
"""So many refusals show that the noisy client is held back: it is not sent any further."""
ENOUGH_BROKEN = 3


class Course(Record, frozen=True, kw_only=True):
    """Seconds without noise, then as many with it. Seven connections of the host's eight."""

    phase: float = 10.0
    victim_rate: float = 2.0
    noise_rate: float = 20.0
    victim_connections: int = 2
    noise_connections: int = 5


COURSE = Course()


class Half(Record, frozen=True, kw_only=True):
    """The ordinary client's requests in one phase.

    `slow` took longer than the limit, or had no answer in time; `failed` are those without an
    answer or with one of 500 and above; `refused` got 403 or 429.
    """

    asked: int = 0
    slow: int = 0
    failed: int = 0
    refused: int = 0
    p50_ms: int = 0
    p95_ms: int = 0


class NoisyNeighbour(Fact, frozen=True, kw_only=True):
    """`named`: a person named the heavy read; otherwise both clients asked for the front page."""

    url: str
    named: bool
    limit_ms: int
    """Twice what 19 of 20 requests took before, and at least 0.1 s more."""
    before: Half
    during: Half
    noise_sent: int = 0
    noise_answered: int = 0
    noise_refused: int = 0
    stopped: str = ""
    lag_ms: int = 0
    """How late this computer was itself."""


@fact(limit=SECONDS + 15)
async def noisy_neighbour(
    net: Network, web: WebHosts, target: Target, permits: Permits
) -> NoisyNeighbour:
    permits.insist(PROBE)
    named = bool(target.web.heavy)
    return await measured(net, target.web.heavy or _front(web), named)


async def measured(net: Network, url: str, named: bool, course: Course = COURSE) -> NoisyNeighbour:
    """Look at the address once, then send both clients there. Raises CouldNotTell."""
    shown = without_secrets(url)
    if cause := _useless(shown, await net.fetch(url, follow=False, level=Level.LOAD)):
        raise CouldNotTell(cause)
    streams = (
        Stream(
            name=VICTIM,
            url=url,
            per_second=course.victim_rate,
            begins=0.0,
            ends=2 * course.phase,
            connections=course.victim_connections,
        ),
        Stream(
            name=NOISE,
            url=url,
            per_second=course.noise_rate,
            begins=course.phase,
            ends=2 * course.phase,
            connections=course.noise_connections,
            measured=False,
        ),
    )
    driven = await net.drive(
        streams, stop=lambda samples: enough(samples, course.phase), most=MOST - 1, seconds=SECONDS
    )
    if driven.cause:
        raise CouldNotTell(driven.cause)
    return summed(shown, named, driven, course.phase)


def enough(samples: Sequence[Sample], begins: float) -> str:
    """Why to end early: the app suffers, or it defends itself. Pure: asked in another thread."""
    if sum(s.status in REFUSED for s in samples if s.stream == NOISE) >= ENOUGH_REFUSED:
        return "the noisy client was refused"
    victims = [sample for sample in samples if sample.stream == VICTIM]
    latest = [s for s in victims if s.due >= begins] or victims
    broken = sum(map(_broken, latest))
    if broken >= ENOUGH_BROKEN and broken > 0.2 * len(latest):
        return "more than a fifth of the ordinary requests failed"
    return ""


def summed(url: str, named: bool, driven: Driven, begins: float) -> NoisyNeighbour:
    """The samples as counts. What was still under way when the noise began belongs to neither."""
    victims = [sample for sample in driven.samples if sample.stream == VICTIM]
    noise = [sample for sample in driven.samples if sample.stream == NOISE]
    before = [s for s in victims if s.due + s.seconds <= begins]
    during = [s for s in victims if s.due >= begins]
    p95 = percentile([s.seconds for s in before if s.status], 0.95)
    limit = max(2 * p95, p95 + 0.1)
    return NoisyNeighbour(
        url=url,
        named=named,
        limit_ms=_rounded(limit),
        before=_half(before, limit),
        during=_half(during, limit),
        noise_sent=len(noise),
        noise_answered=sum(bool(s.status) for s in noise),
        noise_refused=sum(s.status in REFUSED for s in noise),
        stopped=driven.stopped,
        lag_ms=_rounded(driven.lag),
    )


def _half(samples: list[Sample], limit: float) -> Half:
    times = [sample.seconds for sample in samples]
    return Half(
        asked=len(samples),
        slow=sum(s.seconds > limit or not s.status for s in samples if s.status not in REFUSED),
        failed=sum(map(_broken, samples)),
        refused=sum(s.status in REFUSED for s in samples),
        p50_ms=_rounded(percentile(times, 0.5)),
        p95_ms=_rounded(percentile(times, 0.95)),
    )


def _broken(sample: Sample) -> bool:
    return sample.status == 0 or sample.status >= 500


def _rounded(seconds: float) -> int:
    return round(seconds * 1000 / ROUNDING) * ROUNDING


def _front(web: WebHosts) -> str:
    """Where the app's front page ends, if that is at its own host."""
    host = web.of(web.app)
    if host is None:
        raise CouldNotTell("no page of the app was seen; name a heavy read in [web] heavy")
    if host.cause:
        raise CouldNotTell(f"{host.host}: {host.cause}")
    return host.front.hops[-1].url


def _useless(url: str, seen: Fetched) -> str:
    """Why an address would tell nothing about the app, or an empty string."""
    hop = seen.last
    name = "; name a heavy read that needs no sign-in in [web] heavy"
    if seen.ended != "ok":
        return f"{url}: {hop.cause or seen.cause or 'no answer'}"
    if vendor := challenged(hop):
        return f"{url}: a bot challenge ({vendor}) answered instead of the app"
    if not 200 <= hop.status < 300:
        return f"{url} answers {hop.status}, which is no work for the app{name}"
    if cache_head(hop).kept:
        return f"{url} comes from the edge's cache, so the app would not notice{name}"
    return ""
