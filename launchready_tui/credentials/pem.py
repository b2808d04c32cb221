"""Private keys in PEM form (RFC 7468, RFC 1421, OpenSSH): whether a passphrase protects them."""

from __future__ import annotations

import base64
import binascii
import re

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]{0,40})PRIVATE KEY-----(.{0,20000})", re.DOTALL)
_OPENSSH = b"openssh-key-v1\0"


def unprotected(value: str) -> bool:
    """Whether whoever has the text has the key. False for what is no private key."""
    found = _BLOCK.search(value.replace("\\n", "\n"))
    if not found:
        return False
    label, rest = found.groups()
    body = rest.partition("-----END")[0]
    if "ENCRYPTED" in label or "ENCRYPTED" in body[:400]:
        return False
    if label.strip() == "OPENSSH":
        return not _has_cipher(body)
    return bool(re.search(r"[A-Za-z0-9+/]{16}", body))


def _has_cipher(body: str) -> bool:
    """An OpenSSH key names its cipher at its beginning: `none` for a bare one."""
    head = re.sub(r"\s", "", body)[:80]
    try:
        data = base64.b64decode(head[: len(head) // 4 * 4])
    except (binascii.Error, ValueError):
        return False
    size = int.from_bytes(data[len(_OPENSSH) : len(_OPENSSH) + 4], "big")
    name = data[len(_OPENSSH) + 4 :][: min(size, 40)]
    return data.startswith(_OPENSSH) and name != b"none"
