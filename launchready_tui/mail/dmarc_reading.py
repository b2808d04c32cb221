"""DMARC reports that a person gives by their paths: read, cut down to what is kept, told.

What is kept is written here anew from what was understood. A file that is no report, or made to do
harm, is told with its reason and costs the others nothing.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from launchready_tui.facts.dns import registrable
from launchready_tui.given import Target
from launchready_tui.mailauth.report import BadReport, Report, Row, parse
from launchready_tui.model import Record
from launchready_tui.records.dmarc_record import KeptReport, ReportRow
from launchready_tui.text import safe

MOST_FILE = 30 * 1024 * 1024
"""Of a report's file, packed or not."""
MOST_FILES = 200
MOST_ROWS = 200
ENDINGS = (".xml", ".gz", ".zip")
_ODD = re.compile(r"[^a-z0-9.]+")


class NotKept(Record, frozen=True, kw_only=True):
    """A file and why nothing of it is kept."""

    file: str
    reason: str


class ReadReports(Record, frozen=True, kw_only=True):
    """What came of the files that a person gave."""

    kept: tuple[KeptReport, ...] = ()
    refused: tuple[NotKept, ...] = ()


def files_at(given: str) -> tuple[Path, ...]:
    """The files a path means: itself, or the reports in a folder. Raises OSError."""
    path = Path(_unquoted(given).removeprefix("file://")).expanduser()
    if not path.is_dir():
        return (path,)
    found = sorted(one for one in path.iterdir() if one.name.lower().endswith(ENDINGS))
    return tuple(found[:MOST_FILES])


def _unquoted(given: str) -> str:
    """A path as a terminal writes it when a file is dropped on it, or as it stands."""
    try:
        words = shlex.split(given)
    except ValueError:
        return given
    return words[0] if len(words) == 1 else given


def read_file(path: Path) -> Report:
    """Read one report. Raises BadReport, or OSError where the file cannot be had."""
    with path.open("rb") as file:
        data = file.read(MOST_FILE + 1)
    if len(data) > MOST_FILE:
        raise BadReport(f"larger than {MOST_FILE >> 20} MiB")
    return parse(data)


def read_files(paths: Iterable[Path], target: Target, *, by: str, at: datetime) -> ReadReports:
    """Read what lies at the paths, in the form it is kept in. Never raises."""
    read: list[tuple[str, Report]] = []
    refused: list[NotKept] = []
    for path in paths:
        name = safe(path.name, one_line=True, limit=200)
        try:
            read.append((name, read_file(path)))
        except BadReport as error:
            refused.append(NotKept(file=name, reason=f"it is no report: {error}"))
        except OSError as error:
            refused.append(NotKept(file=name, reason=error.strerror or "it cannot be read"))
    kept = cut_down(read, target, by=by, at=at)
    return ReadReports(kept=kept.kept, refused=(*refused, *kept.refused))


def cut_down(
    read: Sequence[tuple[str, Report]], target: Target, *, by: str, at: datetime
) -> ReadReports:
    """What is kept of reports that were read: of this sprint's domain, and with their days."""
    kept: dict[str, KeptReport] = {}
    refused = []
    for file, report in read:
        reason = _unfit(report, target, at)
        if reason:
            refused.append(NotKept(file=file, reason=reason))
        else:
            one = _kept(report, by=by, at=at)
            kept.setdefault(one.id, one)
    return ReadReports(kept=tuple(kept.values()), refused=tuple(refused))


def _unfit(report: Report, target: Target, at: datetime) -> str:
    """Why a report says nothing of this sprint's domain; empty where it does."""
    own = {registrable(target.domain), *_domains(target)}
    if registrable(report.domain) not in own:
        return f"it is about {_word(report.domain)}, not about {target.domain}"
    if report.begin is None or report.end is None or report.end < report.begin:
        return "it does not say which days it is about"
    if report.end > at and (report.begin > at or (report.end - at).days > 1):
        return "the days it is about have not come yet"
    return ""


def _domains(target: Target) -> set[str]:
    return {registrable(address.rpartition("@")[2]) for address in target.mail.addresses}


def _kept(report: Report, *, by: str, at: datetime) -> KeptReport:
    assert report.begin is not None
    assert report.end is not None
    rows = _rows(report.rows)
    return KeptReport(
        id=_ident(report),
        at=at,
        by=by,
        domain=_word(report.domain),
        organisation=_word(report.organisation),
        begin=report.begin,
        end=report.end,
        policy=_word(report.policy),
        messages=sum(row.count for row in report.rows),
        aligned=sum(row.count for row in report.rows if row.passed),
        rows=rows[:MOST_ROWS],
        left_out=sum(row.messages for row in rows[MOST_ROWS:]),
    )


def _ident(report: Report) -> str:
    """Receiver, first day, and a hash of what makes it this report (RFC 9990: unique by receiver
    and id)."""
    assert report.begin is not None
    whole = [report.organisation, report.identifier, report.domain, report.begin.isoformat()]
    if not report.identifier:
        whole.append(repr(report.rows))
    digest = hashlib.sha256("\n".join(whole).encode("utf-8", "replace")).hexdigest()[:10]
    who = _ODD.sub("-", report.organisation.lower()).strip("-.")[:40] or "unnamed"
    return f"{who}-{report.begin.astimezone(UTC):%Y-%m-%d}-{digest}"


def _rows(rows: Iterable[Row]) -> tuple[ReportRow, ...]:
    """Rows that differ in nothing that is kept become one."""
    sums: defaultdict[ReportRow, int] = defaultdict(int)
    for row in rows:
        if row.count:
            sums[_row(row)] += row.count
    found = [replace(one, messages=count) for one, count in sums.items()]
    return tuple(sorted(found, key=lambda one: (-one.messages, one.ip, one.disposition)))


def _row(row: Row) -> ReportRow:
    return ReportRow(
        ip=_word(row.ip, 60),
        messages=0,
        spf=row.spf == "pass",
        dkim=row.dkim == "pass",
        disposition=_word(row.disposition, 40),
        spf_domains=_passed(row.spf_domains),
        dkim_domains=_passed((domain, result) for domain, _, result in row.dkim_domains),
    )


def _passed(results: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The domains that authenticated, each once."""
    names = sorted({domain for domain, result in results if result == "pass" and domain})
    return tuple(_word(name) for name in names[:5])


def _word(text: str, limit: int = 200) -> str:
    return safe(text, one_line=True, limit=limit)
