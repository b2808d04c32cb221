"""A scan for secrets as the report of `check`, with places, rules and dates beside each finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import asdict

from launchready_tui.checks.secrets import code_of, subject_of
from launchready_tui.exports.report import Report, ReportedFinding
from launchready_tui.exports.text import wrapped
from launchready_tui.model import Record, Severity
from launchready_tui.ranking import digest
from launchready_tui.secretscan.found import Leak, SecretScan
from launchready_tui.text import plural, spelt_json

MOST_LISTED = 100
"""In text; JSON and SARIF list all."""


class SecretFinding(ReportedFinding, frozen=True, kw_only=True):
    """`subject` is path:line, or commit:path:line of the first version that held it."""

    rule: str
    path: str
    line: int
    commit: str
    author_date: str
    first_exposure: str
    """Since when the history holds the value; empty where no history was read."""
    other_versions: int


class Scanned(Record, frozen=True, kw_only=True):
    """With what was scanned, and how much."""

    engine: str
    rules: int
    reduced: bool
    files: int
    history: str
    commits: int
    versions: int
    values_searched: tuple[str, ...]
    values_refused: tuple[str, ...]
    allowed_by_comment: int
    gaps: tuple[str, ...]


class SecretReport(Report, frozen=True, kw_only=True):
    findings: tuple[SecretFinding, ...]
    scan: Scanned


def report_of(report: Report, scan: SecretScan, baseline: frozenset[str] | None) -> SecretReport:
    """The report with its places. `baseline` are fingerprints that an earlier report held."""
    leaks = {(code_of(leak), subject_of(leak)): leak for leak in reversed(scan.leaks)}
    marks = _fingerprints(scan)
    findings = []
    for finding in report.findings:
        key = (finding.code, finding.subject)
        leak = leaks.get(key) or _of_record(finding)
        mark = marks.get(key) or digest(*key)
        told: dict[str, Any] = asdict(finding)
        told |= {"fingerprint": mark, "new": baseline is None or mark not in baseline}
        findings.append(
            SecretFinding(
                **told,
                rule=leak.rule,
                path=leak.path,
                line=leak.line,
                commit=leak.commit,
                author_date=leak.written,
                first_exposure=leak.first,
                other_versions=leak.more,
            )
        )
    whole: dict[str, Any] = asdict(report)
    whole["findings"] = tuple(findings)
    return SecretReport(**whole, scan=_scanned(scan))


def _of_record(finding: ReportedFinding) -> Leak:
    """A finding about a note of the record: its place is the note's file."""
    return Leak(
        sort="named", where="input", path=finding.subject, line=1, rule=finding.code,
        what=finding.observed, severity="low",
    )  # fmt: skip


def render_json(report: SecretReport) -> str:
    text = msgspec.json.format(msgspec.json.encode(report), indent=2).decode()
    return spelt_json(text) + "\n"


def render_text(report: SecretReport, *, at: datetime) -> str:
    """What may work first; then what could not be read; then the counts."""
    scan, listed = report.scan, report.findings
    when = f"{at.day} {at:%b %Y, %H:%M} UTC"
    lines = wrapped(f"{report.target.repo}: {_headline(report)} · {when}")
    lines += wrapped(f"{scan.engine}, {scan.rules} rules · {_amount(scan)}", indent="  ")
    for severity in Severity:
        group = [finding for finding in listed if finding.severity == severity]
        if group:
            lines += ["", severity.upper()]
            for finding in group[:MOST_LISTED]:
                known = "" if finding.new else "  (in the baseline)"
                lines += wrapped(f"{finding.subject}{known}", first="  ", indent="    ")
                lines += wrapped(finding.observed, indent="      ")
            if len(group) > MOST_LISTED:
                lines.append(f"  … and {len(group) - MOST_LISTED} more; --format json lists all")
    if report.items[0].cause:
        lines += ["", "NOT READ: neither good nor bad, not known"]
        lines += wrapped(report.items[0].cause, indent="  ")
    if scan.values_refused:
        lines += ["", "Not searched for, because too short or too common:"]
        lines += wrapped(", ".join(scan.values_refused), indent="  ")
    codes = Counter(finding.code for finding in listed)
    if codes:
        lines += ["", *(f"  {count:>5}  {code}" for code, count in sorted(codes.items()))]
        lines.append(f"  What it means: launchready explain {min(codes)}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _headline(report: SecretReport) -> str:
    if not report.findings:
        clean = report.items[0].state == "pass"
        return "no secret was found" if clean else "no secret was found in what could be read"
    new = sum(finding.new for finding in report.findings)
    told = f"secrets in {plural(len(report.findings), 'place')}"
    return told if new == len(report.findings) else f"{told}, {new} of them new"


def _amount(scan: Scanned) -> str:
    told = plural(scan.files, "file")
    if scan.history in ("whole", "part"):
        told += f", {plural(scan.versions, 'version')} in {plural(scan.commits, 'commit')}"
    elif scan.history == "not asked":
        told += ", without the history (--history)"
    if scan.values_searched:
        told += f", {plural(len(scan.values_searched), 'known value')}"
    if scan.allowed_by_comment:
        told += f", {scan.allowed_by_comment} explained by a comment"
    return told


def _scanned(scan: SecretScan) -> Scanned:
    return Scanned(
        engine=scan.engine,
        rules=scan.rules,
        reduced=scan.reduced,
        files=scan.files,
        history=scan.history,
        commits=scan.commits,
        versions=scan.versions,
        values_searched=scan.known,
        values_refused=scan.refused,
        allowed_by_comment=scan.allowed,
        gaps=scan.gaps,
    )


def _fingerprints(scan: SecretScan) -> dict[tuple[str, str], str]:
    """Tells new from known without the value, of which nothing must be written down.

    A place is its rule, path, commit and how bad it is, and the how-manyth of these in its file:
    lines that move stay the same finding, and a live key in place of a test key is a new one.
    """
    marks: dict[tuple[str, str], str] = {}
    counts: Counter[str] = Counter()
    for leak in sorted(scan.leaks, key=_in_order):
        place = digest(code_of(leak), leak.rule, leak.path, leak.commit, leak.severity)
        counts[place] += 1
        marks[(code_of(leak), subject_of(leak))] = digest(place, str(counts[place]))
    return marks


def _in_order(leak: Leak) -> tuple[str, str, int]:
    return leak.path, leak.commit, leak.line


def failing(report: SecretReport, fail_on: Severity) -> Iterator[SecretFinding]:
    """What fails a pipeline: new, and at or above this severity."""
    for finding in report.findings:
        if finding.new and Severity(finding.severity).damage >= fail_on.damage:
            yield finding
