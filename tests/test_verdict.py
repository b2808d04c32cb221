"""Policy, held by examples: states after people, the order of risks, GO and NO-GO."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from launchready_tui.catalogue import Catalogue
from launchready_tui.given import Target
from launchready_tui.model import (
    Attestation,
    Bar,
    Confidence,
    Effort,
    Exposure,
    Fault,
    Finding,
    Impact,
    Item,
    Kind,
    Outcome,
    Severity,
    Stage,
    State,
    Waiver,
)
from launchready_tui.outcomes import failed, not_applicable, passed, unknown
from launchready_tui.verdict import Verdict, judge, subject_hash

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TARGET = Target(domain="acme.test")
SEVERITIES = {5: Severity.BLOCKER, 4: Severity.HIGH, 3: Severity.MEDIUM, 2: Severity.LOW}
SEVERITIES[1] = Severity.INFO


def item(name: str = "tls.certificate", **changes: object) -> Item:
    fault = Fault(
        code="cert-expired",
        title="The certificate has expired",
        severity=Severity.BLOCKER,
        impact=Impact.DOWNTIME,
        why="Browsers stop.",
        fix=("Renew it for {subject}.",),
        fix_at={"render": ("In Render, renew {subject}.",)},
    )
    plain = Item(
        id=name,
        stage=1,
        kind=Kind.PROBE,
        roadmap=("S1.1",),
        title="TLS is valid",
        fail="TLS is broken",
        why="Visitors leave.",
        severity=Severity.BLOCKER,
        impact=Impact.DOWNTIME,
        who="the host's owner",
        fix=("Mend it.",),
        faults=(fault,),
    )
    return replace(plain, **changes)


def catalogue(*items: Item) -> Catalogue:
    stage = Stage(
        number=1,
        id="audit",
        title="Audit",
        short="Audit",
        goal="See.",
        hours=4,
        deliverable="",
        signals=(),
    )
    bar = Bar(id="B3", title="TLS is valid everywhere", why="Else nobody comes in.")
    return Catalogue(stages=(stage,), items=items, bars=(bar,), automations=(), not_now=())


EXPIRED = Finding(code="cert-expired", subject="www.acme.test", observed="ended 3 Feb")


def verdict(
    *items: Item,
    outcomes: dict[str, Outcome] | None = None,
    attestations: dict[str, Attestation] | None = None,
    waivers: dict[str, Waiver] | None = None,
    now: datetime = NOW,
    platform: str = "",
) -> Verdict:
    return judge(
        catalogue(*items),
        TARGET,
        outcomes or {},
        attestations or {},
        waivers or {},
        now,
        seen_at=NOW,
        platform=platform,
    )


def waiver(covers: tuple[str, ...], until: date = date(2026, 12, 24)) -> Waiver:
    return Waiver(
        item="tls.certificate",
        by="Ana",
        at=NOW,
        why="the old host goes away on Friday",
        until=until,
        covers=covers,
    )


def answer(asked: Item, says: str = "pass", at: datetime = NOW) -> Attestation:
    return Attestation(
        item=asked.id,
        by="Ana",
        at=at,
        says=says,
        subject=subject_hash(asked, TARGET),  # type: ignore[arg-type]
    )


def test_everything_passed_is_go() -> None:
    result = verdict(item(), outcomes={"tls.certificate": passed("all good")})
    assert result.word == "GO"
    assert result.headline == "GO: 1 checked · 0 need you"


def test_a_confirmed_blocker_is_no_go() -> None:
    result = verdict(item(), outcomes={"tls.certificate": failed("expired", (EXPIRED,))})
    assert result.headline.startswith("NO-GO: 1 blocker · 1 checked")


@pytest.mark.parametrize(
    "outcome",
    [
        None,
        unknown("SERVFAIL from 192.0.2.53"),
        Outcome(state=State.ERROR, summary="our bug", cause="KeyError"),
    ],
    ids=["never run", "unknown", "error"],
)
def test_unknown_among_blockers_is_never_go(outcome: Outcome | None) -> None:
    result = verdict(item(), outcomes={"tls.certificate": outcome} if outcome else {})
    assert result.word == "NOT YET KNOWN"
    assert result.bars["B3"] is not State.PASS


def test_what_is_likely_but_not_confirmed_does_not_block() -> None:
    likely = replace(EXPIRED, confidence=Confidence.LIKELY)
    result = verdict(item(), outcomes={"tls.certificate": failed("maybe", (likely,))})
    assert result.risks[0].severity is Severity.HIGH
    assert result.blockers == 0


def test_a_broken_bar_is_no_go_without_any_blocker() -> None:
    medium = replace(EXPIRED, severity=Severity.MEDIUM)
    barred = item(roadmap=("B3",))
    result = verdict(barred, outcomes={"tls.certificate": failed("soon", (medium,))})
    assert result.bars["B3"] is State.FAIL
    assert result.headline.startswith("NO-GO: the minimum bar is not met")


def test_a_remark_does_not_break_a_bar() -> None:
    low = replace(EXPIRED, severity=Severity.LOW)
    result = verdict(item(roadmap=("B3",)), outcomes={"tls.certificate": failed("remark", (low,))})
    assert result.bars["B3"] is State.PASS
    assert result.word == "GO"


def test_a_waiver_covers_what_it_names_until_its_day() -> None:
    outcomes = {"tls.certificate": failed("expired", (EXPIRED,))}
    open_risk = verdict(item(), outcomes=outcomes).risks[0]
    accepted = {"tls.certificate": waiver((open_risk.fingerprint,))}
    result = verdict(item(), outcomes=outcomes, waivers=accepted)
    assert result.word == "GO WITH 1 ACCEPTED RISK"
    assert result.risks[0].waived is not None
    later = verdict(item(), outcomes=outcomes, waivers=accepted, now=NOW + timedelta(days=30))
    assert later.word == "NO-GO"
    assert later.unused_waivers == ("tls.certificate",)


def test_a_new_finding_is_not_hidden_by_an_old_waiver() -> None:
    first = {"tls.certificate": failed("expired", (EXPIRED,))}
    covers = (verdict(item(), outcomes=first).risks[0].fingerprint,)
    both = failed("expired", (EXPIRED, replace(EXPIRED, subject="app.acme.test")))
    result = verdict(
        item(), outcomes={"tls.certificate": both}, waivers={"tls.certificate": waiver(covers)}
    )
    assert result.word == "NO-GO"
    assert [bool(risk.waived) for risk in result.risks] == [False, True]


def test_a_committed_secret_stays_open_whatever_is_waived() -> None:
    plain = item()
    strict = replace(plain, faults=(replace(plain.faults[0], waivable=False),))
    outcomes = {"tls.certificate": failed("expired", (EXPIRED,))}
    covers = (verdict(strict, outcomes=outcomes).risks[0].fingerprint,)
    result = verdict(strict, outcomes=outcomes, waivers={"tls.certificate": waiver(covers)})
    assert result.word == "NO-GO"


@pytest.mark.parametrize(
    "changes",
    [
        {"until": date(2099, 1, 1)},
        {"until": date(2099, 1, 1), "at": datetime(2098, 12, 1, tzinfo=UTC)},
        {"by": " "},
        {"why": ""},
    ],
)
def test_a_waiver_written_by_hand_against_the_rules_hides_nothing(
    changes: dict[str, object],
) -> None:
    outcomes = {"tls.certificate": failed("expired", (EXPIRED,))}
    covers = (verdict(item(), outcomes=outcomes).risks[0].fingerprint,)
    bent = replace(waiver(covers), **changes)
    result = verdict(item(), outcomes=outcomes, waivers={"tls.certificate": bent})
    assert result.word == "NO-GO"
    assert result.unused_waivers == ("tls.certificate",)


def test_a_waiver_that_covers_nothing_accepts_nothing() -> None:
    """A record may hold findings that this version's checklists no longer declare."""
    strange = failed("expired", (replace(EXPIRED, code="code-of-another-version"),))
    for outcome in (strange, replace(strange, findings=())):
        result = verdict(
            item(),
            outcomes={"tls.certificate": outcome},
            waivers={"tls.certificate": waiver(())},
        )
        assert result.items["tls.certificate"].state is State.FAIL
        assert result.blockers == 1
        assert result.word == "NO-GO"


