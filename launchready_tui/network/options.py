"""What a person may set about the door: which resolver, which roots, where to connect instead.

Values come from the command line, so each is read strictly, and what is wrong is said with an
example of what is right.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path

from launchready_tui import __version__
from launchready_tui.model import Record
from launchready_tui.network.hosts import BadHost, as_host
from launchready_tui.text import safe

DNS_PORT = 53


class BadOption(ValueError):
    """A value that cannot be used: which one, what was expected, and an example."""

    def __init__(self, option: str, value: str, expected: str, example: str) -> None:
        self.option = option
        self.value = value
        self.expected = expected
        self.example = example
        shown = safe(value, one_line=True, limit=120)
        super().__init__(f"{option} {shown!r}: expected {expected}, for example {example}")


class Endpoint(Record, frozen=True, kw_only=True):
    """An IP address and a port."""

    ip: str
    port: int

    def __str__(self) -> str:
        return f"[{self.ip}]:{self.port}" if ":" in self.ip else f"{self.ip}:{self.port}"


class Pin(Record, frozen=True, kw_only=True):
    """One `--connect`: who asks for `host` at `port` is connected to `to` instead."""

    host: str
    port: int
    to: Endpoint


class Options(Record, frozen=True, kw_only=True):
    """How the door behaves. Times are in seconds."""

    resolver: str = ""
    """The DNS server to ask, "IP" or "IP:PORT"; empty for the system's."""
    ca: str = ""
    """A PEM file of certificate authorities to trust besides the public ones."""
    connect: tuple[str, ...] = ()
    """"HOST:PORT=IP:PORT"; HOST may be a name, an IP address or "*". Several for one HOST:PORT
    are several addresses."""
    user_agent: str = f"launchready/{__version__} (+https://launchready.invalid/about)"
    """Names the tool and a page that says who to write to."""
    dns_wait: float = 1.0
    """Until a question is sent again; each further wait is longer."""
    connect_timeout: float = 3.0
    handshake_timeout: float = 5.0
    hop_timeout: float = 8.0
    """For one request with its response."""
    fetch_timeout: float = 15.0
    """For a request with all its redirects."""
    delay: float = 0.0
    """Added to each round trip. Only for measuring how the work would take on a slow line."""


def parse_endpoint(text: str, *, option: str = "--resolver", port: int = DNS_PORT) -> Endpoint:
    """Read "IP", "IP:PORT" or "[IPv6]:PORT".

    Args:
        text: What the person gave.
        option: Its name, for the message.
        port: Taken where the text names none; 0 makes a port compulsory.

    Raises:
        BadOption: The text is something else.
    """
    example = "9.9.9.9:53 or [2620:fe::fe]:53" if port else "127.0.0.1:8443 or [::1]:8443"
    bad = BadOption(option, text, "an IP address and a port", example)
    ip, given = _split_port(text.strip())
    if not given and not port:
        raise bad
    try:
        return Endpoint(ip=str(ipaddress.ip_address(ip)), port=_port(given) if given else port)
    except ValueError as error:
        raise bad from error


def parse_connect(text: str, *, option: str = "--connect") -> Pin:
    """Read "HOST:PORT=IP:PORT".

    Raises:
        BadOption: The text is something else.
    """
    bad = BadOption(option, text, "HOST:PORT=IP:PORT", "app.example.com:443=127.0.0.1:8443")
    left, equals, right = text.strip().partition("=")
    host, given = _split_port(left)
    if not equals or not given:
        raise bad
    try:
        name = "*" if host == "*" else as_host(host)
        return Pin(host=name, port=_port(given), to=parse_endpoint(right, option=option, port=0))
    except (BadHost, ValueError) as error:
        raise bad from error


def check_options(options: Options) -> None:
    """Read every option once, so that a mistake is told before anything runs.

    Raises:
        BadOption: The first one that cannot be used.
    """
    if options.resolver:
        parse_endpoint(options.resolver)
    for text in options.connect:
        parse_connect(text)
    if options.ca and not _is_pem(Path(options.ca)):
        raise BadOption("--ca", options.ca, "a readable PEM file of certificates", "company-ca.pem")
    if not options.user_agent.isascii() or not options.user_agent.isprintable():
        example = Options().user_agent
        raise BadOption("--user-agent", options.user_agent, "printable ASCII text", example)


def _is_pem(path: Path) -> bool:
    try:
        return b"-----BEGIN CERTIFICATE-----" in path.read_bytes()
    except OSError:
        return False


def _split_port(text: str) -> tuple[str, str]:
    """("::1", "53") of "[::1]:53"; the port is empty where there is none. Bare IPv6 has none."""
    if text.startswith("["):
        ip, _, rest = text[1:].partition("]")
        return ip, rest.removeprefix(":")
    if text.count(":") > 1:
        return text, ""
    host, _, port = text.partition(":")
    return host, port


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise ValueError("a port is a number from 1 to 65535")
    return int(text)
