"""No record of any kind is written with a secret in it, whichever of its texts holds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import EnumMeta
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
import pytest
from msgspec.structs import FieldInfo

from launchready_tui.model import Level, Record
from launchready_tui.session import Session, SessionError
from launchready_tui.sprint.records import KINDS, RecordKind, secret_in
from launchready_tui.sprint.store import HoldsSecret, Store

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SECRET = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dcAbCd"
PLAIN = {str: "a", int: 1, bool: False, datetime: NOW, date: NOW.date()}


def value_of(type: Any, text: str) -> Any:
    """A value of a field's type, with `text` in every place of it that takes text."""
    origin, inner = get_origin(type), get_args(type)
    if type is str:
        return text
    if origin is tuple:
        return (value_of(inner[0], text),)
    if origin is dict:
        return {"prod": value_of(inner[1], text)}
    if isinstance(type, msgspec.Struct.__class__):
        return made(type, dict.fromkeys(text_fields(type), text))
    if isinstance(type, EnumMeta):
        return next(iter(type))
    if inner and origin is not None and type not in PLAIN:
        return None if any(arg is None.__class__ for arg in inner) else inner[0]
    return PLAIN[type]


def text_fields(type: Any) -> Iterator[str]:
    for field in msgspec.structs.fields(type):
        if takes_text(field.type):
            yield field.name


def takes_text(type: Any) -> bool:
    origin, inner = get_origin(type), get_args(type)
    if origin in (tuple, dict):
        return takes_text(inner[-1] if origin is dict else inner[0])
    return type is str or isinstance(type, msgspec.Struct.__class__)


def made(type: Any, texts: dict[str, str]) -> Any:
    def of(field: FieldInfo) -> Any:
        return value_of(field.type, texts.get(field.name, "a"))

    return type(**{field.name: of(field) for field in msgspec.structs.fields(type)})


PLACES = [(kind, field) for kind in KINDS.values() for field in text_fields(kind.type)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.create(tmp_path_factory.mktemp("sprint") / "acme", domain="acme.test")
    yield store
    store.close()


@pytest.mark.parametrize(
    ("kind", "field"), PLACES, ids=[f"{kind.folder}.{field}" for kind, field in PLACES]
)
def test_a_secret_is_left_out_or_refused(kind: RecordKind, field: str, store: Store) -> None:
    record: Record = made(kind.type, {field: f"see {SECRET} there"})
    assert secret_in(record)
    try:
        store._change(kind, record, "Ana", NOW)
    except HoldsSecret as refused:
        assert field in str(refused)
        assert SECRET not in str(refused)
    for path in store.folder.rglob("*"):
        assert SECRET not in path.name
        assert not path.is_file() or SECRET not in path.read_text("utf-8", "replace"), path


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.folder)
def test_the_same_record_without_one_is_written(kind: RecordKind, store: Store) -> None:
    store._change(kind, made(kind.type, {}), "Ana", NOW)
    assert list((store.folder / kind.folder).glob("*.toml"))


def test_a_session_says_so_in_words(tmp_path: Path) -> None:
    session = Session.create(tmp_path / "acme", domain="acme.test", by="Anna", level=Level.PASSIVE)
    record = made(KINDS["env"].type, {"refs": SECRET})
    with pytest.raises(SessionError, match="refs seems to hold a secret") as refused:
        session._write(lambda: session.store.keep_variable(record, "Ana", NOW))
    assert SECRET not in str(refused.value)
    session.close()
