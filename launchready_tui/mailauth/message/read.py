"""A message taken apart: addresses, the way it came, what receivers wrote, where its links lead.

Nothing a reader could act with is kept: of a link its scheme and host, never its path or token.
Bytes are a stranger's, so every part is bounded and nothing raises.
"""

from __future__ import annotations

import email
import email.policy
import html
import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message as Parsed
from email.utils import getaddresses
from urllib.parse import parse_qsl, unquote, urlsplit

from launchready_tui.mailauth.authres import AuthenticationResults
from launchready_tui.mailauth.authres import parse as parse_results
from launchready_tui.mailauth.dkim.canonical import Header, split

MOST_BYTES = 60 * 1024 * 1024
MOST_READ = 4 * 1024 * 1024
"""Of the message, for its text; signatures are verified over all of it."""
MOST_TEXT = 2_000_000
MOST_LINKS = 200
MOST_HEADERS = 2_000

_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}\]]{1,4000}", re.IGNORECASE)
_FROM_ADDRESS = re.compile(
    r"\bfrom\b[^;]{0,500}?[\[(](?:IPv6:)?([0-9A-Fa-f.:]{2,45})[\])]", re.IGNORECASE
)
_CLIENT = re.compile(r"client-ip\s*=\s*\"?([0-9A-Fa-f.:]{2,45})", re.IGNORECASE)
_INSIDE = re.compile(
    r"^\s*from\s+\S{1,200}\.outlook\.com\b.{1,300}?\bby\s+\S{1,200}\.outlook\.com\b",
    re.IGNORECASE | re.DOTALL,
)
_TRACKING_KEYS = ("url", "u", "redirect", "redirect_to", "redirect_uri", "next", "target", "link")


class TooLarge(ValueError):
    """The message is larger than what is read at all."""


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower().rstrip(".")


@dataclass(frozen=True, slots=True)
class Link:
    """Where links of a message lead: `leads_to` are hosts named inside of them."""

    scheme: str
    host: str
    port: int | None = None
    leads_to: tuple[str, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Message:
    headers: tuple[Header, ...]
    body: bytes
    senders: tuple[Address, ...]
    """The addresses of From; a message has one."""
    reply_to: tuple[Address, ...]
    return_path: str | None
    """MAIL FROM as the receiver wrote it down; empty for a bounce's, None where it is not told."""
    client_ip: str
    """The address that handed it to the receiver, as the receiver's headers say; or empty."""
    results: tuple[AuthenticationResults, ...]
    links: tuple[Link, ...]
    unsubscribe: bool = False
    one_click: bool = False

    @property
    def author(self) -> str:
        """The domain of From; empty where there is none, or more than one."""
        domains = {sender.domain for sender in self.senders}
        return domains.pop() if len(domains) == 1 else ""

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(header.value for header in self.headers if header.name == name)


def read(data: bytes) -> Message:
    """Take a message apart.

    Raises:
        TooLarge: It has more than 60 MiB.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"the message is larger than {MOST_BYTES >> 20} MiB")
    headers, body = split(data)
    headers = headers[:MOST_HEADERS]
    paths = [header.value for header in headers if header.name == "return-path"]
    unsubscribe = [h.value for h in headers if h.name == "list-unsubscribe"]
    one_click = [h.value.lower() for h in headers if h.name == "list-unsubscribe-post"]
    return Message(
        headers=headers,
        body=body,
        senders=_addresses(headers, "from"),
        reply_to=_addresses(headers, "reply-to"),
        return_path=paths[0].strip().strip("<>").strip() if paths else None,
        client_ip=_client(headers),
        results=tuple(
            parse_results(h.value) for h in headers if h.name == "authentication-results"
        ),
        links=_links(_texts(data[:MOST_READ])),
        unsubscribe=bool(unsubscribe),
        one_click=any("one-click" in value for value in one_click),
    )


def _addresses(headers: Sequence[Header], name: str) -> tuple[Address, ...]:
    found = getaddresses([_words(h.value) for h in headers if h.name == name])
    return tuple(Address(n[:200], a[:320]) for n, a in found[:20] if "@" in a)


def _words(value: str) -> str:
    """A header with its encoded words read (RFC 2047)."""
    try:
        return str(make_header(decode_header(value[:5_000])))
    except (MessageError, LookupError, ValueError):
        return value[:5_000]


def _client(headers: Sequence[Header]) -> str:
    """The newest header that names an address of the open internet as the client.

    Outlook's own hops have addresses of the open internet too: they are passed over.
    """
    for header in headers:
        if header.name == "received" and _INSIDE.search(header.value[:5_000]):
            continue
        pattern = {"received-spf": _CLIENT, "received": _FROM_ADDRESS}.get(header.name)
        match = pattern.search(header.value[:5_000]) if pattern else None
        if match and _is_public(match[1]):
            return match[1]
    return ""


def _is_public(text: str) -> bool:
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return False
    documentation = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")
    return ip.is_global or text.lower().startswith(documentation)


# ---------------------------------------------------------------- text and links


def _texts(data: bytes) -> Iterator[str]:
    """The readable parts, decoded as far as they can be."""
    try:
        parts = list(email.message_from_bytes(data, policy=email.policy.compat32).walk())[:200]
    except (MessageError, LookupError, ValueError, RecursionError):
        return
    left = MOST_TEXT
    for part in parts:
        if part.get_content_maintype() != "text" or left <= 0:
            continue
        text = _decoded(part)[:left]
        left -= len(text)
        yield html.unescape(text) if part.get_content_subtype() == "html" else text


def _decoded(part: Parsed) -> str:
    try:
        raw = part.get_payload(decode=True)
    except (MessageError, LookupError, ValueError):
        return ""
    if not isinstance(raw, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    known = charset if charset in ("utf-8", "us-ascii", "iso-8859-1", "windows-1252") else "utf-8"
    return raw.decode(known, "replace")


def _links(texts: Iterator[str]) -> tuple[Link, ...]:
    found: dict[tuple[str, str, int | None], Link] = {}
    for text in texts:
        for match in _URL.finditer(text):
            link = _link(match.group())
            if link is None:
                continue
            key = (link.scheme, link.host, link.port)
            before = found.get(key)
            if before is None and len(found) >= MOST_LINKS:
                continue
            found[key] = link if before is None else _joined(before, link)
    return tuple(found.values())


def _joined(one: Link, other: Link) -> Link:
    leads_to = tuple(dict.fromkeys([*one.leads_to, *other.leads_to]))[:20]
    return Link(one.scheme, one.host, one.port, leads_to, one.count + 1)


def _link(url: str) -> Link | None:
    try:
        parts = urlsplit(url.rstrip(".,;:!?)"))
        host, port = (parts.hostname or "").lower(), parts.port
        inner = [value for key, value in parse_qsl(parts.query) if key.lower() in _TRACKING_KEYS]
    except ValueError:
        return None
    if not host:
        return None
    hosts = [h for value in inner[:10] if (h := _host(unquote(value)))]
    return Link(parts.scheme.lower(), host, port, tuple(dict.fromkeys(hosts)))


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower() if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""
