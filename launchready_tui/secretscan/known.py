"""The known-value scan: real values of .env files, searched for byte by byte.

It finds the home-made password that no form tells. A value is looked for as it is, in base64 at
each alignment, in hexadecimal, and as addresses and JSON spell it. What is short or common is
refused, because it would be found everywhere.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from launchready_tui.facts.env_values import is_placeholder, says_secret, secret_in
from launchready_tui.redact import forms
from launchready_tui.secret import Secret

LEAST = 8
LEAST_KINDS = 5
"""Different characters that a value must have."""
MOST_VALUES = 500
_RUN = re.compile(rb"[A-Za-z0-9+/_=-]{8,}")
_CORE = re.compile(rb"[A-Za-z0-9+/_=-]{8,}")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of an env file whose value is a secret.

    `mode` is "real" or "test", or "weak" where only the name says so.
    """

    name: str
    value: Secret
    line: int
    mode: str


def settings(text: str) -> Iterator[Setting]:
    """The settings of an env file whose values are secrets, or should be."""
    from dotenv.parser import parse_stream

    for count, binding in enumerate(parse_stream(io.StringIO(text))):
        if count > 20_000:
            return
        name, value = binding.key or "", (binding.value or "").strip()
        if not name or not value or binding.error:
            continue
        weak = "weak" if says_secret(name) and "://" not in value else ""
        if mode := secret_in(name, value) or weak:
            before = binding.original.string
            line = binding.original.line + len(before) - len(before.lstrip("\r\n"))
            yield Setting(name, Secret(value), line, mode)


@dataclass(frozen=True, slots=True)
class _Needle:
    form: bytes
    core: bytes
    """The longest run of it that the index of a block can hold; empty for none."""
    of: int


class KnownValues:
    """What to search for. Built once; `refused` are names whose values are not searched for."""

    def __init__(self, given: Iterable[tuple[str, Secret]]) -> None:
        self.names: list[str] = []
        self.values: list[Secret] = []
        self.refused: list[str] = []
        for name, value in given:
            wanted = [secret for secret in _parts(value) if _is_strong(name, secret)]
            if not wanted and name not in self.refused:
                self.refused.append(name)
            for secret in wanted:
                if secret not in self.values and len(self.values) < MOST_VALUES:
                    self.names.append(name)
                    self.values.append(secret)
        self._needles = tuple(_needles(self.values))

    def __len__(self) -> int:
        return len(self.values)

    def find(self, content: bytes) -> Iterator[tuple[int, int, int]]:
        """Which value stands where: its number, and the bytes it starts and ends at.

        One pass collects the long words of a block; the values are searched for among these,
        each of which stands there once, and only what is found is searched for in the block.
        """
        if not self._needles:
            return
        words = b"\n".join(set(_RUN.findall(content)))
        found: set[tuple[int, int]] = set()
        for needle in self._needles:
            if needle.core not in words:
                continue
            at = content.find(needle.form)
            while at >= 0:
                if (needle.of, at) not in found:
                    found.add((needle.of, at))
                    yield needle.of, at, at + len(needle.form)
                at = content.find(needle.form, at + len(needle.form))


def _needles(values: list[Secret]) -> Iterator[_Needle]:
    for number, value in enumerate(values):
        for form in forms([value]):
            content = form.encode("utf-8", "surrogatepass")
            core = max(_CORE.findall(content), key=len, default=b"")
            yield _Needle(content, core, number)


def _parts(value: Secret) -> list[Secret]:
    """A value, and of an address also its password alone."""
    text = value.reveal()
    if "://" not in text:
        return [value]
    try:
        password = urlsplit(text).password or ""
    except ValueError:
        return [value]
    alone = {password, unquote(password)} - {""}
    return [value, *(Secret(one) for one in sorted(alone))]


def _is_strong(name: str, value: Secret) -> bool:
    text = value.reveal()
    if is_placeholder(name, text):
        return False
    return len(text) >= LEAST and len(set(text)) >= LEAST_KINDS and not text.isdigit()
