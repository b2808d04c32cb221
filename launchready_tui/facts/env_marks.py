"""Values as fingerprints: of those in the tree, and of those that only the record still knows.

What is compared afterwards are marks. A mark of another key than the rest is never compared, and
that is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from launchready_tui.credentials.parts import Database
from launchready_tui.facts.env_databases import Value, databases_in
from launchready_tui.facts.env_files import Environment, environment_of
from launchready_tui.facts.env_fingerprint import WEAK, Fingerprints
from launchready_tui.facts.env_flaws import leads_to_database
from launchready_tui.facts.env_values import secret_in
from launchready_tui.fingerprint_key import key_of
from launchready_tui.given import Prints
from launchready_tui.records.env_record import EnvVariable, EnvVariables, HeldIn
from launchready_tui.text import plural

_LOCAL = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|host\.docker\.internal")
_REPLICA = re.compile(r"REPLICA|READ_?ONLY|READER|_RO(?:_|$)")
_SHARED_BY_DESIGN = re.compile(
    r"SENTRY|_DSN$|^DSN$|ANALYTICS|POSTHOG|SEGMENT|MIXPANEL|AMPLITUDE|GTM|(?:^|_)GA_|PLAUSIBLE"
    r"|BUGSNAG|ROLLBAR|LOGROCKET"
)
_PORTS = {"postgres": 5432, "postgresql": 5432, "mysql": 3306, "mongodb": 27017, "redis": 6379}


@dataclass(frozen=True, slots=True, repr=False)
class Tree:
    """The values of the env files in use, in memory; which were read, and which could not be."""

    values: tuple[Value, ...] = ()
    read: frozenset[str] = frozenset()
    missed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Paths among tests, examples or documentation."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands for a value: its fingerprint, and of a database's address that of its target."""

    name: str
    environment: Environment
    place: str
    fp: str = ""
    target: str = ""
    password: str = ""
    """Of a database in parts: the setting that holds its password."""
    recorded: bool = False

    @property
    def key(self) -> str:
        """The id of the key that made it; empty for one of this run, and for a weak value."""
        return key_of(self.fp) or key_of(self.target)

    @property
    def strong(self) -> bool:
        return bool(self.target) or self.fp not in ("", WEAK)


def fingerprints(prints: Prints, wanted: Iterable[str]) -> Fingerprints:
    """Those of the project where a fingerprint on record asks for its key, else of this run."""
    return Fingerprints(prints.key()) if any(map(key_of, wanted)) else Fingerprints()


def on_record(records: EnvVariables) -> list[str]:
    """Every fingerprint in the env map."""
    held = [held for one in records.variables for held in one.env.values()]
    return [print_ for one in held for print_ in (one.fp, one.target_fp) if print_]


def marks_of(values: Iterable[Value], prints: Fingerprints) -> list[Mark]:
    """Of those that matter. A database is told by where it leads, not by its password."""
    held = list(values)
    in_parts = {one.host.place: one for one in databases_in(held)}
    return [_mark(value, prints, in_parts.get(value.place)) for value in held]


def _mark(value: Value, prints: Fingerprints, parts: Database[Value] | None) -> Mark:
    fp = target = ""
    if place := database_of(parts.address if parts else value.value):
        target = "" if _REPLICA.search(value.name.upper()) else prints.digits(place)
    elif shares_matter(value):
        fp = prints.of(value.name, value.value)
    password = parts.password.name if parts and parts.password else ""
    return Mark(value.name, value.environment, value.place, fp, target, password)


def recorded_marks(records: EnvVariables, tree: Tree) -> list[Mark]:
    """Of the settings that the record says are there and the tree says nothing of."""
    return [_recorded(*one) for one in _standing(records, tree)]


def _standing(
    records: EnvVariables, tree: Tree
) -> Iterator[tuple[EnvVariable, Environment, HeldIn]]:
    """What a file held once that was read now and holds it no more is gone."""
    seen = {(one.name, one.environment) for one in tree.values if one.value.strip()}
    for one in records.variables:
        for name, held in one.env.items():
            environment = environment_of(f".env.{name}")
            gone = held.source in tree.read or (one.name, environment) in seen
            if held.present and not gone:
                yield one, environment, held


def _recorded(one: EnvVariable, environment: Environment, held: HeldIn) -> Mark:
    name = one.name.upper()
    target = "" if _REPLICA.search(name) else held.target_fp
    matters = one.sensitive and not held.target_fp and not _SHARED_BY_DESIGN.search(name)
    fp = held.fp if matters else ""
    return Mark(one.name, environment, mark_place(held), fp, target, recorded=True)


def every_mark(tree: Tree, records: EnvVariables, prints: Fingerprints) -> list[Mark]:
    """Of every value under whatever name, a database's whole address among them."""
    there = [
        Mark(one.name, one.environment, one.place, prints.of(one.name, one.value))
        for one in tree.values
        if one.value.strip()
    ]
    recorded = [
        Mark(one.name, environment, mark_place(held), held.fp, recorded=True)
        for one, environment, held in _standing(records, tree)
    ]
    return [*there, *recorded]


def mark_place(held: HeldIn) -> str:
    return f"the env map, by {held.source}" if held.source else "the env map"


def of_other_keys(marks: Iterable[Mark], prints: Fingerprints, why: str = "") -> tuple[str, ...]:
    """What could not be compared because another key made it, in words."""
    keys = {mark.key for mark in marks if mark.strong}
    if len(keys) < 2:
        return ()
    counts = {key: sum(mark.key == key for mark in marks) for key in sorted(keys - {prints.ident})}
    here = f"of this machine ({prints.ident})" if prints.ident else "of this run"
    mend = why or (
        "bring the key here with `launchready env key import`, or record them again with"
        " `launchready env map --record`"
    )
    return tuple(
        f"{plural(count, 'value')} on record cannot be compared: the fingerprints are of key {key},"
        f" not {here}; {mend}"
        for key, count in counts.items()
        if key
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
