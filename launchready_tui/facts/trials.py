"""Trying a credential where it opens something: one harmless request, only when a person says so.

First a plan, which says where it goes and what is sent; then the trial, whose outcome is put into
our own words. The value is in memory alone, and nothing that comes back is kept as it came.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui.credentials.address import POSTGRES, Address, address
from launchready_tui.credentials.answer import understand
from launchready_tui.credentials.kinds import VALUE, Kind, LiveCall, kind_of
from launchready_tui.credentials.parts import databases
from launchready_tui.model import Level
from launchready_tui.network import Network, Scope
from launchready_tui.network.hosts import BadHost, as_host
from launchready_tui.network.postgres import QUESTION, DatabaseLogin, Encryption, Role, role_of
from launchready_tui.network.smtp_send import Submitted
from launchready_tui.secret import Secret
from launchready_tui.trial_record import Answer

BODY = 65_536
SQL = f"{QUESTION};"
"""What a person may ask the database in our stead."""
_PLAIN = frozenset(["disable"])
_ANY = frozenset(["allow", "no-verify", "prefer", "require"])
_OVER: Mapping[Encryption, str] = {
    "verified": "over TLS with a certificate that is trusted",
    "encrypted": "over TLS, with any certificate as its sslmode says",
    "none": "without encryption as its address says, by SCRAM alone",
}
_SMTP = re.compile(r"smtps?(?:\+\w+)?")
_SIGN_IN_TLS = {"smtp": 587, "smtps": 465}
_CANNOT = "this kind of credential has no harmless call: try it in the app, and read its log"


class CannotTry(Exception):
    """Why a value is not tried, in words for the person who wants to."""


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """What would leave for one credential. `sends` is shown before it does; `secret` never is."""

    kind: str
    way: Literal["GET", "SQL", "SMTP"]
    host: str
    port: int
    sends: str
    secret: Secret
    call: LiveCall | None = None
    user: str = ""
    database: str = ""
    encryption: Encryption = "verified"

    @property
    def where(self) -> str:
        return f"{self.host} port {self.port}"

    def scope(self, by: str) -> Scope:
        """This one host. A provider's may not be private; a database's may, since it was named."""
        named = () if self.way == "GET" else (self.host,)
        return Scope(hosts=(self.host,), level=Level.ACTIVE, by=by, named=named)


@dataclass(frozen=True, slots=True, repr=False)
class _Given:
    name: str
    value: str


class Tried(Answer, frozen=True, kw_only=True):
    """What one trial brought. `code` is what the other side answered: "HTTP 401"."""

    code: str = ""


# ---------------------------------------------------------------- what would be sent


def plan_of(name: str, value: str, beside: Mapping[str, str]) -> Plan:
    """The plan for a setting's value, with the other settings of its environment.

    Raises CannotTry, in words that hold nothing of the value.
    """
    value = value.strip()
    kind = kind_of(name, value)
    if kind is None and (whole := _in_parts(name, value, beside)):
        value, kind = whole, kind_of(name, whole)
    if kind is None:
        raise CannotTry("its kind is not known by its name or shape, so there is no call for it")
    if kind.never_called:
        raise CannotTry(f"it is {kind.title}, and it is never called: {kind.never_called}")
    if kind.call is not None:
        return _get(kind, kind.call, value)
    held = address(value) if "://" in value else None
    if kind.family == "database" and held is not None and held.kind in POSTGRES:
        return _database(kind, held)
    if held is not None and _SMTP.fullmatch(held.scheme):
        port = held.port or _SIGN_IN_TLS.get(held.scheme.partition("+")[0], 587)
        return _mail(kind, held.host, port, held.user, held.password)
    if kind.id == "smtp-password":
        return _mail(kind, *_around(name, beside), value)
    raise CannotTry(f"it is {kind.title}: {_CANNOT}")


def _get(kind: Kind, call: LiveCall, value: str) -> Plan:
    if not value.isascii() or not value.isprintable() or " " in value:
        raise CannotTry("it holds what no header may hold, so no provider ever gave it out")
    header = next(h for h in call.headers if VALUE in h).partition(":")[0]
    return Plan(
        kind=kind.id,
        way="GET",
        host=call.host,
        port=443,
        sends=f"one GET of {call.path} with the key in its header {header}; follows no redirect",
        secret=Secret(value),
        call=call,
    )


def _database(kind: Kind, held: Address) -> Plan:
    if not (held.user and held.password):
        raise CannotTry("the address names no user and password")
    encryption = _encryption(held)
    return Plan(
        kind=kind.id,
        way="SQL",
        host=_named(held.host),
        port=held.port or 5432,
        sends=f"a sign-in {_OVER[encryption]}, and one read-only question about its own role",
        secret=Secret(held.password),
        user=held.user,
        database=held.database or held.user,
        encryption=encryption,
    )


def _encryption(held: Address) -> Encryption:
    """As its sslmode says; without one, TLS that is trusted, but for a server on this computer."""
    modes = {key: value.lower() for key, value in held.params}
    mode = modes.get("sslmode") or modes.get("ssl-mode") or ""
    if mode in _PLAIN or (not mode and held.own_machine):
        return "none"
    return "encrypted" if mode in _ANY else "verified"


def _mail(kind: Kind, host: str, port: int, user: str, password: str) -> Plan:
    if not (host and user and password):
        raise CannotTry("a mail login needs the server's host and the user name beside it")
    return Plan(
        kind=kind.id,
        way="SMTP",
        host=_named(host),
        port=port,
        sends="a sign-in over trusted TLS; no mail is sent",
        secret=Secret(password),
        user=user,
    )


def _named(host: str) -> str:
    """A host as it may be shown and asked; this computer's own name is in no DNS."""
    try:
        name = as_host(host)
    except BadHost:
        raise CannotTry("what stands there as its host is none") from None
    return "127.0.0.1" if name == "localhost" else name


