"""Whether every address of a host serves the same application and certificate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from launchready_tui.checks.tls import NOWHERE, all_hosts, gaps_of, more_gaps, no_six_here
from launchready_tui.engine import check
from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.dns import DnsSetup
from launchready_tui.facts.site import AddressPages, Visit
from launchready_tui.facts.tls import HostTls, TlsHosts
from launchready_tui.given import Moment
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Unknown
from launchready_tui.network.seen import Handshake
from launchready_tui.outcomes import judged
from launchready_tui.text import plural

ROLLING = timedelta(days=2)
"""How long two certificates of one host may differ while a renewal is handed out."""
LONG_PAGE, OTHER_CLASS = 4_096, 4


@check("tls.addresses")
def addresses(
    tls: TlsHosts,
    more: CertificateNames | Unknown,
    pages: AddressPages | Unknown,
    moment: Moment,
    dns: DnsSetup | Unknown,
) -> Outcome:
    """All addresses of a host serve the same app with the same certificate."""
    findings: list[Finding] = []
    gaps: list[str] = []
    seen: list[Seen] = []
    several = [host for host in all_hosts(tls, more) if len(host.handshakes) > 1]
    visits = {h.host: h.visits for h in pages.hosts} if isinstance(pages, AddressPages) else {}
    six = _six_works(all_hosts(tls, more))
    for host in several:
        shown = visits.get(host.host, ())
        dead = _dead_six(host, six)
        findings += _dead(host.host, dead)
        living = [h for h in host.handshakes if h.address not in dead]
        gaps += _but(dead, [*gaps_of(host), *_pages_missed(host, shown)])
        told = _other_app(shown) or _other_certificate(tuple(living), moment.at)
        if told:
            where, what, sure = told
            findings.append(
                Finding(
                    code="address-differs",
                    subject=host.host,
                    observed=f"{host.host} at {where}: {what}",
                    params={"address": where},
                    confidence=Confidence.CONFIRMED if sure else Confidence.LIKELY,
                )
            )
        elif any(v.challenged for _, v in shown):
            gaps.append(f"{host.host}: a bot challenge answered instead of the app")
        seen.append(
            Seen(
                label=host.host,
                value=", ".join(h.address for h in host.handshakes),
                source="DNS and handshakes",
            )
        )
    for host in all_hosts(tls, more):
        gaps += [f"{host.host}: {why}" for why in (host.cause, *host.missed) if why]
    if not all_hosts(tls, more):
        gaps.append(NOWHERE)
    if several and isinstance(pages, Unknown):
        gaps.append(pages.cause)
    gaps += more_gaps(more)
    findings += _without_six(dns)
    return judged(
        tuple(findings),
        clean=f"{plural(len(several), 'host')} with several addresses serve the same at each"
        if several
        else "every host has one address",
        seen=tuple(seen),
        gaps=tuple(dict.fromkeys(gaps)),
    )


def _six_works(hosts: Iterable[HostTls]) -> bool:
    """Whether IPv6 works from here: some address let us as far as an answer, if only a refusal."""
    six = (h for host in hosts for h in host.handshakes if ":" in h.address)
    return any(h.outcome != "unknown" or h.reached for h in six)


def _dead_six(host: HostTls, six_works: bool) -> tuple[str, ...]:
    """The IPv6 addresses of a host where nothing answers, while IPv4 does and IPv6 works here."""
    if not six_works or not any(
        h.outcome in ("trusted", "untrusted") and ":" not in h.address for h in host.handshakes
    ):
        return ()
    return tuple(
        h.address
        for h in host.handshakes
        if ":" in h.address
        and (h.outcome == "refused" or (h.outcome == "unknown" and not h.reached))
    )


def _dead(host: str, addresses: tuple[str, ...]) -> list[Finding]:
    if not addresses:
        return []
    return [
        Finding(
            code="dns-aaaa-dead",
            subject=host,
            observed=f"nothing answers at {', '.join(addresses[:2])}, unlike at its IPv4 address",
            params={"address": addresses[0]},
        )
    ]


def _but(addresses: tuple[str, ...], gaps: list[str]) -> list[str]:
    """Without what was said of addresses that are told as dead already."""
    return [gap for gap in gaps if not any(a in gap for a in addresses)]


def _without_six(dns: DnsSetup | Unknown) -> list[Finding]:
    """Said once for the domain: which name should begin with IPv6 is for the host to say."""
    if isinstance(dns, Unknown) or not dns.live:
        return []
    if any(name.aaaa.outcome not in ("nodata", "nxdomain") for name in dns.live):
        return []
    return [
        Finding(
            code="ipv6-absent",
            subject=dns.domain,
            observed=f"{plural(len(dns.live), 'name')} and no IPv6 address (AAAA)",
        )
    ]


def _pages_missed(host: HostTls, visits: tuple[tuple[str, Visit], ...]) -> list[str]:
    """Addresses whose page was not seen, so that it could not be compared."""
    without = no_six_here(host)
    gaps = [
        f"{host.host} at {address}: {visit.cause}"
        for address, visit in visits
        if visit.ended == "unknown" and not (without and ":" in address)
    ]
    left = [h.address for h in host.handshakes if visits and h.address not in dict(visits)]
    if left:
        gaps.append(f"{host.host}: the page at {', '.join(left[:3])} was not compared")
    return gaps


def _other_app(visits: tuple[tuple[str, Visit], ...]) -> tuple[str, str, bool] | None:
    """The first address whose page is not the first one's: where, what, and that it is sure."""
    read = [(address, visit) for address, visit in visits if visit.last and not visit.challenged]
    good = [(a, v) for a, v in read if v.ended == "ok" and v.status < 500]
    if not good:
        return None
    _, first = good[0]
    for address, visit in read:
        if visit.ended == "ok" and visit.status >= 500:
            return (
                address,
                f"it answers {visit.status}, other addresses answer {first.status}",
                True,
            )
    for address, visit in good[1:]:
        told = _difference(first, visit)
        if told:
            return address, told, True
    for address, visit in good[1:]:
        if told := _sizes_apart(first, visit):
            return address, told, False
    return None


