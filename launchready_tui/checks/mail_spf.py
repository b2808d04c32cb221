"""SPF: the records are sound, and they name the servers that really send."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from launchready_tui.checks.mail_findings import finding_of, findings_of, judged_mail
from launchready_tui.engine import check
from launchready_tui.facts import tables
from launchready_tui.facts.mail import MailSender, MailSetup
from launchready_tui.facts.mail_flaws import MailFlaw
from launchready_tui.facts.mail_names import ReturnPath, provider
from launchready_tui.facts.mail_spf import SpfAudit, SpfName
from launchready_tui.facts.tables import ProviderRow
from launchready_tui.mailauth.spf import is_spf, parse
from launchready_tui.mailauth.spf.mend import mended
from launchready_tui.model import Finding, Outcome, Seen
from launchready_tui.text import plural

NOBODY = "v=spf1 -all"


@check("mail.spf")
def spf(audit: SpfAudit, mail: MailSetup) -> Outcome:
    """Every name that mail is sent from has one sound record, and it lets the senders in."""
    gaps = tuple(f"{name.domain}: {cause}" for name in audit.names for cause in name.causes)
    seen = tuple(line for name in audit.names for line in _seen(name))
    if mail.sends is False:
        return judged_mail(
            _parked(audit, mail),
            clean=f"{mail.domain} sends no mail, and its record says so",
            seen=seen,
            gaps=gaps,
        )
    if mail.sends is None:
        gaps = (*gaps, *(f"{mail.domain}: {cause}" for cause in mail.causes))
    flaws = [flaw for name in audit.names for flaw in _adjusted(name, mail)]
    missing = {flaw.at for flaw in flaws if flaw.code == "spf-missing"}
    flaws += [flaw for flaw in _uncovered(audit, mail) if flaw.at not in missing]
    flaws += [note for name in audit.names for note in name.notes]
    told = bool(mail.senders) and all(sender.how == "given" for sender in mail.in_use)
    costs = ", ".join(
        f"{n.domain} costs {plural(n.cost, 'lookup')}" for n in audit.names if n.record
    )
    return judged_mail(
        findings_of(flaws, mail),
        clean=f"one sound record each: {costs}" if costs else "nothing has to be published here",
        seen=seen,
        gaps=tuple(dict.fromkeys(gaps)),
        proven=told and bool(mail.in_use),
    )


def _parked(audit: SpfAudit, mail: MailSetup) -> list[Finding]:
    """A domain without mail says that nobody sends in its name."""
    findings = []
    for name in audit.names:
        if name.standing == "failed" or (name.standing == "record" and _closed(name.record)):
            continue
        said = f"“{name.record}”" if name.record else "nothing"
        flaw = MailFlaw(
            code="spf-parked-open",
            at=name.domain,
            observed=f"{name.domain} sends no mail, and SPF says {said}: anybody may use its name",
            publish=NOBODY,
        )
        findings.append(finding_of(flaw, mail))
    return findings


def _closed(record: str) -> bool:
    """Whether a record lets nobody in and refuses everybody."""
    terms = parse(record).mechanisms if is_spf(record) else ()
    return (
        bool(terms) and terms[-1].text.lower() == "-all" and all(m.qualifier != "+" for m in terms)
    )


# ---------------------------------------------------------------- the records


def _adjusted(name: SpfName, mail: MailSetup) -> Iterable[MailFlaw]:
    """The flaws of a record, weighed by what the name is used for."""
    for flaw in name.flaws:
        if flaw.code == "spf-missing":
            if name.bounces:
                observed = f"bounces go to {name.domain}, which has no SPF record of its own"
                path = next((p for p in mail.return_paths if p.name == name.domain), None)
                row = provider(path.provider) if path else None
                better = f"v=spf1 include:{row.included} ~all" if row and row.included else ""
                yield replace(flaw, code="spf-subdomain-missing", observed=observed, publish=better)
            elif _sends_from(name.domain, mail):
                yield replace(flaw, publish=_first_record(mail))
        elif flaw.code == "spf-too-many-lookups" and _still_match(name):
            observed = f"{flaw.observed}; the senders found match before the tenth"
            yield replace(flaw, observed=observed, severity="high")
        else:
            yield flaw


def _sends_from(domain: str, mail: MailSetup) -> bool:
    """Whether bounces of some mail go to the name itself: not where all of it has names for that.

    Mailboxes of the domain send from it; a service with a return-path of its own does not.
    """
    if mail.receives is not False and domain == mail.domain:
        return True
    return not mail.return_paths


def _still_match(name: SpfName) -> bool:
    return bool(name.paths) and all(path.result == "pass" for path in name.paths)


def _first_record(mail: MailSetup) -> str:
    """A record for the senders found."""
    elsewhere = {row.included for p in mail.return_paths if (row := provider(p.provider))}
    rows = [row for s in mail.senders if s.how != "bounces" and (row := provider(s.id))]
    names = dict.fromkeys(
        row.included for row in rows if row.included and row.included not in elsewhere
    )
    own = [s.id for s in mail.senders if s.how == "given" and provider(s.id) is None]
    addresses = [f"ip6:{ip}" if ":" in ip else f"ip4:{ip}" for ip in own]
    terms = [*(f"include:{name}" for name in names), *addresses] or ["mx"]
    return " ".join(["v=spf1", *terms, "~all"])


# ---------------------------------------------------------------- the senders


def _uncovered(audit: SpfAudit, mail: MailSetup) -> Iterable[MailFlaw]:
    for sender in mail.in_use:
        row = provider(sender.id)
        if row is None:
            yield from _own_server(audit, mail, sender)
        elif row.included:
            yield from _service(audit, mail, sender, row)


def _own_server(audit: SpfAudit, mail: MailSetup, sender: MailSender) -> Iterable[MailFlaw]:
    """An address that sends: what receivers say of it."""
    said = [(n, p) for n in audit.names for p in n.paths if p.given and p.ip == sender.id]
    if not said or any(path.result in ("pass", "temperror", "permerror") for _, path in said):
        return
    name, path = said[0]
    term = f"ip6:{sender.id}" if ":" in sender.id else f"ip4:{sender.id}"
    yield MailFlaw(
        code="spf-sender-not-covered",
        at=name.domain,
        observed=f"{sender.id} sends for {name.domain}, and receivers get “{path.result}” for it",
        publish=mended((name.record, f"v=spf1 {term}")),
        params={"sender": sender.id},
    )


def _service(
    audit: SpfAudit, mail: MailSetup, sender: MailSender, row: ProviderRow
) -> Iterable[MailFlaw]:
    paths = [path for path in mail.return_paths if _same(path, row)]
    wanted = [path.name for path in paths] or [mail.domain]
    names = [name for name in map(audit.of, wanted) if name is not None]
    sound = [name for name in names if name.standing == "record"]
    if not sound or any(_includes(name, row) for name in sound):
        return
    name = sound[0]
    if not paths and (row.sends or row.return_path):
        yield MailFlaw(
            code="spf-sender-not-covered",
            at=name.domain,
            observed=f"{sender.label} ({sender.where}) takes bounces under a name of its own as far"
            " as DNS shows: SPF will not align, DKIM has to",
            severity="info",
            params={"sender": sender.label},
        )
        return
    yield MailFlaw(
        code="spf-sender-not-covered",
        at=name.domain,
        observed=f"{sender.label} sends for you ({sender.where}), and the record of {name.domain}"
        " does not name it",
        publish=mended((name.record, f"v=spf1 include:{row.included}")),
        params={"sender": sender.label},
    )


def _same(path: ReturnPath, row: ProviderRow) -> bool:
    """Whether a name that bounces go to belongs to a service, or to whoever it sends by."""
    other = provider(path.provider)
    if path.given and other is None:
        return True
    return other is not None and (other.id == row.id or other.included == row.included)


def _includes(name: SpfName, row: ProviderRow) -> bool:
    endings = (*row.spf, *([row.include] if row.include else []))
    return any(tables.ends_with(domain, endings) for domain in name.domains)


# ---------------------------------------------------------------- what was seen


def _seen(name: SpfName) -> list[Seen]:
    if name.standing == "failed":
        return []
    value = name.record or "no SPF record"
    lines = [Seen(label=f"SPF {name.domain}", value=value, source="DNS")]
    if name.record:
        cost = f"{plural(name.cost, 'lookup')} of 10 in the worst case"
        lines.append(Seen(label="Lookups", value=cost, source=name.domain))
    for term in name.tree[:20]:
        indent = "  " * term.depth
        lines.append(
            Seen(label="", value=f"{indent}{term.term} ({term.cost})", source=term.standing)
        )
    for path in name.paths:
        told = f"{path.result} after {plural(path.lookups, 'lookup')}"
        lines.append(Seen(label=f"A mail from {path.ip}", value=told, source=path.by))
    return lines
