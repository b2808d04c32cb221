"""Telling that two values are equal without keeping either: keyed fingerprints.

A short or common value gets none: whoever had key and record could guess it. Without a key of the
project one is made for the run, and its fingerprints are worth nothing afterwards.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import unquote, urlsplit

from launchready_tui.credentials.signing import LEAST_BITS, LEAST_LENGTH, bits
from launchready_tui.facts.env_values import is_placeholder, says_secret, secret_in
from launchready_tui.fingerprint_key import FingerprintKey

WEAK = "weak"
DIGITS = 12
_PREFIX = b"lr-fp-v1\0"


class Fingerprints:
    """Fingerprints under one key: comparable with each other and with nothing else.

    `ident` names the key; it is empty for one that ends with the run.
    """

    def __init__(self, key: FingerprintKey | None = None) -> None:
        self.ident = key.ident if key else ""
        self._key = key.raw if key else secrets.token_bytes(32)

    def of(self, name: str, value: str) -> str:
        """`k1-9f3a:7c1d90ab34ef`, or `weak` for what could be guessed. A stray blank at an end
        does not hide equality.
        """
        value = value.strip()
        return WEAK if weak(name, value) else self.digits(value)

    def digits(self, value: str) -> str:
        """Of anything, such as the place a database address leads to."""
        data = _PREFIX + value.encode("utf-8", "surrogatepass")
        digits = hmac.new(self._key, data, hashlib.sha256).hexdigest()[:DIGITS]
        return f"{self.ident}:{digits}" if self.ident else digits


def same(one: str, other: str) -> bool:
    """Whether two written fingerprints are those of one value: of one key, and never `weak`."""
    strong = WEAK not in (one, other) and bool(one)
    return strong and hmac.compare_digest(one.encode(), other.encode())


def weak(name: str, value: str) -> bool:
    """Whether a value is so short, plain or well known that it can be guessed."""
    if len(value) < LEAST_LENGTH or is_placeholder(name, value):
        return True
    if says_secret(name) and "://" not in value and not secret_in(name, value):
        return True
    password = _password(value)
    if password and (len(password) < LEAST_LENGTH or bits(password) < LEAST_BITS):
        return True  # all else of an address can be guessed
    return bits(value) < LEAST_BITS


def _password(value: str) -> str:
    if "://" not in value:
        return ""
    try:
        return unquote(urlsplit(value).password or "")
    except ValueError:
        return ""
