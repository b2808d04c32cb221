"""Names, nameservers and caching times of the zone."""

from __future__ import annotations

import ipaddress

from launchready_tui.checks.takeover import claimed, lost_name
from launchready_tui.engine import check
from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.dangling import Dangling
from launchready_tui.facts.dns import DnsSetup, NameRecords, host_of, registrable
from launchready_tui.facts.host import Platforms
from launchready_tui.facts.nameservers import NameServers
from launchready_tui.facts.site import CanonicalStarts, Visit
from launchready_tui.facts.takeover import Claims
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.network.seen import Answer
from launchready_tui.outcomes import judged
from launchready_tui.text import plural

LONG_TTL = 3_600
LONGEST_TTL = 86_400
TINY_TTL = 60


@check("dns.apex")
def apex(dns: DnsSetup) -> Outcome:
    """The bare domain leads somewhere, by records that a bare domain may have."""
    records = dns.of(dns.domain)
    if records is None:
        return judged((), clean="", gaps=(f"{dns.domain} was not asked for",))
    findings = []
    alias = next((alias for a in (records.a, records.aaaa) for alias in a.chain), None)
    bare = dns.domain in (dns.zone, registrable(dns.domain))
    if alias is not None and bare and alias.name == dns.domain:
        findings.append(
            Finding(
                code="dns-apex-cname",
                subject=dns.domain,
                observed=f"{dns.domain} is an alias (CNAME) for {alias.target}",
                params={"target": alias.target},
            )
        )
    if records.absent and not records.chain:
        findings.append(
            Finding(
                code="dns-apex-missing",
                subject=dns.domain,
                observed=_absence(records),
            )
        )
    return judged(
        tuple(findings),
        clean=f"{dns.domain} leads to {_listed(records.addresses)}",
        seen=(*_seen(records), Seen(label="SOA", value=dns.zone or "none found", source="DNS")),
        gaps=(records.cause,) if records.cause else (),
    )


@check("dns.names")
def names(
    dns: DnsSetup,
    target: Target,
    more: CertificateNames | Unknown,
    dangling: Dangling | Unknown,
    starts: CanonicalStarts | Unknown,
    claims: Claims | Unknown,
    places: Platforms | Unknown,
) -> Outcome:
    """www and every name somebody counts on resolve, to public addresses, without a wildcard."""
    found = [*dns.names, *(more.names if isinstance(more, CertificateNames) else ())]
    lost = {d.name: d for d in (dangling.names if isinstance(dangling, Dangling) else ())}
    findings: list[Finding] = []
    for name in found:
        if name.name in lost and (taken := lost_name(lost[name.name])):
            findings.append(taken)
        elif (
            name.absent
            and name.name != dns.domain
            and (who := _expected(name, dns, target, starts))
        ):
            findings.append(
                Finding(
                    code="dns-name-missing",
                    subject=name.name,
                    observed=f"{_absence(name)}; {who}",
                    params={"name": name.name},
                )
            )
        findings += _private(name) if target.traits.get("private") is not True else []
    if _wild(dns) and target.traits.get("wildcard") is not True:
        findings.append(_wildcard(dns))
    taken_over, unseen = ([], []) if isinstance(claims, Unknown) else claimed(claims)
    findings += [*taken_over, *_apart(dns, starts, places)]
    gaps = [f"{n.name}: {n.cause}" for n in found if n.cause]
    gaps += [*unseen, *(fact.cause for fact in (dangling, claims) if isinstance(fact, Unknown))]
    own = [n.name for n in found if n.addresses and not n.echo]
    return judged(
        tuple(findings),
        clean=f"{plural(len(own), 'name')} resolve: {_listed(own)}",
        seen=tuple(seen for name in found for seen in _seen(name)),
        gaps=tuple(dict.fromkeys(gaps)),
    )


