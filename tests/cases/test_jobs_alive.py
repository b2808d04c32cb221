"""jobs.alive: the scheduler's call reaches the job, and a stranger's does not start it."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.webhooks_world import DAILY, answered, jobs
from launchready_tui.facts.jobs import ScheduledJobs
from launchready_tui.model import Confidence, Outcome, State

FOUND = (f"cron-silently-dead vercel.json {DAILY}",)
NOT = ("cron-silently-dead",)


def is_sure(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.CONFIRMED


def is_likely(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.LIKELY


def says_what_was_not_tried(outcome: Outcome) -> None:
    assert any(seen.label == "a call without the secret" for seen in outcome.seen)
    assert not outcome.proven


test_examples = examples(
    "jobs.alive",
    [
        Example("a stranger's call is refused", (jobs(), answered(401)), not_=NOT),
        Example("refused with 403", (jobs(), answered(403)), not_=NOT),
        Example("it redirects", (jobs(), answered(308, f"{DAILY}/")), finds=FOUND, also=is_sure),
        Example("anybody can run it", (jobs(), answered(200)), finds=FOUND, also=is_sure),
        Example(
            "the file's own rule about slashes redirects it",
            (jobs(slash=True),),
            finds=FOUND,
            also=is_likely,
        ),
        Example(
            "the rule would, but it answers in place",
            (jobs(slash=True), answered(401)),
            not_=NOT,
        ),
        Example(
            "nobody allowed the call: the file alone says nothing against it",
            (jobs(),),
            not_=NOT,
            also=says_what_was_not_tried,
        ),
        Example(
            "an external scheduler's jobs are in no file",
            (ScheduledJobs(jobs=()),),
            not_=NOT,
            state=State.NOT_APPLICABLE,
        ),
        Example(
            "part of the repository was not read",
            (ScheduledJobs(jobs=(), missed=("only the first files were looked at",)),),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example("it hides itself", (jobs(), answered(404)), not_=NOT, state=State.UNKNOWN),
        Example("it fails", (jobs(), answered(500)), not_=NOT, state=State.UNKNOWN),
        Example(
            "a challenge answered",
            (jobs(), answered(403, challenge="Vercel")),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example(
            "no answer came",
            (jobs(), answered(0, cause="no answer within 8 s")),
            not_=NOT,
            state=State.UNKNOWN,
        ),
    ],
)
