"""The reports of a check: what machines may rely on, and what a person can read."""

from __future__ import annotations

import json as plain_json
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from guide_sprint import AT, make_state
from launchready_tui.commands.gate import exit_code
from launchready_tui.exports import json, junit, text
from launchready_tui.exports.report import Baseline, Report, report
from launchready_tui.model import Severity, State
from launchready_tui.text import spelt_json
from launchready_tui.verdict import ItemView

HOSTILE = "\x1b]0;PWNED\x07 \u202e <b>&amp; ]]> \" ' \x00 \ufffe\uffff \n# x"


def make_report(word: str = "seen", **more: object) -> Report:
    state = make_state(word)
    return report(  # type: ignore[arg-type]
        state.verdict,
        state.target,
        **{"version": "0.1.0", "at": AT, "requests": {"GET/passive": 3, "DNS/passive": 9}, **more},
    )


def views(word: str = "seen") -> list[ItemView]:
    return list(make_state(word).verdict.items.values())


def test_the_json_report_has_the_promised_keys() -> None:
    told = plain_json.loads(json.render(make_report()))
    assert list(told) == [
        "schema",
        "version",
        "at",
        "target",
        "verdict",
        "headline",
        "coverage",
        "bars",
        "items",
        "findings",
        "requests",
    ]
    assert told["schema"] == 1
    assert told["verdict"] == "NO-GO"
    assert told["at"] == "2026-03-02T09:30:00Z"
    assert list(told["items"][0]) == [
        "id",
        "stage",
        "kind",
        "state",
        "severity",
        "summary",
        "cause",
    ]
    assert {
        "code",
        "item",
        "severity",
        "impact",
        "subject",
        "observed",
        "fix",
        "confidence",
        "rank",
        "fingerprint",
    } <= set(told["findings"][0])
    assert told["requests"] == {"DNS/passive": 9, "GET/passive": 3}


def test_the_same_verdict_gives_the_same_bytes_but_for_the_timestamp() -> None:
    later = AT.replace(year=2027)
    first, second = json.render(make_report()), json.render(make_report(at=later))
    differing = [
        (a, b) for a, b in zip(first.splitlines(), second.splitlines(), strict=True) if a != b
    ]
    assert len(differing) == 1
    assert '"at"' in differing[0][0]


def test_a_report_names_the_folder_of_the_code_and_not_the_home_above_it() -> None:
    assert make_report().target.repo == "acme"


def test_an_accepted_finding_is_listed_with_its_day() -> None:
    waived = {f.code: f.waived for f in make_report().findings}
    assert waived == {"tls-expired": "", "framework-old": "2026-06-01"}


def test_a_baseline_tells_new_from_known() -> None:
    known = json.baseline(json.render(make_report()).encode())
    again = make_report(baseline=known, new_only=True)
    assert [f.code for f in again.findings] == []
    assert [item.id for item in again.items] == []
    fewer = Baseline(fingerprints=frozenset(), failing=known.failing)
    assert [f.code for f in make_report(baseline=fewer, new_only=True).findings] == [
        "tls-expired",
        "framework-old",
    ]


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"schema":2,"items":[],"findings":[]}', b"\xff", b"[" * 5_000]
)
def test_what_is_no_report_is_no_baseline(content: bytes) -> None:
    with pytest.raises(json.NotAReport):
        json.baseline(content)


def test_narrowing_the_list_leaves_the_verdict_of_the_whole() -> None:
    whole, narrow = make_report(), make_report(items={"dns.apex"})
    assert [item.id for item in narrow.items] == ["dns.apex"]
    assert narrow.headline == whole.headline
    assert narrow.findings == ()


@pytest.mark.parametrize(
    ("fail_on", "allow_unknown", "code"),
    [
        (Severity.BLOCKER, False, 1),
        (Severity.BLOCKER, True, 1),
        (Severity.INFO, True, 1),
    ],
)
def test_a_failing_blocker_ends_with_one(fail_on: Severity, allow_unknown: bool, code: int) -> None:
    assert exit_code(views(), fail_on=fail_on, allow_unknown=allow_unknown) == code


