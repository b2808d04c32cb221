"""Which names of the domain a stranger could take: told by proof, never by an ending alone."""

from __future__ import annotations

from launchready_tui.facts.dangling import DanglingName
from launchready_tui.facts.takeover import Claims, QuietAddress, Subzone, UnclaimedPage
from launchready_tui.model import Confidence, Finding, Severity


def lost_name(lost: DanglingName) -> Finding | None:
    """A dangling alias is worse than a missing name where somebody else can take its target."""
    params = {"target": lost.target, "name": lost.name}
    if lost.service:
        if not lost.claimable:
            return None
        return Finding(
            code="takeover-claimable",
            subject=lost.name,
            observed=f"{lost.name} is an alias for {lost.target}, which does not exist at"
            f" {lost.service}",
            params={**params, "service": lost.service},
        )
    gone = lost.bought is not None and lost.bought.outcome == "nxdomain"
    real_ending = lost.ending is not None and lost.ending.outcome in ("ok", "nodata")
    if gone and real_ending:
        return Finding(
            code="takeover-buyable-domain",
            subject=lost.name,
            observed=f"{lost.name} is an alias for {lost.target}, and the domain"
            f" {lost.registrable} does not exist",
            params={**params, "domain": lost.registrable},
        )
    return None


def claimed(claims: Claims) -> tuple[list[Finding], list[str]]:
    """What the pages, the delegations and the addresses show, and what could not be looked at."""
    found = [
        *map(_unclaimed, claims.pages),
        *map(_given_away, claims.zones),
        *map(_quiet, claims.quiet),
    ]
    gaps = [f"{page.name}: {page.cause}" for page in claims.pages if page.cause]
    return [finding for finding in found if finding], gaps


def _unclaimed(page: UnclaimedPage) -> Finding | None:
    """A person confirms it: the page says so today, and a provider may check owners or not."""
    if not page.unclaimed:
        return None
    checks = page.kind == "edge"
    says = f"; {page.service} says that it checks who owns a domain" if checks else ""
    return Finding(
        code="takeover-fingerprint",
        subject=page.name,
        observed=f"{page.name} is an alias for {page.target}, and {page.service} answers"
        f" {page.status} with its page for names nobody has claimed{says}: confirm by hand",
        params={"target": page.target, "service": page.service},
        severity=Severity.MEDIUM if checks else Severity.HIGH,
        confidence=Confidence.REVIEW if checks else Confidence.LIKELY,
    )


def _given_away(zone: Subzone) -> Finding | None:
    """All servers of a delegated name, asked themselves, do not know it: one proves nothing."""
    refused = [
        server
        for server in zone.servers
        if server.address and server.soa.rcode in ("REFUSED", "SERVFAIL")
    ]
    if not refused or zone.left_out or len(refused) != len(zone.servers):
        return None
    names = ", ".join(server.name for server in refused[:4])
    where = f" of {zone.service}" if zone.service else ""
    return Finding(
        code="takeover-ns",
        subject=zone.name,
        observed=f"{zone.name} is delegated to {names}{where}, and each of them answers"
        f" {' or '.join(sorted({s.soa.rcode for s in refused}))} for it",
        params={"servers": names, "service": zone.service or "the provider of these servers"},
        severity=Severity.BLOCKER if zone.service else Severity.HIGH,
        confidence=Confidence.CONFIRMED if zone.service else Confidence.LIKELY,
    )


def _quiet(dead: QuietAddress) -> Finding:
    return Finding(
        code="takeover-dead-ip",
        subject=dead.name,
        observed=f"nothing answers at {dead.address}, an address of {dead.cloud}",
        params={"address": dead.address, "cloud": dead.cloud},
        confidence=Confidence.REVIEW,
    )
