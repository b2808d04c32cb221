"""One step of replacing a secret: what it asks, what to do before, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from textual.content import Content

from launchready_screens import paint
from launchready_screens.aside import AsideForm
from launchready_screens.form import Asked, Refused
from launchready_screens.inks import QUIET, STRONG
from launchready_screens.live_trial import ProofDialog
from launchready_tui.facts.env_map import MapRow
from launchready_tui.recording.rotation_steps import StepTaken
from launchready_tui.records.env_record import BEFORE, Proof, Rotation, Step, Why
from launchready_tui.secret import Secret

WHYS = (
    ("exposed", "exposed"),
    ("scheduled", "due"),
    ("leaver", "leaver"),
    ("handover", "handover"),
    ("over-privileged", "too wide"),
    ("shared-across-envs", "shared"),
)
CALL = "call"
"""The proof that is not told but made: the old value is tried."""
PROOFS = (
    ("rejected", "refused"),
    (CALL, "try it"),
    ("absent-in-console", "gone in console"),
    ("attested", "attested"),
)


class RotationDialog(AsideForm):
    heading = "Replacing a secret"

    def __init__(self, row: MapRow) -> None:
        super().__init__()
        self.row = row

    @property
    def _open(self) -> Rotation | None:
        return self.live.session.open_rotation(self.row.name)

    @property
    def _step(self) -> Step:
        held = self._open
        return (held.next_step if held else None) or "found"

    def intro(self) -> Content:
        held, step = self._open, self._step
        state = f"Begun as {held.id}." if held else "No replacement is open."
        return paint.lines(
            [
                paint.text(self.row.name, STRONG),
                paint.prose(f"{state} This records: {step}.", QUIET),
                paint.prose(BEFORE[step]),
            ]
        )

    def asked(self) -> tuple[Asked, ...]:
        fields = _ASKED.get(self._step, lambda dialog: ())(self)
        return (*fields, Asked(id="by", label="Who says so", value=self.live.session.by))

    def found(self) -> tuple[Asked, ...]:
        return (
            Asked(id="why", label="Why", kind="choice", value="exposed", options=WHYS),
            Asked(
                id="evidence",
                label="Where it was",
                value=self._place(),
                hint="such as git 3f2c1ab src/a.ts:4",
            ),
            Asked(id="value", label="Old value", kind="masked", hint="optional, not shown"),
        )

    def replaced(self) -> tuple[Asked, ...]:
        return (Asked(id="value", label="New value", kind="masked", hint="optional, not shown"),)

    def deployed(self) -> tuple[Asked, ...]:
        known = self.live.session.target.environments
        seen = [e for e in self.row.present_in if e in known]
        hint = f"of {', '.join(known)}"
        return (Asked(id="env", label="In use in", value=", ".join(seen), hint=hint),)

    def proven(self) -> tuple[Asked, ...]:
        return (
            Asked(id="proof", label="Proof", kind="choice", value="rejected", options=PROOFS),
            Asked(id="detail", label="The answer", hint="such as HTTP 401 from the provider"),
            Asked(id="attested_by", label="Who vouches", hint="where it is attested only"),
        )

    def closed(self) -> tuple[Asked, ...]:
        return (Asked(id="owner", label="Owner from now on", value=self.row.owner),)

    def _place(self) -> str:
        """Where a check has seen it, so that nobody has to copy it."""
        seen = self.live.session.outcomes.get("secrets.rotation")
        found = seen.findings if seen else ()
        mine = (f for f in found if (f.code, f.subject) == ("rotation-missing", self.row.name))
        return next((f.params.get("place", "") for f in mine), "")

    def action_go_on(self) -> None:
        if self.values().get("proof") == CALL:
            self.app.push_screen(ProofDialog(self.row.name), self._proved)
        else:
            super().action_go_on()

    def _proved(self, told: str | None) -> None:
        if told:
            self.dismiss(told)

    def keep(self, values: dict[str, str]) -> str:
        known = self.live.session.target.environments
        envs = tuple(e.strip() for e in values.get("env", "").split(",") if e.strip())
        strange = next((e for e in envs if e not in known), None)
        if strange:
            raise Refused(f"{strange} is none of {', '.join(known)}.", "env")
        _insist(values)
        taken = StepTaken(
            why=cast("Why", values["why"]) if values.get("why") else None,
            evidence=values.get("evidence", ""),
            env=envs,
            owner=values.get("owner", ""),
            proof=cast("Proof", values.get("proof", "")),
            detail=values.get("detail", ""),
            attested_by=values.get("attested_by", ""),
        )
        value = Secret(values["value"]) if values.get("value") else None
        session = self.live.session
        kept, told = session.take_step(self.row.name, self._step, taken, value, by=values["by"])
        then = f"; the next step is {kept.next_step}" if kept.next_step else ""
        return " ".join((f"{kept.var}: recorded as {kept.status}{then}.", *told))


def _insist(values: Mapping[str, str]) -> None:
    """The rules refuse these too, in the words of the command line's options."""
    for field, when, question in _NEEDED:
        if not values.get(field, "-") and all(values.get(f, said) == said for f, said in when):
            raise Refused(question, field)


_NEEDED: tuple[tuple[str, tuple[tuple[str, str], ...], str], ...] = (
    ("evidence", (("why", "exposed"),), "Where was it exposed? Name the place."),
    ("env", (), "In which environments is the new value in use?"),
    ("detail", (("proof", "rejected"),), "What did the provider answer to the old value?"),
    ("attested_by", (("proof", "attested"),), "Who vouches that the old value is dead?"),
    ("owner", (), "Who replaces it the next time?"),
)
"""A field, what was chosen where it must not be empty, and what is asked then."""
_ASKED = {
    "found": RotationDialog.found,
    "replaced": RotationDialog.replaced,
    "deployed": RotationDialog.deployed,
    "proven": RotationDialog.proven,
    "closed": RotationDialog.closed,
}
"""What a step asks besides who says so; the others ask nothing."""
