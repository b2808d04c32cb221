"""The request log: what left, for whom, and what it waited for."""

from __future__ import annotations

import asyncio
import contextvars

from launchready_tui.network.log import RequestLog
from launchready_tui.trace import current_fact


async def ask(log: RequestLog, name: str, seconds: float = 0.0) -> int:
    number = log.begin("GET", name)
    await asyncio.sleep(seconds)
    log.end(number, "ok")
    return number


def waits(log: RequestLog) -> dict[str, str]:
    """Host to the host that was waited for."""
    names = {0: "", **{request.id: request.host for request in log.entries}}
    return {request.host: names[request.after] for request in log.entries}


async def test_one_after_the_other_is_a_chain() -> None:
    log = RequestLog()
    for name in "abc":
        await ask(log, name)
    assert waits(log) == {"a": "", "b": "a", "c": "b"}


async def test_side_by_side_wait_for_what_came_before_and_not_for_each_other() -> None:
    log = RequestLog()
    await ask(log, "first")

    async def two(name: str, seconds: float) -> None:
        await ask(log, f"{name}1", seconds)
        await ask(log, f"{name}2", seconds)

    await asyncio.gather(two("slow", 0.05), two("quick", 0.01))
    await ask(log, "last")
    assert waits(log) == {
        "first": "",
        "slow1": "first",
        "quick1": "first",
        "quick2": "quick1",
        "slow2": "slow1",
        "last": "slow2",
    }


async def test_who_shares_an_answer_waited_for_it() -> None:
    log = RequestLog()
    flight = asyncio.create_task(ask(log, "shared", 0.02))

    async def asker(name: str) -> None:
        log.waited_for(await asyncio.shield(flight))
        await ask(log, name)

    await asyncio.gather(asker("a"), asker("b"))
    assert waits(log) == {"shared": "", "a": "shared", "b": "shared"}


async def test_an_old_answer_read_again_is_not_what_was_waited_for() -> None:
    log = RequestLog()
    old = await ask(log, "old")
    await ask(log, "new")
    log.waited_for(old)
    await ask(log, "next")
    assert waits(log)["next"] == "new"


async def test_each_request_names_its_fact_and_counts_are_by_method_and_level() -> None:
    log = RequestLog()

    async def gatherer(fact: str, method: str) -> None:
        current_fact.set(fact)
        log.end(log.begin(method, "app.test", path="/a\x1b[2J"), "200", round_trips=4)

    for fact, method in (("Site", "GET"), ("Dns", "DNS"), ("Site", "GET")):
        await asyncio.create_task(gatherer(fact, method), context=contextvars.copy_context())
    assert [(r.fact, r.method, r.level) for r in log.entries] == [
        ("Site", "GET", "passive"),
        ("Dns", "DNS", "passive"),
        ("Site", "GET", "passive"),
    ]
    assert log.counts() == {"DNS/passive": 1, "GET/passive": 2}
    assert log.entries[0].path == "/a\\x1b[2J"
    assert log.entries[0].round_trips == 4
    assert log.entries[0].at.utcoffset() is not None


async def test_a_request_that_has_not_ended_is_in_the_log() -> None:
    log = RequestLog()
    log.begin("GET", "app.test")
    assert [request.outcome for request in log.entries] == [""]


async def test_two_logs_in_one_task_know_nothing_of_each_other() -> None:
    one, other = RequestLog(), RequestLog()
    for name in "abc":
        await ask(one, name)
    await ask(other, "d")
    await ask(one, "e")
    assert waits(other) == {"d": ""}
    assert len(one.entries) == 4
