"""How a check is shown: facts in, faults out, and beside each fault what only looks like it.

A table of `Example`s becomes one test each. What a table flags, and what it leaves alone on
purpose, is counted: `tests/checks/test_every_fault.py` misses none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

import launchready_tui.checks  # noqa: F401  registers them
from launchready_tui.catalogue import load
from launchready_tui.engine import CHECKS
from launchready_tui.model import Fact, Fault, Outcome, State, Unknown

FLAGGED: dict[str, set[str]] = {}
"""By fault code, the examples that are flagged with it."""
INNOCENT: dict[str, set[str]] = {}
"""By fault code, the examples that only look like it."""


@dataclass(frozen=True)
class Example:
    """One situation, in a sentence. `finds` are "code subject", `not_` codes it only resembles.

    Without `state` an example that finds something fails and one that finds nothing passes.
    """

    says: str
    facts: tuple[Fact, ...]
    finds: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    state: State | None = None
    also: Callable[[Outcome], None] = field(default=lambda outcome: None)
    """Anything else that must hold."""


def judge(item: str, *facts: Fact) -> Outcome:
    """Call a check with facts by their types; what is missing could not be told."""
    by_type = {type(fact): fact for fact in facts}
    check = CHECKS[item]
    given: dict[str, Any] = {}
    for name, need in check.needs.items():
        value = by_type.get(need.type)
        if value is None:
            assert need.tolerant, f"{item} needs {need.type.__name__}"
            value = Unknown(cause=f"{need.type.__name__} is not part of this example")
        given[name] = value
    return check.function(**given)


@functools.cache
def _faults(item: str) -> dict[str, Fault]:
    return {fault.code: fault for fault in load().item(item).faults}


def unfilled(item: str, outcome: Outcome) -> set[str]:
    """The places in a fault's words, for whichever host, that its finding does not fill."""
    empty = set()
    for finding in outcome.findings:
        fault = _faults(item)[finding.code]
        steps = [*fault.fix, *(step for steps in fault.fix_at.values() for step in steps)]
        named = {name for step in steps for name in re.findall(r"\{(\w+)\}", step)}
        filled = {name for name, value in finding.params.items() if value} | {"subject"}
        empty |= {f"{finding.code}: {{{name}}}" for name in named - filled}
        loose = [fault.title, fault.why]
        empty |= {f"{finding.code}: {text}" for text in loose if re.search(r"\{\w+\}", text)}
    return empty


def examples(item: str, table: Sequence[Example]) -> Any:
    """A test for every example of an item's table."""
    for example in table:
        for found in example.finds:
            FLAGGED.setdefault(found.split()[0], set()).add(example.says)
        for code in example.not_:
            INNOCENT.setdefault(code, set()).add(example.says)

    @pytest.mark.parametrize("example", table, ids=[example.says for example in table])
    def test(example: Example) -> None:
        outcome = judge(item, *example.facts)
        found = [f"{finding.code} {finding.subject}" for finding in outcome.findings]
        assert sorted(found) == sorted(example.finds), outcome
        assert not {finding.code for finding in outcome.findings} & set(example.not_)
        assert not unfilled(item, outcome)
        expected = example.state or (State.FAIL if example.finds else State.PASS)
        assert outcome.state is expected, outcome
        if expected is State.UNKNOWN:
            assert outcome.cause
        if expected is State.PASS:
            assert outcome.summary
        example.also(outcome)

    return test
