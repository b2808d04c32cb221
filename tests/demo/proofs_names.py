"""Proofs of what is wrong with names, name servers and the Cloudflare account."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import dns.flags
import dns.rcode
import dns.rdatatype

from demo.raw import Browser, ask, ask_at, certificate, values
from launchready_tui.demo import Lab
from launchready_tui.demo.registry import registering

Proof = Callable[[Lab, str], bool]
PROOFS: dict[str, Proof] = {}
DOMAIN = "harbour-ops.test"
REGISTRY = "203.0.113.53"
OWN = "192.0.2.53"
HOURS = 3_600
proves = registering(PROOFS)


# ---------------------------------------------------------------- name servers


def sent_to(lab: Lab, address: str, name: str) -> list[str]:
    """The servers in a referral."""
    told = ask_at(lab, address, name, "NS")
    assert not told.answer
    assert not told.flags & dns.flags.AA
    return sorted(r.to_text() for found in told.authority for r in found)


@proves("dns-one-nameserver")
def one_nameserver(lab: Lab, subject: str) -> bool:
    return len(values(ask(lab, subject, "NS"), "NS")) == 1


@proves("dns-lame")
def lame(lab: Lab, subject: str) -> bool:
    address = values(ask(lab, subject, "A"), "A")[0]
    assert ask_at(lab, address, DOMAIN, "SOA").rcode() == dns.rcode.REFUSED
    return f"{subject}." in sent_to(lab, REGISTRY, DOMAIN)


@proves("dns-parent-child-differ")
def differing(lab: Lab, subject: str) -> bool:
    return sent_to(lab, REGISTRY, subject) != values(ask_at(lab, OWN, subject, "NS"), "NS")


@proves("soa-values")
def long_absence(lab: Lab, subject: str) -> bool:
    told = ask_at(lab, OWN, f"no-such-name.{subject}", "A")
    assert told.rcode() == dns.rcode.NXDOMAIN
    start = told.authority[0]
    return min(start.ttl, start[0].minimum) > HOURS


@proves("dns-axfr-open")
def handed_out(lab: Lab, subject: str) -> bool:
    address = values(ask(lab, subject, "A"), "A")[0]
    told = ask_at(lab, address, DOMAIN, "AXFR", tcp=True)
    assert told.rcode() in (dns.rcode.NOERROR, dns.rcode.REFUSED)
    return f"old.{DOMAIN}." in {found.name.to_text() for found in told.answer}


# ---------------------------------------------------------------- records


@proves("dns-dnssec-absent")
def unsigned(lab: Lab, subject: str) -> bool:
    promised = values(ask(lab, subject, "DS"), "DS")
    assert bool(promised) == bool(values(ask(lab, subject, "DNSKEY"), "DNSKEY"))
    return not promised


@proves("caa-forbids-current")
def forbidden(lab: Lab, subject: str) -> bool:
    issuer = certificate(lab, subject).issuer.rfc4514_string()
    assert "Harbour lab" in issuer
    listed = values(ask(lab, subject, "CAA"), "CAA")
    assert any(" issue " in record for record in listed)
    return '0 issue "pki.harbour-lab.test"' not in listed


@proves("takeover-fingerprint")
def unclaimed(lab: Lab, subject: str) -> bool:
    alias = values(ask(lab, subject, "A"), "CNAME")
    if not alias:
        return False
    page = Browser(lab).get(f"http://{subject}/")
    return alias[0].endswith(".surge.sh.") and (page.status, "project not found" in page.body) == (
        404,
        True,
    )


@proves("takeover-ns")
def forgotten(lab: Lab, subject: str) -> bool:
    if ask(lab, subject, "A").rcode() != dns.rcode.SERVFAIL:
        return False
    servers = sent_to(lab, OWN, subject)
    for server in servers:
        address = values(ask(lab, server, "A"), "A")[0]
        assert ask_at(lab, address, subject, "SOA").rcode() == dns.rcode.REFUSED
    return len(servers) == 2


@proves("ipv6-absent")
def without_six(lab: Lab, subject: str) -> bool:
    addresses = values(ask(lab, subject, "AAAA"), "AAAA")
    if addresses:
        assert Browser(lab).get(f"https://{subject}/", address=f"[{addresses[0]}]").status == 200
    return not addresses


# ---------------------------------------------------------------- Cloudflare


def asked(lab: Lab, path: str) -> tuple[int, Any]:
    """What Cloudflare's API of the lab answers to the token of its owner."""
    token = lab.secrets["cloudflare-token"]
    told = Browser(lab).get(
        f"https://api.cloudflare.com/client/v4{path}",
        address="api.cloudflare.com",
        headers={"Authorization": f"Bearer {token}"},
    )
    return told.status, json.loads(told.body)["result"]


def zone(lab: Lab, path: str) -> tuple[int, Any]:
    """A part of the one zone that the account has."""
    _, (only,) = asked(lab, "/zones")
    assert only["name"] == DOMAIN
    return asked(lab, f"/zones/{only['id']}{path}")


def setting(lab: Lab, name: str) -> Any:
    _, settings = zone(lab, "/settings")
    return next(entry["value"] for entry in settings if entry["id"] == name)


@proves("cf-min-tls")
def old_tls(lab: Lab, subject: str) -> bool:
    return setting(lab, "min_tls_version") in ("1.0", "1.1")


@proves("cf-development-mode")
def development(lab: Lab, subject: str) -> bool:
    return bool(setting(lab, "development_mode") == "on")


@proves("cf-cache-everything")
def everything_cached(lab: Lab, subject: str) -> bool:
    _, rules = zone(lab, "/pagerules")
    patterns = [rule["targets"][0]["constraint"]["value"] for rule in rules]
    assert rules[0]["actions"] == [{"id": "cache_level", "value": "cache_everything"}]
    return subject in patterns


@proves("cf-waf-off")
def no_firewall(lab: Lab, subject: str) -> bool:
    status, _ = zone(lab, "/rulesets/phases/http_request_firewall_managed/entrypoint")
    assert status in (200, 404)
    return status == 404


@proves("cf-token-wide")
def wide_token(lab: Lab, subject: str) -> bool:
    _, verified = asked(lab, "/user/tokens/verify")
    _, accounts = asked(lab, "/accounts")
    assert verified["status"] == "active"
    return "expires_on" not in verified and bool(accounts)
