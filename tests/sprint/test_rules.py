"""What may be recorded is decided in one place and refused in words."""

from __future__ import annotations

from datetime import date

import pytest

from launchready_tui.catalogue import load
from launchready_tui.model import Item, Kind
from launchready_tui.sprint.rules import check_attestation, check_waiver

TODAY = date(2026, 11, 25)


def item(kind: Kind) -> Item:
    return next(i for i in load().items if i.kind is kind and i.question)


@pytest.mark.parametrize(
    ("why", "until", "by", "said"),
    [
        ("short", date(2026, 12, 1), "Ana", "15 characters"),
        ("a reason that is long enough", date(2026, 11, 1), "Ana", "has passed"),
        ("a reason that is long enough", date(2027, 11, 1), "Ana", "180 days"),
        ("a reason that is long enough", date(2026, 12, 1), " ", "name"),
    ],
)
def test_a_waiver_needs_a_name_a_reason_and_a_day(
    why: str, until: date, by: str, said: str
) -> None:
    refusal = check_waiver(item(Kind.ATTEST), why, until, TODAY, by)
    assert refusal is not None
    assert said in refusal


def test_a_good_waiver_is_accepted() -> None:
    assert check_waiver(item(Kind.ATTEST), "the host moves on Friday", TODAY, TODAY, "Ana") is None


def test_a_pass_needs_evidence_and_the_refusal_says_which() -> None:
    asked = item(Kind.ATTEST)
    refusal = check_attestation(asked, "pass", "  ", "Ana")
    assert refusal is not None
    assert asked.evidence in refusal
    assert check_attestation(asked, "fail", "", "Ana") is None


def test_nobody_answers_for_a_check() -> None:
    probe = next(i for i in load().items if i.kind is Kind.PROBE)
    assert "decided by a check" in (check_attestation(probe, "pass", "I know", "Ana") or "")
