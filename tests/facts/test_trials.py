"""Trying credentials: what is planned, what leaves, and what of the answer is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from launchready_tui.facts.trial_plan import CannotTry, Plan, Tried, not_in
from launchready_tui.facts.trials import plan_of
from launchready_tui.network import Options
from launchready_tui.network.seen import Request
from launchready_tui.network.talk import Ending
from launchready_tui.recording.trial_recording import not_proven, sent
from servers.pki import Pki
from servers.processes import free_port
from servers.scripted import Answer, Asked, Reply, running_script
from servers.smtp_sink import PASSWORD, USER, running_sink

BODY = "Q7XH4R9V2W8Z3K6N" * 2
STRIPE = "sk_" + "live_" + BODY
SENDGRID = "SG." + BODY + "." + BODY
HOST = "api.stripe.com"


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


def plan(value: str = STRIPE, name: str = "KEY", **beside: str) -> Plan:
    return plan_of(name, value, beside)


def test_what_went_wrong_names_the_host_once() -> None:
    for cause in ("it did not answer", f"{HOST} does not exist in DNS (NXDOMAIN)"):
        told = not_in(plan(), Ending(outcome="unknown", cause=cause))
        assert told.detail.count(HOST) == 1 and cause in told.detail


async def tried(pki: Pki, port: int, held: Plan, **how: float) -> tuple[Tried, list[Request]]:
    pin = f"{held.host}:{held.port}=127.0.0.1:{port}"
    options = Options(ca=str(pki.ca), connect=(pin,), handshake_timeout=2.0, **how)  # type: ignore[arg-type]
    told, requests = await sent(held, options, "Ana")
    text = repr((told, requests, held))
    assert not any(BODY[at : at + 6] in text for at in range(len(BODY) - 5))
    return told, list(requests)


async def answered(pki: Pki, answer: Answer, held: Plan | None = None) -> tuple[Tried, list[Asked]]:
    """What a provider that answers so comes to, and what it was asked."""
    held = held or plan()
    with running_script(answer, pki.good(held.host)) as desk:
        told, _ = await tried(pki, desk.port, held, hop_timeout=2.0)
        return told, desk.asked


def says(status: int, body: object, **headers: str) -> Answer:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda asked, before: Reply(status, named, text)


# ---------------------------------------------------------------- plans


def test_a_plan_says_where_it_goes_and_hides_the_value() -> None:
    held = plan()
    assert (held.way, held.where) == ("GET", "api.stripe.com port 443")
    assert "one GET of /v1/account" in held.sends
    assert "Authorization" in held.sends
    assert BODY not in held.sends + repr(held)
    assert held.scope("Ana").hosts == (HOST,)
    assert held.scope("Ana").named == ()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgres://app:{}@db.acme.test/a", "a certificate that is trusted"),
        ("postgres://app:{}@db.acme.test/a?sslmode=verify-full", "a certificate that is trusted"),
        ("postgresql+asyncpg://app:{}@db.acme.test/a?sslmode=require", "any certificate"),
        ("postgres://app:{}@db.acme.test/a?sslmode=disable", "without encryption"),
    ],
)
def test_a_database_is_reached_as_its_address_says(url: str, words: str) -> None:
    held = plan(url.format(BODY))
    assert (held.way, held.where) == ("SQL", "db.acme.test port 5432")
    assert words in held.sends
    assert held.scope("Ana").named == ("db.acme.test",)


def test_a_server_on_this_computer_needs_no_encryption() -> None:
    held = plan(f"postgres://app:{BODY}@localhost:5433/a")
    assert (held.where, held.encryption) == ("127.0.0.1 port 5433", "none")
    held = plan(f"postgres://app:{BODY}@localhost/a?sslmode=verify-full")
    assert held.encryption == "verified"


def test_a_mail_password_finds_its_server_beside_it() -> None:
    beside = {"SMTP_HOST": "smtp.esp.test", "SMTP_PORT": "465", "SMTP_USER": "apikey"}
    held = plan(BODY, "SMTP_PASSWORD", **beside)
    assert (held.way, held.where, held.user) == ("SMTP", "smtp.esp.test port 465", "apikey")
    held = plan(f"smtps://a:{BODY}@smtp.esp.test", "MAIL_URL")
    assert held.where == "smtp.esp.test port 465"


def test_a_database_s_password_finds_its_server_beside_it() -> None:
    beside = {"DB_HOST": "db.acme.test", "DB_PORT": "5432", "DB_USER": "app", "DB_NAME": "a"}
    held = plan(BODY, "DB_PASSWORD", **beside)
    assert (held.kind, held.way, held.where) == ("postgres-url", "SQL", "db.acme.test port 5432")
    assert (held.user, held.database, held.encryption) == ("app", "a", "verified")
    with pytest.raises(CannotTry, match="SHOW GRANTS"):
        plan(BODY, "DB_PASSWORD", **beside | {"DB_PORT": "3306"})
    held = plan(BODY, "REDIS_PASSWORD", REDIS_HOST="127.0.0.1", REDIS_PORT="6380")
    assert (held.kind, held.where) == ("redis-url", "127.0.0.1 port 6380")
    with pytest.raises(CannotTry, match="not known"):
        plan(BODY, "DB_PASSWORD", **beside | {"DB_HOST": ""})


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("X", "a", "not known"),
        ("SMTP_PASSWORD", BODY, "the server's host"),
        ("HOOK", "https://hooks.slack" + ".com/services/T/B/" + BODY, "writes a message"),
        ("AWS_ID", "AKIA" + "Q7XH4R2V2W7Z3K6N", "ID:SECRET"),
        ("DATABASE_URL", f"mysql://a:{BODY}@db.acme.test/a", "SHOW GRANTS FOR CURRENT_USER;"),
        ("MONGO_URL", f"mongodb+srv://a:{BODY}@db.acme.test/a", "showPrivileges"),
        ("DATABASE_URL", f"sqlserver://db.acme.test;user=a;password={BODY}", "no sign-in to one"),
        ("QUEUE_URL", f"amqps://a:{BODY}@mq.acme.test", "no harmless call"),
        ("DATABASE_URL", "postgres://db.acme.test/a", "no user and password"),
        ("DATABASE_URL", f"postgres://a:{BODY}@/run/postgres/a", "is none"),
        ("NEXT_PUBLIC_KEY", "pk_" + "live_" + BODY, "no harmless call"),
    ],
)
def test_what_is_not_tried_says_why_and_nothing_of_the_value(
    name: str, value: str, why: str
) -> None:
    with pytest.raises(CannotTry, match=why) as raised:
        plan(value, name)
    assert BODY[:6] not in str(raised.value)


# ---------------------------------------------------------------- providers


async def test_one_get_with_the_key_in_its_header_and_no_more(pki: Pki) -> None:
    told, asked = await answered(pki, says(200, {"id": "acct_1"}))
    assert (told.result, told.detail) == ("works", f"HTTP 200 from {HOST}")
    ((method, path, headers),) = [(a.method, a.path, a.headers) for a in asked]
    assert (method, path, headers["authorization"]) == ("GET", "/v1/account", f"Bearer {STRIPE}")


async def test_a_restricted_key_is_good_news(pki: Pki) -> None:
    told, _ = await answered(pki, says(403, {"error": {}}))
    assert (told.result, told.narrow) == ("restricted", True)
    assert "still works" in not_proven(told)


async def test_a_dead_key_is_refused_and_that_is_a_proof(pki: Pki) -> None:
    told, _ = await answered(pki, says(401, {"error": {"type": "invalid_request_error"}}))
    assert (told.result, told.code) == ("refused", "HTTP 401")
    assert not_proven(told) == ""


async def test_a_403_is_no_proof_even_where_it_is_the_documented_refusal(pki: Pki) -> None:
    token = plan("Abcdefghij" * 3, "VERCEL_TOKEN")
    told, _ = await answered(pki, says(403, {"error": {"invalidToken": True}}), token)
    assert (told.result, told.code) == ("refused", "HTTP 403")
    assert "no proof" in not_proven(told)


async def test_scopes_beyond_sending_are_kept_by_name(pki: Pki) -> None:
    body = {"scopes": ["mail.send", "api_keys.create", SENDGRID]}
    told, _ = await answered(pki, says(200, body), plan(SENDGRID))
    assert (told.result, told.too_wide, told.narrow) == ("works", ("api_keys.create",), False)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (says(302, {}, location="https://evil.test/"), "HTTP 302"),
        (says(200, b"<html>please sign in to the wireless network"), "HTTP 200"),
        (says(500, {"error": STRIPE}), "HTTP 500"),
        (says(200, b""), "HTTP 200"),
        (lambda asked, before: Reply(after=6.0), "no answer"),
        (says(200, b"\x1f\x8b" + b"\0" * 400, content_encoding="gzip"), "HTTP 200"),
    ],
    ids=["redirect", "portal", "broken", "empty", "hangs", "compressed"],
)
async def test_what_says_nothing_of_the_key_stays_unknown(
    answer: Answer, why: str, pki: Pki
) -> None:
    told, asked = await answered(pki, answer)
    assert (told.result, len(asked)) == ("unknown", 1)
    assert why in told.detail
    assert not_proven(told).startswith("Not known")


async def test_a_provider_that_repeats_the_key_leaves_nothing_of_it(pki: Pki) -> None:
    text = json.dumps({"id": STRIPE, "error": STRIPE}).encode()
    answer: Answer = lambda asked, before: Reply(200, {"x-key": STRIPE}, text)  # noqa: E731
    told, _ = await answered(pki, answer)
    assert told.result == "works"


async def test_ten_megabytes_are_not_read(pki: Pki) -> None:
    told, _ = await answered(pki, says(401, b'{"a": "' + b"x" * 10_000_000 + b'"}'))
    assert told.result == "refused"


async def test_no_key_leaves_over_a_certificate_that_is_not_trusted(
    pki: Pki, tmp_path: Path
) -> None:
    with running_script(papers=Pki(tmp_path).good(HOST)) as desk:
        told, _ = await tried(pki, desk.port, plan())
        assert (told.result, desk.asked) == ("unknown", [])
    assert "not trusted" in told.detail


async def test_where_nobody_listens_nothing_is_known(pki: Pki) -> None:
    told, requests = await tried(pki, free_port(), plan())
    assert told.result == "unknown"
    assert [(r.method, r.level, r.path) for r in requests] == [("GET", "active", "/v1/account")]


async def test_a_providers_name_that_leads_inside_is_not_asked(pki: Pki) -> None:
    held = Options(ca=str(pki.ca), resolver="192.0.2.1:53", dns_wait=0.1)
    told, requests = await sent(plan(), held, "Ana")
    assert told.result == "unknown"
    assert not [r for r in requests if r.method == "GET"]


# ---------------------------------------------------------------- mail


async def test_a_mail_login_is_tried_without_a_mail(pki: Pki) -> None:
    beside = {"SMTP_HOST": "smtp.esp.test", "SMTP_USER": USER}
    with running_sink(pki.good("smtp.esp.test")) as sink:
        told, _ = await tried(pki, sink.port, plan(PASSWORD, "SMTP_PASSWORD", **beside))
        assert told.result == "works"
        told, _ = await tried(pki, sink.port, plan("another-word", "SMTP_PASSWORD", **beside))
        assert (told.result, told.detail) == ("refused", "SMTP 535 from smtp.esp.test")
        assert sink.letters == []
    told, _ = await tried(pki, free_port(), plan(PASSWORD, "SMTP_PASSWORD", **beside))
    assert told.result == "unknown"
