"""The owner's zone at Cloudflare as values: settings, records, rules, and what was not readable."""

from __future__ import annotations

from datetime import datetime

from launchready_tui.facts.cloudflare_client import Form
from launchready_tui.facts.cloudflare_rules import Rule
from launchready_tui.model import Fact, Record


class NotRead(Record, frozen=True, kw_only=True):
    """A part that could not be read, and the permission that would be needed, if that is why."""

    part: str
    cause: str
    needs: str = ""

    @property
    def told(self) -> str:
        needs = f": the token needs {self.needs}" if self.needs else ""
        return f"{self.part} not readable{needs} ({self.cause})"


class Token(Record, frozen=True, kw_only=True):
    """What the token is and how far it goes. Never the token."""

    form: Form
    verified: bool = False
    expires: datetime | None = None
    zones: int = 0
    """How many zones it can list; 0 where it may list none, which is as it should be."""
    reads: tuple[str, ...] = ()
    """What it can read and need not: the user, accounts, tokens."""
    changes: tuple[str, ...] = ()
    """Permissions to change something, where it may read its own permissions."""


class Zone(Record, frozen=True, kw_only=True):
    id: str
    name: str
    status: str = ""
    type: str = ""
    """"full" · "partial": DNS stays elsewhere · "secondary"."""
    plan: str = ""
    paused: bool = False
    name_servers: tuple[str, ...] = ()


class Setting(Record, frozen=True, kw_only=True):
    id: str
    value: str
    since: datetime | None = None


class DnsRecord(Record, frozen=True, kw_only=True):
    name: str
    type: str
    content: str
    proxied: bool = False
    proxiable: bool = False
    ttl: int = 1
    """1 means that Cloudflare chooses."""
    since: datetime | None = None


class CloudflareZone(Fact, frozen=True, kw_only=True):
    """The zone that holds the domain. Without `zone`, `not_read` says why there is none."""

    token: Token
    zone: Zone | None = None
    settings: tuple[Setting, ...] = ()
    records: tuple[DnsRecord, ...] = ()
    rules: tuple[Rule, ...] = ()
    not_read: tuple[NotRead, ...] = ()

    @property
    def is_the_zone(self) -> bool:
        """Whether these records are the domain's: a partial zone has a few beside the real one."""
        return bool(self.records) and not (self.zone and self.zone.type == "partial")

    def setting(self, id: str) -> Setting | None:
        return next((s for s in self.settings if s.id == id), None)

    def value(self, id: str) -> str:
        """A setting's value; empty where it is not known."""
        found = self.setting(id)
        return found.value if found else ""

    def of(self, phase: str) -> tuple[Rule, ...]:
        """The rules of a phase that are switched on, in their order."""
        return tuple(rule for rule in self.rules if rule.phase == phase and rule.enabled)

    def gap(self, part: str) -> str:
        """Why a part could not be read; empty where it was."""
        missed = (entry.told for entry in self.not_read if entry.part in (part, "zone"))
        return next(missed, "")
