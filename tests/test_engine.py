"""The engine keeps its promises whatever a gatherer or a check does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from launchready_tui import engine, outcomes
from launchready_tui.engine import FactEnded, ItemJudged, check, fact, run
from launchready_tui.model import (
    CouldNotTell,
    Fact,
    Fault,
    Finding,
    Impact,
    Item,
    Kind,
    Outcome,
    Severity,
    State,
    Unknown,
)
from launchready_tui.outcomes import failed, passed


class Weather(Fact, frozen=True, kw_only=True):
    sunny: bool


class Forecast(Fact, frozen=True, kw_only=True):
    text: str


class Sky:
    """Something given from outside, as the network is."""

    def __init__(self) -> None:
        self.asked = 0


def item(name: str, kind: Kind = Kind.PROBE) -> Item:
    fault = Fault(
        code="rain",
        title="It rains",
        severity=Severity.HIGH,
        impact=Impact.DOWNTIME,
        why="Wet.",
        fix=("Take an umbrella.",),
    )
    return Item(
        id=name,
        stage=1,
        kind=kind,
        roadmap=("S1.1",),
        title="It is dry",
        fail="It is wet",
        why="Paper suffers.",
        severity=Severity.BLOCKER,
        impact=Impact.DOWNTIME,
        who="nobody",
        fix=("Wait.",),
        faults=(fault,),
    )


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(engine, "GATHERERS", {})
    monkeypatch.setattr(engine, "FACT_TYPES", {})
    monkeypatch.setattr(engine, "CHECKS", {})
    yield


def gather_weather() -> None:
    @fact
    async def weather(sky: Sky) -> Weather:
        sky.asked += 1
        await asyncio.sleep(0.01)
        return Weather(sunny=True)


async def judged(*names: str, given: dict[type, object] | None = None, **more: Any) -> engine.Run:
    return await run([item(name) for name in names], given or {Sky: Sky()}, **more)


async def test_a_fact_is_gathered_once_however_many_checks_need_it() -> None:
    gather_weather()

    @check("a.one")
    def one(weather: Weather) -> Outcome:
        return passed("dry")

    @check("a.two")
    def two(weather: Weather) -> Outcome:
        return passed("dry")

    sky = Sky()
    result = await judged("a.one", "a.two", given={Sky: sky})
    assert sky.asked == 1
    assert {o.state for o in result.outcomes.values()} == {State.PASS}


async def test_a_fact_may_rest_on_another() -> None:
    gather_weather()

    @fact
    async def forecast(weather: Weather) -> Forecast:
        return Forecast(text=f"sunny={weather.sunny}")

    @check("a.one")
    def one(forecast: Forecast) -> Outcome:
        return passed(forecast.text)

    assert (await judged("a.one")).outcomes["a.one"].summary == "sunny=True"


async def test_what_cannot_be_told_makes_its_dependants_unknown_with_the_cause() -> None:
    @fact
    async def weather(sky: Sky) -> Weather:
        raise CouldNotTell("the window is shut")

    @fact
    async def forecast(weather: Weather) -> Forecast:
        return Forecast(text="never")

    @check("a.one")
    def one(forecast: Forecast) -> Outcome:
        return passed("never")

    @check("a.tolerant")
    def tolerant(weather: Weather | Unknown) -> Outcome:
        assert isinstance(weather, Unknown)
        return passed(weather.cause)

    result = await judged("a.one", "a.tolerant")
    assert result.outcomes["a.one"].state is State.UNKNOWN
    assert result.outcomes["a.one"].cause == "the window is shut"
    assert result.outcomes["a.tolerant"].summary == "the window is shut"


@pytest.mark.parametrize("trouble", ["raises", "hangs", "nonsense", "undeclared", "two-faced"])
async def test_a_check_that_misbehaves_is_an_error_of_its_own_and_costs_nobody_else(
    trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "CHECK_SECONDS", 0.3)
    gather_weather()
    rain = Finding(code="rain", subject="roof", observed="drops")

    @check("a.bad")
    def bad(weather: Weather) -> Outcome:
        match trouble:
            case "raises":
                raise RuntimeError("boom \x1b[31m")
            case "hangs":
                time.sleep(3)
            case "nonsense":
                return "fine"  # type: ignore[return-value]
            case "undeclared":
                return failed("x", (Finding(code="snow", subject="roof", observed="flakes"),))
            case "two-faced":
                return Outcome(state=State.PASS, summary="fine", findings=(rain,))
        return passed("late")

    @check("a.good")
    def good(weather: Weather) -> Outcome:
        return failed("wet", (rain,))

    result = await judged("a.bad", "a.good")
    assert result.outcomes["a.bad"].state is State.ERROR
    assert "\x1b" not in result.outcomes["a.bad"].cause
    assert result.outcomes["a.good"].state is State.FAIL


@pytest.mark.parametrize("trouble", ["raises", "wrong type", "missing"])
async def test_a_gatherer_that_breaks_is_our_bug_and_never_green(trouble: str) -> None:
    if trouble != "missing":

        @fact
        async def weather(sky: Sky) -> Weather:
            if trouble == "raises":
                raise KeyError("cloud")
            return Forecast(text="not what was promised")  # type: ignore[return-value]

    @check("a.one")
    def one(weather: Weather) -> Outcome:
        return passed("never")

    assert (await judged("a.one")).outcomes["a.one"].state is State.ERROR


async def test_a_gatherer_that_hangs_is_unknown_after_its_limit() -> None:
    @fact(limit=0.05)
    async def weather(sky: Sky) -> Weather:
        await asyncio.sleep(60)
        return Weather(sunny=False)

    @check("a.one")
    def one(weather: Weather) -> Outcome:
        return passed("never")

    outcome = (await judged("a.one")).outcomes["a.one"]
    assert outcome.state is State.UNKNOWN
    assert "0.05 s" in outcome.cause


async def test_the_whole_run_ends_at_its_deadline_and_keeps_what_was_judged() -> None:
    gather_weather()

    @fact
    async def forecast(sky: Sky) -> Forecast:
        await asyncio.sleep(60)
        return Forecast(text="")

    @check("a.quick")
    def quick(weather: Weather) -> Outcome:
        return passed("dry")

    @check("a.slow")
    def slow(forecast: Forecast) -> Outcome:
        return passed("never")

    result = await judged("a.quick", "a.slow", deadline=0.3)
    assert result.outcomes["a.quick"].state is State.PASS
    assert result.outcomes["a.slow"].state is State.UNKNOWN
    assert isinstance(result.facts["Forecast"], Unknown)


async def test_cancelling_returns_what_was_learnt_so_far() -> None:
    gather_weather()

    @fact
    async def forecast(sky: Sky) -> Forecast:
        await asyncio.sleep(60)
        return Forecast(text="")

    @check("a.quick")
    def quick(weather: Weather) -> Outcome:
        return passed("dry")

    @check("a.slow")
    def slow(forecast: Forecast) -> Outcome:
        return passed("never")

    running = asyncio.create_task(judged("a.quick", "a.slow"))
    await asyncio.sleep(0.2)
    running.cancel()
    result = await running
    assert result.cancelled
    assert result.outcomes["a.quick"].state is State.PASS
    assert result.outcomes["a.slow"].cause == "cancelled"


async def test_events_stream_as_things_happen() -> None:
    gather_weather()

    @check("a.one")
    def one(weather: Weather) -> Outcome:
        return passed("dry")

    events: list[object] = []
    await judged("a.one", report=events.append)
    assert [type(event).__name__ for event in events] == [
        "ItemStarted",
        "FactStarted",
        "FactEnded",
        "ItemJudged",
    ]
    assert isinstance(events[2], FactEnded)
    assert isinstance(events[3], ItemJudged)


async def test_saved_facts_are_judged_again_to_the_same_bytes_without_gathering() -> None:
    gather_weather()

    @check("a.one")
    def one(weather: Weather) -> Outcome:
        return passed(f"sunny={weather.sunny}")

    first = await judged("a.one")
    sky = Sky()
    again = await judged("a.one", given={Sky: sky}, saved=first.facts)
    assert sky.asked == 0
    assert msgspec.json.encode(again.outcomes) == msgspec.json.encode(first.outcomes)


def test_two_gatherers_of_one_fact_are_refused() -> None:
    gather_weather()
    with pytest.raises(TypeError, match="two gatherers"):
        gather_weather()


def test_a_cause_that_many_subjects_share_is_told_once() -> None:
    outcome = outcomes.judged(
        (),
        clean="fine",
        gaps=(
            "acme.test: 192.0.2.53 was asked for A of acme.test: silence",
            "www.acme.test: 192.0.2.53 was asked for A of www.acme.test: silence",
            "api.acme.test: refused",
            "app.acme.test: 192.0.2.53 was asked for A of app.acme.test: silence",
            "3 files could not be read",
        ),
    )
    assert outcome.cause == (
        "acme.test: 192.0.2.53 was asked for A of acme.test: silence; the same for"
        " www.acme.test, app.acme.test; api.acme.test: refused; 3 files could not be read"
    )
