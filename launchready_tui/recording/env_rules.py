"""What may be recorded of a setting and of a rotation: a refusal in words, or None."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from launchready_tui.facts.env_fingerprint import same
from launchready_tui.recording import rotation_steps
from launchready_tui.records.env_record import STEPS, EnvVariable, Rotation, Step
from launchready_tui.sprint.records import secret_in, texts
from launchready_tui.sprint.rules import WHY_LENGTH

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""Dots and dashes are odd and do occur: not to be able to name their owner would help nobody."""
LONGEST_NAME = 120
LONGEST = 2_000
OURS = re.compile(r"consultant", re.IGNORECASE)


def check_name(name: str, known: Iterable[str]) -> str | None:
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        return "A setting's name is letters, digits, _ . and -, such as DATABASE_URL; no value."
    twin = next((one for one in known if one != name and one.casefold() == name.casefold()), None)
    if twin:
        return f"{name} and {twin} differ in upper and lower case only: on some disks one file."
    return None


def check_variable(record: EnvVariable, known: Iterable[str]) -> str | None:
    """A setting's record names it and holds no value, not even by accident."""
    if refused := check_name(record.name, known):
        return refused
    if record.public and record.sensitive:
        return f"{record.name} cannot be both sensitive and public."
    if record.rotate_every_days is not None and not 0 <= record.rotate_every_days <= 3_650:
        return "How often it is replaced is a number of days, up to 3650; 0 means never."
    if record.rotate_every_days == 0 and len(record.notes.strip()) < WHY_LENGTH:
        return f"Never to be replaced needs a reason of {WHY_LENGTH} characters in the notes."
    return no_secret(record)


def no_secret(record: EnvVariable | Rotation) -> str | None:
    """Refuse what holds a value: the record is copied, committed and handed over."""
    long = next((field for field, text in texts(record) if len(text) > LONGEST), None)
    return f"{long} is longer than {LONGEST} characters." if long else secret_in(record)


# ---------------------------------------------------------------- rotations


def begun_rotation(
    name: str, step: Step, at: datetime, who: str, taken: Iterable[str], **more: object
) -> Rotation:
    """A new rotation, under its day and name; the second of a day gets a number."""
    stem = f"{at:%Y-%m-%d}-{name}"
    number, ident, used = 1, stem, set(taken)
    while ident in used:
        number += 1
        ident = f"{stem}-{number}"
    fields: dict[str, object] = {"id": ident, "var": name, "who": who, "status": step, step: at}
    return msgspec.convert({**fields, **more}, Rotation)


def check_step(before: Rotation | None, after: Rotation) -> str | None:
    """No step is skipped, no time goes backwards, and what is closed stays as it is."""
    if before is None:
        first = ("found", "replaced") if after.why == "scheduled" else ("found",)
        if after.status not in first:
            return (
                f"{after.var} has no open rotation: begin with"
                f" `launchready rotate {after.var} {first[0]} --why …`."
            )
    else:
        if before.status == "closed":
            return f"{before.id} is closed and stays as it is; a new finding is a new rotation."
        if after.status != before.next_step:
            return f"{before.var} is {before.status}: the next step is {before.next_step}."
    if after.status == "replaced" and same(after.new_fp, after.old_fp):
        return rotation_steps.SAME.format(after.var)
    times = [at for step in STEPS if (at := getattr(after, step)) is not None]
    if any(later < earlier for earlier, later in pairwise(times)):
        return f"{after.status} would lie before an earlier step: look at the clock."
    return _proof_of(after) or no_secret(after)


def _proof_of(record: Rotation) -> str | None:
    place = STEPS.index(record.status)
    if not record.evidence.strip() and record.why == "exposed":
        return (
            "Where was it exposed? Name the place with --evidence, such as git 3f2c1ab src/a.ts:4."
        )
    if place >= STEPS.index("deployed") and not record.env:
        return "In which environments is the new value in use? Name them with --env."
    if place >= STEPS.index("proven"):
        if not record.proof:
            return (
                "How was it proven that the old value is dead? --proof rejected (the provider"
                " refused it), absent-in-console, or attested."
            )
        if record.proof == "rejected" and not record.proof_detail.strip():
            return "What did the provider answer? Name it with --detail, such as HTTP 401 from …."
        if record.proof == "rejected" and re.search(r"\b403\b", record.proof_detail):
            return "A 403 is no proof: a key with few rights is answered so too while it works."
        if record.proof == "attested" and not record.attested_by.strip():
            return "Who attests that the old value is dead? Name them with --attested-by."
    if record.status == "closed" and not record.owner.strip():
        return "Who replaces it the next time? Name an owner with --owner."
    return None


def rotated(variable: EnvVariable, closed: Rotation) -> EnvVariable:
    """A setting after a rotation was closed: dated by the day its new value came into use, and
    owned by whoever replaces it the next time, where nobody owned it before.
    """
    first = closed.replaced or closed.found
    return replace(
        variable,
        last_rotated=first.date() if first else variable.last_rotated,
        owner=variable.owner or closed.owner,
    )
