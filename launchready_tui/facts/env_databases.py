"""The databases that an environment's settings name in parts, such as DB_HOST and DB_PASSWORD."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from launchready_tui.credentials.parts import Database, databases
from launchready_tui.facts.env_files import Environment
from launchready_tui.facts.env_values import is_placeholder, is_reference


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """A value in memory, and where it stands."""

    name: str
    value: str
    environment: Environment
    place: str


def databases_in(values: Iterable[Value]) -> list[Database[Value]]:
    """Of each folder and environment. What an address beside them says already is left out, and so
    is what only names where the real value is, or holds its place.
    """
    together: dict[tuple[str, str], list[Value]] = {}
    for value in values:
        folder = value.place.rpartition(":")[0].rpartition("/")[0]
        together.setdefault((folder, value.environment), []).append(value)
    found = []
    for some in together.values():
        told = {_host(value.value) for value in some} - {""}
        found += [one for one in databases(some) if _real(one) and _host(one.address) not in told]
    return found


def _real(one: Database[Value]) -> bool:
    if any(is_reference(part.value) for part in (one.host, *one.login)):
        return False
    return not is_placeholder("", one.address)


def _host(value: str) -> str:
    try:
        return (urlsplit(value.strip()).hostname or "") if "://" in value else ""
    except ValueError:
        return ""
