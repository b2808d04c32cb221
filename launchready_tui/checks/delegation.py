"""Whether the servers that the world is sent to answer for the zone, alike and for nobody else."""

from __future__ import annotations

from launchready_tui.engine import check
from launchready_tui.facts.delegation import (
    PROBE,
    AskedServer,
    Delegation,
    Openness,
    ZoneTransfers,
)
from launchready_tui.given import Permits
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.outcomes import judged
from launchready_tui.text import plural

SHORTEST_REFRESH = 1_200
LONGEST_NEGATIVE = 3_600
_RCODES = {
    "REFUSED": "refuses to answer",
    "SERVFAIL": "says that it cannot answer (SERVFAIL)",
    "NOTAUTH": "says that it does not answer for it",
    "NOERROR": "sends us on to others",
}
"""What a server says that does not answer for the zone. Anything else proves nothing."""


@check("dns.delegation")
def delegation(told: Delegation, transfers: ZoneTransfers | Unknown, permits: Permits) -> Outcome:
    """The nameservers answer for the zone, agree with each other and with the zone above."""
    gaps: list[str] = []
    findings: list[Finding] = []
    seen = [_seen(server) for server in told.servers]
    if told.above.gone:
        findings.append(_gone(told))
    elif told.above.turned_aside:
        gaps.append(
            f"this network answers in the place of {told.above.server}, so that no nameserver"
            " can be asked itself: check from another network"
        )
    else:
        findings += _lame(told)
        findings += _differing(told)
        gaps += [told.above.cause] if told.above.cause else []
        untold = (s for s in told.servers if not s.answers and not _trouble(s))
        gaps += [f"{server.name}: {server.soa.cause}" for server in untold]
    if not any(server.answers for server in told.servers) and not findings and not gaps:
        gaps.append(f"no nameserver of {told.zone} could be asked itself")
    soa, remark = _start(told)
    findings += soa
    seen += remark
    opened, more, left = _opened(told.zone, transfers, permits)
    findings += opened
    seen += more
    count = sum(server.answers for server in told.servers)
    return judged(
        tuple(findings),
        clean=f"{plural(count, 'nameserver')} answer for {told.zone} and agree",
        seen=tuple(seen),
        gaps=tuple(dict.fromkeys([*gaps, *left])),
    )


def _seen(server: AskedServer) -> Seen:
    value = f"serial {server.serial}" if server.answers else _trouble(server) or server.soa.cause
    return Seen(label=f"{server.name} {server.address}".strip(), value=value, source="DNS")


def _gone(told: Delegation) -> Finding:
    return Finding(
        code="dns-domain-gone",
        subject=told.zone,
        observed=f"{told.above.server}, which answers for {told.above.parent}, says that"
        f" {told.zone} does not exist (NXDOMAIN)",
        params={"domain": told.zone},
    )


# ---------------------------------------------------------------- lame


def _trouble(server: AskedServer) -> str:
    """What a nameserver does instead of answering; empty where it answers, or nothing came."""
    if not server.address:
        absent = server.soa.outcome in ("nxdomain", "nodata")
        return "has no address" if absent else ""
    if server.answers or server.silent:
        return ""
    if server.soa.outcome == "unknown":
        return _RCODES.get(server.soa.rcode, "")
    if server.soa.outcome == "ok":
        return "answers from a cache, not as the zone's own server (no AA)"
    return "does not know the zone"


def _lame(told: Delegation) -> list[Finding]:
    """One failing server is a fault of its own; all of them are an outage."""
    lame = [server for server in told.servers if _trouble(server)]
    fine = any(server.answers for server in told.servers)
    if not fine and not told.above.names:
        return []  # nothing tells lame servers from a network that answers in their place
    if lame and not fine and len(lame) == len(told.servers) and not told.left_out:
        observed = "; ".join(f"{server.name} {_trouble(server)}" for server in lame[:4])
        return [_lame_finding(told.zone, told.zone, lame, observed, Severity.BLOCKER)]
    return [
        _lame_finding(
            told.zone, server.name, [server], f"{server.name} {_trouble(server)}", Severity.HIGH
        )
        for server in lame
    ]


def _lame_finding(
    zone: str, subject: str, lame: list[AskedServer], observed: str, severity: Severity
) -> Finding:
    return Finding(
        code="dns-lame",
        subject=subject,
        observed=f"asked for {zone}, {observed}",
        params={"zone": zone, "servers": ", ".join(server.name for server in lame)},
        severity=severity,
    )


# ---------------------------------------------------------------- agreement


