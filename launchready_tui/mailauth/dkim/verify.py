"""Whether a message is what its signer signed (RFC 6376 section 6, RFC 8301, RFC 8463).

Our own because the libraries at hand refuse legal forms and do not hold a key to its flags; the
arithmetic is `cryptography`'s.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from launchready_tui.mailauth.dkim.canonical import (
    Form,
    Header,
    body_form,
    header_form,
    signed_headers,
)
from launchready_tui.mailauth.dkim.key import Key, looks_like_key, parse
from launchready_tui.mailauth.lookup import Lookup
from launchready_tui.mailauth.tags import TagList, read_tags

Result = Literal["pass", "fail", "permerror", "temperror"]

MOST_SIGNATURES = 10
SHORTEST_KEY = 1024
EXPIRED = "the signature has expired (x=)"
FROM_UNSIGNED = "the From header is not signed"
BELOW_BARRED = "t=s: the signer may not be below the domain"
"""Reasons that a judge of the message tells apart."""
REQUIRED = ("v", "a", "b", "bh", "d", "h", "s")
_B_VALUE = re.compile(rb"((?:^|;)\s*b\s*=)[^;]*")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of one signature. `reason` says why it is not a pass; `partial`: `l=` leaves a part
    of the body unsigned.
    """

    domain: str
    selector: str
    result: Result
    reason: str = ""
    identity: str = ""
    algorithm: str = ""
    partial: bool = False
    headers: tuple[str, ...] = ()


class _Bad(Exception):
    """Why a signature does not count."""

    def __init__(self, result: Result, reason: str) -> None:
        super().__init__(reason)
        self.result: Result = result
        self.reason = reason


async def verify(
    lookup: Lookup, headers: Sequence[Header], body: bytes, now: int
) -> tuple[Verified, ...]:
    """Verify every signature of a message, at most ten. Never raises.

    Args:
        lookup: Asks DNS for the keys.
        headers: The message's header fields (`canonical.split`).
        body: Its body.
        now: The instant to judge `x=` at, in seconds since 1970.
    """
    signatures = [header for header in headers if header.name == "dkim-signature"]
    return tuple(
        [await _verify(lookup, headers, body, s, now) for s in signatures[:MOST_SIGNATURES]]
    )


async def _verify(
    lookup: Lookup, headers: Sequence[Header], body: bytes, signature: Header, now: int
) -> Verified:
    tags = read_tags(signature.value)
    told = Verified(
        domain=(tags.get("d") or "").lower(),
        selector=tags.get("s") or "",
        result="permerror",
        identity=tags.get("i") or "",
        algorithm=(tags.get("a") or "").lower(),
        partial=tags.has("l"),
        headers=_names(tags),
    )
    try:
        _check_tags(tags, now)
        key = await _key(lookup, tags)
        _check_body(tags, body)
        _check_signature(tags, headers, signature, key)
    except _Bad as error:
        return _with(told, error.result, error.reason)
    return _with(told, "pass", "")


def _with(told: Verified, result: Result, reason: str) -> Verified:
    return Verified(
        domain=told.domain,
        selector=told.selector,
        result=result,
        reason=reason,
        identity=told.identity,
        algorithm=told.algorithm,
        partial=told.partial,
        headers=told.headers,
    )


# ---------------------------------------------------------------- the signature by itself


def _check_tags(tags: TagList, now: int) -> None:
    names = [tag.name for tag in tags.tags]
    if len(names) != len(set(names)):
        raise _Bad("permerror", "a tag stands twice")
    missing = [name for name in REQUIRED if not tags.get(name)]
    if missing:
        raise _Bad("permerror", f"{missing[0]}= is missing")
    if tags.get("v") != "1":
        raise _Bad("permerror", f"v={tags.get('v')} is not 1")
    if _algorithm(tags) not in ("rsa-sha256", "ed25519-sha256"):
        raise _Bad("permerror", f"a={tags.get('a')} is not accepted any more (RFC 8301)")
    if "from" not in _names(tags):
        raise _Bad("permerror", FROM_UNSIGNED)
    _forms(tags)
    domain = (tags.get("d") or "").lower()
    identity = _identity_domain(tags)
    if identity != domain and not identity.endswith(f".{domain}"):
        raise _Bad("permerror", f"i={tags.get('i')} is not below d={domain}")
    expires = tags.get("x") or ""
    if expires.isascii() and expires.isdigit() and int(expires[:15]) < now:
        raise _Bad("fail", EXPIRED)


