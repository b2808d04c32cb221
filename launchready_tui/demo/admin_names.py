"""The admin's work on names: at the registry, in the zone, and in the Cloudflare account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from launchready_tui.demo import cloudflare_api, names_faults, signing
from launchready_tui.demo.nameservers import DOMAIN, OWN_ADDRESSES
from launchready_tui.demo.registry import registering

if TYPE_CHECKING:
    from launchready_tui.demo.admin import Bench

GOOD_TIMES = "3600 900 1209600 300"
"""Refresh, retry, expire and minimum as the check's fix names them."""

Repair = Callable[["Bench"], str]
REPAIRS: dict[str, Repair] = {}
_repairs = registering(REPAIRS)


def _named(bench: Bench) -> tuple[str, ...]:
    """The nameservers that the zone itself names."""
    found = bench.company.zone.get(DOMAIN, "NS")
    return found.values if found else ()


# ---------------------------------------------------------------- registry and nameservers


@_repairs("dns-one-nameserver")
def _second_nameserver(bench: Bench) -> str:
    zone = bench.company.zone
    zone.put(f"ns2.{DOMAIN}", "A", 86400, OWN_ADDRESSES[1])
    zone.put(DOMAIN, "NS", 86400, f"ns1.{DOMAIN}.", f"ns2.{DOMAIN}.")
    before = zone.cut(DOMAIN, "")
    servers = dict.fromkeys((*(before.servers if before else ()), f"ns2.{DOMAIN}."))
    zone.delegate(DOMAIN, *servers)
    return f"ns2.{DOMAIN}, in another network, answers too, and the registry names it."


@_repairs("dns-lame")
def _no_lame_server(bench: Bench) -> str:
    zone = bench.company.zone
    cut = zone.cut(DOMAIN, "")
    servers = cut.servers if cut else ()
    zone.delegate(DOMAIN, *(name for name in servers if name != f"{bench.subject}."))
    return f"The registry no longer sends anybody to {bench.subject}."


@_repairs("dns-parent-child-differ")
def _one_list(bench: Bench) -> str:
    bench.company.zone.delegate(DOMAIN, *_named(bench))
    return f"The registry now names the same nameservers as the zone {bench.subject} itself."


@_repairs("soa-values")
def _good_times(bench: Bench) -> str:
    zone = bench.company.zone
    old = zone.authorities[DOMAIN]
    server, contact, serial, *_ = old.soa.split()
    soa = f"{server} {contact} {int(serial) + 1} {GOOD_TIMES}"
    zone.start(replace(old, soa=soa, ttl=3600))
    return "That a name does not exist is now believed for five minutes, not for a day."


@_repairs("dns-axfr-open")
def _no_transfers(bench: Bench) -> str:
    zone = bench.company.zone
    zone.start(replace(zone.authorities[DOMAIN], handed_out=False))
    return f"{bench.subject} now refuses to hand the zone to strangers."


# ---------------------------------------------------------------- records


@_repairs("dns-dnssec-absent")
def _sign(bench: Bench) -> str:
    signing.begin(bench.company.zone, bench.subject)
    return f"{bench.subject} is signed, and the registry has the DS record of its key."


@_repairs("caa-forbids-current")
def _allow_authority(bench: Bench) -> str:
    zone = bench.company.zone
    domain = zone.get(DOMAIN, "CAA")
    if domain:
        zone.put(bench.subject, "CAA", 3600, *domain.values)
    return f"CAA of {bench.subject} allows the authority that its certificates come from."


@_repairs("takeover-fingerprint")
def _drop_alias(bench: Bench) -> str:
    return _forget(bench, "CNAME")


@_repairs("takeover-ns")
def _drop_delegation(bench: Bench) -> str:
    bench.company.zone.delegate(bench.subject)
    return _forget(bench, "NS")


def _forget(bench: Bench, kind: str) -> str:
    company = bench.company
    company.zone.drop(bench.subject, kind)
    company.name_site(*(name for name in company.site_names if name != bench.subject))
    return f"The {kind} record of {bench.subject} is gone, and no certificate names it any more."


@_repairs("ipv6-absent")
def _six(bench: Bench) -> str:
    bench.company.zone.put(bench.subject, "AAAA", 300, names_faults.SITE_ADDRESS_6)
    return f"{bench.subject} has an AAAA record: the site's server answers by IPv6 too."


# ---------------------------------------------------------------- Cloudflare


@_repairs("cf-min-tls")
def _new_tls_only(bench: Bench) -> str:
    bench.company.cloudflare.set("min_tls_version", "1.2")
    return "Cloudflare's oldest TLS version is now 1.2."


@_repairs("cf-development-mode")
def _end_development(bench: Bench) -> str:
    bench.company.cloudflare.set("development_mode", "off")
    return "Development mode is off; Cloudflare caches again."


@_repairs("cf-cache-everything")
def _cache_files_only(bench: Bench) -> str:
    pattern = f"www.{DOMAIN}/assets/*"
    rule = cloudflare_api.page_rule(pattern, cache_level="cache_everything")
    bench.company.cloudflare.page_rules = [rule]
    return f"Cloudflare now caches only what lies below {pattern}, which holds no pages."


@_repairs("cf-waf-off")
def _firewall(bench: Bench) -> str:
    bench.company.cloudflare.phases[cloudflare_api.MANAGED] = [cloudflare_api.managed_rules()]
    return "Cloudflare's managed firewall rules run."


@_repairs("cf-token-wide")
def _narrow_token(bench: Bench) -> str:
    account = bench.company.cloudflare
    account.changes = ()
    account.token_ends = datetime.now(UTC) + cloudflare_api.TOKEN_LIFE
    return "The token was edited: it reads this one zone, and ends in three days."
