"""The domain a person typed, as the name we ask for; or what to type instead."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from launchready_tui.text import safe

MOST_NAME = 253
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


class BadInput(ValueError):
    """What a person typed in a field cannot be used."""

    def __init__(self, field: str, message: str, suggestion: str = "") -> None:
        self.field = field
        self.message = message
        self.suggestion = suggestion
        super().__init__(f"{field}: {message}" + (f" {suggestion}" if suggestion else ""))


def domain_of(typed: str) -> str:
    """A registrable name in lower-case A-label form, such as `acme.example`. Raises BadInput."""
    text = typed.strip()
    shown = safe(text, one_line=True, limit=80)
    if not text:
        raise BadInput("domain", "no domain was given.", "Type it as in acme.example.")
    if "://" in text or "/" in text or "@" in text:
        raise BadInput("domain", f"“{shown}” is an address, not a domain.", _try(_host_in(text)))
    if re.search(r"\s", text):
        raise BadInput("domain", f"“{shown}” has a blank in it.", _try(re.sub(r"\s+", "", text)))
    host, _, port = text.partition(":")
    if port.isdigit():
        raise BadInput("domain", f"“{shown}” has a port.", _try(host))
    if _is_address(text):
        raise BadInput(
            "domain",
            f"{shown} is an IP address: certificates, redirects and mail belong to a name.",
            "Give the domain that people type, and the address with --connect if you must.",
        )
    name = _a_labels(text.rstrip(".").lower(), shown)
    labels = name.split(".")
    if len(labels) < 2:
        raise BadInput("domain", f"“{shown}” has no dot.", _try(f"{name}.com"))
    if labels[-1].isdigit():
        raise BadInput(
            "domain",
            f"“{shown}” ends in a number, as no domain does.",
            "Type it as in acme.example.",
        )
    if not _is_host_name(name):
        raise BadInput(
            "domain",
            f"“{shown}” is not a host name: letters, digits and dashes between dots.",
            _try(re.sub(r"[^a-z0-9.-]", "", name)),
        )
    return name


def url_of(typed: str) -> str:
    """An extra address as an absolute http(s) URL. A bare host becomes https. Raises BadInput."""
    text = typed.strip()
    shown = safe(text, one_line=True, limit=120)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadInput(
            "urls", f"“{shown}” has no usable host or port.", "Type it as in https://acme.example/."
        ) from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", text):
        raise BadInput(
            "urls", f"“{shown}” is not a web address.", "Type it as in https://app.acme.example/."
        )
    if parts.username or parts.password:
        raise BadInput("urls", "the address holds a user name or password.", "Leave it out.")
    name = host if _is_address(host) else _a_labels(host, shown)
    if not _is_address(host) and not _is_host_name(name):
        raise BadInput(
            "urls",
            f"“{shown}” has no host name: letters, digits and dashes between dots.",
            "Type it as in https://app.acme.example/.",
        )
    bracketed = f"[{name}]" if ":" in name else name
    where = f"{bracketed}:{port}" if port else bracketed
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{where}{parts.path or '/'}{query}"


def _is_host_name(name: str) -> bool:
    labels = name.removesuffix(".").split(".")
    return len(name) <= MOST_NAME and all(_LABEL.fullmatch(label) for label in labels)


def _a_labels(name: str, shown: str) -> str:
    """The name as browsers ask for it: Python's own codec makes straße.de another site."""
    if name.isascii():
        return name
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise BadInput(
            "domain", f"“{shown}” cannot be written as a host name.", "Type it as in acme.example."
        ) from None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _host_in(text: str) -> str:
    try:
        host = urlsplit(text if "://" in text else f"https://{text}").hostname or ""
    except ValueError:
        return ""
    return re.sub(r"\s+", "", host)


def _try(name: str) -> str:
    """The name that was probably meant, if it is one."""
    labels = name.strip(".").lower().split(".")
    if len(labels) > 1 and len(name) <= 253 and all(map(_LABEL.fullmatch, labels)):
        return f"Did you mean {'.'.join(labels)}?"
    return "Type it as in acme.example."
