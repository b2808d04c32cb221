"""Cookies, scripts and sites as the tables know them."""

from __future__ import annotations

import time

import pytest

from launchready_tui.facts.web_tables import (
    cookie_row,
    same_site,
    script_row,
    shared_by_strangers,
    site_of,
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("session", "session"),
        ("__Host-session", "session"),
        ("connect.sid", "session"),
        ("PHPSESSID", "session"),
        ("acme_session", "session"),
        ("__Secure-next-auth.session-token.0", "session"),
        ("sb-abcdef-auth-token.1", "session"),
        ("accessToken", "session"),
        ("remember_me", "session"),
        ("csrftoken", "other"),
        ("session-csrf", "other"),
        ("next-auth.callback-url", "other"),
        ("oauth_state", "other"),
        ("AWSALB", "other"),
        ("heroku-session-affinity", "other"),
        ("_hjSessionUser_1", "other"),
        ("intercom-session-abc", "other"),
        ("__stripe_sid", "other"),
        ("sidebar_state", ""),
        ("author", ""),
        ("theme", ""),
        ("user_id", ""),
    ],
)
def test_a_cookies_name_says_what_it_is_for(name: str, kind: str) -> None:
    row = cookie_row(name)
    assert (row.kind if row else "") == kind


@pytest.mark.parametrize("piece", ["a", "_", "session_", "csr", "sid."])
def test_no_name_takes_long(piece: str) -> None:
    started = time.process_time()
    cookie_row(piece * 100_000)
    assert time.process_time() - started < 1


def test_payment_chat_and_measuring_change_and_libraries_do_not() -> None:
    for host in ("js.stripe.com", "www.googletagmanager.com", "x.clerk.accounts.dev"):
        row = script_row(host)
        assert row is not None
        assert row.changes, host
    for host in ("cdn.jsdelivr.net", "unpkg.com", "cdn.polyfill.io"):
        row = script_row(host)
        assert row is not None
        assert not row.changes, host
    assert script_row("notunpkg.com") is None


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("app.acme.test", "acme.test"),
        ("acme.co.uk", "acme.co.uk"),
        ("a.acme.co.uk", "acme.co.uk"),
        ("acme.up.railway.app", "acme.up.railway.app"),
        ("x.acme.vercel.app", "acme.vercel.app"),
        ("vercel.app", "vercel.app"),
    ],
)
def test_a_site_is_what_one_owner_has(host: str, site: str) -> None:
    assert site_of(host) == site


def test_two_customers_of_a_platform_are_two_sites() -> None:
    assert not same_site("a.vercel.app", "b.vercel.app")
    assert same_site("app.acme.test", "api.acme.test")


def test_no_cookie_is_kept_for_an_ending_that_many_own() -> None:
    assert shared_by_strangers("up.railway.app")
    assert shared_by_strangers("co.uk")
    assert shared_by_strangers("com")
    assert not shared_by_strangers("acme.test")
    assert not shared_by_strangers("app.acme.test")
