"""Whether DNS protects the domain: signatures that hold, and who may issue certificates."""

from __future__ import annotations

import re

from launchready_tui.checks.tls import covers
from launchready_tui.engine import check
from launchready_tui.facts import tables
from launchready_tui.facts.caa import CaaSet, CaaSets, Property
from launchready_tui.facts.dnssec import Dnssec
from launchready_tui.facts.tls import HostTls, TlsHosts
from launchready_tui.model import Finding, Outcome, Seen, Unknown
from launchready_tui.network.seen import Certificate
from launchready_tui.outcomes import judged

KNOWN_TAGS = (
    "issue",
    "issuewild",
    "iodef",
    "contactemail",
    "contactphone",
    "issuemail",
    "issuevmc",
)


@check("dns.security")
def security(signed: Dnssec | Unknown, caa: CaaSets | Unknown, tls: TlsHosts | Unknown) -> Outcome:
    """The zone's signatures hold, and CAA names the authorities in use."""
    findings: list[Finding] = []
    gaps: list[str] = []
    seen: list[Seen] = []
    if isinstance(signed, Unknown):
        gaps.append(signed.cause)
    else:
        findings += _signatures(signed)
        gaps += _untold(signed)
        seen.append(Seen(label="DNSSEC", value=_signing(signed), source="DNS"))
    if isinstance(caa, Unknown):
        gaps.append(caa.cause)
    else:
        forbidden, unnamed = _forbidden(caa, tls)
        findings += forbidden or _missing(caa, tls)
        gaps += [*unnamed, *([caa.domain.cause] if caa.domain.cause else [])]
        seen += [_shown(found) for found in (caa.domain, *caa.hosts) if found.properties]
    return judged(
        tuple(findings),
        clean="the zone is signed, and CAA names who may issue certificates",
        seen=tuple(seen),
        gaps=tuple(dict.fromkeys(gaps)),
    )


# ---------------------------------------------------------------- DNSSEC


def _signatures(told: Dnssec) -> list[Finding]:
    observed = _broken(told)
    if observed:
        return [
            Finding(
                code="dns-dnssec-broken",
                subject=told.zone,
                observed=observed,
                params={"zone": told.zone},
            )
        ]
    if told.ds.outcome in ("nodata", "nxdomain"):
        return [
            Finding(
                code="dns-dnssec-absent",
                subject=told.zone,
                observed=f"the zone above has no DS record for {told.zone}",
            )
        ]
    return []


def _broken(told: Dnssec) -> str:
    """What of the signatures cannot hold; empty where nothing shows."""
    if told.refused_by_checkers and told.failed:
        asked = f"{told.failed.rdtype} of {told.failed.name}"
        return f"{asked}: SERVFAIL from a resolver that checks signatures, an answer without"
    if told.ds.outcome != "ok" or not told.promised:
        return ""
    if told.keys.outcome in ("nodata", "nxdomain"):
        return "the zone above has a DS record, and the zone has no key (DNSKEY)"
    held = set(told.held)
    if told.keys.outcome == "ok" and held and not held & set(told.promised):
        tags = ", ".join(str(tag) for tag, _ in told.promised[:4])
        return f"the DS record names key {tags}, and the zone has no such key"
    return ""


def _untold(told: Dnssec) -> list[str]:
    if told.refused_by_checkers:
        return []
    return [answer.cause for answer in (told.ds, told.keys) if answer.outcome == "unknown"][:1]


def _signing(told: Dnssec) -> str:
    if told.ds.outcome == "ok":
        return f"signed, {len(told.ds.records)} DS at the zone above"
    return "not signed" if told.ds.outcome in ("nodata", "nxdomain") else "could not be told"


# ---------------------------------------------------------------- CAA