@pytest.mark.parametrize(("changes", "why"), [({"by": " "}, "name"), ({"subject": ""}, "evidence")])
def test_an_answer_written_by_hand_against_the_rules_is_asked_again(
    changes: dict[str, object], why: str
) -> None:
    asked = item(kind=Kind.ATTEST, question="Was it tested?", evidence="the log line")
    bent = replace(answer(asked), **changes)
    view = verdict(asked, attestations={asked.id: bent}).items[asked.id]
    assert (view.state, why in view.cause) == (State.TODO, True)


def test_what_is_dated_in_the_future_counts_for_nothing() -> None:
    """By hand, or because the clock was set back: neither may keep an answer fresh for ever."""
    asked = item(kind=Kind.ATTEST, question="Was it tested?", evidence="the log line")
    ahead = {asked.id: answer(asked, at=NOW + timedelta(days=40))}
    view = verdict(asked, attestations=ahead).items[asked.id]
    assert view.state is State.TODO
    assert "still to come" in view.cause
    back = NOW - timedelta(days=40)
    for outcome in (passed("all good"), not_applicable("not here")):
        seen = verdict(item(), outcomes={"tls.certificate": outcome}, now=back)
        assert seen.items["tls.certificate"].state is State.UNKNOWN
        assert seen.word == "NOT YET KNOWN"


