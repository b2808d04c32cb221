"""What can be said of credentials without a call: by prefix, form, payload and address.

An environment's settings are judged together, because some things show only side by side: a key of
one project beside the address of another, a pooler without a direct address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlsplit

from launchready_tui.credentials import jwt, pem
from launchready_tui.credentials.address import POSTGRES, address, flaws, wants_direct
from launchready_tui.credentials.flaw import Flaw
from launchready_tui.credentials.kinds import SIGNS, Kind, Privilege, kind_of, mode_of, shape_of
from launchready_tui.credentials.signing import weakness
from launchready_tui.model import Record

WORDS = {
    "cred-over-privileged": "its kind opens everything its account can do",
    "cred-global-key": "it opens everything its account can do, and has no limits to set",
    "cred-long-lived": "it is valid until somebody revokes it",
    "cred-legacy": "a key of the old kind: it can be replaced only together with all others",
}
"""What the flaws of a kind's row say, in words."""
_SUPABASE_URL = re.compile(r"([a-z0-9]{15,30})\.supabase\.(?:co|in)")
_PUBLIC_NAME = re.compile(r"ANON|PUBLISHABLE|PUBLIC_KEY$")
_SECURE_MODES = frozenset(["require", "verify-ca", "verify-full"])


class Setting(Protocol):
    """A setting with its value, in memory."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def environment(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Beside:
    """What the other settings of an environment say: projects, direct addresses, encryption."""

    projects: frozenset[str] = frozenset()
    direct: frozenset[str] = frozenset()
    """Kinds of databases for which an address without a pooler is there."""
    asks_tls: bool = False

    @classmethod
    def of(cls, settings: Iterable[Setting]) -> Beside:
        """Of all settings of one environment, with those that all environments share."""
        projects, direct, asks_tls = set(), set(), False
        for one in settings:
            asks_tls |= one.name == "PGSSLMODE" and one.value.strip() in _SECURE_MODES
            if "://" not in one.value:
                continue
            projects.add(_project_of(one.value))
            kind = kind_of(one.name, one.value)
            held = address(one.value) if kind and kind.family == "database" else None
            if held and not held.pooled:
                direct.add(held.kind)
        return cls(frozenset(projects - {""}), frozenset(direct), asks_tls)


ALONE = Beside()


class Judgement(Record, frozen=True, kw_only=True):
    """What a value's shape says. `shape` is its public prefix; nothing else of it is here.

    `kind` is empty where neither name nor shape tells; `expires` are seconds since 1970.
    """

    kind: str = ""
    shape: str = ""
    mode: Literal["", "live", "test"] = ""
    public: bool = False
    privilege: Privilege = "unread"
    flaws: tuple[Flaw, ...] = ()
    notes: tuple[str, ...] = ()
    expires: int | None = None


def judge(setting: Setting, beside: Beside = ALONE) -> Judgement:
    """Total: any name and value give a judgement."""
    value = setting.value.strip()
    kind = kind_of(setting.name, value)
    if kind is None:
        return Judgement()
    found = [
        *_of_kind(kind, setting),
        *_wrong_mode(kind, setting),
        *_name_against_value(kind, setting),
        *_other_project(kind, setting, beside),
        *_of_address(kind, setting, beside),
    ]
    return Judgement(
        kind=kind.id,
        shape=shape_of(kind, value),
        mode=mode_of(kind, value),
        public=kind.public,
        privilege=_privilege(kind, setting),
        flaws=tuple({flaw.code: flaw for flaw in reversed(found)}.values())[::-1],
        notes=tuple(_notes(kind, setting.name, value)),
        expires=jwt.claims(value).number("exp"),
    )


def _of_kind(kind: Kind, setting: Setting) -> Iterator[Flaw]:
    """What the row says of every key of a kind; a test mode's key opens nothing that matters."""
    if mode_of(kind, setting.value) != "test":
        for code in kind.flaws:
            yield Flaw(code=code, what=WORDS[code])
    if pem.unprotected(setting.value):
        yield Flaw(code="cred-unencrypted-key", what="no passphrase protects it")


def _wrong_mode(kind: Kind, setting: Setting) -> Iterator[Flaw]:
    mode = mode_of(kind, setting.value)
    if mode == "test" and setting.environment == "prod":
        yield Flaw(code="cred-wrong-mode", what="a key of the test mode in production")
    if mode == "live" and setting.environment in ("dev", "preview"):
        what = "a key of the live mode outside production"
        yield Flaw(code="cred-wrong-mode", what=what, lesser=kind.public)


def _name_against_value(kind: Kind, setting: Setting) -> Iterator[Flaw]:
    """A name that promises a public key, and a key behind it that opens everything."""
    secret = kind.id in ("supabase-secret", "supabase-service-role")
    if secret and _PUBLIC_NAME.search(setting.name.upper()):
        what = "by its name a public key, by its content one that steps over all row rules"
        yield Flaw(code="cred-over-privileged", what=what)


def _other_project(kind: Kind, setting: Setting, beside: Beside) -> Iterator[Flaw]:
    """A legacy key of Supabase names its project; so does the address beside it."""
    project = jwt.claims(setting.value.strip()).text("ref")
    if not project or not kind.id.startswith("supabase-"):
        return
    if beside.projects and project not in beside.projects:
        what = "the key belongs to another project than the address beside it"
        yield Flaw(code="cred-project-mismatch", what=what)


def _project_of(value: str) -> str:
    """The project of a Supabase address: https://ref.supabase.co."""
    if not value.startswith("https://"):
        return ""
    try:
        host = urlsplit(value.strip()).hostname or ""
    except ValueError:
        return ""
    found = _SUPABASE_URL.fullmatch(host)
    return found[1] if found else ""


def _of_address(kind: Kind, setting: Setting, beside: Beside) -> Iterator[Flaw]:
    held = address(setting.value) if kind.family == "database" else None
    if held is None:
        return
    asked = held.kind in POSTGRES and beside.asks_tls
    yield from flaws(setting.name, held, setting.environment, elsewhere_tls=asked)
    if held.pooled and not wants_direct(setting.name) and held.kind not in beside.direct:
        what = "a pooler's address, and no direct one is there for migrations"
        yield Flaw(code="db-pooler-for-migrations", what=what, sure=False)


def _privilege(kind: Kind, setting: Setting) -> Privilege:
    """A database beside the app matters only in production."""
    held = address(setting.value) if kind.privilege == "by-user" else None
    beside = held is not None and held.private and setting.environment != "prod"
    return "none" if beside else kind.privilege


def _notes(kind: Kind, name: str, value: str) -> Iterator[str]:
    weak = weakness(name, value, of_signing=True) if kind.id == SIGNS else None
    if weak:
        yield weak.what
    if kind.id == "private-key" and not pem.unprotected(value):
        yield "a passphrase protects it"
