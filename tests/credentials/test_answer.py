"""What a provider's answer says of a credential, row by row of the table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.credentials.answer import Understood, understand
from launchready_tui.credentials.kinds import LiveCall, by_id, kinds
from launchready_tui.secret import Secret

VALUE = "Q7XH4R9V2W8Z3K6N" * 2
CALLS = {kind.id: kind.call for kind in kinds() if kind.call}


def call(id: str) -> LiveCall:
    kind = by_id(id)
    assert kind is not None and kind.call is not None
    return kind.call


def read(
    id: str, status: int, body: object = None, headers: Mapping[str, str] | None = None
) -> Understood:
    held = headers or {}
    text = body if isinstance(body, str) else json.dumps({} if body is None else body)
    return understand(call(id), status, lambda name: held.get(name, ""), text, Secret(VALUE))


MISSING = "You have insufficient permissions for this operation. Missing scopes: api.model.read."
OK, DEAD, LESS, SILENT = "works", "refused", "restricted", "unknown"


@pytest.mark.parametrize(
    ("id", "status", "body", "means"),
    [
        ("stripe-secret", 200, {"id": "acct"}, OK),
        ("stripe-restricted", 403, {"error": {}}, LESS),
        ("stripe-restricted", 401, {"error": {}}, DEAD),
        ("stripe-secret", 429, {"error": {}}, SILENT),
        ("stripe-secret", 500, {}, SILENT),
        ("stripe-secret", 302, {}, SILENT),
        ("stripe-secret", 200, "<html>Welcome to the hotel", SILENT),
        ("stripe-secret", 401, "", SILENT),
        ("cloudflare-token", 200, {"result": {"status": "active"}}, OK),
        ("cloudflare-token", 200, {"result": {"status": "disabled"}}, DEAD),
        ("cloudflare-token", 200, {"result": {"status": "new"}}, SILENT),
        ("cloudflare-token", 200, {"result": None}, SILENT),
        ("cloudflare-token", 401, {}, DEAD),
        ("cloudflare-token-old", 401, {}, SILENT),
        ("resend-key", 401, {"name": "restricted_api_key"}, LESS),
        ("resend-key", 400, {"name": "validation_error", "message": "API key is invalid"}, DEAD),
        ("resend-key", 400, {"name": "validation_error", "message": "Invalid `limit`"}, SILENT),
        ("resend-key", 401, {"name": "invalid_api_key"}, DEAD),
        ("resend-key", 401, {}, SILENT),
        ("slack-token", 200, {"ok": True}, OK),
        ("slack-token", 200, {"ok": False, "error": "token_revoked"}, DEAD),
        ("slack-token", 200, {"ok": False, "error": "ratelimited"}, SILENT),
        ("slack-token", 200, {"ok": False, "error": "invalid_auth"}, SILENT),
        ("vercel-token", 403, {"error": {"invalidToken": True}}, DEAD),
        ("vercel-token", 403, {"error": {"code": "forbidden"}}, SILENT),
        ("openai-key", 401, {"error": {"code": "invalid_api_key"}}, DEAD),
        ("openai-key", 401, {"error": {"code": None}}, SILENT),
        ("openai-key", 401, {"error": {"code": None, "message": MISSING}}, LESS),
        ("openai-key", 429, {"error": {"code": None, "message": MISSING}}, SILENT),
        ("anthropic-key", 200, {"data": []}, OK),
        ("postmark-server", 401, {"ErrorCode": 10}, DEAD),
        ("github-classic", 403, {}, SILENT),
    ],
)
def test_only_what_a_provider_documents_counts(
    id: str, status: int, body: object, means: str
) -> None:
    assert read(id, status, body).means == means


def test_scopes_are_read_from_a_header_or_a_list() -> None:
    told = read("github-classic", 200, {}, {"x-oauth-scopes": "read:user, repo, admin:org"})
    assert (told.scopes, told.too_wide, told.narrow) == (3, ("admin:org", "repo"), False)
    told = read("sendgrid-key", 200, {"scopes": ["mail.send", "2fa_required"]})
    assert (told.too_wide, told.narrow) == ((), True)
    told = read("sendgrid-key", 200, {"scopes": ["mail.send", "api_keys.create", 7, None]})
    assert (told.too_wide, told.narrow) == (("api_keys.create",), False)
    told = read("sendgrid-key", 200, {"scopes": "mail.send"})
    assert (told.scopes, told.narrow) == (0, False)


def test_a_day_it_ends_is_read_and_nothing_else_of_the_text() -> None:
    told = read(
        "github-fine-grained",
        200,
        {},
        {"github-authentication-token-expiration": "2027-02-20 10:00:00 UTC"},
    )
    assert told.expires == date(2027, 2, 20)
    told = read("cloudflare-token", 200, {"result": {"status": "active", "expires_on": VALUE}})
    assert told.expires is None


@pytest.mark.parametrize(
    "scope", [f"admin:{VALUE}", f"admin:{VALUE[3:12]}", "admin:\u202e", "admin: x"]
)
def test_a_scope_that_repeats_the_credential_is_not_kept(scope: str) -> None:
    told = read("github-classic", 200, {}, {"x-oauth-scopes": scope})
    assert told.too_wide == ()


@given(
    st.sampled_from(sorted(CALLS)),
    st.integers(100, 599),
    st.one_of(
        st.text(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.text(max_size=8) | st.just(VALUE),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["result", "status", "scopes", "ok", "error", "name", "code"]),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=12,
        ).map(json.dumps),
    ),
    st.dictionaries(
        st.sampled_from(["x-oauth-scopes", "github-authentication-token-expiration"]),
        st.text(max_size=60) | st.just(f"admin:{VALUE}, {VALUE}"),
    ),
)
def test_any_answer_is_read_and_nothing_of_the_credential_comes_out(
    id: str, status: int, body: str, headers: dict[str, str]
) -> None:
    told = repr(read(id, status, body, headers))
    assert not any(VALUE[at : at + 6] in told for at in range(len(VALUE) - 5))


def test_deep_nesting_is_unknown() -> None:
    assert read("slack-token", 200, "[" * 60_000).means == SILENT
