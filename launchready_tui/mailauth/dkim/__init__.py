"""DKIM (RFC 6376, 8301, 8463): the keys a domain publishes."""

from launchready_tui.mailauth.dkim.audit import Published, audit, fetch
from launchready_tui.mailauth.dkim.key import Key, parse

__all__ = ["Key", "Published", "audit", "fetch", "parse"]
