"""The key of a project's fingerprints: with it two values are told to be equal, without either.

It rests in the keyring alone. A team hands it on through its password manager, as one line; whoever
has both this key and the record could try short words, so the record never holds it.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass

from launchready_tui.secret import Secret

LENGTH = 32
MOST_GENERATION = 9_999
_WRITTEN = re.compile(r"k([1-9]\d{0,3})-([0-9a-f]{4}):([0-9a-f]{64})")
_KEPT = re.compile(r"([1-9]\d{0,3})\n([0-9a-f]{64})")
PRINT = re.compile(r"(k[1-9]\d{0,3}-[0-9a-f]{4}):([0-9a-f]{12})")
"""A fingerprint as it is written: the id of its key, and its digits."""


class NotAKey(Exception):
    """What was given is no key of fingerprints; in words that say what is expected."""


@dataclass(frozen=True, slots=True)
class FingerprintKey:
    """32 random bytes, in hexadecimal, and how often the project has changed its key."""

    generation: int
    digits: Secret

    @property
    def raw(self) -> bytes:
        return bytes.fromhex(self.digits.reveal())

    @property
    def ident(self) -> str:
        """`k1-9f3a`: what stands before each fingerprint, so that two keys are never mixed up."""
        return f"k{self.generation}-{hmac.new(self.raw, b'lr-key-id', 'sha256').hexdigest()[:4]}"

    def kept(self) -> Secret:
        """How it rests in the keyring."""
        return Secret(f"{self.generation}\n{self.digits.reveal()}")

    def line(self) -> Secret:
        """The one line that a team hands on; its id tells a slip of the pen."""
        return Secret(f"{self.ident}:{self.digits.reveal()}")


def new(before: FingerprintKey | None = None) -> FingerprintKey:
    """A key nobody has seen yet, of the generation after `before`."""
    generation = before.generation + 1 if before else 1
    return FingerprintKey(min(generation, MOST_GENERATION), Secret(secrets.token_hex(LENGTH)))


def of_kept(text: Secret) -> FingerprintKey:
    """Raises NotAKey for what something else put into the keyring."""
    found = _KEPT.fullmatch(text.reveal())
    if not found:
        raise NotAKey("the keyring's item “fingerprint-key” is not one that launchready wrote")
    return FingerprintKey(int(found[1]), Secret(found[2]))


def of_line(text: Secret) -> FingerprintKey:
    """Raises NotAKey where a character was lost on the way."""
    found = _WRITTEN.fullmatch(text.reveal().strip())
    if not found:
        raise NotAKey("expected the one line that `launchready env key export` gives")
    key = FingerprintKey(int(found[1]), Secret(found[3]))
    if key.ident != f"k{found[1]}-{found[2]}":
        raise NotAKey("a character of the key was lost or changed on the way: copy it once more")
    return key


def key_of(print_: str) -> str:
    """The id of the key that made a fingerprint; empty for none and for `weak`."""
    found = PRINT.fullmatch(print_)
    return found[1] if found else ""
