"""Certificates and protocol versions of every host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from launchready_tui.engine import check
from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.host import Platforms
from launchready_tui.facts.site import CanonicalStarts
from launchready_tui.facts.tls import HostTls, TlsHosts
from launchready_tui.given import Moment
from launchready_tui.model import Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.network.seen import Certificate, Handshake
from launchready_tui.outcomes import judged
from launchready_tui.text import plural

EXPIRED, NOT_YET, SELF_SIGNED, SELF_SIGNED_CHAIN = 10, 9, 18, 19
NO_ISSUER, NO_FIRST, WRONG_HOST, WRONG_ADDRESS = 20, 21, 62, 64
MOST_NAMES = 200
"""As many names of a certificate as the door keeps."""
NOWHERE = "no name of the domain leads to an address"


@check("tls.certificate")
def certificate(
    tls: TlsHosts,
    more: CertificateNames | Unknown,
    moment: Moment,
    places: Platforms | Unknown,
    starts: CanonicalStarts | Unknown,
) -> Outcome:
    """Every host presents a certificate that browsers believe, and will go on doing so."""
    days_off = starts.clock_days_off if isinstance(starts, CanonicalStarts) else 0
    findings: list[Finding] = []
    seen: list[Seen] = []
    gaps: list[str] = []
    for host in all_hosts(tls, more):
        gaps += [*gaps_of(host), *_staples_untold(host)]
        for handshake in host.handshakes:
            if days_off and _about_dates(handshake):
                gaps.append(f"{host.host}: {_clocks(days_off)}")
                continue
            if name := _inspector(handshake):
                gaps.append(f"{host.host}: {_inspected(name)}")
                continue
            findings += [*_believed(handshake, moment.at), *_unproven(handshake)]
        expiring, remark = _expiring(host, moment.at, _renews(host.host, places))
        if days_off and expiring:
            gaps.append(f"{host.host}: {_clocks(days_off)}")
        findings += expiring if not days_off else []
        seen += [*_presented(host), *remark]
    gaps += more_gaps(more)
    count = len(all_hosts(tls, more))
    if not count:
        gaps.append(NOWHERE)
    return judged(
        merged(findings),
        clean=f"valid at {plural(count, 'host')}",
        seen=tuple(seen),
        gaps=tuple(dict.fromkeys(gaps)),
    )


@check("tls.versions")
def versions(tls: TlsHosts, more: CertificateNames | Unknown) -> Outcome:
    """No host completes TLS 1.0 or 1.1, and pages come over HTTP/2."""
    findings: list[Finding] = []
    seen: list[Seen] = []
    gaps: list[str] = []
    for host in all_hosts(tls, more):
        accepted = [offer.version for offer in host.versions if offer.outcome == "accepted"]
        old = [version for version in accepted if version in ("TLSv1", "TLSv1.1")]
        if old:
            findings.append(
                Finding(
                    code="tls-old-version",
                    subject=host.host,
                    observed=f"{host.host} completes {_spoken(old)} handshakes",
                    params={"versions": _spoken(old)},
                )
            )
        untested = [offer for offer in host.versions if offer.outcome == "unknown"]
        if not _nobody_there(host):
            gaps += [f"{host.host}: {offer.version} {offer.cause}" for offer in untested[:1]]
        if host.cause:
            gaps.append(f"{host.host}: {host.cause}")
        spoken = [h for h in host.handshakes if h.outcome == "trusted"]
        if spoken and not any(h.alpn == "h2" for h in spoken):
            findings.append(
                Finding(
                    code="http2-absent",
                    subject=host.host,
                    observed=f"{host.host} offers no HTTP/2 (ALPN: {spoken[0].alpn or 'nothing'})",
                )
            )
        if accepted:
            seen.append(Seen(label=host.host, value=_spoken(accepted), source="handshakes"))
    gaps += more_gaps(more)
    if not all_hosts(tls, more):
        gaps.append(NOWHERE)
    return judged(
        tuple(findings),
        clean="TLS 1.2 or newer everywhere",
        seen=tuple(seen),
        gaps=tuple(dict.fromkeys(gaps)),
    )


def all_hosts(tls: TlsHosts, more: CertificateNames | Unknown) -> tuple[HostTls, ...]:
    return (*tls.hosts, *(more.hosts if isinstance(more, CertificateNames) else ()))


def more_gaps(more: CertificateNames | Unknown) -> list[str]:
    """What could not be looked at among the names that certificates gave away."""
    if isinstance(more, Unknown):
        return [more.cause]
    left = plural(more.left_out, "name", "names")
    return [f"{left} in certificates not looked at"] if more.left_out else []


def gaps_of(host: HostTls) -> list[str]:
    """What could not be looked at. Without IPv6 here its addresses are not our question."""
    if host.cause:
        return [f"{host.host}: {host.cause}"]
    unknown = [h for h in host.handshakes if h.outcome == "unknown"]
    without = no_six_here(host)
    gaps = [
        f"{host.host} at {h.address}: {h.cause}" if h.address else f"{host.host}: {h.cause}"
        for h in unknown
        if not (without and ":" in h.address)
    ]
    return [*gaps, *(f"{host.host}: {missed}" for missed in host.missed)]


def _staples_untold(host: HostTls) -> list[str]:
    untold = "the certificate demands an OCSP staple, and whether one is sent could not be told"
    return [f"{host.host}: {untold}" for h in host.handshakes[:1] if h.stapled == "unknown"]


def no_six_here(host: HostTls) -> bool:
    """Whether no IPv6 address of a host let us as far as a connection, unlike an IPv4 one."""
    six = [h for h in host.handshakes if ":" in h.address]
    unreached = all(h.outcome == "unknown" and not h.reached for h in six)
    return len(six) < len(host.handshakes) and unreached


def _nobody_there(host: HostTls) -> bool:
    return bool(host.handshakes) and all(h.outcome == "refused" for h in host.handshakes)


def _presented(host: HostTls) -> list[Seen]:
    seen = []
    for handshake in host.handshakes:
        if handshake.chain:
            leaf = handshake.chain[0]
            value = f"until {leaf.not_after:%Y-%m-%d}, issued by {_called(leaf.issuer)}"
            where = f"{handshake.host} at {handshake.address}" if handshake.address else host.host
            seen.append(Seen(label=where, value=value, source="handshake"))
    return seen


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding per code and subject: the same fault at several addresses is said once."""
    kept: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        kept.setdefault((finding.code, finding.subject), finding)
    return tuple(kept.values())


