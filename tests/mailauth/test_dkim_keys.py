"""Keys are read by hand from their bytes, and judged by what receivers do with them."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mailauth.dkim import audit, fetch, parse
from launchready_tui.mailauth.dkim.audit import How, answers_everything
from launchready_tui.mailauth.dkim.key import rsa_bits
from mailauth.suite import Zone

_FORMS = {
    "spki": (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
    "pkcs1": (serialization.Encoding.DER, serialization.PublicFormat.PKCS1),
}


def rsa_key(bits: int, form: str = "spki") -> str:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=bits).public_key()
    return base64.b64encode(key.public_bytes(*_FORMS[form])).decode()


def ed_key() -> str:
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


LONG, SHORT = rsa_key(2048), rsa_key(1024)


@pytest.mark.parametrize("form", ["spki", "pkcs1"])
@pytest.mark.parametrize("bits", [1024, 2048, 4096])
def test_the_length_is_read_from_either_form(bits: int, form: str) -> None:
    assert parse(f"v=DKIM1; p={rsa_key(bits, form)}").bits == bits


def test_a_key_needs_no_version_and_may_hold_blanks() -> None:
    broken_up = " ".join([LONG[:64], LONG[64:]])
    key = parse(f"p={broken_up}")
    assert (key.bits, key.broken, key.version_trouble) == (2048, "", "")


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert rsa_bits(data) >= 0


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    parse(text)


TABLE: list[tuple[str, str | list[str], tuple[str, ...]]] = [
    ("in order", f"v=DKIM1; k=rsa; p={LONG}", ()),
    ("without version", f"p={LONG}", ()),
    ("a short key", f"v=DKIM1; p={SHORT}", ("dkim-rsa-short",)),
    ("revoked", "v=DKIM1; p=", ("dkim-key-revoked",)),
    ("a lost piece", f"v=DKIM1; p={LONG[:120]}", ("dkim-key-unparsable",)),
    ("quotes inside", f'v=DKIM1; p={LONG[:50]}" "{LONG[50:]}', ("dkim-key-unparsable",)),
    ("no key at all", "v=DKIM1; k=rsa", ("dkim-key-unparsable",)),
    ("the version last", f"p={LONG}; v=DKIM1", ("dkim-key-unusable",)),
    ("another version", f"v=DKIM2; p={LONG}", ("dkim-key-unusable",)),
    ("another service", f"v=DKIM1; s=tlsrpt; p={LONG}", ("dkim-key-unusable",)),
    ("any service", f"v=DKIM1; s=*; p={LONG}", ()),
    ("the old hash alone", f"v=DKIM1; h=sha1; p={LONG}", ("dkim-key-unusable",)),
    ("both hashes", f"v=DKIM1; h=sha1:sha256; p={LONG}", ()),
    ("testing", f"v=DKIM1; t=y:s; p={LONG}", ("dkim-testing-flag",)),
    ("the exact domain", f"v=DKIM1; t=s; p={LONG}", ()),
    ("an old tag", f"v=DKIM1; g=*; p={LONG}", ("dkim-legacy-tag",)),
    ("Ed25519 alone", f"v=DKIM1; k=ed25519; p={ed_key()}", ("dkim-ed25519-only",)),
    ("two keys", [f"p={LONG}", f"v=DKIM1; p={rsa_key(2048)}"], ("dkim-several-records",)),
    ("nothing", [], ("dkim-key-missing",)),
    ("something else", "hello", ("dkim-key-missing",)),
]


async def codes(data: dict[str, list[Any]], how: How = "given") -> list[str]:
    return [f.code for f in audit(await fetch(Zone(data), "acme.test", [("s1", how)]))]


@pytest.mark.parametrize(("says", "texts", "expected"), TABLE, ids=[row[0] for row in TABLE])
async def test_a_selector_is_judged(
    says: str, texts: str | list[str], expected: tuple[str, ...]
) -> None:
    several = [texts] if isinstance(texts, str) else texts
    data: dict[str, list[Any]] = {"s1._domainkey.acme.test": [{"TXT": text} for text in several]}
    assert await codes(data) == list(expected)


async def test_a_key_in_the_wrong_place_is_told_by_its_place() -> None:
    data: dict[str, list[Any]] = {"s1._domainkey.acme.test.acme.test": [{"TXT": f"p={LONG}"}]}
    assert await codes(data) == ["dkim-name-doubled"]


async def test_an_alias_that_leads_nowhere_is_the_providers_to_finish() -> None:
    data: dict[str, list[Any]] = {"s1._domainkey.acme.test": [{"CNAME": "s1.esp.test"}]}
    assert await codes(data) == ["dkim-cname-dangling"]


async def test_a_guess_that_is_absent_says_nothing_but_that() -> None:
    assert await codes({"acme.test": [{"A": "192.0.2.1"}]}, "guessed") == ["dkim-unknown"]


async def test_an_answer_that_failed_is_no_flaw() -> None:
    assert await codes({"s1._domainkey.acme.test": ["TIMEOUT"]}) == []


async def test_a_zone_that_answers_everything_proves_nothing() -> None:
    zone = Zone({"lr-x._domainkey.acme.test": [{"TXT": "v=spf1 -all"}]})
    assert await answers_everything(zone, "acme.test", "lr-x")
    found = await fetch(zone, "acme.test", [("s1", "given")])
    assert [flaw.code for flaw in audit(found, wildcard=True)] == ["dkim-wildcard"]


async def test_an_rsa_key_beside_an_ed25519_key_is_as_it_should_be() -> None:
    zone = Zone({
        "s1._domainkey.acme.test": [{"TXT": f"k=ed25519; p={ed_key()}"}],
        "s2._domainkey.acme.test": [{"TXT": f"p={LONG}"}],
    })  # fmt: skip
    found = await fetch(zone, "acme.test", [("s1", "given"), ("s2", "given")])
    assert audit(found) == ()
