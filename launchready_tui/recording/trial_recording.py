"""Trying credentials from a session: planned from the env files, allowed, sent once, recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.model import CouldNotTell
from launchready_tui.recheck import Aside
from launchready_tui.recording import env_rules
from launchready_tui.recording.base import SessionError, now
from launchready_tui.recording.rotation_steps import StepTaken
from launchready_tui.recording.value_recording import ValueRecording
from launchready_tui.records.env_record import Rotation
from launchready_tui.records.trial_record import Answer, Trial, id_of
from launchready_tui.secret import Secret

if TYPE_CHECKING:
    from launchready_tui.facts.held_values import Held
    from launchready_tui.facts.trial_plan import Plan, Tried
    from launchready_tui.network import Options
    from launchready_tui.network.seen import Request

PROBE = "credentials-live"
ALIVE = ("works", "restricted")
NO_PROOF = {
    "HTTP 403": "a key with few rights is answered so too while it works",
    "SignatureDoesNotMatch": "AWS knows the id, whose own secret may well be alive",
}
"""Refusals that a value gets too while it works."""


class NotProven(SessionError):
    """An old value that was not refused. `alive`: it still works."""

    def __init__(self, message: str, *, alive: bool) -> None:
        super().__init__(message)
        self.alive = alive


class TrialRecording(ValueRecording):
    """The trials of a session. A plan holds a value: it is made, used and dropped."""

    options: Options

    def plan_trial(
        self, name: str, environment: str, *, given: Secret | None = None, file: str = ""
    ) -> Plan:
        """What would be sent for a setting; reads the env files. Raises SessionError."""
        from launchready_tui.facts.trial_plan import CannotTry
        from launchready_tui.facts.trials import plan_of

        self._insist_on_environment(environment)
        self._insist(env_rules.check_name(name, ()))
        try:
            held = self._held(environment, file)
            value = given.reveal() if given else held.one(name).value
            return plan_of(name, value, held.beside)
        except CannotTry as error:
            raise SessionError(f"{name} ({environment}) is not tried: {error}.") from None

    def plan_of_old(self, name: str, old: Secret) -> Plan:
        """What would be sent to see that an old value is dead. Raises SessionError."""
        from launchready_tui.credentials.aws import is_part, part_of
        from launchready_tui.facts.trial_plan import CannotTry
        from launchready_tui.facts.trials import plan_of

        rotation = self.insist_on_proving(name)
        part = Secret(part_of(name, old.reveal()))
        if self.is_another(name, part, rotation.old_fp):
            raise SessionError(
                "This is not the value that was to be replaced: its fingerprint differs. A refusal"
                " of it would prove nothing."
            )
        beside: dict[str, str] = {}
        for environment in rotation.env or self.target.environments:
            held = self._held(environment)
            # The new half of a key says nothing of an old one.
            beside |= {n: v for n, v in held.beside.items() if not is_part(n, v)}
            if any(Secret(v.value.strip()) == part for v in held.values.get(name, ())):
                raise SessionError(
                    f"This is the value that {environment} still uses. Give the old one, or take it"
                    " out of the env files first."
                )
        try:
            return plan_of(name, old.reveal(), beside)
        except CannotTry as error:
            raise SessionError(
                f"The old value of {name} is not tried: {error}. Prove it by the console instead."
            ) from None

    def planning(
        self, name: str, environment: str, ended: Callable[[Plan | BaseException], None]
    ) -> Aside[Plan]:
        """`plan_trial` in the background; `ended` is called in that thread."""

        async def work() -> Plan:
            return self.plan_trial(name, environment)

        return Aside(work, ended, name="plan").start()

    def planning_proof(
        self, name: str, old: Secret, ended: Callable[[Plan | BaseException], None]
    ) -> Aside[Plan]:
        """`plan_of_old` in the background; `ended` is called in that thread."""

        async def work() -> Plan:
            return self.plan_of_old(name, old)

        return Aside(work, ended, name="plan").start()

    def trying(
        self,
        name: str,
        environment: str,
        plan: Plan,
        ended: Callable[[Trial | BaseException], None],
        *,
        by: str = "",
    ) -> Aside[Trial]:
        """Try it in the background, and keep what came. `ended` is called in that thread.

        Raises SessionError where the consent does not go as far.
        """
        who = self.allow([PROBE], by).by

        async def work() -> Trial:
            tried, requests = await sent(plan, self.options, who)
            trial = _trial(name, environment, plan.kind, plan.host, tried, who)
            return self._keep_trial(trial, plan.sends, requests, plan.values)

        return Aside(work, ended, name="trial").start()

    def keep_answer(self, name: str, environment: str, text: str, *, by: str = "") -> Trial:
        """Keep what somebody's own question to a database brought. Raises SessionError."""
        from launchready_tui.facts.trial_postgres import of_answer

        self._insist_on_environment(environment)
        self._insist(env_rules.check_name(name, ()))
        tried = of_answer(text)
        if tried is None:
            raise SessionError(
                "This is not the answer to that question: expected one row of nine cells, such as"
                " f|f|f|f|f|f|0||16.4. Nothing was kept."
            )
        trial = _trial(name, environment, "postgres-url", "", tried, self._who(by))
        return self._keep_trial(trial, "nothing; a person asked the database", (), ())

    def proving(
        self,
        name: str,
        plan: Plan,
        ended: Callable[[Rotation | BaseException], None],
        *,
        by: str = "",
    ) -> Aside[Rotation]:
        """Call once with the old value; only a documented refusal records the step `proven`.

        `ended` is called in that thread, with NotProven where it was not refused.
        """
        who = self.allow([PROBE], by).by

        async def work() -> Rotation:
            tried, _ = await sent(plan, self.options, who)
            if refusal := not_proven(tried):
                raise NotProven(refusal, alive=tried.result in ALIVE)
            taken = StepTaken(proof="rejected", detail=tried.detail)
            return self.rotate(name, "proven", taken, who)

        return Aside(work, ended, name="proof").start()

    def insist_on_proving(self, name: str) -> Rotation:
        """The rotation whose next step is a proof. Raises SessionError where there is none."""
        rotation = self.open_rotation(name)
        if rotation is None or rotation.next_step != "proven":
            state = f"is {rotation.status}" if rotation else "has no open rotation"
            raise SessionError(f"{name} {state}: a value is proven dead after it was revoked.")
        return rotation

    # ------------------------------------------------------------ inside

    def _insist_on_environment(self, environment: str) -> None:
        known = self.target.environments
        if environment not in known:
            raise SessionError(f"{environment} is none of {', '.join(known)}.")

    def _held(self, environment: str, file: str = "") -> Held:
        from launchready_tui.facts import env_files
        from launchready_tui.facts.held_values import Held, held
        from launchready_tui.facts.walk import root_of

        try:
            root: Path = root_of(self.target)
        except CouldNotTell as error:
            return Held(environment, {}, (str(error),))
        return held(root, env_files.look(root), environment, file)

    def _keep_trial(
        self,
        trial: Trial,
        sends: str,
        requests: tuple[Request, ...],
        known: tuple[Secret, ...],
    ) -> Trial:
        from msgspec.structs import replace

        from launchready_tui.exports.trial import evidence

        text = evidence(trial, sends, requests)
        ident = self._write(lambda: self.store.add_evidence(text, "txt", known))
        kept = replace(trial, evidence=ident)
        self._write(lambda: self.store.keep_trial(kept))
        return kept


