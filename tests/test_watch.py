"""Waiting for a DNS change, against servers on loopback that change their minds."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from launchready_tui.exports import watch as rendered
from launchready_tui.network import Options
from launchready_tui.network.hosts import BadHost
from launchready_tui.network.options import BadOption
from launchready_tui.watch import Changed, Ended, Looked, Watch, Watched, WatchEvent, watch
from servers.moving_dns import MovingDns, moving_dns

APP = "app.acme.test"
OLD, NEW = "60 192.0.2.1", "60 192.0.2.2"
ZONE = {"NS acme.test": "60 ns1.acme.test.", "A ns1.acme.test": "60 127.0.0.53"}


@contextmanager
def servers(
    resolver: Sequence[str], zone: Sequence[str], question: str = f"A {APP}"
) -> Iterator[tuple[MovingDns, MovingDns, Options]]:
    """A resolver and the zone's own server, with what each says to one question in turn."""
    with (
        moving_dns({**ZONE, question: resolver}) as cache,
        moving_dns({question: zone}, authoritative=True) as own,
    ):
        pin = f"127.0.0.53:53={own.endpoint}"
        yield cache, own, Options(resolver=cache.endpoint, connect=(pin,), dns_wait=0.05)


def quickly(options: Options, **changes: Any) -> Watched:
    return Watched(**{"name": APP, "every": 0.01, "seconds": 30.0, "options": options, **changes})


async def test_it_ends_when_the_zone_and_the_resolver_say_the_new_value() -> None:
    with servers([OLD, OLD, OLD, NEW], [OLD, NEW]) as (cache, own, options):
        events: list[WatchEvent] = []
        ended = await watch(quickly(options), events.append)
    assert ended.how == "there"
    assert ended.changed
    assert {look.value for look in ended.before} == {"192.0.2.1"}
    assert {look.value for look in ended.after} == {"192.0.2.2"}
    assert [look.own for look in ended.after] == [False, True]
    assert own.count(f"A {APP}") >= 2
    assert cache.count(f"A {APP}") == 4
    changes = [event for event in events if isinstance(event, Changed)]
    assert [(c.before, c.after) for c in changes] == [(("192.0.2.1",), ("192.0.2.2",))] * 2
    assert events[-1] is ended


async def test_a_cache_says_until_when_it_keeps_the_old_answer_and_is_asked_after_that() -> None:
    with servers(["3600 192.0.2.1"], [OLD, NEW]) as (cache, _, options):
        question = quickly(options, every=0.0, seconds=0.0)
        ended = await watch(question)
    kept = next(look for look in ended.after if not look.own)
    assert ended.how == "time"
    assert kept.cached_until is not None
    assert (kept.cached_until - kept.at).total_seconds() == 3600
    assert "cached there until" in rendered.render_text(ended)
    assert cache.count(f"A {APP}") == 1
    own = next(look for look in ended.after if look.own)
    assert own.cached_until is None


@pytest.mark.parametrize(
    ("rdtype", "until", "said"),
    [
        ("A", ("192.0.2.2",), NEW),
        ("A", ("192.0.2.2", "192.0.2.3"), "60 192.0.2.3, 192.0.2.2"),
        ("AAAA", ("2001:DB8:0::1",), "60 2001:db8::1"),
        ("CNAME", ("Target.Example.",), "60 target.example."),
        ("MX", ("10  MX.example.",), "60 10 mx.example., 20 other.example."),
        ("TXT", ("v=spf1 -all",), '60 "other", "v=spf1 -all"'),
        ("A", ("gone",), "gone"),
    ],
)
async def test_a_wanted_value_is_waited_for_in_any_spelling(
    rdtype: str, until: tuple[str, ...], said: str
) -> None:
    with servers(["", said], ["", said], f"{rdtype} {APP}") as (_, _, options):
        ended = await watch(quickly(options, rdtype=rdtype, until=until))
    assert ended.how == "there"


async def test_a_value_that_stands_there_already_ends_it_at_once() -> None:
    with servers([NEW], [NEW]) as (cache, _, options):
        ended = await watch(quickly(options, until=("192.0.2.2",)))
    assert (ended.how, ended.changed) == ("there", False)
    assert cache.count(f"A {APP}") == 1


async def test_one_more_address_than_wanted_is_not_what_was_wanted() -> None:
    both = "60 192.0.2.1, 192.0.2.2"
    with servers([both, both, NEW], [both, NEW]) as (cache, _, options):
        ended = await watch(quickly(options, until=("192.0.2.2",)))
    assert ended.how == "there"
    assert cache.count(f"A {APP}") == 3


