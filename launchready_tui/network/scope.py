"""What a person authorised: which hosts, how far, and who said so."""

from __future__ import annotations

from launchready_tui.model import Level, Record
from launchready_tui.network.hosts import BadHost, as_host, below

METHODS: dict[str, Level] = {"GET": Level.PASSIVE, "HEAD": Level.PASSIVE}
"""The level a request method asks for. What is not named here may change things: ACTIVE."""
SERVICES = ("api.cloudflare.com",)
"""What may be asked although no person named it: only with a key that a person gave for it."""


class Scope(Record, frozen=True, kw_only=True):
    """The consent of a run. A host covers itself and the names below it."""

    hosts: tuple[str, ...]
    level: Level = Level.PASSIVE
    by: str = ""
    named: tuple[str, ...] = ()
    """The hosts a person typed, letter for letter: these may be private."""

    def covers(self, host: str) -> bool:
        """Whether requests may go to this host."""
        return _among(host, self.hosts)

    def names(self, host: str) -> bool:
        """Whether a person typed exactly this host."""
        return _canonical(host) in {_canonical(named) for named in self.named} - {""}

    def reaches(self, level: Level) -> bool:
        """Whether the authorised level goes as far as this one."""
        return self.level.order >= level.order


def level_of(method: str, asked: Level) -> Level:
    """How far a request goes: as far as its purpose, and at least as far as its method."""
    return max(asked, METHODS.get(method, Level.ACTIVE), key=lambda level: level.order)


def _among(host: str, parents: tuple[str, ...]) -> bool:
    name = _canonical(host)
    return bool(name) and any(
        # `com` typed by mistake is one host, not leave to ask everybody below it.
        below(name, p) if "." in p else name == p
        for parent in parents
        if (p := _canonical(parent))
    )


def _canonical(host: str) -> str:
    try:
        return as_host(host)
    except BadHost:
        return ""