def test_a_person_cannot_attest_over_a_probe() -> None:
    asked = item()
    result = verdict(
        asked,
        outcomes={"tls.certificate": failed("expired", (EXPIRED,))},
        attestations={"tls.certificate": answer(asked)},
    )
    assert result.items["tls.certificate"].state is State.FAIL


def test_a_question_is_open_until_somebody_answers_it() -> None:
    asked = item(kind=Kind.ATTEST, question="Was it tested?", evidence="the log line")
    assert verdict(asked).items[asked.id].state is State.TODO
    said = {asked.id: answer(asked)}
    assert verdict(asked, attestations=said).items[asked.id].state is State.PASS
    refused = {asked.id: answer(asked, "fail")}
    result = verdict(asked, attestations=refused)
    assert result.items[asked.id].state is State.FAIL
    assert result.risks[0].title == "TLS is broken"


def test_an_edited_question_or_an_old_answer_is_asked_again() -> None:
    asked = item(kind=Kind.ATTEST, question="Was it tested?", evidence="the log line")
    edited = replace(asked, question="Was it tested in production?")
    said = {asked.id: answer(asked)}
    assert "changed" in verdict(edited, attestations=said).items[asked.id].cause
    old = verdict(asked, attestations=said, now=NOW + timedelta(days=31))
    assert old.items[asked.id].state is State.TODO
    assert "31 days ago" in old.items[asked.id].cause


def test_an_assisted_item_waits_for_the_person_who_confirms_it() -> None:
    asked = item(kind=Kind.ASSISTED, question="Is this right?", evidence="your word")
    proposal = {asked.id: passed("acme.test → Render")}
    assert verdict(asked, outcomes=proposal).items[asked.id].state is State.TODO
    confirmed = verdict(asked, outcomes=proposal, attestations={asked.id: answer(asked)})
    assert confirmed.items[asked.id].state is State.PASS


def test_a_fault_that_asks_waits_for_an_answer_and_is_settled_by_it() -> None:
    asking = replace(item().faults[0], code="rights-unknown", severity=Severity.LOW, asks=True)
    asked = item(
        kind=Kind.ASSISTED,
        question="What may it do?",
        evidence="its scopes",
        faults=(*item().faults, asking),
    )
    signal = item("audit.signal", kind=Kind.SIGNAL, computed_from=(asked.id,), faults=())
    question = replace(EXPIRED, code="rights-unknown")
    alone = {asked.id: failed("who knows", (question,))}
    open_ = verdict(asked, signal, outcomes=alone)
    assert open_.items[asked.id].state is State.TODO
    assert open_.items[asked.id].summary == "who knows"
    assert open_.items["audit.signal"].state is State.UNKNOWN
    assert not open_.risks
    for says, state in (("pass", State.PASS), ("fail", State.FAIL)):
        told = verdict(asked, outcomes=alone, attestations={asked.id: answer(asked, says)})
        assert told.items[asked.id].state is state
    assert [risk.title for risk in told.risks] == [asked.fail]
    beside = {asked.id: failed("two", (question, EXPIRED))}
    both = verdict(asked, outcomes=beside, attestations={asked.id: answer(asked)})
    assert both.items[asked.id].state is State.FAIL
    assert [risk.code for risk in both.risks] == ["cert-expired", "rights-unknown"]


def test_a_signal_trips_with_its_items_and_is_quiet_only_when_all_are_settled() -> None:
    signal = item("audit.signal", kind=Kind.SIGNAL, computed_from=("tls.certificate",), faults=())
    tripped = verdict(signal, item(), outcomes={"tls.certificate": failed("expired", (EXPIRED,))})
    assert tripped.items["audit.signal"].state is State.FAIL
    assert len(tripped.risks) == 1
    waiting = verdict(signal, item())
    assert waiting.items["audit.signal"].state is State.UNKNOWN
    quiet = verdict(signal, item(), outcomes={"tls.certificate": not_applicable("no TLS")})
    assert quiet.items["audit.signal"].state is State.PASS


def test_a_signal_trips_with_the_faults_it_names_and_no_others() -> None:
    signal = item(
        "audit.signal",
        kind=Kind.SIGNAL,
        computed_from=("tls.certificate",),
        tripped_by=(EXPIRED.code,),
        faults=(),
    )
    other = replace(EXPIRED, code="cert-expiring")
    for found, state in ((EXPIRED, State.FAIL), (other, State.PASS)):
        outcome = failed("a fault", (found,))
        result = verdict(signal, item(), outcomes={"tls.certificate": outcome})
        assert result.items["audit.signal"].state is state


