"""Secrets that a team makes up itself to sign sessions, tokens and links: can one be guessed?

Whoever holds one signed cookie can try words against it on a machine of his own, millions a second,
and nobody sees it.
"""

from __future__ import annotations

import base64
import binascii
import math
import re

from launchready_tui.credentials.flaw import Flaw

LEAST_BYTES = 32
"""What a signing secret should hold (RFC 7518, section 3.2, for HS256)."""
LEAST_LENGTH = 8
LEAST_BITS = 40.0
_CLASSES = ((str.islower, 26), (str.isupper, 26), (str.isdigit, 10))
_OWN = re.compile(
    r"SECRET$|SECRET_KEY|KEY_BASE|SIGNING|JWT|ENCRYPTION"
    r"|^APP_KEY$|(?:^|_)(?:SIGNING|ENCRYPTION|JWT)(?:_SECRET|_PRIVATE)?_KEY$"
)
"""Names under which a team keeps a secret of its own making, among others."""
_SENT = re.compile(r"CRON|WEBHOOK|CLIENT|SLACK")
"""Names of secrets that are handed over or issued: nobody can try them in silence."""
_WORDS = (
    "jwt|token|secret|secrets|key|keys|password|passwd|pass|session|sessions|cookie|auth|nextauth"
    "|sign|signing|signature|encryption|encrypt|hash|salt|admin|root|user|login|app|api|web|server"
    "|backend|site|project|prod|production|dev|develop|development|test|testing|stage|staging|local"
    "|demo|default|example|sample|random|string|value|long|very|really|super|ultra|mega|top|secure"
    "|safe|strong|private|hidden|change|changeme|replace|please|this|that|it|is|in|for|to|of|the|an"
    "|a|and|at|or|do|not|use|with|my|your|our|me|some|any|new|old|keyboard|cat|hello|world|foo|bar"
    "|qwerty|letmein|welcome|abc|xyz"
)
_OF_WORDS = re.compile(rf"(?:(?:{_WORDS}|\d{{1,4}}+)[-_. ]*+)+!*+", re.IGNORECASE)
_SAYS_SO = frozenset(["secret", "key", "token", "jwt", "password", "session"])


def weakness(name: str, value: str, *, of_signing: bool) -> Flaw | None:
    """What makes a secret of a team's own weak; None for a strong one and for any other setting.

    Args:
        of_signing: The setting is known to sign. Of another one only a guess counts.
    """
    value, name = value.strip(), name.upper()
    if not value or "$" in value or "://" in value or value.startswith(("/", "./", "~/", "{")):
        return None  # none of its own, or the path of a file
    if not (of_signing or _OWN.search(name)):
        return None
    if of_words(value):
        return Flaw(code="cred-weak", what="it is made of words that everybody tries")
    if len(value) < LEAST_LENGTH or bits(value) < LEAST_BITS:
        return Flaw(code="cred-weak", what="it is so short or plain that it can be guessed")
    if value.startswith("django-insecure-"):
        what = "it begins with django-insecure-: Django wrote it into the code of a new project"
        return Flaw(code="cred-weak", what=what)
    held = material(value)
    if of_signing and held < LEAST_BYTES and not _SENT.search(name):
        what = f"it holds {held} bytes, and {LEAST_BYTES} are asked of a secret that signs"
        return Flaw(code="cred-weak", what=what, lesser=True)
    return None


def of_words(value: str) -> bool:
    """`supersecretjwtkey`, `my-secret-for-acme-2024`: never a random value."""
    if _OF_WORDS.fullmatch(value[:100]) and re.search(r"[a-z]{3}", value, re.IGNORECASE):
        return True
    words = re.split(r"[-_. ]+", value.lower().rstrip("!"))
    plain = all(re.fullmatch(r"[a-z]{2,12}|a|\d{1,4}", word) for word in words)
    return len(words) > 1 and plain and not _SAYS_SO.isdisjoint(words)


def material(value: str) -> int:
    """The bytes that a secret is made of, where it is written in hexadecimal or base64."""
    if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", value):
        return len(value) // 2
    if re.fullmatch(r"[A-Za-z0-9+/]{40,}={0,2}", value) and len(value) % 4 == 0:
        try:
            return len(base64.b64decode(value))
        except (binascii.Error, ValueError):
            return len(value)
    return len(value.encode("utf-8", "surrogatepass"))


def bits(value: str) -> float:
    """Length times the bits of the kinds of characters in use, counting each character once
    where only few differ."""
    size = sum(count for has, count in _CLASSES if any(map(has, value)))
    size += 20 if any(not c.isalnum() for c in value) else 0
    few = len(set(value)) <= 4
    return (len(set(value)) if few else len(value)) * math.log2(max(size, 2))
