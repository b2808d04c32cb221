"""checklists/ -> model: every word a user reads about a check, validated when it is loaded.

A catalogue that loads is sound: ids are unique, what an item points at exists, every human item
asks a question and names the evidence it wants. What is wrong is a `BadFile` that names the file,
the line, the item and what was expected, because consultants edit these files, not programmers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from launchready_tui.badfile import BadFile, Document, close, read_document
from launchready_tui.catalogue_rules import (
    Placed,
    check_active,
    check_automations,
    check_bars,
    check_items,
    check_keys,
    check_not_now,
    check_stage,
)
from launchready_tui.model import (
    ActiveProbe,
    Automation,
    Bar,
    Fault,
    Item,
    KnownKey,
    NotNow,
    Record,
    Stage,
)
from launchready_tui.roadmap import STAGES


class UnknownItem(LookupError):
    """No item goes by this id. `suggestions` says what is near, as a sentence or not at all."""

    noun = "item"

    def __init__(self, id: str, suggestions: str = "") -> None:
        super().__init__(f"no {self.noun} is called {id!r}. {suggestions}".rstrip())
        self.id = id
        self.suggestions = suggestions


class UnknownFault(UnknownItem):
    """No fault goes by this code."""

    noun = "fault"


class Catalogue(Record, frozen=True, kw_only=True, dict=True):
    """All stages, items and rules, in the order of the roadmap."""

    stages: tuple[Stage, ...]
    items: tuple[Item, ...]
    bars: tuple[Bar, ...] = ()
    automations: tuple[Automation, ...] = ()
    not_now: tuple[NotNow, ...] = ()
    active: tuple[ActiveProbe, ...] = ()
    keys: tuple[KnownKey, ...] = ()

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _faults(self) -> dict[str, tuple[Item, Fault]]:
        return {fault.code: (item, fault) for item in self.items for fault in item.faults}

    def item(self, id: str) -> Item:
        """The item of this id. Raises `UnknownItem` with what is near."""
        if id not in self._items:
            raise UnknownItem(id, close(id, self._items))
        return self._items[id]

    def fault(self, code: str) -> tuple[Item, Fault]:
        """The fault of this code and its item. Raises `UnknownFault` with what is near."""
        if code not in self._faults:
            raise UnknownFault(code, close(code, self._faults))
        return self._faults[code]

    def of_stage(self, number: int) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.stage == number)

    def of_bar(self, bar: str) -> tuple[Item, ...]:
        """The items that hold a clause of the minimum bar."""
        return tuple(item for item in self.items if bar in item.roadmap)

    def covering(self, id: str) -> tuple[Item, ...]:
        """The items that carry a roadmap id."""
        return tuple(item for item in self.items if id in item.roadmap)

    @property
    def traits(self) -> tuple[str, ...]:
        """What launchready.toml may deny, so that the items which ask for it do not apply."""
        return tuple(sorted({item.applies for item in self.items} - {""}))


def data_folder() -> Path:
    """Where the checklists lie: inside an installed package, beside it in a checkout."""
    inside = Path(__file__).with_name("checklists")
    return inside if inside.is_dir() else Path(__file__).parents[1] / "checklists"


def load(folder: Path | None = None) -> Catalogue:
    """Read and validate all checklists. Raises `BadFile` at the first thing that is wrong.

    Those that come with launchready, which a process never sees change, are read once.
    """
    return _shipped() if folder is None else _read(folder)


@cache
def _shipped() -> Catalogue:
    return _read(data_folder())


def _read(folder: Path) -> Catalogue:
    if not folder.is_dir():
        raise BadFile(folder, "expected the folder of the checklists")
    stages = [_stage_file(path) for path in sorted(folder.glob(f"[1-{STAGES}]-*.toml"))]
    if not stages:
        raise BadFile(folder, "expected a checklist of a stage, such as 1-quick-audit.toml")
    bars = read_document(folder / "0-minimum-bar.toml")
    automations = read_document(folder / "automations.toml")
    not_now = read_document(folder / "not-now.toml")
    active = read_document(folder / "active.toml")
    keys = read_document(folder / "keys.toml")
    placed = [entry for document, file in stages for entry in _placed(document, file)]
    catalogue = Catalogue(
        stages=tuple(file.stage for _, file in stages),
        items=tuple(entry.item for entry in placed),
        bars=_folded_document(bars).decode(_BarFile).bar,
        automations=_folded_document(automations).decode(_AutomationFile).automation,
        not_now=_folded_document(not_now).decode(_NotNowFile).not_now,
        active=_folded_document(active).decode(_ActiveFile).probe,
        keys=_folded_document(keys).decode(_KeyFile).key,
    )
    check_items(placed)
    for document, file in stages:
        check_stage(document, file.stage, file.item)
    check_bars(bars, catalogue.bars)
    check_automations(automations, catalogue.automations, catalogue.items)
    check_not_now(not_now, catalogue.not_now)
    check_active(active, catalogue.active, catalogue.items)
    check_keys(keys, catalogue.keys)
    return catalogue


# ---------------------------------------------------------------- the files


class _StageFile(Record, frozen=True, kw_only=True):
    schema: Literal[1]
    stage: Stage
    item: tuple[Item, ...]


class _BarFile(Record, frozen=True, kw_only=True):
    schema: Literal[1]
    bar: tuple[Bar, ...]


class _AutomationFile(Record, frozen=True, kw_only=True):
    schema: Literal[1]
    automation: tuple[Automation, ...]


class _NotNowFile(Record, frozen=True, kw_only=True):
    schema: Literal[1]
    not_now: tuple[NotNow, ...]


class _ActiveFile(Record, frozen=True, kw_only=True):
    schema: Literal[1]
    probe: tuple[ActiveProbe, ...]


class _KeyFile(Record, frozen=True, kw_only=True):
    schema: Literal[1]
    key: tuple[KnownKey, ...]


def _stage_file(path: Path) -> tuple[Document, _StageFile]:
    document = _folded_document(read_document(path))
    head, items = document.data.get("stage"), document.data.get("item")
    if isinstance(items, list):
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                continue
            if "stage" in item:
                raise document.bad(
                    ("item", index, "stage"), "this key is not known here: the file is the stage"
                )
            item["stage"] = head.get("number") if isinstance(head, dict) else None
    file = document.decode(_StageFile)
    if not path.name.startswith(f"{file.stage.number}-"):
        raise document.bad(
            ("stage", "number"), f"expected {path.name[0]}, the number in the file's name"
        )
    return document, file


def _placed(document: Document, file: _StageFile) -> Iterator[Placed]:
    return (Placed(item, document, index) for index, item in enumerate(file.item))


_LINE_END = re.compile(r"\s*\n\s*(?=(\d+\. )?)")


def _folded_document(document: Document) -> Document:
    """Join the lines of wrapped text; a line that starts with `1. ` stays a line of its own."""
    document.data = _folded(document.data)
    return document


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        if "\n" not in value:
            return value
        return _LINE_END.sub(lambda end: "\n" if end[1] else " ", value.strip())
    if isinstance(value, list):
        return [_folded(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _folded(entry) for key, entry in value.items()}
    return value
