"""Whether the env map names an owner for each setting, and the rotation log is closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from launchready_tui.engine import check
from launchready_tui.facts.env import EnvNames
from launchready_tui.facts.env_files import EnvFiles
from launchready_tui.facts.env_fingerprint import same
from launchready_tui.facts.env_map import MapRow, rows
from launchready_tui.facts.rotation_places import RotationPlaces, in_use
from launchready_tui.given import Moment
from launchready_tui.model import Confidence, Finding, Outcome, Severity, Unknown
from launchready_tui.outcomes import judged, passed, unknown
from launchready_tui.records.env_record import STEPS, EnvVariables, Rotation, Rotations
from launchready_tui.text import plural

MOST_FINDINGS = 40
NO_SPRINT = "the env map is a part of a sprint's record, and this run has none"


@check("config.env-map")
def env_map(
    records: EnvVariables, names: EnvNames | Unknown, files: EnvFiles | Unknown, moment: Moment
) -> Outcome:
    """Every setting has an owner, and every secret a second one and a day of replacement."""
    if not records.kept:
        return unknown(NO_SPRINT)
    env, held = _known(names), _known_files(files)
    lines = rows(held, env, records)
    findings = [
        *_unowned(lines),
        *_single(records),
        *_due(records, moment),
        *_stale_example(env, held),
    ]
    if not lines:
        return unknown("no setting was found and none is on record")
    owned = sum(1 for row in lines if row.owner)
    return judged(
        tuple(findings[:MOST_FINDINGS]),
        clean=f"{owned} of {plural(len(lines), 'setting')} have an owner",
        gaps=tuple(one.cause for one in (names, files) if isinstance(one, Unknown))[:1],
    )


def _known(names: EnvNames | Unknown) -> EnvNames | None:
    return None if isinstance(names, Unknown) else names


def _known_files(files: EnvFiles | Unknown) -> EnvFiles | None:
    return None if isinstance(files, Unknown) else files


def _unowned(lines: tuple[MapRow, ...]) -> Iterable[Finding]:
    """A secret without an owner by itself; the rest once, when somebody has begun the map."""
    for row in lines:
        if row.sensitive and not row.owner.strip():
            where = (*row.set_in, *row.referenced_in, "the record")[0]
            yield Finding(
                code="env-owner-missing",
                subject=row.name,
                observed=f"{row.name} ({where}) has no owner on record",
                params={"name": row.name},
            )
    plain = [row.name for row in lines if not row.sensitive and not row.owner.strip()]
    if plain and any(row.recorded for row in lines):
        yield Finding(
            code="env-owner-missing",
            subject="settings that are no secrets",
            observed=f"{plural(len(plain), 'setting')} without an owner: {', '.join(plain[:8])}",
            params={"name": plain[0]},
            severity=Severity.LOW,
        )


def _single(records: EnvVariables) -> Iterable[Finding]:
    for one in records.variables:
        if one.sensitive and one.owner and not one.backup_owner:
            yield Finding(
                code="env-owner-single",
                subject=one.name,
                observed=f"{one.owner} alone can replace {one.name}",
                params={"name": one.name},
            )


def _due(records: EnvVariables, moment: Moment) -> Iterable[Finding]:
    today = moment.at.date()
    for one in records.variables:
        if not one.sensitive or one.rotate_every_days == 0:
            continue
        due = one.next_due
        if due is None:
            what = (
                "nobody knows when it was last replaced"
                if one.last_rotated is None
                else "nobody said how often it is to be replaced"
            )
            yield _rotation_due(one.name, what, None)
        elif due < today:
            assert one.rotate_every_days is not None
            twice = today > due + timedelta(days=one.rotate_every_days)
            what = f"its replacement was due on {due}"
            yield _rotation_due(one.name, what, Severity.HIGH if twice else None)


def _rotation_due(name: str, what: str, severity: Severity | None) -> Finding:
    return Finding(
        code="env-rotation-due",
        subject=name,
        observed=f"{name}: {what}",
        params={"name": name},
        severity=severity,
    )


def _stale_example(env: EnvNames | None, files: EnvFiles | None) -> Iterable[Finding]:
    """A name that nothing reads, mentions or sets, where every way of reading could be seen."""
    if env is None or files is None or env.missed or any(not p.prefix for p in env.run_time):
        return
    prefixes = tuple(place.prefix for place in env.run_time)
    known = {u.name for u in env.used} | set(env.mentioned) | {d.name for d in env.declared}
    known |= {n for f in files.files if f.environment != "example" for n in f.names}
    for file in files.files:
        if file.environment != "example":
            continue
        dead = [n for n in file.names if n not in known and not n.startswith(prefixes)]
        if dead:
            yield Finding(
                code="env-example-stale",
                subject=file.path,
                observed=f"{file.path} lists {', '.join(dead[:6])}; no static reference found",
                params={"name": dead[0]},
                confidence=Confidence.REVIEW,
            )


# ---------------------------------------------------------------- the rotation log


@check("secrets.rotation")
def rotation(
    rotations: Rotations,
    records: EnvVariables,
    files: EnvFiles | Unknown,
    places: RotationPlaces | Unknown,
    moment: Moment,
) -> Outcome:
    """Every secret that is out has a rotation, and every rotation is closed with proof."""
    if not rotations.kept:
        return unknown("the rotation log is a part of a sprint's record, and this run has none")
    findings = [
        *_missing(rotations, _known_files(files)),
        *(finding for one in rotations.rotations for finding in _of(one, records, moment)),
        *(finding for one in rotations.rotations for finding in _by_print(one, places)),
    ]
    gaps = _not_compared(rotations, places)
    if not findings and not gaps:
        count = plural(len(rotations.rotations), "rotation")
        return passed(f"{count} on record, all closed")
    return judged(tuple(findings[:MOST_FINDINGS]), clean="", gaps=gaps)


def _not_compared(rotations: Rotations, places: RotationPlaces | Unknown) -> tuple[str, ...]:
    if not isinstance(places, Unknown):
        return places.gaps
    waiting = [one for one in rotations.rotations if one.old_fp and one.status != "closed"]
    return (places.cause,) if any(map(in_use, waiting)) else ()


def _by_print(one: Rotation, places: RotationPlaces | Unknown) -> Iterable[Finding]:
    """What the fingerprints of the old and the new value tell."""
    if STEPS.index(one.status) >= STEPS.index("replaced") and same(one.new_fp, one.old_fp):
        yield Finding(
            code="rotation-same-value",
            subject=one.var,
            observed=f"{one.id}: the new value has the fingerprint of the old one",
            params={"name": one.var},
        )
    still = () if isinstance(places, Unknown) else places.still
    held = [place for place in still if place.rotation == one.id]
    if held:
        listed = ", ".join(f"{h.place} ({h.environment}, {h.name})" for h in held[:5])
        yield Finding(
            code="rotation-partial",
            subject=one.var,
            observed=f"{one.id} is {one.status}, and the old value still stands in {listed}",
            params={"name": one.var, "environment": held[0].environment, "place": held[0].place},
        )


def _missing(rotations: Rotations, files: EnvFiles | None) -> Iterable[Finding]:
    """Secrets that git holds now, without a rotation for their names."""
    told: set[str] = set()
    for file in files.files if files else ():
        for entry in file.entries if file.tracked else ():
            if entry.secret != "real" or entry.name in told or rotations.of(entry.name):
                continue
            told.add(entry.name)
            yield Finding(
                code="rotation-missing",
                subject=entry.name,
                observed=f"git holds {file.path}:{entry.line}; no rotation of {entry.name} is on"
                " record",
                params={"name": entry.name, "place": f"git {file.path}:{entry.line}"},
            )


def _of(one: Rotation, records: EnvVariables, moment: Moment) -> Iterable[Finding]:
    place = STEPS.index(one.status)
    params = {"name": one.var, "step": one.next_step or "closed"}
    if one.status != "closed":
        alive = place < STEPS.index("revoked")
        yield Finding(
            code="rotation-open",
            subject=one.var,
            observed=f"{one.id} is {one.status}; what comes next: {one.next_step}",
            params=params,
            severity=Severity.BLOCKER if alive and one.why == "exposed" else None,
        )
        if one.status == "revoked":
            yield Finding(
                code="rotation-unproven",
                subject=one.var,
                observed=f"{one.id}: nobody saw the old value refused",
                params=params,
            )
    record = records.get(one.var)
    if not one.owner.strip() and not (record and record.owner.strip()):
        yield Finding(
            code="rotation-owner-missing",
            subject=one.var,
            observed=f"{one.id} names no owner for the next replacement",
            params=params,
        )
    due, last = one.next_due, record.last_rotated if record else None
    if due and due < moment.at.date() and not (last and last > due):
        yield Finding(
            code="rotation-due",
            subject=one.var,
            observed=f"{one.var} was to be replaced again on {due}",
            params=params,
        )
