"""Telling that two values are equal without keeping either: keyed fingerprints of one run.

The key lives as long as the run. A short or common value gets none: whoever had key and file
could guess it.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets

from launchready_tui.facts.env_values import is_placeholder, says_secret, secret_in

WEAK = "weak"
DIGITS = 12
LEAST_BITS = 40.0
LEAST_LENGTH = 8
_PREFIX = b"lr-fp-v1\0"
_CLASSES = ((str.islower, 26), (str.isupper, 26), (str.isdigit, 10))


class Fingerprints:
    """Fingerprints under one random key: comparable with each other and with nothing else."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def of(self, name: str, value: str) -> str:
        """`weak` for what could be guessed. A stray blank at an end does not hide equality."""
        value = value.strip()
        return WEAK if weak(name, value) else self.digits(value)

    def digits(self, value: str) -> str:
        """Of anything, such as the place a database address leads to."""
        data = _PREFIX + value.encode("utf-8", "surrogatepass")
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()[:DIGITS]


def weak(name: str, value: str) -> bool:
    """Whether a value is so short, plain or well known that it can be guessed."""
    if len(value) < LEAST_LENGTH or is_placeholder(name, value):
        return True
    if says_secret(name) and "://" not in value and not secret_in(name, value):
        return True
    return bits(value) < LEAST_BITS


def bits(value: str) -> float:
    """Length times the bits of the kinds of characters in use, counting each character once
    where only few differ."""
    size = sum(count for has, count in _CLASSES if any(map(has, value)))
    size += 20 if any(not c.isalnum() for c in value) else 0
    few = len(set(value)) <= 4
    return (len(set(value)) if few else len(value)) * math.log2(max(size, 2))
