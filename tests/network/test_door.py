"""The door as gatherers see it: cheap to import, honest in its counts, closed at the end."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

from launchready_tui.network import Options, Scope, open_network
from network.conftest import Opener, something_left
from network.hostile import HostileHttp, hostile_dns

ROOT = Path(__file__).parent.parent.parent
HEAVY = ("h11", "dns", "cryptography", "certifi", "idna", "ssl")


def test_importing_and_opening_the_door_loads_no_library_under_it() -> None:
    code = (
        "import sys, launchready_tui.network as n;"
        "n.open_network(n.Scope(hosts=('example.com',)), n.Options(connect=('a:1=127.0.0.1:1',)));"
        f"print(*(m for m in {HEAVY} if m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    # asyncio itself knows ssl; nothing else of the list may be there.
    assert set(done.stdout.split()) <= {"ssl"}


async def test_the_same_work_is_counted_the_same_although_questions_are_sent_again(
    opened: Opener, web: HostileHttp
) -> None:
    async def work(default: str) -> dict[str, int]:
        with hostile_dns({}, default=default) as endpoint:
            net = opened(
                "app.test",
                dns_wait=0.2,
                resolver=endpoint,
                connect=(f"127.0.0.1:80=127.0.0.1:{web.port}",),
            )
            await asyncio.gather(
                *(net.fetch(f"http://{host}/page") for host in ("a.app.test", "b.app.test") * 3)
            )
            await net.lookup("a.app.test", "A")
            return net.log.counts()

    expected = {"DNS/passive": 4, "GET/passive": 6}
    assert await work("answer") == expected
    assert await work("first-lost") == expected


async def test_endpoints_says_where_connect_sends_a_host() -> None:
    net = open_network(
        Scope(hosts=()), Options(connect=("App.test:443=127.0.0.1:1", "*:80=[::1]:2"))
    )
    assert net.endpoints("app.test.", 443) == ("127.0.0.1:1",)
    assert net.endpoints("anything.test", 80) == ("[::1]:2",)
    assert net.endpoints("other.test", 443) == ()


async def test_closing_ends_what_is_under_way_and_can_be_done_twice() -> None:
    with hostile_dns({}, default="silent") as endpoint:
        net = open_network(Scope(hosts=()), Options(resolver=endpoint, dns_wait=60.0))
        asked = asyncio.create_task(net.lookup("app.test", "A"))
        await something_left(net)
        async with asyncio.timeout(20):
            await net.aclose()
            await net.aclose()
            await asyncio.wait([asked])


async def test_a_cancelled_asker_does_not_spoil_it_for_the_others(opened: Opener) -> None:
    with hostile_dns({"app.test": "first-lost"}) as endpoint:
        net = opened(resolver=endpoint, dns_wait=0.2)
        first = asyncio.create_task(net.lookup("app.test", "A"))
        second = asyncio.create_task(net.lookup("app.test", "A"))
        await something_left(net)
        first.cancel()
        assert (await second).outcome == "ok"


async def test_delay_is_added_to_each_round_trip(opened: Opener, web: HostileHttp) -> None:
    with hostile_dns({}) as endpoint:
        connect = (f"127.0.0.1:80=127.0.0.1:{web.port}",)
        net = opened("app.test", resolver=endpoint, connect=connect, delay=0.05)
        started = time.monotonic()
        await net.fetch("http://app.test/page")
        # One round trip for both questions at once, two for connection and request.
        assert time.monotonic() - started >= 0.15
