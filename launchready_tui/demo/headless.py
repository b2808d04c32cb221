"""The whole demo without a terminal: start the lab, check it, export the guide, keep the score.

What consent allows is run; the sprint and the guide stay under the given folder. The exit code is 0
only where nothing planted was missed and nothing innocent was flagged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.checks.mail_findings import REMARKS
from launchready_tui.demo.lab import Lab, LabTrouble
from launchready_tui.demo.score import Found, Score, score, table
from launchready_tui.given import MAIL_KINDS, NO_PERMITS, Permits
from launchready_tui.model import Level, Outcome, Record

if TYPE_CHECKING:
    from launchready_tui.demo.truth import Truth
    from launchready_tui.session import Session

OWNER = "the lab's owner"
RUN_SECONDS = 120.0
DONE, NOT_CLEAN, CANNOT_RUN = 0, 1, 2

Echo = Callable[[str], None]


class Summary(Record, frozen=True, kw_only=True):
    """What a headless run came to. The JSON of `--json` is this."""

    schema: int = 1
    verdict: str
    planted: int
    score: Score
    lookalikes: int
    notices: tuple[str, ...]
    sprint: str
    guide: str
    requests: dict[str, int]


def run(out: Path, echo: Echo, *, narrate: Echo = lambda text: None, as_json: bool = False) -> int:
    """Run the demo into `out` and tell the result through `echo`; returns the exit code.

    Args:
        out: The folder for sprint and guide. Where it holds something already, a new folder in it
            is used, and said.
        echo: Prints one text of the result.
        narrate: Tells what is going on, and why the demo could not run.
        as_json: Tell a single JSON document instead of lines.
    """
    try:
        place = _room_in(out)
        if place != out:
            narrate(f"{out} is not empty: this run goes to {place}.")
        place = place.resolve()
        with Lab.start(place / "lab") as lab:
            for notice in lab.notices:
                narrate(notice)
            summary = _checked(lab, place, narrate)
            if as_json:
                import msgspec

                echo(msgspec.json.format(msgspec.json.encode(summary), indent=2).decode())
            else:
                _tell(summary, lab.truth.unloaded(), echo)
    except (LabTrouble, OSError) as error:
        narrate(f"The demo could not run: {error}")
        return CANNOT_RUN
    return DONE if summary.score.clean else NOT_CLEAN


def found_in(outcomes: Mapping[str, Outcome]) -> tuple[Found, ...]:
    """The findings of a run, in the words of the score; what is only worth knowing is none."""
    return tuple(
        Found(code=finding.code, subject=finding.subject, item=item)
        for item, outcome in sorted(outcomes.items())
        for finding in outcome.findings
        if finding.code not in REMARKS
    )


def _checked(lab: Lab, place: Path, narrate: Echo) -> Summary:
    from launchready_tui.demo.sprint import begin

    session = begin(lab, place / "sprint", by=OWNER, level=Level.ACTIVE)
    truth = lab.truth.unloaded()
    try:
        narrate(f"Checking {lab.domain} on 127.0.0.1, as {OWNER} allowed; load is left out.")
        give_mails(session, lab)
        recheck_all(session, permits=permits_of(session))
        guide = session.export(place)
        return Summary(
            verdict=session.verdict.headline,
            planted=len(truth.planted),
            score=score(found_in(session.outcomes), truth),
            lookalikes=len(truth.lookalikes),
            notices=tuple(lab.notices),
            sprint=str(place / "sprint"),
            guide=str(guide),
            requests=dict(sorted(session.counts.items())),
        )
    finally:
        session.close()


def give_mails(session: Session, lab: Lab) -> None:
    """Give what arrived of each kind, as the person would who found it in the inbox."""
    for kind in MAIL_KINDS:
        data = (lab.inbox / f"{kind}.eml").read_bytes()
        session.prove_mail(session.read_mail(data, kind, "inbox", by=OWNER))


def permits_of(session: Session) -> Permits:
    """Every active probe but those that put load on the app: it is the lab's own."""
    probes = [p.id for p in session.catalogue.active if p.level is Level.ACTIVE]
    return session.allow(probes)


def recheck_all(
    session: Session, items: Iterable[str] | None = None, permits: Permits = NO_PERMITS
) -> None:
    """Run the checks and wait for them. Raises LabTrouble when they do not end or are not kept."""
    troubles: list[str] = []
    wanted = None if items is None else tuple(items)
    running = session.recheck(wanted, done=troubles.append, permits=permits)
    if not running.wait(RUN_SECONDS):
        running.cancel()
        raise LabTrouble(f"the checks did not end within {RUN_SECONDS:g} seconds.")
    if troubles and troubles[0]:
        raise LabTrouble(troubles[0])


def _tell(summary: Summary, truth: Truth, echo: Echo) -> None:
    echo(summary.verdict)
    echo(table(summary.score, truth))
    sent = ", ".join(f"{count} {kind}" for kind, count in summary.requests.items())
    echo(f"Sent, all of it to 127.0.0.1: {sent or 'nothing'}.")
    echo(f"Sprint: {summary.sprint}")
    echo(f"Guide:  {summary.guide}")


def _room_in(out: Path) -> Path:
    """`out` itself where it is new or empty, else the next free folder in it."""
    if out.exists() and not out.is_dir():
        raise LabTrouble(f"{out} is a file; name a folder.")
    place, number = out, 1
    while place.exists() and any(place.iterdir()):
        number += 1
        place = out / f"run-{number}"
    place.mkdir(parents=True, exist_ok=True)
    return place
