"""A session's id changes at sign-in and dies at sign-out."""

from __future__ import annotations

from launchready_tui.engine import check
from launchready_tui.facts.login import LoginFlow
from launchready_tui.model import Confidence, Finding, Outcome, Seen
from launchready_tui.outcomes import judged


@check("access.session")
def session(flow: LoginFlow) -> Outcome:
    """By what the ids open, not by how they look: an old one beside a new one is no fault."""
    findings: list[Finding] = []
    if flow.old_id_inside == "yes":
        names = ", ".join(flow.before)
        findings.append(
            _fixed(flow, f"the ids from before the login ({names}) open {flow.private}")
        )
    elif flow.old_id_inside == "untold" and flow.kept and not _new(flow):
        names = ", ".join(flow.kept)
        findings.append(
            _fixed(flow, f"{names} keeps its value, and no other is set", Confidence.LIKELY)
        )
    if flow.ended_id_inside == "yes":
        findings.append(
            Finding(
                code="logout-ineffective",
                probe="login-flow",
                subject=flow.logout,
                observed=f"after signing out (answered {flow.logout_status}) the old session still"
                f" opens {flow.private}",
            )
        )
    untold = [] if flow.gaps else [
        why for told, why in ((flow.old_id_inside, "from before the login"),
                              (flow.ended_id_inside, "from before the sign-out"))
        if told == "untold"
    ]  # fmt: skip
    return judged(
        tuple(findings),
        clean="a new id at sign-in, and a dead one after sign-out",
        seen=_lines(flow),
        gaps=(*flow.gaps, *(f"what the id {why} opens was not answered" for why in untold)),
        proven=True,
    )


def _new(flow: LoginFlow) -> tuple[str, ...]:
    return tuple(name for name in flow.after if name not in flow.before)


def _fixed(flow: LoginFlow, seen: str, sure: Confidence = Confidence.CONFIRMED) -> Finding:
    return Finding(
        code="session-fixation",
        probe="login-flow",
        subject=flow.login,
        observed=seen,
        confidence=sure,
    )


def _lines(flow: LoginFlow) -> tuple[Seen, ...]:
    return (
        Seen(label="signed in at", value=flow.login, source=f"POST, as {flow.by}"),
        Seen(label="cookies before", value=", ".join(flow.before) or "none"),
        Seen(label="cookies set by it", value=", ".join(flow.after) or "none"),
        Seen(label="signed out at", value=flow.logout or "no way was found"),
    )
