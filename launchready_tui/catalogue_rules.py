"""What must hold in a catalogue, beyond the types: each rule points at the place that breaks it.

The rules keep promises the rest of the house relies on: an id means one thing, what an item points
at exists, whoever is asked something is told which evidence counts, every fault has a way out.
"""

from __future__ import annotations

import re

from launchready_tui.badfile import BadFile, Document, Where, close
from launchready_tui.model import (
    ActiveProbe,
    Automation,
    Bar,
    Fault,
    Item,
    Kind,
    KnownKey,
    NotNow,
    Stage,
)
from launchready_tui.roadmap import ROADMAP

TITLE_LIMIT = 90
WHY_LIMIT = 400
_ITEM_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*")
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Placed:
    """An item and where it is written, for what has to be said about it."""

    def __init__(self, item: Item, document: Document, index: int) -> None:
        self.item = item
        self.document = document
        self.where: Where = ("item", index)

    def bad(self, *rest: str | int, expected: str, suggestion: str = "") -> BadFile:
        return self.document.bad((*self.where, *rest), expected, suggestion)


def check_items(placed: list[Placed]) -> None:
    first: dict[str, Placed] = {}
    codes: dict[str, Placed] = {}
    for entry in placed:
        item = entry.item
        if not _ITEM_ID.fullmatch(item.id):
            raise entry.bad("id", expected="expected topic.name in lower case, such as mail.spf")
        if item.id in first:
            raise entry.bad("id", expected=f"this id is taken in {_file(first[item.id])}")
        first[item.id] = entry
        _check_words(entry)
        _check_roadmap(entry)
        _check_kind(entry)
        for index, fault in enumerate(item.faults):
            if fault.code in codes:
                raise entry.bad(
                    "fault",
                    index,
                    "code",
                    expected=f"this code is taken by {codes[fault.code].item.id}"
                    f" in {_file(codes[fault.code])}",
                )
            codes[fault.code] = entry
            _check_fault(entry, index, fault)
    for entry in placed:
        for index, source in enumerate(entry.item.computed_from):
            if source not in first or source == entry.item.id:
                raise entry.bad(
                    "computed_from",
                    index,
                    expected=f"{source} is not the id of another item",
                    suggestion=close(source, first),
                )
        for index, code in enumerate(entry.item.tripped_by):
            if code not in codes or codes[code].item.id not in entry.item.computed_from:
                raise entry.bad(
                    "tripped_by",
                    index,
                    expected=f"{code} is no fault of the items it is computed from",
                    suggestion=close(code, codes),
                )


def _file(entry: Placed) -> str:
    return entry.document.path.name


def _check_words(entry: Placed) -> None:
    item = entry.item
    for key, text, limit in (
        ("title", item.title, TITLE_LIMIT),
        ("fail", item.fail, TITLE_LIMIT),
        ("why", item.why, WHY_LIMIT),
        ("who", item.who, TITLE_LIMIT),
    ):
        if not 0 < len(text) <= limit:
            raise entry.bad(key, expected=_of_length(text, limit))
    _check_steps(entry, item.fix, item.references)
    if item.stale_after < 1:
        raise entry.bad("stale_after", expected="expected a number of days, 1 or more")


def _check_fault(entry: Placed, index: int, fault: Fault) -> None:
    if not _KEBAB.fullmatch(fault.code):
        raise entry.bad(
            "fault", index, "code", expected="expected words-with-hyphens in lower case"
        )
    for key, text, limit in (("title", fault.title, TITLE_LIMIT), ("why", fault.why, WHY_LIMIT)):
        if not 0 < len(text) <= limit:
            raise entry.bad("fault", index, key, expected=_of_length(text, limit))
    _check_steps(entry, fault.fix, fault.references, "fault", index)


def _of_length(text: str, limit: int) -> str:
    return f"expected 1 to {limit} characters, found {len(text)}"


def _check_steps(
    entry: Placed, fix: tuple[str, ...], references: tuple[str, ...], *below: str | int
) -> None:
    if not fix or not all(fix):
        raise entry.bad(*below, "fix", expected="expected at least one step that repairs it")
    for number, reference in enumerate(references):
        if not reference.startswith("https://"):
            raise entry.bad(
                *below, "references", number, expected="expected an address that starts https://"
            )


def _check_roadmap(entry: Placed) -> None:
    item = entry.item
    if not item.roadmap and item.origin != "expert":
        raise entry.bad(
            "roadmap", expected='expected a roadmap id such as S1.2, or origin = "expert"'
        )
    for index, id in enumerate(item.roadmap):
        if id not in ROADMAP:
            raise entry.bad(
                "roadmap",
                index,
                expected=f"{id} is no id of the roadmap",
                suggestion=close(id, ROADMAP),
            )


