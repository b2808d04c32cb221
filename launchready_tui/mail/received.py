"""A message or a bounce that a person gives: read, verified, judged, and told without its secrets.

What is kept of it is written here anew from what was understood: names, hosts, results. Its text
and whatever its links carry never leave this module.
"""

from __future__ import annotations

import asyncio
import functools
import re
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from launchready_tui.facts import tables
from launchready_tui.given import MailKind, MailProof, MailSignature, Target
from launchready_tui.mailauth import bounce, message
from launchready_tui.mailauth.lookup import Lookup
from launchready_tui.model import Confidence, Finding, Level, Record, Severity
from launchready_tui.text import safe

if TYPE_CHECKING:
    from launchready_tui.network import Options

KNOWN_RECEIVERS = (
    "google.com", "outlook.com", "yahoo.com", "icloud.com", "gmx.net", "web.de", "proton.me",
    "protonmail.ch", "fastmail.com", "messagingengine.com", "zoho.com",
)  # fmt: skip
"""Hosts of mailboxes whose Authentication-Results a person may rely on for a mail of their own."""
KEPT_AS = {"dmarc-alignment": "mail-not-aligned", "dmarc-sandbox-from": "mail-from-sandbox"}
"""A code belongs to one item: what a set-up is called by these, a mail that was seen by those."""
SAYS_IT_ALL = {"mail-from-sandbox", "builtin-mailer-in-production"}
"""Beside these nobody has to be told that the sender is not the app's own domain."""
MAILS = "mail.system-mails"
MAIL_ITEMS = (MAILS, "mail.sender")
"""What is judged by the mails that people gave."""
READ_SECONDS = 60.0
MOST_SHOWN = 40
_HEADER = re.compile(rb"^([A-Za-z][A-Za-z0-9-]{0,60}):", re.MULTILINE)
_TELLING = (
    b"date delivered-to dkim-signature message-id mime-version received return-path subject to"
).split()
_REPORT = re.compile(rb"^content-type:\s*multipart/report\b", re.IGNORECASE | re.MULTILINE)
_DSN = re.compile(r"^(?:Diagnostic-Code|Final-Recipient|Action:\s*failed)", re.I | re.MULTILINE)
_HEAD = 200_000

What = Literal["message", "bounce", "text"]


class Received(Record, frozen=True, kw_only=True):
    """What was understood: the proof to be, and the lines that may be kept and shown."""

    what: What
    proof: MailProof
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def what_is(data: bytes) -> What:
    """Whether bytes are a whole message, a bounce in any form, or just text."""
    head = re.split(rb"\r?\n\r?\n", data[:_HEAD].lstrip(), maxsplit=1)[0]
    names = {name.lower() for name in _HEADER.findall(head)}
    is_message = b"from" in names and not names.isdisjoint(_TELLING)
    if is_message:
        return "bounce" if _REPORT.search(head) else "message"
    text = data[:_HEAD].decode("utf-8", "replace")
    said = bounce.decode(text)
    if (said.status and said.reply) or (said.status and _DSN.search(text)):
        return "bounce"
    return "text"


def around(kind: message.Kind, target: Target | None) -> message.Surroundings:
    """What a message of a sprint's app is judged against."""
    hosts: list[str] = []
    if target is not None:
        from urllib.parse import urlsplit

        app = urlsplit(target.web.app).hostname or ""
        hosts = [target.domain, *([app] if app else [])]
    return message.Surroundings(kind=kind, hosts=tuple(hosts), is_preview=is_preview)


@functools.cache
def _previews() -> re.Pattern[str]:
    patterns = [pattern for row in tables.hosts() for pattern in row.previews]
    endings = [re.escape(end) for row in tables.hosts() for end in row.dev_only]
    tunnels = [re.escape(e) for row in tables.hosts() if row.tunnel for e in row.suffixes]
    below = [rf"(?:[^.]+\.)*{ending}" for ending in (*endings, *tunnels)]
    return re.compile("|".join(f"(?:{one})" for one in (*patterns, *below)))


def is_preview(host: str) -> bool:
    """Whether a host is a preview, a development host or a tunnel by its name."""
    return len(host) < 256 and _previews().fullmatch(host) is not None


