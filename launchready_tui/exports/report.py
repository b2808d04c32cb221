"""What `check` hands to machines: the verdict of one run as plain values, in a stable order.

Unchanged input gives the same report but for `at`, the one timestamp. Other programs read these
keys: a change that would break them raises `schema`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Literal

from msgspec.structs import replace

from launchready_tui.given import Target
from launchready_tui.model import Record, State
from launchready_tui.ranking import Risk, waivable
from launchready_tui.verdict import Coverage, ItemView, Verdict


class ReportedTarget(Record, frozen=True, kw_only=True):
    """What was looked at. `repo` is the folder's own name: a report travels, home paths do not."""

    domain: str
    client: str
    repo: str
    urls: tuple[str, ...]


class ReportedItem(Record, frozen=True, kw_only=True):
    id: str
    stage: int
    kind: str
    state: str
    severity: str
    """Of the worst open finding, or the item's own while it is open; empty when settled."""
    summary: str
    cause: str


class ReportedFinding(Record, frozen=True, kw_only=True):
    code: str
    item: str
    severity: str
    impact: str
    subject: str
    observed: str
    fix: tuple[str, ...]
    confidence: str
    rank: int
    fingerprint: str
    waived: str
    """The last day on which the risk is accepted, or empty."""
    new: bool
    """False when the baseline already held it."""


class Report(Record, frozen=True, kw_only=True):
    schema: Literal[1] = 1
    version: str
    at: datetime | None
    target: ReportedTarget
    verdict: str
    headline: str
    coverage: Coverage
    bars: dict[str, str]
    items: tuple[ReportedItem, ...]
    findings: tuple[ReportedFinding, ...]
    requests: dict[str, int]


class Baseline(Record, frozen=True, kw_only=True):
    """What an earlier report already held: fingerprints of findings, items that failed."""

    fingerprints: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()


def report(
    verdict: Verdict,
    target: Target,
    *,
    version: str,
    at: datetime | None,
    requests: Mapping[str, int],
    items: Collection[str] | None = None,
    baseline: Baseline | None = None,
    new_only: bool = False,
) -> Report:
    """The report of a run. `items` narrows what is listed, never the verdict of the whole."""
    views = [v for v in verdict.items.values() if items is None or v.item.id in items]
    known = baseline or Baseline()
    listed = [view for view in views if not new_only or is_new(view, known)]
    risks = sorted((risk for view in views for risk in view.risks), key=lambda risk: risk.rank)
    findings = [_finding(risk, verdict.items[risk.item], known) for risk in risks]
    return Report(
        version=version,
        at=at,
        target=ReportedTarget(
            domain=target.domain,
            client=target.client,
            repo=PurePath(target.repo).name,
            urls=target.urls,
        ),
        verdict=verdict.word,
        headline=verdict.headline,
        coverage=verdict.coverage,
        bars={bar: str(state) for bar, state in verdict.bars.items()},
        items=tuple(_item(view) for view in listed),
        findings=tuple(finding for finding in findings if finding.new or not new_only),
        requests=dict(sorted(requests.items())),
    )


def of_files(told: Report) -> Report:
    """A report about files by themselves: no word about a launch, which nobody looked at."""
    headline = "; ".join(item.summary or item.cause for item in told.items)
    return replace(told, verdict="", headline=headline, bars={})


def is_new(view: ItemView, known: Baseline) -> bool:
    """Whether an item fails in a way the baseline did not hold."""
    if view.state is not State.FAIL:
        return False
    if not view.risks:
        return view.item.id not in known.failing
    return any(not risk.waived and _new(risk, view, known) for risk in view.risks)


def _new(risk: Risk, view: ItemView, known: Baseline) -> bool:
    """A fault that cannot be accepted, such as a committed secret, is never an old friend."""
    return risk.fingerprint not in known.fingerprints or not waivable(view.item, risk.code)


def _item(view: ItemView) -> ReportedItem:
    return ReportedItem(
        id=view.item.id,
        stage=view.item.stage,
        kind=str(view.item.kind),
        state=str(view.state),
        severity=str(view.severity or ""),
        summary=view.summary,
        cause=view.cause,
    )


def _finding(risk: Risk, view: ItemView, known: Baseline) -> ReportedFinding:
    return ReportedFinding(
        code=risk.code,
        item=risk.item,
        severity=str(risk.severity),
        impact=str(risk.impact),
        subject=risk.subject,
        observed=risk.observed,
        fix=risk.fix,
        confidence=str(risk.confidence),
        rank=risk.rank,
        fingerprint=risk.fingerprint,
        waived=risk.waived.until.isoformat() if risk.waived else "",
        new=_new(risk, view, known),
    )
