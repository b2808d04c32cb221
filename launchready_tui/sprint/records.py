"""The kinds of records and how each becomes a file: where it lies, what is redacted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
import tomli_w
from msgspec.structs import replace

from launchready_tui.model import (
    Attestation,
    Consent,
    Note,
    Outcome,
    Record,
    Saying,
    ScopeRequest,
    Waiver,
)
from launchready_tui.redact import redact
from launchready_tui.sprint.clock import ClockEvent
from launchready_tui.text import safe

R = TypeVar("R", bound=Record)


class RecordKind(Record, frozen=True, kw_only=True):
    """One folder under .launchready/: what lies in it and what a change of it is called."""

    folder: str
    type: Any
    key: str
    """The field that names the file."""
    called: str


ATTEST = RecordKind(folder="attest", type=Attestation, key="item", called="answer to")
WAIVE = RecordKind(folder="waive", type=Waiver, key="item", called="accepted risk of")
SAYING = RecordKind(folder="facts", type=Saying, key="key", called="correction of")
NOTE = RecordKind(folder="notes", type=Note, key="id", called="note")
REQUEST = RecordKind(folder="scope", type=ScopeRequest, key="id", called="scope request")
CONSENT = RecordKind(folder="consent", type=Consent, key="at", called="consent of")
CLOCK = RecordKind(folder="clock", type=ClockEvent, key="id", called="clock")
KINDS = (ATTEST, WAIVE, SAYING, NOTE, REQUEST, CONSENT, CLOCK)

_PROSE = frozenset({"by", "note", "why", "value", "request", "effect", "text", "reason"})
"""Fields that people type: redacted and made harmless before they are written."""


class SavedRun(Record, frozen=True, kw_only=True):
    """The last run: outcomes by item, and the evidence id of the facts they rest on."""

    at: datetime
    version: str
    facts: str = ""
    requests: dict[str, int] = {}
    outcomes: dict[str, Outcome] = {}


def cleaned(record: R) -> R:
    """The record with its prose redacted and made harmless."""
    changes = {
        name: safe(redact(value), limit=20_000)
        for name, value in msgspec.structs.asdict(record).items()
        if name in _PROSE and isinstance(value, str)
    }
    return replace(record, **changes)


def file_name(kind: RecordKind, record: Record) -> str:
    """`logs.review.toml`; whatever a name holds, it stays one file in its folder."""
    key = getattr(record, kind.key)
    text = key.strftime("%Y%m%dT%H%M%SZ") if isinstance(key, datetime) else str(key)
    return quote(text, safe="").lstrip(".") + ".toml"


def encoded(record: Record) -> str:
    """TOML with the keys in the order of the type, without those that hold nothing."""
    plain: Mapping[str, Any] = msgspec.to_builtins(record, builtin_types=(datetime, date))
    return tomli_w.dumps(_without_none(plain))


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_without_none(v) for v in value]
    return value
