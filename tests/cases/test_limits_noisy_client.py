"""limits.noisy-client: the others are not slowed down, and what is close is not judged."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.limits_world import HEAVY, half, noisy
from launchready_tui.model import Outcome, State

FOUND = (f"noisy-client-slows {HEAVY}",)
NOT = ("noisy-client-slows",)


def needs_nobody(outcome: Outcome) -> None:
    assert outcome.proven


def needs_somebody(outcome: Outcome) -> None:
    assert not outcome.proven


test_examples = examples(
    "limits.noisy-client",
    [
        Example("nobody notices the noise", (noisy(),), not_=NOT, also=needs_nobody),
        Example(
            "one of twenty was slow, as one of twenty always is",
            (noisy(during=half(slow=1)),),
            not_=NOT,
            also=needs_nobody,
        ),
        Example(
            "only the front page was asked for: a person knows the heavy reads",
            (noisy(named=False),),
            not_=NOT,
            also=needs_somebody,
        ),
        Example("most wait meanwhile", (noisy(during=half(slow=18, p95_ms=900)),), finds=FOUND),
        Example(
            "the others get errors meanwhile, and it was stopped",
            (noisy(during=half(asked=9, slow=4, failed=4), noise_sent=60, stopped="enough"),),
            finds=FOUND,
        ),
        Example(
            "the noisy client is refused, as it should be",
            (noisy(noise_refused=12, noise_sent=40, during=half(asked=4), stopped="refused"),),
            not_=NOT,
            also=needs_somebody,
        ),
        Example(
            "a few more were slow: near the limit nothing is said",
            (noisy(during=half(slow=5)),),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example(
            "it failed before there was any noise",
            (noisy(before=half(failed=3), during=half(failed=9, slow=9)),),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example(
            "it ended before there was any noise",
            (noisy(before=half(asked=3), during=half(asked=0), stopped="it took too long"),),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example(
            "our own computer was busy",
            (noisy(lag_ms=200, during=half(slow=18)),),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example(
            "the noise itself got no answers",
            (noisy(noise_answered=20),),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example(
            "answers that are uneven by themselves hide a difference",
            (noisy(before=half(p95_ms=2000), limit_ms=4000),),
            not_=NOT,
            state=State.UNKNOWN,
        ),
    ],
)
