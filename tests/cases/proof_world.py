"""Mails of acme.test as they were received: really signed and judged, over a zone in memory.

What differs is the one thing an example is about.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import hashlib
from datetime import datetime, timedelta
from typing import Any, Literal

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cases.world import DOMAIN, NOW
from launchready_tui.given import MailKind, MailProof, ProvenMails, Target, Web
from launchready_tui.mail import received
from launchready_tui.mailauth.dkim.canonical import Header, body_form, header_form, signed_headers
from launchready_tui.mailauth.dkim.canonical import split as taken_apart
from mailauth.suite import Zone

APP = Target(domain=DOMAIN, web=Web(app=f"https://app.{DOMAIN}"))
TOKEN = "tok" + "en-0123456789abcdef"
LINK = f"https://app.{DOMAIN}/invite?token={TOKEN}"
RESULTS = "Authentication-Results: mx.google.com; dkim=pass header.d=acme.test; dmarc=pass"


@functools.cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=1024)


@functools.cache
def key_record() -> str:
    public = _key().public_key()
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return f"v=DKIM1; p={base64.b64encode(der).decode()}"


def signature(
    message: bytes, *, domain: str, names: str = "from:to:subject", tags: str = ""
) -> str:
    """A DKIM-Signature header for a message, by the letter of RFC 6376."""
    headers, body = taken_apart(message)
    covered = body_form(body, "relaxed")
    if "l=0" in tags:
        covered = b""
    digest = base64.b64encode(hashlib.sha256(covered).digest()).decode()
    value = (
        f" v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s1; h={names}; {tags}bh={digest}; b="
    )
    empty = Header(name="dkim-signature", raw=b"DKIM-Signature:" + value.encode())
    data = signed_headers(headers, names.split(":"), "relaxed") + header_form(empty, "relaxed")
    signed = _key().sign(data, padding.PKCS1v15(), hashes.SHA256())
    return f"DKIM-Signature:{value}{base64.b64encode(signed).decode()}\r\n"


def zone(**records: Any) -> Zone:
    """acme.test and its mail service, in order; `records` by name with _ for each dot."""
    held = {
        "acme.test": [{"TXT": "v=spf1 ip4:192.0.2.0/24 -all"}],
        "send.acme.test": [{"TXT": "v=spf1 ip4:192.0.2.0/24 -all"}],
        "bounces.esp.test": [{"TXT": "v=spf1 ip4:192.0.2.0/24 -all"}],
        "s1._domainkey.acme.test": [{"TXT": key_record()}],
        "s1._domainkey.esp.test": [{"TXT": key_record()}],
        "_dmarc.acme.test": [{"TXT": "v=DMARC1; p=none; rua=mailto:dmarc@acme.test"}],
    }
    return Zone({**held, **records})


def mail(
    *,
    sender: str = "Acme <hello@acme.test>",
    signers: tuple[str, ...] = ("acme.test",),
    return_path: str = "bounce@send.acme.test",
    ip: str = "192.0.2.7",
    link: str = LINK,
    more: str = "",
    changed: bool = False,
    results: str = RESULTS,
    **how: str,
) -> bytes:
    """A mail with all its headers as the mailbox shows it."""
    text = (
        f"From: {sender}\r\nTo: ana@example.com\r\nSubject: Welcome\r\n{more}"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nOpen {link}\r\n"
    )
    signed = "".join(signature(text.encode(), domain=domain, **how) for domain in signers)
    if changed:
        text += "This mail was scanned.\r\n"
    trace = (
        f"Return-Path: <{return_path}>\r\n"
        f"Received: from mta.esp.test (mta.esp.test. [{ip}]) by mx.google.com with ESMTPS id y;"
        " Sun, 1 Mar 2026 01:00:00 -0800\r\n"
    )
    told = f"{results}\r\n" if results else ""
    return (trace + told + signed + text).encode()


def proof(
    data: bytes | None = None,
    kind: MailKind = "invite",
    *,
    folder: Literal["inbox", "spam"] = "inbox",
    days: int = 0,
    target: Target = APP,
    dns: Zone | None = None,
    receivers: tuple[str, ...] = ("google.com",),
) -> MailProof:
    """What is kept of a mail, some days ago."""
    at: datetime = NOW - timedelta(days=days)
    read = received.read(
        dns or zone(),
        mail() if data is None else data,
        kind=kind,
        folder=folder,
        by="Ana Ruiz",
        at=at,
        target=target,
        receivers=receivers,
    )
    return asyncio.run(read).proof


def mails(*proofs: MailProof) -> ProvenMails:
    """These proofs, and sound ones of the other kinds."""
    given = {one.kind: one for one in proofs}
    kinds: tuple[MailKind, ...] = ("invite", "notification", "reset")
    return ProvenMails(proofs=tuple(given.get(kind) or proof(kind=kind) for kind in kinds))
