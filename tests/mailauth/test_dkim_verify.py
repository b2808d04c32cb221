"""Signatures made by another implementation verify, and every change to the message is noticed."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready_tui.mailauth.dkim.canonical import body_form, split
from launchready_tui.mailauth.dkim.verify import Verified, verify
from mailauth.suite import Zone

dkim = pytest.importorskip("dkim", reason="dkimpy, which signs for these tests, is not installed")

NOW = 1_772_323_200
MESSAGE = (
    b"Received: from a by b;\r\n\tSun, 1 Mar 2026\r\n"
    b"From: Acme <hello@acme.test>\r\nTo: ana@example.com\r\nSubject:  Your   invite\r\n"
    b"\tis here \r\nDate: Sun, 1 Mar 2026 09:00:00 +0000\r\n\r\n"
    b"Hello  Ana,\t\r\n\r\nopen https://app.acme.test/invite\r\n\r\n\r\n"
)


class Signer:
    """A key, its record, and messages signed with it by dkimpy."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
        self.private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.record = f"v=DKIM1; p={base64.b64encode(public).decode()}"

    def signed(self, message: bytes = MESSAGE, **how: Any) -> bytes:
        values = {"canonicalize": (b"relaxed", b"relaxed"), **how}
        return bytes(dkim.sign(message, b"s1", b"acme.test", self.private, **values)) + message


SIGNER = Signer()


async def seen(message: bytes, record: str | None = None, now: int = NOW) -> tuple[Verified, ...]:
    zone = Zone({"s1._domainkey.acme.test": [{"TXT": record or SIGNER.record}]})
    headers, body = split(message)
    return await verify(zone, headers, body, now)


@pytest.mark.parametrize("header", [b"simple", b"relaxed"])
@pytest.mark.parametrize("body", [b"simple", b"relaxed"])
async def test_a_signed_message_verifies_in_every_form(header: bytes, body: bytes) -> None:
    (one,) = await seen(SIGNER.signed(canonicalize=(header, body)))
    assert (one.result, one.reason) == ("pass", "")
    assert (one.domain, one.selector) == ("acme.test", "s1")


ODD = (b"", b"\r\n\r\n", b"no line end")


@pytest.mark.parametrize("message", [b"From: a@acme.test\r\n\r\n" + body for body in ODD])
@pytest.mark.parametrize("form", [b"simple", b"relaxed"])
async def test_odd_bodies_verify(message: bytes, form: bytes) -> None:
    (one,) = await seen(SIGNER.signed(message, canonicalize=(form, form)))
    assert one.result == "pass", one.reason


async def test_bare_line_ends_are_read_as_they_were_sent() -> None:
    (one,) = await seen(SIGNER.signed().replace(b"\r\n", b"\n"))
    assert one.result == "pass"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"Hello", b"Hallo", "the body was changed"),
        (b"Acme <hello", b"Acme <other", "does not fit"),
        (b"To: ana@", b"To: eve@", "does not fit"),
        (b"h=", b"h=x-none : ", "does not fit"),
        (b" s=s1", b" s=s2", "there is no key at s2"),
        (b"a=rsa-sha256", b"a=rsa-sha1", "not accepted any more"),
        (b"v=1", b"v=2", "v=2 is not 1"),
        (b"d=acme.test", b"d=evil.test", "is not below d=evil.test"),
    ],
)
async def test_a_change_is_noticed_and_told(old: bytes, new: bytes, reason: str) -> None:
    message = SIGNER.signed()
    assert old in message
    (one,) = await seen(message.replace(old, new, 1))
    assert one.result in ("fail", "permerror")
    assert reason in one.reason


