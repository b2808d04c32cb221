"""A sprint opened: what people record is on disk, counted in the verdict, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from launchready_tui.badfile import BadFile
from launchready_tui.domain import BadInput
from launchready_tui.model import Kind, Level, State
from launchready_tui.outcomes import passed
from launchready_tui.session import Session, SessionError
from launchready_tui.sprint.records import SavedRun


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = Session.create(
        tmp_path / "acme",
        domain="acme.test",
        by="Ana Ruiz",
        level=Level.PASSIVE,
        urls=("https://preview.acme.test/",),
    )
    yield opened
    opened.close()


def a_question(session: Session) -> str:
    return next(
        view.item.id
        for view in session.verdict.items.values()
        if view.item.kind is Kind.ATTEST and view.state is State.TODO
    )


def test_a_new_sprint_knows_nothing_and_says_so(session: Session) -> None:
    assert session.verdict.word == "NOT YET KNOWN"
    assert session.verdict.coverage.checked == 0
    assert session.scope.hosts == ("acme.test", "preview.acme.test")


def test_an_answer_counts_at_once_and_after_reopening(session: Session, tmp_path: Path) -> None:
    asked = a_question(session)
    session.attest(asked, "pass", evidence="screenshot of the log at 14:02")
    assert session.verdict.items[asked].state is State.PASS
    session.close()
    again = Session.open(tmp_path / "acme")
    assert again.verdict.items[asked].state is State.PASS
    again.close()


def test_undo_takes_an_answer_back_and_says_what_it_was(session: Session) -> None:
    asked = a_question(session)
    session.attest(asked, "pass", evidence="screenshot of the log at 14:02")
    told = session.undo()
    assert told is not None
    assert asked in told
    assert session.verdict.items[asked].state is State.TODO


def test_a_pass_without_evidence_is_refused(session: Session) -> None:
    with pytest.raises(SessionError, match="evidence"):
        session.attest(a_question(session), "pass")


def test_what_is_not_open_cannot_be_accepted(session: Session) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    with pytest.raises(SessionError, match="no open fault"):
        session.waive(a_question(session), why="we know and we live with it", until=tomorrow)


def test_a_risk_that_was_answered_with_fail_can_be_accepted(session: Session) -> None:
    asked = a_question(session)
    session.attest(asked, "fail", note="nobody has looked")
    soon = datetime.now(UTC).date() + timedelta(days=20)
    session.waive(asked, why="the client looks into it on Monday", until=soon)
    assert session.verdict.items[asked].state is State.WAIVED


def test_a_second_window_only_reads(session: Session, tmp_path: Path) -> None:
    second = Session.open(tmp_path / "acme")
    assert second.read_only
    with pytest.raises(SessionError, match="only reads"):
        second.note("", "hello")
    second.close()


def test_evidence_is_redacted_before_it_is_kept(session: Session, tmp_path: Path) -> None:
    secret = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dcAbCd"
    session.attest(a_question(session), "pass", evidence=f"the key was {secret}, now dead")
    session.note("", f"see {secret}")
    for path in (tmp_path / "acme").rglob("*"):
        assert not path.is_file() or secret not in path.read_text("utf-8", "replace"), path


def test_a_run_says_nothing_about_another_domain(session: Session, tmp_path: Path) -> None:
    """Whoever edits the domain in launchready.toml must not inherit what the old one passed."""
    run = SavedRun(
        at=datetime.now(UTC),
        version="1",
        domain="acme.test",
        outcomes={"tls.certificate": passed("valid at 3 hosts")},
    )
    session.store.write_run(run)
    session.close()
    again = Session.open(tmp_path / "acme")
    assert again.verdict.items["tls.certificate"].state is State.PASS
    again.close()
    file = tmp_path / "acme" / "launchready.toml"
    file.write_text(file.read_text().replace('"acme.test"', '"other.test"'))
    other = Session.open(tmp_path / "acme")
    assert other.target.domain == "other.test"
    assert other.verdict.items["tls.certificate"].state is State.UNKNOWN
    assert other.seen_at is None
    assert other.store.last_run() is None
    other.close()


def test_nobody_is_asked_for_an_unknown_item_without_a_suggestion(session: Session) -> None:
    with pytest.raises(Exception, match="Did you mean"):
        session.attest(a_question(session)[:-1], "pass", evidence="x" * 20)


def test_without_a_name_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Give your name"):
        Session.create(tmp_path / "acme", domain="acme.test", by=" ", level=Level.PASSIVE)
    assert not (tmp_path / "acme").exists()


def test_a_trait_that_nothing_asks_for_is_refused_with_what_was_meant(
    session: Session, tmp_path: Path
) -> None:
    session.close()
    path = tmp_path / "acme" / "launchready.toml"
    path.write_text(path.read_text() + "send_email = true\n")
    with pytest.raises(BadFile, match="Did you mean sends_email"):
        Session.open(tmp_path / "acme")
    path.write_text(path.read_text().replace("send_email", "sends_email"))
    again = Session.open(tmp_path / "acme")
    assert not again.read_only
    again.close()
