"""Gather each fact once, judge, isolate, report as it happens.

The signatures are the wiring. A gatherer is an async function whose parameters are facts or
given values (Network, Target, …) and whose return annotation is the fact it brings; a check is a
plain function from facts to an Outcome. A parameter annotated `X | Unknown` takes part in what
could not be told; a plain `X` makes the check `unknown` with the cause instead.

Whatever one of them does (raise, hang, return nonsense) becomes its own outcome and nobody else's.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import threading
import types
import typing
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar, Union, overload

from launchready_tui.model import CouldNotTell, Fact, Item, Kind, Outcome, Record, State, Unknown
from launchready_tui.text import safe
from launchready_tui.trace import current_fact

GATHER_SECONDS = 25.0
"""The most one fact may take; `@fact(limit=…)` sets less, or more for local work."""
CHECK_SECONDS = 5.0

G = TypeVar("G", bound=Callable[..., Awaitable[Any]])
C = TypeVar("C", bound=Callable[..., Outcome])


class Need(Record, frozen=True, kw_only=True):
    """A parameter's type, and whether it also takes `Unknown`."""

    type: Any
    tolerant: bool


class Gatherer:
    def __init__(self, function: Callable[..., Awaitable[Any]], limit: float) -> None:
        self.function = function
        self.limit = limit

    @functools.cached_property
    def needs(self) -> dict[str, Need]:
        return _needs(self.function)


class Check:
    def __init__(self, item: str, function: Callable[..., Outcome]) -> None:
        self.item = item
        self.function = function

    @functools.cached_property
    def needs(self) -> dict[str, Need]:
        return _needs(self.function)


GATHERERS: dict[str, Gatherer] = {}
"""By the name of the fact's type."""
FACT_TYPES: dict[str, type[Fact]] = {}
CHECKS: dict[str, Check] = {}
"""By item id."""


@overload
def fact(function: G) -> G: ...


@overload
def fact(*, limit: float) -> Callable[[G], G]: ...


def fact(function: G | None = None, *, limit: float = GATHER_SECONDS) -> Any:
    """Register a gatherer for the fact type in its return annotation."""

    def register(wrapped: G) -> G:
        brings = typing.get_type_hints(wrapped)["return"]
        if brings.__name__ in GATHERERS:
            raise TypeError(f"two gatherers bring {brings.__name__}")
        GATHERERS[brings.__name__] = Gatherer(wrapped, limit)
        FACT_TYPES[brings.__name__] = brings
        return wrapped

    return register(function) if function is not None else register


def check(item: str) -> Callable[[C], C]:
    """Register a pure function as the judge of an item."""

    def register(wrapped: C) -> C:
        if item in CHECKS:
            raise TypeError(f"two checks judge {item}")
        CHECKS[item] = Check(item, wrapped)
        return wrapped

    return register


def _needs(function: Callable[..., Any]) -> dict[str, Need]:
    hints = typing.get_type_hints(function)
    return {name: _need(hints[name]) for name in inspect.signature(function).parameters}


def _need(hint: Any) -> Need:
    if typing.get_origin(hint) in (Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not Unknown]
        if len(kinds) != 1:
            raise TypeError(f"a need is one fact, or one fact and Unknown, not {hint}")
        return Need(type=kinds[0], tolerant=True)
    return Need(type=hint, tolerant=False)


# ---------------------------------------------------------------- events and results


class FactStarted(Record, frozen=True, kw_only=True):
    name: str


class FactEnded(Record, frozen=True, kw_only=True):
    name: str
    cause: str = ""
    """Empty when the fact is there."""


class ItemStarted(Record, frozen=True, kw_only=True):
    item: str


class ItemJudged(Record, frozen=True, kw_only=True):
    item: str
    outcome: Outcome


Event = FactStarted | FactEnded | ItemStarted | ItemJudged


class Run(Record, frozen=True, kw_only=True):
    """What a run brought: facts by type name (or why not), outcomes by item id, both sorted."""

    facts: dict[str, Fact]
    outcomes: dict[str, Outcome]
    cancelled: bool = False


Given = Mapping[type, object]
"""Values that are there before the run: Target, Moment, Told, Network …, by their type."""


async def run(
    items: Sequence[Item],
    given: Given,
    *,
    report: Callable[[Event], None] = lambda event: None,
    saved: Mapping[str, Fact] | None = None,
    deadline: float = 60.0,
) -> Run:
    """Judge `items` (those that have a check) and return everything that was learnt.

    Args:
        items: What to judge; items without a registered check are left out.
        given: Values by type. A fact type found here is not gathered.
        report: Called in the loop's thread as things happen; must be quick and not raise.
        saved: Facts of an earlier run by type name: judged again offline, nothing is gathered.
        deadline: Seconds for all gathering. What is not there by then is unknown.

    Cancelling the task that awaits this ends gathering and returns what was learnt so far.
    """
    return await _Run(items, given, report, saved, deadline).go()


