"""How a check words its outcome: passed, failed, not applicable, unknown, or judged over many."""

from __future__ import annotations

from launchready_tui.model import Finding, Outcome, Seen, State


def passed(summary: str, seen: tuple[Seen, ...] = (), *, proven: bool = False) -> Outcome:
    """`proven`: of an assisted item, the machine saw all of it and nobody has to confirm."""
    return Outcome(state=State.PASS, summary=summary, seen=seen, proven=proven)


def failed(summary: str, findings: tuple[Finding, ...], seen: tuple[Seen, ...] = ()) -> Outcome:
    return Outcome(state=State.FAIL, summary=summary, findings=findings, seen=seen)


def not_applicable(summary: str, seen: tuple[Seen, ...] = ()) -> Outcome:
    return Outcome(state=State.NOT_APPLICABLE, summary=summary, seen=seen)


def unknown(cause: str, seen: tuple[Seen, ...] = ()) -> Outcome:
    return Outcome(state=State.UNKNOWN, summary="could not be checked", seen=seen, cause=cause)


def judged(
    findings: tuple[Finding, ...],
    *,
    clean: str,
    dirty: str = "",
    seen: tuple[Seen, ...] = (),
    gaps: tuple[str, ...] = (),
    proven: bool = False,
) -> Outcome:
    """The usual verdict of a check over many subjects.

    Findings fail it. Without findings a gap (a subject that could not be looked at) keeps it
    unknown: what was not seen is never green. `dirty` defaults to a count of the findings.
    """
    if findings:
        count = len(findings)
        summary = dirty or f"{count} fault{'s' if count > 1 else ''}"
        return Outcome(
            state=State.FAIL, summary=summary, findings=findings, seen=seen, cause=_told_once(gaps)
        )
    if gaps:
        return unknown(_told_once(gaps), seen)
    return passed(clean, seen, proven=proven)


def _told_once(gaps: tuple[str, ...]) -> str:
    """A cause that befell many subjects is told in full once, then by their names."""
    alike: dict[str, list[str]] = {}
    for gap in gaps:
        subject, _, cause = gap.partition(": ")
        alike.setdefault(cause.replace(subject, "") or gap, []).append(gap)
    told = []
    for first, *more in alike.values():
        names = ", ".join(gap.partition(": ")[0] for gap in more)
        told.append(f"{first}; the same for {names}" if names else first)
    return "; ".join(told)
