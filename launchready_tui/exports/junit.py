"""A report as JUnit XML, which every CI system shows: a suite per stage, a case per item.

What fails is a failure; what is unknown, in error or unanswered is an error, because a pipeline
must never show it green; what does not apply or was accepted is skipped, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from launchready_tui.exports.report import Report, ReportedFinding, ReportedItem
from launchready_tui.model import State
from launchready_tui.text import safe

_ERRORS = (State.UNKNOWN, State.ERROR, State.TODO)
_SKIPPED = (State.NOT_APPLICABLE, State.WAIVED)


def render(*reports: Report) -> str:
    """One document. With several reports the suites are named after their targets."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    name = " ".join(report.target.domain for report in reports)
    items = tuple(item for report in reports for item in report.items)
    lines.append(f"<testsuites name={_attribute(name)} {_counts(items)}>")
    for report in reports:
        of = f"{report.target.domain}: " if len(reports) > 1 else ""
        for stage, group in groupby(report.items, key=lambda item: item.stage):
            lines += _suite(f"{of}stage {stage}", stage, tuple(group), report)
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"


def _suite(name: str, stage: int, items: tuple[ReportedItem, ...], report: Report) -> Iterator[str]:
    when = f' timestamp="{report.at:%Y-%m-%dT%H:%M:%S}"' if report.at else ""
    yield f"  <testsuite name={_attribute(name)}{when} {_counts(items)}>"
    for item in items:
        found = [finding for finding in report.findings if finding.item == item.id]
        yield f"    <testcase classname={_attribute(f'stage{stage}')} name={_attribute(item.id)}>"
        yield from _result(item, found)
        yield "    </testcase>"
    yield "  </testsuite>"


def _result(item: ReportedItem, found: list[ReportedFinding]) -> Iterator[str]:
    said = _attribute(item.cause or item.summary)
    if item.state == State.FAIL:
        yield f"      <failure type={_attribute(item.severity)} message={_attribute(item.summary)}>"
        for finding in found:
            yield escape(_clean(f"{finding.code}: {finding.subject}: {finding.observed}"))
            yield from (escape(_clean(f"  - {step}")) for step in finding.fix)
        yield "      </failure>"
    elif item.state in _ERRORS:
        yield f"      <error type={_attribute(item.state)} message={said}/>"
    elif item.state in _SKIPPED:
        why = f"{item.state}: {item.cause or item.summary}"
        yield f"      <skipped message={_attribute(why)}/>"


def _counts(items: tuple[ReportedItem, ...]) -> str:
    states = [item.state for item in items]
    errors = sum(state in _ERRORS for state in states)
    skipped = sum(state in _SKIPPED for state in states)
    return (
        f'tests="{len(states)}" failures="{states.count(State.FAIL)}"'
        f' errors="{errors}" skipped="{skipped}"'
    )


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    """`safe` leaves only characters that XML allows, but for two code points at the end of it."""
    return safe(text, one_line=True).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
