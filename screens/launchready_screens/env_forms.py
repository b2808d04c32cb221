"""The forms behind the env map: all that is kept of one setting, and a few things for many."""

from __future__ import annotations

from datetime import date
from typing import Any

from textual.content import Content

from launchready_screens import paint
from launchready_screens.form import Asked, Form, Refused
from launchready_screens.inks import QUIET, STRONG
from launchready_tui.facts.env_map import MapRow
from launchready_tui.facts.env_values import built_in
from launchready_tui.records.env_record import EnvVariable
from launchready_tui.text import plural

PERSON = "a person or shared mailbox of the company"
WORDS = (
    ("purpose", "What it is for", "such as: sends the text messages"),
    ("breaks_without", "Without it", "such as: no notice arrives"),
    ("owner", "Owner", PERSON),
    ("backup_owner", "Second owner", "who replaces it when the owner is away"),
    ("stored_in", "Held in", "such as Render, service harbour-ops"),
    ("holder", "Opened by", "who can open the store, if not the owner"),
    ("issued_at", "Made and revoked at", "the provider's page for keys"),
    ("least_privilege", "What it may do", "such as: sends mail only"),
    ("rotate_how", "How it is replaced", "such as: new key, deploy, delete the old one"),
    ("notes", "Notes", ""),
)
LISTS = (("required_in", "Required in"), ("optional_in", "Optional in"))
KINDS = (("secret", "secret"), ("plain", "no secret"), ("public", "public by design"))
DAY = "a day, such as 2026-01-31"
YES_NO = (("no", "no"), ("yes", "yes, a change needs a new build"))


class VariableDialog(Form):
    heading = "One setting"

    def __init__(self, row: MapRow) -> None:
        super().__init__()
        self.row = row
        self.setting = row.name

    def intro(self) -> Content:
        title = self.row.title
        told = [paint.text(f"It is {title}.", QUIET)] if title else []
        return paint.lines(
            [
                paint.text(self.setting, STRONG),
                *told,
                paint.text("What is kept of it. Its value is never asked.", QUIET),
            ]
        )

    @property
    def _record(self) -> EnvVariable | None:
        return self.live.session.store.variables().get(self.setting)

    def asked(self) -> tuple[Asked, ...]:
        held, proposed = self._record, self.row.proposal
        days = held.rotate_every_days if held else None
        last = held.last_rotated if held else None
        known = ", ".join(self.live.session.target.environments)
        words = tuple(
            Asked(
                id=id, label=label, value=getattr(held, id, "") or proposed.get(id, ""), hint=hint
            )
            for id, label, hint in WORDS
        )
        lists = tuple(
            Asked(id=id, label=label, value=", ".join(getattr(held, id, ())), hint=f"of {known}")
            for id, label in LISTS
        )
        built = held.build_time if held else built_in(self.setting)
        return (
            *words[:-1],
            *lists,
            Asked(id="kind", label="It is", kind="choice", value=self._kind, options=KINDS),
            Asked(
                id="build_time",
                label="Built in",
                kind="choice",
                value="yes" if built else "no",
                options=YES_NO,
            ),
            Asked(
                id="rotate_every_days",
                label="Replace every",
                value="" if days is None else str(days),
                hint="days; 0 for never, with a reason in the notes",
            ),
            Asked(
                id="last_rotated",
                label="Last replaced",
                value=last.isoformat() if last else "",
                hint=DAY,
            ),
            *words[-1:],
            Asked(id="by", label="Who says so", value=self.live.session.by),
        )

    @property
    def _kind(self) -> str:
        held = self._record
        if held and held.public:
            return "public"
        sensitive = held.sensitive if held else self.row.sensitive
        return "secret" if sensitive else "plain"

    def keep(self, values: dict[str, str]) -> str:
        changes: dict[str, Any] = {id: values[id] for id, *_ in WORDS}
        changes |= self._by_shape(values["least_privilege"])
        known = self.live.session.target.environments
        for id, _ in LISTS:
            names = tuple(name.strip() for name in values[id].split(",") if name.strip())
            strange = next((name for name in names if name not in known), None)
            if strange:
                raise Refused(f"{strange} is none of {', '.join(known)}.", id)
            changes[id] = names
        changes["sensitive"] = values["kind"] == "secret"
        changes["public"] = values["kind"] == "public"
        changes["build_time"] = values["build_time"] == "yes"
        changes["rotate_every_days"] = _number(values["rotate_every_days"])
        changes["last_rotated"] = _day(values["last_rotated"])
        self.live.session.set_variables([self.setting], changes, by=values["by"])
        return f"{self.setting}: kept."

    def _by_shape(self, may: str) -> dict[str, str]:
        """The kind, and the basis of rights where nobody changed the words or the shape's."""
        proposed, held = self.row.proposal, self._record
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


class ShownDialog(Form):
    heading = "Fill in all that are shown"

    def __init__(self, rows: tuple[MapRow, ...]) -> None:
        super().__init__()
        self.rows = rows

    def intro(self) -> Content:
        listed = ", ".join(row.name for row in self.rows[:12])
        more = f" and {len(self.rows) - 12} more" if len(self.rows) > 12 else ""
        told = f"{plural(len(self.rows), 'setting')}: {listed}{more}."
        return paint.prose(f"{told} What stays empty here stays as it is there.", QUIET)

    def asked(self) -> tuple[Asked, ...]:
        return (
            Asked(id="owner", label="Owner", hint=PERSON),
            Asked(id="backup_owner", label="Second owner", hint="of secrets"),
            Asked(id="stored_in", label="Held in", hint="such as Render, service harbour-ops"),
            Asked(id="holder", label="Opened by", hint="who can open the store, if not the owner"),
            Asked(id="rotate_every_days", label="Replace every", hint="days; secrets only"),
            Asked(id="last_rotated", label="Last replaced", hint=f"{DAY}; secrets only"),
            Asked(id="by", label="Who says so", value=self.live.session.by),
        )

    def keep(self, values: dict[str, str]) -> str:
        plain: dict[str, Any] = {id: values[id] for id in ("owner", "stored_in", "holder")}
        secret: dict[str, Any] = {
            "backup_owner": values["backup_owner"],
            "rotate_every_days": _number(values["rotate_every_days"]),
            "last_rotated": _day(values["last_rotated"]),
        }
        plain = {id: value for id, value in plain.items() if value}
        secret = plain | {id: v for id, v in secret.items() if v not in ("", None)}
        if not secret:
            raise Refused("Fill in at least one field.", "owner")
        names = {
            sensitive: [row.name for row in self.rows if row.sensitive == sensitive]
            for sensitive in (True, False)
        }
        if not plain and not names[True]:
            raise Refused("No secret is shown; only secrets have this.", "owner")
        self.live.session.set_variables(names[True], secret, by=values["by"])
        if plain:
            self.live.session.set_variables(names[False], plain, by=values["by"])
        count = len(self.rows) if plain else len(names[True])
        return f"{plural(count, 'setting')} filled in."
