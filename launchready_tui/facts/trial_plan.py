"""What a trial of a credential would send, and what it brings: the values that all ways share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from launchready_tui.credentials.aws import AwsKey
from launchready_tui.credentials.kinds import LiveCall
from launchready_tui.model import Level
from launchready_tui.network import Scope
from launchready_tui.network.hosts import BadHost, as_host
from launchready_tui.network.postgres import Encryption
from launchready_tui.network.talk import Ending
from launchready_tui.records.trial_record import Answer
from launchready_tui.secret import Secret

BODY = 65_536
Way = Literal["GET", "STS", "SQL", "REDIS", "SMTP"]


class CannotTry(Exception):
    """Why a value is not tried, in words for the person who wants to."""


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """What would leave for one credential. `sends` is shown before it does; `secret` never is."""

    kind: str
    way: Way
    host: str
    port: int
    sends: str
    secret: Secret
    call: LiveCall | None = None
    aws: AwsKey | None = None
    user: str = ""
    database: str = ""
    encryption: Encryption = "verified"

    @property
    def where(self) -> str:
        return f"{self.host} port {self.port}"

    @property
    def values(self) -> tuple[Secret, ...]:
        """Everything that must not be written down."""
        token = self.aws.token if self.aws else None
        return tuple(one for one in (self.secret, token) if one)

    def scope(self, by: str) -> Scope:
        """This one host. A provider's may not be private; a database's may, since it was named."""
        named = () if self.way in ("GET", "STS") else (self.host,)
        return Scope(hosts=(self.host,), level=Level.ACTIVE, by=by, named=named)


class Tried(Answer, frozen=True, kw_only=True):
    """What one trial brought. `code` is what the other side answered: "HTTP 401"."""

    code: str = ""


def named_host(host: str) -> str:
    """A host as it may be shown and asked; this computer's own name is in no DNS.

    Raises CannotTry.
    """
    try:
        name = as_host(host)
    except BadHost:
        raise CannotTry("what stands there as its host is none") from None
    return "127.0.0.1" if name == "localhost" else name


def at(plan: Plan, cause: str) -> str:
    """Where something went wrong, said once: what the network tells often begins with the host."""
    return cause if cause.startswith(plan.host) else f"{plan.host}: {cause}"


def not_in(plan: Plan, told: Ending) -> Tried:
    """A sign-in that came to no end that speaks of the password."""
    if told.outcome == "untrusted":
        detail = f"{at(plan, told.cause)}; give its provider's own authority with --ca"
        return Tried(result="unknown", detail=detail)
    return Tried(result="unknown", detail=at(plan, told.cause), code=told.code)


def signed_in(plan: Plan, told: Ending) -> str:
    """How we got in, in words."""
    if told.outcome == "open":
        return f"{plan.host} let us in without asking for the password"
    line = told.tls or "without encryption"
    trust = "" if told.verified or not told.tls else ", its certificate not trusted"
    return f"signed in at {plan.host} ({line}{trust})"
