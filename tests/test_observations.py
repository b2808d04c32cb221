"""What a probe found is not gone because nobody allowed the probe again."""

from __future__ import annotations

from launchready_tui.given import Permits
from launchready_tui.model import Finding, Outcome, State
from launchready_tui.observations import with_probed
from launchready_tui.outcomes import failed, not_applicable, passed, unknown

PROBED = Finding(
    code="open-redirect", subject="/login", observed="leads away", probe="open-redirect"
)
PLAIN = Finding(code="no-auth", subject="/api", observed="answers data")
KNOWN = failed("2 faults", (PROBED, PLAIN))
ALLOWED = Permits(probes=("open-redirect",), by="Ana")


def codes(outcome: Outcome) -> list[str]:
    return [finding.code for finding in outcome.findings]


def test_a_passive_look_keeps_what_only_the_probe_had_shown() -> None:
    seen = with_probed(passed("closed", proven=True), KNOWN, Permits())
    assert (seen.state, codes(seen), seen.proven) == (State.FAIL, ["open-redirect"], False)
    assert "allow open-redirect" in seen.seen[-1].value
    again = with_probed(passed("closed"), seen, Permits())
    assert (codes(again), len(again.seen)) == (["open-redirect"], 1)


def test_what_a_plain_look_showed_is_gone_when_the_next_one_does_not() -> None:
    assert "no-auth" not in codes(with_probed(passed("closed"), KNOWN, Permits()))


def test_an_allowed_probe_that_finds_nothing_clears_it() -> None:
    assert with_probed(passed("closed"), KNOWN, ALLOWED) == passed("closed")


def test_a_new_finding_stands_beside_it_and_the_same_one_is_told_once() -> None:
    assert codes(with_probed(failed("1 fault", (PLAIN,)), KNOWN, Permits())) == [
        "no-auth",
        "open-redirect",
    ]
    found = failed("1 fault", (PROBED,))
    assert with_probed(found, KNOWN, Permits()) == found


def test_unknown_does_not_hide_it_and_what_does_not_apply_any_more_does() -> None:
    assert with_probed(unknown("a time-out"), KNOWN, Permits()).state is State.FAIL
    gone = not_applicable("no login any more")
    assert with_probed(gone, KNOWN, Permits()) == gone
