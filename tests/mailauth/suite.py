"""The RFC 7208 test suite: its cases, and its zones in memory.

The file lies beside the project, not in it; where it is missing its tests are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from launchready_tui.mailauth.lookup import Reply

FILE = Path(__file__).parents[3] / "shared" / "data" / "rfc7208-tests.yml"
TYPES = ("A", "AAAA", "MX", "PTR", "TXT", "CNAME")
MOST_ALIASES = 10


@dataclass(frozen=True)
class Case:
    """One case. `results` are accepted, the first one preferred."""

    name: str
    zone: Zone
    ip: str
    helo: str
    sender: str
    results: tuple[str, ...]
    explanation: str | None


class Zone:
    """A scenario's data: `by_name[name][type]` holds records, or nothing where it times out."""

    def __init__(self, data: dict[str, list[Any]]) -> None:
        self.by_name: dict[str, dict[str, list[str] | None]] = {}
        for name, items in data.items():
            self.by_name[str(name).lower().rstrip(".")] = _records(items)

    async def __call__(self, name: str, rdtype: str) -> Reply:
        here = name.lower().rstrip(".")
        for _ in range(MOST_ALIASES):
            held = self.by_name.get(here)
            if held is None:
                below = any(other.endswith(f".{here}") for other in self.by_name)
                return Reply("absent" if below else "gone")
            if rdtype in held or "CNAME" not in held:
                return _reply(held, rdtype, here)
            target = held["CNAME"]
            if not target:
                return Reply("failed", cause=f"{here} timed out")
            here = target[0].lower().rstrip(".")
        return Reply("failed", cause=f"{name}: aliases lead in a circle")


def cases() -> Iterator[Case]:
    if not FILE.is_file():
        return
    yaml = pytest.importorskip("yaml")
    for scenario in yaml.safe_load_all(FILE.read_text("utf-8")):
        zone = Zone(scenario["zonedata"])
        for name, case in scenario["tests"].items():
            results = case["result"]
            yield Case(
                name=str(name),
                zone=zone,
                ip=str(case["host"]),
                helo=str(case["helo"] or ""),
                sender=str(case["mailfrom"] or ""),
                results=tuple(results if isinstance(results, list) else [results]),
                explanation=case.get("explanation"),
            )


def _reply(held: dict[str, list[str] | None], rdtype: str, name: str) -> Reply:
    if rdtype not in held:
        return Reply("absent")
    records = held[rdtype]
    if records is None:
        return Reply("failed", cause=f"{rdtype} of {name}: no answer came")
    return Reply("found", tuple(records)) if records else Reply("absent")


def _records(items: list[Any]) -> dict[str, list[str] | None]:
    """By type. `TIMEOUT` alone makes every type that was not given before it fail."""
    held: dict[str, list[str] | None] = {}
    spf: list[str] = []
    has_text = False
    timed_out = False
    for item in items:
        if item == "TIMEOUT":
            timed_out = True
            continue
        ((rdtype, value),) = item.items()
        if rdtype == "SPF":
            spf.append(_text(value))
        elif rdtype == "TXT":
            has_text = True
            if value == "TIMEOUT":
                held["TXT"] = None
            elif value != "NONE":
                held.setdefault("TXT", [])
                held["TXT"] = [*(held["TXT"] or []), _text(value)]
        elif value == "TIMEOUT":
            held[rdtype] = None
        else:
            shown = f"{value[0]} {value[1]}" if rdtype == "MX" else str(value)
            held[rdtype] = [*(held.get(rdtype) or []), shown]
    if spf and not has_text:
        held["TXT"] = list(spf)
    if timed_out:
        held.update({rdtype: None for rdtype in TYPES if rdtype not in held})
    return held


def _text(value: Any) -> str:
    """The strings of a record, joined; one character for each byte."""
    whole = "".join(map(str, value)) if isinstance(value, list) else str(value)
    return whole.encode("utf-8").decode("latin-1")
