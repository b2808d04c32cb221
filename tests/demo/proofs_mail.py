"""Proofs of what is wrong with the company's mail: by DNS, by files, and by dkimpy."""

from __future__ import annotations

import base64
import email
import http.client
from collections.abc import Callable
from email.message import Message

import dkim
from cryptography.hazmat.primitives.serialization import load_der_public_key

from demo.raw import Browser, ask, values
from launchready_tui.demo import Lab
from launchready_tui.demo.registry import registering

Proof = Callable[[Lab, str], bool]
PROOFS: dict[str, Proof] = {}
DOMAIN = "harbour-ops.test"
proves = registering(PROOFS)


def texts(lab: Lab, name: str) -> list[str]:
    """Every TXT record of a name, the strings of each joined."""
    found = values(ask(lab, name, "TXT", tcp=True), "TXT")
    return ["".join(text.split('"')[1::2]) for text in found]


def spf(lab: Lab, name: str) -> list[str]:
    return [text for text in texts(lab, name) if text.startswith("v=spf1 ")]


def lookups(lab: Lab, name: str) -> int:
    """What a record costs, includes and all (RFC 7208, 4.6.4)."""
    cost = 0
    for term in " ".join(spf(lab, name)).split():
        if term.startswith("include:"):
            cost += 1 + lookups(lab, term.removeprefix("include:"))
        cost += term in ("a", "mx")
    return cost


@proves("spf-multiple-records")
def two_records(lab: Lab, subject: str) -> bool:
    assert any(not text.startswith("v=spf1") for text in texts(lab, subject))
    return len(spf(lab, subject)) > 1


@proves("spf-too-many-lookups")
def eleven_lookups(lab: Lab, subject: str) -> bool:
    return lookups(lab, subject) > 10


@proves("spf-target-broken")
def includes_nothing(lab: Lab, subject: str) -> bool:
    (record,) = spf(lab, subject)
    named = [t.partition(":")[2] for t in record.split() if t.startswith("include:")]
    return any(not spf(lab, name) for name in named)


@proves("spf-subdomain-missing")
def no_record_for_bounces(lab: Lab, subject: str) -> bool:
    assert "amazonses.com" in values(ask(lab, subject, "MX"), "MX")[0]
    return not spf(lab, subject)


@proves("dkim-rsa-short")
def short_key(lab: Lab, subject: str) -> bool:
    (text,) = texts(lab, subject)
    key = load_der_public_key(base64.b64decode(text.partition("p=")[2]))
    return getattr(key, "key_size", 0) < 2048


@proves("dkim-testing-flag")
def key_that_tests(lab: Lab, subject: str) -> bool:
    (text,) = texts(lab, subject)
    return "t=y" in text


@proves("dmarc-none-no-rua")
def nobody_is_told(lab: Lab, subject: str) -> bool:
    (text,) = texts(lab, subject)
    return "p=none" in text and "rua=" not in text


@proves("dmarc-rua-unauthorised")
def strangers_reports(lab: Lab, subject: str) -> bool:
    (text,) = texts(lab, subject)
    host = text.rpartition("@")[2]
    return not texts(lab, f"{subject.removeprefix('_dmarc.')}._report._dmarc.{host}")


@proves("mx-no-fcrdns")
def no_reverse_name(lab: Lab, subject: str) -> bool:
    (address,) = values(ask(lab, subject, "A"), "A")
    reverse = ".".join(reversed(address.split("."))) + ".in-addr.arpa"
    return values(ask(lab, reverse, "PTR"), "PTR") != [f"{subject}."]


@proves("mx-bad-target")
def alias_takes_mail(lab: Lab, subject: str) -> bool:
    hosts = [record.split()[1] for record in values(ask(lab, subject, "MX"), "MX")]
    return any(values(ask(lab, host.rstrip("."), "A"), "CNAME") for host in hosts)


# ---------------------------------------------------------------- the policy


def policy(lab: Lab, host: str) -> list[str]:
    told = Browser(lab).get(f"https://{host}/.well-known/mta-sts.txt")
    assert (told.status, told.headers["content-type"]) == (http.client.OK, "text/plain")
    assert "mode: enforce" in told.body
    return told.body.splitlines()


@proves("mta-sts-mx-uncovered")
def forgotten_server(lab: Lab, subject: str) -> bool:
    hosts = [r.split()[1].rstrip(".") for r in values(ask(lab, DOMAIN, "MX"), "MX")]
    return not {f"mx: {host}" for host in hosts} <= set(policy(lab, subject))


@proves("mta-sts-stale")
def kept_an_hour(lab: Lab, subject: str) -> bool:
    return "max_age: 3600" in policy(lab, subject)


@proves("mta-sts-unfetchable")
def dashes_in_the_id(lab: Lab, subject: str) -> bool:
    (text,) = texts(lab, subject)
    return not text.partition("id=")[2].isalnum()


# ---------------------------------------------------------------- the code and the letters


@proves("dmarc-sandbox-from", "mail-from-elsewhere")
def stands_in_the_code(lab: Lab, subject: str) -> bool:
    return subject in (lab.repo / "berthdesk/mail.py").read_text()


def letter(lab: Lab, subject: str) -> tuple[bytes, Message]:
    data = (lab.inbox / f"{subject.partition(':')[0]}.eml").read_bytes()
    return data, email.message_from_bytes(data)


def signer(lab: Lab, subject: str) -> str:
    """The domain whose key the letter verifies with, by dkimpy."""
    data, told = letter(lab, subject)

    def txt(name: bytes | str, timeout: int = 5) -> bytes | None:
        asked = name.decode() if isinstance(name, bytes) else name
        found = texts(lab, asked.rstrip("."))
        return found[0].encode() if found else None

    assert dkim.verify(data, dnsfunc=txt)
    return told["DKIM-Signature"].partition(" d=")[2].partition(";")[0]


@proves("mail-from-sandbox")
def from_the_sandbox(lab: Lab, subject: str) -> bool:
    home = letter(lab, subject)[1]["From"].rpartition("@")[2].rstrip(">")
    assert signer(lab, subject) == home
    return bool(home == "resend.dev")


@proves("reset-link-not-canonical")
def leads_home(lab: Lab, subject: str) -> bool:
    return b"http://localhost:8000/" in letter(lab, subject)[0]


@proves("dkim-signature-weak")
def signs_a_part(lab: Lab, subject: str) -> bool:
    assert signer(lab, subject) == DOMAIN
    return "l=" in letter(lab, subject)[1]["DKIM-Signature"].partition("h=")[0]


@proves("dkim-not-own-domain", "mail-not-aligned")
def signed_by_the_service(lab: Lab, subject: str) -> bool:
    refused = (lab.inbox / "bounce.eml").exists()
    strange = signer(lab, subject) != DOMAIN
    assert refused == strange
    return strange


@proves("mail-return-path-of-provider")
def bounces_elsewhere(lab: Lab, subject: str) -> bool:
    return bool(letter(lab, subject)[1]["Return-Path"].endswith("@eu-west-1.amazonses.com>"))


@proves("mta-sts-tlsrpt-absent")
def neither_policy_nor_reports(lab: Lab, subject: str) -> bool:
    domain = subject.partition(".")[2]
    return not texts(lab, f"_mta-sts.{domain}") and not texts(lab, f"_smtp._tls.{domain}")
