"""URLs as browsers read them, down to what may be asked.

A `Location` header is a foreign string. Backslashes, tabs, line ends, missing hosts and user names
in front of a host all mean something to a browser, so the same reading is done here before scope
and address rules look at the host.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit

from launchready_tui.model import Record
from launchready_tui.network.hosts import BadHost, as_host
from launchready_tui.text import safe

LONGEST = 8_000
_AUTHORITY = re.compile(r"\A((?:https?:)?)//+", re.IGNORECASE)
_USER = re.compile(r"//[^/?#\s]*@")
_PORTS = {"http": 80, "https": 443}


class BadUrl(ValueError):
    """A URL that cannot be asked. The message says why."""


class Url(Record, frozen=True, kw_only=True):
    """An http or https URL in canonical form. User name and password are left out for good."""

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    @property
    def target(self) -> str:
        """What a request to its origin asks for."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def read_url(text: str, base: Url | None = None) -> Url:
    """Read a URL, relative to `base` if that is given.

    Raises:
        BadUrl: It cannot be asked: not http, no host, a port that is none …
    """
    if len(text) > LONGEST:
        raise BadUrl(f"a URL of {len(text)} characters is too long")
    text = text.strip("\x00\t\n\r\f\v ").replace("\t", "").replace("\n", "").replace("\r", "")
    shown = as_shown(text)
    try:
        scheme = urlsplit(text).scheme.lower()
        if scheme in _PORTS or (not scheme and base is not None):
            text = _AUTHORITY.sub(r"\1//", _forward(text))
        if _AUTHORITY.match(text) and not urlsplit(text).hostname:
            raise BadUrl(f"{shown!r} names no host, which is not a URL")
        parts = urlsplit(urljoin(str(base), text) if base else text)
        scheme = parts.scheme.lower()
        if scheme not in _PORTS:
            raise BadUrl(f"{shown!r} is not an http or https address")
        port = parts.port if parts.port is not None else _PORTS[scheme]
        if port == 0:
            raise BadUrl(f"{shown!r} names port 0")
        host = as_host(parts.hostname or "")
    except BadHost as error:
        raise BadUrl(str(error)) from error
    except ValueError as error:
        raise error if isinstance(error, BadUrl) else BadUrl(f"{shown!r} is not a URL") from error
    return Url(
        scheme=scheme,
        host=host,
        port=port,
        path=quote(_without_dots(parts.path) or "/", safe="/:@!$&'()*+,;=~-._%"),
        query=quote(parts.query, safe="/:@!$&'()*+,;=~-._%?[]|"),
    )


def as_shown(text: str) -> str:
    """A foreign URL, read or not, as it may be shown: without user name and password."""
    return safe(_USER.sub("//…@", text), one_line=True, limit=300)


def location_text(raw: bytes) -> str:
    """A Location header as text: UTF-8 where it is, else byte by byte."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _forward(text: str) -> str:
    """Backslashes before the query count as slashes: `/\\evil.example` leaves the host."""
    ends = [at for mark in "?#" if (at := text.find(mark)) >= 0]
    end = min(ends, default=len(text))
    return text[:end].replace("\\", "/") + text[end:]


def _without_dots(path: str) -> str:
    """A path without `.` and `..` in it, as browsers ask for it (RFC 3986, section 5.2.4)."""
    parts = path.split("/")
    kept: list[str] = []
    for part in parts:
        if part == ".." and len(kept) > 1:
            kept.pop()
        elif part not in (".", ".."):
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
