"""What comes back through the door: answers, handshakes and exchanges as values.

Each holds only strings that passed `text.safe`. None of them is a judgement.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from launchready_tui.model import Record


class Alias(Record, frozen=True, kw_only=True):
    """One CNAME step on the way to an answer."""

    name: str
    target: str
    ttl: int


class Answer(Record, frozen=True, kw_only=True):
    """What one DNS question brought.

    `ok` has records; `nodata` and `nxdomain` are both absent but never the same; `unknown` is
    SERVFAIL, REFUSED, FORMERR, a time-out or a lie, with `cause` naming server and question.
    `records` are in presentation form without trailing dots (MX as "10 mx.example"), TXT strings
    joined, sorted. `chain` holds the CNAME steps followed (at most 10); `ttl` is the smallest
    of the final set, in seconds. With `ttl` comes the rule: a caching resolver may show less
    than the zone says. `target` is the last name of the chain, equal to `name` without aliases.
    """

    name: str
    rdtype: str
    outcome: Literal["ok", "nodata", "nxdomain", "unknown"]
    target: str = ""
    records: tuple[str, ...] = ()
    ttl: int = 0
    chain: tuple[Alias, ...] = ()
    server: str = ""
    cause: str = ""
    rcode: str = ""
    """What the server said: "NOERROR", "SERVFAIL", "REFUSED" …; empty when nothing came."""
    authoritative: bool = False
    """The AA bit: the server that answered is one of the zone's own."""
    referral: tuple[str, ...] = ()
    """Of an `unknown` one: the servers it names instead of answering, as a parent zone does."""
    glue: tuple[tuple[str, str], ...] = ()
    """Their addresses, as far as the referral tells them: pairs of name and address."""


class Transfer(Record, frozen=True, kw_only=True):
    """Whether a nameserver hands its whole zone to a stranger. Nothing of the zone is kept.

    `open`: it began to send it; `records` is how many its first message held.
    """

    zone: str
    server: str
    outcome: Literal["open", "refused", "unknown"]
    records: int = 0
    cause: str = ""


class Certificate(Record, frozen=True, kw_only=True):
    """A parsed certificate. Never trusted for what it says: trust comes from the handshake."""

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    serial: str
    sha256: str
    key: str
    """Such as "RSA 2048" or "EC secp256r1"."""
    self_issued: bool = False
    names_issuer_url: bool = False
    """AIA caIssuers is present: a public CA's leaf or intermediate."""
    must_staple: bool = False
    names_ocsp: bool = False
    """It says where its validity can be asked for (AIA OCSP)."""


class Handshake(Record, frozen=True, kw_only=True):
    """One TLS connection to one address of one host.

    `outcome`: `trusted` (OpenSSL verified chain, dates and name) · `untrusted` (a second,
    unverified handshake showed what it presents; `verify_code` and `verify_message` keep
    OpenSSL's reason) · `refused` (nothing listens: RST) · `unknown` (time-out, not TLS, broken
    off; `cause` says so).
    """

    host: str
    address: str
    port: int
    outcome: Literal["trusted", "untrusted", "refused", "unknown"]
    version: str = ""
    alpn: str = ""
    cipher: str = ""
    verify_code: int = 0
    verify_message: str = ""
    chain: tuple[Certificate, ...] = ()
    cause: str = ""
    stapled: Literal["", "yes", "no", "unknown"] = ""
    """Of a certificate that demands a proof of validity: whether one came. Else empty."""
    reached: bool = False
    """Of an `unknown` one: a connection stood, so what went wrong is not our way there."""


class Presented(Record, frozen=True, kw_only=True):
    """SHA-256 of a certificate and of its public key, in hexadecimal: what DANE records hold.

    `certificate_512` and `key_512` are the same by SHA-512.
    """

    certificate: str
    key: str
    certificate_512: str = ""
    key_512: str = ""


class Greeting(Record, frozen=True, kw_only=True):
    """What a mail server said on port 25, and the certificate it shows after STARTTLS.

    `outcome`: `trusted` · `untrusted` (`verify_code` and `cause` keep OpenSSL's reason) · `plain`
    (no STARTTLS) · `unreachable` (no connection from here, which is no word about the server) ·
    `blocked` (the door would not let it out) · `unknown` (it broke off, or speaks no SMTP).
    """

    host: str
    outcome: Literal["trusted", "untrusted", "plain", "unreachable", "blocked", "unknown"]
    address: str = ""
    banner: str = ""
    version: str = ""
    verify_code: int = 0
    chain: tuple[Certificate, ...] = ()
    shown: tuple[Presented, ...] = ()
    cause: str = ""


class VersionOffer(Record, frozen=True, kw_only=True):
    """Whether a host completes a handshake with exactly this protocol version."""

    version: Literal["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
    outcome: Literal["accepted", "refused", "unknown"]
    cause: str = ""
    """For unknown: a time-out, or "this client cannot test TLSv1"."""


class Hop(Record, frozen=True, kw_only=True):
    """One request and its response's head. Header names in lower case, in order, at most 200.

    `outcome`: `ok` (a response head came) · `tls` (the certificate was not trusted: no request was
    sent) · `refused` (connection refused) · `blocked` (the door would not let it out: out of
    scope, a private address behind a public name, file://) · `unknown` (time-out, broken answer).
    """

    url: str
    method: str
    outcome: Literal["ok", "tls", "refused", "blocked", "unknown"]
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    address: str = ""
    cause: str = ""

    def header(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        return next((v for k, v in self.headers if k == name.lower()), "")

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(v for k, v in self.headers if k == name.lower())


class Fetched(Record, frozen=True, kw_only=True):
    """A followed request: every hop, and the body of the last one (decoded, capped, not stored).

    `ended`: `ok` (a final response) · `loop` (a URL came twice) · `long` (more than 10 hops) ·
    else the outcome of the last hop that did not work.
    """

    url: str
    hops: tuple[Hop, ...]
    ended: Literal["ok", "loop", "long", "tls", "refused", "blocked", "unknown"]
    body: str = ""
    truncated: bool = False
    cause: str = ""

    @property
    def last(self) -> Hop:
        return self.hops[-1]

    @property
    def status(self) -> int:
        return self.hops[-1].status if self.hops else 0


class Request(Record, frozen=True, kw_only=True):
    """A line of the request log: what left, when, for which fact. Never a body or a credential."""

    id: int
    at: datetime
    host: str
    address: str
    method: str
    """DNS, TLS, GET, HEAD …"""
    path: str
    """The URL's path without its query, or the DNS record type."""
    level: str
    fact: str = ""
    after: int = 0
    """The request that had to end before this one could start; 0 for none."""
    round_trips: int = 1
    """Network round trips it takes at best: DNS 1, TLS 2 (1.3: TCP + hello), https GET 3."""
    seconds: float = 0.0
    outcome: str = ""
    target: str = ""
    """The domain of the run that sent it, where several share a door."""
