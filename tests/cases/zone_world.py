"""Nameservers asked in person, signatures and CAA, all in order; an example changes one thing."""

from __future__ import annotations

from typing import Any

from cases.world import DOMAIN, answer
from launchready_tui.facts.caa import CaaSet, CaaSets, read
from launchready_tui.facts.delegation import (
    Above,
    AskedServer,
    Delegation,
    Openness,
    ZoneTransfers,
)
from launchready_tui.facts.dnssec import Dnssec
from launchready_tui.network.seen import Answer, Transfer

NS1, NS2 = "ns1.dns.test", "ns2.dns.example"
NAMES = (NS1, NS2)
SOA = "ns1.dns.test hostmaster.acme.test 7 3600 900 1209600 300"


def start(serial: int = 7, *, record: str = "", **changes: Any) -> Answer:
    text = record or SOA.replace(" 7 ", f" {serial} ")
    return answer(DOMAIN, "SOA", text, **{"authoritative": True, "ttl": 3600, **changes})


def said(rcode: str) -> Answer:
    """What a server says instead of answering: REFUSED, SERVFAIL; empty for nothing at all."""
    cause = f"it answered {rcode}" if rcode else "it did not answer within 6 s"
    return answer(DOMAIN, "SOA", outcome="unknown", rcode=rcode, cause=cause)


def named(*names: str, **changes: Any) -> Answer:
    return answer(DOMAIN, "NS", *sorted(names), **{"authoritative": True, **changes})


def server(name: str, soa: Answer | None = None, **changes: Any) -> AskedServer:
    values: dict[str, Any] = {
        "name": name,
        "address": "192.0.2.1",
        "soa": soa or start(),
        "ns": named(*NAMES),
        **changes,
    }
    return AskedServer(**values)


def above(*names: str, **changes: Any) -> Above:
    referral = answer(
        DOMAIN, "NS", outcome="unknown", rcode="NOERROR", cause="a referral", referral=names
    )
    values: dict[str, Any] = {"parent": "test", "server": "a.nic.test", "answer": referral}
    return Above(**{**values, **changes})


def delegation(*servers: AskedServer, parent: Above | None = None, **changes: Any) -> Delegation:
    """Both servers answer alike, but for the given ones."""
    kept = {name: server(name) for name in NAMES} | {s.name: s for s in servers}
    return Delegation(
        zone=DOMAIN, above=parent or above(*NAMES), servers=tuple(kept.values()), **changes
    )


def strangers(transfer: str = "refused", recursion: Answer | None = None) -> ZoneTransfers:
    refused = answer("example.com", outcome="unknown", rcode="REFUSED", cause="REFUSED")
    moved = Transfer(
        zone=DOMAIN,
        server="192.0.2.1",
        outcome=transfer,  # type: ignore[arg-type]
        records=9,
        cause="it did not answer over TCP" if transfer == "unknown" else "",
    )
    return ZoneTransfers(
        servers=(Openness(name=NS1, transfer=moved, recursion=recursion or refused),)
    )


# ---------------------------------------------------------------- signatures and CAA

KEY = (
    "257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edb"
    "krSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA=="
)
"""The key of RFC 6605, section 6.1 (ECDSA P-256), whose tag is 55648."""
DS = "55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17"


def signed(ds: Answer | None = None, keys: Answer | None = None, **changes: Any) -> Dnssec:
    return Dnssec(
        zone=DOMAIN,
        ds=ds or answer(DOMAIN, "DS", DS),
        keys=keys or answer(DOMAIN, "DNSKEY", KEY),
        **changes,
    )


def caa(*records: str, cause: str = "", hosts: tuple[CaaSet, ...] = ()) -> CaaSets:
    """What holds for the domain, and for hosts that have something else."""
    return CaaSets(domain=caa_set(DOMAIN, *records, cause=cause), hosts=hosts)


def caa_set(host: str, *records: str, cause: str = "", at: str = DOMAIN) -> CaaSet:
    found = read(records)
    return CaaSet(host=host, found_at=at if found else "", properties=found, cause=cause)
