"""The only door to the outside: DNS, TLS and HTTP, within what a person authorised.

`Network` is what gatherers are given. Importing this package loads none of the libraries under it.
"""

from launchready_tui.network.door import Network, open_network
from launchready_tui.network.options import BadOption, Options, parse_connect, parse_endpoint
from launchready_tui.network.scope import Scope

__all__ = [
    "BadOption",
    "Network",
    "Options",
    "Scope",
    "open_network",
    "parse_connect",
    "parse_endpoint",
]
