"""How well a run of checks did on the lab: pure arithmetic over what was found and what is true."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.demo.truth import LookAlike, Planted, Truth, place
from launchready_tui.model import Record


class Found(Record, frozen=True, kw_only=True):
    """What a check reported: a fault code at a subject."""

    code: str
    subject: str
    item: str = ""


class Score(Record, frozen=True, kw_only=True):
    """Planted faults found and missed, innocents flagged, and what nobody had planted."""

    found: tuple[Planted, ...]
    missed: tuple[Planted, ...]
    flagged: tuple[LookAlike, ...]
    unexpected: tuple[Found, ...]

    @property
    def clean(self) -> bool:
        return not (self.missed or self.flagged or self.unexpected)


def score(found: Iterable[Found], truth: Truth) -> Score:
    """Compare findings with the truth, by code and subject."""
    reported = {(finding.code, place(finding.subject)): finding for finding in found}
    planted = {(fault.code, fault.subject) for fault in truth.planted}
    innocent = {(alike.code, alike.subject) for alike in truth.lookalike}
    return Score(
        found=tuple(p for p in truth.planted if (p.code, p.subject) in reported),
        missed=tuple(p for p in truth.planted if (p.code, p.subject) not in reported),
        flagged=tuple(a for a in truth.lookalike if (a.code, a.subject) in reported),
        unexpected=tuple(
            finding
            for key, finding in sorted(reported.items())
            if key not in planted and key not in innocent and finding.code not in truth.people
        ),
    )


def table(result: Score, truth: Truth) -> str:
    """The score as lines of text, and the sum as the last one."""
    missed = set(result.missed)
    width = max((len(p.code) for p in truth.planted), default=0)
    lines = [
        f"  {'missed' if p in missed else 'found '}  {p.code:<{width}}  {p.subject}"
        for p in truth.planted
    ]
    lines += [
        f"  wrong   {a.code:<{width}}  {a.subject}  (innocent: {a.why})" for a in result.flagged
    ]
    lines += [f"  strange {f.code:<{width}}  {f.subject}" for f in result.unexpected]
    total = (
        f"{len(truth.planted)} planted · {len(result.found)} found · {len(result.missed)} missed · "
        f"{len(result.flagged)} of {len(truth.lookalike)} look-alikes flagged"
    )
    if result.unexpected:
        total += f" · {len(result.unexpected)} found that nobody planted"
    return "\n".join([*lines, total])
