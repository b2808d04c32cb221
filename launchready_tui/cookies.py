"""Cookies as browsers take them (RFC 6265bis): name, marks and scope, never the value.

What is kept of a `Set-Cookie` header is a header again, with the value gone: `session=…; Secure`.
Of a JSON web token that much is said; an end by date becomes days, so that it stays the same.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from launchready_tui.model import Record

MOST_ATTRIBUTES = 20
MOST_DAYS = 40_000
_GONE = "…"
_TOKEN = "… (JSON web token)"
_NOTHING = "… (empty)"
_JWT = re.compile(r"[\"']?(?:Bearer(?:%20|\+| ))?(?:[sj]:)?(?:base64-)?eyJ[\w-]{6,2000}\.")
_ENCODED = re.compile(r"[\"']?base64-eyJ")
"""A session of Supabase: its JSON as base64, the tokens inside."""
_SHOWN = frozenset({"path", "domain", "max-age", "samesite", "priority", "version"})
_DAYS = re.compile(r"(\d{1,6}) days")


class Cookie(Record, frozen=True, kw_only=True):
    """A `Set-Cookie` without its value. Empty strings are attributes that are not there."""

    name: str
    secure: bool = False
    http_only: bool = False
    same_site: str = ""
    """"strict", "lax", "none", or empty."""
    domain: str = ""
    """Without its leading dot; empty for this host alone."""
    path: str = ""
    days: int = 0
    """How long it is kept, in whole days; 0 until the browser is closed, or for less than one."""
    token: bool = False
    """The value is a JSON web token."""
    ended: bool = False
    """It takes a cookie away instead of setting one."""


def without_value(header: str, now: datetime) -> str:
    """The header without the value; `now` is what the server said the time was."""
    pair, *attributes = header.split(";")[: MOST_ATTRIBUTES + 1]
    name, equals, value = pair.partition("=")
    value = value.strip()
    mark = _NOTHING if equals and not value else _TOKEN if _is_token(value) else _GONE
    shown = name.strip() if equals else ""
    return ";".join([f"{shown}={mark}", *(_undated(a, now) for a in attributes)])


def _is_token(value: str) -> bool:
    return bool(_JWT.match(value) or _ENCODED.match(value))


def _undated(attribute: str, now: datetime) -> str:
    """An end by date as days from now: two answers of an unchanged server are the same."""
    name, equals, value = attribute.partition("=")
    known = name.strip().lower()
    if not equals or known in _SHOWN:
        return attribute
    if known != "expires":
        return f"{name}={_GONE}"  # a value that nobody asked for may be anything
    try:
        until = parsedate_to_datetime(value.strip().replace("-", " "))
    except (ValueError, OverflowError):
        return f"{name}={_GONE}"
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    left = (until - now).total_seconds() / 86_400
    return f"{name}=past" if left <= 0 else f"{name}={min(round(left), MOST_DAYS)} days"


def read_cookie(header: str) -> Cookie | None:
    """The cookie of a header that `without_value` left behind; None where it names none."""
    pair, *attributes = header.split(";")[: MOST_ATTRIBUTES + 1]
    name, equals, mark = (part.strip() for part in pair.partition("="))
    if not equals or not name:
        return None
    given: dict[str, str] = {}
    for attribute in attributes:
        key, _, value = attribute.partition("=")
        given[key.strip().lower()] = value.strip()  # the last one counts, section 5.6
    days, ended = _lifetime(given)
    same_site = given.get("samesite", "").lower()
    return Cookie(
        name=name,
        secure="secure" in given,
        http_only="httponly" in given,
        same_site=same_site if same_site in ("strict", "lax", "none") else "",
        domain=given.get("domain", "").lower().removeprefix("."),
        path=given.get("path", ""),
        days=days,
        token=mark == _TOKEN,
        ended=ended or mark == _NOTHING,
    )


def _lifetime(given: dict[str, str]) -> tuple[int, bool]:
    """Whole days it is kept, and whether it is over already. Max-Age wins over Expires."""
    age = given.get("max-age", "")
    if re.fullmatch(r"-?\d{1,12}", age):
        return min(max(int(age), 0) // 86_400, MOST_DAYS), int(age) <= 0
    expires = given.get("expires", "")
    if expires == "past":
        return 0, True
    match = _DAYS.fullmatch(expires)
    return (min(int(match[1]), MOST_DAYS), False) if match else (0, False)


def dropped(cookie: Cookie) -> str:
    """Why browsers do not keep it, by its own marks alone; empty where they do."""
    if cookie.name.lower().startswith("__host-") and (
        not cookie.secure or cookie.domain or cookie.path != "/"
    ):
        return "its name starts with __Host-, which asks for Secure, Path=/ and no Domain"
    if cookie.name.lower().startswith("__secure-") and not cookie.secure:
        return "its name starts with __Secure-, which asks for Secure"
    if cookie.same_site == "none" and not cookie.secure:
        return "SameSite=None asks for Secure"
    return ""
