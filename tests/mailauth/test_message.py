"""A received message is taken apart without keeping its tokens, and proved as far as it goes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mailauth.message import Link, read, verify
from launchready_tui.mailauth.message.read import MOST_BYTES, TooLarge
from mailauth.suite import Zone
from mailauth.test_dkim_verify import NOW, SIGNER

TOKEN = "tok" + "en-0123456789abcdef"
MAIL = f"""From: =?utf-8?q?Acm=C3=A9?= <hello@acme.test>
To: ana@example.com
Reply-To: help@acme.test
Subject: Your invite
List-Unsubscribe: <https://acme.test/u>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

open https://app.acme.test/invite?token={TOKEN}.
--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<a href=3D"https://click.esp.test/c?url=3Dhttps%3A%2F%2Fapp.acme.test%2Freset&amp;t=3D{TOKEN}">x</a>
<a href=3D"http://localhost:3000/reset?redirect_to=3Dhttp://localhost:3000">y</a>
--b--
""".replace("\n", "\r\n").encode()
TRACE = b"""Return-Path: <bounce@send.acme.test>\r
Received: by 2002:a05:6000:1 with SMTP id x; Sun, 1 Mar 2026 01:00:00 -0800 (PST)\r
Received: from mta.esp.test (mta.esp.test. [192.0.2.7]) by mx.google.com with ESMTPS id y;\r
        Sun, 1 Mar 2026 01:00:00 -0800\r
Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=send.acme.test\r
Authentication-Results: mx.evil.test; dmarc=pass\r
"""


def zone(**more: Any) -> Zone:
    return Zone(
        {
            "s1._domainkey.acme.test": [{"TXT": SIGNER.record}],
            "send.acme.test": [{"TXT": "v=spf1 ip4:192.0.2.0/24 -all"}],
            "_dmarc.acme.test": [{"TXT": "v=DMARC1; p=reject"}],
            **more,
        }
    )


def test_what_a_message_says_of_itself() -> None:
    message = read(TRACE + MAIL)
    assert (message.author, message.return_path) == ("acme.test", "bounce@send.acme.test")
    assert message.senders[0].name == "Acmé"
    assert message.client_ip == "192.0.2.7"
    assert message.unsubscribe
    assert message.one_click
    assert message.links == (
        Link("https", "app.acme.test"),
        Link("https", "click.esp.test", leads_to=("app.acme.test",)),
        Link("http", "localhost", 3000, leads_to=("localhost",)),
    )
    assert TOKEN not in repr(message.links)


def test_the_hops_inside_of_outlook_are_not_who_handed_it_over() -> None:
    inside = (
        b"Received: from AM0P1.eurprd.prod.outlook.com (2603:10a6:208::1) by\r\n"
        b" DB9P2.eurprd.prod.outlook.com with HTTPS; Sun, 1 Mar 2026 09:00:00 +0000\r\n"
        b"Received: from AM0EUR.mail.protection.outlook.com (2603:10a6:20b::2) by\r\n"
        b" AM0P1.eurprd.prod.outlook.com with SMTP; Sun, 1 Mar 2026 09:00:00 +0000\r\n"
    )
    handed = (
        b"Received: from mta.esp.test (192.0.2.7) by AM0EUR.mail.protection.outlook.com\r\n"
        b" (10.1.2.3) with Microsoft SMTP Server; Sun, 1 Mar 2026 09:00:00 +0000\r\n"
    )
    assert read(inside + handed + MAIL).client_ip == "192.0.2.7"


async def test_a_signed_message_of_a_permitted_server_passes() -> None:
    said = await verify(zone(), TRACE + SIGNER.signed(MAIL), now=NOW, receivers=["google.com"])
    assert [one.result for one in said.dkim] == ["pass"]
    assert said.spf is not None
    assert (said.spf.result, said.spf_domain) == ("pass", "send.acme.test")
    assert said.dmarc is not None
    assert (said.dmarc.result, said.dmarc.aligned) == ("pass", True)
    assert [header.authserv_id for header in said.believed] == ["mx.google.com"]


async def test_a_forged_message_does_not() -> None:
    forged = TRACE.replace(b"192.0.2.7", b"198.51.100.7") + MAIL
    said = await verify(zone(), forged, now=NOW)
    assert said.dkim == ()
    assert said.spf is not None
    assert said.spf.result == "fail"
    assert said.dmarc is not None
    assert (said.dmarc.result, said.dmarc.policy) == ("fail", "reject")
    assert said.believed == ()


async def test_without_a_trace_nothing_is_said_of_the_sender() -> None:
    said = await verify(zone(), SIGNER.signed(MAIL), now=NOW)
    assert said.spf is None
    assert said.dmarc is not None
    assert said.dmarc.result == "pass"


async def test_two_authors_are_no_author() -> None:
    said = await verify(
        zone(), MAIL.replace(b"<hello@acme.test>", b"<a@acme.test>, b@x.test"), now=NOW
    )
    assert said.dmarc is None


def test_a_huge_message_is_refused_and_a_large_one_read() -> None:
    with pytest.raises(TooLarge):
        read(b"x" * (MOST_BYTES + 1))
    large = MAIL + b"a" * 20_000_000
    assert read(large).author == "acme.test"


HEADS = (
    b"",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: text/html; charset=idna\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
)


@given(st.binary(max_size=500), st.sampled_from(HEADS))
def test_no_bytes_make_it_fail(data: bytes, head: bytes) -> None:
    read(head + data)
    read(b"From: " + data)