def test_a_blocker_that_is_not_known_ends_with_three_unless_allowed() -> None:
    open_views = [view for view in views() if view.state is not State.FAIL]
    assert exit_code(open_views, fail_on=Severity.MEDIUM, allow_unknown=False) == 3
    assert exit_code(open_views, fail_on=Severity.MEDIUM, allow_unknown=True) == 0


def test_a_failure_below_the_line_is_told_but_does_not_fail() -> None:
    low = [replace(v, severity=Severity.LOW) for v in views() if v.state is State.FAIL]
    assert exit_code(low, fail_on=Severity.MEDIUM, allow_unknown=False) == 0
    assert exit_code(low, fail_on=Severity.LOW, allow_unknown=False) == 1


def test_an_accepted_risk_is_met() -> None:
    accepted = [view for view in views() if view.state is State.WAIVED]
    assert accepted
    assert exit_code(accepted, fail_on=Severity.INFO, allow_unknown=False) == 0


def test_what_the_baseline_held_does_not_fail_again() -> None:
    known = json.baseline(json.render(make_report()).encode())
    failing = [view for view in views() if view.state is State.FAIL]
    assert exit_code(failing, fail_on=Severity.INFO, allow_unknown=True, baseline=known) == 0


def test_a_fault_that_cannot_be_accepted_is_never_an_old_friend() -> None:
    known = json.baseline(json.render(make_report()).encode())
    stubborn = []
    for view in views():
        if view.state is State.FAIL:
            faults = tuple(replace(fault, waivable=False) for fault in view.item.faults)
            stubborn.append(replace(view, item=replace(view.item, faults=faults)))
    assert exit_code(stubborn, fail_on=Severity.INFO, allow_unknown=True, baseline=known) == 1


def test_the_text_says_the_verdict_first_then_what_stops_the_launch() -> None:
    state = make_state("seen")
    told = text.render(state.verdict, state.target, at=AT, requests=12)
    assert told.startswith("NO-GO: 1 blocker · ")
    order = ["NO-GO", "BLOCKERS", "NEEDS YOU", "COULD NOT BE CHECKED", "ACCEPTED RISKS", "Passed"]
    assert sorted(order, key=told.index) == order
    assert max(map(len, told.splitlines())) <= 80


@given(st.text())
def test_no_stranger_can_steer_the_terminal_through_a_report(word: str) -> None:
    state = make_state(word)
    told = text.render(state.verdict, state.target, at=AT, requests=1)
    assert not set(told) & {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u202e"} - {"\n"}
    assert max(map(len, told.splitlines())) <= 80


@given(st.text())
def test_a_json_report_on_a_terminal_steers_nothing_and_loses_nothing(word: str) -> None:
    told = json.render(make_report(word))
    unsafe = {
        *map(chr, range(0x20)),
        *map(chr, range(0x7F, 0xA0)),
        "\u202e",
        "\u2066",
        "\U000e0041",
    }
    assert not set(told) & unsafe - {"\n"}
    assert plain_json.loads(told) == plain_json.loads(msgspec.json.encode(make_report(word)))


@pytest.mark.parametrize("word", ["\x9b31m", "\u202e", "\U000e0041"])
def test_what_would_steer_is_spelt_in_json(word: str) -> None:
    assert word not in json.render(make_report(f"a{word}b"))
    assert plain_json.loads(spelt_json(f'"{word}"')) == word


@pytest.mark.parametrize("word", ["seen", HOSTILE])
def test_junit_counts_what_it_holds_and_never_shows_the_unknown_green(word: str) -> None:
    root = ElementTree.fromstring(junit.render(make_report(word)))
    cases = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    assert cases == {
        "tls.certificate": ["failure"],
        "dns.apex": [],
        "dns.ttl": ["error"],
        "repo.framework": ["skipped"],
        "logs.review": ["error"],
        "deploy.rollback-notes": [],
        "access.accounts": ["error"],
        "data.restore": ["error"],
    }
    counts = ("tests", "failures", "errors", "skipped")
    assert [root.get(name) for name in counts] == ["8", "1", "4", "1"]
    for name in counts:
        assert sum(int(s.get(name, "")) for s in root.iter("testsuite")) == int(root.get(name, ""))
