"""Real mails that people gave: did they arrive, in whose name, and where do their links lead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import replace

from launchready_tui.engine import check
from launchready_tui.given import MAIL_KINDS, MailKind, MailProof, MailSent, Moment, ProvenMails
from launchready_tui.model import Finding, Outcome, Seen
from launchready_tui.outcomes import judged

FRESH = timedelta(days=14)
"""How long a mail proves anything; the item's answers grow stale after the same time."""
SENDER = frozenset(
    {
        "mail-from-sandbox",
        "mail-from-not-one",
        "mail-from-foreign",
        "mail-sender-nameless",
        "mail-return-path-of-provider",
    }
)
"""What is wrong with the sender and not with the arrival."""


@check("mail.system-mails")
def system_mails(mails: ProvenMails, moment: Moment) -> Outcome:
    """All three kinds arrived in the inbox, aligned, with links to the app."""
    findings: list[Finding] = []
    gaps: list[str] = []
    for kind in MAIL_KINDS:
        proof = mails.of(kind)
        if proof is None:
            gaps.append(_not_given(kind, mails.sent(kind)))
            continue
        found = tuple(_arrival(proof))
        findings += found
        if not found:
            gaps += _open(proof, moment)
    return judged(
        tuple(findings),
        clean="invite, reset and notification arrived in the inbox, in the domain's own name",
        seen=tuple(Seen(label=p.kind, value=_told(p), source=_source(p)) for p in mails.proofs),
        gaps=tuple(gaps),
        proven=True,
    )


@check("mail.sender")
def sender(mails: ProvenMails) -> Outcome:
    """Name, address, reply-to, return-path and signer side by side."""
    findings = [
        _of(proof, finding)
        for proof in mails.proofs
        for finding in proof.findings
        if finding.code in SENDER
    ]
    shown = [proof for proof in mails.proofs if not proof.bounce]
    gaps = () if shown else ("no mail was given yet: give one under mail.system-mails",)
    return judged(
        tuple(findings),
        clean="the mails that were given come from the domain's own name and address",
        seen=tuple(row for proof in shown for row in _side_by_side(proof)),
        gaps=gaps,
    )


def _not_given(kind: MailKind, sent: MailSent | None) -> str:
    """What is missing of a kind of which nobody has shown a mail."""
    if sent is None:
        return f"no {kind} was given yet: send one, and give the message that arrives"
    day = f"{sent.at:%Y-%m-%d}"
    if sent.outcome == "refused":
        return f"the {kind} of {day} was refused by {sent.via}: {sent.cause}"
    if sent.outcome == "unknown":
        return f"nobody knows whether the {kind} of {day} was sent: {sent.cause}; send one again"
    return f"the {kind} was sent on {day}: give the message that arrives, or the bounce"


def _arrival(proof: MailProof) -> Iterator[Finding]:
    for finding in proof.findings:
        if finding.code not in SENDER:
            yield _of(proof, finding)
    if proof.folder == "spam":
        where = f" at {proof.receiver}" if proof.receiver else ""
        observed = f"the {proof.kind} of {proof.at:%Y-%m-%d} was found in spam{where}"
        yield Finding(code="mail-in-spam", subject=proof.kind, observed=observed)


def _of(proof: MailProof, finding: Finding) -> Finding:
    """A finding of one mail, named by its kind."""
    if finding.subject == proof.kind:
        return finding
    return replace(
        finding,
        subject=f"{proof.kind}: {finding.subject}",
        params={"subject": finding.subject, **finding.params},
    )


def _open(proof: MailProof, moment: Moment) -> Iterator[str]:
    """Why a mail without a fault proves nothing."""
    age = moment.at - proof.at
    if age > FRESH:
        yield f"the {proof.kind} is {age.days} days old: send one again"
    elif not proof.aligned:
        cause = "; ".join(proof.gaps) or "neither SPF nor DKIM could be told"
        yield f"whether the {proof.kind} is sent in your name: {cause}"
    elif proof.hidden_links:
        yield (
            f"where the links of the {proof.kind} lead: they pass through"
            f" {', '.join(proof.hidden_links)}; open one, and answer with the host it ends at"
        )
    elif proof.folder != "inbox":
        yield f"nobody said where the {proof.kind} was found"


def _told(proof: MailProof) -> str:
    if proof.bounce:
        return f"refused: {proof.bounce}"
    passed = [one.domain for one in proof.dkim if one.result == "pass"]
    return (
        f"in {proof.folder or 'no folder named'}; DKIM {', '.join(passed) or 'of nobody'}; SPF"
        f" {proof.spf or 'not told'}; DMARC {proof.dmarc or 'not told'}"
    )


def _source(proof: MailProof) -> str:
    where = f" at {proof.receiver}" if proof.receiver else ""
    return f"given by {proof.by}, {proof.at:%Y-%m-%d}{where}"


def _side_by_side(proof: MailProof) -> Iterator[Seen]:
    source = _source(proof)
    signed = [one.domain for one in proof.dkim if one.result == "pass"]
    for what, value in (
        ("name", proof.name or "none"),
        ("address", proof.address or "none"),
        ("Reply-To", ", ".join(proof.reply_to) or "none: answers go to the address"),
        ("Return-Path", proof.return_path_domain or "not told"),
        ("signed by", ", ".join(dict.fromkeys(signed)) or "nobody"),
    ):
        yield Seen(label=f"{proof.kind}, {what}", value=value, source=source)