def test_a_signal_trips_when_a_person_says_that_its_item_fails() -> None:
    asked = item(kind=Kind.ASSISTED, question="Is it so?", evidence="your word")
    signal = item(
        "audit.signal",
        kind=Kind.SIGNAL,
        computed_from=(asked.id,),
        tripped_by=(EXPIRED.code,),
        faults=(),
    )
    said = {asked.id: answer(asked, "fail")}
    for seen in ({}, {asked.id: passed("nothing seen")}):
        result = verdict(asked, signal, outcomes=seen, attestations=said)
        assert result.items["audit.signal"].state is State.FAIL


def test_an_observation_grows_old() -> None:
    outcomes = {"tls.certificate": passed("all good")}
    result = verdict(item(), outcomes=outcomes, now=NOW + timedelta(days=40))
    assert result.items["tls.certificate"].state is State.UNKNOWN


def test_the_fix_is_worded_for_the_detected_host() -> None:
    outcomes = {"tls.certificate": failed("expired", (EXPIRED,))}
    assert verdict(item(), outcomes=outcomes).risks[0].fix == ("Renew it for www.acme.test.",)
    at_render = verdict(item(), outcomes=outcomes, platform="render")
    assert at_render.risks[0].fix == ("In Render, renew www.acme.test.",)


WORKED = [
    ("service-key", Impact.DATA, 5, "confirmed", "anonymous", "minutes", 100.0),
    ("rls-off", Impact.DATA, 5, "confirmed", "anonymous", "hours", 100.0),
    ("redirect-loop", Impact.DOWNTIME, 5, "confirmed", "anonymous", "minutes", 90.0),
    ("reset-link", Impact.LOGIN, 5, "confirmed", "anonymous", "minutes", 80.0),
    ("open-signup", Impact.DATA, 4, "confirmed", "anonymous", "minutes", 71.6),
    ("certificate", Impact.DOWNTIME, 4, "confirmed", "anonymous", "minutes", 64.4),
    ("newline", Impact.LOGIN, 4, "confirmed", "anonymous", "minutes", 57.2),
    ("no-pooler", Impact.DOWNTIME, 4, "likely", "anonymous", "hours", 45.1),
    ("two-spf", Impact.EMAIL, 4, "confirmed", "anonymous", "minutes", 42.9),
    ("source-map", Impact.DATA, 2, "confirmed", "anonymous", "minutes", 25.3),
    ("routes-without-auth", Impact.DATA, 4, "review", "anonymous", "hours", 25.0),
    ("no-backup", Impact.DOWNTIME, 4, "likely", "insider", "hours", 22.5),
    ("dmarc", Impact.EMAIL, 2, "confirmed", "anonymous", "minutes", 15.2),
    ("no-csp", Impact.DATA, 1, "confirmed", "anonymous", "hours", 8.9),
    ("time-zone", Impact.OPERATIONS, 2, "review", "insider", "hours", 1.8),
]


def test_places_of_a_fault_stand_in_the_order_in_which_one_reads_them() -> None:
    places = ["src/a.ts:2", "src/a.ts:11", "src/b.ts:1"]
    found = tuple(replace(EXPIRED, subject=place) for place in sorted(places))
    result = verdict(item(), outcomes={"tls.certificate": failed("much", found)})
    assert [risk.subject for risk in result.risks] == places


def test_the_worked_example_ranks_in_its_order_with_its_scores() -> None:
    faults = tuple(
        Fault(
            code=code,
            title=code,
            severity=SEVERITIES[damage],
            impact=impact,
            why="",
            fix=("Mend it.",),
            effort=Effort(effort),
            exposure=Exposure(exposure),
        )
        for code, impact, damage, _, exposure, effort, _ in reversed(WORKED)
    )
    findings = tuple(
        Finding(code=code, subject="x", observed="", confidence=Confidence(confidence))
        for code, _, _, confidence, *_ in reversed(WORKED)
    )
    result = verdict(item(faults=faults), outcomes={"tls.certificate": failed("much", findings)})
    assert [(r.code, r.score) for r in result.risks] == [(w[0], w[-1]) for w in WORKED]
    assert result.risks[2].arithmetic.endswith("= 90.0")


def test_a_signal_that_waits_for_answers_is_not_counted_as_unchecked() -> None:
    asked = item("logs.review", kind=Kind.ATTEST, question="Was it?", evidence="the log")
    signal = item("audit.signal", kind=Kind.SIGNAL, computed_from=("logs.review",), faults=())
    result = verdict(signal, asked)
    assert result.items["audit.signal"].waits
    assert (result.coverage.needs_you, result.coverage.waiting) == (1, 1)
    assert result.coverage.unknown == 0
    machine = item("audit.other", kind=Kind.SIGNAL, computed_from=("tls.certificate",), faults=())
    assert verdict(machine, item()).coverage.unknown == 2
