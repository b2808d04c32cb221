"""Secrets in the repository: in a file, in an old version, in what a build hands out."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.checks import ignored_hits
from launchready_tui.engine import check
from launchready_tui.facts.env_files import EnvFiles
from launchready_tui.given import Moment
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.outcomes import judged
from launchready_tui.records.ignore_record import IgnoredHits
from launchready_tui.secretscan.found import Leak, SecretScan
from launchready_tui.text import plural

MOST_FINDINGS = 200


@check("secrets.scan")
def scan(
    scan: SecretScan,
    files: EnvFiles | Unknown,
    records: IgnoredHits | Unknown,
    moment: Moment | Unknown,
) -> Outcome:
    """No file, no old version and no build output holds a secret that may work."""
    told = _told_of(files, repository=scan.history != "none")
    sorted_out = _sorted_out(scan, records, moment)
    leaks = [leak for leak in sorted_out.leaks if leak.where != "tree" or leak.path not in told]
    findings = list(dict.fromkeys(map(_key, leaks)))
    by_key = {_key(leak): leak for leak in reversed(leaks)}
    gaps = list(scan.gaps)
    if scan.reduced:
        gaps.append(
            f"a reduced scan with {scan.rules} rules: install the extra `scan` for the full engine"
        )
    if scan.history == "none":
        gaps.append("the folder is no git repository here, so no history could be read")
    if len(findings) > MOST_FINDINGS:
        gaps.append(f"{len(findings) - MOST_FINDINGS} more places are not listed")
    whole = scan.history == "whole" and not scan.reduced and not gaps
    return judged(
        (
            *(_finding(*key, by_key[key]) for key in findings[:MOST_FINDINGS]),
            *sorted_out.stale,
        ),
        clean=f"no secret in {_read(scan)}",
        dirty=f"secrets in {plural(len(findings), 'place')}, of {_read(scan)}",
        seen=(*_seen(scan, told), *ignored_hits.seen(sorted_out.counting)),
        gaps=tuple(gaps),
        proven=whole,
    )


def _sorted_out(
    scan: SecretScan, records: IgnoredHits | Unknown, moment: Moment | Unknown
) -> ignored_hits.Sorted:
    if isinstance(records, Unknown) or isinstance(moment, Unknown):
        return ignored_hits.Sorted(leaks=scan.leaks)
    whole = scan.history in ("whole", "none") and not scan.gaps and not scan.reduced
    return ignored_hits.sort_out(scan.leaks, records.hits, moment.at.date(), whole=whole)


def code_of(leak: Leak) -> str:
    """Which fault a leak is."""
    if leak.pending and leak.rule == "env-setting":
        return "env-file-not-ignored"
    if leak.sort == "known":
        return "secret-known-value"
    if leak.where == "history":
        return "secret-in-history"
    if leak.where == "build":
        return "secret-in-bundle"
    if leak.sort == "fallback":
        return "secret-fallback-literal"
    return "secret-prefix-in-code" if leak.sort == "public-name" else "secret-in-tree"


def subject_of(leak: Leak) -> str:
    return leak.path if code_of(leak) == "env-file-not-ignored" else leak.subject


def _key(leak: Leak) -> tuple[str, str]:
    return code_of(leak), subject_of(leak)


def _told_of(files: EnvFiles | Unknown, *, repository: bool) -> frozenset[str]:
    """Settings files that are told as a whole already, by the item about them; in a folder that
    is no repository all of them, because there they are where secrets belong.
    """
    if isinstance(files, Unknown):
        return frozenset()
    held = [file for file in files.files if any(entry.secret for entry in file.entries)]
    return frozenset(file.path for file in held if file.tracked or not repository)


def _finding(code: str, subject: str, leak: Leak) -> Finding:
    return Finding(
        code=code,
        subject=subject,
        observed=_observed(leak),
        params={"file": leak.path, "what": leak.what, "name": leak.name or "the value"},
        confidence=Confidence.CONFIRMED if leak.sure else Confidence.REVIEW,
        severity=_severity(leak),
    )


def _severity(leak: Leak) -> Severity:
    if leak.rotated and leak.where == "history":
        return Severity.INFO
    severity = Severity(leak.severity)
    if not leak.pending:
        return severity
    most = Severity.MEDIUM if leak.rule == "env-setting" else Severity.HIGH
    return severity if severity.damage < most.damage else most


def _observed(leak: Leak) -> str:
    parts = [leak.what if leak.rule in leak.what else f"{leak.what} ({leak.rule})"]
    if leak.where == "history":
        parts.append(f"first committed on {leak.written}, no longer in the tree")
    elif leak.first:
        parts.append(f"in the history since {leak.first}")
    elif leak.pending:
        parts.append("not committed yet, and not ignored")
    if leak.rotated:
        parts.append(f"this very value was replaced and is dead ({leak.rotated})")
    if leak.more:
        parts.append(f"and in {plural(leak.more, 'later version')}")
    return ", ".join(parts)


def _read(scan: SecretScan) -> str:
    what = plural(scan.files, "file")
    if scan.history in ("whole", "part"):
        part = "" if scan.history == "whole" else "at least "
        what += f" and {plural(scan.versions, 'old version')} of {part}"
        what += plural(scan.commits, "commit")
    return what


def _seen(scan: SecretScan, told: frozenset[str]) -> Iterator[Seen]:
    yield Seen(label="scanned", value=_read(scan), source=f"{scan.engine}, {scan.rules} rules")
    if scan.known:
        names = ", ".join(scan.known[:6])
        yield Seen(label="values searched for", value=f"{len(scan.known)}: {names}", source=".env")
    if scan.refused:
        yield Seen(
            label="too short or common to search for",
            value=", ".join(scan.refused[:6]),
            source=".env",
        )
    if scan.allowed:
        yield Seen(
            label="explained by a comment in the code",
            value=plural(scan.allowed, "place"),
            source="launchready:allow",
        )
    if told:
        yield Seen(label="told of as settings files", value=", ".join(sorted(told)[:6]))
