"""Credentials as text and JSON: kinds, what their shapes say, and whether they were ever tried."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from launchready_tui.credentials.kinds import by_id
from launchready_tui.exports.env import encoded
from launchready_tui.exports.report import Report, ReportedFinding
from launchready_tui.facts.credentials import Credential, Credentials
from launchready_tui.model import Outcome, Record
from launchready_tui.text import plural, safe

SCHEMA = 1
ASKED = "cred-privilege-unknown"
NOT_TRIED = "not verified live"


class Judged(Record, frozen=True, kw_only=True):
    """One credential in one environment. `faults` are codes, `live` what a call said of it."""

    name: str
    environment: str
    place: str
    kind: str
    title: str
    shape: str
    mode: str
    public: bool
    privilege: str
    issued_at: str
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    live: str = NOT_TRIED


def lines(
    seen: Credentials, outcomes: Iterable[Outcome], live: Mapping[tuple[str, str], str] = {}
) -> tuple[Judged, ...]:
    """A line for each; `live` by name and environment, where somebody tried."""
    codes: dict[str, list[str]] = {}
    for outcome in outcomes:
        for finding in outcome.findings:
            codes.setdefault(finding.subject, []).append(finding.code)
    return tuple(_line(one, codes, live) for one in seen.found)


def _line(
    one: Credential, codes: Mapping[str, list[str]], live: Mapping[tuple[str, str], str]
) -> Judged:
    kind = by_id(one.judged.kind)
    return Judged(
        name=one.name,
        environment=one.environment,
        place=one.place,
        kind=one.judged.kind,
        title=kind.title if kind else "",
        shape=one.judged.shape,
        mode=one.judged.mode,
        public=one.judged.public,
        privilege=one.judged.privilege,
        issued_at=kind.issued_at if kind else "",
        faults=tuple(codes.get(f"{one.name} ({one.environment})", ())),
        notes=one.judged.notes,
        live=live.get((one.name, one.environment), NOT_TRIED),
    )


def to_json(judged: Collection[Judged], told: Report, missed: Collection[str]) -> str:
    findings = list(told.findings)
    whole = {"credentials": list(judged), "findings": findings, "missed": list(missed)}
    return encoded({"schema": SCHEMA, **whole})


def to_text(judged: Collection[Judged], told: Report, missed: Collection[str]) -> str:
    found = [*_table(judged), *_faults(told.findings), *_end(judged, told)]
    found += [f"not looked at: {what}" for what in missed]
    return "\n".join(safe(line, one_line=True, limit=400).rstrip() for line in found) + "\n"


def _table(judged: Collection[Judged]) -> Iterator[str]:
    if not judged:
        return
    wide = min(34, max(len(one.name) for one in judged))
    kinds = min(32, max(len(_kind(one)) for one in judged))
    yield f"{'name':<{wide}}  {'where':<7}  {'kind':<{kinds}}  by its shape"
    for one in judged:
        yield (
            f"{one.name:<{wide}}  {one.environment:<7}  {_kind(one):<{kinds}}"
            f"  {_verdict(one)}; {one.live}"
        )
    yield ""


def _kind(one: Judged) -> str:
    shape = f" ({one.shape}…)" if one.shape else ""
    return f"{one.kind}{shape}" if one.kind else "unknown"


def _verdict(one: Judged) -> str:
    told = [*one.faults, *one.notes]
    if told:
        return ", ".join(told)
    return "nothing wrong" if one.kind else "not judged"


def _faults(findings: Iterable[ReportedFinding]) -> Iterator[str]:
    for one in findings:
        yield f"{one.severity:<7}  {one.code}  {one.subject}  {one.observed}"


def _end(judged: Collection[Judged], told: Report) -> Iterator[str]:
    if not judged:
        yield "No credential was found in an env file with values."
        return
    if told.findings:
        yield ""
    asked = sum(1 for one in judged if ASKED in one.faults)
    faults = sum(1 for one in told.findings if one.code != ASKED)
    more = f"; nobody has said what {asked} of them may do" if asked else ""
    yield f"{plural(len(judged), 'credential')}, {plural(faults, 'fault')}{more}."
    yield "Nothing was sent: whether a key works, no shape tells."
