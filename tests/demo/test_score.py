"""The score of a run is arithmetic over what was found and what is true."""

from __future__ import annotations

from launchready_tui.demo.score import Found, score, table
from launchready_tui.demo.truth import LookAlike, Planted, Truth, read_truth

TRUTH = Truth(
    planted=(
        Planted(code="cert-expiring", subject="api.x.test", item="tls.certificate", what="…"),
        Planted(code="dns-name-missing", subject="admin.x.test", item="dns.names", what="…"),
    ),
    lookalike=(LookAlike(code="cert-expiring", subject="app.x.test", why="40 % left"),),
)
BOTH = (
    Found(code="cert-expiring", subject="api.x.test"),
    Found(code="dns-name-missing", subject="admin.x.test"),
)


def test_finding_all_that_is_planted_and_nothing_else_is_clean() -> None:
    result = score(BOTH, TRUTH)
    assert result.clean
    assert len(result.found) == 2
    assert table(result, TRUTH).endswith(
        "2 planted · 2 found · 0 missed · 0 of 1 look-alikes flagged"
    )


def test_the_right_code_at_the_wrong_place_is_missed_and_strange() -> None:
    result = score([BOTH[0], Found(code="dns-name-missing", subject="www.x.test")], TRUTH)
    assert [fault.subject for fault in result.missed] == ["admin.x.test"]
    assert [finding.subject for finding in result.unexpected] == ["www.x.test"]
    assert not result.clean
    assert "missed  dns-name-missing" in table(result, TRUTH)


def test_an_innocent_that_is_flagged_is_named_with_its_reason() -> None:
    result = score([*BOTH, Found(code="cert-expiring", subject="app.x.test")], TRUTH)
    assert not result.clean
    assert not result.unexpected
    assert "40 % left" in table(result, TRUTH)


def test_finding_nothing_is_not_clean() -> None:
    assert not score([], TRUTH).clean


def test_nothing_is_both_planted_and_innocent() -> None:
    truth = read_truth()
    planted = {(fault.code, fault.subject) for fault in truth.planted}
    innocent = {(alike.code, alike.subject) for alike in truth.lookalike}
    assert len(planted) == len(truth.planted) >= 14
    assert len(innocent) == len(truth.lookalike) >= 7
    assert not planted & innocent


def test_what_a_machine_cannot_show_is_left_out_of_the_truth() -> None:
    truth = read_truth()
    assert len(truth.where(("git", "load", "mails", "tls1.0")).planted) == len(truth.planted)
    assert {fault.needs for fault in truth.where(()).planted} == {""}
