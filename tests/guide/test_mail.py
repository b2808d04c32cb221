"""The guide on mail: which mails arrived, and the way to a policy that refuses forgeries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from cases.proof_world import mail, mails, proof
from cases.report_world import OWN, STRANGER, two_weeks
from guide_sprint import AT, make_state
from launchready_tui.catalogue import load
from launchready_tui.given import ProvenMails, Target
from launchready_tui.guide.handover import handover
from launchready_tui.guide.state import GuideState
from launchready_tui.model import Attestation, Seen
from launchready_tui.outcomes import passed
from launchready_tui.verdict import judge


def state_with(proofs: ProvenMails, **target: object) -> GuideState:
    """A sprint of the shipped checklists with these mails."""
    catalogue = load()
    about = Target(domain="acme.test", **target)  # type: ignore[arg-type]
    record = Seen(label="SPF of acme.test", value="v=spf1 -all", source="TXT of acme.test")
    outcomes = {"mail.spf": passed("one record", (record,))}
    answers = {"mail.dmarc": Attestation(item="mail.dmarc", by="Ben", at=AT, says="pass",
                                         evidence=("ab" * 32,))}  # fmt: skip
    return GuideState(
        version="0.1.0",
        at=AT,
        catalogue=catalogue,
        target=about,
        verdict=judge(catalogue, about, outcomes, answers, {}, AT),
        seen_at=AT,
        mails=proofs,
    )


def section(state: GuideState) -> str:
    return handover(state).partition("\n## Mail\n")[2].partition("\n## ")[0]


def test_each_mail_stands_with_its_signer_folder_and_source() -> None:
    text = section(state_with(mails()))
    assert (
        "| invite | `Acme <hello@acme.test>` | `send.acme.test` | `acme.test` (pass) | pass |"
        " pass | inbox at mx.google.com | told by Ana Ruiz, 1 March 2026 |"
    ) in text
    assert "| password reset |" in text
    assert "Not shown" not in text
    assert "| SPF of acme.test | `v=spf1 -all` |" in text


def test_reports_name_the_senders_and_bring_the_next_step_nearer() -> None:
    at = AT.replace(year=2026, month=3, day=1)
    clean = replace(state_with(mails()), at=at, reports=two_weeks(OWN), mail_senders=("resend",))
    text = section(clean)
    assert "14 reports, 15 February 2026 to 1 March 2026: 280 of 280 messages passed DMARC." in text
    assert "2 clean weeks up to the newest report. They allow the next step." in text
    assert "| Amazon SES | yours: a service in use | 280 | 280 | 0 | 280 | not told |" in text
    asking = section(replace(clean, reports=two_weeks(OWN, last=(STRANGER,))))
    assert "say whose these senders are: 198.51.100.0/24." in asking
    assert "| 198.51.100.0/24 | unknown | 4 | 0 | 0 | 0 | let through |" in asking
    assert "0 clean weeks" in asking
    assert "None was kept, so nobody knows" in section(state_with(mails()))


def test_what_is_missing_and_what_is_wrong_is_said() -> None:
    text = section(state_with(ProvenMails(proofs=(proof(mail(link="http://localhost:3000/")),))))
    assert "Not shown, so treat as unknown: password reset, notification." in text
    assert "- invite: a link leads to localhost" in text


def test_the_way_to_refusing_has_dates_records_and_conditions() -> None:
    text = section(state_with(mails()))
    assert "| 1 | `v=DMARC1; p=none; rua=mailto:dmarc@acme.test` | in force |" in text
    assert (
        "| 2 | `v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@acme.test` | 16 March" in text
    )
    assert "| 3 | `v=DMARC1; p=reject; rua=mailto:dmarc@acme.test` | 13 April 2026 |" in text
    assert "98 of 100" in text
    assert "Who takes the next step: Ben." in text


@pytest.mark.parametrize(("policy", "left"), [("", 3), ("quarantine", 2), ("reject", 1)])
def test_steps_that_were_taken_are_left_out(policy: str, left: int) -> None:
    held = tuple(replace(one, policy=policy) for one in mails().proofs)
    text = section(state_with(ProvenMails(proofs=held)))
    assert text.count("| `v=DMARC1") == left
    assert ("in force" in text) == bool(policy)


def test_an_app_without_mail_has_no_mail_to_prove() -> None:
    text = section(state_with(ProvenMails(), traits={"sends_email": False}))
    assert text.strip() == "The app sends no mail, says `launchready.toml`."


def test_a_refused_mail_says_why() -> None:
    state = replace(make_state(), at=AT + timedelta(days=1))
    assert "| password reset | – | – | – | – | – | refused: plain |" in section(state)
