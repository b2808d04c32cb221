"""Shipped code gives its keys away by what they are, and libraries give away nothing."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facts.bundles import (
    ANON,
    LIBRARIES,
    LIVE,
    REF,
    SECRETS,
    SERVICE,
    TEST,
    clerk,
    drawn,
    minified,
    token,
)
from launchready_tui.facts.bundle import AFTER, BLOCK, MOST_PLACES, Scanner, scan
from launchready_tui.facts.shipped import Hit, Sheet


def read(code: str | bytes, *, block: int = BLOCK, settings: bool = False) -> Sheet:
    scanner = Scanner(block=block, settings=settings)
    scanner.feed(code.encode() if isinstance(code, str) else code)
    return scanner.end()


def kinds(code: str | bytes) -> list[str]:
    return [hit.kind for hit in read(code).hits]


def ids(code: str) -> set[tuple[str, str, str]]:
    return {(h.platform, h.name, h.mode) for h in read(code).hits if h.kind == "id"}


# ---------------------------------------------------------------- keys


def test_a_service_key_is_decoded_and_an_anon_key_is_public() -> None:
    sheet = read(f'const a="https://{REF}.supabase.co",b=createClient(a,"{ANON}"),c="{SERVICE}";')
    assert [(h.kind, h.name) for h in sheet.hits] == [
        ("id", REF),
        ("id", REF),
        ("service-key", REF),
    ]
    assert sheet.keys == {REF: ANON}


def test_the_newer_keys_of_supabase_say_what_they_are() -> None:
    public = "sb_" + "publishable_" + drawn(31)
    sheet = read(f'a="{public}";b="{SECRETS["Supabase secret"]}"')
    assert [h.kind for h in sheet.hits] == ["id", "service-key"]
    assert sheet.keys == {"": public}


def test_the_demo_s_service_key_is_told_apart() -> None:
    (hit,) = read(f'"{token("service_role", "supabase-demo", "")}"').hits
    assert (hit.kind, hit.sure) == ("service-key", False)


@pytest.mark.parametrize("code", [token("authenticated"), token("anon", "desk"), "eyJ.eyJ.x"])
def test_other_tokens_are_nobody_s_business(code: str) -> None:
    assert not read(f'"{code}"').hits


@pytest.mark.parametrize("secret", [v for k, v in SECRETS.items() if k != "Supabase secret"])
def test_a_private_key_is_known_by_its_shape(secret: str) -> None:
    (hit,) = read(f'headers:{{Authorization:"Bearer "+k}},k="{secret}"').hits
    assert (hit.kind, hit.sure) == ("secret", True)
    assert secret[12:] not in hit.detail


def test_one_of_a_test_mode_is_told_apart() -> None:
    assert kinds(f'"{TEST}"') == ["test-secret"]


@pytest.mark.parametrize(
    "code",
    [
        LIBRARIES,
        '"sk_' + 'live_xxxxxxxxxxxxxxxxxxxxxxxx"',
        '"sk_' + 'live_your_secret_key_goes_here_1"',
        '"AK' + 'IAIOSFODNN7EXAMPLE"',
        '"task-' + drawn(40) + '"',
        "class='sk-" + "-".join(["cube"] * 9) + "1'",
        "postgres" + "://user:password@localhost:5432/db",
        "postgres" + "://${USER}:${PASSWORD}@db/desk",
        '"https://' + "0123456789abcdef" * 2 + '@o1.ingest.sentry.io/2"',
        f'"X-Amz-Credential={"AK" + "IA"}{drawn(16).upper()}%2F20260101"',
    ],
)
def test_what_only_looks_like_a_private_key_is_none(code: str) -> None:
    assert not set(kinds(code)) & {"secret", "service-key", "test-secret", "maybe-secret"}


def test_half_of_an_amazon_key_is_likely_and_both_halves_are_certain() -> None:
    name = "AK" + "IA" + drawn(16).upper()
    (half,) = read(f'"{name}"').hits
    (whole,) = read(f'accessKeyId:"{name}",secretAccessKey:"{drawn(40)}"').hits
    assert (half.sure, whole.sure) == (False, True)


def test_a_google_key_counts_only_beside_gemini_and_without_firebase() -> None:
    key = "AI" + "za" + drawn(35)
    gemini = "https://generativelanguage.googleapis.com/v1beta"
    assert kinds(f'k="{key}";') == []
    assert kinds(f'k="{key}";fetch("{gemini}")') == ["maybe-secret"]
    assert "maybe-secret" not in kinds(
        f'{{apiKey:"{key}",authDomain:"acme.firebaseapp.com"}};fetch("{gemini}")'
    )


def test_public_keys_say_which_platform_project_and_mode() -> None:
    assert ids(f'"{clerk("test", "busy-bee-12.clerk.accounts.dev")}"') == {
        ("clerk", "busy-bee-12.clerk.accounts.dev", "test")
    }
    assert ids('"pk_' + f'live_{drawn(24)}"') == {("stripe", "", "live")}
    assert ids('"pk.' + f'eyJ{drawn(40)}.{drawn(22)}"') == {("mapbox", "", "")}
    assert ids('"phc_' + f'{drawn(43)}"') == {("posthog", "", "")}
    assert ids('authDomain:"acme-desk.firebaseapp.com"') == {("firebase", "acme-desk", "")}
    assert ids('"https://acme-desk-default-rtdb.firebaseio.com"') == {
        ("firebase", "acme-desk-default-rtdb.firebaseio.com", "")
    }
    assert ids('"https://' + "0123456789abcdef" * 2 + '@o77.ingest.de.sentry.io/4"') == {
        ("sentry", "o77.ingest.de.sentry.io", "")
    }


def test_settings_are_read_by_name_where_a_page_lists_them() -> None:
    code = (
        f'window.__ENV={{"SMTP_PASSWORD":"{drawn(20)}","NEXT_PUBLIC_MODE":"live-and-well",'
        f'"CSRF_SECRET":"{drawn(30)}","JWT_SECRET":"changeme","FIREBASE_API_KEY":"{drawn(30)}"}}'
    )
    assert [hit.name for hit in scan(code, settings=True)] == ["SMTP_PASSWORD"]
    assert scan(code) == ()


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("code", "modes"),
    [
        ('const a="http://localhost:3001/api/orders"', ["path"]),
        ('axios.create({baseURL:"http://localhost:8000"})', ["call"]),
        ("fetch(`http://127.0.0.1:5000`)", ["call"]),
        ('new WebSocket("ws://localhost:8080")', ["call"]),
        ('{VITE_API_URL:"http://localhost:3001",MODE:"production"}', ["call"]),
        ('const Ae="http://localhost:3001";function b(){return x(`${Ae}/orders`)}', ["call"]),
        ('var Ae="http://localhost:3001";x("".concat(Ae,"/orders"))', ["call"]),
        ('fetch("http://192.168.1.20:8000/api")', ["call"]),
        ('const a="http://localhost:3001"', ["bare"]),
        ('u=location.hostname==="localhost"?"http://localhost:3001/api":"/api"', ["bare"]),
        ('u=location.origin.includes("localhost")?"http://localhost:3001/api":"/api"', ["bare"]),
        ('const a=new URL(t,"http://localhost")', []),
        ("// see http://localhost:3000/docs for more", []),
        ('"run it and open http://localhost:3000/docs"', []),
        ('location.hostname==="localhost"', []),
        (LIBRARIES, []),
    ],
)
def test_an_address_of_this_computer_counts_where_the_app_calls_it(
    code: str, modes: list[str]
) -> None:
    assert [hit.mode for hit in read(code).hits if hit.kind == "local"] == modes


def test_a_tunnel_is_named_with_who_runs_it_and_a_link_to_its_maker_is_not() -> None:
    (hit,) = read('fetch("https://a1b2.ngrok-free.app/api")').hits
    assert (hit.kind, hit.name, hit.platform) == ("dev-host", "a1b2.ngrok-free.app", "ngrok")
    assert kinds('"https://codesandbox.io/s/new","https://www.gitpod.io/docs"') == []


def test_buckets_whose_files_need_no_key_are_collected() -> None:
    sheet = read(
        f'"https://{REF}.supabase.co/storage/v1/object/public/invoices/2026/a.pdf",'
        '"/storage/v1/object/sign/payslips/a.pdf","/object/public/",`/object/public/${b}/x`'
    )
    assert sheet.buckets == {"invoices"}


def test_tables_and_calls_are_collected() -> None:
    sheet = read(
        'await e.from("orders").select(),supabase.from(`people`),Array.from("abc"),'
        'x.storage.from("avatars"),Buffer.from("desk"),fetch("/api/orders?x=1"),'
        'axios.create({baseURL:"/rest/v2"}),n.get("/api/me"),`https://api.acme.test/v1/${t}`'
    )
    assert sheet.tables == {"orders", "people"}
    assert sheet.api >= {"/api/orders", "/rest/v2", "/api/me", "https://api.acme.test/v1/"}


# ---------------------------------------------------------------- streams

PLANTED = [
    SERVICE,
    ANON,
    LIVE,
    SECRETS["SendGrid"],
    SECRETS["PEM"],
    SECRETS["database"],
    "http://localhost:3001/api",
    clerk("test", "busy-bee-12.clerk.accounts.dev"),
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*PLANTED, LIBRARIES, "eyJ", "://", "sk-", "_live_"]), max_size=8),
       st.lists(st.integers(1, 900), max_size=12), st.integers(1, 3_000))  # fmt: skip
def test_any_split_and_any_block_give_the_same_sheet(
    texts: list[str], cuts: list[int], block: int
) -> None:
    code = minified(4_000, *texts)
    whole = read(code)
    scanner = Scanner(block=block)
    rest = code
    for cut in cuts:
        scanner.feed(rest[:cut])
        rest = rest[cut:]
    scanner.feed(rest)
    pieces = scanner.end()
    assert pieces.hits == whole.hits
    assert (pieces.keys, pieces.tables, pieces.api, pieces.imports, pieces.map) == (
        whole.keys,
        whole.tables,
        whole.api,
        whole.imports,
        whole.map,
    )


@pytest.mark.parametrize("before", range(BLOCK - 260, BLOCK + 20, 20))
def test_what_lies_across_two_blocks_is_found(before: int) -> None:
    code = b" " * before + f'"{SERVICE}"'.encode() + b" " * (AFTER + BLOCK)
    (hit,) = read(code).hits
    assert (hit.kind, hit.at) == ("service-key", before + 1)


@settings(deadline=None)
@given(st.binary(max_size=3_000), st.booleans())
def test_any_bytes_are_read(code: bytes, settings: bool) -> None:
    assert isinstance(read(code, settings=settings), Sheet)


SIGNS = [
    *("eyJ", ".eyJ", "sk_live_", "pk_test_", "://", "localhost", ":1/", '"', "`", "AKIA", "m.f=["),
    *('static/chunks/"+e+".', '{1:"a"}[e]+".js"', "sourceMappingURL=", ".from(", "fetch(", "é"),
    *("PRIVATE KEY-----", "x" * 40, "@", "sb_secret_", "import(", "JWT_SECRET:", "\n"),
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(SIGNS), max_size=60))
def test_any_heap_of_signs_is_read(parts: list[str]) -> None:
    assert all(isinstance(hit, Hit) for hit in read("".join(parts), settings=True).hits)


@pytest.mark.parametrize(
    "sign",
    ["eyJ", "://", "sk-", "_live_", '"/api/', ".from(", "m.f=[", 'static/js/"+', "AKIA", "A_"],
)
def test_a_file_made_of_one_sign_takes_linear_time(sign: str) -> None:
    def spent(count: int) -> float:
        started = time.process_time()
        read(sign * count, settings=True)
        return time.process_time() - started

    spent(1_000)
    assert spent(40_000) < 40 * max(spent(4_000), 0.01)


def test_a_heap_of_one_sign_is_looked_at_only_so_often() -> None:
    scanner = Scanner()
    scanner.feed(b"postgres://" * (MOST_PLACES + 5) + f'"{SERVICE}"'.encode())
    assert [hit.kind for hit in scanner.end().hits] == ["service-key"]
    assert scanner.crowded


def test_thirty_megabytes_pass_through_a_small_window() -> None:
    part = minified(65_536)
    scanner = Scanner()
    tracemalloc.start()
    try:
        for _ in range(230):
            scanner.feed(part)
        scanner.feed(f'"{SERVICE}"'.encode())
        for _ in range(230):
            scanner.feed(part)
        (hit,) = scanner.end().hits
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert hit.at == 230 * len(part) + 1
    assert scanner.size > 30_000_000
    assert peak < 4 * (BLOCK + AFTER)
