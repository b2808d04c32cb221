"""The env map and the rotation log: every row names an owner, or says that this is a risk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from launchready_tui.credentials.kinds import by_id
from launchready_tui.env_record import STEPS, EnvVariable, Rotation
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


def environment(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Environment variables")
    seen_ones = {entry.name: entry for entry in state.env}
    records = {one.name: one for one in state.variables.variables}
    if not seen_ones and not records:
        yield Block(
            "None recorded, because no repository was looked at or no variable was found in it."
        )
        return
    yield paragraph(_source(state))
    names = sorted({*seen_ones, *records})
    yield table(
        ["Name", "What for, and what stops without it", "Owner", "Held in", "Replaced"],
        [_row(name, records.get(name), seen_ones.get(name)) for name in names],
    )
    yield from _how(state.variables.variables)
    if state.env:
        yield heading(3, "Where each variable was seen")
        yield table(["Name", "Where"], [_seen(entry) for entry in state.env])


def _source(state: GuideState) -> Inline:
    names_only = Inline("Names only: this guide never holds a value.")
    if not state.env:
        return names_only
    told = seen(state)
    return line("{} {}.", names_only, Inline(told[:1].upper() + told[1:]))


def _row(name: str, record: EnvVariable | None, entry: EnvName | None) -> tuple[Inline, ...]:
    where = words(entry.where if entry else "")
    if record is None:
        held = _warned(where, entry)
        what = together([Inline("not recorded"), *_kind(entry.kind if entry else "")], "; ")
        return code(name), what, RISK, held, Inline("not recorded")
    return (
        code(name),
        _purpose(record, record.kind or (entry.kind if entry else "")),
        _owner(record),
        _warned(_held(record) if record.env or record.stored_in else where, entry),
        _replaced(record),
    )


def _kind(id: str) -> Iterator[Inline]:
    """What it is, in words; nothing for a kind that nobody knows."""
    kind = by_id(id)
    if kind:
        yield words(kind.title)


def _purpose(record: EnvVariable, kind: str) -> Inline:
    told = [words(record.purpose)] if record.purpose else [Inline("not recorded")]
    told += _kind(kind)
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


def _warned(held: Inline, entry: EnvName | None) -> Inline:
    """Where it is, and whether production's value serves another environment too."""
    if not entry or not entry.same:
        return held
    shared = together(map(words, entry.same))
    return line("{}; **RISK**: production's value is used in {} too", held, shared)


def _held(record: EnvVariable) -> Inline:
    told = [
        line("{} ({})", words(environment), words(held.source))
        if held.source
        else words(environment)
        for environment, held in sorted(record.env.items())
        if held.present
    ]
    if record.stored_in:
        told.append(words(record.stored_in))
    if record.holder:
        told.append(line("opened by {}", words(record.holder)))
    same = {other for held in record.env.values() for other in held.same_as}
    if same:
        told.append(line("same value in {}", together(map(words, sorted(same)))))
    return together(told, "; ") if told else NOTHING


def _replaced(record: EnvVariable) -> Inline:
    if not record.sensitive:
        return NOTHING
    if record.last_rotated is None:
        return Inline("**RISK**: never, as far as recorded")
    due = record.next_due
    if due is None:
        return day(record.last_rotated)
    return line("{}, due again {}", day(record.last_rotated), day(due))


def _how(records: tuple[EnvVariable, ...]) -> Iterator[Block]:
    told = [one for one in records if one.rotate_how or one.issued_at or one.least_privilege]
    if told:
        yield heading(3, "How each one is replaced, and what it may do")
        yield bullets(_steps(one) for one in told)
    due = sorted((one.next_due, one.name, one.owner) for one in records if one.next_due)
    if due:
        yield heading(3, "When the next replacements are due")
        yield bullets(_reminder(when, name, owner) for when, name, owner in due if when)


def _steps(one: EnvVariable) -> Inline:
    parts = [words(one.rotate_how)] if one.rotate_how else []
    if one.issued_at:
        parts.append(line("made and revoked at {}", words(one.issued_at)))
    if one.least_privilege:
        basis = {"judged": "by its shape", "attested": "as told"}.get(
            one.privilege_basis, "unproven"
        )
        parts.append(line("may do: {} ({})", words(one.least_privilege), Inline(basis)))
    return line("{}: {}", code(one.name), together(parts, "; "))


def _reminder(when: date, name: str, owner: str) -> Inline:
    return line("{}: {}, {}", day(when), code(name), words(owner) if owner.strip() else RISK)


def _seen(entry: EnvName) -> tuple[Inline, ...]:
    return code(entry.name), words(entry.where)


# ---------------------------------------------------------------- the rotation log


def rotations(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Rotation log")
    held = state.rotations.rotations
    if not held:
        yield Block("None recorded, because no secret was replaced in this sprint.")
        return
    yield paragraph(
        Inline(
            "A secret that was exposed counts as known until it is closed here. Open ones stand"
            " first and are risks."
        )
    )
    ordered = sorted(held, key=lambda one: (one.status == "closed", one.id))
    yield table(
        ["Variable", "Why, and where", "State", "Proof that the old one is dead", "Owner"],
        [_rotation(one, state) for one in ordered],
    )


def _rotation(one: Rotation, state: GuideState) -> tuple[Inline, ...]:
    why = line("{}: {}", words(one.why), words(one.evidence)) if one.evidence else words(one.why)
    record = state.variables.get(one.var)
    owner = one.owner or (record.owner if record else "")
    return code(one.var), why, _standing(one), _proof(one), words(owner) if owner.strip() else RISK


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
    return (
        line("{}: {}", words(one.proof), words(one.proof_detail))
        if one.proof_detail
        else words(one.proof)
    )
