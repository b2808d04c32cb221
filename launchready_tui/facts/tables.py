"""The tables of hosts, providers and frameworks: data in checklists/, read once per process.

A row names its source and the day somebody last compared it with that source, because vendors
change their names and addresses without telling anybody.
"""

from __future__ import annotations

import functools
import ipaddress
from datetime import date
from typing import Literal

from launchready_tui.badfile import read_toml
from launchready_tui.catalogue import data_folder
from launchready_tui.model import Record


class HostRow(Record, frozen=True, kw_only=True):
    """How one hosting platform is recognised from outside.

    `suffixes` are domain endings of its names; `dev_only` those of them that never serve
    production, and `previews` patterns of whole names that are previews. `headers` are
    "name" or "name: start of the value". `fronted` platforms sit behind a Cloudflare account of
    their own. `claimable` endings can be registered by anybody once they are free.
    """

    id: str
    label: str
    source: str
    seen: date
    suffixes: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    previews: tuple[str, ...] = ()
    dev_only: tuple[str, ...] = ()
    claimable: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    tunnel: bool = False
    edge: bool = False
    """A network in front of another host: it says nothing about where the app runs."""
    renews: bool = False
    """Renews the certificates of custom domains by itself."""
    fronted: bool = False
    unconfirmed: tuple[str, ...] = ()
    """What of this row nobody has found in its source yet."""


class ProviderRow(Record, frozen=True, kw_only=True):
    """A company and the name endings by which its servers are known."""

    id: str
    label: str
    source: str
    seen: date
    nameservers: tuple[str, ...] = ()
    nameserver_pattern: str = ""
    large: bool = False
    """Runs enough separate servers that addresses close together mean nothing."""
    apex: str = "@"
    """What the panel's host field holds for the zone's own name; every panel adds the zone."""
    mx: tuple[str, ...] = ()
    spf: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    """Names of environment variables, or patterns of them, that give a sending service away."""
    selectors: tuple[str, ...] = ()
    """DKIM selectors that are the same for every customer."""
    return_path: tuple[str, ...] = ()
    """Labels below the domain that it usually asks for as the return-path: SPF belongs there."""
    include: str = ""
    """The SPF include it asks for where that is another company's: `spf` recognises nobody else."""
    sandbox: tuple[str, ...] = ()
    """Domains of its own that only tests may send from."""
    unconfirmed: tuple[str, ...] = ()
    """What of this row nobody has found in its source yet."""

    @property
    def sends(self) -> bool:
        """Whether programs send by it; else it is known for people's mailboxes."""
        return bool(self.packages or self.env)

    @property
    def included(self) -> str:
        """The include of its SPF, empty where it has none."""
        return self.include or next(iter(self.spf), "")


class FrameworkRow(Record, frozen=True, kw_only=True):
    """A framework and the packages that give it away. Earlier rows win over later ones."""

    id: str
    label: str
    ecosystem: str
    package: str


class HoleRow(Record, frozen=True, kw_only=True):
    """A published way to take over a server: versions from `since` up to, not with, `fixed`."""

    cve: str
    package: str
    ecosystem: str
    since: str
    fixed: str
    source: str
    seen: date
    needs: str = ""
    """"middleware": only an app with a middleware file is affected."""
    not_at: tuple[str, ...] = ()
    """Platforms that stop it before it reaches the app."""


class LibraryRow(Record, frozen=True, kw_only=True):
    """An address of a developer's computer that a library ships, and what stands near it there."""

    name: str
    address: str
    near: str
    source: str
    seen: date


class DatabaseRow(Record, frozen=True, kw_only=True):
    id: str
    label: str
    packages: tuple[str, ...]


class ServiceRow(Record, frozen=True, kw_only=True):
    """A service under whose name a forgotten record may be taken over, and how that shows.

    `suffixes` are endings of alias targets; of a `delegation`, of nameservers' names. `says` are
    texts of the page that comes for a name nobody has there.
    """

    id: str
    label: str
    kind: Literal["fingerprint", "edge", "delegation", "safe"]
    source: str
    seen: date
    suffixes: tuple[str, ...]
    says: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()


class CloudRow(Record, frozen=True, kw_only=True):
    """A cloud whose addresses are known by their names in reverse DNS."""

    label: str
    source: str
    seen: date
    reverse: tuple[str, ...]
    unconfirmed: tuple[str, ...] = ()


class AuthorityRow(Record, frozen=True, kw_only=True):
    """A certificate authority: its name in certificates, and the domains that CAA knows it by."""

    id: str
    label: str
    source: str
    seen: date
    organisations: tuple[str, ...]
    domains: tuple[str, ...]
    unconfirmed: tuple[str, ...] = ()


class Takeover(Record, frozen=True, kw_only=True):
    service: tuple[ServiceRow, ...]
    cloud: tuple[CloudRow, ...]


class _Authorities(Record, frozen=True, kw_only=True):
    authority: tuple[AuthorityRow, ...]


class _Hosts(Record, frozen=True, kw_only=True):
    host: tuple[HostRow, ...]


class _Libraries(Record, frozen=True, kw_only=True):
    library: tuple[LibraryRow, ...]


class _Providers(Record, frozen=True, kw_only=True):
    provider: tuple[ProviderRow, ...]


class Frameworks(Record, frozen=True, kw_only=True):
    framework: tuple[FrameworkRow, ...]
    database: tuple[DatabaseRow, ...]
    hole: tuple[HoleRow, ...]


class _Ranges(Record, frozen=True, kw_only=True):
    source: str
    seen: date
    networks: tuple[str, ...]


Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


@functools.cache
def hosts() -> tuple[HostRow, ...]:
    return read_toml(data_folder() / "hosts.toml", _Hosts).host


@functools.cache
def dns_providers() -> tuple[ProviderRow, ...]:
    return read_toml(data_folder() / "dns-providers.toml", _Providers).provider


@functools.cache
def mail_providers() -> tuple[ProviderRow, ...]:
    return read_toml(data_folder() / "mail-providers.toml", _Providers).provider


@functools.cache
def frameworks() -> Frameworks:
    return read_toml(data_folder() / "frameworks.toml", Frameworks)


@functools.cache
def libraries() -> tuple[LibraryRow, ...]:
    """What libraries ship of `localhost`: never a fault of the app."""
    return read_toml(data_folder() / "script-libraries.toml", _Libraries).library


@functools.cache
def takeover() -> Takeover:
    return read_toml(data_folder() / "takeover.toml", Takeover)


@functools.cache
def authorities() -> tuple[AuthorityRow, ...]:
    return read_toml(data_folder() / "certificate-authorities.toml", _Authorities).authority


@functools.cache
def cloudflare() -> Networks:
    """The address ranges Cloudflare publishes as its proxies'."""
    table = read_toml(data_folder() / "cloudflare.toml", _Ranges)
    return tuple(ipaddress.ip_network(network) for network in table.networks)


def ends_with(name: str, suffixes: tuple[str, ...]) -> str:
    """The longest of the endings that a name is or lies below; empty when none is."""
    fitting = [s for s in suffixes if name == s or name.endswith(f".{s}")]
    return max(fitting, key=len, default="")
