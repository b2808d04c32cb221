"""What a received message proves, for machines and for people. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec
from msgspec.structs import replace

from launchready_tui.catalogue import Catalogue
from launchready_tui.exports.report import ReportedFinding
from launchready_tui.given import Target
from launchready_tui.mail.received import KEPT_AS
from launchready_tui.mailauth.bounce import Bounce
from launchready_tui.mailauth.message import Verification, aligned, gaps
from launchready_tui.model import Finding, Outcome, Record, State
from launchready_tui.ranking import Risk, ranked, risks_of
from launchready_tui.text import plural, safe, spelt_json

UNTOLD = "unknown"
"""Where the message itself does not say enough to evaluate."""


class Dkim(Record, frozen=True, kw_only=True):
    domain: str
    selector: str
    result: str
    reason: str
    algorithm: str


class Spf(Record, frozen=True, kw_only=True):
    result: str
    ip: str
    domain: str
    term: str
    reason: str


class Dmarc(Record, frozen=True, kw_only=True):
    result: str
    author: str = msgspec.field(name="from")
    aligned: bool
    policy: str
    record_at: str
    reason: str


class Claim(Record, frozen=True, kw_only=True):
    """What a receiver wrote into the message; `trusted`: it is one the person named."""

    authserv_id: str
    method: str
    result: str
    trusted: bool


class Leads(Record, frozen=True, kw_only=True):
    scheme: str
    host: str
    port: int | None
    leads_to: tuple[str, ...]
    count: int


class Refusal(Record, frozen=True, kw_only=True):
    """A bounce in words."""

    provider: str
    status: str
    reply: str
    final: bool | None
    cause: str
    fix: str


class Proof(Record, frozen=True, kw_only=True):
    schema: int = 1
    dkim: tuple[Dkim, ...] = ()
    spf: Spf | None = None
    dmarc: Dmarc | None = None
    authentication_results: tuple[Claim, ...] = ()
    links: tuple[Leads, ...] = ()
    bounce: Refusal | None = None
    findings: tuple[ReportedFinding, ...] = ()
    unknown: tuple[str, ...] = ()


def proof(
    said: Verification, findings: tuple[Finding, ...], catalogue: Catalogue
) -> tuple[Proof, tuple[Risk, ...]]:
    """The whole of it, and its risks in the order in which they matter."""
    risks = _risks(findings, catalogue, Target(domain=said.message.author or "no.invalid"))
    told = Proof(
        dkim=tuple(
            Dkim(
                domain=_word(one.domain),
                selector=_word(one.selector),
                result=one.result,
                reason=_word(one.reason),
                algorithm=_word(one.algorithm),
            )
            for one in said.dkim
        ),
        spf=_spf(said),
        dmarc=_dmarc(said),
        authentication_results=tuple(
            Claim(
                authserv_id=_word(header.authserv_id),
                method=_word(result.method),
                result=_word(result.result),
                trusted=header in said.believed,
            )
            for header in said.message.results
            for result in header.results
        ),
        links=tuple(
            Leads(
                scheme=link.scheme,
                host=_word(link.host),
                port=link.port,
                leads_to=tuple(map(_word, link.leads_to)),
                count=link.count,
            )
            for link in said.message.links
        ),
        findings=tuple(map(_reported, risks)),
        unknown=tuple(_word(gap) for gap in gaps(said)),
    )
    return told, risks


def refused(said: Bounce) -> Proof:
    """A bounce: nothing of it can be verified, and it says why mail does not arrive."""
    return Proof(
        bounce=Refusal(
            provider=said.provider,
            status=said.status,
            reply=said.reply,
            final=said.final,
            cause=said.cause,
            fix=said.fix,
        )
    )


def render_json(told: Proof) -> str:
    return spelt_json(msgspec.json.format(msgspec.json.encode(told), indent=2).decode()) + "\n"


def render_text(told: Proof, risks: Collection[Risk]) -> str:
    lines = list(_bounce_lines(told.bounce)) if told.bounce else list(_lines(told))
    for risk in risks:
        lines += ["", f"✗ {risk.title} [{risk.severity}]", f"  {risk.observed}"]
        lines += [f"  {number}. {step}" for number, step in enumerate(risk.fix, 1)]
    for gap in told.unknown:
        lines += ["", f"? could not be told: {gap}"]
    if not risks and not told.unknown and not told.bounce:
        lines += ["", "Nothing is wrong with this message."]
    return "\n".join(safe(line, one_line=True) for line in lines) + "\n"


def _bounce_lines(said: Refusal) -> Iterator[str]:
    codes = " ".join(filter(None, (said.reply, said.status))) or "none"
    final = {True: "final", False: "it will be tried again", None: "not told whether final"}
    yield f"A bounce. Code: {codes} ({final[said.final]})"
    yield f"Cause: {said.cause or 'no code in it is known: read its words'}"
    yield f"Fix:   {said.fix or 'look at the event log and suppression list of the mail service'}"


def _lines(told: Proof) -> Iterator[str]:
    for one in told.dkim:
        why = f": {one.reason}" if one.reason else ""
        yield f"DKIM   {one.result} for {one.domain}, selector {one.selector}{why}"
    if not told.dkim:
        yield "DKIM   the message carries no signature"
    if told.spf:
        where = f" for {told.spf.domain} from {told.spf.ip}" if told.spf.ip else ""
        yield f"SPF    {told.spf.result}{where}"
    if told.dmarc:
        policy = f", policy {told.dmarc.policy}" if told.dmarc.policy else ""
        yield f"DMARC  {told.dmarc.result} for {told.dmarc.author or 'no single From'}{policy}"
    for claim in told.authentication_results:
        faith = "trusted" if claim.trusted else "not trusted: anybody may write such a line"
        yield f"       {claim.authserv_id} says {claim.method}={claim.result} ({faith})"
    for link in told.links:
        port = f":{link.port}" if link.port else ""
        onward = f", leads on to {', '.join(link.leads_to)}" if link.leads_to else ""
        yield f"Link   {link.scheme}://{link.host}{port} ({plural(link.count, 'time')}){onward}"


def _spf(said: Verification) -> Spf:
    if said.spf is None:
        reason = "the message does not say who handed it over"
        return Spf(result=UNTOLD, ip="", domain=_word(said.spf_domain), term="", reason=reason)
    return Spf(
        result=said.spf.result,
        ip=said.message.client_ip,
        domain=_word(said.spf_domain),
        term=_word(said.spf.term),
        reason=_word(said.spf.why),
    )


def _dmarc(said: Verification) -> Dmarc:
    judged = said.dmarc
    if judged is None:
        return Dmarc(
            result=UNTOLD,
            author="",
            aligned=False,
            policy="",
            record_at="",
            reason="From names no single domain",
        )
    return Dmarc(
        result=judged.result,
        author=_word(judged.domain),
        aligned=aligned(said) is True,
        policy=judged.policy or "",
        record_at=f"_dmarc.{judged.record.domain}" if judged.record else "",
        reason=_word(judged.cause),
    )


def _risks(findings: tuple[Finding, ...], catalogue: Catalogue, target: Target) -> tuple[Risk, ...]:
    """Each finding in the words of the item that declares its code, or one like it."""
    items = {fault.code: item for item in catalogue.items for fault in item.faults}
    risks: list[Risk] = []
    for finding in findings:
        code = finding.code if finding.code in items else KEPT_AS.get(finding.code, "")
        if code in items:
            outcome = Outcome(state=State.FAIL, summary="", findings=(replace(finding, code=code),))
            found = risks_of(items[code], outcome, None, target, "")
            risks += (replace(risk, code=finding.code) for risk in found)
    return ranked(risks)


def _reported(risk: Risk) -> ReportedFinding:
    return ReportedFinding(
        code=risk.code,
        item=risk.item,
        severity=str(risk.severity),
        impact=str(risk.impact),
        subject=risk.subject,
        observed=risk.observed,
        fix=risk.fix,
        confidence=str(risk.confidence),
        rank=risk.rank,
        fingerprint=risk.fingerprint,
        waived="",
        new=True,
    )


def _word(text: str) -> str:
    return safe(text, one_line=True, limit=500)
