"""Redaction: shapes, names and known values go; innocent text stays; it is total and linear."""

from __future__ import annotations

import base64
import json
import time
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready_tui.redact import redact, redact_header
from launchready_tui.redact_names import is_placeholder, says_secret
from launchready_tui.secret import Secret

BODY = "".join(("4eC39HqLyjWD", "arjtT1zdp7dc", "AbCdEf012345", "6789ZyXw"))
HEX = BODY.encode().hex()


def part(claims: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def web_token(role: str = "service_role") -> str:
    return ".".join((part({"alg": "HS256", "typ": "JWT"}), part({"role": role}), BODY))


def private_key(kind: str = "RSA ") -> str:
    lines = "\n".join([BODY + BODY[:20]] * 4)
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


SHAPES = {
    "stripe": "sk_" + "live_" + BODY,
    "stripe restricted": "rk_" + "test_" + BODY,
    "stripe webhook": "wh" + "sec_" + BODY,
    "aws id": "AK" + "IA" + "QWERTYUIOP234567",
    "github": "gh" + "p_" + BODY[:36],
    "github fine": "github" + "_pat_" + BODY,
    "gitlab": "gl" + "pat-" + BODY[:20],
    "slack": "xo" + "xb-" + "123456789012-" + BODY[:24],
    "google": "AI" + "za" + BODY[:35],
    "google oauth": "GOC" + "SPX-" + BODY[:28],
    "sendgrid": "S" + "G." + BODY[:22] + "." + BODY[:43],
    "mailgun": "ke" + "y-" + HEX[:32],
    "resend": "r" + "e_" + BODY[:8] + "_" + BODY[:24],
    "openai": "sk" + "-proj-" + BODY,
    "supabase": "sb_" + "secret_" + BODY[:32],
    "cloudflare": "cf" + "ut_" + BODY,
    "npm": "np" + "m_" + BODY[:36],
    "supabase service key": web_token(),
    "any web token": web_token("somebody"),
    "private key": private_key(),
    "openssh key": private_key("OPENSSH "),
    "pgp key": private_key("PGP ").replace("KEY-----", "KEY BLOCK-----"),
}


@pytest.mark.parametrize("secret", SHAPES.values(), ids=list(SHAPES))
@pytest.mark.parametrize(
    "around",
    ["{}", "it is {}.", '{{"value":"{}"}}', "first\\n{}", "a={}&b=c", "({})", "key:{}", "…{}…"],
)
def test_a_secret_goes_wherever_it_stands(secret: str, around: str) -> None:
    told = redact(around.format(secret))
    assert secret not in told
    assert BODY[:12] not in told
    assert HEX[:20] not in told
    assert "[redacted: " in told


def test_a_key_that_was_cut_off_before_its_end_goes_too() -> None:
    cut = private_key()[:-40]
    assert BODY not in redact(f"see {cut}\nand this stays")
    assert "and this stays" in redact(f"see {cut}\nand this stays")


def test_the_secret_half_of_an_aws_pair_goes_with_its_id() -> None:
    secret = (BODY + "/+ab")[:40]
    assert secret not in redact("AK" + f"IAQWERTYUIOP234567,{secret}\n")


def test_the_role_of_a_token_is_told() -> None:
    assert redact(web_token()) == "[redacted: JSON web token, service_role]"
    assert redact(web_token("anon")) == "[redacted: JSON web token, anon]"
    assert redact(web_token("<b>")) == "[redacted: JSON web token]"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("postgres://app:hunter2@db.test/x", "postgres://app:[redacted: password]@db.test/x"),
        ("redis://:hunter2@h:6379", "redis://:[redacted: password]@h:6379"),
        ("postgres://app:hun@ter2@db/x", "postgres://app:[redacted: password]@db/x"),
        ("postgres://app:hun/ter2@db/x", "postgres://app:[redacted: password]@db/x"),
        (
            "https://a.test/?to=mysql://u:hunter2@h/",
            "https://a.test/?to=mysql://u:[redacted: password]@h/",
        ),
        ("Authorization: Bearer hunter2hunter2", "Authorization: Bearer [redacted: credential]"),
        ("authorization: Basic aHVudGVyMg==", "authorization: Basic [redacted: credential]"),
        ("-H 'X-Api-Key: hunter2' a.test", "-H 'X-Api-Key: [redacted: credential]' a.test"),
        (
            "set-cookie: sid=hunter2; Path=/; Secure; HttpOnly; SameSite=Lax",
            "set-cookie: sid=[redacted: cookie]; Path=/; Secure; HttpOnly; SameSite=Lax",
        ),
        ("Cookie: a=hunter2; b=hunter3", "Cookie: a=[redacted: cookie]; b=[redacted: cookie]"),
        ('["set-cookie","sid=hunter2; Secure"]', '["set-cookie","sid=[redacted: cookie]; Secure"]'),
        ("fetch with bearer hunter2hunter2!", "fetch with bearer [redacted: credential]!"),
        ("DB_PASSWORD=hunter2", "DB_PASSWORD=[redacted: secret]"),
        ("DB_PASSWORD=two words; and more", "DB_PASSWORD=[redacted: secret]"),
        ("export SMTP_PASS='hunter2'", "export SMTP_PASS='[redacted: secret]'"),
        ('{"password":"hun\\"ter2","a":1}', '{"password":"[redacted: secret]","a":1}'),
        ('"{\\"clientSecret\\":\\"hunter2\\"}"', '"{\\"clientSecret\\":\\"[redacted: secret]\\"}"'),
        ("password: hunter2", "password: [redacted: secret]"),
        ("  - accessKey: hunter,2;x", "  - accessKey: [redacted: secret]"),
        ("API key: hunter2", "API key: [redacted: secret]"),
        ("it is password=hunter2, he said", "it is password=[redacted: secret], he said"),
        ("/reset?token=hunter2&x=1", "/reset?token=[redacted: secret]&x=1"),
        ("/login?code=hunter2&x=1", "/login?code=[redacted: token]&x=1"),
        ("jwtSecret => 'hunter2'", "jwtSecret => '[redacted: secret]'"),
        ("process.env['API_TOKEN'] = 'hunter2'", "process.env['API_TOKEN'] = '[redacted: secret]'"),
        ("MYDBPASSWORD=hunter2", "MYDBPASSWORD=[redacted: secret]"),
        ("STRIPE_SECRET_KEY_PROD=hunter2", "STRIPE_SECRET_KEY_PROD=[redacted: secret]"),
        ("A=1\\nPASSWORD=hunter2\\nB=2", "A=1\\nPASSWORD=[redacted: secret]\\nB=2"),
    ],
)  # fmt: skip
def test_what_is_called_a_secret_goes_and_its_place_stays(text: str, told: str) -> None:
    assert redact(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "acme.test. 300 IN A 192.0.2.7",
        "v=spf1 include:_spf.acme.test -all",
        "https://app.acme.test:8443/path?mail=ana@acme.test",
        "http://[2001:db8::1]:8080/?to=ana@acme.test",
        "PASSWORD=",
        "PASSWORD=${DB_PASSWORD}",
        "API_KEY=<your key>",
        "API_KEY=your-key-here",
        "SECRET=changeme",
        "TOKEN_URL=https://a.test/token",
        "PASSWORD_RESET_URL=https://a.test/reset",
        "NEXT_PUBLIC_SUPABASE_ANON_KEY=abcdefgh",
        "max_tokens: 4096",
        "Secrets: moved to the store on Monday",
        "The token: nobody has it now.",
        "authorization: checked with two accounts",
        "The cookie, which is new, is Secure",
        "risk-management-of-the-whole-company",
        "-----BEGIN PRIVATE KEY----- was found in src/key.ts",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
        "sha256 " + "ab" * 32,
        "strict-transport-security: max-age=31536000",
        "eyJ is how they begin",
        "two accounts saw nothing of each other at 14:02",
        "",
    ],
)
def test_innocent_text_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("form", [str, quote, lambda v: v.encode().hex(), json.dumps])
def test_a_known_value_goes_in_every_form(form: object) -> None:
    value = "correct horse/battery+stäple"
    told = redact(f"x{form(value)}y", [Secret(value)])  # type: ignore[operator]
    assert told.count("[redacted: known value]") == 1
    assert "battery" not in told


