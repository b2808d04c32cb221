"""All a guide may know, as one value. It reads no clock and no file: same state, same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from launchready_tui.catalogue import Catalogue
from launchready_tui.given import ProvenMails, RouteExceptions, Target, Told
from launchready_tui.model import Consent, Note, Record, ScopeRequest, State
from launchready_tui.records.dmarc_record import DmarcReports
from launchready_tui.records.env_record import EnvVariables, Rotations
from launchready_tui.records.ignore_record import IgnoredHits
from launchready_tui.records.trial_record import LiveCredentials
from launchready_tui.sprint.keys import KeysHeld
from launchready_tui.verdict import ItemView, Verdict

if TYPE_CHECKING:
    from launchready_tui.facts.cloudflare_zone import CloudflareZone
    from launchready_tui.facts.traffic import TrafficPath


class DnsLine(Record, frozen=True, kw_only=True):
    """One resource record set as it was observed or exported, or the cause why it was not."""

    name: str
    rdtype: str
    value: str
    ttl: int = 0
    cause: str = ""
    proxied: bool | None = None
    """Whether traffic passes the proxy; None where nobody could say."""


class OldAddress(Record, frozen=True, kw_only=True):
    """One old address: where it should lead, where it ends, and how."""

    old: str
    expected: str
    ends: str
    how: str
    arrives: bool


class Header(Record, frozen=True, kw_only=True):
    """A header that protects the app's pages; an empty value means that it is not sent."""

    name: str
    value: str


class CertificateEnds(Record, frozen=True, kw_only=True):
    """The last day of the certificate that a host shows, the earliest of its addresses."""

    host: str
    day: date


class EnvName(Record, frozen=True, kw_only=True):
    """A variable's name and where it was seen. Never a value."""

    name: str
    where: str
    secret: bool = False
    set_for: tuple[str, ...] = ()
    """Environments whose file sets it."""
    same: tuple[str, ...] = ()
    """Environments that hold the same secret as production."""
    same_database: tuple[str, ...] = ()
    """Environments that lead to the same database as production."""
    kind: str = ""
    """What its value is by its shape: an id of checklists/credentials.toml."""


class Reach(Record, frozen=True, kw_only=True):
    """The hosts that pass the owner's Cloudflare zone, and those of which it could not be told."""

    passing: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()


class GuideState(Record, frozen=True, kw_only=True):
    """The sprint at one instant: `at` is the newest date in the record, never the present."""

    version: str
    at: datetime
    catalogue: Catalogue
    target: Target
    verdict: Verdict
    """Judged at `at`."""
    seen_at: datetime | None = None
    """When the last run of checks looked."""
    facts: str = ""
    """Evidence id of what that run saw."""
    traffic: TrafficPath | None = None
    sayings: Told = Told()
    dns: tuple[DnsLine, ...] = ()
    old_addresses: tuple[OldAddress, ...] = ()
    redirect_list: str = ""
    """The name of the list of old addresses; empty without one."""
    zone: CloudflareZone | None = None
    reach: Reach | None = None
    """None where no check has looked."""
    headers: tuple[Header, ...] = ()
    certificates: tuple[CertificateEnds, ...] = ()
    app: str = ""
    """The host whose headers these are."""
    exceptions: RouteExceptions = RouteExceptions()
    mails: ProvenMails = ProvenMails()
    reports: DmarcReports = DmarcReports()
    mail_senders: tuple[str, ...] = ()
    """Ids and addresses of what sends the product's mail, as the last run found it."""
    env: tuple[EnvName, ...] = ()
    variables: EnvVariables = EnvVariables()
    rotations: Rotations = Rotations()
    ignored: IgnoredHits = IgnoredHits()
    """Hits of the secret scan that people said to be no secrets."""
    keys: KeysHeld = KeysHeld()
    trials: LiveCredentials = LiveCredentials()
    notes: tuple[Note, ...] = ()
    requests: tuple[ScopeRequest, ...] = ()
    consents: tuple[Consent, ...] = ()
    texts: dict[str, str] = {}
    """Evidence texts of answers by id: what people pasted, redacted."""
    counts: dict[str, int] = {}
    """Requests sent by the last run, by method and level."""
    clock: str = ""
    """How the 48 hours were spent, in words."""

    def covering(self, *roadmap: str) -> tuple[ItemView, ...]:
        """The items that carry one of these roadmap ids, in the catalogue's order."""
        wanted = set(roadmap)
        return tuple(
            self.verdict.items[item.id]
            for item in self.catalogue.items
            if wanted.intersection(item.roadmap) and item.id in self.verdict.items
        )

    def in_state(self, *states: State) -> tuple[ItemView, ...]:
        return tuple(view for view in self.verdict.items.values() if view.state in states)

    @property
    def final(self) -> bool:
        """GO, with or without accepted risks: until then the guide is a draft."""
        return self.verdict.word.startswith("GO")


def answered(views: Iterable[ItemView]) -> tuple[ItemView, ...]:
    """Those that a person has answered, also when the answer has grown stale."""
    return tuple(view for view in views if view.attestation)