async def test_a_second_from_header_is_noticed_where_it_was_signed_against() -> None:
    message = SIGNER.signed(include_headers=[b"from", b"from", b"to"])
    (one,) = await seen(message.replace(b"To: ana", b"From: eve@evil.test\r\nTo: ana", 1))
    assert one.result == "fail"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("v=DKIM1; p=", "is revoked"),
        ("v=DKIM1; s=tlsrpt; {p}", "not for mail"),
        ("v=DKIM1; h=sha1; {p}", "leaves out sha256"),
        ("v=DKIM1; k=ed25519; {p}", "cannot be read"),
        ("{p}; v=DKIM1", "does not stand first"),
        ("v=spf1 -all", "there is no key"),
    ],
)
async def test_a_key_is_held_to_what_it_says(record: str, reason: str) -> None:
    p = re.sub(r".*(p=\S+).*", r"\1", SIGNER.record)
    (one,) = await seen(SIGNER.signed(), record.replace("{p}", p))
    assert one.result == "permerror"
    assert reason in one.reason


async def test_a_key_for_the_exact_domain_refuses_a_signer_below_it() -> None:
    exact = SIGNER.record.replace("v=DKIM1", "v=DKIM1; t=s")
    (own,) = await seen(SIGNER.signed(), exact)
    (below,) = await seen(SIGNER.signed(identity=b"x@mail.acme.test"), exact)
    assert own.result == "pass"
    assert "may not be below" in below.reason


async def test_blanks_and_other_tags_in_a_key_do_not_matter() -> None:
    (one,) = await seen(SIGNER.signed(), SIGNER.record.replace("p=M", "n=a note; x=y ; p = M "))
    assert one.result == "pass"


async def test_a_part_of_the_body_may_be_unsigned_and_is_told() -> None:
    message = SIGNER.signed(length=True) + b"added later\r\n"
    (one,) = await seen(message)
    assert (one.result, one.partial) == ("pass", True)


async def test_an_answer_that_failed_is_no_verdict() -> None:
    zone = Zone({"s1._domainkey.acme.test": ["TIMEOUT"]})
    headers, body = split(SIGNER.signed())
    (one,) = await verify(zone, headers, body, NOW)
    assert one.result == "temperror"


async def test_an_ed25519_signature_verifies() -> None:
    nacl = pytest.importorskip("nacl.signing")
    key = nacl.SigningKey.generate()
    private = base64.b64encode(bytes(key))
    signed = dkim.sign(MESSAGE, b"s1", b"acme.test", private, signature_algorithm=b"ed25519-sha256")
    public = base64.b64encode(bytes(key.verify_key)).decode()
    (one,) = await seen(bytes(signed) + MESSAGE, f"v=DKIM1; k=ed25519; p={public}")
    assert one.result == "pass", one.reason


def test_the_examples_of_the_standard() -> None:
    """RFC 6376 section 3.4.5."""
    body = b" C \r\nD \t E\r\n\r\n\r\n"
    assert body_form(body, "relaxed") == b" C\r\nD E\r\n"
    assert body_form(body, "simple") == b" C \r\nD \t E\r\n"
    assert body_form(b"", "simple") == b"\r\n"
    assert body_form(b"", "relaxed") == b""


@settings(max_examples=60)
@given(
    body=st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b"\r\n\r\n", b"."])).map(b"".join),
    subject=st.lists(st.sampled_from([b"x", b" ", b"\t", b"\r\n ", b":"])).map(b"".join),
)
async def test_both_implementations_agree(body: bytes, subject: bytes) -> None:
    # A mail that travelled ends in a line end; of one that does not, the standard says too little.
    message = b"From: a@acme.test\r\nSubject:" + subject + b"z\r\n\r\n" + body + b"\r\n"
    signed = SIGNER.signed(message)
    record = SIGNER.record.encode()
    theirs = dkim.verify(signed, dnsfunc=lambda name, timeout=5: record)
    (ours,) = await seen(signed)
    assert (ours.result == "pass") == theirs, ours.reason


@given(st.binary(max_size=400))
async def test_no_message_makes_it_fail(data: bytes) -> None:
    await seen(b"DKIM-Signature: v=1; " + data)
    await seen(data)


def test_a_large_body_is_brought_to_its_form_piece_by_piece() -> None:
    body = b"a \t b\t \r\n" * 400_000
    assert body_form(body, "relaxed") == b"a b\r\n" * 400_000
    assert body_form(b"a b\t" * 400_000, "relaxed") == (b"a b " * 400_000).strip() + b"\r\n"
