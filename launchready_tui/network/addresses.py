"""Which addresses may be connected to, and why not.

A public name that leads to a private address is either a mistake or an attack (DNS rebinding), so
such an address needs a person's word. Link-local and metadata addresses hand out cloud
credentials: they are never asked at all.
"""

from __future__ import annotations

import ipaddress
from enum import StrEnum

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class Kind(StrEnum):
    """What sort of place an address is."""

    PUBLIC = "public"
    PRIVATE = "private"
    LOOPBACK = "loopback"
    METADATA = "metadata"
    LINK_LOCAL = "link-local"
    DOCUMENTATION = "documentation"
    NOWHERE = "reserved"

    @property
    def needs_a_word(self) -> bool:
        """May be connected to once a person asked for it."""
        return self in {Kind.PRIVATE, Kind.LOOPBACK}

    @property
    def what(self) -> str:
        return _WHAT[self]


_WHAT = {
    Kind.PUBLIC: "a public address",
    Kind.PRIVATE: "a private address",
    Kind.LOOPBACK: "an address of this computer itself",
    Kind.METADATA: "an address where clouds hand out credentials",
    Kind.LINK_LOCAL: "a link-local address",
    Kind.DOCUMENTATION: "an address reserved for documentation, where nothing can answer",
    Kind.NOWHERE: "a reserved address, where nothing can answer",
}

# First match wins. IANA's special-purpose registries, and the vendors' metadata addresses:
# AWS, Azure, Google (169.254.169.254, fd00:ec2::254, fd20:ce::254), Azure's wire server
# (168.63.129.16), Alibaba (100.100.100.200), Oracle (192.0.0.192).
_KINDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (
        Kind.METADATA,
        (
            "169.254.169.254/32",
            "169.254.170.0/24",
            "168.63.129.16/32",
            "100.100.100.200/32",
            "192.0.0.192/32",
            "fd00:ec2::/32",
            "fd20:ce::254/128",
        ),
    ),
    (Kind.LOOPBACK, ("127.0.0.0/8", "::1/128")),
    (Kind.LINK_LOCAL, ("169.254.0.0/16", "fe80::/10")),
    (
        Kind.DOCUMENTATION,
        (
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "2001:db8::/32",
            "3fff::/20",
        ),
    ),
    (
        Kind.PRIVATE,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "198.18.0.0/15",
            "fc00::/7",
            "fec0::/10",
        ),
    ),
    (
        Kind.NOWHERE,
        (
            "0.0.0.0/8",
            "192.0.0.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "ff00::/8",
            "100::/64",
            "64:ff9b:1::/48",
        ),
    ),
)
_NETWORKS = tuple(
    (kind, ipaddress.ip_network(network)) for kind, networks in _KINDS for network in networks
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def kind_of(address: str | IPAddress) -> Kind:
    """What sort of place an address is. An IPv4 address inside an IPv6 one counts as itself.

    Raises:
        ValueError: The text is not an IP address.
    """
    ip = ipaddress.ip_address(address) if isinstance(address, str) else address
    kind = next((kind for kind, network in _NETWORKS if ip in network), Kind.PUBLIC)
    if kind is Kind.PUBLIC and isinstance(ip, ipaddress.IPv6Address):
        inner = _inner(ip)
        if inner is not None:
            return kind_of(inner)
    return kind


def _inner(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip in _NAT64 or ip in _COMPATIBLE:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.teredo[1] if ip.teredo is not None else None
