"""Authentication-Results headers, read tolerantly (RFC 8601).

Anybody may write such a header. Only those of the receiving host that a person trusts say
anything: `trusted` keeps the ones whose authserv-id is among the given.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

MOST_LENGTH = 20_000
MOST_RESULTS = 100
_METHOD = re.compile(r"([A-Za-z0-9_-]+)(?:\s*/\s*\d+)?\s*=\s*([A-Za-z0-9_-]+)")
_PROPERTY = re.compile(
    r'([A-Za-z0-9_-]+)\s*\.\s*([A-Za-z0-9_-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]*)'
)
_REASON = re.compile(r'reason\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]*)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MethodResult:
    """What a receiver says of one method: `spf=pass smtp.mailfrom=acme.test`."""

    method: str
    result: str
    reason: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    """By "type.name", in lower case, such as "header.d"."""


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    authserv_id: str
    results: tuple[MethodResult, ...] = ()


def parse(value: str) -> AuthenticationResults:
    """Read a header's value. Never raises; what cannot be read is left out."""
    pieces = _split(_without_comments(value[:MOST_LENGTH]))
    head = pieces[0].split() if pieces else []
    found = (_result(piece) for piece in pieces[1 : MOST_RESULTS + 1])
    return AuthenticationResults(
        authserv_id=head[0].strip('"').lower() if head else "",
        results=tuple(result for result in found if result is not None),
    )


def trusted(
    headers: Iterable[AuthenticationResults], hosts: Collection[str]
) -> tuple[AuthenticationResults, ...]:
    """Those written by one of the hosts, or by a host below one of them."""
    names = [host.lower().rstrip(".") for host in hosts if host]
    return tuple(
        header
        for header in headers
        if any(header.authserv_id == n or header.authserv_id.endswith(f".{n}") for n in names)
    )


def _result(piece: str) -> MethodResult | None:
    method = _METHOD.match(piece.strip())
    if method is None:
        return None
    rest = piece.strip()[method.end() :]
    reason = _REASON.search(rest)
    return MethodResult(
        method=method[1].lower(),
        result=method[2].lower(),
        reason=_unquoted(reason[1]) if reason else "",
        properties={f"{p[1]}.{p[2]}".lower(): _unquoted(p[3]) for p in _PROPERTY.finditer(rest)},
    )


def _unquoted(text: str) -> str:
    if len(text) > 1 and text.startswith('"') and text.endswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _without_comments(text: str) -> str:
    """The text without what stands in parentheses, which may be nested (RFC 5322, 3.2.2)."""
    kept: list[str] = []
    depth = 0
    quoted = escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and not quoted and depth:
            depth -= 1
            kept.append(" ")
            continue
        if not depth:
            kept.append(character)
    return "".join(kept)


def _split(text: str) -> list[str]:
    """Pieces between semicolons that stand outside of quotes."""
    pieces = [""]
    quoted = escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            pieces.append("")
            continue
        pieces[-1] += character
    return pieces
