"""dns.nameservers: one failure does not take the domain away."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.world import DOMAIN, answer, silent
from launchready_tui.facts.nameservers import NameServer, NameServers
from launchready_tui.model import State


def servers(*addresses: str, provider: str = "", large: bool = False) -> tuple[NameServers]:
    """A server for each address; an empty one could not be looked up."""
    return (
        NameServers(
            zone=DOMAIN,
            servers=tuple(
                NameServer(
                    name=f"ns{n}.dns.test",
                    a=answer(f"ns{n}", "A", address) if address else silent(f"ns{n}"),
                    aaaa=answer(f"ns{n}", "AAAA") if address else silent(f"ns{n}", "AAAA"),
                )
                for n, address in enumerate(addresses, start=1)
            ),
            provider=provider,
            large=large,
        ),
    )


FOUND = (f"dns-one-nameserver {DOMAIN}",)
NOT = ("dns-one-nameserver",)

test_examples = examples(
    "dns.nameservers",
    [
        Example("two servers in two networks", servers("192.0.2.1", "198.51.100.1"), not_=NOT),
        Example("a single server", servers("192.0.2.1"), finds=FOUND),
        Example("a single server whose address is unknown", servers(""), finds=FOUND),
        Example("two servers side by side", servers("192.0.2.1", "192.0.2.2"), finds=FOUND),
        Example(
            "two close addresses of a provider that spreads them over the world",
            servers("192.0.2.1", "192.0.2.2", provider="Cloudflare", large=True),
            not_=NOT,
        ),
        Example(
            "one of two servers could not be looked up",
            servers("192.0.2.1", ""),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example("nobody is named as nameserver", servers(), not_=NOT, state=State.UNKNOWN),
    ],
)
