"""The env map and the rotation log: every row names an owner, or says that this is a risk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import LiteralString

from launchready_tui.credentials.kinds import by_id
from launchready_tui.fingerprint_key import key_of
from launchready_tui.guide.claims import RISK, day, instant, seen
from launchready_tui.guide.markdown import (
    NOTHING,
    Block,
    Inline,
    bullets,
    code,
    heading,
    line,
    paragraph,
    table,
    together,
    words,
)
from launchready_tui.guide.state import EnvName, GuideState
from launchready_tui.ranking import Risk
from launchready_tui.records.env_record import STEPS, EnvVariable, Proof, Rotation, Why
from launchready_tui.text import plural

WHYS: dict[Why, Inline] = {
    "exposed": Inline("exposed"),
    "scheduled": Inline("due"),
    "leaver": Inline("somebody left"),
    "handover": Inline("handover"),
    "over-privileged": Inline("allowed more than needed"),
    "shared-across-envs": Inline("shared between environments"),
}
PROOFS: dict[Proof, Inline] = {
    "": Inline("none recorded"),
    "rejected": Inline("refused by the provider"),
    "absent-in-console": Inline("gone from the provider's console"),
    "attested": Inline("only attested"),
}
COLUMNS: tuple[LiteralString, ...] = (
    "Name",
    "What for, and what stops without it",
    "Owner",
    "Held in",
    "Same value in several environments",
    "Replaced",
)


def environment(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Environment variables")
    settings = _settings(state)
    if not settings:
        yield Block(
            "None recorded, because no repository was looked at or no variable was found in it."
        )
        return
    yield paragraph(_source(state))
    yield paragraph(*_summary(settings))
    secrets = [one for one in settings if one.secret]
    plain = [one for one in settings if not one.secret]
    if secrets:
        yield heading(3, "Secrets")
        yield table(COLUMNS, [_row(one) for one in secrets])
    if plain:
        yield heading(3, "Settings that are no secrets")
        yield table(COLUMNS, [_row(one) for one in plain])
    yield from _how(state.variables.variables)
    if state.env:
        yield heading(3, "Where each variable was seen")
        yield table(["Name", "Where"], [_seen(entry) for entry in state.env])


@dataclass(frozen=True, slots=True)
class _Setting:
    """What is known of a variable: from the record, from the last run of checks, or from both."""

    name: str
    record: EnvVariable | None
    entry: EnvName | None

    @property
    def secret(self) -> bool:
        if self.record is not None:
            return self.record.sensitive
        return self.entry is not None and self.entry.secret

    @property
    def kind(self) -> str:
        """An id of checklists/credentials.toml, or empty."""
        recorded = self.record.kind if self.record else ""
        return recorded or (self.entry.kind if self.entry else "")

    @property
    def owner(self) -> str:
        return self.record.owner.strip() if self.record else ""

    @property
    def never_replaced(self) -> bool:
        return self.secret and not (self.record and self.record.last_rotated)


def _settings(state: GuideState) -> list[_Setting]:
    seen_ones = {entry.name: entry for entry in state.env}
    records = {one.name: one for one in state.variables.variables}
    return [
        _Setting(name, records.get(name), seen_ones.get(name))
        for name in sorted({*seen_ones, *records})
    ]


def _source(state: GuideState) -> Inline:
    names_only = Inline("Names only: this guide never holds a value.")
    if not state.env:
        return names_only
    told = seen(state)
    return line("{} {}.", names_only, Inline(told[:1].upper() + told[1:]))


def _summary(settings: list[_Setting]) -> Iterator[Inline]:
    """What is open, before forty rows of it."""
    secrets = sum(1 for one in settings if one.secret)
    count = plural(len(settings), "variable")
    yield Inline(f"{count}, {secrets} of them secret.")
    if unowned := sum(1 for one in settings if not one.owner):
        yield Inline(
            f"**RISK**: {unowned} without an owner, so that nobody may be asked when one is wrong."
        )
    else:
        yield Inline("Each has an owner.")
    if silent := sum(1 for one in settings if not (one.record and one.record.purpose)):
        yield Inline(f"What it is for is not recorded of {silent}.")
    if never := sum(1 for one in settings if one.never_replaced):
        yield Inline(f"**RISK**: {plural(never, 'secret')} never replaced, as far as recorded.")


def _row(one: _Setting) -> tuple[Inline, ...]:
    record = one.record
    return (
        code(one.name),
        _purpose(record, one.kind),
        _owner(record) if record else RISK,
        _held(record, one.entry),
        _shared(one),
        _replaced(one),
    )


def _kind(id: str) -> Iterator[Inline]:
    """What it is, in words; nothing for a kind that nobody knows."""
    kind = by_id(id)
    if kind:
        yield words(kind.title)


def _purpose(record: EnvVariable | None, kind: str) -> Inline:
    purpose = record.purpose if record else ""
    kinds = tuple(_kind(kind))
    purpose = purpose.removesuffix(".") if kinds else purpose
    told = [words(purpose) if purpose else Inline("not recorded"), *kinds]
    if record is None:
        return together(told, "; ")
    if record.breaks_without:
        told.append(line("without it: {}", words(record.breaks_without)))
    if record.build_time:
        told.append(Inline("built in: a change needs a new build"))
    if record.deprecated:
        told.append(line("deprecated: {}", words(record.deprecated)))
    return together(told, "; ")


def _owner(record: EnvVariable) -> Inline:
    if not record.owner.strip():
        return RISK
    if record.backup_owner.strip():
        return line("{}, then {}", words(record.owner), words(record.backup_owner))
    return words(record.owner)


def _shared(one: _Setting) -> Inline:
    """Whether one value serves several environments: as the last run saw it, or on record."""
    record, entry = one.record, one.entry
    if entry and entry.same:
        shared = together(map(words, entry.same))
        return line("**RISK**: production's value is used in {} too", shared)
    if entry and entry.same_database:
        shared = together(map(words, entry.same_database))
        return line("**RISK**: production's database is used in {} too", shared)
    if record is None:
        return Inline("not known")
    if record.alike:
        groups = together([together(map(words, group), " and ") for group in record.alike])
        return line("**RISK**: one value in {}", groups) if record.sensitive else groups
    if not record.sensitive:
        return NOTHING
    there = [held for held in record.env.values() if held.present]
    if len(there) == 1:
        return Inline("seen in one only")
    keys = {key_of(held.fp) for held in there}
    return Inline("no" if len(keys) == 1 and "" not in keys else "not known")


def _held(record: EnvVariable | None, entry: EnvName | None) -> Inline:
    told = list(_recorded(record)) if record else []
    if told:
        return together(told, "; ")
    if entry and entry.set_for:
        called = map(words, ("all" if e == "any" else e for e in entry.set_for))
        return line("not recorded; a file sets it for {}", together(called))
    return Inline("not recorded")


def _recorded(record: EnvVariable) -> Iterator[Inline]:
    for environment, held in sorted(record.env.items()):
        if held.present and held.source:
            yield line("{} ({})", words(environment), words(held.source))
        elif held.present:
            yield words(environment)
    if record.stored_in:
        yield words(record.stored_in)
    if record.holder:
        yield line("opened by {}", words(record.holder))


def _replaced(one: _Setting) -> Inline:
    if not one.secret:
        return NOTHING
    record = one.record
    if record is None or record.last_rotated is None:
        return Inline("**RISK**: never, as far as recorded")
    if record.next_due is None:
        return day(record.last_rotated)
    return line("{}, due again {}", day(record.last_rotated), day(record.next_due))


def _how(records: tuple[EnvVariable, ...]) -> Iterator[Block]:
    told = [
        one
        for one in records
        if one.rotate_how or one.issued_at or one.sensitive or one.least_privilege
    ]
    if told:
        yield heading(3, "How each one is replaced, and what it may do")
        yield bullets(_steps(one) for one in told)
    planned = [(one.next_due, one.name, one.owner) for one in records if one.sensitive]
    due = sorted((one for one in planned if one[0]), key=lambda one: (one[0], one[2], one[1]))
    if due:
        yield heading(3, "When the next replacements are due")
        days = groupby(due, key=lambda one: (one[0], one[2]))
        yield bullets(
            _reminder(when, [name for _, name, _ in some], owner)
            for (when, owner), some in days
            if when
        )


def _steps(one: EnvVariable) -> Inline:
    parts = [words(one.rotate_how)] if one.rotate_how else []
    if one.issued_at:
        parts.append(line("made and revoked at {}", words(one.issued_at)))
    if not parts:
        parts.append(Inline("**RISK**: how is not recorded"))
    if one.least_privilege:
        basis = {"judged": "by its shape", "attested": "as told"}.get(
            one.privilege_basis, "unproven"
        )
        parts.append(line("may do: {} ({})", words(one.least_privilege), Inline(basis)))
    return line("{}: {}", code(one.name), together(parts, "; "))


def _reminder(when: date, names: list[str], owner: str) -> Inline:
    who = words(owner) if owner.strip() else RISK
    return line("{}: {}, {}", day(when), together(map(code, names)), who)


def _seen(entry: EnvName) -> tuple[Inline, ...]:
    return code(entry.name), words(entry.where)


# ---------------------------------------------------------------- the rotation log


def rotations(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Rotation log")
    held = state.rotations.rotations
    missing = _missing(state)
    if not held and not missing:
        yield Block("None recorded, because no secret was replaced in this sprint.")
        return
    yield paragraph(
        Inline(
            "A secret that was exposed counts as known until its replacement is closed here. Those"
            " that are not closed stand first and are risks."
        )
    )
    ordered = sorted(held, key=lambda one: (one.status == "closed", one.id))
    yield table(
        ["Variable", "Why, and where", "State", "Proof that the old one is dead", "Owner"],
        [
            *(_not_begun(risk, state) for risk in missing),
            *(_rotation(one, state) for one in ordered),
        ],
    )


def _missing(state: GuideState) -> list[Risk]:
    """Exposed secrets that nobody has begun to replace, as the last run saw them."""
    view = state.verdict.items.get("secrets.rotation")
    return [risk for risk in view.risks if risk.code == "rotation-missing"] if view else []


def _not_begun(risk: Risk, state: GuideState) -> tuple[Inline, ...]:
    where = line("exposed: {}", words(risk.observed.partition(";")[0]))
    state_ = Inline("**RISK**: not begun")
    return code(risk.subject), where, state_, Inline("none yet"), _owner_of(risk.subject, state)


def _owner_of(name: str, state: GuideState, told: str = "") -> Inline:
    record = state.variables.get(name)
    owner = told or (record.owner if record else "")
    return words(owner) if owner.strip() else RISK


def _rotation(one: Rotation, state: GuideState) -> tuple[Inline, ...]:
    why = WHYS[one.why]
    why = line("{}: {}", why, words(one.evidence)) if one.evidence else why
    owner = _owner_of(one.var, state, one.owner)
    return code(one.var), why, _standing(one), _proof(one), owner


def _standing(one: Rotation) -> Inline:
    at = one.at(one.status)
    when = instant(at) if at else NOTHING
    if one.status == "closed":
        due = line("; due again {}", day(one.next_due)) if one.next_due else Inline("")
        return line("closed {}{}", when, due)
    return line("**RISK**: {} {}, next: {}", words(one.status), when, words(one.next_step or ""))


def _proof(one: Rotation) -> Inline:
    if STEPS.index(one.status) < STEPS.index("proven"):
        return Inline("none yet")
    if one.proof == "attested":
        return line("only attested, by {}", words(one.attested_by))
    proof = PROOFS[one.proof]
    return line("{}: {}", proof, words(one.proof_detail)) if one.proof_detail else proof
