"""What may be recorded: a refusal in words, or None."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from launchready_tui.given import RouteException
from launchready_tui.model import Item, Kind

WHY_LENGTH = 15
LONGEST_WAIVER = timedelta(days=180)
EVIDENCE_LENGTH = 3
LONGEST_ROUTE = 200


def check_attestation(
    item: Item, says: Literal["pass", "fail", "n/a"], evidence: str, by: str
) -> str | None:
    """A person answers what a person is asked; a pass rests on something that was seen."""
    if not by.strip():
        return "Who answers? Give a name."
    if item.kind is Kind.PROBE:
        return (
            f"{item.id} is decided by a check, not by an answer. Mend what it found and check"
            " again, or accept the risk by name."
        )
    if item.computed_from and not item.question:
        return f"{item.id} follows from {', '.join(item.computed_from)}: answer those."
    if says == "pass" and len(evidence.strip()) < EVIDENCE_LENGTH:
        wanted = item.evidence or "what you saw, where and when"
        return f"A pass rests on evidence. Wanted here: {wanted}"
    return None


def check_waiver(item: Item, why: str, until: date, today: date, by: str) -> str | None:
    """An accepted risk has a name, a reason and a day on which it comes back."""
    if not by.strip():
        return "Who accepts the risk? Give a name."
    if len(why.strip()) < WHY_LENGTH:
        return (
            f"Say why in at least {WHY_LENGTH} characters: whoever opens the guide later has only"
            " this reason."
        )
    if until < today:
        return f"{until} has passed. Give a day up to {today + LONGEST_WAIVER}."
    if until > today + LONGEST_WAIVER:
        return (
            f"{until} is more than {LONGEST_WAIVER.days} days away. The latest day for accepting"
            f" {item.id} is {today + LONGEST_WAIVER}."
        )
    return None


def check_exception(record: RouteException) -> str | None:
    """A route without a protection has a reason, and somebody who answers for it."""
    if not record.by.strip():
        return "Who writes this down? Give a name."
    whole = record.route.startswith(("/", "https://"))
    if not whole or len(record.route) > LONGEST_ROUTE or not record.route.isprintable():
        return (
            "A route is a path such as /webhooks/payments, or a full https address; a * at its"
            " end takes in what lies below."
        )
    if " " in record.route or "*" in record.route[:-1]:
        return f"{record.route}: a blank or a * inside is no part of a route. A * may end it."
    if not record.bypasses:
        return "Say what the route bypasses: cache, bot rules, rate limit or waf."
    if len(record.why.strip()) < WHY_LENGTH:
        return (
            f"Say why in at least {WHY_LENGTH} characters: whoever wants to remove the exception"
            " later has only this reason."
        )
    if not record.owner.strip():
        return "Who answers for this route? Name an owner."
    return None