def findings_of(flaws: Collection[message.Flaw]) -> tuple[Finding, ...]:
    """Flaws as findings of the house, harmless to show."""
    return tuple(
        Finding(
            code=flaw.code,
            subject=safe(flaw.at, one_line=True, limit=200),
            observed=safe(flaw.observed, one_line=True, limit=500),
            params={k: safe(v, one_line=True, limit=500) for k, v in flaw.params.items()},
            confidence=Confidence.CONFIRMED,
            severity=Severity(flaw.severity) if flaw.severity else None,
        )
        for flaw in flaws
    )


async def read(
    lookup: Lookup,
    data: bytes,
    *,
    kind: MailKind,
    folder: Literal["", "inbox", "spam"],
    by: str,
    at: datetime,
    target: Target | None = None,
    receivers: Collection[str] = KNOWN_RECEIVERS,
) -> Received:
    """Read what a person gave for a kind of mail. Only DNS is asked.

    Raises:
        TooLarge: It has more than 60 MiB.
    """
    if what_is(data) == "bounce":
        return _bounced(data, kind=kind, by=by, at=at)
    said = await message.verify(lookup, data, now=int(at.timestamp()), receivers=receivers)
    where = around(kind, target)
    flaws = message.audit(said, where)
    hidden = tuple(map(_short, message.hidden_links(said, where)[:5]))
    proof = _proof(said, kind=kind, folder=folder, by=by, at=at)
    findings = tuple(
        replace(one, code=KEPT_AS.get(one.code, one.code)) for one in findings_of(flaws)
    )
    if not {finding.code for finding in findings} & SAYS_IT_ALL:
        findings += _branding(proof, target)
    proof = replace(_with(proof, findings, message.gaps(said)), hidden_links=hidden)
    return Received(what="message", proof=proof, lines=tuple(_lines(said, proof)))


async def read_through(
    options: Options,
    data: bytes,
    *,
    kind: MailKind,
    folder: Literal["", "inbox", "spam"],
    by: str,
    at: datetime,
    target: Target,
) -> Received:
    """The same through a door of its own, at which only DNS questions may leave.

    Raises:
        TooLarge: It has more than 60 MiB.
        TimeoutError: DNS answered too slowly to end within `READ_SECONDS`.
    """
    from launchready_tui.facts.mail_lookup import lookup_of
    from launchready_tui.network import Scope, open_network

    nowhere = Scope(hosts=(), level=Level.PASSIVE, by="", named=())
    async with open_network(nowhere, options) as net, asyncio.timeout(READ_SECONDS):
        return await read(
            lookup_of(net), data, kind=kind, folder=folder, by=by, at=at, target=target
        )


def _with(proof: MailProof, findings: tuple[Finding, ...], gaps: tuple[str, ...]) -> MailProof:
    told = tuple(safe(gap, one_line=True, limit=400) for gap in gaps)
    return replace(proof, findings=findings, gaps=told)


def _proof(
    said: message.Verification,
    *,
    kind: MailKind,
    folder: Literal["", "inbox", "spam"],
    by: str,
    at: datetime,
) -> MailProof:
    given = said.message
    sender = given.senders[0] if given.senders else None
    judged = said.dmarc
    return MailProof(
        kind=kind,
        at=at,
        by=by,
        folder=folder,
        name=_short(sender.name) if sender else "",
        address=_short(sender.address) if sender else "",
        from_domain=_short(given.author),
        reply_to=tuple(_short(one.address) for one in given.reply_to[:5]),
        return_path_domain=_short(said.spf_domain),
        dkim=tuple(
            MailSignature(
                domain=_short(one.domain),
                selector=_short(one.selector),
                result=one.result,
                reason=_short(one.reason),
            )
            for one in said.dkim
        ),
        spf=said.spf.result if said.spf else "",
        client_ip=given.client_ip,
        dmarc=judged.result if judged else "",
        policy=(judged.policy or "") if judged else "",
        aligned=message.aligned(said) is True,
        receiver=_short(given.results[0].authserv_id) if given.results else "",
        links=tuple(_short(f"{link.scheme}://{link.host}") for link in given.links[:MOST_SHOWN]),
    )


