"""What a person gives is told apart, read and kept without its secrets; no bytes make it fail."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.proof_world import APP, TOKEN, mail, zone
from launchready_tui.mail.received import Received, is_preview, read, what_is
from launchready_tui.sprint.records import MAIL, cleaned, encoded

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
GMAIL = b"550-5.7.26 This mail has been blocked\n550 5.7.26 x - gsmtp"
REPORT = (
    b"From: MAILER-DAEMON@mx.test\r\nTo: a@acme.test\r\nContent-Type: multipart/report; boundary=b"
    b"\r\n\r\n--b\r\n\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (mail(), "message"),
        (b"\r\n\r\n" + mail(), "message"),
        (mail().replace(b"\r\n", b"\n"), "message"),
        (REPORT, "bounce"),
        (GMAIL, "bounce"),
        (b"Final-Recipient: rfc822; a@b.test\nStatus: 5.1.1\n", "bounce"),
        (b"", "text"),
        (b"three mails, all in the inbox", "text"),
        (b"From: me, by phone: all three arrived", "text"),
        (b"we run version 5.1.2 of the mailer", "text"),
    ],
)
def test_a_message_a_bounce_and_words_are_told_apart(data: bytes, what: str) -> None:
    assert what_is(data) == what


def kept(data: bytes) -> Received:
    return asyncio.run(
        read(zone(), data, kind="reset", folder="inbox", by="Ana", at=AT, target=APP)
    )


def test_what_is_kept_holds_hosts_and_results_and_nothing_to_act_with() -> None:
    data = mail(more=f"X-Reset: https://app.acme.test/{TOKEN}\r\n")
    told = kept(data)
    written = told.text + encoded(cleaned(told.proof))
    assert "Link: https://app.acme.test (1×)" in told.text
    for secret in (TOKEN, "ana@example.com", "b=", "Welcome"):
        assert secret not in written
    assert MAIL.key == "kind"


def test_a_message_full_of_control_characters_is_kept_harmless() -> None:
    data = mail(sender="\x1b[31mred\u202e <hello@acme.test>", more="Reply-To: \x9b@x.test\r\n")
    told = kept(data)
    assert not any(ord(c) < 32 or 126 < ord(c) < 160 for c in told.text.replace("\n", ""))
    assert "\u202e" not in told.text


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"From: a@acme.test\r\n", mail()[:300]]))
def test_no_bytes_make_it_fail(data: bytes, head: bytes) -> None:
    told = kept(head + data)
    assert told.lines
    encoded(cleaned(told.proof))


@pytest.mark.parametrize(
    ("host", "preview"),
    [
        ("acme-git-main-team.vercel.app", True),
        ("deploy-preview-12--acme.netlify.app", True),
        ("acme.vercel.app", False),
        ("app.acme.test", False),
        ("a" * 10_000, False),
    ],
)
def test_a_preview_is_known_by_its_name(host: str, preview: bool) -> None:
    assert is_preview(host) is preview
