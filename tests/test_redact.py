"""No planted secret survives in any form; innocent text does; no input breaks or stalls it."""

from __future__ import annotations

import base64
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.redact import redact
from launchready_tui.secret import Secret

BODY = "4eC39HqLyjWDarjtT1zdp7dc9Xa2Bq"


def b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


JWT = ".".join([b64('{"alg":"HS256"}'), b64('{"role":"service_role"}'), b64("x" * 32)])
PLANTED = {
    "stripe": "sk_" + "live_" + BODY,
    "aws": "AK" + "IA" + "IOSFODNN7EXAMPLQ",
    "github": "gh" + "p_" + BODY + "abcdef",
    "slack": "xo" + "xb-" + "123456789012-" + BODY,
    "google": "AI" + "za" + "SyA-1234567890abcdefghijklmnopqrstu",
    "sendgrid": "S" + "G." + BODY[:22] + "." + BODY + "abcdefghijk",
    "resend": "re" + "_" + BODY[:8] + "_" + BODY[:24],
    "supabase": "sb_" + "secret_" + BODY,
    "cloudflare": "cf" + "ut_" + BODY,
    "openai": "sk-" + "proj-" + BODY + BODY,
    "jwt": JWT,
}


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("frame", ["{}", "key={};", '"value": "{}"', "see {} here", "{}\n"])
def test_a_provider_s_secret_is_known_by_its_shape(name: str, frame: str) -> None:
    secret = PLANTED[name]
    out = redact(frame.format(secret))
    assert secret not in out
    assert "[redacted" in out


@pytest.mark.parametrize(
    "text",
    [
        "DATABASE_" + f"PASSWORD={BODY}",
        f'client_secret: "{BODY}"',
        f"Authorization: Bearer {BODY}",
        f"Cookie: session={BODY}; theme=dark",
        f"postgres://app:{BODY}@db.acme.test:5432/ops",
        f"https://app.acme.test/reset?token={BODY}&to=x",
        f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n{BODY}\n-----END RSA PRIVATE KEY-----",
        f"x-api-key: {BODY}",
    ],
)
def test_a_secret_is_known_by_where_it_stands(text: str) -> None:
    assert BODY not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "The password was changed on Friday by Ana.",
        "API_KEY=your-key-here",
        "TOKEN=${TOKEN}",
        "secret = process.env.SECRET",
        "evidence 3f5a9c0d1e2b3f5a9c0d1e2b3f5a9c0d1e2b3f5a9c0d1e2b3f5a9c0d1e2b3f5a",
        "https://app.acme.test/login?next=/orders",
        "https://acme.test:8443/path@2x.png",
        "TXT v=spf1 include:_spf.example.com -all",
        "pk_live_is_public",
    ],
)
def test_innocent_text_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "form",
    [
        lambda v: v,
        lambda v: base64.b64encode(v.encode()).decode(),
        lambda v: base64.urlsafe_b64encode(v.encode()).decode(),
        lambda v: quote(v, safe=""),
        lambda v: v.encode().hex(),
    ],
    ids=["plain", "base64", "base64url", "URL", "hex"],
)
def test_a_known_value_is_found_in_every_form(form: object) -> None:
    value = "correct horse/battery+staple?"
    text = f"a {form(value)} b"  # type: ignore[operator]
    assert form(value) not in redact(text, [Secret(value)])  # type: ignore[operator]


def test_redacting_twice_changes_nothing_more() -> None:
    text = "\n".join(f"{name}_TOKEN={value}" for name, value in PLANTED.items())
    once = redact(text)
    assert redact(once) == once


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(redact(text), str)


@pytest.mark.parametrize("unit", ["a", "sk-", "secret", "eyJ.", "://", "token=", "-----BEGIN "])
def test_time_grows_with_the_text_and_not_with_its_square(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        start = time.perf_counter()
        redact(text)
        return time.perf_counter() - start

    seconds(10_000)
    assert seconds(400_000) < 60 * max(seconds(20_000), 0.002)