def _branding(proof: MailProof, target: Target | None) -> tuple[Finding, ...]:
    """What the sender's name and domain are beside the app's own."""
    found = []
    if proof.address and not proof.name.strip():
        observed = f"From is {proof.address} without a name"
        found.append(Finding(code="mail-sender-nameless", subject="From", observed=observed))
    domain = proof.from_domain
    if target is not None and domain:
        inside = domain == target.domain or domain.endswith(f".{target.domain}")
        above = target.domain.endswith(f".{domain}") and "." in domain
        if not (inside or above):
            observed = f"From is {proof.address}, the app is at {target.domain}"
            found.append(Finding(code="mail-from-foreign", subject=domain, observed=observed))
    return tuple(found)


def _bounced(data: bytes, *, kind: MailKind, by: str, at: datetime) -> Received:
    said = bounce.decode(data[:_HEAD].decode("utf-8", "replace"))
    codes = " ".join(filter(None, (said.reply, said.status))) or "no code"
    cause = said.cause or "It was refused, and no code in it is known: read its words."
    fix = said.fix or "Ask the mail service's event log and suppression list about this address."
    final = {True: "final", False: "it will be tried again", None: "not told whether final"}
    lines = (
        f"Bounce of the {kind}, {at:%Y-%m-%d}",
        f"Refused by: {said.provider or 'a server this program does not know'}",
        f"Code: {codes} ({final[said.final]})",
        f"Cause: {cause}",
        f"Fix: {fix}",
    )
    finding = Finding(
        code="mail-refused",
        subject=kind,
        observed=f"{codes}: {cause}",
        params={"fix": fix},
        severity=None if said.final is not False else Severity.HIGH,
    )
    proof = MailProof(kind=kind, at=at, by=by, findings=(finding,), bounce=cause)
    return Received(what="bounce", proof=proof, lines=lines)


def _short(text: str) -> str:
    return safe(text, one_line=True, limit=320)


# ---------------------------------------------------------------- what is shown and kept


def _lines(said: message.Verification, proof: MailProof) -> list[str]:
    """The message in a few lines, for a person and for the record."""
    given = said.message
    shown = f"{proof.name} <{proof.address}>" if proof.name else proof.address or "nobody"
    lines = [
        f"Mail: {proof.kind}, found in {proof.folder or 'no folder named'}, {proof.at:%Y-%m-%d}",
        f"From: {shown}",
        f"Reply-To: {', '.join(proof.reply_to) or 'none'}",
        f"Return-Path at: {proof.return_path_domain or 'not told'}",
    ]
    lines += [f"Date: {_short(value)[:80]}" for value in given.all("date")[:1]]
    if not proof.dkim:
        lines.append("DKIM: no signature")
    for one in proof.dkim:
        why = f": {one.reason}" if one.reason else ""
        lines.append(f"DKIM: {one.result} for {one.domain} (selector {one.selector}){why}")
    sent = f"{proof.spf} for {proof.return_path_domain} from {proof.client_ip}"
    lines.append(f"SPF: {sent if proof.spf else 'not told by the message'}")
    policy = f", the domain asks for {proof.policy}" if proof.policy else ""
    lines.append(f"DMARC: {proof.dmarc or 'not told'} for {proof.from_domain or 'nobody'}{policy}")
    for header in given.results[:5]:
        results = ", ".join(f"{one.method}={one.result}" for one in header.results[:8])
        faith = "believed" if header in said.believed else "not believed"
        lines.append(_short(f"Authentication-Results of {header.authserv_id} ({faith}): {results}"))
    for link in given.links[:MOST_SHOWN]:
        onward = f", leads on to {', '.join(link.leads_to)}" if link.leads_to else ""
        lines.append(_short(f"Link: {link.scheme}://{link.host} ({link.count}×){onward}"))
    lines += [f"Found: {finding.observed}" for finding in proof.findings]
    lines += [f"Not told: {gap}" for gap in proof.gaps]
    if proof.hidden_links:
        lines.append(f"Not told: where links by way of {', '.join(proof.hidden_links)} lead")
    return lines