# ---------------------------------------------------------------- trust


def _clocks(days_off: int) -> str:
    off = plural(abs(days_off), "day")
    return f"this computer's clock is {off} off the servers' clocks, so dates cannot be judged"


INSPECTORS = re.compile(
    r"(?i)zscaler|netskope|forti(?:gate|net)|palo alto|blue ?coat|cisco umbrella|forcepoint"
    r"|mcafee web|skyhigh|sophos|kaspersky|avast|avg technologies|eset ssl|bitdefender|norton web"
    r"|mitmproxy|charles proxy|fiddler|burp|portswigger|squid|barracuda|sonicwall|check ?point"
    r"|(?<![a-z])(?:proxy|firewall|inspection|interception)(?![a-z])"
)
"""How the issuers call themselves that offices and virus scanners put before every site."""


def _inspector(handshake: Handshake) -> str:
    """Who reads along here, if a certificate was made on the way instead of by the site."""
    made = handshake.verify_code in (NO_ISSUER, NO_FIRST, SELF_SIGNED_CHAIN)
    issuer = handshake.chain[0].issuer if made and handshake.chain else ""
    return _called(issuer) if INSPECTORS.search(issuer) else ""


def _inspected(name: str) -> str:
    return (
        f"{name} answers in the place of every site here, as offices and virus scanners do; check"
        " again from another network"
    )


def _about_dates(handshake: Handshake) -> bool:
    return handshake.verify_code in (EXPIRED, NOT_YET)


def _believed(handshake: Handshake, now: datetime) -> list[Finding]:
    """Every fault of what a host presents: OpenSSL names the first, the rest is read off."""
    if handshake.outcome == "refused":
        return [_fault("https-refused", handshake, f"nothing answers at port {handshake.port}")]
    if handshake.outcome != "untrusted":
        return []
    findings = []
    leaf = handshake.chain[0] if handshake.chain else None
    code = handshake.verify_code
    late = _out_of_date(leaf, now) if leaf else ""
    if code in (EXPIRED, NOT_YET) or late:
        findings.append(_fault("cert-expired", handshake, late or "a certificate is out of date"))
    if code in (WRONG_HOST, WRONG_ADDRESS) or (leaf and _is_for_others(leaf, handshake.host)):
        names = ", ".join(leaf.names[:4]) if leaf else ""
        observed = f"the certificate is for {names or 'no name at all'}"
        findings.append(_fault("cert-wrong-host", handshake, observed))
    if code in (NO_ISSUER, NO_FIRST) and _link_missing(handshake.chain):
        last = handshake.chain[-1]
        observed = f"the certificate of {_called(last.issuer)} is not sent along"
        findings.append(_fault("cert-chain-incomplete", handshake, observed))
    elif code not in (EXPIRED, NOT_YET, WRONG_HOST, WRONG_ADDRESS):
        issuer = f"issued by {_called(leaf.issuer)}: " if leaf else ""
        reason = handshake.verify_message or f"OpenSSL says {code}"
        findings.append(_fault("cert-untrusted", handshake, f"{issuer}{reason}"))
    return findings


