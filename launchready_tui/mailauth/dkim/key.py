"""A key record as its tags say it, and how long its key is (RFC 6376 section 3.6.1)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Literal

from launchready_tui.mailauth.tags import TagList, read_tags

Broken = Literal["", "no-key", "base64", "der", "quotes"]
_BLANKS = re.compile(r"\s+")
ED25519_BYTES = 32


@dataclass(frozen=True, slots=True)
class Key:
    """One key record.

    `kind` is what `k=` says, `rsa` by default. `bits` is the length of the key, 0 where it cannot
    be told; `broken` says why. A key that is there and empty is revoked, which is not broken.
    """

    text: str
    tags: TagList
    kind: str
    revoked: bool
    bits: int
    broken: Broken
    hashes: tuple[str, ...]
    """`h=`: the hashes it may be used with; empty for all."""
    services: tuple[str, ...]
    """`s=`: empty for all."""
    flags: tuple[str, ...]

    @property
    def testing(self) -> bool:
        return "y" in self.flags

    @property
    def exact_domain(self) -> bool:
        """`t=s`: the signer may not be a name below the domain."""
        return "s" in self.flags

    @property
    def version_trouble(self) -> str:
        """What is wrong with `v=`, which may be absent, and else is first and DKIM1."""
        version = self.tags.get("v")
        if version is None:
            return ""
        if version != "DKIM1":
            return f"v={version} is not DKIM1"
        return "" if self.tags.tags[0].name == "v" else "v=DKIM1 does not stand first"


def looks_like_key(text: str) -> bool:
    """Whether a TXT record is meant as a key: it has `p=`, or a DKIM version."""
    tags = read_tags(text)
    return tags.has("p") or (tags.get("v") or "").upper() == "DKIM1"


def parse(text: str) -> Key:
    """Read a key record. Never raises."""
    tags = read_tags(text)
    kind = (tags.get("k") or "rsa").lower()
    bits, broken = _length(tags.get("p"), kind)
    return Key(
        text=text,
        tags=tags,
        kind=kind,
        revoked=tags.get("p") == "",
        bits=bits,
        broken=broken,
        hashes=_list(tags.get("h")),
        services=_list(tags.get("s")),
        flags=_list(tags.get("t")),
    )


def _list(value: str | None) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in (value or "").split(":") if part.strip())


def _length(value: str | None, kind: str) -> tuple[int, Broken]:
    if value is None:
        return 0, "no-key"
    if not value:
        return 0, ""
    if "\\" in value or '"' in value:
        return 0, "quotes"
    try:
        der = base64.b64decode(_BLANKS.sub("", value), validate=True)
    except (binascii.Error, ValueError):
        return 0, "base64"
    if kind == "ed25519":
        return (256, "") if len(der) == ED25519_BYTES else (0, "der")
    if kind != "rsa":
        return 0, ""
    bits = rsa_bits(der)
    return (bits, "") if bits else (0, "der")


def rsa_bits(der: bytes) -> int:
    """The length of an RSA modulus in bits, 0 where the bytes hold no such key.

    Both forms are read: SubjectPublicKeyInfo, which signers publish, and a bare RSAPublicKey.
    """
    body = _content(der, 0x30)
    if body is None:
        return 0
    first = _element(body)
    if first is None:
        return 0
    tag, value, rest = first
    if tag == 0x02:
        return int.from_bytes(value, "big").bit_length()
    second = _element(rest)
    if tag != 0x30 or second is None or second[0] != 0x03 or second[1][:1] != b"\0":
        return 0
    inner = _content(second[1][1:], 0x30)
    number = _element(inner) if inner is not None else None
    if number is None or number[0] != 0x02:
        return 0
    return int.from_bytes(number[1], "big").bit_length()


def _content(data: bytes, wanted: int) -> bytes | None:
    element = _element(data)
    return element[1] if element and element[0] == wanted else None


def _element(data: bytes) -> tuple[int, bytes, bytes] | None:
    """Tag, content and the rest after one DER element; None where the bytes end too soon."""
    if len(data) < 2:
        return None
    tag, length, at = data[0], data[1], 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= 4 or len(data) < 2 + count:
            return None
        length, at = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
    if len(data) < at + length:
        return None
    return tag, data[at : at + length], data[at + length :]
