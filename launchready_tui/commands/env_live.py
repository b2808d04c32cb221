"""The live half of `launchready env verify`: what is sent is told, allowed, sent once, recorded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from launchready_tui.commands.opened import opened, signed
from launchready_tui.commands.output import emit, say
from launchready_tui.commands.refusal import Refused

if TYPE_CHECKING:
    from launchready_tui.facts.trial_plan import Plan
    from launchready_tui.network import Options
    from launchready_tui.recheck import Aside
    from launchready_tui.records.trial_record import Trial
    from launchready_tui.session import Session

T = TypeVar("T")
LONGEST_ANSWER = 65_536
WORKS, DOES_NOT, NOT_KNOWN = 0, 1, 3


def try_live(
    directory: str,
    names: Sequence[str],
    *,
    environment: str,
    file: str,
    by: str,
    yes: bool,
    keys: Sequence[str],
    answer: str,
    form: str,
    output: str | None,
    options: Options,
) -> int:
    """Try settings one after the other, in the sprint of a folder; or keep what one answered."""
    from launchready_tui.commands.permits import secrets_of

    if answer:
        return _answered(directory, names, environment, answer, by=by, form=form, output=output)
    given = secrets_of(keys)
    if strange := sorted({*given} - {*names}):
        raise Refused(f"--key {strange[0]}=…: add --live {strange[0]} to try it.")
    with opened(directory, options=options, by=signed(by)) as session:
        plans = [
            (name, session.plan_trial(name, environment, given=given.get(name), file=file))
            for name in dict.fromkeys(names)
        ]
        for name, plan in plans:
            say(told_of(f"{name} ({environment})", plan))
        allowed(session, yes=yes)
        trials = [_tried(session, name, environment, plan, by) for name, plan in plans]
    emit(_rendered(trials, form), output)
    for trial, (_, plan) in zip(trials, plans, strict=True):
        if trial.result == "unknown" and plan.way in _BY_HAND:
            say(_BY_HAND[plan.way](trial))
    return _code(trials)


def _answered(
    directory: str,
    names: Sequence[str],
    environment: str,
    answer: str,
    *,
    by: str,
    form: str,
    output: str | None,
) -> int:
    if len(names) != 1:
        raise Refused("--answer is that of one database: name it alone with --live.")
    text = answer
    if answer.startswith("@"):
        with Path(answer[1:]).open(encoding="utf-8", errors="replace") as file:
            text = file.read(LONGEST_ANSWER)
    with opened(directory, by=signed(by)) as session:
        kept = session.keep_answer(names[0], environment, text, by=by)
    emit(_rendered([kept], form), output)
    return WORKS


def told_of(what: str, plan: Plan) -> str:
    return f"{what}: to {plan.where} goes {plan.sends}"


def allowed(session: Session, *, yes: bool) -> None:
    """Show the probe and have it allowed. Raises Refused."""
    from launchready_tui import authority
    from launchready_tui.commands.permits import confirm
    from launchready_tui.recording.trial_recording import PROBE

    probes = authority.probes_of(session.catalogue, [PROBE])
    if refused := authority.too_far(session.scope.level, probes):
        raise Refused(refused)
    confirm(probes, (), yes=yes)


def waited_for(aside: Aside[T], ended: Sequence[T | BaseException]) -> T:
    """The result of work in another thread; what it raised is raised here."""
    from launchready_tui.commands.stopping import listening

    with listening() as signals:
        signals.until(aside)
    (result,) = ended
    if isinstance(result, BaseException):
        raise result
    return result


def _tried(session: Session, name: str, environment: str, plan: Plan, by: str) -> Trial:
    ended: list[Trial | BaseException] = []
    return waited_for(session.trying(name, environment, plan, ended.append, by=by), ended)


def _rendered(trials: Sequence[Trial], form: str) -> str:
    from launchready_tui.exports import trial
    from launchready_tui.exports.env import encoded

    if form == "json":
        return encoded({"schema": 1, "trials": list(trials)})
    return "\n".join(trial.line(one) for one in trials) + "\n"


def by_hand(trial: Trial) -> str:
    """How a person tells in our stead what a database's role may do."""
    from launchready_tui.facts.trial_postgres import SQL

    return (
        f"{trial.name}: where it can be reached, ask it yourself as the app's own user, and give"
        f" what comes: launchready env verify --live {trial.name} --env {trial.environment}"
        f" --by NAME --answer 'f|f|…'\n{SQL}"
    )


def redis_by_hand(trial: Trial) -> str:
    """What a person asks a Redis server in our stead, and how that is written down."""
    return (
        f"{trial.name}: where it can be reached, ask it yourself with redis-cli as the app's own"
        " user: ACL WHOAMI, then ACL GETUSER and that name; +@all is too much. Then write down what"
        f" it may do: launchready env set {trial.name} --least-privilege '…'"
    )


_BY_HAND = {"SQL": by_hand, "REDIS": redis_by_hand}


def _code(trials: Sequence[Trial]) -> int:
    results = {trial.result for trial in trials}
    if results & {"refused", "open"}:
        return DOES_NOT
    return NOT_KNOWN if "unknown" in results else WORKS
