"""An SPF record as a tree: terms with their places in the text (RFC 7208 sections 4.6, 5, 6, 12).

`parse` is total: what is wrong is kept beside the terms that are right, each with its place, so
that an error can be shown under the very word. To an evaluation any of it is permerror (4.6).
"""

from __future__ import annotations

import functools
import ipaddress
import re
from dataclasses import dataclass, field
from typing import Literal

from launchready_tui.mailauth.spf.macros import BadMacro, domain_spec_trouble, tokens

Qualifier = Literal["+", "-", "~", "?"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MECHANISMS = ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists")
COSTS_LOOKUP = frozenset({"include", "a", "mx", "ptr", "exists"})
"""With `redirect`, what counts against the limit of ten (4.6.4)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a piece of the record, from `start` to `end` in its text."""

    why: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A term that may match. `domain` is a domain-spec before its macros are expanded."""

    name: str
    qualifier: Qualifier
    text: str
    start: int
    domain: str = ""
    cidr4: int = 32
    cidr6: int = 128
    network: Network | None = None
    """Of ip4 and ip6."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Modifier:
    """`name=value`: redirect, exp, or one that is ignored."""

    name: str
    value: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `problems` is empty where the whole text follows the grammar."""

    text: str
    mechanisms: tuple[Mechanism, ...] = ()
    redirect: Modifier | None = None
    exp: Modifier | None = None
    others: tuple[Modifier, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def valid(self) -> bool:
        return not self.problems


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record: its version, then a blank or the end (4.5)."""
    return text[:6].lower() == "v=spf1" and text[6:7] in ("", " ")


@functools.lru_cache(maxsize=1024)
def parse(text: str) -> Record:
    """Read the text of a record, of which `is_spf` holds. Never raises."""
    reading = _Reading(text)
    for word in re.finditer(r"[^ ]+", text[6:]):
        reading.term(word.group(), 6 + word.start())
    return reading.record()


# ---------------------------------------------------------------- reading

_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*)=(.*)", re.DOTALL)
_MECHANISM = re.compile(r"([+\-~?]?)([A-Za-z][A-Za-z0-9_.-]*)(.*)", re.DOTALL)
_LENGTHS = re.compile(r"(?P<domain>.*?)(?:/(?P<four>[0-9]+))?(?://(?P<six>[0-9]+))?", re.DOTALL)
_QUALIFIERS: dict[str, Qualifier] = {"": "+", "+": "+", "-": "-", "~": "~", "?": "?"}


class _Bad(Exception):
    """Why a term cannot be read."""


@dataclass(slots=True)
class _Reading:
    text: str
    mechanisms: list[Mechanism] = field(default_factory=list)
    modifiers: list[Modifier] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def term(self, word: str, start: int) -> None:
        try:
            if not all("!" <= character <= "~" for character in word):
                raise _Bad("a character that is not printable ASCII")
            modifier = _MODIFIER.fullmatch(word)
            if modifier:
                self.modifiers.append(_modifier(modifier, start, self.modifiers))
            else:
                self.mechanisms.append(_mechanism(word, start))
        except _Bad as error:
            self.problems.append(Problem(str(error), start, start + len(word)))

    def record(self) -> Record:
        named = {modifier.name: modifier for modifier in self.modifiers}
        return Record(
            text=self.text,
            mechanisms=tuple(self.mechanisms),
            redirect=named.get("redirect"),
            exp=named.get("exp"),
            others=tuple(m for m in self.modifiers if m.name not in ("redirect", "exp")),
            problems=tuple(self.problems),
        )


def _modifier(match: re.Match[str], start: int, before: list[Modifier]) -> Modifier:
    name, value = match[1].lower(), match[2]
    if name in ("redirect", "exp"):
        if any(modifier.name == name for modifier in before):
            raise _Bad(f"{name}= stands twice")
        _insist_on_domain(value, f"{name}=")
    else:
        try:
            tokens(value, in_explanation=True)
        except BadMacro as error:
            raise _Bad(str(error)) from None
    return Modifier(name=name, value=value, text=match[0], start=start)


def _mechanism(word: str, start: int) -> Mechanism:
    match = _MECHANISM.fullmatch(word)
    if match is None:
        raise _Bad("neither a mechanism nor a modifier")
    sign, name, rest = match[1], match[2].lower(), match[3]
    if name not in MECHANISMS:
        raise _Bad(f"there is no mechanism “{name}”")
    made = Mechanism(name=name, qualifier=_QUALIFIERS[sign], text=word, start=start)
    return _READERS[name](made, rest)


def _insist_on_domain(text: str, after: str) -> None:
    if not text:
        raise _Bad(f"{after} names no domain")
    trouble = domain_spec_trouble(text)
    if trouble:
        raise _Bad(trouble)


def _with(made: Mechanism, **changes: object) -> Mechanism:
    values = {name: getattr(made, name) for name in Mechanism.__slots__}
    return Mechanism(**{**values, **changes})


def _all(made: Mechanism, rest: str) -> Mechanism:
    if rest:
        raise _Bad("“all” stands alone")
    return made


def _needs_domain(made: Mechanism, rest: str) -> Mechanism:
    """include and exists."""
    if not rest.startswith(":"):
        raise _Bad(
            f"{made.name} names no domain" if not rest else f"“:” is missing after {made.name}"
        )
    _insist_on_domain(rest[1:], f"{made.name}:")
    return _with(made, domain=rest[1:])


def _ptr(made: Mechanism, rest: str) -> Mechanism:
    return _needs_domain(made, rest) if rest else made


def _a_or_mx(made: Mechanism, rest: str) -> Mechanism:
    lengths = _LENGTHS.fullmatch(rest)
    assert lengths is not None, "the pattern matches any text"
    where = lengths["domain"]
    if where:
        if not where.startswith(":"):
            raise _Bad(f"“:” or “/” is missing after {made.name}")
        _insist_on_domain(where[1:], f"{made.name}:")
    return _with(
        made,
        domain=where[1:],
        cidr4=_length(lengths["four"], 32),
        cidr6=_length(lengths["six"], 128),
    )


def _address(made: Mechanism, rest: str) -> Mechanism:
    """ip4 and ip6: an address of that kind, and how many of its bits count."""
    if not rest.startswith(":"):
        raise _Bad(f"{made.name} names no address")
    bits = 32 if made.name == "ip4" else 128
    text, slash, given = rest[1:].partition("/")
    length = _length(given if slash else None, bits)
    try:
        ip = ipaddress.IPv4Address(text) if bits == 32 else ipaddress.IPv6Address(text)
    except ValueError:
        raise _Bad(f"“{text}” is no {'IPv4' if bits == 32 else 'IPv6'} address") from None
    if "%" in text:
        raise _Bad(f"“{text}” is no IPv6 address")
    return _with(made, network=ipaddress.ip_network((ip, length), strict=False))


def _length(given: str | None, most: int) -> int:
    """A prefix length; without leading zeros (12)."""
    if given is None:
        return most
    fine = given.isascii() and given.isdigit() and (given == "0" or given[0] != "0")
    if not fine or len(given) > 3 or int(given) > most:
        raise _Bad(f"/{given} is no prefix length between 0 and {most}")
    return int(given)


_READERS = {
    "all": _all,
    "include": _needs_domain,
    "exists": _needs_domain,
    "ptr": _ptr,
    "a": _a_or_mx,
    "mx": _a_or_mx,
    "ip4": _address,
    "ip6": _address,
}
