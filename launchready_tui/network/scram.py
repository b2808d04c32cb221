"""SCRAM-SHA-256 (RFC 5802, 7677) as PostgreSQL speaks it: both sides show they know a password.

The password itself never leaves, so a server that is not the real one learns nothing of it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import stringprep
import unicodedata

from launchready_tui.secret import Secret

NAME = "SCRAM-SHA-256"
MOST_ROUNDS = 200_000
"""A server that asks for more would keep this computer busy."""
_CHALLENGE = re.compile(r"r=([\x21-\x2b\x2d-\x7e]{1,400}),s=([A-Za-z0-9+/=]{4,400}),i=([0-9]{1,9})")
_PROOF = re.compile(r"v=([A-Za-z0-9+/=]{4,100})(?:,.*)?", re.DOTALL)


class NotScram(Exception):
    """The other side says what no SCRAM server says."""


class Scram:
    """One conversation, told from the client's side. PostgreSQL takes the user name elsewhere."""

    def __init__(self, password: Secret, nonce: str = "") -> None:
        self._password = password
        self._bare = f"n=,r={nonce or secrets.token_urlsafe(18)}"
        self._expected = b""

    def first(self) -> bytes:
        return f"n,,{self._bare}".encode()

    def final(self, challenge: bytes) -> bytes:
        """The proof for a challenge. Raises NotScram."""
        text = challenge.decode("ascii", "replace")
        found = _CHALLENGE.match(text)
        nonce = self._bare.partition("r=")[2]
        if not found or not found[1].startswith(nonce) or found[1] == nonce:
            raise NotScram("its challenge does not fit our question")
        rounds = int(found[3])
        if not 1 <= rounds <= MOST_ROUNDS:
            raise NotScram(f"it asks for {rounds:,} rounds, more than any real server")
        try:
            salt = base64.b64decode(found[2], validate=True)
        except binascii.Error as error:
            raise NotScram("its salt is no base64") from error
        salted = hashlib.pbkdf2_hmac("sha256", _prepared(self._password.reveal()), salt, rounds)
        without_proof = f"c=biws,r={found[1]}"
        signed = f"{self._bare},{text},{without_proof}".encode()
        key = _mac(salted, b"Client Key")
        signature = _mac(hashlib.sha256(key).digest(), signed)
        proof = bytes(one ^ other for one, other in zip(key, signature, strict=True))
        self._expected = _mac(_mac(salted, b"Server Key"), signed)
        return f"{without_proof},p={base64.b64encode(proof).decode()}".encode()

    def knows(self, said: bytes) -> bool:
        """Whether the server's last word shows that it knows the password too."""
        found = _PROOF.fullmatch(said.decode("ascii", "replace"))
        if not found or not self._expected:
            return False
        try:
            shown = base64.b64decode(found[1], validate=True)
        except binascii.Error:
            return False
        return hmac.compare_digest(shown, self._expected)


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def _prepared(password: str) -> bytes:
    """A password by SASLprep (RFC 4013); as it is where that forbids it, as PostgreSQL has it."""
    mapped = "".join(
        " " if stringprep.in_table_c12(c) else c
        for c in password
        if not stringprep.in_table_b1(c) or stringprep.in_table_c12(c)
    )
    prepared = unicodedata.normalize("NFKC", mapped)
    forbidden = (stringprep.in_table_c21_c22, stringprep.in_table_a1, stringprep.in_table_c3)
    if not prepared or any(test(c) for c in prepared for test in forbidden):
        prepared = password
    return prepared.encode("utf-8", "surrogatepass")