def _check_kind(entry: Placed) -> None:
    item = entry.item
    asked = item.kind in (Kind.ATTEST, Kind.ASSISTED) or (
        item.kind is Kind.SIGNAL and not item.computed_from
    )
    if asked and not item.question:
        raise entry.bad("question", expected=f"an item of kind {item.kind} asks a person something")
    if bool(item.question) != bool(item.evidence):
        raise entry.bad(
            "evidence" if item.question else "question",
            expected="a question and the evidence its answer rests on come together",
        )
    if item.kind is Kind.DELIVERABLE and not item.artefact:
        raise entry.bad("artefact", expected="a deliverable names what it consists of")
    for index, fault in enumerate(item.faults):
        if fault.asks and not item.question:
            raise entry.bad(
                "fault", index, "asks", expected="only an item with a question leaves one open"
            )
    if item.computed_from and item.kind is not Kind.SIGNAL:
        raise entry.bad("computed_from", expected="only a signal is computed from other items")


def check_stage(document: Document, stage: Stage, items: tuple[Item, ...]) -> None:
    """A stage names its deliverable and all of its signals, and nothing else by these names."""
    kinds = {item.id: item.kind for item in items}
    if not 1 <= stage.hours <= 48:
        raise document.bad(("stage", "hours"), "expected hours between 1 and 48")
    if kinds.get(stage.deliverable) is not Kind.DELIVERABLE:
        raise document.bad(
            ("stage", "deliverable"),
            f"{stage.deliverable} is no deliverable of this file",
            close(stage.deliverable, kinds),
        )
    for index, signal in enumerate(stage.signals):
        if kinds.get(signal) is not Kind.SIGNAL:
            raise document.bad(
                ("stage", "signals", index),
                f"{signal} is no signal of this file",
                close(signal, kinds),
            )
    named = {stage.deliverable, *stage.signals}
    for index, item in enumerate(items):
        if item.kind in (Kind.DELIVERABLE, Kind.SIGNAL) and item.id not in named:
            raise document.bad(
                ("item", index, "kind"), f"[stage] does not name {item.id}, which is a {item.kind}"
            )


def check_bars(document: Document, bars: tuple[Bar, ...]) -> None:
    _check_ids(document, "bar", [bar.id for bar in bars], "B")


def check_automations(
    document: Document, automations: tuple[Automation, ...], items: tuple[Item, ...]
) -> None:
    _check_ids(document, "automation", [entry.id for entry in automations], "A")
    known = {item.id for item in items}
    for index, automation in enumerate(automations):
        for number, id in enumerate(automation.items):
            if id not in known:
                raise document.bad(
                    ("automation", index, "items", number),
                    f"no item is called {id}",
                    close(id, known),
                )


def check_active(
    document: Document, probes: tuple[ActiveProbe, ...], items: tuple[Item, ...]
) -> None:
    """Each says what it sends and where, with a limit to both count and time."""
    known = {item.id for item in items}
    seen: set[str] = set()
    for index, probe in enumerate(probes):
        where = ("probe", index)
        if not _KEBAB.fullmatch(probe.id) or probe.id in seen:
            raise document.bad((*where, "id"), "expected words-with-hyphens, each id once")
        seen.add(probe.id)
        for key in ("title", "why", "sends", "where"):
            if not getattr(probe, key):
                raise document.bad((*where, key), "expected words for the person who allows it")
        for key in ("most", "seconds"):
            if getattr(probe, key) < 1:
                raise document.bad((*where, key), "expected a limit of 1 or more")
        for number, id in enumerate(probe.items):
            if id not in known:
                raise document.bad(
                    (*where, "items", number), f"no item is called {id}", close(id, known)
                )


def check_keys(document: Document, keys: tuple[KnownKey, ...]) -> None:
    """Each says what it is for and how to come by it."""
    seen: set[str] = set()
    for index, key in enumerate(keys):
        where = ("key", index)
        if not _KEBAB.fullmatch(key.id) or key.id in seen:
            raise document.bad((*where, "id"), "expected words-with-hyphens, each id once")
        seen.add(key.id)
        for name in ("title", "what", "how", "fields"):
            if not getattr(key, name):
                raise document.bad((*where, name), "expected words for the person who gives it")


def check_not_now(document: Document, rules: tuple[NotNow, ...]) -> None:
    ids = [rule.id for rule in rules]
    _check_ids(document, "not_now", ids, "N", own=_KEBAB)


def _check_ids(
    document: Document, table: str, ids: list[str], letter: str, own: re.Pattern[str] | None = None
) -> None:
    """Ids come from the roadmap, once each. `own` admits names for rules it has without an id."""
    known = [id for id in ROADMAP if id.startswith(letter)]
    for index, id in enumerate(ids):
        if id not in known and not (own and own.fullmatch(id)):
            raise document.bad(
                (table, index, "id"),
                f"expected one of {known[0]} to {known[-1]}, found {id}",
                close(id, known),
            )
        if id in ids[:index]:
            raise document.bad((table, index, "id"), f"{id} is here twice")