def _sizes_apart(one: Visit, other: Visit) -> str:
    """Pages of another class of length, as the servers give it: more than any banner adds."""
    sizes = [
        int(length)
        for visit in (one, other)
        if visit.last
        and (length := visit.last.header("content-length")).isdecimal()
        and len(length) < 12
    ]
    if len(sizes) < 2 or max(sizes) < LONG_PAGE or max(sizes) < OTHER_CLASS * min(sizes):
        return ""
    return f"its page has {sizes[1]} bytes, the first one's {sizes[0]}"


def _difference(one: Visit, other: Visit) -> str:
    if (one.status < 400) != (other.status < 400):
        return f"it answers {other.status}, the first address answers {one.status}"
    if one.page is None or other.page is None:
        return ""
    if one.page.title != other.page.title:
        return f"its page is called “{other.page.title}”, the first one's “{one.page.title}”"
    if one.page.versions != other.page.versions and one.page.versions and other.page.versions:
        return f"its page says {other.page.versions[0]}, the first one's {one.page.versions[0]}"
    if one.page.assets and other.page.assets and not set(one.page.assets) & set(other.page.assets):
        return "its page loads none of the scripts and styles of the first one's"
    return ""


def _other_certificate(
    handshakes: tuple[Handshake, ...], now: datetime
) -> tuple[str, str, bool] | None:
    """An address with a certificate that no renewal in progress explains."""
    told = [h for h in handshakes if h.outcome != "unknown"]
    working = next((h for h in told if h.outcome == "trusted"), None)
    if working is None:
        return None
    for handshake in told:
        if handshake.outcome == "refused":
            return handshake.address, "nothing answers there, unlike at the others", True
        if handshake.outcome == "untrusted":
            return handshake.address, "its certificate is not believed, the others' is", True
    leaves = [(h.address, h.chain[0]) for h in told if h.chain]
    first = leaves[0][1] if leaves else None
    for address, leaf in leaves[1:]:
        if first is None or leaf.sha256 == first.sha256 or leaf.key != first.key:
            continue
        if set(leaf.names) != set(first.names):
            return address, f"its certificate is for {', '.join(leaf.names[:3])}", False
        newest = max(leaf.not_before, first.not_before)
        if now - newest > ROLLING:
            return (
                address,
                f"its certificate ends {leaf.not_after:%Y-%m-%d}, the first one's"
                f" {first.not_after:%Y-%m-%d}, and both are older than two days",
                False,
            )
    return None
