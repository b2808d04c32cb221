"""Signing a GET for AWS: Signature Version 4, with the signature in a header.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

The secret never leaves: each part of the scope is hashed into a key, and the last key signs a
digest of the request. What is signed is exactly what is listed; other headers stay out of it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from launchready_tui.secret import Secret

ALGORITHM = "AWS4-HMAC-SHA256"
_NO_BODY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True, repr=False)
class Signer:
    """Who signs, and for which service in which region."""

    id: str
    secret: Secret
    region: str
    service: str
    token: Secret | None = None


def signed_get(
    signer: Signer,
    host: str,
    query: Mapping[str, str],
    at: datetime,
    more: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The headers that a GET of the path "/" needs; they hold good for 15 minutes around `at`.

    Args:
        signer: Whose request it is.
        host: As it stands in the header Host, which is signed and not returned.
        query: Names and values before they are encoded.
        at: The instant, with its zone.
        more: Further headers to sign, names in small letters.
    """
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    sent = {"x-amz-date": stamp, **(more or {})}
    if signer.token:
        sent["x-amz-security-token"] = signer.token.reveal()
    named = sorted({"host": host, **sent}.items())
    names = ";".join(name for name, _ in named)
    lines = "".join(f"{name}:{' '.join(value.split())}\n" for name, value in named)
    request = "\n".join(("GET", "/", query_of(query), lines, names, _NO_BODY))
    scope = f"{stamp[:8]}/{signer.region}/{signer.service}/aws4_request"
    digest = hashlib.sha256(request.encode()).hexdigest()
    signature = _mac(_key(signer, scope), "\n".join((ALGORITHM, stamp, scope, digest))).hex()
    credential = f"Credential={signer.id}/{scope}"
    told = f"{ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"
    return {**sent, "authorization": told}


def query_of(query: Mapping[str, str]) -> str:
    """Sorted and encoded as it is signed; the URL has to hold the same text."""
    pairs = sorted((quote(name, safe=""), quote(value, safe="")) for name, value in query.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


def _key(signer: Signer, scope: str) -> bytes:
    key = f"AWS4{signer.secret.reveal()}".encode()
    for part in scope.split("/"):
        key = _mac(key, part)
    return key


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
