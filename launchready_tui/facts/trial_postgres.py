"""Trying a PostgreSQL login: a sign-in as its address says, and what the role may do."""

from __future__ import annotations

from collections.abc import Mapping

from launchready_tui.credentials.address import Address
from launchready_tui.credentials.kinds import Kind
from launchready_tui.facts.trial_plan import CannotTry, Plan, Tried, named_host, not_in, signed_in
from launchready_tui.network import Network
from launchready_tui.network.postgres import QUESTION, DatabaseLogin, Encryption, Role, role_of
from launchready_tui.secret import Secret

SQL = f"{QUESTION};"
"""What a person may ask the database in our stead."""
_PLAIN = frozenset(["disable"])
_ANY = frozenset(["allow", "no-verify", "prefer", "require"])
_OVER: Mapping[Encryption, str] = {
    "verified": "over TLS with a certificate that is trusted",
    "encrypted": "over TLS, with any certificate as its sslmode says",
    "none": "without encryption as its address says, by SCRAM alone",
}


def plan_of_postgres(kind: Kind, held: Address) -> Plan:
    """Raises CannotTry."""
    if not (held.user and held.password):
        raise CannotTry("the address names no user and password")
    encryption = _encryption(held)
    return Plan(
        kind=kind.id,
        way="SQL",
        host=named_host(held.host),
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


async def attempt_postgres(net: Network, plan: Plan) -> Tried:
    """Sign in once, and ask."""
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
    if told.outcome not in ("works", "open"):
        return not_in(plan, told)
    role = told.role
    return Tried(
        result="works" if told.outcome == "works" else "open",
        detail=signed_in(plan, told),
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
