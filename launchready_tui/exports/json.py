"""A report as JSON, and back: a report of an earlier run is the baseline of a later one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from launchready_tui.exports.report import Baseline, Report
from launchready_tui.model import Record, State
from launchready_tui.text import spelt_json


class Reports(Record, frozen=True, kw_only=True):
    """Several targets, each with its own report."""

    schema: Literal[1] = 1
    version: str
    reports: tuple[Report, ...]


class NotAReport(ValueError):
    """These bytes are no report of `check --format json`."""


def render(report: Report) -> str:
    text = msgspec.json.format(msgspec.json.encode(report), indent=2).decode()
    return spelt_json(text) + "\n"


def render_all(reports: Sequence[Report], version: str) -> str:
    told = Reports(version=version, reports=tuple(reports))
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


class _OldItem(Record, frozen=True, kw_only=True, forbid_unknown_fields=False):
    id: str
    state: str


class _OldFinding(Record, frozen=True, kw_only=True, forbid_unknown_fields=False):
    fingerprint: str


class _OldReport(Record, frozen=True, kw_only=True, forbid_unknown_fields=False):
    schema: int
    items: tuple[_OldItem, ...]
    findings: tuple[_OldFinding, ...]


def baseline(content: bytes) -> Baseline:
    """What an earlier report held. Raises NotAReport with the place that is wrong."""
    try:
        old = msgspec.json.decode(content, type=_OldReport)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotAReport(str(error)) from None
    if old.schema != 1:
        raise NotAReport(f"its schema is {old.schema}, this version reads 1")
    return Baseline(
        fingerprints=frozenset(finding.fingerprint for finding in old.findings),
        failing=frozenset(item.id for item in old.items if item.state == State.FAIL),
    )
