"""What a run is given before it looks: the target, the instant, what people said and allowed.

Values, but for `Keys`, which reaches into the vault when a gatherer asks for a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import Literal

import msgspec

from launchready_tui.fingerprint_key import FingerprintKey
from launchready_tui.model import CouldNotTell, Fact, Finding, Record
from launchready_tui.secret import Secret

NOT_TRIED = "not tried: it sends more than a visitor would"
"""How the cause begins where a probe was not allowed: nothing is known, and nothing is wrong."""
JUDGING_TRAITS = (
    "cutover",
    "open_source",
    "payments",
    "private",
    "public_signup",
    "wildcard",
    "www",
)
"""Traits that a check reads; every other one decides whether an item applies (`Item.applies`)."""


class Web(Record, frozen=True, kw_only=True):
    """What a person says of the app's addresses: `[web]` in launchready.toml.

    Every address is a full URL; the launch file reads a bare path against `app`.
    """

    app: str = ""
    """Where the app itself is, such as https://app.example.com; empty for the domain."""
    private: tuple[str, ...] = ()
    """Pages and API answers that only a signed-in person may see."""
    api: tuple[str, ...] = ()
    login: str = ""
    """Where the login form posts to."""
    logout: str = ""
    reset: str = ""
    signup: str = ""
    invite: str = ""
    heavy: str = ""
    """The heaviest ordinary read: what the noisy client asks for, unless told otherwise."""
    webhooks: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    """Foreign origins that may call the API from a browser."""
    origin_addresses: tuple[str, ...] = ()
    """Addresses of the server behind the CDN."""
    public_tables: tuple[str, ...] = ()
    """Tables of the data platform that strangers are meant to read."""
    markers: tuple[str, ...] = ()
    """Words that only the test user's own pages carry: a name, a mail address, an id."""


class Mail(Record, frozen=True, kw_only=True):
    """What a person says of the product's mail: `[mail]` in launchready.toml."""

    senders: tuple[str, ...] = ()
    """Who sends it: ids of checklists/mail-providers.toml, or addresses of own mail servers."""
    addresses: tuple[str, ...] = msgspec.field(default=(), name="from")
    """The addresses that stand in From, such as invites@example.com. Written as `from`."""
    selectors: tuple[str, ...] = ()
    """DKIM selectors in use: the s= of a signature."""
    return_path: tuple[str, ...] = ()
    """Domains that bounces go to (Return-Path), where they are of one's own."""
    reply_to: tuple[str, ...] = ()
    """Where answers go, if not to the address in From."""
    dmarc_since: date | None = None
    """The day on which the DMARC record of today was published: a roll-out begins with it."""
    dkim_since: date | None = None
    """The day on which the oldest DKIM key in use was made."""
    smtp: str = ""
    """The mail service's host and port for test mails, such as smtp.resend.com:587."""