def _algorithm(tags: TagList) -> str:
    return _BLANKS.sub("", tags.get("a") or "").lower()


def _names(tags: TagList) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in (tags.get("h") or "").split(":") if name.strip())


def _forms(tags: TagList) -> tuple[Form, Form]:
    """The canonical forms of header and body: "relaxed" alone is relaxed/simple (3.5)."""
    header, _, body = (tags.get("c") or "simple/simple").lower().partition("/")
    body = body or "simple"
    for form in (header, body):
        if form not in ("simple", "relaxed"):
            raise _Bad("permerror", f"c= names an unknown form “{form[:20]}”")
    return cast(Form, header), cast(Form, body)


def _identity_domain(tags: TagList) -> str:
    identity = tags.get("i")
    return identity.rpartition("@")[2].lower() if identity else (tags.get("d") or "").lower()


# ---------------------------------------------------------------- the key


async def _key(lookup: Lookup, tags: TagList) -> Key:
    name = f"{tags.get('s')}._domainkey.{tags.get('d')}"
    reply = await lookup(name, "TXT")
    if reply.status == "failed":
        raise _Bad("temperror", reply.cause or f"no answer for TXT of {name}")
    keys = [parse(text) for text in reply.records if looks_like_key(text)]
    if not keys:
        raise _Bad("permerror", f"there is no key at {name}")
    key = keys[0]
    if key.revoked:
        raise _Bad("permerror", f"the key at {name} is revoked")
    wanted = _algorithm(tags).partition("-")[0]
    troubles = (
        (key.broken, f"the key at {name} cannot be read"),
        (key.version_trouble, f"the key at {name}: {key.version_trouble}"),
        (key.kind != wanted, f"the key at {name} is {key.kind}, the signature {wanted}"),
        (key.hashes and "sha256" not in key.hashes, f"the key at {name} leaves out sha256 (h=)"),
        (
            key.services and not {"*", "email"} & set(key.services),
            f"the key at {name} is not for mail",
        ),
        (
            key.exact_domain and _identity_domain(tags) != (tags.get("d") or "").lower(),
            BELOW_BARRED,
        ),
        (
            key.kind == "rsa" and key.bits < SHORTEST_KEY,
            f"the key at {name} has {key.bits} bits, {SHORTEST_KEY} is the least",
        ),
    )
    trouble = next((why for holds, why in troubles if holds), "")
    if trouble:
        raise _Bad("permerror", trouble)
    return key


# ---------------------------------------------------------------- the arithmetic


def _check_body(tags: TagList, body: bytes) -> None:
    canonical = body_form(body, _forms(tags)[1])
    length = tags.get("l")
    if length is not None:
        if not (length.isascii() and length.isdigit()) or int(length[:15]) > len(canonical):
            raise _Bad("permerror", "l= is longer than the body")
        canonical = canonical[: int(length)]
    if hashlib.sha256(canonical).digest() != _decoded(tags.get("bh") or "", "bh"):
        raise _Bad("fail", "the body was changed after it was signed")


def _check_signature(tags: TagList, headers: Sequence[Header], signature: Header, key: Key) -> None:
    form = _forms(tags)[0]
    name, _, value = signature.raw.partition(b":")
    empty = Header(name="dkim-signature", raw=name + b":" + _B_VALUE.sub(rb"\1", value))
    others = [header for header in headers if header is not signature]
    data = signed_headers(others, _names(tags), form) + header_form(empty, form)
    if not _verifies(key, _decoded(tags.get("b") or "", "b"), data):
        raise _Bad(
            "fail", "the signature does not fit: a signed header was changed, or the key is another"
        )


def _verifies(key: Key, signature: bytes, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

    raw = _decoded(key.tags.get("p") or "", "p")
    try:
        if key.kind == "ed25519":
            public = ed25519.Ed25519PublicKey.from_public_bytes(raw)
            public.verify(signature, hashlib.sha256(data).digest())
        else:
            loaded = serialization.load_der_public_key(raw)
            if not isinstance(loaded, rsa.RSAPublicKey):
                return False
            loaded.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _decoded(text: str, tag: str) -> bytes:
    try:
        return base64.b64decode(_BLANKS.sub("", text), validate=True)
    except (binascii.Error, ValueError):
        raise _Bad("permerror", f"{tag}= is no base64") from None