def _unproven(handshake: Handshake) -> list[Finding]:
    """A certificate that demands a staple, where none came. One that names no place to get it
    from (no OCSP URI) was not asked about: nobody could provide it."""
    if handshake.stapled != "no":
        return []
    observed = "the certificate demands an OCSP staple, and none is sent"
    return [_fault("must-staple-unstapled", handshake, observed)]


def _fault(code: str, handshake: Handshake, observed: str) -> Finding:
    at = f"{handshake.host} at {handshake.address}" if handshake.address else handshake.host
    return Finding(
        code=code,
        subject=handshake.host,
        observed=f"{at}: {observed}",
        params={"host": handshake.host},
    )


def _called(issuer: str) -> str:
    """The common name of an issuer, or its organisation: "CN=R11,O=Let's Encrypt" is R11."""
    parts = dict(part.strip().partition("=")[::2] for part in re.split(r"(?<!\\),", issuer))
    return parts.get("CN") or parts.get("O") or issuer or "nobody"


def _out_of_date(leaf: Certificate, now: datetime) -> str:
    if leaf.not_after <= now:
        return f"expired on {leaf.not_after:%Y-%m-%d}"
    if leaf.not_before > now:
        return f"valid only from {leaf.not_before:%Y-%m-%d}"
    return ""


def _is_for_others(leaf: Certificate, host: str) -> bool:
    """Whether a certificate does not name a host. Of very many names only the first are known."""
    return len(leaf.names) < MOST_NAMES and not covers(leaf, host)


def covers(leaf: Certificate, host: str) -> bool:
    """Whether a certificate names a host; a pattern stands for exactly one label."""
    for name in leaf.names:
        name = name.lower()
        if name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:]):
            return True
    return False


def _link_missing(chain: tuple[Certificate, ...]) -> bool:
    """The last one sent names an issuer that was not sent, and says where to fetch it."""
    if not chain:
        return False
    last = chain[-1]
    sent = {certificate.subject for certificate in chain}
    return not last.self_issued and last.issuer not in sent and last.names_issuer_url


# ---------------------------------------------------------------- expiry


def _renews(host: str, places: Platforms | Unknown) -> str:
    """Who renews a host's certificate by itself; empty where nobody is known to."""
    place = places.of(host) if isinstance(places, Platforms) else None
    if place is None or not place.renews:
        return ""
    return place.label or (place.edges[0] if place.edges else "the platform")


def _expiring(host: HostTls, now: datetime, renews: str) -> tuple[list[Finding], list[Seen]]:
    """Relative to its lifetime, because lifetimes shrink: a third left asks, a tenth alarms."""
    trusted = [h for h in host.handshakes if h.outcome == "trusted" and h.chain]
    if not trusted:
        return [], []
    handshake = min(trusted, key=lambda h: h.chain[0].not_after)
    leaf = handshake.chain[0]
    life = (leaf.not_after - leaf.not_before) / timedelta(days=1)
    left = (leaf.not_after - now.astimezone(UTC)) / timedelta(days=1)
    if left <= 0 or life <= 0 or left >= life / 3:
        return [], []
    days = f"{left:.0f} of {life:.0f} days are left"
    if left < life / 10:
        severity = Severity.HIGH
    elif renews:
        remark = f"{days}; {renews} renews it by itself"
        return [], [Seen(label=host.host, value=remark, source="handshake")]
    else:
        severity = Severity.MEDIUM
    observed = f"{days} (until {leaf.not_after:%Y-%m-%d})"
    if renews:
        observed += f", and {renews} should have renewed it by now"
    finding = _fault("cert-expiring", handshake, observed)
    return [
        Finding(
            code=finding.code,
            subject=finding.subject,
            observed=finding.observed,
            params={**finding.params, "until": f"{leaf.not_after:%Y-%m-%d}"},
            severity=severity,
        )
    ], []


# ---------------------------------------------------------------- addresses


def _spoken(versions: Sequence[str]) -> str:
    """TLS 1.0 and TLS 1.1, for OpenSSL's TLSv1 and TLSv1.1."""
    names = [v.replace("TLSv", "TLS ") + ("" if "." in v else ".0") for v in versions]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
