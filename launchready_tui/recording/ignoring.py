"""Setting a hit of the secret scan aside: what somebody says of it, as a record or a refusal."""

from __future__ import annotations

from datetime import date, datetime

from launchready_tui.ranking import digest
from launchready_tui.records.ignore_record import IgnoredHit
from launchready_tui.secretscan.found import Leak, SecretScan
from launchready_tui.sprint.records import secret_in
from launchready_tui.sprint.rules import LONGEST_WAIVER, WHY_LENGTH


class CannotIgnore(Exception):
    """A refusal, in words that say what to do."""


def record_of(
    scan: SecretScan, place: str, *, reason: str, owner: str, by: str, expires: date, at: datetime
) -> IgnoredHit:
    """The record for the hit that stands at `place`, as a report of this scan shows it.

    Raises CannotIgnore for a place without a hit, a key of a live form, or too thin a reason.
    """
    leak = next((leak for leak in scan.leaks if leak.subject == place), None)
    if leak is None:
        raise CannotIgnore(
            f"The last check found nothing at {place}. Take a place as it shows one, such as"
            " src/app.ts:12; lines may have moved since: launchready check --only secrets.scan"
        )
    if leak.live:
        raise CannotIgnore(
            f"{place} holds {leak.what}, with the form of one that works: that cannot be set"
            " aside. Replace it at its provider, and take it out of the code."
        )
    alike = [one for one in scan.leaks if _kind(one) == _kind(leak) and not one.live]
    record = IgnoredHit(
        id=f"{leak.rule}-{digest(leak.rule, leak.path)[:8]}",
        rule=leak.rule,
        path=leak.path,
        places=len(alike),
        reason=reason.strip(),
        owner=owner.strip(),
        by=by,
        at=at,
        expires=expires,
    )
    if refused := _refusal(record, at.date()):
        raise CannotIgnore(refused)
    return record


def _kind(leak: Leak) -> tuple[str, str]:
    return leak.rule, leak.path


def _refusal(record: IgnoredHit, today: date) -> str | None:
    if len(record.reason) < WHY_LENGTH:
        return f"Say in at least {WHY_LENGTH} characters why this is no secret."
    if not record.owner:
        return "Who answers for this note? Name an owner."
    if refused := secret_in(record):
        return refused
    latest = today + LONGEST_WAIVER
    if not today <= record.expires <= latest:
        return f"The last day on which it counts lies between today and {latest}."
    return None
