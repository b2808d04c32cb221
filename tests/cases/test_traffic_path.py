"""traffic.path: the sentence is proposed; a person confirms it."""

from __future__ import annotations

from cases.examples import Example, examples
from launchready_tui.facts.traffic import LABELS, Part, TrafficPath
from launchready_tui.model import Outcome, State


def traffic(**values: str) -> tuple[TrafficPath]:
    known = dict.fromkeys(LABELS, "known") | values
    parts = tuple(Part(key=key, label=LABELS[key], value=known[key]) for key in LABELS)
    return (TrafficPath(sentence="acme.test → Render → Django 5", parts=parts),)


def names_it(outcome: Outcome) -> None:
    assert outcome.cause.endswith("Not known yet: host")


test_examples = examples(
    "traffic.path",
    [
        Example("all is known", traffic()),
        Example("nobody knows the host", traffic(host=""), state=State.UNKNOWN, also=names_it),
        Example("the registrar is asked, but does not hold up the sentence", traffic(registrar="")),
        Example("nobody knows who answers DNS", traffic(dns=""), state=State.UNKNOWN),
    ],
)
