"""The kinds of records and how each becomes a file: where it lies, what it holds, what is redacted.

A file opens with `schema`. What a newer version added is kept when an older one writes the record
again; under our own schema a key that nobody knows is a slip of the pen, and said.
"""

from __future__ import annotations

import copy
import hashlib
import inspect
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any, TypeVar, get_args, get_origin
from urllib.parse import quote

import msgspec
import tomli_w
from msgspec.structs import replace

from launchready_tui.badfile import Document
from launchready_tui.given import MailProof, MailSent, RouteException, Saying
from launchready_tui.model import Attestation, Consent, Note, Outcome, Record, ScopeRequest, Waiver
from launchready_tui.records.dmarc_record import KeptReport, SenderWord
from launchready_tui.records.env_record import EnvVariable, Rotation
from launchready_tui.records.ignore_record import IgnoredHit
from launchready_tui.records.trial_record import Trial
from launchready_tui.redact import redact
from launchready_tui.sprint.clock import ClockEvent
from launchready_tui.text import safe

SCHEMA = 1
LONGEST_NAME = 150
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
EXCEPTION = RecordKind(folder="exceptions", type=RouteException, key="route", called="exception of")
MAIL = RecordKind(folder="mails", type=MailProof, key="kind", called="proof of the mail")
SENT = RecordKind(folder="sent", type=MailSent, key="kind", called="sending of the mail")
CLOCK = RecordKind(folder="clock", type=ClockEvent, key="id", called="clock")
VARIABLE = RecordKind(folder="env", type=EnvVariable, key="name", called="setting")
ROTATION = RecordKind(folder="rotations", type=Rotation, key="id", called="rotation")
TRIAL = RecordKind(folder="trials", type=Trial, key="id", called="trial of")
IGNORE = RecordKind(folder="ignore", type=IgnoredHit, key="id", called="hit set aside")
REPORT = RecordKind(folder="reports", type=KeptReport, key="id", called="DMARC report")
SENDER = RecordKind(folder="senders", type=SenderWord, key="sender", called="word on the sender")
KINDS = {
    kind.folder: kind
    for kind in (
        ATTEST,
        WAIVE,
        SAYING,
        NOTE,
        REQUEST,
        EXCEPTION,
        MAIL,
        SENT,
        CONSENT,
        CLOCK,
        VARIABLE,
        ROTATION,
        TRIAL,
        IGNORE,
        REPORT,
        SENDER,
    )
}

_PROSE = frozenset(
    {
        "breaks_without",
        "effect",
        "least_privilege",
        "note",
        "notes",
        "proof_detail",
        "purpose",
        "reason",
        "reply",
        "request",
        "rotate_how",
        "text",
        "value",
        "why",
    }
)
"""Fields that people type at length: redacted and made harmless before they are written."""
_NAMES = frozenset(
    {
        "attested_by",
        "backup_owner",
        "by",
        "detail",
        "holder",
        "id",
        "issued_at",
        "item",
        "key",
        "organisation",
        "owner",
        "route",
        "sender",
        "stored_in",
        "who",
    }
)
"""Fields that people type on one line."""


class SavedRun(Record, frozen=True, kw_only=True):
    """The last run: outcomes by item, and the evidence id of the facts they rest on."""

    at: datetime
    version: str
    domain: str = ""
    """What was looked at: a run says nothing about another domain."""
    facts: str = ""
    requests: dict[str, int] = {}
    outcomes: dict[str, Outcome] = {}


class Held(Record, frozen=True, kw_only=True):
    """A record as it was read, with the keys of a newer version that we do not know."""

    record: Any
    schema: int = SCHEMA
    more: dict[str, Any] = {}


def cleaned(record: R) -> R:
    """The record with its prose redacted and made harmless, its instants in whole UTC seconds."""
    changes: dict[str, Any] = {}
    for name, value in msgspec.structs.asdict(record).items():
        if isinstance(value, datetime):
            changes[name] = value.astimezone(UTC).replace(microsecond=0)
        elif isinstance(value, str) and name in _PROSE:
            changes[name] = safe(redact(value.replace("\r\n", "\n")), limit=20_000).strip()
        elif isinstance(value, str) and name in _NAMES:
            changes[name] = safe(redact(value), one_line=True, limit=200).strip()
    return replace(record, **changes)