def _around(name: str, beside: Mapping[str, str]) -> tuple[str, int, str]:
    """Host, port and user of the settings that begin as a password's name does."""
    stem = re.sub(r"_?(?:PASSWORD|PASSWD|PASS|PWD)$", "", name.upper())
    known = {key.upper(): value.strip() for key, value in beside.items()}

    def first(*endings: str) -> str:
        return next((known[f"{stem}_{e}"] for e in endings if known.get(f"{stem}_{e}")), "")

    port = first("PORT")
    user = first("USER", "USERNAME", "LOGIN")
    return first("HOST", "SERVER"), int(port) if re.fullmatch(r"\d{1,5}", port) else 587, user


def _in_parts(name: str, value: str, beside: Mapping[str, str]) -> str:
    """The address of the database whose password this is, from the settings around it."""
    given = {**beside, name: value}
    found = databases(_Given(name, value) for name, value in given.items())
    return next((one.address for one in found if one.password and one.password.name == name), "")


# ---------------------------------------------------------------- trying


async def attempt(net: Network, plan: Plan) -> Tried:
    """Send what the plan says, once."""
    if plan.way == "SQL":
        return await _signed_in(net, plan)
    if plan.way == "SMTP":
        login = (Secret(plan.user), plan.secret)
        return _of_mail(plan, await net.submit(plan.host, plan.port, None, login))
    return await _asked(net, plan)


