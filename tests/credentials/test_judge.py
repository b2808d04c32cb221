"""Judging by shape: total over hostile values, and silent about what it saw."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from launchready_tui.credentials import jwt, pem
from launchready_tui.credentials.address import address
from launchready_tui.credentials.judge import Beside, Judgement, judge
from launchready_tui.credentials.kinds import kinds

BODY = "Q7XH4R9V2W8Z3K6N" * 3
WINDOW = 6


@dataclass(frozen=True)
class Given:
    name: str
    value: str
    environment: str = "prod"


def part(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


SHAPES = (
    "{}",
    "sk_" + "live_{}",
    "sk_" + "test_{}",
    "whsec_{}",
    "sb_" + "secret_{}",
    "ghp_{}",
    "github" + "_pat_{}",
    "SG.{}.{}",
    "re_{}",
    "cfut_{}",
    "cfk_{}",
    "xoxb-{}",
    "AIza{}",
    "sk-" + "proj-{}",
    "https://hooks.slack" + ".com/services/T/B/{}",
    "postgres://postgres:{}@db.acme.example/x",
    "postgres://{}:{}@{}.example:6543/{}?sslmode=disable",
    "mongodb+srv://root:{}@one,two/x?tls=false",
    "sqlserver://{};user=sa;password={}",
    "-----BEGIN " + "PRIVATE KEY-----\\n{}\\n-----END " + "PRIVATE KEY-----",
    '{{"type": "service_account", "private_key": "{}"}}',
)
NAMES = (
    "API_KEY",
    "CLERK_SECRET_KEY",
    "DIRECT_URL",
    "JWT_SECRET",
    "SMTP_PASSWORD",
    "SUPABASE_ANON_KEY",
    "POSTMARK_ACCOUNT_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
)
ENVIRONMENTS = st.sampled_from(["prod", "preview", "dev", "any"])
BODIES = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=WINDOW, max_size=60)


def leaks(told: Judgement, body: str) -> bool:
    text = repr(told) + msgspec.json.encode(told).decode()
    return any(body[at : at + WINDOW] in text for at in range(len(body) - WINDOW + 1))


@given(st.sampled_from(NAMES), st.sampled_from(SHAPES), BODIES, ENVIRONMENTS)
@example("DIRECT_URL", SHAPES[16], BODY, "prod")
def test_no_part_of_a_body_is_in_what_is_told(
    name: str, shape: str, body: str, environment: str
) -> None:
    setting = Given(name, shape.replace("{}", body), environment)
    assert not leaks(judge(setting, Beside.of([setting])), body)


@given(st.sampled_from(NAMES), BODIES, BODIES)
def test_no_claim_of_a_token_is_in_what_is_told(name: str, ref: str, role: str) -> None:
    claims = {"iss": "supabase", "role": "anon", "ref": ref, "sub": role, "exp": 1}
    setting = Given(name, f"{part({'alg': 'HS256'})}.{part(claims)}.{BODY}")
    told = judge(setting, Beside.of([Given("URL", f"https://{'a' * 20}.supabase.co")]))
    assert {flaw.code for flaw in told.flaws} >= {"cred-legacy", "cred-project-mismatch"}
    assert told.expires == 1
    assert not leaks(told, ref) and not leaks(told, role) and not leaks(told, BODY)


HOSTILE = st.one_of(
    st.text(max_size=300),
    st.builds("{}://{}:{}@{}/{}?{}".format, *[st.text(max_size=20)] * 6),
    st.builds("postgres://{}@{}:{}/?sslmode={}".format, *[st.text(max_size=20)] * 4),
    st.builds("sqlserver://{};{};{}".format, *[st.text(max_size=20)] * 3),
    st.binary(max_size=80).map(lambda b: f"eyJhbGci.eyJ{base64.b64encode(b).decode()}.{BODY}"),
    st.text(max_size=60).map(lambda t: f"-----BEGIN OPENSSH PRIVATE KEY-----{t}"),
    st.sampled_from(SHAPES),
)


@given(st.text(max_size=40) | st.sampled_from(NAMES), HOSTILE, ENVIRONMENTS)
@example("DATABASE_URL", "postgres://a:b@[::1/x", "prod")
@example("DATABASE_URL", "postgres://a:b@h:99999999/x", "prod")
@example("DATABASE_URL", "postgres://a:b@h/x?" + "a=b&" * 500, "prod")
@example("DATABASE_URL", "postgres://a\ud800:b@h/x", "prod")
@example("X", f"eyJhbGci.{part({'exp': 1e400})}.{BODY}", "prod")
@example("X", f"eyJhbGci.{part([])}.{BODY}", "prod")
def test_any_name_and_value_is_judged(name: str, value: str, environment: str) -> None:
    setting = Given(name, value, environment)
    told = judge(setting, Beside.of([setting]))
    assert told.kind in {"", *(kind.id for kind in kinds())}
    codes = [flaw.code for flaw in told.flaws]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("value", "note"),
    [
        (bytes(range(31)).hex(), "it holds 31 bytes, and 32 are asked of a secret that signs"),
        ("Xk39dkwQpz81mB7vLr20TuYs", "it holds 24 bytes, and 32 are asked of a secret that signs"),
        (bytes(range(32)).hex(), ""),
        ("a1" * 32, "it is so short or plain that it can be guessed"),
        ("super-secret-jwt-key-for-acme-2024", "it is made of words that everybody tries"),
        (base64.b64encode(bytes(range(32))).decode(), ""),
        (
            base64.b64encode(bytes(range(30))).decode(),
            "it holds 30 bytes, and 32 are asked of a secret that signs",
        ),
    ],
)
def test_the_material_of_a_signing_secret_is_measured(value: str, note: str) -> None:
    assert "".join(judge(Given("JWT_SECRET", value)).notes) == note


def openssh(cipher: bytes) -> str:
    head = b"openssh-key-v1\0" + len(cipher).to_bytes(4, "big") + cipher
    body = base64.b64encode(head + b"\0" * 90).decode()
    label = "OPENSSH PRIVATE" + " KEY-----"
    return f"-----BEGIN {label}\n{body}\n-----END {label}"


def test_an_openssh_key_names_its_cipher() -> None:
    assert pem.unprotected(openssh(b"none"))
    assert not pem.unprotected(openssh(b"aes256-ctr"))


def test_a_token_is_read_and_never_trusted() -> None:
    token = f"{part({'alg': 'none'})}.{part({'role': 'anon', 'exp': 'soon', 'n': True})}.{BODY}"
    claims = jwt.claims(token)
    assert claims.text("role") == "anon" and claims.text("absent") == ""
    assert claims.number("exp") is None and claims.number("n") is None
    assert not jwt.claims("eyJ.eyJ.x")


@pytest.mark.parametrize(
    ("value", "host", "port", "private"),
    [
        ("postgres://a:b@DB.acme.example:6543/x", "db.acme.example", 6543, False),
        ("postgres://a:p@ss@db.acme.example/x", "db.acme.example", None, False),
        ("postgres://a:b@[2001:db8::1]:5432/x", "2001:db8::1", 5432, True),
        ("postgres://a:b@[2606:4700::1]:5432/x", "2606:4700::1", 5432, False),
        ("postgres://a:b@one.example:1,two.example:2/x", "one.example", 1, False),
        ("postgres://a:b@10.1.2.3/x", "10.1.2.3", None, True),
        ("postgres://a:b@%2Fvar%2Frun/x", "/var/run", None, True),
        ("postgres:///x", "", None, True),
        ("postgres://a:b@db/x", "db", None, True),
        ("postgres://a:b@db.railway.internal/x", "db.railway.internal", None, True),
        ("postgres://a:b@internal.acme.example/x", "internal.acme.example", None, False),
        ("sqlserver://db.acme.example:1433;user=a", "db.acme.example", 1433, False),
    ],
)
def test_an_address_is_taken_apart(value: str, host: str, port: int | None, private: bool) -> None:
    held = address(value)
    assert held is not None
    assert (held.host, held.port, held.private) == (host, port, private)
    assert "acme" not in repr(held)
