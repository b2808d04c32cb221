"""Environments that share a key or a database, and production that leads to test data."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.checks.env_lint import found, left_out
from launchready_tui.engine import check
from launchready_tui.facts.env_drift import EnvDrift, Lacking, Same
from launchready_tui.facts.env_flaws import OF_PAYMENTS, Flaw
from launchready_tui.facts.env_lint import EnvLint
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Severity
from launchready_tui.outcomes import judged, passed
from launchready_tui.records.env_record import EnvVariables
from launchready_tui.text import plural

MOST_FINDINGS = 40
CODES = frozenset(["db-localhost-in-prod", "env-points-elsewhere", "env-mode-mismatch"])
CALLED = {"prod": "production", "dev": "development", "any": "the file all environments share"}


@check("env.separation")
def separation(drift: EnvDrift, lint: EnvLint, records: EnvVariables, target: Target) -> Outcome:
    """No two environments share a value that matters; production leads to production."""
    findings = [
        *(_shared(same, records) for same in drift.same if not _declared(same, records)),
        *(
            found(file, flaw, lint)
            for file in lint.files
            for flaw in file.flaws
            if flaw.code in CODES and file.environment == "prod"
            if not _told(flaw, drift) and not _stays_off(flaw, target)
        ),
        *_drifts(drift, records),
    ]
    seen = [
        Seen(
            label="environments with a file or a record",
            value=", ".join(CALLED.get(e, e) for e in drift.environments) or "none",
            source="env files and env map",
        )
    ]
    if drift.not_compared:
        seen.append(
            Seen(
                label="not compared",
                value=f"{plural(len(drift.not_compared), 'value')} too weak for a fingerprint",
                source=", ".join(drift.not_compared[:5]),
            )
        )
    seen += left_out(drift.left_out)
    gaps = (*drift.missed, *drift.other_keys)
    if not findings and not gaps:
        return passed("the env files here share nothing that matters", tuple(seen))
    return judged(
        tuple(findings[:MOST_FINDINGS]),
        clean="the env files here share nothing that matters",
        seen=tuple(seen),
        gaps=gaps,
    )


def _told(flaw: Flaw, drift: EnvDrift) -> bool:
    """Of a database that two environments share, that is said and no more."""
    shared = {same.name for same in drift.same if same.kind == "database"}
    return flaw.code == "env-points-elsewhere" and flaw.name in shared


def _stays_off(flaw: Flaw, target: Target) -> bool:
    """Of a payment provider's test key, where the launch goes without payments."""
    off = flaw.code == "env-mode-mismatch" and flaw.what == OF_PAYMENTS
    return off and target.takes_no_payments


def _declared(same: Same, records: EnvVariables) -> bool:
    """An alias that somebody wrote into the notes of the setting's record."""
    if same.kind != "names":
        return False
    held = [records.get(same.name), records.get(same.other_name)]
    other = {same.name: same.other_name, same.other_name: same.name}
    return any(record and other[record.name] in record.notes for record in held)


def _shared(same: Same, records: EnvVariables) -> Finding:
    one = CALLED.get(same.environment, same.environment)
    other = CALLED.get(same.other_environment, same.other_environment)
    params = {"name": same.name, "other": same.other_name, "environment": other}
    if same.kind == "names":
        return Finding(
            code="env-same-secret-names",
            subject=f"{same.name} and {same.other_name}",
            observed=f"{same.place} and {same.other_place} hold one value under two names",
            params=params,
        )
    # What all environments share may never reach production's host: a person has to say.
    confidence = Confidence.REVIEW if "any" in (same.other_environment,) else Confidence.CONFIRMED
    if same.kind == "database":
        return Finding(
            code="db-shared-across-envs",
            subject=same.name,
            observed=f"{same.place} ({one}) and {same.other_place} ({other}) lead to the same"
            " host and database",
            params=params,
            confidence=confidence,
        )
    return Finding(
        code="env-same-secret",
        subject=same.name,
        observed=f"{same.place} ({one}) and {same.other_place} ({other}) hold the same value",
        params=params,
        severity=Severity.BLOCKER if same.worst else None,
        confidence=confidence,
    )


def _drifts(drift: EnvDrift, records: EnvVariables) -> Iterable[Finding]:
    for lacking in drift.lacking:
        record = records.get(lacking.name)
        excused = {*record.optional_in, *record.required_in} if record else set()
        missing = [environment for environment in lacking.missing_in if environment not in excused]
        if missing:
            yield _lacks(lacking, missing)


def _lacks(lacking: Lacking, missing: list[str]) -> Finding:
    there = ", ".join(CALLED.get(e, e) for e in lacking.present_in)
    absent = ", ".join(CALLED.get(e, e) for e in missing)
    return Finding(
        code="env-drift",
        subject=lacking.name,
        observed=f"{lacking.name} is set for {there} and not for {absent}",
        params={"name": lacking.name, "environment": absent},
        confidence=Confidence.REVIEW,
    )