@pytest.mark.parametrize("lead", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_known_value_goes_in_base64_wherever_it_falls(lead: str, encode: object) -> None:
    value = "correct?horse>battery~staple"
    text = encode(f"{lead}{value} and more".encode()).decode()  # type: ignore[operator]
    told = redact(text, [Secret(value)])
    assert "[redacted: known value]" in told
    assert len(told) < len(text)


def test_a_short_known_value_goes_only_where_it_stands_alone() -> None:
    assert redact("cat concatenate", [Secret("cat")]) == "[redacted: known value] concatenate"
    assert redact("ab", [Secret("ab"), Secret("")]) == "ab"


def test_a_header_s_value_is_read_as_what_its_name_says() -> None:
    assert redact_header("set-cookie", "sid=hunter2; Secure") == "sid=[redacted: cookie]; Secure"
    assert redact_header("X-Api-Key", "hunter2") == "[redacted: credential]"
    assert redact_header("server", "nginx: all of it") == "nginx: all of it"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("password", True), ("smtpPassword", True), ("DB_PASS", True), ("apiKey", True),
        ("SECRET_KEY_BASE", True), ("SUPABASE_SERVICE_ROLE", True), ("aws_secret_access_key", True),
        ("x-api-key", True), ("REFRESH_TOKEN", True), ("x" * 300, True),
        ("pass", False), ("key", False), ("tokens", False), ("PASSWORD_MIN_LENGTH", False),
        ("TOKEN_TTL", False), ("secretary", False), ("STRIPE_PUBLISHABLE_KEY", False),
        ("primary_key", False), ("keyboard", False),
    ],
)  # fmt: skip
def test_names_that_promise_a_secret(name: str, says: bool) -> None:
    assert says_secret(name) is says


