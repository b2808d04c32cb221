"""The kinds of credentials, from checklists/credentials.toml: which one a setting holds.

A row names its source and the day somebody last compared it with that source.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from launchready_tui.badfile import BadFile, Document, read_document
from launchready_tui.catalogue import data_folder
from launchready_tui.credentials import jwt
from launchready_tui.model import Record

FILE = "credentials.toml"
VALUE = "{value}"
"""What stands for the credential in a header of a live call."""
LONGEST_NAME = 200
LONGEST_VALUE = 20_000

PAYMENTS = ("paystack-", "stripe-")
"""How the ids of payment providers' kinds begin."""

SIGNS = "signing-secret"
"""The kind of a team's own secrets that sign sessions, tokens or links."""

Privilege = Literal["none", "narrow", "broad", "by-user", "unread"]
Means = Literal["works", "restricted", "refused"]
Family = Literal["", "database"]


class Answer(Record, frozen=True, kw_only=True):
    """What one answer of a live call means. The first that fits counts; none fits: unknown.

    `field` is a dotted path into the JSON body, compared as text with `values` ("true" for true),
    which are patterns as fnmatch has them.
    `restricted` is a key that works and may not do this call: good news.
    """

    status: tuple[int, ...]
    means: Means
    field: str = ""
    values: tuple[str, ...] = ()


class Scopes(Record, frozen=True, kw_only=True):
    """Where an answer tells what a credential may do: a header (parted by commas) or a JSON list.

    Patterns as fnmatch has them. All scopes within `narrow`: nothing too much. One within `broad`:
    more than an app needs. Neither list says anything of the rest.
    """

    header: str = ""
    field: str = ""
    narrow: tuple[str, ...] = ()
    broad: tuple[str, ...] = ()


class LiveCall(Record, frozen=True, kw_only=True):
    """The one harmless request that tells whether a credential works; only a person lets it go.

    `headers` are "Name: text" with {value} for the credential.
    """

    host: str
    path: str
    headers: tuple[str, ...]
    answer: tuple[Answer, ...]
    source: str
    seen: date
    method: Literal["GET"] = "GET"
    scopes: Scopes | None = None
    expires_header: str = ""
    """A header of the answer that holds the day the credential ends."""
    expires_field: str = ""
    unconfirmed: tuple[str, ...] = ()


class Kind(Record, frozen=True, kw_only=True):
    """A kind of credential and how it is told. Earlier rows win over later ones.

    `names` are searched in the setting's name in capitals, `values` have to fit the whole value,
    and `claims` those of a JSON web token; what is empty does not matter. `prefixes` are the public
    part of a value and may be shown, `live` and `test` those of each mode. `flaws` are the codes
    that the shape alone gives away; keys of a test mode are excused.
    """

    id: str
    title: str
    source: str
    seen: date
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    claims: dict[str, str] = {}
    prefixes: tuple[str, ...] = ()
    live: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    family: Family = ""
    public: bool = False
    """Meant for the browser: everybody may read it."""
    privilege: Privilege = "unread"
    flaws: tuple[str, ...] = ()
    issued_at: str = ""
    call: LiveCall | None = None
    never_called: str = ""
    """Why there is no live call, where somebody might look for one."""
    by_hand: str = ""
    """What a person asks in our stead, in the database's own language."""
    unconfirmed: tuple[str, ...] = ()


class _File(Record, frozen=True, kw_only=True):
    schema: Literal[1]
    kind: tuple[Kind, ...]


class _Row:
    """A kind with its patterns compiled."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.names = _either(kind.names)
        self.values = _either(kind.values)

    def fits(self, name: str, value: str) -> bool:
        if self.names and not self.names.search(name):
            return False
        if self.values and not self.values.fullmatch(value):
            return False
        if not self.kind.claims:
            return True
        claims = jwt.claims(value)
        return all(claims.text(key) == wanted for key, wanted in self.kind.claims.items())


@functools.cache
def kinds() -> tuple[Kind, ...]:
    """All kinds. Raises `BadFile` at the first thing that is wrong with the file."""
    return tuple(row.kind for row in _rows())


def kind_of(name: str, value: str) -> Kind | None:
    """The kind of a setting's value; None where neither name nor shape tells."""
    name, value = name[:LONGEST_NAME].upper(), value.strip()
    if not value or len(value) > LONGEST_VALUE:
        return None
    return next((row.kind for row in _rows() if row.fits(name, value)), None)


def by_id(id: str) -> Kind | None:
    return next((kind for kind in kinds() if kind.id == id), None)


def shape_of(kind: Kind, value: str) -> str:
    """The public prefix of a value, never a part of what follows it; empty where there is none."""
    value = value.strip()
    fitting = [p for p in kind.prefixes if value.startswith(p) and len(value) > len(p)]
    return max(fitting, key=len, default="")


def mode_of(kind: Kind, value: str) -> Literal["", "live", "test"]:
    value = value.strip()
    if value.startswith(kind.live):
        return "live"
    return "test" if value.startswith(kind.test) else ""


@functools.cache
def _rows() -> tuple[_Row, ...]:
    document = read_document(data_folder() / FILE)
    file = document.decode(_File)
    known: set[str] = set()
    for place, kind in enumerate(file.kind):
        if kind.id in known:
            raise document.bad(("kind", place, "id"), "this id stands there twice")
        known.add(kind.id)
        _insist(document, place, kind)
    return tuple(_Row(kind) for kind in file.kind)


def _insist(document: Document, place: int, kind: Kind) -> None:
    """Refuse a row that fits everything, a broken pattern and a call that sends nothing."""
    if not (kind.names or kind.values):
        raise document.bad(("kind", place), "names or values have to say what fits")
    for key, patterns in (("names", kind.names), ("values", kind.values)):
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise _broken(document, place, key, error) from None
    if kind.call and kind.public:
        raise document.bad(("kind", place, "call"), "a public key is never tried")
    if kind.call and not any(VALUE in header for header in kind.call.headers):
        raise document.bad(("kind", place, "call", "headers"), f"no header holds {VALUE}")


def _broken(document: Document, place: int, key: str, error: re.error) -> BadFile:
    return document.bad(("kind", place, key), f"this is no pattern: {error}")


def _either(patterns: Iterable[str]) -> re.Pattern[str] | None:
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(joined) if joined else None
