"""Berth desk over real HTTPS: sign in, work with records, sign out, and what others may not do."""

from __future__ import annotations

import json
import re
import sqlite3

import pytest

from demo.raw import Browser
from launchready_tui.demo import Lab
from launchready_tui.demo.berthdesk.application import FORM_LIMIT

APP = "https://app.harbour-ops.test"
API = "https://api.harbour-ops.test"


@pytest.fixture
def browser(lab: Lab) -> Browser:
    return Browser(lab)


@pytest.fixture
def signed_in(lab: Lab, browser: Browser) -> Browser:
    name, password = lab.login
    answer = browser.post(f"{APP}/login", name=name, password=password)
    assert (answer.status, answer.location) == (303, "/orders")
    return browser


def test_a_work_order_is_created_changed_and_deleted(signed_in: Browser) -> None:
    made = signed_in.post(f"{APP}/orders", title="Loose <fender>", berth="Berth 9")
    assert made.status == 303
    number = re.fullmatch(r"/orders/(\d+)", made.location)
    assert number
    one = f"{APP}{made.location}"
    assert 'value="Loose &lt;fender&gt;"' in signed_in.get(one).body
    changed = signed_in.post(one, title="Fender fixed", berth="Berth 9", state="done")
    assert changed.status == 303
    listed = signed_in.get(f"{APP}/orders").body
    assert "Fender fixed" in listed
    assert "Loose" not in listed
    assert signed_in.post(f"{one}/delete").status == 303
    assert signed_in.get(one).status == 404
    assert "Fender fixed" not in signed_in.get(f"{APP}/orders").body


def test_without_a_session_everything_leads_to_the_sign_in_page(browser: Browser) -> None:
    for path in ("/orders", "/orders/new", "/orders/1"):
        answer = browser.get(APP + path)
        assert (answer.status, answer.location) == (302, "/login")
    assert browser.post(f"{APP}/orders/1/delete").location == "/login"
    assert "password" in browser.get(f"{APP}/login").body


def test_a_wrong_password_opens_nothing(lab: Lab, browser: Browser) -> None:
    for name, password in ((lab.login[0], "wrong"), ("nobody", ""), ("", "")):
        answer = browser.post(f"{APP}/login", name=name, password=password)
        assert answer.status == 401
        assert not browser.cookies


def test_the_cookie_is_for_this_host_only_and_out_of_reach_of_scripts(browser: Browser) -> None:
    name, password = browser.lab.login
    header = browser.post(f"{APP}/login", name=name, password=password).headers["set-cookie"]
    assert header.startswith("__Host-")
    for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert word in header
    assert "Domain" not in header


def test_after_signing_out_the_old_cookie_is_dead(signed_in: Browser) -> None:
    old = dict(signed_in.cookies)
    assert signed_in.post(f"{APP}/logout").status == 303
    assert not signed_in.cookies
    signed_in.cookies = old
    assert signed_in.get(f"{APP}/orders").location == "/login"


def test_a_form_from_another_site_is_refused(signed_in: Browser) -> None:
    refused = signed_in.post(f"{APP}/orders", origin="https://evil.test", title="x", berth="y")
    assert refused.status == 403
    taken = signed_in.post(f"{APP}/orders", origin=APP, title="x", berth="y")
    assert taken.status == 303


def test_pages_with_records_are_never_for_a_shared_cache(signed_in: Browser) -> None:
    for path in ("/", "/orders", "/orders/1"):
        assert signed_in.get(APP + path).headers["cache-control"] == "private, no-store"


def test_an_incomplete_or_endless_form_changes_nothing(signed_in: Browser) -> None:
    before = signed_in.get(f"{APP}/orders").body
    assert signed_in.post(f"{APP}/orders", title="  ", berth="x").status == 422
    assert signed_in.post(f"{APP}/orders", title="x" * FORM_LIMIT, berth="x").status == 422
    assert signed_in.post(f"{APP}/orders/1", title="x", berth="x", state="lost").status == 422
    assert signed_in.post(f"{APP}/orders/9999", title="x", berth="x", state="done").status == 404
    assert signed_in.get(f"{APP}/orders").body == before


def test_health_tells_the_release_and_looks_at_the_database(browser: Browser) -> None:
    answer = browser.get(f"{APP}/healthz")
    assert answer.status == 200
    assert json.loads(answer.body) == {"status": "ok", "release": "2.4.1"}


def test_the_api_wants_a_token(lab: Lab, browser: Browser) -> None:
    assert browser.get(f"{API}/v1/orders").status == 401
    wrong = {"Authorization": "Bearer wrong"}
    assert browser.get(f"{API}/v1/orders", headers=wrong).status == 401
    right = {"Authorization": f"Bearer {lab.company.api_token}"}
    answer = browser.get(f"{API}/v1/orders", headers=right)
    assert answer.status == 200
    assert json.loads(answer.body)["orders"]


def test_the_database_holds_no_password_and_no_session_token(lab: Lab, signed_in: Browser) -> None:
    with sqlite3.connect(lab.folder / "desk.sqlite") as database:
        held = str(database.execute("SELECT * FROM people").fetchall())
        held += str(database.execute("SELECT * FROM sessions").fetchall())
    assert lab.login[1] not in held
    assert all(token not in held for token in signed_in.cookies.values())
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