def _differing(told: Delegation) -> list[Finding]:
    """The zone above and the zone itself name other servers, or the servers other versions."""
    own = next((s.ns for s in told.servers if s.ns and s.ns.outcome == "ok" and s.answers), None)
    observed = ""
    if own and told.above.names and set(own.records) != set(told.above.names):
        above = _only(set(told.above.names) - set(own.records))
        below = _only(set(own.records) - set(told.above.names))
        observed = (
            f"{told.above.parent} sends people to {above or 'fewer servers'},"
            f" the zone itself names {below or 'fewer'}"
        )
    elif not told.large and (versions := _versions(told)):
        observed = f"at two looks the servers hold different versions of the zone: {versions}"
    if not observed:
        return []
    return [
        Finding(
            code="dns-parent-child-differ",
            subject=told.zone,
            observed=observed,
            params={"zone": told.zone},
            confidence=Confidence.CONFIRMED,
        )
    ]


def _only(names: set[str]) -> str:
    return ", ".join(sorted(names)[:4])


def _versions(told: Delegation) -> str:
    """The serials of the servers, where they still differ at the second look."""
    again = {server.name: server.again for server in told.servers if server.again}
    if len(set(again.values())) < 2:
        return ""
    return ", ".join(f"{name} has {serial}" for name, serial in list(again.items())[:4])


# ---------------------------------------------------------------- start of the zone


def _start(told: Delegation) -> tuple[list[Finding], list[Seen]]:
    """The numbers in the SOA record; at a DNS provider nobody but the provider can edit them."""
    server = next((s for s in told.servers if s.answers), None)
    odd = _odd_values(server.soa.records[0], server.soa.ttl) if server else []
    if not odd or server is None:
        return [], []
    observed = "; ".join(odd)
    if told.provider:
        remark = f"{observed}; {told.provider} sets this"
        return [], [Seen(label="SOA", value=remark, source="DNS")]
    return [
        Finding(
            code="soa-values",
            subject=told.zone,
            observed=f"SOA: {observed}",
            params={"values": observed},
        )
    ], []


def _odd_values(record: str, ttl: int) -> list[str]:
    words = record.split()
    if len(words) != 7 or not all(word.isdigit() for word in words[2:]):
        return []
    refresh, retry, expire, minimum = map(int, words[3:])
    negative = min(minimum, ttl) if ttl else minimum
    rules = (
        (expire < refresh + retry, f"expire {expire} s is shorter than refresh and retry together"),
        (refresh < SHORTEST_REFRESH, f"refresh {refresh} s is shorter than 20 minutes"),
        (retry >= refresh, f"retry {retry} s is not shorter than refresh {refresh} s"),
        (
            negative > LONGEST_NEGATIVE,
            f"names that do not exist are remembered for {negative} s, more than an hour",
        ),
        ("@" in words[1], "the contact (RNAME) is written with an @ where a dot belongs"),
    )
    return [said for broken, said in rules if broken]


# ---------------------------------------------------------------- strangers


def _opened(
    zone: str, transfers: ZoneTransfers | Unknown, permits: Permits
) -> tuple[list[Finding], list[Seen], list[str]]:
    """What the servers do for strangers: asked only where a person allowed it."""
    if isinstance(transfers, Unknown):
        label = "zone transfer and recursion"
        untried = Seen(label=label, value=transfers.cause, source="not sent")
        return [], [untried], [transfers.cause] if permits.allows(PROBE) else []
    findings = [f for server in transfers.servers for f in _open_to_all(zone, server)]
    seen = [
        Seen(
            label=server.name,
            value=f"zone transfer {server.transfer.outcome}",
            source="AXFR",
        )
        for server in transfers.servers
    ]
    gaps = [s.transfer.cause for s in transfers.servers if s.transfer.outcome == "unknown"]
    return findings, seen, gaps


def _open_to_all(zone: str, server: Openness) -> list[Finding]:
    findings = []
    if server.transfer.outcome == "open":
        findings.append(
            Finding(
                code="dns-axfr-open",
                probe="zone-transfer",
                subject=server.name,
                observed=f"{server.name} began to send the whole zone {zone}"
                f" ({plural(server.transfer.records, 'record')} at once)",
                params={"zone": zone},
            )
        )
    told = server.recursion
    if told.outcome == "ok" and not told.authoritative:
        findings.append(
            Finding(
                code="dns-recursion-open",
                probe="zone-transfer",
                subject=server.name,
                observed=f"{server.name} looked up {told.name} for a stranger",
            )
        )
    return findings
