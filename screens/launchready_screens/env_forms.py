"""The forms behind the env map: one setting, one owner for many, one step of a rotation."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from textual.content import Content

from launchready_screens import paint
from launchready_screens.aside import AsideForm
from launchready_screens.form import Asked, Form, Refused
from launchready_screens.inks import QUIET, STRONG
from launchready_screens.live_trial import ProofDialog
from launchready_tui.env_record import EnvVariable, Proof, Rotation, Step
from launchready_tui.env_recording import StepTaken
from launchready_tui.facts.env_map import MapRow
from launchready_tui.secret import Secret
from launchready_tui.text import plural

WORDS = (
    ("purpose", "What it is for"),
    ("breaks_without", "Without it"),
    ("owner", "Owner"),
    ("backup_owner", "Second owner"),
    ("stored_in", "Held in"),
    ("holder", "Opened by"),
    ("issued_at", "Made and revoked at"),
    ("least_privilege", "What it may do"),
    ("rotate_how", "How it is replaced"),
    ("notes", "Notes"),
)
CALL = "call"
"""The proof that is not told but made: the old value is tried."""
LISTS = (("required_in", "Required in"), ("optional_in", "Optional in"))


class VariableDialog(Form):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setting = name

    def intro(self) -> Content:
        title = self._row.title if self._row else ""
        told = [paint.text(f"It is {title}.", QUIET)] if title else []
        return paint.lines(
            [
                paint.text(self.setting, STRONG),
                *told,
                paint.text("What is kept of it. Its value is never asked.", QUIET),
            ]
        )

    @property
    def _row(self) -> MapRow | None:
        rows = self.live.session.env_rows
        return next((row for row in rows if row.name == self.setting), None)

    def _proposed(self) -> dict[str, str]:
        """What the shape tells; what the record says already stands there too."""
        return self._row.proposal if self._row else {}

    @property
    def _record(self) -> EnvVariable | None:
        return self.live.session.store.variables().get(self.setting)

    def asked(self) -> tuple[Asked, ...]:
        held, proposed = self._record, self._proposed()
        days = held.rotate_every_days if held else None
        last = held.last_rotated if held else None
        return (
            *(
                Asked(id=id, label=label, value=getattr(held, id, "") or proposed.get(id, ""))
                for id, label in WORDS
            ),
            *(
                Asked(id=id, label=label, value=", ".join(getattr(held, id, ())))
                for id, label in LISTS
            ),
            Asked(
                id="rotate_every_days",
                label="Days until due",
                value="" if days is None else str(days),
                hint="0 for never, with a reason in the notes",
            ),
            Asked(
                id="last_rotated",
                label="Last replaced",
                value=last.isoformat() if last else "",
                hint="such as 2026-01-31",
            ),
            Asked(id="by", label="Who says so", value=self.live.session.by),
        )

    def keep(self, values: dict[str, str]) -> str:
        changes: dict[str, Any] = {id: values[id] for id, _ in WORDS}
        changes |= self._by_shape(values["least_privilege"])
        known = self.live.session.target.environments
        for id, _ in LISTS:
            names = tuple(name.strip() for name in values[id].split(",") if name.strip())
            strange = next((name for name in names if name not in known), None)
            if strange:
                raise Refused(f"{strange} is none of {', '.join(known)}.", id)
            changes[id] = names
        changes["rotate_every_days"] = _number(values["rotate_every_days"])
        changes["last_rotated"] = _day(values["last_rotated"])
        self.live.session.set_variables([self.setting], changes, by=values["by"])
        return f"{self.setting}: kept."

    def _by_shape(self, may: str) -> dict[str, str]:
        """The kind, and the basis of rights where nobody changed the words or the shape's."""
        proposed, held = self._proposed(), self._record
        told = {"kind": proposed["kind"]} if "kind" in proposed else {}
        if may and may == proposed.get("least_privilege"):
            return told | {"privilege_basis": "judged"}
        if held and may == held.least_privilege:
            return told | {"privilege_basis": held.privilege_basis}
        return told