def texts(record: Record) -> Iterator[tuple[str, str]]:
    """Every text of a record, however deep it lies, with the field it belongs to."""
    for field, value in msgspec.structs.asdict(record).items():
        for text in _strings(value):
            yield field, text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from _strings(msgspec.structs.asdict(value))
    elif isinstance(value, Mapping):
        yield from _strings((*value.keys(), *value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def secret_in(record: Record) -> str | None:
    """A refusal where a text looks like a secret: records are copied, committed, handed over."""
    for field, text in texts(record):
        if redact(text) != text:
            return (
                f"{field} seems to hold a secret. Nothing was written: say what it is for and"
                " where it is kept, never the value itself."
            )
    return None


def file_name(kind: RecordKind, record: Record) -> str:
    """`logs.review.toml`; whatever a name holds, it stays one file in its folder."""
    key = getattr(record, kind.key)
    text = f"{key:%Y%m%dT%H%M%SZ}" if isinstance(key, datetime) else str(key)
    name = quote(text, safe="", errors="replace").replace("~", "%7E")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if not name:
        name = "%"  # which no other name becomes
    if len(name) > LONGEST_NAME:
        name = f"{name[:LONGEST_NAME]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return f"{name}.toml"


def encoded(record: Record, held: Held | None = None) -> str:
    """TOML with the keys in the order of the type; those that hold nothing new are left out."""
    schema = max(SCHEMA, held.schema) if held else SCHEMA
    more = dict(held.more) if held else {}
    plain = _plain(record)
    for gone in {field.encode_name for field in msgspec.structs.fields(record)} - plain.keys():
        more.pop(gone, None)
    table = {"schema": schema, **_joined(plain, _plain(more))}
    return tomli_w.dumps(table, multiline_strings=True)


def decoded(document: Document, type: type[R]) -> Held:
    """The record of a file. Raises BadFile with the line, the key and what was expected."""
    data = copy.deepcopy(document.data)
    schema = data.pop("schema", SCHEMA)
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise document.bad(("schema",), "expected a whole number, such as 1")
    more: dict[str, Any] = {}
    if schema > SCHEMA:
        more = _taken_out(data, type)
    record = Document(document.path, document.text, data).decode(type)
    return Held(record=record, schema=schema, more=more)


def _taken_out(data: dict[str, Any], type: type[Record]) -> dict[str, Any]:
    """Take what a newer version added out of a table, also out of the records that it names."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(type)}
    more = {key: data.pop(key) for key in list(data) if key not in fields}
    for key, tables in data.items():
        kind = get_args(fields[key].type)[-1:]
        if get_origin(fields[key].type) is not dict or not isinstance(tables, dict):
            continue
        if not (inspect.isclass(kind[0]) and issubclass(kind[0], Record)):
            continue
        found = {
            name: below
            for name, table in tables.items()
            if isinstance(table, dict) and (below := _taken_out(table, kind[0]))
        }
        more |= {key: found} if found else {}
    return more


def _joined(table: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """What is known with what is not; records that are gone take their part along."""
    joined = dict(table)
    for key, value in more.items():
        if key in table:
            joined[key] = {n: _joined(one, value.get(n, {})) for n, one in table[key].items()}
        else:
            joined[key] = value
    return joined


class _Instant(datetime):
    """A datetime that TOML shows as 2026-11-25T09:00:00Z."""

    def __str__(self) -> str:
        return self.strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(value: Any) -> Any:
    """What TOML can hold. A field that says no more than its default does is not written."""
    if isinstance(value, msgspec.Struct):
        return {
            field.encode_name: _plain(held)
            for field in msgspec.structs.fields(value)
            if (held := getattr(value, field.name)) is not None and held != _default(field)
        }
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        at = value.astimezone(UTC)
        return _Instant(at.year, at.month, at.day, at.hour, at.minute, at.second, tzinfo=UTC)
    if isinstance(value, date | time | bool | int | float | str):
        return value
    raise TypeError(f"a record cannot hold {type(value).__name__}")


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default