@check("dns.nameservers")
def nameservers(servers: NameServers) -> Outcome:
    """The domain survives the loss of one nameserver."""
    seen = tuple(
        Seen(label="NS", value=f"{s.name} {_listed(s.addresses)}".strip(), source="DNS")
        for s in servers.servers
    )
    count = len(servers.servers)
    if not count:
        return judged((), clean="", seen=seen, gaps=(f"no nameserver is named for {servers.zone}",))
    unknown = [s.a.cause or s.aaaa.cause for s in servers.servers if not s.addresses]
    networks = {_network(address) for s in servers.servers for address in s.addresses}
    observed = ""
    if count == 1:
        observed = f"only {servers.servers[0].name} answers for {servers.zone}"
    elif not unknown and len(networks) == 1 and not servers.large:
        observed = f"all {count} nameservers are in {networks.pop()}"
    findings = (
        (Finding(code="dns-one-nameserver", subject=servers.zone, observed=observed),)
        if observed
        else ()
    )
    gaps = [f"the address of a nameserver could not be told: {unknown[0]}"] if unknown else []
    if servers.large and count > 1:
        gaps = []
    at = f" at {servers.provider}" if servers.provider else ""
    return judged(findings, clean=f"{plural(count, 'nameserver')}{at}", seen=seen, gaps=tuple(gaps))


@check("dns.ttl")
def ttl(dns: DnsSetup, target: Target, more: CertificateNames | Unknown) -> Outcome:
    """A move of the app reaches everybody soon: no address is cached for long."""
    found = [*dns.live, *(more.names if isinstance(more, CertificateNames) else ())]
    moving = target.traits.get("cutover") is not False
    findings = []
    seen = []
    for name in found:
        for kind, seconds in sorted(name.ttls(dns.domain).items()):
            seen.append(
                Seen(label=f"{name.name} {kind.split()[0]}", value=_span(seconds), source="DNS")
            )
            if seconds > (LONG_TTL if moving else LONGEST_TTL):
                findings.append(_slow(name.name, kind, seconds))
            elif seconds < TINY_TTL:
                findings.append(_hasty(name, kind, seconds))
    gaps = tuple(f"{n.name}: {n.cause}" for n in dns.names if n.cause)
    if not found and not gaps:
        gaps = ("no name of the domain leads to an address",)
    return judged(
        _once(findings),
        clean=f"every address may be changed within {_span(max(dns.max_ttl, 1))}",
        seen=tuple(seen),
        gaps=gaps,
    )


# ---------------------------------------------------------------- names


def _expected(
    name: NameRecords, dns: DnsSetup, target: Target, starts: CanonicalStarts | Unknown
) -> str:
    """Who counts on a name; empty where nobody does."""
    if name.name == f"www.{dns.domain}":
        needed = dns.zone in ("", dns.domain) and target.traits.get("www") is not False
        return "people type www out of habit" if needed else ""
    if name.wanted:
        return "its address was given as part of this launch"
    if isinstance(starts, CanonicalStarts):
        page = next((v for v in starts.starts if v.page and name.name in v.page.links), None)
        if page is not None:
            return f"{page.url} links to it"
    return ""


def _apart(
    dns: DnsSetup, starts: CanonicalStarts | Unknown, places: Platforms | Unknown
) -> list[Finding]:
    """The domain with and without www at two different places, neither leading to the other."""
    if isinstance(starts, Unknown):
        return []
    bare, www = (_stays(starts, host) for host in (dns.domain, f"www.{dns.domain}"))
    if bare is None or www is None:
        return []
    told = _two_places(dns.domain, places) or _two_sites(dns, bare, www)
    if not told:
        return []
    return [
        Finding(
            code="dns-apex-www-differ",
            subject=dns.domain,
            observed=f"{dns.domain} and www.{dns.domain} lead to different places: {told}",
        )
    ]


def _stays(starts: CanonicalStarts, host: str) -> Visit | None:
    """The visit of a host that serves pages of its own, by https."""
    visit = next((v for v in starts.starts if v.url == f"https://{host}/"), None)
    if visit is None or visit.ended != "ok" or visit.challenged or visit.status >= 400:
        return None
    return visit if host_of(visit.hops[-1].url) == host else None


def _two_places(domain: str, places: Platforms | Unknown) -> str:
    if isinstance(places, Unknown):
        return ""
    labels = [place.label for h in (domain, f"www.{domain}") if (place := places.of(h))]
    return " and ".join(labels) if len(set(labels)) == 2 and all(labels) else ""