def _number(typed: str) -> int | None:
    if not typed:
        return None
    if not typed.isascii() or not typed.isdigit():
        raise Refused("Days are a whole number.", "rotate_every_days")
    return int(typed[:6])


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Refused("A day is written like 2026-01-31.", "last_rotated") from None


class OwnerDialog(Form):
    heading = "One owner for all that are shown"

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.names = names

    def intro(self) -> Content:
        listed = ", ".join(self.names[:12])
        more = f" and {len(self.names) - 12} more" if len(self.names) > 12 else ""
        return paint.prose(f"{plural(len(self.names), 'setting')}: {listed}{more}", QUIET)

    def asked(self) -> tuple[Asked, ...]:
        return (
            Asked(id="owner", label="Owner", hint="a person or shared mailbox of the company"),
            Asked(id="by", label="Who says so", value=self.live.session.by),
        )

    def keep(self, values: dict[str, str]) -> str:
        if not values["owner"]:
            raise Refused("Name an owner.", "owner")
        changes = {"owner": values["owner"]}
        self.live.session.set_variables(self.names, changes, by=values["by"])
        return f"{values['owner']} owns {plural(len(self.names), 'setting')}."


class RotationDialog(AsideForm):
    heading = "Replacing a secret"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setting = name

    @property
    def _open(self) -> Rotation | None:
        held = self.live.session.store.rotations().of(self.setting)
        return next((one for one in reversed(held) if one.status != "closed"), None)

    @property
    def _step(self) -> Step:
        held = self._open
        return (held.next_step if held else None) or "found"

    def intro(self) -> Content:
        held = self._open
        state = f"{held.id} is {held.status}." if held else "Nothing is begun."
        told = f"{state} This records the step: {self._step}. None is skipped or waived."
        return paint.lines([paint.text(self.setting, STRONG), paint.prose(told, QUIET)])

    def asked(self) -> tuple[Asked, ...]:
        step, envs = self._step, ", ".join(self.live.session.target.environments)
        fields: list[Asked] = []
        if step == "found":
            fields.append(Asked(id="evidence", label="Where it was", hint="git 3f2c1ab src/a.ts:4"))
        if step in ("found", "replaced"):
            which = "Old value" if step == "found" else "New value"
            hint = "optional, not shown"
            fields.append(Asked(id="value", label=which, kind="masked", hint=hint))
        if step == "deployed":
            fields.append(Asked(id="env", label="In use in", hint=f"of {envs}"))
        if step == "proven":
            options = (
                ("rejected", "refused"),
                (CALL, "try it"),
                ("absent-in-console", "not in console"),
                ("attested", "attested"),
            )
            fields += [
                Asked(id="proof", label="Proof", kind="choice", value="rejected", options=options),
                Asked(id="detail", label="The answer", hint="HTTP 401 from …"),
                Asked(id="attested_by", label="Who vouches", hint="only if attested"),
            ]
        if step == "closed":
            fields.append(Asked(id="owner", label="Owner from now on"))
        return (*fields, Asked(id="by", label="Who says so", value=self.live.session.by))

    def action_go_on(self) -> None:
        if self.values().get("proof") == CALL:
            self.app.push_screen(ProofDialog(self.setting), self._proved)
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
        taken = StepTaken(
            evidence=values.get("evidence", ""),
            env=envs,
            owner=values.get("owner", ""),
            proof=cast("Proof", values.get("proof", "")),
            detail=values.get("detail", ""),
            attested_by=values.get("attested_by", ""),
        )
        value = Secret(values["value"]) if values.get("value") else None
        session = self.live.session
        kept, told = session.take_step(self.setting, self._step, taken, value, by=values["by"])
        then = f"; next: {kept.next_step}" if kept.next_step else ""
        return " ".join((f"{kept.id} is {kept.status}{then}.", *told))
