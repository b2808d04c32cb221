"""A small sprint with everything in it: faults, answers, an accepted risk, unknowns, requests."""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec.structs import replace

from launchready_tui.catalogue import Catalogue
from launchready_tui.facts.cloudflare_rules import CACHE, LIMITS, MANAGED, Limit, Rule
from launchready_tui.facts.cloudflare_zone import CloudflareZone, NotRead, Setting, Token, Zone
from launchready_tui.facts.traffic import Part, TrafficPath
from launchready_tui.given import (
    MailProof,
    MailSignature,
    ProvenMails,
    RouteException,
    RouteExceptions,
    Saying,
    Target,
    Told,
)
from launchready_tui.guide.state import DnsLine, EnvName, GuideState, Header, OldAddress
from launchready_tui.model import (
    Attestation,
    Bar,
    Consent,
    Fault,
    Finding,
    Impact,
    Item,
    Kind,
    Level,
    Note,
    NotNow,
    Outcome,
    ScopeRequest,
    Severity,
    Stage,
    Waiver,
)
from launchready_tui.outcomes import failed, passed, unknown
from launchready_tui.ranking import fingerprint
from launchready_tui.records.dmarc_record import DmarcReports, KeptReport, ReportRow, SenderWord
from launchready_tui.records.ignore_record import IgnoredHit, IgnoredHits
from launchready_tui.sprint.keys import HeldKey, KeysHeld, Purge
from launchready_tui.verdict import judge, subject_hash

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
EVIDENCE = "ab" * 32
FACTS = "cd" * 32


def item(id: str, stage: int, kind: Kind, *roadmap: str, **more: object) -> Item:
    words: dict[str, object] = {
        "title": f"{id} holds",
        "fail": f"{id} does not hold",
        "why": "The team cannot work.",
        "severity": Severity.BLOCKER,
        "impact": Impact.DOWNTIME,
        "who": "whoever holds the account",
        "fix": ("Mend it.",),
        "references": ("https://example.test/manual",),
    }
    return Item(id=id, stage=stage, kind=kind, roadmap=roadmap, **{**words, **more})  # type: ignore[arg-type]


def fault(code: str, severity: Severity = Severity.BLOCKER, *, waivable: bool = True) -> Fault:
    return Fault(
        code=code,
        title=f"{code} happened",
        severity=severity,
        impact=Impact.DOWNTIME,
        why="Browsers stop with a warning.",
        fix=("Renew {name} at the host.",),
        who="whoever holds the account",
        references=("https://example.test/manual",),
        waivable=waivable,
    )


CATALOGUE = Catalogue(
    stages=(
        Stage(
            number=1,
            id="quick-audit",
            title="Quick audit",
            short="Audit",
            goal="Find what blocks.",
            hours=6,
            deliverable="",
            signals=(),
        ),
        Stage(
            number=7,
            id="handover",
            title="Handover",
            short="Handover",
            goal="Leave control.",
            hours=4,
            deliverable="",
            signals=(),
        ),
    ),
    items=(
        item("tls.certificate", 1, Kind.PROBE, "B3", faults=(fault("tls-expired"),)),
        item("dns.apex", 1, Kind.PROBE, "S1.2", "B2"),
        item("dns.ttl", 1, Kind.PROBE, "S1.2"),
        item(
            "repo.framework",
            1,
            Kind.PROBE,
            "S1.1",
            faults=(fault("framework-old", Severity.MEDIUM),),
        ),
        item("logs.review", 1, Kind.ATTEST, "S1.5", question="Any errors?", evidence="The log."),
        item(
            "deploy.rollback-notes",
            7,
            Kind.ATTEST,
            "S3.D",
            "S7.2",
            question="How is it taken back?",
            evidence="The commands.",
        ),
        item("access.accounts", 7, Kind.ATTEST, "S7.1", question="Who?", evidence="A list."),
        item("data.restore", 7, Kind.ATTEST, "S7.2", question="Restored?", evidence="A log."),
    ),
    bars=(Bar(id="B3", title="Connections are encrypted", why="Warnings."),),
    not_now=(
        NotNow(
            id="N1",
            title="Several regions",
            why="Two of everything.",
            instead="One region.",
            revisit_when="An outage hurt.",
            said_when="asked",
        ),
    ),
)


def make_zone(text: str) -> CloudflareZone:
    """A zone at Cloudflare whose every word is a stranger's."""
    return CloudflareZone(
        token=Token(form="user"),
        zone=Zone(id="1", name=text, plan=text),
        settings=(Setting(id="ssl", value=text, since=AT), Setting(id="dnssec", value=text)),
        rules=(
            Rule(phase=MANAGED, action=text, reach=text, name=text, since=AT),
            Rule(phase=LIMITS, action=text, reach=text, limit=Limit(requests=10, period=60)),
            Rule(phase=CACHE, action=text, reach=text, name=text, settings={text: text}),
        ),
        not_read=(NotRead(part="page_rules", cause=text, needs="Page Rules Read"),),
    )