class Target(Fact, frozen=True, kw_only=True):
    """What the sprint is about. `repo` is an absolute path or empty; `urls` are extra addresses.

    `redirects` is the absolute path of a list of old addresses, or empty.
    """

    domain: str
    client: str = ""
    repo: str = ""
    urls: tuple[str, ...] = ()
    environments: tuple[str, ...] = ("dev", "preview", "prod")
    traits: dict[str, bool] = {}
    redirects: str = ""
    web: Web = Web()
    mail: Mail = Mail()
    only: bool = False
    """This very name is meant: nothing is guessed beside it or below it."""
    elsewhere: tuple[str, ...] = ()
    """Hosts that are looked at by themselves beside this one, because a person named them."""

    @property
    def guesses(self) -> bool:
        """Whether names that nobody gave are looked for below the domain: not where a person
        named those that count.
        """
        below = f".{self.domain}"
        return not self.only and not any(host.endswith(below) for host in self.elsewhere)

    @property
    def takes_no_payments(self) -> bool:
        """Whether somebody said that payments stay off for this launch."""
        return self.traits.get("payments") is False

    def share(self, most: int, least: int = 1) -> int:
        """Of what one target may be sent, the part of this one beside the others of its run: so
        that looking at several hosts sends little more than looking at one.
        """
        return max(least, most // (1 + len(self.elsewhere)))


class Moment(Fact, frozen=True, kw_only=True):
    """The one instant a run is judged at (UTC, whole seconds). Checks read no other clock."""

    at: datetime


class Saying(Record, frozen=True, kw_only=True):
    """What a person says a part of the set-up is: it overrides what we saw, and has a name."""

    key: str
    value: str
    by: str
    at: datetime


class Told(Fact, frozen=True, kw_only=True):
    """All sayings of a sprint, sorted by key."""

    sayings: tuple[Saying, ...] = ()

    def get(self, key: str) -> Saying | None:
        return next((s for s in self.sayings if s.key == key), None)


Bypass = Literal["cache", "bot rules", "rate limit", "waf"]
"""A protection that a route may have to do without."""


class RouteException(Record, frozen=True, kw_only=True):
    """A route that bypasses a protection on purpose: why, who answers for it, who wrote it down.

    `route` is a path or a full address; a star at its end takes in what lies below.
    """

    route: str
    bypasses: tuple[Bypass, ...]
    why: str
    owner: str
    by: str
    at: datetime

    def covers(self, url: str) -> bool:
        """Whether this is about an address; a path is about that path on every host."""
        path = "/" + url.partition("://")[2].partition("/")[2].partition("?")[0]
        whole = url if "://" in self.route else path
        start = self.route.removesuffix("*")
        if start != self.route:
            return whole.startswith(start)
        return whole.rstrip("/") == self.route.rstrip("/")


class RouteExceptions(Fact, frozen=True, kw_only=True):
    """All of them on record, sorted by route."""

    exceptions: tuple[RouteException, ...] = ()

    def of(self, url: str) -> tuple[RouteException, ...]:
        return tuple(one for one in self.exceptions if one.covers(url))


MailKind = Literal["invite", "reset", "notification"]
MAIL_KINDS: tuple[MailKind, ...] = ("invite", "reset", "notification")


class MailSignature(Record, frozen=True, kw_only=True):
    """What came of one DKIM signature of a received mail."""

    domain: str
    selector: str
    result: str
    reason: str = ""


class MailProof(Record, frozen=True, kw_only=True):
    """A real mail that a person gave, as it was judged then; or the bounce that came instead.

    `findings` and `gaps` are what was wrong with it and what could not be told, on that day.
    """

    kind: MailKind
    at: datetime
    by: str
    folder: Literal["", "inbox", "spam"] = ""
    """Where the person found it; empty for a bounce."""
    name: str = ""
    address: str = ""
    from_domain: str = ""
    reply_to: tuple[str, ...] = ()
    return_path_domain: str = ""
    dkim: tuple[MailSignature, ...] = ()
    spf: str = ""
    """The result of SPF; empty where the message did not say who handed it over."""
    client_ip: str = ""
    dmarc: str = ""
    policy: str = ""
    aligned: bool = False
    receiver: str = ""
    """The host that received it, as its topmost Authentication-Results says."""
    links: tuple[str, ...] = ()
    """Schemes and hosts only."""
    hidden_links: tuple[str, ...] = ()
    """Hosts that its links pass through, where none of them shows the app."""
    findings: tuple[Finding, ...] = ()
    gaps: tuple[str, ...] = ()
    bounce: str = ""
    """Why it was refused, in words; empty for a mail that arrived."""
    evidence: str = ""


class MailSent(Record, frozen=True, kw_only=True):
    """A test mail on its way: handed to a mail service from here, or triggered in the product.

    `outcome`: `sent` says that it was taken, not that it arrived; `unknown` that nothing was told.
    """

    kind: MailKind
    at: datetime
    by: str
    way: Literal["from here", "in the product"]
    via: str = ""
    """The mail service, host:port."""
    outcome: Literal["sent", "refused", "unknown"] = "sent"
    reply: str = ""
    """The service's last word."""
    cause: str = ""
    """Why it was not taken, in words."""
    fix: str = ""


class ProvenMails(Fact, frozen=True, kw_only=True):
    """The newest proof and the newest sending of each kind, sorted by kind."""

    proofs: tuple[MailProof, ...] = ()
    sendings: tuple[MailSent, ...] = ()

    def of(self, kind: MailKind) -> MailProof | None:
        return next((proof for proof in self.proofs if proof.kind == kind), None)

    def sent(self, kind: MailKind) -> MailSent | None:
        return next((one for one in self.sendings if one.kind == kind), None)


class StsEdition(Record, frozen=True, kw_only=True):
    """An MTA-STS policy under the id its record had: when it was first seen, and a digest of it."""

    domain: str
    id: str
    digest: str
    at: datetime


class StsEditions(Fact, frozen=True, kw_only=True):
    """The policy of each domain as it was when its id was first seen, sorted by domain."""

    editions: tuple[StsEdition, ...] = ()

    def of(self, domain: str) -> StsEdition | None:
        return next((one for one in self.editions if one.domain == domain), None)

    def with_new(self, seen: Iterable[StsEdition]) -> StsEditions:
        """These, with the ones whose id is another than before."""
        held = {one.domain: one for one in self.editions}
        for one in seen:
            if one.domain not in held or held[one.domain].id != one.id:
                held[one.domain] = one
        return StsEditions(editions=tuple(held[domain] for domain in sorted(held)))


class Permits(Fact, frozen=True, kw_only=True):
    """The active probes that a person allowed for this one run, by id, and who that was."""

    probes: tuple[str, ...] = ()
    by: str = ""

    def allows(self, probe: str) -> bool:
        return probe in self.probes

    def insist(self, probe: str) -> None:
        """Raises CouldNotTell where this probe was not allowed for this run."""
        if not self.allows(probe):
            raise CouldNotTell(f"{NOT_TRIED}; allow “{probe}”")


NO_PERMITS = Permits()


def _none() -> tuple[str, ...]:
    return ()


def _nothing(name: str) -> Secret | None:
    return None


class Keys:
    """The secrets a run may use, by name; read from the vault when one is asked for.

    Both calls may wait for the system's keyring: gatherers make them in `facts.threads.aside`.
    """

    def __init__(
        self,
        names: Callable[[], Collection[str]] = _none,
        get: Callable[[str], Secret | None] = _nothing,
    ) -> None:
        self.names = names
        self.get = get
        self.lent: dict[str, Secret] = {}
        """What a gatherer came by during this run, for the others: nowhere stored."""

    def for_one_run(self) -> Keys:
        """The same keys with nothing lent."""
        return Keys(self.names, self.get)


def _no_key() -> FingerprintKey | None:
    return None


class Prints:
    """The key that fingerprints on record were made with, asked for when one is to be compared.

    Both calls may wait for the system's keyring. `why` says why there is no key; empty where none
    was made yet.
    """

    def __init__(
        self,
        key: Callable[[], FingerprintKey | None] = _no_key,
        why: Callable[[], str] = str,
    ) -> None:
        self.key = key
        self.why = why


NO_PRINTS = Prints()
