"""A watched DNS change as text and as JSON: before and after, for each server that was asked."""

from __future__ import annotations

import msgspec

from launchready_tui.watch import Ended, Looked, as_wanted

_HOW = {
    "there": "every server that answers says it",
    "time": "the time was over first",
    "cancelled": "stopped",
    "failed": "it could not be watched",
}


def render_text(ended: Ended) -> str:
    """The proof that a person can read; kept as evidence in a sprint."""
    asked = ended.question
    wanted = f" until {', '.join(asked.until)}" if asked.until else ""
    first = {look.resolver: look for look in ended.before}
    lines = [
        f"{asked.rdtype} of {asked.name}{wanted}",
        f"watched from {ended.began:%Y-%m-%d %H:%M:%S} to {ended.at:%Y-%m-%d %H:%M:%S} UTC"
        f" with {ended.requests} questions; the end: {_HOW[ended.how]}",
    ]
    for look in ended.after:
        before = first.get(look.resolver)
        lines += [
            "",
            f"{look.resolver}{', the zone itself' if look.own else ''}",
            f"  before  {before.value if before else 'was not asked yet'}",
            f"  after   {look.value}",
        ]
        if look.cached_until and ended.how == "time" and not as_wanted(asked, look):
            lines.append(f"  cached there until {look.cached_until:%Y-%m-%d %H:%M:%S} UTC")
    return "\n".join([*lines, ""])


def render_json(ended: Ended) -> str:
    told = {
        "schema": 1,
        "name": ended.question.name,
        "type": ended.question.rdtype,
        "until": ended.question.until,
        "how": ended.how,
        "changed": ended.changed,
        "began": ended.began,
        "ended": ended.at,
        "questions": ended.requests,
        "before": list(map(_told, ended.before)),
        "after": list(map(_told, ended.after)),
        "cause": ended.cause,
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


def _told(look: Looked) -> dict[str, object]:
    return {
        "server": look.resolver,
        "zone": look.own,
        "at": look.at,
        "outcome": look.outcome,
        "records": look.records,
        "ttl": look.ttl,
        "cached_until": look.cached_until,
        "cause": look.cause,
    }
