"""From what the mail library says to findings: one way for all of it, with the text to publish."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from launchready_tui.facts.mail import MailSetup, Panel
from launchready_tui.facts.mail_flaws import MailFlaw
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Severity
from launchready_tui.outcomes import judged, unknown

REMARKS = frozenset({"spf-notes", "dkim-unknown", "dmarc-no-ruf"})
"""Codes that are only worth knowing."""
NOT_SAID = "what sends your mail"


def findings_of(flaws: Iterable[MailFlaw], mail: MailSetup) -> tuple[Finding, ...]:
    return tuple(finding_of(flaw, mail) for flaw in flaws)


def finding_of(
    flaw: MailFlaw, mail: MailSetup, *, confidence: Confidence = Confidence.CONFIRMED
) -> Finding:
    """A flaw as a finding: `{publish}` in the words of its fix is what to put where."""
    return Finding(
        code=flaw.code,
        subject=flaw.at,
        observed=flaw.observed,
        severity=Severity(flaw.severity) if flaw.severity else None,
        confidence=confidence,
        params={**flaw.params, **to_publish(flaw, mail.panel)},
    )


def to_publish(flaw: MailFlaw, panel: Panel) -> dict[str, str]:
    """The record, its place in the panel of the DNS provider, and both in a sentence."""
    name = flaw.params.get("name", flaw.at)
    kind = flaw.params.get("type", "TXT")
    host = host_field(name, panel)
    field = f"“{host}”" if host else "left empty"
    where = f"At {panel.provider}" if panel.provider else "At your DNS provider"
    place = f"{where}, in the zone {panel.zone or name}: {kind}, host field {field}"
    told = f"{place}, value: {flaw.publish}" if flaw.publish else f"{place}."
    return {"publish": told, "record": flaw.publish, "host": host, "name": name, "type": kind}


def host_field(name: str, panel: Panel) -> str:
    """What the panel's host field holds for a name: panels add the zone's name themselves."""
    if name == panel.zone:
        return panel.apex
    if panel.zone and name.endswith(f".{panel.zone}"):
        return name.removesuffix(f".{panel.zone}")
    return name


def is_remark(finding: Finding) -> bool:
    return finding.severity is Severity.INFO or finding.code in REMARKS


def judged_mail(
    findings: Sequence[Finding],
    *,
    clean: str,
    seen: tuple[Seen, ...] = (),
    gaps: tuple[str, ...] = (),
    proven: bool = False,
) -> Outcome:
    """The verdict over one item. Remarks alone fail nothing: they are told beside the pass."""
    if findings and all(map(is_remark, findings)):
        told = tuple(Seen(label="Note", value=f.observed, source=f.subject) for f in findings)
        lost = next((f.observed for f in findings if f.code == "dkim-unknown"), "")
        if lost and not gaps:
            return unknown(lost, (*seen, *told))
        return judged((), clean=clean, seen=(*seen, *told), gaps=gaps, proven=proven)
    return judged(tuple(findings), clean=clean, seen=seen, gaps=gaps, proven=proven)
