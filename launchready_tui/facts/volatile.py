"""What changes in an answer's headers from request to request, although the site does not.

A request's number, a time or a counter tells a check at most that the header is there: its name
stays, its value goes. Two looks at an unchanged site are then the same fact.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from launchready_tui.network.seen import Hop

GONE = "…"
READ_WHOLE = frozenset(
    {
        "content-security-policy",
        "content-security-policy-report-only",
        "content-type",
        "link",
        "location",
        "set-cookie",
    }
)
"""Headers that checks read word by word; what is secret or changes in them went before."""

_NAME = re.compile(
    r"(?:.*[-_])?(?:age|c?id|duration|elapsed|etag|hits|nonce|ray|ref|remaining|request|reset"
    r"|retry-after|runtime|served-by|span|time|timer|timestamp|trace|traceparent|tracestate|used"
    r"|last-modified|expires)"
)
"""cf-ray, x-request-id, fly-request-id, x-amz-cf-id, x-ratelimit-remaining, x-runtime, age …"""
_DATE = re.compile(r"[A-Z][a-z]{2,8}, \d{1,2}[ -][A-Z][a-z]{2}[ -]\d{2,4} [\d:]{5,8}(?: \S{1,9})?")
_RANDOM = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{16,64})"
    r"(?![0-9A-Za-z])"
)
_COUNTED = re.compile(r"\b(r|t|remaining|reset)=\d{1,20}")
_HELD = re.compile(r" q\([^()]{0,30}\) r\([^()]{0,30}\) B\d{1,3}\(")
"""In Imperva's X-Iinfo what `facts.challenge` reads."""


def steady(hop: Hop) -> Hop:
    """The hop without `Date`, and of what changes with every answer the name alone."""
    headers = ((name, steady_value(name, value)) for name, value in hop.headers if name != "date")
    return replace(hop, headers=tuple(headers))


def steady_value(name: str, value: str) -> str:
    """What stays of one header's value when the same server answers once more."""
    if not value or name in READ_WHOLE:
        return value
    if name == "server-timing":
        return ", ".join(part.partition(";")[0].strip() for part in value.split(","))
    if name == "x-iinfo":
        held = _HELD.search(value)
        return f"{GONE}{held[0]}" if held else GONE
    if name == "age" and value.strip() == "0":
        return value  # not out of a cache, which is something else than old
    if _NAME.fullmatch(name) or _DATE.fullmatch(value):
        return GONE
    if name == "ratelimit":
        value = _COUNTED.sub(rf"\1={GONE}", value)
    return _RANDOM.sub(GONE, value)
