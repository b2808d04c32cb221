"""Trying a key of AWS: one signed question about whose it is, which every key may ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from launchready_tui.credentials.aws import QUERY, AwsKey, NoKey, identity_of, key_of
from launchready_tui.credentials.sigv4 import Signer, query_of, signed_get
from launchready_tui.facts.trial_plan import BODY, CannotTry, Plan, Tried
from launchready_tui.model import Level
from launchready_tui.network import Network


def plan_of_aws(name: str, value: str, beside: Mapping[str, str]) -> Plan:
    """The plan for a key, of which a setting holds at least one part. Raises CannotTry."""
    try:
        key = key_of(name, value, beside)
    except NoKey as error:
        raise CannotTry(str(error)) from None
    return Plan(
        kind=key.kind,
        way="STS",
        host=key.host,
        port=443,
        sends=f"one GET that asks whose key it is (GetCallerIdentity), {_signed(key)}",
        secret=key.secret,
        aws=key,
    )


def _signed(key: AwsKey) -> str:
    held = "its id and session token" if key.token else "its id"
    told = f"with {held}, and signed with its secret, which does not leave; follows no redirect"
    if key.region:
        return told
    return f"{told}. No AWS_REGION is set, so an account of China or GovCloud is not found there"


async def attempt_aws(net: Network, plan: Plan) -> Tried:
    """Ask once. Whose key it is says nothing of what else it may do, but for the root user's."""
    key = plan.aws
    assert key is not None
    signer = Signer(key.id, key.secret, key.signs_for, "sts", key.token)
    told = await net.fetch(
        f"https://{plan.host}/?{query_of(QUERY)}",
        follow=False,
        headers=signed_get(signer, plan.host, QUERY, datetime.now(UTC)),
        body_limit=BODY,
        level=Level.ACTIVE,
    )
    hop = told.last
    if hop.outcome != "ok":
        return Tried(result="unknown", detail=f"no answer from {plan.host}: {hop.cause}")
    status = f"HTTP {hop.status}"
    said = identity_of(hop.status, told.body)
    if said.means == "unknown":
        detail = f"{status} from {plan.host}, {said.cause}"
        return Tried(result="unknown", detail=detail, code=status)
    if said.means == "refused":
        # Its status is 403, which says of other providers' keys only that they may not do this.
        detail = f"{said.code} from {plan.host}"
        return Tried(result="refused", detail=detail, code=said.code)
    whose = f"it is the key of {said.whose}"
    return Tried(
        result="works",
        detail=f"{status} from {plan.host}" + ("" if said.root else f": {whose}"),
        code=status,
        powers=(whose,) if said.root else (),
    )
