"""Alignment before the first send: what signs and what bounces belong to the domain in From.

DMARC passes where one of the two does. Both can be told from DNS for a service whose names are
known; where they cannot, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from launchready_tui.checks.mail_findings import finding_of, is_remark
from launchready_tui.engine import check
from launchready_tui.facts import tables
from launchready_tui.facts.dns import registrable
from launchready_tui.facts.mail import MailSender, MailSetup
from launchready_tui.facts.mail_dkim import DkimAudit, DkimName
from launchready_tui.facts.mail_dmarc import DmarcAudit, DmarcName
from launchready_tui.facts.mail_flaws import MailFlaw
from launchready_tui.facts.mail_names import ReturnPath, provider
from launchready_tui.facts.mail_senders import MailAddresses
from launchready_tui.facts.mail_spf import SpfAudit
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Record, Seen, Unknown
from launchready_tui.network.hosts import below
from launchready_tui.outcomes import judged, not_applicable
from launchready_tui.text import plural

FREE_MAIL = (
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "aol.com",
    "icloud.com",
    "me.com",
    "gmx.com",
    "gmx.net",
    "gmx.de",
    "web.de",
    "proton.me",
    "protonmail.com",
    "mail.ru",
    "qq.com",
)
Aligned = Literal["exact", "relaxed", "no", "unknown"]


class Way(Record, frozen=True, kw_only=True):
    """One sender and one domain in From: how its bounces and its signature stand to that domain."""

    sender: MailSender
    domain: str
    spf: Aligned
    dkim: Aligned
    spf_by: str = ""
    dkim_by: str = ""


@check("mail.alignment")
def alignment(
    mail: MailSetup,
    spf: SpfAudit,
    dkim: DkimAudit,
    dmarc: DmarcAudit,
    target: Target,
    code: MailAddresses | Unknown,
) -> Outcome:
    """The sender in use authenticates as the domain that people see."""
    if mail.sends is False:
        return not_applicable(f"{mail.domain} sends no mail")
    findings = list(_addresses(mail, target, code))
    gaps = [f"{mail.domain}: {cause}" for cause in mail.causes]
    bouncing = tuple(sender for sender in mail.senders if sender.how == "bounces")
    used = mail.in_use or bouncing or mail.senders
    if not used:
        gaps.append("nobody said what sends the app's mail: name it under [mail] senders")
    ways = [
        _way(mail, spf, dkim, dmarc.of(domain), sender, domain)
        for domain in mail.domains
        for sender in used
    ]
    for way in ways:
        rules = dmarc.of(way.domain)
        fault = _fault(way, rules)
        if fault is not None and (way.sender.certain or way.sender.how == "bounces"):
            sure = Confidence.CONFIRMED if way.sender.how != "code" else Confidence.LIKELY
            findings.append(finding_of(fault, mail, confidence=sure))
        elif not _passes(way, rules):
            gaps.append(
                f"{way.sender.label} for {way.domain}: its selector is not known; give the one of"
                " a sent mail (s=) under [mail] selectors"
            )
    gaps += [f"{n.domain}: {c}" for n in dkim.names for c in n.causes if not n.usable]
    words = ", ".join(_in_words(way) for way in ways)
    return judged(
        tuple(f for f in findings if not is_remark(f)),
        clean=f"aligned: {words}",
        seen=tuple(_seen(mail, ways)),
        gaps=tuple(dict.fromkeys(gaps)),
        proven=bool(mail.in_use) and all(sender.how == "given" for sender in mail.in_use),
    )


# ---------------------------------------------------------------- addresses


def _addresses(mail: MailSetup, target: Target, code: MailAddresses | Unknown) -> Iterable[Finding]:
    """Addresses in From that only tests may use, or that belong to somebody else's domain."""
    found = [(address, "launchready.toml", True) for address in target.mail.addresses]
    told = code.addresses if isinstance(code, MailAddresses) else ()
    found += [(one.address, one.where, len(told) == 1) for one in told]
    for address, where, sure in found:
        domain = address.rpartition("@")[2]
        what = _sandbox(domain)
        confidence = Confidence.CONFIRMED if sure else Confidence.LIKELY
        if what:
            flaw = MailFlaw(
                code="dmarc-sandbox-from",
                at=address,
                observed=f"{address} stands in From ({where}): {what}",
                params={"name": mail.domain},
            )
            yield finding_of(flaw, mail, confidence=confidence)
        elif where != "launchready.toml" and _foreign(domain, target, mail):
            flaw = MailFlaw(
                code="mail-from-elsewhere",
                at=address,
                observed=f"{address} stands in From ({where}), and the app is at {target.domain}",
                params={"name": mail.domain},
            )
            yield finding_of(flaw, mail, confidence=Confidence.LIKELY)


def _sandbox(domain: str) -> str:
    """What is wrong with a domain in From; empty where it may be one's own."""
    row = next((r for r in tables.mail_providers() if tables.ends_with(domain, r.sandbox)), None)
    if row is not None:
        return f"a domain of {row.label} for tests, from which only you get mail"
    if domain in FREE_MAIL:
        return f"a mailbox at {domain}, whose owner refuses mail that it did not send itself"
    return ""


def _foreign(domain: str, target: Target, mail: MailSetup) -> bool:
    example = domain.endswith((".test", ".example", ".invalid", ".localhost", ".local"))
    known = {registrable(name) for name in (target.domain, *mail.domains)}
    sample = registrable(domain) in ("example.com", "example.org", "example.net")
    return not example and not sample and registrable(domain) not in known


