"""Host names as the rest of the house wants them: lower-case A-labels, or an address.

Browsers read `2130706433`, `0x7f.1` and `127.1` as 127.0.0.1, and a full-width `．` as a dot.
Whatever a URL hides in its host has to be seen here, before scope and address rules look at it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata

from launchready_tui.model import Host
from launchready_tui.text import safe

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class BadHost(ValueError):
    """A string that names no host. The message says why."""


def as_host(text: str) -> Host:
    """The canonical form of a host name or an IP address.

    Raises:
        BadHost: The text names no host.
    """
    shown = safe(text, one_line=True, limit=80)
    host = text.strip()
    if host.startswith("[") and host.endswith("]"):
        return _address(host[1:-1], shown)
    if ":" in host:
        return _address(host, shown)
    if not host.isascii():
        host = _a_labels(host, shown)
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _old_style_address(host, shown)
    if len(host) > 253 or not all(len(x) <= 63 and _LABEL.fullmatch(x) for x in labels):
        raise BadHost(f"{shown!r} is not a host name")
    return Host(host)


def place_of(text: str, port: int) -> tuple[Host, int]:
    """`HOST` or `HOST:PORT`; the port where none is named is `port`. Raises BadHost."""
    host, colon, given = text.rpartition(":")
    if not colon:
        return as_host(text), port
    if not (given.isascii() and given.isdigit() and len(given) <= 5 and 0 < int(given) < 65_536):
        raise BadHost(f"{safe(given, one_line=True, limit=20)!r} is no port: expected HOST:PORT")
    return as_host(host), int(given)


def is_address(host: str) -> bool:
    """Whether a host in canonical form is an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def below(host: str, parent: str) -> bool:
    """Whether `host` is `parent` or a name below it. An address is only below itself."""
    return host == parent or (host.endswith(f".{parent}") and not is_address(parent))


def _address(text: str, shown: str) -> Host:
    if "%" in text:
        raise BadHost(f"{shown!r} is not an address that means the same on every computer")
    try:
        return Host(str(ipaddress.ip_address(text)))
    except ValueError as error:
        raise BadHost(f"{shown!r} is not an IP address") from error


def _old_style_address(host: str, shown: str) -> Host:
    """Read what ends in a number as browsers do: any base, and fewer than four parts."""
    try:
        return Host(socket.inet_ntoa(socket.inet_aton(host)))
    except OSError as error:
        raise BadHost(f"{shown!r} is not a host name") from error


def _a_labels(host: str, shown: str) -> str:
    import idna  # its tables are worth loading only for a name that needs them

    try:
        return idna.encode(unicodedata.normalize("NFKC", host).lower(), uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise BadHost(f"{shown!r} is not a valid international name") from error