def make_exception(text: str) -> RouteException:
    return RouteException(
        route=text, bypasses=("cache", "waf"), why=text, owner=text, by=text, at=AT
    )


def make_ignored(text: str) -> IgnoredHit:
    return IgnoredHit(
        id=text, rule=text, path=text, reason=text, owner=text, by=text, at=AT,
        expires=date(2026, 6, 1),
    )  # fmt: skip


def make_reports(text: str) -> DmarcReports:
    """A report and a word on its sender, every name in them a stranger's."""
    row = ReportRow(
        ip=text, messages=3, spf=False, dkim=False, disposition=text, dkim_domains=(text,)
    )
    report = KeptReport(
        id="r", at=AT, by=text, domain=text, organisation=text, begin=AT, end=AT, policy="none",
        messages=3, aligned=0, rows=(row, replace(row, ip="192.0.2.9", dkim_domains=())),
    )  # fmt: skip
    word = SenderWord(sender="192.0.2.0/24", whose="ours", who=text, by=text, at=AT)
    return DmarcReports(reports=(report,), words=(word,))


def make_mails(text: str) -> ProvenMails:
    """A mail that arrived and one that was refused, every word of them a stranger's."""
    arrived = MailProof(
        kind="invite",
        at=AT,
        by=text,
        folder="inbox",
        name=text,
        address=text,
        return_path_domain=text,
        dkim=(MailSignature(domain=text, selector=text, result="pass"),),
        spf=text,
        dmarc=text,
        policy="none",
        receiver=text,
        findings=(Finding(code="x", subject=text, observed=text),),
        evidence=EVIDENCE,
    )
    refused = MailProof(kind="reset", at=AT, by=text, bounce=text)
    return ProvenMails(proofs=(arrived, refused))


def make_state(text: str = "plain") -> GuideState:
    """A sprint in which every value that can come from a stranger is `text`."""
    target = Target(
        domain="acme.test", client=text, repo="/home/anna/acme", urls=("https://old.acme.test/",)
    )
    outcomes: dict[str, Outcome] = {
        "tls.certificate": failed(
            text, (Finding(code="tls-expired", subject=text, observed=text, params={"name": text}),)
        ),
        "dns.apex": passed(text),
        "dns.ttl": unknown(text),
        "repo.framework": failed(
            text, (Finding(code="framework-old", subject="next", observed=text),)
        ),
    }
    rollback = CATALOGUE.item("deploy.rollback-notes")
    answer = Attestation(
        item=rollback.id,
        by=text,
        at=AT,
        says="pass",
        evidence=(EVIDENCE,),
        note=text,
        subject=subject_hash(rollback, target),
    )
    waiver = Waiver(
        item="repo.framework",
        by=text,
        at=AT,
        why=text,
        until=date(2026, 6, 1),
        covers=(fingerprint("repo.framework", target, "framework-old", "next"),),
    )
    verdict = judge(
        CATALOGUE,
        target,
        outcomes,
        {rollback.id: answer},
        {"repo.framework": waiver, "dns.apex": waiver},
        AT,
        seen_at=AT,
    )
    return GuideState(
        version="0.1.0",
        at=AT,
        catalogue=CATALOGUE,
        target=target,
        verdict=verdict,
        seen_at=AT,
        facts=FACTS,
        traffic=TrafficPath(
            sentence=text,
            parts=(
                Part(key="host", label="host", value=text, source=text),
                Part(key="registrar", label="registrar", value=text, source="told", by=text),
                Part(key="database", label="database", value=""),
            ),
        ),
        sayings=Told(sayings=(Saying(key="registrar", value=text, by=text, at=AT),)),
        dns=(
            DnsLine(name="acme.test", rdtype="A", value="192.0.2.1", ttl=300),
            DnsLine(name="acme.test", rdtype="TXT", value=text, ttl=300),
            DnsLine(name="api.acme.test", rdtype="A", value="", cause=text),
        ),
        old_addresses=(
            OldAddress(old=text, expected=text, ends=text, how=text, arrives=True),
            OldAddress(old=text, expected="", ends=text, how="404", arrives=False),
        ),
        redirect_list=text,
        zone=make_zone(text),
        headers=(
            Header(name="content-security-policy", value=text),
            Header(name="x-frame-options", value=""),
        ),
        app=text,
        ignored=IgnoredHits(hits=(make_ignored(text),)),
        exceptions=RouteExceptions(exceptions=(make_exception(text),)),
        mails=make_mails(text),
        reports=make_reports(text),
        env=(EnvName(name="DATABASE_URL", where=text),),
        keys=KeysHeld(
            held=(HeldKey(name=text, by=text, at=AT),), purges=(Purge(by=text, at=AT),), any=True
        ),
        notes=(Note(id="1", at=AT, by=text, item="dns.apex", text=text),),
        requests=(ScopeRequest(id="1", at=AT, by=text, request=text, effect=text),),
        consents=(Consent(by=text, at=AT, level=Level.PASSIVE, hosts=("acme.test",)),),
        texts={EVIDENCE: text},
        counts={"DNS/passive": 12, "GET/passive": 3},
        clock=text,
    )