async def _asked(net: Network, plan: Plan) -> Tried:
    assert plan.call is not None
    value = plan.secret.reveal()
    pairs = (header.partition(":") for header in plan.call.headers)
    told = await net.fetch(
        f"https://{plan.host}{plan.call.path}",
        follow=False,
        headers={name.strip(): text.strip().replace(VALUE, value) for name, _, text in pairs},
        body_limit=BODY,
        level=Level.ACTIVE,
    )
    hop = told.last
    if hop.outcome != "ok":
        return Tried(result="unknown", detail=f"no answer from {plan.host}: {hop.cause}")
    code = f"HTTP {hop.status}"
    meant = understand(plan.call, hop.status, hop.header, told.body, plan.secret)
    if meant.means == "unknown":
        detail = f"{code} from {plan.host}, which says nothing of the key"
        return Tried(result="unknown", detail=detail, code=code)
    more = f", {meant.scopes} scopes" if meant.scopes else ""
    return Tried(
        result=meant.means,
        detail=f"{code} from {plan.host}{more}",
        code=code,
        narrow=meant.narrow or meant.means == "restricted",
        too_wide=meant.too_wide,
        expires=meant.expires,
    )


async def _signed_in(net: Network, plan: Plan) -> Tried:
    login = DatabaseLogin(
        user=plan.user,
        password=plan.secret,
        database=plan.database,
        encryption=plan.encryption,
    )
    told = await net.sign_in(plan.host, plan.port, login)
    if told.outcome == "refused":
        code = f"SQLSTATE {told.code}"
        return Tried(result="refused", detail=f"{code} from {plan.host}", code=code)
    if told.outcome == "untrusted":
        detail = f"{plan.host}: {told.cause}; give its provider's own authority with --ca"
        return Tried(result="unknown", detail=detail)
    if told.outcome not in ("works", "open"):
        return Tried(result="unknown", detail=f"{plan.host}: {told.cause}", code=told.code)
    line = told.tls or "without encryption"
    trust = "" if told.verified or not told.tls else ", its certificate not trusted"
    detail = f"signed in at {plan.host} ({line}{trust})"
    if told.outcome == "open":
        detail = f"{plan.host} let us in without asking for the password"
    role = told.role
    return Tried(
        result="works" if told.outcome == "works" else "open",
        detail=detail,
        code="signed in",
        role_seen=role is not None,
        powers=tuple(_powers(role)) if role else (),
        changes=tuple(_changes(role)) if role else (),
    )


def of_answer(text: str) -> Tried | None:
    """What a person's own question (`SQL`) brought, as psql prints it; None for anything else."""
    rows = (tuple(cell.strip() for cell in line.split("|")) for line in text.splitlines()[:200])
    role = next((found for cells in rows if (found := role_of(cells))), None)
    if role is None:
        return None
    return Tried(
        result="works",
        detail=f"PostgreSQL {role.server or 'of some version'} told a person",
        code="by hand",
        role_seen=True,
        powers=tuple(_powers(role)),
        changes=tuple(_changes(role)),
    )


def _powers(role: Role) -> list[str]:
    told = {
        "is a superuser": role.superuser,
        "may create users": role.creates_roles,
        "steps over row level security": role.bypasses_rls,
        "may copy the whole server (replication)": role.replicates,
    }
    found = [words for words, held in told.items() if held]
    return found if role.superuser else found + [f"is a member of {one}" for one in role.member_of]


def _changes(role: Role) -> list[str]:
    owned = f"owns {role.owned_tables} table{'s' if role.owned_tables != 1 else ''}"
    told = {
        "may create databases": role.creates_databases,
        "may create tables": role.creates_in_public,
        owned: role.owned_tables > 0,
    }
    return [words for words, held in told.items() if held]


def _of_mail(plan: Plan, told: Submitted) -> Tried:
    """A refusal speaks of the login only where the server says so (RFC 4954: 535)."""
    if told.outcome == "accepted":
        return Tried(result="works", detail=f"signed in at {plan.host} ({told.tls})", code="235")
    number = told.reply[:3] if re.match(r"[2-5]\d\d", told.reply) else ""
    if told.outcome == "refused" and told.step == "the login" and number == "535":
        return Tried(result="refused", detail=f"SMTP 535 from {plan.host}", code="SMTP 535")
    cause = f"it answered {number} to {told.step}" if number else told.cause
    return Tried(result="unknown", detail=f"{plan.host}: {cause}", code=number)