def _trial(name: str, environment: str, kind: str, host: str, tried: Tried, by: str) -> Trial:
    came = {field: getattr(tried, field) for field in Answer.__struct_fields__}
    return Trial(
        id=id_of(name, environment),
        name=name,
        environment=environment,
        kind=kind,
        host=host,
        at=now(),
        by=by,
        **came,
    )


async def sent(plan: Plan, options: Options, by: str) -> tuple[Tried, tuple[Request, ...]]:
    """Through a door of its own, which opens to this one host."""
    from launchready_tui.facts.trials import attempt
    from launchready_tui.network import open_network

    async with open_network(plan.scope(by), options) as net:
        tried = await attempt(net, plan)
        return tried, net.log.entries


def not_proven(tried: Tried) -> str:
    """Why an answer is no proof that a value is dead, in words; empty where it is one."""
    if tried.result == "refused" and tried.code not in NO_PROOF:
        return ""
    if tried.result in ALIVE:
        return (
            f"The old value still works ({tried.detail}). Revoke it where it was issued, then prove"
            " it again. Nothing was recorded."
        )
    if tried.result == "refused":
        return (
            f"{tried.detail} is no proof: {NO_PROOF[tried.code]}. Look in the provider's console."
            " Nothing was recorded."
        )
    return f"Not known: {tried.detail}. Nothing was recorded."
