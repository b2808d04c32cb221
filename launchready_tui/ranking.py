"""Risks: what is wrong, in the order in which it matters to the business, with the sum behind it.

`100 × impact × (severity/5)^1.5 × confidence × exposure`, confirmed blockers first, ties by the
quicker fix, then by name: stable and explainable.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from msgspec.structs import replace

from launchready_tui.given import Target
from launchready_tui.model import (
    Attestation,
    Confidence,
    Effort,
    Exposure,
    Fault,
    Finding,
    Impact,
    Item,
    Outcome,
    Record,
    Severity,
    Waiver,
)


class Risk(Record, frozen=True, kw_only=True):
    """A finding in its place in the list: ranked, explained, with the fix worded for the host."""

    rank: int
    code: str
    item: str
    stage: int
    subject: str
    severity: Severity
    impact: Impact
    confidence: Confidence
    exposure: Exposure
    effort: Effort
    score: float
    title: str
    observed: str
    why: str
    fix: tuple[str, ...]
    who: str
    references: tuple[str, ...]
    fingerprint: str
    arithmetic: str
    waived: Waiver | None = None


def fingerprint(item: str, target: Target, code: str, subject: str) -> str:
    """Tells new from known across runs and wordings: item, target, code and subject, no prose."""
    return digest(item, target.domain, code, subject)


def waivable(item: Item, code: str) -> bool:
    """Whether a person may accept this fault. A committed secret stays open until it is dead."""
    return all(fault.waivable for fault in item.faults if fault.code == code)


def risks_of(
    item: Item,
    outcome: Outcome | None,
    answer: Attestation | None,
    target: Target,
    platform: str,
) -> tuple[Risk, ...]:
    """The risks of a failing item: one per finding, or its own words where a person said so."""
    found = outcome.findings if outcome else ()
    if found:
        faults = {fault.code: fault for fault in item.faults}
        # A code of another version is told in the item's own words: it must not vanish.
        return tuple(
            _risk(item, faults.get(f.code) or _own_fault(item, f.code), f, target, platform)
            for f in found
        )
    said = answer.note if answer and answer.note else f"answered by {answer.by}" if answer else ""
    finding = Finding(code=item.id, subject=target.domain, observed=said)
    return (_risk(item, _own_fault(item, item.id), finding, target, platform),)


def _own_fault(item: Item, code: str) -> Fault:
    """The fault of an item that a person says fails: its own words."""
    return Fault(
        code=code,
        title=item.fail,
        severity=item.severity,
        impact=item.impact,
        why=item.why,
        fix=item.fix,
        who=item.who,
        effort=item.effort,
        references=item.references,
    )


def _risk(item: Item, fault: Fault, finding: Finding, target: Target, platform: str) -> Risk:
    severity = finding.severity or fault.severity
    if severity is Severity.BLOCKER and finding.confidence is not Confidence.CONFIRMED:
        severity = Severity.HIGH  # only what is confirmed may stop a launch
    score, arithmetic = _score(fault.impact, severity, finding.confidence, fault.exposure)
    steps = fault.fix_at.get(platform, fault.fix)
    return Risk(
        rank=0,
        code=fault.code,
        item=item.id,
        stage=item.stage,
        subject=finding.subject,
        severity=severity,
        impact=fault.impact,
        confidence=finding.confidence,
        exposure=fault.exposure,
        effort=fault.effort,
        score=score,
        title=fault.title,
        observed=finding.observed,
        why=fault.why,
        fix=tuple(_filled(step, finding) for step in steps),
        who=fault.who or item.who,
        references=fault.references or item.references,
        fingerprint=fingerprint(item.id, target, fault.code, finding.subject),
        arithmetic=arithmetic,
    )


def _score(
    impact: Impact, severity: Severity, confidence: Confidence, exposure: Exposure
) -> tuple[float, str]:
    """`100 × impact × (severity/5)^1.5 × confidence × exposure`, with the sum in words."""
    score = 100 * impact.weight * (severity.damage / 5) ** 1.5 * confidence.weight * exposure.weight
    arithmetic = (
        f"100 × {impact.weight:g} {impact} × ({severity.damage}/5)^1.5 {severity}"
        f" × {confidence.weight:g} {confidence} × {exposure.weight:g} {exposure} = {score:.1f}"
    )
    return round(score, 1), arithmetic


def ranked(risks: Iterable[Risk]) -> tuple[Risk, ...]:
    """Open confirmed blockers first, then by score, then the quicker fix, then by name."""

    def order(risk: Risk) -> tuple[bool, bool, float, int, str, str, list[str]]:
        stops = risk.severity is Severity.BLOCKER and risk.confidence is Confidence.CONFIRMED
        return (
            risk.waived is not None,
            not stops,
            -risk.score,
            risk.effort.order,
            risk.item,
            risk.code,
            _counted(risk.subject),
        )

    return tuple(
        replace(risk, rank=rank) for rank, risk in enumerate(sorted(risks, key=order), start=1)
    )


def _counted(subject: str) -> list[str]:
    """Places in the order in which one reads them: line 2 before line 11."""
    return [part.zfill(9) if part.isdigit() else part for part in re.split(r"(\d+)", subject)]


_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def _filled(step: str, finding: Finding) -> str:
    values = {"subject": finding.subject, **finding.params}
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), step)


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits that stand for these parts and no others."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
