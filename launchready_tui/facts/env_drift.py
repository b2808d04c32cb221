"""Where environments share a value or lack one: compared in memory, told without the values."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui.engine import fact
from launchready_tui.facts import dotenv_raw
from launchready_tui.facts.env import of_platform
from launchready_tui.facts.env_files import EnvFiles, Environment
from launchready_tui.facts.env_fingerprint import WEAK, Fingerprints
from launchready_tui.facts.env_flaws import leads_to_database
from launchready_tui.facts.env_lint import read_whole
from launchready_tui.facts.env_values import secret_in
from launchready_tui.facts.threads import aside
from launchready_tui.facts.walk import root_of
from launchready_tui.given import Target
from launchready_tui.model import Fact, Record
from launchready_tui.text import safe

NAMED: tuple[Environment, ...] = ("prod", "preview", "dev")
MOST = 200
_LOCAL = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|host\.docker\.internal")
_REPLICA = re.compile(r"REPLICA|READ_?ONLY|READER|_RO(?:_|$)")
_SHARED_BY_DESIGN = re.compile(
    r"SENTRY|_DSN$|^DSN$|ANALYTICS|POSTHOG|SEGMENT|MIXPANEL|AMPLITUDE|GTM|(?:^|_)GA_|PLAUSIBLE"
    r"|BUGSNAG|ROLLBAR|LOGROCKET"
)
_WORST = re.compile(r"STRIPE|PADDLE|PAYPAL|CLERK|AUTH|JWT|SESSION|SIGNING|SECRET_KEY|KEY_BASE")
_PORTS = {"postgres": 5432, "postgresql": 5432, "mysql": 3306, "mongodb": 27017, "redis": 6379}


class Same(Record, frozen=True, kw_only=True):
    """Two places with one value, or two addresses of one database."""

    kind: Literal["secret", "database", "names"]
    name: str
    environment: str
    place: str
    other_name: str
    other_environment: str
    other_place: str
    worst: bool = False
    """It signs or takes payments: whoever has one copy can act in both environments."""


class Lacking(Record, frozen=True, kw_only=True):
    """A name that some environments set and another does not."""

    name: str
    present_in: tuple[str, ...]
    missing_in: tuple[str, ...]


class EnvDrift(Fact, frozen=True, kw_only=True):
    """`environments` are those with a file of values; two are needed to compare."""

    environments: tuple[str, ...]
    same: tuple[Same, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    not_compared: tuple[str, ...] = ()
    """Names whose values are too weak to be compared safely."""
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """A value in memory, and where it stands."""

    name: str
    value: str
    environment: Environment
    place: str

    @property
    def folder(self) -> str:
        return self.place.rpartition("/")[0]


@fact(limit=35.0)
async def env_drift(target: Target, files: EnvFiles) -> EnvDrift:
    root = root_of(target)
    return await aside(functools.partial(look, root, files))


def look(root: Path, files: EnvFiles) -> EnvDrift:
    values: list[Value] = []
    missed: list[str] = []
    for file in files.files:
        if file.environment in ("example", "test"):
            continue
        found, problem = values_of(root / file.path, file.path, file.environment, root)
        values += found
        missed += [f"{file.path}: {problem}"] if problem else []
    return compared(values, tuple(missed))


def values_of(
    path: Path, shown: str, environment: Environment, within: Path | None = None
) -> tuple[list[Value], str]:
    """The values of one file, the last of a name; or why there are none."""
    data, problem = read_whole(path, within)
    if data is None:
        return [], problem
    raw = dotenv_raw.read(data)
    if raw.encoding == "binary":
        return [], "it is no text"
    held = {
        line.name: Value(line.name, line.value, environment, f"{shown}:{line.line}")
        for line in raw.lines
        if line.joined and len(line.name) <= 200 and safe(line.name) == line.name
    }
    return list(held.values()), ""


def compared(values: Iterable[Value], missed: tuple[str, ...] = ()) -> EnvDrift:
    held = [value for value in values if value.value.strip()]
    prints = Fingerprints()
    weak: set[str] = set()
    by_print: dict[str, list[Value]] = {}
    by_target: dict[str, list[Value]] = {}
    for value in held:
        if target := database_of(value.value):
            if not _REPLICA.search(value.name.upper()):
                by_target.setdefault(prints.digits(target), []).append(value)
        elif shares_matter(value):
            print_ = prints.of(value.name, value.value)
            if print_ == WEAK:
                weak.add(value.name)
            else:
                by_print.setdefault(print_, []).append(value)
    same = [*_pairs("secret", by_print), *_pairs("database", by_target)]
    same.sort(key=lambda one: (one.kind, one.name, one.environment, one.place, one.other_place))
    present = {e for value in held for e in (value.environment,)}
    return EnvDrift(
        environments=tuple(e for e in (*NAMED, "any") if e in present),
        same=tuple(same[:MOST]),
        lacking=tuple(_lacking(held))[:MOST],
        not_compared=tuple(sorted(weak))[:MOST],
        missed=missed,
    )


def shares_matter(value: Value) -> bool:
    """A secret, and none that is meant to be the same everywhere."""
    if _SHARED_BY_DESIGN.search(value.name.upper()):
        return False
    return bool(secret_in(value.name, value.value))


def database_of(value: str) -> str:
    """Host, port and database of a database's address; empty for any other, and for local ones."""
    if not leads_to_database(value):
        return ""
    try:
        parts = urlsplit(value.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    if not host or _LOCAL.fullmatch(host) or "." not in host:
        return ""  # a service of a compose file is another one on each machine
    kind = parts.scheme.partition("+")[0]
    return f"{host}:{port or _PORTS.get(kind, 0)}{parts.path.rstrip('/')}"


def _pairs(
    kind: Literal["secret", "database"], groups: Mapping[str, list[Value]]
) -> Iterator[Same]:
    for group in groups.values():
        ordered = sorted(group, key=lambda v: (v.environment != "prod", v.place, v.name))[:50]
        told: set[tuple[str, str]] = set()
        for one, other in combinations(ordered, 2):
            if one.environment == other.environment:
                if kind == "secret" and one.name != other.name:
                    yield _same("names", one, other)
                continue
            if one.environment != "prod" or (one.name, other.environment) in told:
                continue
            told.add((one.name, other.environment))
            yield _same(kind, one, other)


def _same(kind: Literal["secret", "database", "names"], one: Value, other: Value) -> Same:
    return Same(
        kind=kind,
        name=one.name,
        environment=one.environment,
        place=one.place,
        other_name=other.name,
        other_environment=other.environment,
        other_place=other.place,
        worst=bool(_WORST.search(one.name.upper())),
    )


def _lacking(values: list[Value]) -> Iterator[Lacking]:
    """Within each part of the product: what the shared file sets is there for all of them."""
    told: set[str] = set()
    shared = [value for value in values if value.environment == "any"]
    for part in _parts(values):
        held: dict[str, set[str]] = {}
        for value in part:
            held.setdefault(value.environment, set()).add(value.name)
        there = [environment for environment in NAMED if environment in held]
        for name in sorted(set().union(*held.values()) - _shared_with(part, shared) - told):
            present = tuple(e for e in there if name in held[e])
            missing = tuple(e for e in there if name not in held[e])
            if missing and not of_platform(name):
                told.add(name)
                yield Lacking(name=name, present_in=present, missing_in=missing)


def _parts(values: list[Value]) -> Iterator[list[Value]]:
    """Env files of one folder belong to one part of the product, where several environments have
    one there; the files that stand alone are taken together.
    """
    folders: dict[str, list[Value]] = {}
    for value in values:
        if value.environment in NAMED:
            folders.setdefault(value.folder, []).append(value)
    alone: list[Value] = []
    for part in folders.values():
        if len({value.environment for value in part}) > 1:
            yield part
        else:
            alone += part
    yield alone


def _shared_with(part: list[Value], shared: list[Value]) -> set[str]:
    """Names that a file for all environments sets, in a folder of this part or above one."""
    below = {f"{value.folder}/" for value in part}
    return {
        one.name
        for one in shared
        if not one.folder or any(folder.startswith(f"{one.folder}/") for folder in below)
    }
