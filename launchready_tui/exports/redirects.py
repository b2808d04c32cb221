"""A list of old addresses, followed: the report of `check` with a row for each address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import asdict

from launchready_tui.checks.redirects import standing, way
from launchready_tui.exports.report import Report
from launchready_tui.exports.text import wrapped
from launchready_tui.facts.redirects import Arrival, OldUrls
from launchready_tui.model import Record
from launchready_tui.text import plural

MOST_LISTED = 200
"""In text; JSON lists every address."""


class RedirectRow(Record, frozen=True, kw_only=True):
    """One old address: `state` is arrives, fault or unknown; `way` is every step, status first."""

    old: str
    expected: str
    note: str
    line: int
    state: str
    codes: tuple[str, ...]
    told: str
    way: tuple[str, ...]
    sample: bool


class RedirectReport(Report, frozen=True, kw_only=True):
    redirects: tuple[RedirectRow, ...]


def rows(seen: OldUrls) -> tuple[RedirectRow, ...]:
    return tuple(_row(arrival, seen.home) for arrival in seen.arrivals)


def render_json(report: Report, seen: OldUrls) -> str:
    whole: dict[str, Any] = asdict(report)
    told = RedirectReport(**whole, redirects=rows(seen))
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


def render_text(seen: OldUrls, *, at: datetime, requests: int) -> str:
    """What does not arrive first, then what is not known, then the counts."""
    listed = rows(seen)
    states = Counter(row.state for row in listed if row.codes or not row.sample)
    count = plural(sum(not row.sample for row in listed), "old address", "old addresses")
    when = f"{at.day} {at:%b %Y, %H:%M} UTC"
    lines = [f"{seen.name}: {count} · {when} · {plural(requests, 'request')} sent"]
    for state, title in (
        ("fault", "DO NOT ARRIVE AS THEY SHOULD"),
        ("unknown", "COULD NOT BE CHECKED: neither good nor bad, not known"),
    ):
        if states[state]:
            lines += ["", title, *_section([row for row in listed if row.state == state])]
    lines += [
        "",
        f"Arrive: {states['arrives']}. Do not: {states['fault']}. Not known: {states['unknown']}.",
    ]
    codes = Counter(code for row in listed for code in row.codes)
    lines += [f"  {count:>5}  {code}" for code, count in sorted(codes.items())]
    if codes:
        lines.append(f"  What it means: launchready explain {min(codes)}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _section(listed: list[RedirectRow]) -> Iterator[str]:
    for row in sorted(listed, key=lambda row: row.codes)[:MOST_LISTED]:
        yield from wrapped(row.old, first="  ", indent="    ")
        yield from wrapped(row.told, indent="      ")
        if row.expected:
            yield from wrapped(f"expected: {row.expected}", indent="      ")
        if row.note:
            yield from wrapped(f"note: {row.note}", indent="      ")
    rest = len(listed) - MOST_LISTED
    if rest > 0:
        yield f"  and {rest} more: --format json lists them all"


def _row(arrival: Arrival, home: str) -> RedirectRow:
    judged = standing(arrival, home)
    codes = tuple(dict.fromkeys(finding.code for finding in judged.findings))
    told = "; ".join(f"{f.code}: {f.observed}" for f in judged.findings)
    gap = judged.gap.partition(": ")[2]
    return RedirectRow(
        old=arrival.entry.old,
        expected=arrival.entry.expected,
        note=arrival.entry.note,
        line=arrival.entry.line,
        state="fault" if codes else "unknown" if gap else "arrives",
        codes=codes,
        told=told or gap or way(arrival),
        way=tuple(f"{step.status or step.outcome} {step.url}" for step in arrival.steps),
        sample=arrival.sample,
    )
