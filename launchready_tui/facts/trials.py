"""Trying a credential where it opens something: one harmless request, only when a person says so.

First a plan, which says where it goes and what is sent; then the trial, whose outcome is put into
our own words. The value is in memory alone, and nothing that comes back is kept as it came.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from launchready_tui.credentials import aws
from launchready_tui.credentials.address import POSTGRES, address
from launchready_tui.credentials.answer import understand
from launchready_tui.credentials.kinds import VALUE, Kind, LiveCall, kind_of
from launchready_tui.credentials.parts import databases
from launchready_tui.facts.trial_aws import attempt_aws, plan_of_aws
from launchready_tui.facts.trial_plan import BODY, CannotTry, Plan, Tried, at, named_host
from launchready_tui.facts.trial_postgres import attempt_postgres, plan_of_postgres
from launchready_tui.facts.trial_redis import REDIS, attempt_redis, plan_of_redis
from launchready_tui.model import Level
from launchready_tui.network import Network
from launchready_tui.network.smtp_send import Submitted
from launchready_tui.secret import Secret

_SMTP = re.compile(r"smtps?(?:\+\w+)?")
_SIGN_IN_TLS = {"smtp": 587, "smtps": 465}
_CANNOT = "this kind of credential has no harmless call: try it in the app, and read its log"


@dataclass(frozen=True, slots=True, repr=False)
class _Given:
    name: str
    value: str


# ---------------------------------------------------------------- what would be sent


def plan_of(name: str, value: str, beside: Mapping[str, str]) -> Plan:
    """The plan for a setting's value, with the other settings of its environment.

    Raises CannotTry, in words that hold nothing of the value.
    """
    value = value.strip()
    kind = kind_of(name, value)
    if aws.is_whole(value) or (kind is not None and kind.id in aws.KINDS):
        return plan_of_aws(name, value, beside)
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
        return plan_of_postgres(kind, held)
    if kind.family == "database" and held is not None and held.kind in REDIS:
        return plan_of_redis(kind, held)
    if held is not None and _SMTP.fullmatch(held.scheme):
        port = held.port or _SIGN_IN_TLS.get(held.scheme.partition("+")[0], 587)
        return _mail(kind, held.host, port, held.user, held.password)
    if kind.id == "smtp-password":
        return _mail(kind, *_around(name, beside), value)
    if kind.by_hand:
        raise CannotTry(
            f"it is {kind.title}, and no sign-in to one is built here. Sign in as the app's own"
            f" user and ask it yourself: {kind.by_hand} Then write down what it may do: launchready"
            f" env set {name} --least-privilege '…'"
        )
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


def _mail(kind: Kind, host: str, port: int, user: str, password: str) -> Plan:
    if not (host and user and password):
        raise CannotTry("a mail login needs the server's host and the user name beside it")
    return Plan(
        kind=kind.id,
        way="SMTP",
        host=named_host(host),
        port=port,
        sends="a sign-in over trusted TLS; no mail is sent",
        secret=Secret(password),
        user=user,
    )


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
    return await _ATTEMPTS[plan.way](net, plan)


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


async def _mailed(net: Network, plan: Plan) -> Tried:
    login = (Secret(plan.user), plan.secret)
    return _of_mail(plan, await net.submit(plan.host, plan.port, None, login))


def _of_mail(plan: Plan, told: Submitted) -> Tried:
    """A refusal speaks of the login only where the server says so (RFC 4954: 535)."""
    if told.outcome == "accepted":
        return Tried(result="works", detail=f"signed in at {plan.host} ({told.tls})", code="235")
    number = told.reply[:3] if re.match(r"[2-5]\d\d", told.reply) else ""
    if told.outcome == "refused" and told.step == "the login" and number == "535":
        return Tried(result="refused", detail=f"SMTP 535 from {plan.host}", code="SMTP 535")
    cause = f"it answered {number} to {told.step}" if number else told.cause
    return Tried(result="unknown", detail=at(plan, cause), code=number)


_ATTEMPTS = {
    "GET": _asked,
    "REDIS": attempt_redis,
    "SMTP": _mailed,
    "SQL": attempt_postgres,
    "STS": attempt_aws,
}