# ---------------------------------------------------------------- ways


def _way(
    mail: MailSetup,
    spf: SpfAudit,
    dkim: DkimAudit,
    rules: DmarcName | None,
    sender: MailSender,
    domain: str,
) -> Way:
    home = rules.organisation if rules else domain
    bounces, spf_by = _bounces(mail, spf, sender, domain, home)
    signed, dkim_by = _signs(dkim, sender, domain, home)
    return Way(
        sender=sender, domain=domain, spf=bounces, dkim=signed, spf_by=spf_by, dkim_by=dkim_by
    )


def _bounces(
    mail: MailSetup, spf: SpfAudit, sender: MailSender, domain: str, home: str
) -> tuple[Aligned, str]:
    """Where a sender's bounces go, beside the domain in From."""
    row = provider(sender.id)
    if row is None or not (row.sends or row.return_path):
        return "exact", domain  # an own server, or people's mailboxes: MAIL FROM is From
    for path in mail.return_paths:
        named = spf.of(path.name)
        if _belongs(path, sender) and (path.alias or (named and named.standing == "record")):
            if path.name == domain:
                return "exact", path.name
            if below(path.name, home) or path.name == home:
                return "relaxed", path.name
    return "no", f"a domain of {row.label}"


def _belongs(path: ReturnPath, sender: MailSender) -> bool:
    mine, theirs = provider(sender.id), provider(path.provider)
    if mine is None or theirs is None:
        return path.given
    return mine.id == theirs.id or mine.included == theirs.included


def _signs(dkim: DkimAudit, sender: MailSender, domain: str, home: str) -> tuple[Aligned, str]:
    """Which key of ours a sender signs with, as far as its selectors are known."""
    row = provider(sender.id)
    own = set(row.selectors) if row else set()
    unsure = False
    for name in sorted(dkim.names, key=lambda one: one.domain != domain):
        if name.domain != domain and not below(name.domain, home) and name.domain != home:
            continue
        unsure |= name.wildcard or bool(name.causes)
        key = _key(name, sender, own)
        if key:
            how: Aligned = "exact" if name.domain == domain else "relaxed"
            return how, f"{key}._domainkey.{name.domain}"
    asked = [key for name in dkim.names for key in name.keys if key.how == "given"]
    known = bool(own) or bool(asked)
    return ("unknown", "") if unsure or not known else ("no", "")


def _key(name: DkimName, sender: MailSender, own: set[str]) -> str:
    for key in name.usable:
        if (
            key.provider == sender.id
            or key.selector in own
            or (key.how == "given" and not key.provider)
        ):
            return key.selector
    return ""


def _passes(way: Way, rules: DmarcName | None) -> bool:
    strict_spf, strict_dkim = (rules.strict_spf, rules.strict_dkim) if rules else (False, False)
    return _fits(way.spf, strict_spf) or _fits(way.dkim, strict_dkim)


def _fits(aligned: Aligned, strict: bool) -> bool:
    return aligned == "exact" or (aligned == "relaxed" and not strict)


def _fault(way: Way, rules: DmarcName | None) -> MailFlaw | None:
    """What is certainly wrong with a way; None where it passes, or where it is not known."""
    if _passes(way, rules) or way.dkim == "unknown":
        return None
    if "relaxed" in (way.spf, way.dkim):
        by = [
            name
            for how, name in ((way.spf, way.spf_by), (way.dkim, way.dkim_by))
            if how == "relaxed"
        ]
        strict = "aspf=s" if way.spf == "relaxed" else "adkim=s"
        better = _relaxed(rules.record) if rules else ""
        return MailFlaw(
            code="dmarc-strict-mismatch",
            at=f"_dmarc.{rules.record_domain if rules else way.domain}",
            observed=f"{strict}, and {way.sender.label} sends with {by[0]} for {way.domain}",
            publish=better,
        )
    return MailFlaw(
        code="dmarc-alignment",
        at=way.domain,
        observed=f"{way.sender.label} ({way.sender.where}) takes bounces at {way.spf_by}, and no"
        f" key of it is published at {way.domain}: neither belongs to {way.domain}",
        params={"name": way.domain, "sender": way.sender.label},
    )


def _relaxed(record: str) -> str:
    pairs = [pair.strip() for pair in record.split(";") if pair.strip()]
    kept = [p for p in pairs if p.replace(" ", "").lower() not in ("aspf=s", "adkim=s")]
    return "; ".join(kept)


# ---------------------------------------------------------------- what was seen


def _in_words(way: Way) -> str:
    by = way.dkim_by if way.dkim in ("exact", "relaxed") else way.spf_by
    return f"{way.sender.label} by {by}"


def _seen(mail: MailSetup, ways: list[Way]) -> Iterable[Seen]:
    for sender in mail.senders:
        yield Seen(label=sender.label, value=sender.where, source=sender.how)
    for way in ways:
        bounces = f"bounces {way.spf_by or 'unknown'} ({way.spf})"
        value = f"{bounces}, key {way.dkim_by or 'none'} ({way.dkim})"
        yield Seen(label=f"{way.sender.label} for {way.domain}", value=value, source="DNS")
    names = len(mail.return_paths)
    if names:
        listed = ", ".join(path.name for path in mail.return_paths)
        yield Seen(label=plural(names, "return-path"), value=listed, source="DNS")