async def test_a_server_that_never_answers_is_told_and_not_waited_for() -> None:
    with servers([OLD, NEW], ["servfail"]) as (_, _, options):
        ended = await watch(quickly(options))
    assert ended.how == "there"
    silent = next(look for look in ended.after if look.own)
    assert "SERVFAIL" in silent.value
    assert "could not be told" in rendered.render_text(ended)


async def test_a_server_that_falls_silent_has_not_changed_its_mind() -> None:
    with servers([OLD, NEW], [OLD, "servfail", "servfail", OLD, NEW]) as (_, own, options):
        events: list[WatchEvent] = []
        ended = await watch(quickly(options), events.append)
    assert ended.how == "there"
    assert own.count(f"A {APP}") == 5
    assert sum(isinstance(event, Changed) for event in events) == 2


async def test_silence_everywhere_is_no_change() -> None:
    with servers(["silent"], ["silent"]) as (_, _, options):
        ended = await watch(quickly(options, seconds=0.2))
    assert ended.how == "time"
    assert not ended.changed
    assert all(not look.known for look in ended.after)


async def test_named_resolvers_are_asked_and_nobody_else() -> None:
    with (
        moving_dns({f"A {APP}": [OLD, NEW]}) as one,
        moving_dns({f"A {APP}": [OLD, OLD, NEW]}) as two,
        moving_dns({}) as unasked,
    ):
        named = (one.endpoint, two.endpoint)
        options = Options(resolver=unasked.endpoint)
        ended = await watch(quickly(options, resolvers=named))
    assert ended.how == "there"
    assert [look.resolver for look in ended.after] == list(named)
    assert not unasked.asked


async def test_a_move_of_nameservers_is_followed_to_the_new_ones() -> None:
    moved = ["60 ns1.acme.test.", "60 ns1.acme.test.", "60 ns2.acme.test."]
    with (
        moving_dns({"NS acme.test": "60 ns1.acme.test."}, authoritative=True) as old,
        moving_dns({"NS acme.test": "60 ns2.acme.test."}, authoritative=True) as new,
        moving_dns(
            {
                "NS acme.test": moved,
                "A ns1.acme.test": "60 127.0.0.53",
                "A ns2.acme.test": "60 127.0.0.54",
            }
        ) as cache,
    ):
        pins = (f"127.0.0.53:53={old.endpoint}", f"127.0.0.54:53={new.endpoint}")
        options = Options(resolver=cache.endpoint, connect=pins)
        ended = await watch(quickly(options, name="acme.test", rdtype="NS"))
    assert ended.how == "there"
    assert {look.value for look in ended.after} == {"ns2.acme.test"}


async def test_cancelling_the_task_keeps_what_was_seen() -> None:
    seen = asyncio.Event()
    with servers([OLD], [OLD]) as (_, _, options):
        task = asyncio.create_task(watch(quickly(options), lambda event: seen.set()))
        await seen.wait()
        task.cancel()
        ended = await task
    assert ended.how == "cancelled"
    assert ended.after


def test_in_a_thread_it_can_be_started_waited_for_and_cancelled() -> None:
    with servers([OLD], [OLD]) as (_, _, options):
        looked = threading.Event()
        events: list[WatchEvent] = []

        def report(event: WatchEvent) -> None:
            events.append(event)
            looked.set()

        watching = Watch(quickly(options), report).start()
        assert looked.wait(10)
        assert watching.running
        watching.cancel()
        assert watching.wait(10)
    assert isinstance(events[0], Looked)
    assert isinstance(events[-1], Ended)
    assert watching.ended is events[-1]
    assert not watching.running


def test_a_thread_that_cannot_watch_says_why() -> None:
    events: list[WatchEvent] = []
    watching = Watch(Watched(name="no host"), events.append).start()
    assert watching.wait(10)
    assert isinstance(events[-1], Ended)
    assert events[-1].how == "failed"
    assert "no host" in events[-1].cause


async def test_what_is_no_name_or_no_resolver_is_refused() -> None:
    with pytest.raises(BadHost):
        await watch(Watched(name="a b"))
    with pytest.raises(BadOption):
        await watch(Watched(name=APP, resolvers=("resolver",)))


def test_the_proof_as_json_holds_before_and_after() -> None:
    with servers([OLD, NEW], [NEW]) as (_, _, options):
        ended = asyncio.run(watch(quickly(options)))
    told = rendered.render_json(ended)
    assert '"how": "there"' in told
    assert '"192.0.2.1"' in told
    assert '"192.0.2.2"' in told
