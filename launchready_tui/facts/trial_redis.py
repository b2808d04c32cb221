"""Trying a Redis login: whether a password is asked for, a sign-in, and what the user may do."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.credentials.address import Address
from launchready_tui.credentials.kinds import Kind
from launchready_tui.facts.trial_plan import Plan, Tried, named_host, not_in, signed_in
from launchready_tui.network import Network
from launchready_tui.network.redis import RedisLogin, Rights
from launchready_tui.secret import Secret

REDIS = frozenset(["redis", "rediss", "valkey", "valkeys"])
_ENCRYPTED = frozenset(["rediss", "valkeys"])
_HERE = frozenset(["127.0.0.1", "::1"])
_ASKS = "one read-only question about its own user"


def plan_of_redis(kind: Kind, held: Address) -> Plan:
    """A password leaves over trusted TLS, or stays on this computer. Raises CannotTry."""
    host = named_host(held.host)
    encrypted, here = held.scheme in _ENCRYPTED, host in _HERE
    secret = Secret(held.password)
    if not held.password:
        sends = "a question whether it wants a password, since its address has none"
    elif encrypted:
        sends = f"a sign-in over TLS with a certificate that is trusted, and {_ASKS}"
    elif here:
        sends = f"a sign-in without encryption, which stays on this computer, and {_ASKS}"
    else:
        sends = (
            "a question whether it wants a password; the password is not sent, since its address"
            " asks for no encryption (rediss:// would)"
        )
        secret = Secret("")
    return Plan(
        kind=kind.id,
        way="REDIS",
        host=host,
        port=held.port or 6379,
        sends=sends,
        secret=secret,
        user=held.user,
        encryption="verified" if encrypted else "none",
    )


async def attempt_redis(net: Network, plan: Plan) -> Tried:
    """Sign in once, and ask."""
    login = RedisLogin(
        user=plan.user,
        password=plan.secret or None,
        encryption="verified" if plan.encryption == "verified" else "none",
    )
    told = await net.sign_in_redis(plan.host, plan.port, login)
    if told.outcome == "refused":
        return Tried(result="refused", detail=f"{told.code} from {plan.host}", code=told.code)
    if told.outcome not in ("works", "open"):
        return not_in(plan, told)
    rights = told.rights
    untold = f"; {told.untold}" if told.untold else ""
    return Tried(
        result="works" if told.outcome == "works" else "open",
        detail=signed_in(plan, told) + untold,
        code="signed in",
        role_seen=rights is not None,
        powers=tuple(_powers(rights)) if rights else (),
    )


def _powers(rights: Rights) -> Iterator[str]:
    if not rights.wide:
        return
    if rights.default_user:
        yield "its user is the one called default"
    reach = " on every key (~*)" if rights.every_key else ""
    yield f"it may use {' '.join(rights.wide)}{reach}"