def test_placeholders_are_not_values() -> None:
    for value in ("xxxx", "****", "<key>", "[redacted: secret]", "$NAME", "op://vault/x", "none."):
        assert is_placeholder(value), value
    for value in ("hunter2", "password", "postgres", "Xx7!aa"):
        assert not is_placeholder(value), value


def test_ten_megabytes_of_everything_take_seconds() -> None:
    text = " ".join([*SHAPES.values(), *_HURTING.values(), "plain words, and a host acme.test"])
    began = time.perf_counter()
    assert BODY not in redact((text + "\n") * (10_000_000 // len(text)))
    assert time.perf_counter() - began < 60


@given(st.text())
def test_it_never_raises_and_twice_is_as_good_as_once(text: str) -> None:
    once = redact(text, [Secret(text[:9])] if len(text) > 20 else [])
    assert isinstance(once, str)


_MARKS = [
    "password",
    "=",
    ":",
    '"',
    "'",
    "\\",
    "cookie",
    "://",
    "@",
    "eyJ",
    "-----",
    "Bearer ",
    ",",
]
_MARKS += [";", "[redacted", "hunter2", "\ud800", "-----BEGIN RSA PRIVATE KEY-----", "\n", " "]
_PIECES = st.sampled_from([*(f" {shape} " for shape in SHAPES.values()), *_MARKS])


@settings(max_examples=300)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_pieces_in_any_order_neither_raise_nor_lose_their_secrets(text: str) -> None:
    told = redact(text)
    assert BODY[:30] not in told


_HURTING = {
    "letters": "a",
    "names": "password",
    "names with equals": "password=",
    "names with quotes": "password='",
    "names with both quotes": "password=\"password='",
    "names of placeholders": "password=<",
    "dots": "password.",
    "marks of redaction": "cookie: [redacted ",
    "cookies": "cookie:",
    "cookies with quotes": "'cookie:",
    "headers in sentences": "authorization: a a ",
    "headers in quotes": "'authorization': \"",
    "tokens": "eyJ",
    "dotted tokens": "eyJaaaaaaaaa.",
    "addresses": "://a:",
    "addresses with at": "://a:b@",
    "colons": "a:",
    "key headers": "-----BEGIN RSA PRIVATE KEY-----",
    "key headers with lines": "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAAAAA\n",
    "dashes": "-",
    "prefixes": "sk_live_",
    "dashed prefixes": "sk-",
    "bearers": "bearer ",
    "backslashes": "\\",
    "escaped names": 'token=\\"',
    "blanks": " ",
    "resend": "re_aaaaaa_",
    "sendgrid": "SG.aaaaaaaaaaaaaaaaaaaa",
    "settings": "a=b ",
}


@pytest.mark.parametrize("piece", _HURTING.values(), ids=list(_HURTING))
def test_text_made_to_hurt_takes_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        began = time.perf_counter()
        redact(text, [Secret("correct horse battery")])
        return time.perf_counter() - began

    assert seconds(2_000_000) < 20


def test_the_password_of_a_command_line_login_goes() -> None:
    for line in ("curl -u admin:{} https://x", "curl --user=admin:{}", "-u 'admin:{}' x"):
        assert BODY not in redact(line.format(BODY))
    assert redact("docker run -u 1000:1000 image") != ""