class _Run:
    def __init__(
        self,
        items: Sequence[Item],
        given: Given,
        report: Callable[[Event], None],
        saved: Mapping[str, Fact] | None,
        deadline: float,
    ) -> None:
        self.items = [item for item in items if item.id in CHECKS]
        self.given = given
        self.report = report
        self.saved = saved
        self.deadline = deadline
        self.facts: dict[str, asyncio.Task[Fact]] = {}
        self.outcomes: dict[str, Outcome] = {}

    async def go(self) -> Run:
        judging = [asyncio.create_task(self._judge(item), name=item.id) for item in self.items]
        cancelled = False
        try:
            if judging:
                await asyncio.wait(judging, timeout=self.deadline)
        except asyncio.CancelledError:
            cancelled = True
        late = "cancelled" if cancelled else f"not finished within {self.deadline:g} s"
        await self._end_late([*self.facts.values(), *judging])
        for item in self.items:
            if item.id not in self.outcomes:
                self._ended(item, Outcome(state=State.UNKNOWN, summary=late, cause=late))
        facts = {
            name: task.result() if task.done() and not task.cancelled() else Unknown(cause=late)
            for name, task in sorted(self.facts.items())
        }
        return Run(facts=facts, outcomes=dict(sorted(self.outcomes.items())), cancelled=cancelled)

    async def _end_late(self, tasks: Sequence[asyncio.Task[Any]]) -> None:
        late = [task for task in tasks if not task.done()]
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)

    def _ended(self, item: Item, outcome: Outcome) -> None:
        self.outcomes[item.id] = outcome
        self.report(ItemJudged(item=item.id, outcome=outcome))

    async def _judge(self, item: Item) -> None:
        self.report(ItemStarted(item=item.id))
        judge = CHECKS[item.id]
        try:
            needs = judge.needs
        except Exception as error:
            self._ended(item, _our_fault(f"the wiring of {item.id} is broken: {error}"))
            return
        values: dict[str, Any] = {}
        for name, brought in zip(
            needs, await asyncio.gather(*map(self._bring, needs.values())), strict=True
        ):
            if isinstance(brought, Unknown) and not needs[name].tolerant:
                self._ended(item, _not_told(brought))
                return
            values[name] = brought
        outcome = await _in_thread_of_its_own(functools.partial(judge.function, **values))
        self._ended(item, _believable(item, outcome))

    async def _bring(self, need: Need) -> Any:
        """What a need asks for: given, saved, or gathered once; `Unknown` if it cannot be told."""
        if need.type in self.given:
            return self.given[need.type]
        name = need.type.__name__
        if self.saved is not None:
            return self.saved.get(name) or Unknown(cause=f"{name} is not in the saved facts")
        if name not in self.facts:
            self.facts[name] = self._start(name)
        return await asyncio.shield(self.facts[name])

    def _start(self, name: str) -> asyncio.Task[Fact]:
        context = contextvars.copy_context()
        context.run(current_fact.set, name)
        return asyncio.create_task(self._gather(name), name=name, context=context)

    async def _gather(self, name: str) -> Fact:
        self.report(FactStarted(name=name))
        brought = await self._gathered(name)
        self.report(
            FactEnded(name=name, cause=brought.cause if isinstance(brought, Unknown) else "")
        )
        return brought

    async def _gathered(self, name: str) -> Fact:
        gatherer = GATHERERS.get(name)
        if gatherer is None:
            return Unknown(cause=f"our fault: nothing gathers {name}")
        try:
            needs = gatherer.needs
            brought = dict(
                zip(needs, await asyncio.gather(*map(self._bring, needs.values())), strict=True)
            )
            for parameter, value in brought.items():
                if isinstance(value, Unknown) and not needs[parameter].tolerant:
                    return value
            async with asyncio.timeout(gatherer.limit):
                value = await gatherer.function(**brought)
        except CouldNotTell as error:
            return Unknown(cause=safe(error.cause, one_line=True))
        except TimeoutError:
            return Unknown(cause=f"{name} took longer than {gatherer.limit:g} s")
        except Exception as error:
            return Unknown(cause=f"our fault: {name} failed: {_described(error)}")
        if not isinstance(value, FACT_TYPES[name]):
            return Unknown(cause=f"our fault: {name} came as {type(value).__name__}")
        return value


def _not_told(missing: Unknown) -> Outcome:
    if missing.cause.startswith("our fault: "):
        return _our_fault(missing.cause.removeprefix("our fault: "))
    return Outcome(state=State.UNKNOWN, summary="could not be checked", cause=missing.cause)


def _our_fault(what: str) -> Outcome:
    return Outcome(state=State.ERROR, summary="our bug, not yours", cause=safe(what, one_line=True))


def _described(error: BaseException) -> str:
    return safe(f"{type(error).__name__}: {error}", one_line=True, limit=300)


def _believable(item: Item, outcome: object) -> Outcome:
    """An outcome that contradicts itself or its item is our bug and is never shown as a verdict."""
    if not isinstance(outcome, Outcome):
        return _our_fault(f"the check of {item.id} returned {type(outcome).__name__}")
    declared = {fault.code for fault in item.faults}
    strange = sorted({f.code for f in outcome.findings} - declared)
    if strange:
        return _our_fault(f"the check of {item.id} found what no checklist declares: {strange}")
    if (outcome.state is State.FAIL) != bool(outcome.findings) and item.kind is not Kind.ASSISTED:
        return _our_fault(f"the check of {item.id} says {outcome.state} against its own findings")
    return outcome


async def _in_thread_of_its_own(function: Callable[[], Outcome]) -> object:
    """Run a check where it cannot hold up the others: a daemon thread, left behind if it hangs.

    Not the loop's executor: its threads would keep the process from ending.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[object] = loop.create_future()

    def deliver(result: object) -> None:
        if not done.done():
            done.set_result(result)

    def work() -> None:
        try:
            result: object = function()
        except Exception as error:
            result = _our_fault(f"the check failed: {_described(error)}")
        try:
            loop.call_soon_threadsafe(deliver, result)
        except RuntimeError:
            return  # the loop has closed: nobody waits for this any more

    threading.Thread(target=work, name="check", daemon=True).start()
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await done
    except TimeoutError:
        return _our_fault(f"the check did not end within {CHECK_SECONDS:g} s")
