"""Mail: what is published, which real mails arrived, and the way from watching to refusing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from launchready_tui.given import MAIL_KINDS, MailProof
from launchready_tui.guide.claims import RISK, STATES, day, none_recorded, source, told
from launchready_tui.guide.mail_reports import reports, weeks_of
from launchready_tui.guide.markdown import (
    NOTHING,
    Block,
    Inline,
    bullets,
    code,
    heading,
    line,
    paragraph,
    table,
    together,
    words,
)
from launchready_tui.guide.state import GuideState
from launchready_tui.mail.dmarc_sources import WEEK
from launchready_tui.model import Finding, State
from launchready_tui.verdict import ItemView

RECORDS = ("S6.1", "S6.2", "S6.3")
ALL = (*RECORDS, "S6.4", "S6.5", "S6.D", "S6.F1", "S6.F2", "S6.F3")
KIND_WORDS = {
    "invite": Inline("invite"),
    "reset": Inline("password reset"),
    "notification": Inline("notification"),
}


class Step(NamedTuple):
    """One policy on the way. `wait` counts from the step before."""

    policy: str
    record: str
    wait: timedelta
    until: Inline

    def record_of(self, state: GuideState) -> str:
        return self.record.format(domain=state.target.domain)


STEPS = (
    Step(
        "none",
        "v=DMARC1; p=none; rua=mailto:dmarc@{domain}",
        timedelta(0),
        Inline(
            "the reports of two whole weeks were kept (`launchready mail report FILE --keep`); each"
            " sender in them is known by name; of your own services at least 98 of 100 messages"
            " pass, and each of them by DKIM, because SPF breaks when mail is forwarded"
        ),
    ),
    Step(
        "quarantine",
        "v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@{domain}",
        timedelta(days=14),
        Inline(
            "four weeks have passed without a mail missed by the team; in the reports of the last"
            " two no service of your own fails; every sub-domain that sends was seen to pass"
        ),
    ),
    Step(
        "reject",
        "v=DMARC1; p=reject; rua=mailto:dmarc@{domain}",
        timedelta(days=28),
        Inline(
            "it stays: read the reports once a month, and set up DKIM for a new service before it"
            " sends its first mail"
        ),
    ),
)


def mail(state: GuideState) -> Iterator[Block]:
    yield heading(2, "Mail")
    views = state.covering(*ALL)
    if not views and not state.mails.proofs:
        yield Block("None recorded, because these checklists ask nothing about mail.")
        return
    if state.target.traits.get("sends_email") is False:
        yield Block("The app sends no mail, says `launchready.toml`.")
        return
    if views:
        yield table(
            ["What has to hold", "As it stands", "Source"],
            [(words(v.item.title), STATES[v.state], source(v, state)) for v in views],
        )
    yield heading(3, "Mail records as published")
    yield _records(state)
    yield from _corrections(state)
    yield heading(3, "Mails that were sent and looked at")
    yield from _proofs(state)
    yield heading(3, "What receivers reported")
    yield from reports(state)
    yield heading(3, "From watching to refusing")
    yield from _path(state)


def _records(state: GuideState) -> Block:
    """What was observed for the records, as the last run of checks saw it."""
    views = state.covering(*RECORDS)
    rows = [
        (words(seen.label), code(seen.value), words(seen.source), source(view, state))
        for view in views
        if view.outcome
        for seen in view.outcome.seen
    ]
    if not rows:
        return none_recorded(Inline("no check has read them"), views)
    return table(["Record", "Value", "Read at", "Source"], rows)


def _corrections(state: GuideState) -> Iterator[Block]:
    """What to publish in the place of records that are wrong or absent, one line a record."""
    rows = {
        (finding.params["name"], finding.params["type"], finding.params["record"])
        for view in state.covering(*RECORDS)
        for finding in _findings(view)
        if finding.params.get("record")
    }
    if not rows:
        return
    yield heading(3, "Mail records to publish instead")
    yield table(
        ["Name", "Type", "Value"],
        [(code(name), code(kind), code(record)) for name, kind, record in sorted(rows)],
    )


def _findings(view: ItemView) -> tuple[Finding, ...]:
    return view.outcome.findings if view.outcome else ()


def _faulty(state: GuideState) -> bool:
    """Whether the DMARC record that holds has a fault of its own."""
    findings = (f for view in state.covering("S6.3") for f in _findings(view))
    return any(finding.params.get("record") for finding in findings)


def _proofs(state: GuideState) -> Iterator[Block]:
    rows = [_row(proof) for kind in MAIL_KINDS if (proof := state.mails.of(kind))]
    if rows:
        yield table(
            ["Mail", "From", "Return-Path", "Signed by", "SPF", "DMARC", "Found in", "Source"],
            rows,
        )
    faults = [
        line("{}: {}", KIND_WORDS[proof.kind], words(finding.observed))
        for proof in state.mails.proofs
        for finding in proof.findings
    ]
    if faults:
        yield paragraph(Inline("Found in them:"))
        yield bullets(faults)
    missing = [KIND_WORDS[kind] for kind in MAIL_KINDS if state.mails.of(kind) is None]
    if missing:
        yield paragraph(
            line(
                "Not shown, so treat as unknown: {}. Send one, and give the message that arrives"
                " with {}.",
                together(missing),
                code("launchready attest mail.system-mails"),
            )
        )


def _row(proof: MailProof) -> tuple[Inline, ...]:
    kept = (proof.evidence,) if proof.evidence else ()
    by = told(proof.by, proof.at, kept)
    if proof.bounce:
        refused = line("refused: {}", words(proof.bounce))
        return (KIND_WORDS[proof.kind], *([NOTHING] * 5), refused, by)
    sender = f"{proof.name} <{proof.address}>" if proof.name else proof.address
    signed = [line("{} ({})", code(one.domain), words(one.result)) for one in proof.dkim]
    return (
        KIND_WORDS[proof.kind],
        code(sender) if sender else NOTHING,
        code(proof.return_path_domain) if proof.return_path_domain else NOTHING,
        together(signed) if signed else Inline("nobody"),
        words(proof.spf) if proof.spf else Inline("not told"),
        words(proof.dmarc) if proof.dmarc else Inline("not told"),
        words(f"{proof.folder} at {proof.receiver}" if proof.receiver else proof.folder),
        by,
    )


def _path(state: GuideState) -> Iterator[Block]:
    """The steps that are left, with the earliest day of each and what has to be true before it."""
    held = _held(state)
    yield paragraph(
        line(
            "DMARC tells receivers what to do with mail that only claims to be yours. It is raised"
            " in steps, each by evidence and not by the calendar alone: too early, it is your own"
            " mail that is refused. {}",
            line("The policy that the mails and reports above met is {}.", code(held))
            if held
            else Inline(
                "Which policy holds is not known from a mail yet, so it begins at the start."
            ),
        )
    )
    held = Inline("in force, and to be corrected" if _faulty(state) else "in force")
    rows = [
        (
            Inline(str(STEPS.index(step) + 1)),
            code(step.record_of(state)),
            day(earliest) if earliest else held,
            step.until,
        )
        for step, earliest in next_steps(state)
    ]
    yield table(["Step", "Record (TXT)", "Not before", "Go on when"], rows)
    yield paragraph(
        line(
            "The record stands at {}, one line and no second one. Way back, at every step: put the"
            " record of the step before in its place; it holds everywhere once its time to live"
            " has passed.",
            code(f"_dmarc.{state.target.domain}"),
        ),
        line("Who takes the next step: {}.", _owner(state)),
    )


def _held(state: GuideState) -> str:
    """The policy that the newest mails met, else the newest report."""
    reported = next((r.policy for r in reversed(state.reports.reports) if r.policy), "")
    return next((proof.policy for proof in state.mails.proofs if proof.policy), reported)


def next_steps(state: GuideState) -> Iterator[tuple[Step, datetime | None]]:
    """The step that is in force, without a day, and those that are left with their earliest day."""
    names = [step.policy for step in STEPS]
    held = _held(state)
    at = names.index(held) if held in names else -1
    earliest = state.at
    for number, step in enumerate(STEPS):
        if number < at:
            continue
        if number > max(at, 0):
            waited = weeks_of(state) * WEEK if number == at + 1 else timedelta(0)
            earliest += max(step.wait - waited, timedelta(0))
        yield step, None if number == at else earliest


def _owner(state: GuideState) -> Inline:
    """Who has answered for the record; nobody is a risk of its own."""
    for view in state.covering("S6.3"):
        answer = view.attestation
        if answer and view.state is not State.TODO and answer.by.strip():
            return words(answer.by)
    return RISK
