"""A real server that one client can slow down, one that it cannot, and what is not measured."""

from __future__ import annotations

import re

import pytest

from cases.world import DOMAIN, served, web
from launchready_tui.checks.limits import read
from launchready_tui.facts.cache_signs import cache_head
from launchready_tui.facts.noisy import (
    Course,
    NoisyNeighbour,
    enough,
    measured,
    noisy_neighbour,
    summed,
)
from launchready_tui.given import Permits, Target
from launchready_tui.model import CouldNotTell, Level
from launchready_tui.network import Network, Options, Scope, open_network
from launchready_tui.network.load import Driven, Sample
from launchready_tui.network.seen import Hop
from servers.scripted import Desk, Reply, running_script

HOST = f"app.{DOMAIN}"
SHORT = Course(phase=2.4, victim_rate=5.0, noise_rate=60.0)
ALLOWED = Permits(probes=("noisy-neighbour",), by="Ana")


def network(desk: Desk, level: Level = Level.LOAD) -> Network:
    scope = Scope(hosts=(DOMAIN,), named=(HOST,), level=level)
    return open_network(scope, Options(connect=(desk.connect,)))


async def measure(desk: Desk) -> NoisyNeighbour:
    async with network(desk) as net:
        return await measured(net, desk.url("/orders"), True, SHORT)


async def test_a_single_worker_makes_everybody_wait_behind_the_noise() -> None:
    with running_script(lambda asked, before: Reply(after=0.06, alone=True)) as desk:
        noisy = await measure(desk)
    assert noisy.lag_ms > 40 or read(noisy)[0] == "slows", noisy
    assert noisy.during.p50_ms > noisy.before.p50_ms
    assert len(desk.asked) < 300


async def test_who_serves_side_by_side_does_not() -> None:
    with running_script(lambda asked, before: Reply(after=0.02)) as desk:
        noisy = await measure(desk)
    assert read(noisy)[0] in ("steady", "unclear"), noisy
    assert noisy.during.failed == noisy.before.failed == 0
    assert noisy.noise_answered == noisy.noise_sent > 10


async def test_it_stops_when_the_noise_is_refused() -> None:
    def limited(asked: object, before: int) -> Reply:
        return Reply(429 if before > 30 else 200)

    with running_script(limited) as desk:
        noisy = await measure(desk)
    assert noisy.stopped == "the noisy client was refused"
    assert noisy.noise_refused < 20


async def test_it_stops_when_the_others_fail() -> None:
    def overloaded(asked: object, before: int) -> Reply:
        return Reply(500 if before > 20 else 200)

    with running_script(overloaded) as desk:
        noisy = await measure(desk)
    assert noisy.stopped == "more than a fifth of the ordinary requests failed"
    assert noisy.during.failed >= 3


@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        (Reply(401), "answers 401, which is no work for the app; name a heavy read"),
        (Reply(302, {"location": "/login"}), "answers 302"),
        (Reply(headers={"cf-cache-status": "HIT"}), "comes from the edge's cache"),
        (Reply(headers={"age": "17"}), "comes from the edge's cache"),
        (Reply(403, {"cf-mitigated": "challenge"}), "a bot challenge (Cloudflare)"),
    ],
)
async def test_what_tells_nothing_about_the_app_is_left_alone(reply: Reply, cause: str) -> None:
    with (
        running_script(lambda asked, before: reply) as desk,
        pytest.raises(CouldNotTell, match=re.escape(cause)),
    ):
        await measure(desk)
    assert len(desk.asked) == 1


async def test_nothing_is_sent_without_leave() -> None:
    with running_script() as desk:
        target = Target(domain=DOMAIN)
        async with network(desk) as net:
            with pytest.raises(CouldNotTell, match="noisy-neighbour"):
                await noisy_neighbour(net, web(), target, Permits())
        async with network(desk, Level.ACTIVE) as net:
            with pytest.raises(CouldNotTell, match="not sent at the active level"):
                await measured(net, desk.url("/"), True, SHORT)
    assert not desk.asked


async def test_without_a_heavy_read_the_front_page_must_have_been_seen() -> None:
    with running_script() as desk:
        async with network(desk) as net:
            held = web(served(HOST, cause="a bot challenge answered instead of the site"))
            with pytest.raises(CouldNotTell, match="a bot challenge"):
                await noisy_neighbour(net, held, Target(domain=DOMAIN), ALLOWED)


def test_what_was_under_way_when_the_noise_began_belongs_to_neither_half() -> None:
    times = ((0.0, 0.1), (1.0, 0.1), (1.95, 0.2), (2.0, 0.5), (3.0, 0.1))
    samples = tuple(Sample(stream="victim", due=d, seconds=s, status=200) for d, s in times)
    noisy = summed("u", True, Driven(samples=samples), 2.0)
    assert (noisy.before.asked, noisy.during.asked) == (2, 2)
    assert noisy.limit_ms == 200
    assert (noisy.before.slow, noisy.during.slow) == (0, 1)


def test_failures_of_the_calm_do_not_excuse_those_of_the_noise() -> None:
    calm = [Sample(stream="victim", due=n / 2, seconds=0.1, status=200) for n in range(20)]
    broken = [Sample(stream="victim", due=10 + n, seconds=5.0) for n in range(3)]
    assert enough(calm, 10.0) == ""
    assert enough([*calm, *broken[:2]], 10.0) == ""
    assert "failed" in enough([*calm, *broken], 10.0)


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ((), False),
        ((("cf-cache-status", "DYNAMIC"),), False),
        ((("age", "0"),), False),
        ((("age", "-3"),), False),
        ((("x-cache", "Hit from cloudfront"),), True),
        ((("x-vercel-cache", "PRERENDER"),), True),
        ((("x-cache", "Miss from cloudfront"),), False),
        ((("age", "12"),), True),
    ],
)
def test_a_cache_in_front_is_known_by_its_headers(
    headers: tuple[tuple[str, str], ...], kept: bool
) -> None:
    hop = Hop(url="https://a.test/", method="GET", outcome="ok", status=200, headers=headers)
    assert bool(cache_head(hop).kept) is kept
