"""Whether Cloudflare is in front of a host, and whether that is the owner's own zone.

`cf-ray` alone proves nothing about the owner: platforms such as Render and Shopify put their
customers behind Cloudflare accounts of their own.
"""

from __future__ import annotations

import ipaddress
from typing import Literal

from launchready_tui.engine import fact
from launchready_tui.facts import tables
from launchready_tui.facts.dns import DnsSetup, NameRecords
from launchready_tui.facts.host import host_in
from launchready_tui.facts.site import CanonicalStarts, HostPages, Visit
from launchready_tui.model import Fact, Record, Unknown

NAMESERVERS = ("ns.cloudflare.com", "secondary.cloudflare.com")
PARTIAL = ("cdn.cloudflare.net",)
"""A zone that stays elsewhere and points single names at Cloudflare."""


class CloudflareHost(Record, frozen=True, kw_only=True):
    """How one host stands to Cloudflare.

    `proxied`: the owner's zone, traffic passes Cloudflare · `dns-only`: the owner's zone, traffic
    goes past it · `foreign`: passes Cloudflare by somebody else's zone · `none` · `unknown`.
    """

    host: str
    state: Literal["proxied", "dns-only", "foreign", "none", "unknown"]
    seen: str = ""
    cause: str = ""


class Cloudflare(Fact, frozen=True, kw_only=True):
    zone: Literal["yes", "no", "unknown"]
    """Whether the domain's zone is at Cloudflare."""
    hosts: tuple[CloudflareHost, ...]

    def of(self, host: str) -> CloudflareHost | None:
        return next((entry for entry in self.hosts if entry.host == host), None)


@fact
async def cloudflare(
    dns: DnsSetup, starts: CanonicalStarts | Unknown, pages: HostPages | Unknown
) -> Cloudflare:
    visits = [
        *(starts.starts if isinstance(starts, CanonicalStarts) else ()),
        *(pages.pages if isinstance(pages, HostPages) else ()),
    ]
    if dns.ns.outcome == "ok":
        here = any(tables.ends_with(server, NAMESERVERS) for server in dns.ns.records)
        zone: Literal["yes", "no", "unknown"] = "yes" if here else "no"
    else:
        zone = "unknown"
    names = [n for n in dns.names if n in dns.live or n.cause]
    return Cloudflare(
        zone=zone, hosts=tuple(_stands(name, zone, dns.ns.cause, visits) for name in names)
    )


def _stands(name: NameRecords, zone: str, cause: str, visits: list[Visit]) -> CloudflareHost:
    address = next((a for a in name.addresses if passes_cloudflare(a)), "")
    ray = any(
        hop.header("cf-ray") for v in visits for hop in v.hops if host_in(hop.url) == name.name
    )
    seen = f"address {address}" if address else "header cf-ray" if ray else ""
    if name.cause:
        return CloudflareHost(host=name.name, state="unknown", cause=name.cause)
    if any(tables.ends_with(step, PARTIAL) for step in name.chain):
        return CloudflareHost(host=name.name, state="proxied", seen=f"alias to {name.chain[-1]}")
    if zone == "unknown":
        return CloudflareHost(
            host=name.name,
            state="unknown",
            seen=seen,
            cause=cause or "nobody named the nameservers",
        )
    if zone == "no":
        return CloudflareHost(host=name.name, state="foreign" if seen else "none", seen=seen)
    # Cloudflare answers for a proxied name itself: an alias that shows is not proxied.
    if seen and not name.chain:
        return CloudflareHost(host=name.name, state="proxied", seen=seen)
    return CloudflareHost(host=name.name, state="dns-only", seen=seen)


def passes_cloudflare(address: str) -> bool:
    """Whether an address is one of Cloudflare's proxies."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in tables.cloudflare())
