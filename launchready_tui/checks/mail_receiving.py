"""Receiving: answers and bounces reach a server, and travel to it encrypted."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.checks.mail_findings import findings_of, judged_mail
from launchready_tui.engine import check
from launchready_tui.facts.mail import MailSetup
from launchready_tui.facts.mail_flaws import MailFlaw
from launchready_tui.facts.mail_mx import MxAudit, MxName
from launchready_tui.facts.mail_transport import MailTransport, TransportName
from launchready_tui.given import StsEditions, Target
from launchready_tui.model import Outcome, Seen, Unknown
from launchready_tui.network.seen import Greeting
from launchready_tui.outcomes import not_applicable
from launchready_tui.text import plural

NO_WAY_BACK = ("mx-missing", "mx-null-on-sender")


@check("mail.receiving")
def receiving(audit: MxAudit, mail: MailSetup, target: Target) -> Outcome:
    """The domain in From has mail servers that exist and can be told apart from others."""
    idle = mail.sends is False
    flaws = [flaw for name in audit.names for flaw in (name.idle if idle else name.flaws)]
    if _answers_elsewhere(target):
        flaws = [flaw for flaw in flaws if flaw.code not in NO_WAY_BACK]
    hosts = [host.host for name in audit.names for host in name.hosts]
    clean = f"{plural(len(hosts), 'mail server')}: {', '.join(hosts[:4])}"
    if not hosts:
        clean = f"{mail.domain} takes no mail, and sends none" if idle else "answers go elsewhere"
    return judged_mail(
        findings_of(map(_published, flaws), mail),
        clean=clean,
        seen=tuple(line for name in audit.names for line in _seen(name)),
        gaps=tuple(f"{n.domain}: {cause}" for n in audit.names for cause in n.causes),
    )


def _answers_elsewhere(target: Target) -> bool:
    """Whether answers go to another domain on purpose."""
    own = {address.rpartition("@")[2] for address in target.mail.addresses} or {target.domain}
    return any(address.rpartition("@")[2] not in own for address in target.mail.reply_to)


def _published(flaw: MailFlaw) -> MailFlaw:
    kind = "PTR" if flaw.code == "mx-no-fcrdns" else "MX"
    return MailFlaw(
        code=flaw.code,
        at=flaw.at,
        observed=flaw.observed,
        publish=flaw.publish,
        severity=flaw.severity,
        params={"type": kind, **flaw.params},
    )


def _seen(name: MxName) -> list[Seen]:
    if name.takes_no_mail:
        return [Seen(label=f"MX {name.domain}", value="0 . (takes no mail)", source="DNS")]
    return [
        Seen(
            label=f"MX {name.domain}",
            value=f"{host.preference} {host.host} {', '.join(host.addresses)}".strip(),
            source=host.vendor or "DNS",
        )
        for host in name.hosts
    ]


# ---------------------------------------------------------------- on the way


@check("mail.transport")
def transport(told: MailTransport, mail: MailSetup, before: StsEditions | Unknown) -> Outcome:
    """Senders may insist on encryption, and what they are told about it is true."""
    taking = [name for name in told.names if name.hosts or name.flaws or name.causes]
    if not taking:
        return not_applicable(f"{', '.join(name.domain for name in told.names)} takes no mail")
    flaws: dict[tuple[str, str], MailFlaw] = {}
    gaps: list[str] = []
    for name in taking:
        greeted = [flaw for g in name.greetings for flaw in _greeted(g, name)]
        for flaw in (*name.flaws, *greeted, *_edited(name, before)):
            flaws.setdefault((flaw.code, flaw.at), flaw)
        causes = [*name.causes, *(g.cause for g in name.greetings if g.outcome == "unknown")]
        gaps += [f"{name.domain}: {cause}" for cause in dict.fromkeys(causes)]
    return judged_mail(
        findings_of(flaws.values(), mail),
        clean="; ".join(f"mail to {name.domain}: {_in_words(name)}" for name in taking),
        seen=tuple(line for name in taking for line in _on_the_way(name)),
        gaps=tuple(gaps),
    )


def _edited(name: TransportName, before: StsEditions | Unknown) -> Iterable[MailFlaw]:
    """A policy that was changed under the same id: senders that hold it never look again
    (RFC 8461, 3.1)."""
    held = before.of(name.domain) if isinstance(before, StsEditions) else None
    if held is None or not (name.id and name.digest):
        return
    if held.id == name.id and held.digest != name.digest:
        observed = (
            f"the policy was changed after {held.at:%Y-%m-%d}, and its record still says"
            f" id={name.id}: senders keep the old one"
        )
        params = {"name": f"_mta-sts.{name.domain}"}
        publish = f"v=STSv1; id={_next_id(name.id)}"
        yield MailFlaw(
            code="mta-sts-stale",
            at=f"_mta-sts.{name.domain}",
            observed=observed,
            publish=publish,
            params=params,
        )


def _next_id(id: str) -> str:
    """An id that differs: a number goes up by one, anything else gets a letter more."""
    return str(int(id) + 1) if id.isascii() and id.isdigit() else f"{id[:31]}a"


def _greeted(greeting: Greeting, told: TransportName) -> Iterable[MailFlaw]:
    if greeting.outcome == "plain":
        observed = f"{greeting.host} offers no encryption (STARTTLS) on port 25"
        yield MailFlaw(code="smtp-no-starttls", at=greeting.host, observed=observed)
    elif greeting.outcome == "untrusted":
        insisted = (
            "and senders are told to insist on it" if told.insisted else "nobody insists on it"
        )
        yield MailFlaw(
            code="smtp-cert",
            at=greeting.host,
            observed=f"the certificate of {greeting.host} is not trusted: {greeting.cause};"
            f" {insisted}",
            severity="" if told.insisted else "low",
        )


def _in_words(told: TransportName) -> str:
    parts = [f"MTA-STS {told.mode}" if told.mode else "", "TLS reports" if told.reports else ""]
    parts += ["DANE" if told.dane else ""]
    spoken = [g.host for g in told.greetings if g.outcome == "trusted"]
    parts += [f"STARTTLS at {', '.join(spoken[:3])}" if spoken else ""]
    return ", ".join(filter(None, parts)) or "nothing is promised, and nothing is broken"


def _on_the_way(told: TransportName) -> Iterable[Seen]:
    yield Seen(label="MTA-STS", value=told.mode or "none", source=f"_mta-sts.{told.domain}")
    yield Seen(
        label="TLS reports", value=told.reports or "none", source=f"_smtp._tls.{told.domain}"
    )
    yield Seen(label="DANE", value=", ".join(told.dane) or "none", source="TLSA")
    if told.bimi:
        yield Seen(label="BIMI", value=told.bimi, source=f"default._bimi.{told.domain}")
    for greeting in told.greetings:
        value: str = greeting.outcome
        if value in ("unreachable", "blocked"):
            value = f"not run here: {greeting.cause}"
        elif greeting.version:
            value = f"{value}, {greeting.version}"
        yield Seen(label=f"STARTTLS {greeting.host}", value=value, source="port 25")
