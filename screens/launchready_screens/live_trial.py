"""Trying a credential from the env map: first what would be sent and where, then a yes, then once.

Reading the env files and the request itself happen aside; what they bring is posted back here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from launchready_screens import paint
from launchready_screens.form import Asked, Form
from launchready_screens.inks import QUIET, STRONG, YELLOW
from launchready_screens.widgets.choice import Choice
from launchready_tui import authority
from launchready_tui.recording.trial_recording import PROBE
from launchready_tui.secret import Secret
from launchready_tui.session import SessionError

if TYPE_CHECKING:
    from launchready_tui.facts.trial_plan import Plan
    from launchready_tui.recheck import Aside

ITEMS = frozenset({"env.verified", "access.least-privilege", "secrets.rotation"})
"""What a trial or a proof tells more of."""


class Brought(Message):
    """What work aside came to; `number` tells which try this is."""

    def __init__(self, number: int, result: Any) -> None:
        super().__init__()
        self.number = number
        self.result = result


class LiveDialog(Form):
    """f2 shows what would be sent; with that on the screen f2 sends it."""

    go = "show what is sent"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setting = name
        self._plan: Plan | None = None
        self._aside: Aside[Any] | None = None
        self._number = 0

    def plan(self, values: dict[str, str]) -> Aside[Any]:
        """Begin to find out what would be sent."""
        raise NotImplementedError

    def send(self, plan: Plan, values: dict[str, str]) -> Aside[Any]:
        """Send it. Raises SessionError."""
        raise NotImplementedError

    def told(self, result: Any) -> str:
        raise NotImplementedError

    def form(self) -> Iterable[Widget]:
        yield from super().form()
        yield Static(id="plan")

    def key_line(self) -> Content:
        go = "send it, once" if self._plan else self.go
        keys = (("f2", go), ("tab", "next field"), ("esc", "leave"))
        return paint.joined(3, [paint.keycap(key, label) for key, label in keys])

    # ------------------------------------------------------------ doing

    def action_go_on(self) -> None:
        values = self.values()
        if self._aside is not None:
            return
        if self._plan is None:
            self._begin(lambda: self.plan(values), "Looking at what would be sent …")
        elif self.live.running:
            self.refuse("Checks are running. Leave with esc and press c to stop them first.")
        elif not values["by"]:
            self.refuse("Who allows it? Give a name: it stands in the record.", "by")
        else:
            plan = self._plan
            self._begin(lambda: self._allowed(plan, values), "Trying it, once …")

    def _allowed(self, plan: Plan, values: dict[str, str]) -> Aside[Any]:
        session = self.live.session
        probes = authority.probes_of(session.catalogue, [PROBE])
        if authority.too_far(session.scope.level, probes):
            session.consent(authority.level_of(probes), values["by"])
        return self.send(plan, values)

    def _begin(self, start: Any, words: str) -> None:
        self._number += 1
        self.refuse(words)
        try:
            self._aside = start()
        except SessionError as error:
            self.refuse(str(error))

    def ended(self, result: Any) -> None:
        """Called aside."""
        with contextlib.suppress(RuntimeError):  # the loop may have closed already
            self.post_message(Brought(self._number, result))

    def on_brought(self, event: Brought) -> None:
        if event.number != self._number:
            return
        self._aside = None
        if isinstance(event.result, SessionError):
            self.refuse(str(event.result))
        elif isinstance(event.result, BaseException):
            # Any other is our bug, and its words might quote what was tried.
            self.refuse(f"It was stopped: {type(event.result).__name__}.")
        elif self._plan is None:
            self._plan = event.result
            self.refuse("")
            self._show()
        else:
            self._plan = None
            told = self.told(event.result)
            self.wizard.start_checks(set(ITEMS))
            self.dismiss(told)

    @on(Input.Changed, "#field-old")
    @on(Choice.Changed)
    def _other_values(self) -> None:
        """What is asked for has changed, so the plan is no longer that of what is shown."""
        if self._plan is not None:
            self._plan = None
            self._show()

    def _show(self) -> None:
        shown = self._told_plan(self._plan) if self._plan else paint.EMPTY
        self.query_one("#plan", Static).update(paint.line(shown))
        self.query_one("#keys", Static).update(self.key_line())

    def _told_plan(self, plan: Plan) -> Content:
        scope = self.live.session.scope
        probes = authority.probes_of(self.live.session.catalogue, [PROBE])
        rows = [
            paint.EMPTY,
            paint.text(f"To {plan.where}", STRONG),
            paint.prose(f"goes {plan.sends}."),
            paint.prose(
                "It stands in their log under your address, and a key laid out as a trap would"
                " raise its alarm.",
                QUIET,
            ),
        ]
        if authority.too_far(scope.level, probes):
            rows.append(
                paint.prose(
                    f"Until now this sprint's consent is “{scope.level}”. With f2 you raise it to"
                    " “active”, under your name. Only where you are authorised to.",
                    YELLOW,
                )
            )
        return paint.lines(rows)

    def action_leave(self) -> None:
        if self._aside is not None:
            self._aside.cancel()
        self._plan = None
        super().action_leave()


class TrialDialog(LiveDialog):
    heading = "Try it live"

    def intro(self) -> Content:
        why = "One harmless request tells whether it works. Nothing is sent before you say so."
        return paint.lines([paint.text(self.setting, STRONG), paint.prose(why, QUIET)])

    def asked(self) -> tuple[Asked, ...]:
        known = self.live.session.target.environments
        first = "prod" if "prod" in known else known[0]
        options = tuple((name, name) for name in known)
        return (
            Asked(id="env", label="Where", kind="choice", value=first, options=options),
            Asked(id="by", label="Who allows it", value=self.live.session.by),
        )

    def plan(self, values: dict[str, str]) -> Aside[Any]:
        return self.live.session.planning(self.setting, values["env"], self.ended)

    def send(self, plan: Plan, values: dict[str, str]) -> Aside[Any]:
        session, env = self.live.session, values["env"]
        return session.trying(self.setting, env, plan, self.ended, by=values["by"])

    def told(self, result: Any) -> str:
        from launchready_tui.exports.trial import line

        return line(result)


class ProofDialog(LiveDialog):
    heading = "Try the old value"

    def intro(self) -> Content:
        why = (
            "It has to be refused. It is tried once and kept nowhere; only a refusal records the"
            " step “proven”."
        )
        return paint.lines([paint.text(self.setting, STRONG), paint.prose(why, QUIET)])

    def asked(self) -> tuple[Asked, ...]:
        hint = "not shown while you type"
        return (
            Asked(id="old", label="Old value", kind="masked", hint=hint),
            Asked(id="by", label="Who allows it", value=self.live.session.by),
        )

    def plan(self, values: dict[str, str]) -> Aside[Any]:
        if not values["old"]:
            raise SessionError("Give the value that was revoked.")
        return self.live.session.planning_proof(self.setting, Secret(values["old"]), self.ended)

    def send(self, plan: Plan, values: dict[str, str]) -> Aside[Any]:
        return self.live.session.proving(self.setting, plan, self.ended, by=values["by"])

    def told(self, result: Any) -> str:
        return f"{result.id} is {result.status}: {result.proof_detail}."
