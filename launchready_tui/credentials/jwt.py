"""The payload of a JSON web token (RFC 7519), read and never verified."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

_TOKEN = re.compile(
    r"eyJ[A-Za-z0-9_-]{2,4000}\.(eyJ[A-Za-z0-9_-]{2,12000})\.[A-Za-z0-9_-]{10,2000}"
)


class Claims:
    """What a token says of itself; empty for anything that is no token."""

    def __init__(self, held: dict[str, Any]) -> None:
        self._held = held

    def __bool__(self) -> bool:
        return bool(self._held)

    def text(self, name: str) -> str:
        value = self._held.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """A moment in seconds since 1970, such as `exp`."""
        value = self._held.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return int(value) if 0 <= value < 1e12 else None


def claims(value: str) -> Claims:
    token = _TOKEN.fullmatch(value)
    if not token:
        return Claims({})
    body = token[1]
    try:
        decoded = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return Claims({})
    return Claims(decoded) if isinstance(decoded, dict) else Claims({})
