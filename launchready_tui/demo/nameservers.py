"""Which name servers the lab runs: the resolver, the registry's, the company's, and strangers'.

The registry of `test` still names a server of the company's former hoster, which has forgotten the
company as the servers of its former DNS provider have forgotten one name below the domain.
"""

from __future__ import annotations

from launchready_tui.demo.dns import NameServer, Zone

DOMAIN = "harbour-ops.test"
REGISTRY = "test"
OWN_ADDRESSES = ("192.0.2.53", "198.51.100.53")
"""The second one is hired when the admin adds it."""
REGISTRY_ADDRESS = "203.0.113.53"
FORMER_HOSTER = "quayhost.test"
STRANGERS = ("203.0.113.54", "203.0.113.55", "203.0.113.56")
"""The former hoster's, and two of a DNS provider: they refuse what is not theirs."""


class NameServers:
    """All of them, started and stopped as one."""

    def __init__(self, zone: Zone) -> None:
        self._resolver = NameServer(zone)
        self._own = NameServer(zone, origin=DOMAIN)
        self._registry = NameServer(zone, origin=REGISTRY)
        self._strangers = NameServer(zone, origin=FORMER_HOSTER)

    @property
    def resolver(self) -> str:
        return f"127.0.0.1:{self._resolver.port}"

    @property
    def pins(self) -> tuple[str, ...]:
        """Where each server's address is on this computer, as `--connect` wants it."""
        homes = {
            **dict.fromkeys(OWN_ADDRESSES, self._own),
            REGISTRY_ADDRESS: self._registry,
            **dict.fromkeys(STRANGERS, self._strangers),
        }
        return tuple(f"{a}:53=127.0.0.1:{server.port}" for a, server in homes.items())

    async def start(self) -> None:
        for server in self._all:
            await server.start()

    def stop(self) -> None:
        for server in self._all:
            server.stop()

    @property
    def _all(self) -> tuple[NameServer, ...]:
        return self._resolver, self._own, self._registry, self._strangers
