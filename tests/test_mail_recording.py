"""What runs and people record of mail, as the next run judges it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.mail_world import STS, mail
from cases.report_world import OWN, STRANGER, two_weeks
from cases.world import NOW
from launchready_tui.engine import Run
from launchready_tui.mail.dmarc_reading import ReadReports
from launchready_tui.mailauth.mta_sts import Offered
from launchready_tui.model import Fact, Level
from launchready_tui.recheck import Answered
from launchready_tui.recording.base import SessionError
from launchready_tui.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = Session.create(tmp_path / "acme", domain="acme.test", by="Ana", level=Level.PASSIVE)
    yield made
    made.close()


def judged(session: Session, item: str, facts: tuple[Fact, ...]) -> list[str]:
    """The codes that a run with these facts finds; nothing leaves."""
    saved = {type(fact).__name__: fact for fact in facts}
    session.recheck([item], saved=saved).wait(60)
    return [finding.code for finding in session.outcomes[item].findings]


def looked(session: Session, facts: tuple[Fact, ...]) -> None:
    """A run has gathered these facts."""
    run = Run(outcomes={}, facts={type(fact).__name__: fact for fact in facts})
    assert session.seen.keep(Answered(run=run, requests=(), counts={}, at=NOW)) == ""


def test_a_policy_that_is_edited_between_two_runs_is_flagged_until_its_id_changes(
    session: Session,
) -> None:
    edited = mail(offered=Offered(text=STS.replace("604800", "1209600")))
    for seen, found in ((mail(), []), (edited, ["mta-sts-stale"]), (edited, ["mta-sts-stale"])):
        assert judged(session, "mail.transport", seen) == found
        looked(session, seen)
    assert judged(session, "mail.transport", mail()) == []


def test_a_stranger_in_the_reports_is_asked_about_until_somebody_says_whose_it_is(
    session: Session,
) -> None:
    read = ReadReports(kept=two_weeks(OWN, STRANGER).reports)
    assert session.keep_reports(read) == "14 kept"
    assert session.keep_reports(read) == "0 kept, 14 on record already"
    assert judged(session, "mail.dmarc", mail()) == []
    assert "say whose it is" in session.outcomes["mail.dmarc"].cause
    with pytest.raises(SessionError, match="No report names"):
        session.say_sender("203.0.113.0/24", "ours", by="Ana")
    session.say_sender("198.51.100.0/24", "not ours", by="Ana")
    assert judged(session, "mail.dmarc", mail()) == []
    assert session.outcomes["mail.dmarc"].cause == ""
    session.say_sender("198.51.100.0/24", "ours", who="the printer", by="Ana")
    assert judged(session, "mail.dmarc", mail()) == ["dmarc-own-sender-fails"]
