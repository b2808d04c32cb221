"""The mail page's values: what came last decides, and each part of a sender is judged by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import pytest
from msgspec.structs import replace

from cases.proof_world import mail, proof
from cases.report_world import OWN, two_weeks
from cases.world import NOW
from launchready_tui.given import MailProof, MailSent, ProvenMails, Target
from launchready_tui.mail.mail_view import MailView, view_of
from launchready_tui.records.dmarc_record import DmarcReports

TARGET = Target(domain="acme.test", client="Acme")
ARRIVED = replace(proof(mail()), at=NOW)
HOUR = timedelta(hours=1)


def view(*proofs: MailProof, sent: tuple[MailSent, ...] = (), target: Target = TARGET) -> MailView:
    return view_of(target, {}, ProvenMails(proofs=proofs, sendings=sent), DmarcReports(), NOW)


def sending(at: datetime, outcome: Literal["sent", "refused", "unknown"] = "sent") -> MailSent:
    return MailSent(
        kind="invite", at=at, by="Ana", way="from here", via="smtp.esp.test:587",
        outcome=outcome, cause="it said no", fix="mend it",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("proofs", "sent", "mark", "stands"),
    [
        ((), (), "●", "not sent"),
        ((), (sending(NOW),), "●", "sent from here, 2026-03-01"),
        ((), (sending(NOW, "refused"),), "✗", "refused by smtp.esp.test:587, 2026-03-01"),
        ((), (sending(NOW, "unknown"),), "?", "not known"),
        ((ARRIVED,), (sending(NOW - HOUR),), "✓", "arrived in inbox"),
        ((ARRIVED,), (sending(NOW + HOUR),), "●", "sent from here"),
        ((replace(ARRIVED, folder="spam"),), (), "✗", "arrived in spam"),
        ((replace(ARRIVED, at=NOW - 15 * 24 * HOUR),), (), "?", "arrived in inbox"),
        ((replace(ARRIVED, aligned=False),), (), "?", "arrived in inbox"),
        ((MailProof(kind="invite", at=NOW, by="Ana", bounce="no such mailbox"),), (), "✗",
         "bounced, 2026-03-01: no such mailbox"),
    ],
)  # fmt: skip
def test_what_came_last_decides_how_far_a_kind_is(
    proofs: tuple[MailProof, ...], sent: tuple[MailSent, ...], mark: str, stands: str
) -> None:
    step = view(*proofs, sent=sent).steps[0]
    assert (step.mark, step.stands.startswith(stands)) == (mark, True), step.stands
    assert step.next


def cells(one: MailProof, target: Target = TARGET) -> dict[str, tuple[str, str]]:
    return {r.label: (r.cells[0].mark, r.cells[0].word) for r in view(one, target=target).rows}


def test_a_sender_of_the_domain_is_right_in_every_part() -> None:
    assert {mark for mark, _ in cells(ARRIVED).values()} == {"✓"}


@pytest.mark.parametrize(
    ("change", "label", "word"),
    [
        ({"name": ""}, "Name", "no name"),
        ({"from_domain": "other.test"}, "From", "another domain"),
        ({"from_domain": "notacme.test"}, "From", "another domain"),
        ({"return_path_domain": "bounces.esp.test"}, "Return-Path", "the service's: SPF not yours"),
        ({"spf": "fail"}, "Return-Path", "SPF fails"),
        ({"dkim": ()}, "Signed by", "no signature"),
        ({"dkim": (replace(ARRIVED.dkim[0], domain="esp.test"),)}, "Signed by", "not your domain"),
        ({"dkim": (replace(ARRIVED.dkim[0], result="fail"),)}, "Signed by", "fail"),
    ],
)
def test_what_does_not_fit_the_domain_is_marked(
    change: dict[str, object], label: str, word: str
) -> None:
    assert cells(replace(ARRIVED, **change))[label] == ("✗", word)


def test_what_is_not_known_is_never_right() -> None:
    assert cells(replace(ARRIVED, spf=""))["Return-Path"] == ("?", "SPF not told")
    assert {mark for row in view().rows for mark in (c.mark for c in row.cells)} == {"?"}


def test_answers_have_to_go_where_the_launch_file_says() -> None:
    told = replace(TARGET, mail=replace(TARGET.mail, reply_to=("help@acme.test",)))
    assert cells(ARRIVED, told)["Reply-To"] == ("✗", "not as told")
    given = replace(ARRIVED, reply_to=("Help@acme.test",))
    assert cells(given, told)["Reply-To"] == ("✓", "answers go there")


def test_reports_are_added_up() -> None:
    seen = view_of(TARGET, {}, ProvenMails(), two_weeks(OWN), NOW)
    assert (seen.reports, seen.messages, seen.aligned, seen.weeks) == (14, 280, 280, 2)