def _forbidden(caa: CaaSets, tls: TlsHosts | Unknown) -> tuple[list[Finding], list[str]]:
    """Hosts whose next certificate will be refused; and issuers that no table knows."""
    findings: list[Finding] = []
    gaps: list[str] = []
    if isinstance(tls, Unknown):
        return [], [tls.cause] if caa.domain.properties else []
    for host in tls.hosts:
        leaf = _leaf(host)
        found = caa.of(host.host)
        if leaf is None:
            continue
        if found is None or found.cause:
            gaps.append(f"{host.host}: {found.cause if found else 'CAA was not asked for'}")
            continue
        if not found.properties:
            continue
        limits = _limits(found, leaf, host.host)
        if limits is None:
            continue
        row = _authority(leaf.issuer)
        if row is None:
            gaps.append(f"{host.host}: no table says how CAA names {leaf.issuer}")
        elif not {limit.authority for limit in limits} & set(row.domains):
            findings.append(_forbids(host.host, found, row, limits))
    return findings, gaps


def _leaf(host: HostTls) -> Certificate | None:
    """The certificate that browsers accept there; what they refuse, no public authority made."""
    return next((h.chain[0] for h in host.handshakes if h.outcome == "trusted" and h.chain), None)


def _limits(found: CaaSet, leaf: Certificate, host: str) -> tuple[Property, ...] | None:
    """The properties that say who may renew this certificate; None where anybody may."""
    strange = [p for p in found.properties if p.critical and p.tag not in KNOWN_TAGS]
    if strange:
        return tuple(strange)  # RFC 8659, 4.1: nobody who does not understand it may issue
    by_pattern = host not in {name.lower() for name in leaf.names} and covers(leaf, host)
    wild = found.of("issuewild") if by_pattern else ()
    return wild or found.of("issue") or None


def _forbids(
    host: str, found: CaaSet, row: tables.AuthorityRow, limits: tuple[Property, ...]
) -> Finding:
    named = ", ".join(dict.fromkeys(p.authority or "nobody" for p in limits))
    return Finding(
        code="caa-forbids-current",
        subject=host,
        observed=f"the certificate of {host} comes from {row.label}, and CAA at"
        f" {found.found_at} allows {named} only",
        params={"issuer": row.domains[0], "authority": row.label, "at": found.found_at},
    )


def _missing(caa: CaaSets, tls: TlsHosts | Unknown) -> list[Finding]:
    if caa.domain.cause:
        return []
    if not caa.domain.properties:
        issuers = _in_use(tls)
        return [
            Finding(
                code="caa-missing",
                subject=caa.domain.host,
                observed=f"no CAA record at {caa.domain.host} or above",
                params={"issuers": " and ".join(issuers) or "the domain of each authority in use"},
            )
        ]
    if not caa.domain.of("iodef"):
        return [
            Finding(
                code="caa-iodef",
                subject=caa.domain.host,
                observed=f"CAA at {caa.domain.found_at} names nobody to report to (iodef)",
            )
        ]
    return []


def _in_use(tls: TlsHosts | Unknown) -> list[str]:
    """How CAA names the authorities of the certificates in use, as far as a table knows."""
    if isinstance(tls, Unknown):
        return []
    leaves = filter(None, map(_leaf, tls.hosts))
    rows = (_authority(leaf.issuer) for leaf in leaves)
    return sorted({row.domains[0] for row in rows if row})


def _authority(issuer: str) -> tables.AuthorityRow | None:
    """The row of an issuer, by the organisation in its name: "CN=R11,O=Let's Encrypt,C=US"."""
    found = re.search(r"(?:^|,)O=((?:\\.|[^,\\])+)", issuer)
    name = re.sub(r"\\(.)", r"\1", found[1]).casefold() if found else ""
    return next(
        (row for row in tables.authorities() if name in map(str.casefold, row.organisations)), None
    )


def _shown(found: CaaSet) -> Seen:
    told = "; ".join(f"{p.tag} {p.value}" for p in found.properties[:6])
    return Seen(label=f"CAA of {found.host}", value=f"{told} (at {found.found_at})", source="DNS")
