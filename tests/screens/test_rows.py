"""The order of a stage's rows: what to do next comes first."""

from __future__ import annotations

from datetime import UTC, datetime

from launchready_screens.detail import Detail, painted
from launchready_screens.rows import Row, of_stage
from launchready_screens.widgets.items import drawn
from launchready_screens.words import Word
from launchready_tui.catalogue import load
from launchready_tui.given import Target
from launchready_tui.model import Finding, Outcome, State
from launchready_tui.outcomes import failed, passed, unknown
from launchready_tui.verdict import judge

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
EXPIRED = Finding(code="cert-expired", subject="www.acme.test", observed="ended 3 Feb")
OLD = Finding(code="tls-old-version", subject="www.acme.test", observed="TLSv1")


def test_the_page_of_a_signal_says_what_trips_it() -> None:
    catalogue, target = load(), Target(domain="acme.test")
    found = Finding(code="env-same-secret", subject="API_KEY", observed="one value in two files")
    outcomes = {"env.separation": failed("one value in two files", (found,))}
    views = judge(catalogue, target, outcomes, {}, {}, NOW, seen_at=NOW).items
    signal = views["config.one-key-everywhere"]
    assert (signal.state, signal.risks) == (State.FAIL, ())
    told = painted(Detail(view=signal), 200, lambda text: text).plain
    assert catalogue.item("env.separation").fail in told


def test_a_line_of_a_file_keeps_its_end_and_a_host_its_beginning() -> None:
    word = Word("✗", "blocker", "")
    for note, shown in (
        ("0123456789:packages/app/.env.production:11", ".env.production:11"),
        ("board.of-a-long-name.harbour.acme.test and more", "board.of-a-long"),
    ):
        row = Row(id="a", word=word, title="A secret stands in a file", note=note)
        told = drawn(row, 66, lambda text: text).plain
        assert shown in told and "…" in told and len(told) <= 66


def rows(outcomes: dict[str, Outcome]) -> dict[str, str]:
    """The word of every row of stage 1, by id, in the order shown."""
    catalogue = load()
    verdict = judge(catalogue, Target(domain="acme.test"), outcomes, {}, {}, NOW, seen_at=NOW)
    views = [verdict.items[item.id] for item in catalogue.of_stage(1)]
    return {row.id: row.word.word for row in of_stage(views, ())}


def test_blockers_then_questions_then_unknown_then_faults_then_what_waits() -> None:
    shown = rows(
        {
            "tls.certificate": failed("expired", (EXPIRED,)),
            "tls.versions": failed("old", (OLD,)),
            "dns.ttl": unknown("SERVFAIL"),
            "dns.apex": passed("192.0.2.1"),
            "traffic.path": passed("acme.test → Render"),
        }
    )
    order = list(shown)
    places = [
        order.index(i)
        for i in (
            "tls.certificate",
            "traffic.path",
            "dns.ttl",
            "tls.versions",
            "audit.path-unknown",
        )
    ]
    assert places == sorted(places)
    assert shown["tls.certificate"] == "blocker"
    assert shown["traffic.path"] == "needs you"
    assert shown["audit.path-unknown"] == "waits"
    assert order[-1] == "dns.apex"
