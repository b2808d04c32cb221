"""A schedule of requests is sent as it says, within the door's rules, and timed from its plan."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from launchready_tui.model import Level
from launchready_tui.network import Network, Options, Scope, open_network
from launchready_tui.network.load import Driven, Sample, Stream, percentile
from launchready_tui.trace import current_fact
from network.hostile import hostile_http
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port
from servers.scripted import Desk, Reply, running_script

HOST = "app.acme.test"


def network(desk: Desk, level: Level = Level.LOAD, **scope: Any) -> Network:
    given: dict[str, Any] = {"hosts": (HOST,), "named": (HOST,), "level": level, **scope}
    return open_network(Scope(**given), Options(connect=(desk.connect,)))


def stream(url: str, **changes: Any) -> Stream:
    usual: dict[str, Any] = {
        "name": "victim",
        "per_second": 20,
        "begins": 0.0,
        "ends": 0.5,
        "connections": 2,
    }
    return Stream(url=url, **{**usual, **changes})


def never(samples: Sequence[Sample]) -> str:
    return ""


async def drive(net: Network, *streams: Stream, **changes: Any) -> Driven:
    limits: dict[str, Any] = {"stop": never, "most": 200, "seconds": 20.0, **changes}
    return await net.drive(streams, **limits)


async def something_came(desk: Desk) -> None:
    for _ in range(1000):
        if desk.asked:
            return
        await asyncio.sleep(0.01)


async def test_each_request_of_the_schedule_is_sent_once_on_kept_connections() -> None:
    with running_script() as desk:
        async with network(desk) as net:
            current_fact.set("NoisyNeighbour")
            driven = await drive(net, stream(desk.url("/a?b=1")))
            await asyncio.sleep(0)
        lines = net.log.entries
    assert [sample.status for sample in driven.samples] == [200] * 10
    assert not driven.cause
    assert not driven.stopped
    assert desk.count("/a?b=1") == 12, "ten of the schedule, and one to open each connection"
    assert desk.connections == 2
    assert {(r.method, r.level, r.path, r.fact, r.outcome) for r in lines} == {
        ("GET", "load", "/a", "NoisyNeighbour", "200")
    }
    assert len(lines) == 12
    assert {asked.headers["host"] for asked in desk.asked} == {f"{HOST}:{desk.port}"}
    assert all("launchready" in asked.headers["user-agent"] for asked in desk.asked)


async def test_what_had_to_wait_is_timed_from_when_it_was_due() -> None:
    slow = Reply(after=0.2)
    with running_script(lambda asked, before: slow) as desk:
        async with network(desk) as net:
            plan = stream(desk.url("/"), connections=1, per_second=10, ends=1.0)
            driven = await drive(net, plan)
    assert len(driven.samples) == 10
    # One connection serves 5 a second: the last of 10 a second waits for those before it.
    assert driven.samples[-1].seconds > 4 * driven.samples[0].seconds / 2


async def test_noise_leaves_out_what_is_late_and_never_exceeds_its_rate() -> None:
    slow = Reply(after=0.3)
    with running_script(lambda asked, before: slow) as desk:
        async with network(desk) as net:
            noise = stream(desk.url("/"), name="noise", per_second=50, ends=1.2, measured=False)
            driven = await drive(net, noise)
    assert 0 < len(driven.samples) < 20
    assert desk.connections == 2


async def test_it_stops_when_it_is_told_to() -> None:
    def third(samples: Sequence[Sample]) -> str:
        return "three are enough" if len(samples) >= 3 else ""

    with running_script() as desk:
        async with network(desk) as net:
            driven = await drive(net, stream(desk.url("/"), ends=30.0), stop=third)
    assert driven.stopped == "three are enough"
    assert 3 <= len(driven.samples) <= 4


async def test_it_sends_no_more_than_it_may() -> None:
    with running_script() as desk:
        async with network(desk) as net:
            driven = await drive(net, stream(desk.url("/"), ends=30.0), most=6)
    assert driven.stopped == "it had sent as much as it may"
    assert len(desk.asked) == 6


async def test_it_ends_in_time() -> None:
    with running_script() as desk:
        async with network(desk) as net:
            driven = await drive(net, stream(desk.url("/"), ends=60.0), seconds=0.5)
    assert driven.stopped == "it took too long"
    assert driven.samples


@pytest.mark.parametrize("level", [Level.PASSIVE, Level.ACTIVE])
async def test_without_leave_for_load_nothing_is_sent(level: Level) -> None:
    with running_script() as desk:
        async with network(desk, level) as net:
            driven = await drive(net, stream(desk.url("/")))
    assert driven.cause == f"this is not sent at the {level.value} level"
    assert not desk.asked
    assert not net.log.entries


async def test_a_host_out_of_scope_or_two_origins_are_not_asked() -> None:
    with running_script() as desk:
        async with network(desk) as net:
            elsewhere = await drive(net, stream(desk.url("/", "app.other.test")))
            two = await drive(net, stream(desk.url("/")), stream("http://app.acme.test/"))
            none = await drive(net, stream("ftp://app.acme.test/"))
    assert "not in the authorised scope" in elsewhere.cause
    assert two.cause == "a schedule is for one origin"
    assert "not an http or https address" in none.cause
    assert not desk.asked


async def test_who_stops_waiting_ends_it() -> None:
    with running_script() as desk:
        async with network(desk) as net:
            work = asyncio.create_task(drive(net, stream(desk.url("/"), ends=60.0)))
            await something_came(desk)
            work.cancel()
            await asyncio.wait([work])
            for _ in range(100):
                sent = len(desk.asked)
                await asyncio.sleep(0.1)
                if len(desk.asked) == sent:
                    break
        assert work.cancelled()
        assert len(desk.asked) == sent < 200


async def test_one_turn_at_the_host_is_left_to_others() -> None:
    held = Reply(after=0.3)
    with running_script(lambda asked, before: held) as desk:
        async with network(desk) as net:
            url = desk.url("/noise")
            noise = stream(url, connections=8, per_second=5, measured=False, ends=60.0)
            work = asyncio.create_task(drive(net, noise))
            await something_came(desk)
            fetched = await net.fetch(desk.url("/other"))
            assert not work.done()
            work.cancel()
            await asyncio.wait([work])
    assert fetched.status == 200


async def test_a_connection_that_the_server_ends_is_opened_again() -> None:
    close = Reply(headers={"connection": "close"})
    with running_script(lambda asked, before: close) as desk:
        async with network(desk) as net:
            driven = await drive(net, stream(desk.url("/")))
    assert {sample.status for sample in driven.samples} == {200}


@pytest.mark.parametrize(
    "path", ["garbage", "nothing", "bad-chunks", "short-body", "long-header", "long-status"]
)
async def test_an_answer_that_is_none_counts_as_none(path: str) -> None:
    with hostile_http() as web:
        pins = (web.connect,)
        scope = Scope(hosts=(HOST,), named=(HOST,), level=Level.LOAD)
        async with open_network(scope, Options(connect=pins)) as net:
            driven = await drive(net, stream(web.url(path, HOST), measured=False, ends=0.2))
    assert driven.samples
    assert {sample.status for sample in driven.samples} == {0}


async def test_an_endless_answer_is_left_at_its_limit() -> None:
    with hostile_http() as web:
        scope = Scope(hosts=(HOST,), named=(HOST,), level=Level.LOAD)
        async with open_network(scope, Options(connect=(web.connect,))) as net:
            url = web.url("endless-body", HOST)
            driven = await drive(net, stream(url, measured=False, ends=0.05, connections=1))
    assert [sample.status for sample in driven.samples] == [0]


async def test_a_server_that_never_answers_is_told_before_the_schedule() -> None:
    with hostile_http() as web:
        scope = Scope(hosts=(HOST,), named=(HOST,), level=Level.LOAD)
        async with open_network(scope, Options(connect=(web.connect,))) as net:
            driven = await drive(net, stream(web.url("nothing", HOST)))
    assert driven.cause == f"{HOST} gave no answer to the first requests"


async def test_the_certificate_is_verified(tmp_path: Any) -> None:
    pki = Pki(tmp_path)
    good, port, bad_port = pki.good(HOST), free_port(), free_port()
    bad = pki.expired(HOST)
    servers = "".join(
        f"server {{ listen 127.0.0.1:{at} ssl; server_name {HOST}; ssl_certificate {p.chain};"
        f' ssl_certificate_key {p.key}; location / {{ return 200 "ok"; }} }}\n'
        for at, p in ((port, good), (bad_port, bad))
    )
    scope = Scope(hosts=(HOST,), named=(HOST,), level=Level.LOAD)
    pins = (f"{HOST}:{port}=127.0.0.1:{port}", f"{HOST}:{bad_port}=127.0.0.1:{bad_port}")
    with running_nginx(servers):
        async with open_network(scope, Options(connect=pins, ca=str(pki.ca))) as net:
            trusted = await drive(net, stream(f"https://{HOST}:{port}/"))
            untrusted = await drive(net, stream(f"https://{HOST}:{bad_port}/"))
    assert {sample.status for sample in trusted.samples} == {200}
    assert untrusted.cause
    assert not untrusted.samples


def test_percentiles_are_values_that_were_seen() -> None:
    assert percentile([], 0.95) == 0
    assert percentile([3.0], 0.5) == 3.0
    assert percentile([float(n) for n in range(1, 21)], 0.95) == 19.0
    assert percentile([4.0, 1.0, 2.0, 3.0], 0.5) == 2.0