def _two_sites(dns: DnsSetup, bare: Visit, www: Visit) -> str:
    mine, theirs = dns.of(dns.domain), dns.of(f"www.{dns.domain}")
    if not mine or not theirs or set(mine.addresses) & set(theirs.addresses):
        return ""
    if not bare.page or not www.page or bare.page.title == www.page.title:
        return ""
    return f"“{bare.page.title}” and “{www.page.title}”"


def _private(name: NameRecords) -> list[Finding]:
    private = [address for address in name.addresses if _kind(address)]
    if not private or name.echo:
        return []
    return [
        Finding(
            code="dns-private-address",
            subject=name.name,
            observed=f"{name.name} leads to {private[0]}, {_kind(private[0])}",
            params={"address": private[0]},
        )
    ]


_DOCUMENTATION = tuple(
    ipaddress.ip_network(n)
    for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


def _kind(address: str) -> str:
    """What is private about an address, in words; empty for a public one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if any(ip in network for network in _DOCUMENTATION):
        return ""
    if ip.is_loopback or ip.is_unspecified:
        return "which is each visitor's own computer"
    if ip.is_link_local:
        return "an address that works on one network cable only"
    return "a private address that visitors cannot reach" if ip.is_private else ""


def _wild(dns: DnsSetup) -> bool:
    return dns.wildcard or bool(dns.probe_text.records or dns.probe_mail.records)


def _wildcard(dns: DnsSetup) -> Finding:
    said = [
        *dns.probe.addresses,
        *dns.probe.chain,
        *dns.probe_text.records,
        *dns.probe_mail.records,
    ]
    return Finding(
        code="dns-wildcard",
        subject=f"*.{dns.domain}",
        observed=f"the made-up name {dns.probe.name} answers: {_listed(said)}",
    )


def _absence(name: NameRecords) -> str:
    if name.chain:
        return f"{name.name} is an alias for {name.chain[-1]}, which does not exist"
    missing = name.a.outcome == "nxdomain" or name.aaaa.outcome == "nxdomain"
    said = "does not exist (NXDOMAIN)" if missing else "exists, but has no address (A or AAAA)"
    return f"{name.name} {said}"


def _seen(name: NameRecords) -> tuple[Seen, ...]:
    if name.cause:
        return (Seen(label=name.name, value=f"could not be told: {name.cause}", source="DNS"),)
    way = " → ".join([*name.chain, _listed(name.addresses) or "no address"])
    echo = " (only the wildcard answers)" if name.echo else ""
    return (Seen(label=name.name, value=f"{way}{echo}", source="DNS"),)


# ---------------------------------------------------------------- times


def _slow(name: str, kind: str, seconds: int) -> Finding:
    record, _, owner = kind.partition(" ")
    return Finding(
        code="ttl-before-cutover",
        subject=owner or name,
        observed=f"the {record} record of {owner or name} may be cached for {_span(seconds)}",
        params={"ttl": str(seconds), "span": _span(seconds)},
        confidence=Confidence.CONFIRMED if seconds > LONGEST_TTL else Confidence.LIKELY,
    )


def _hasty(name: NameRecords, kind: str, seconds: int) -> Finding:
    """A cache counts down: only the zone's own server shows what the zone says."""
    record, _, owner = kind.partition(" ")
    answers: tuple[Answer, ...] = (name.a, name.aaaa)
    sure = all(answer.authoritative for answer in answers if answer.records)
    how = "" if sure else ", as a cache showed it; the zone may say more"
    return Finding(
        code="ttl-tiny",
        subject=owner or name.name,
        observed=f"the {record} record of {owner or name.name} lives {seconds} s{how}",
        params={"ttl": str(seconds)},
        confidence=Confidence.CONFIRMED if sure else Confidence.REVIEW,
        severity=Severity.LOW if sure else Severity.INFO,
    )


def _span(seconds: int) -> str:
    """300 s, 5 minutes, 1 hour, 24 hours, 3 days: the way people say it."""
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size or (seconds == size and word != "day"):
            return plural(round(seconds / size), word)
    return "24 hours" if seconds == LONGEST_TTL else f"{seconds} s"


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple({(f.code, f.subject): f for f in findings}.values())


def _network(address: str) -> str:
    ip = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False))


def _listed(values: list[str] | tuple[str, ...], most: int = 4) -> str:
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(values[:most]) + more
