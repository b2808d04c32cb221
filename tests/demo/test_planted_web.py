"""The web servers of the lab: what only looks wrong there, and that mending leaves them at work."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from demo.proofs_web import APP, COOKIE, PROOFS, as_tester, directive, front, seen
from demo.raw import Browser
from launchready_tui.demo import Lab
from launchready_tui.demo.admin_web import SAID
from launchready_tui.demo.site_faults import WebFault
from launchready_tui.demo.truth import read_truth

API = "https://api.harbour-ops.test"
OLD = "https://old.harbour-ops.test"
PREVIEW = "harbour-ops-pr-12.onrender.com"
SCRIPT = f"{APP}/static/desk-8c41f2d09a.js"
STYLE = f"{APP}/static/desk-5b7e20c4d1.css"
SOUND = (
    "strict-transport-security",
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
)


def test_every_fault_of_the_web_is_planted_proven_and_repaired() -> None:
    faults = set(get_args(WebFault))
    assert set(SAID) == set(PROOFS) == faults
    assert faults <= {fault.code for fault in read_truth().planted}


@pytest.fixture
def mended(own_lab: Lab) -> Lab:
    for fault in own_lab.truth.planted:
        own_lab.fix(fault.code, fault.subject)
    return own_lab


def test_a_mended_company_sends_every_header_a_browser_should_be_told(mended: Lab) -> None:
    for host in ("", "www.", "app.", "api.", "old.", "status.", "jobs.", "tide.", "admin."):
        for path in ("/", "/nothing-here"):
            answer = Browser(mended).get(f"https://{host}harbour-ops.test{path}")
            for name in SOUND:
                assert len(answer.headers.get_all(name) or ()) == 1, (host, path, name)


def test_one_repair_leaves_the_other_faults_alone(own_lab: Lab) -> None:
    own_lab.fix("csp-weak", "app.harbour-ops.test")
    left = {f.code: f.subject for f in own_lab.truth.planted if f.code in PROOFS}
    proven = {code for code, subject in left.items() if PROOFS[code](own_lab, subject)}
    assert set(left) - proven == {"csp-weak"}


def test_a_limit_holds_back_who_guesses_and_nobody_else(mended: Lab) -> None:
    browser = Browser(mended)
    for _ in range(6):
        last = browser.post(f"{APP}/login", name="ada", password="guess")
    assert (last.status, last.headers["retry-after"]) == (429, "60")
    assert as_tester(mended).get(f"{APP}/orders").status == 200


def test_after_signing_in_the_visitors_old_id_is_worth_nothing(mended: Lab) -> None:
    browser = Browser(mended)
    line = browser.get(f"{APP}/login").headers["set-cookie"]
    old = dict(browser.cookies)
    assert "HttpOnly" in line
    inside = as_tester(mended)
    assert inside.cookies["app.harbour-ops.test", COOKIE] not in old.values()
    browser.cookies = old
    assert browser.get(f"{APP}/orders").location == "/login"


def test_the_session_that_the_audit_is_given_opens_the_private_pages(lab: Lab) -> None:
    cookie = {"Cookie": lab.secrets["test-session"]}
    for url in lab.web.private:
        assert Browser(lab).get(url, headers=cookie).status == 200
        assert "audit.tester" in Browser(lab).get(f"{url}?own=1", headers=cookie).body


class TestLookAlikes:
    """Each of these is as innocent as truth.toml says."""

    def test_the_old_server_is_bound_to_https_for_a_year(self, lab: Lab) -> None:
        assert front(lab, "old.harbour-ops.test").headers["strict-transport-security"] == (
            "max-age=31536000"
        )

    def test_the_previews_policy_lets_no_inline_script_run(self, lab: Lab) -> None:
        policy = front(lab, PREVIEW).headers["content-security-policy"]
        assert "'unsafe-inline'" in directive(policy, "style-src")
        assert directive(policy, "default-src") == ["'self'"]
        assert not directive(policy, "script-src")

    def test_the_preview_is_kept_out_of_search_engines(self, lab: Lab) -> None:
        assert front(lab, PREVIEW).headers["x-robots-tag"] == "noindex"

    def test_the_platforms_name_holds_no_version(self, lab: Lab) -> None:
        assert front(lab, "app.harbour-ops.test").headers["server"] == "cloudflare"

    def test_tide_tables_are_about_nobody(self, lab: Lab) -> None:
        assert set(json.loads(seen(lab, f"{API}/v1/tides").body)["tides"][0]) == {"at", "metres"}

    def test_work_orders_need_a_token(self, lab: Lab) -> None:
        assert seen(lab, f"{API}/v1/orders").status == 401

    def test_the_desk_serves_no_settings(self, lab: Lab) -> None:
        assert seen(lab, f"{APP}/.env").status == 404

    def test_the_old_servers_git_folder_is_its_one_page(self, lab: Lab) -> None:
        answer = seen(lab, f"{OLD}/.git/HEAD")
        assert (answer.status, answer.body) == (200, seen(lab, f"{OLD}/any").body)

    def test_the_style_sheet_may_be_kept_for_a_year(self, lab: Lab) -> None:
        assert seen(lab, STYLE).headers["cache-control"] == "public, max-age=31536000, immutable"

    def test_the_script_comes_packed_to_whoever_takes_it(self, lab: Lab) -> None:
        packed = Browser(lab).head_with(SCRIPT, {"Accept-Encoding": "gzip, br"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in seen(lab, SCRIPT).headers

    def test_no_copy_of_the_feed_is_kept(self, lab: Lab) -> None:
        url = f"{APP}/orders.json?own=2"
        mine = as_tester(lab).get(url)
        assert mine.headers["cache-control"] == "private, no-store"
        assert "audit.tester" in mine.body
        assert seen(lab, url).status == 401

    def test_a_file_name_behind_the_board_leads_to_nothing(self, lab: Lab) -> None:
        assert as_tester(lab).get(f"{APP}/board/lr-1.css").status == 404

    def test_a_session_is_dead_after_the_sign_out(self, lab: Lab) -> None:
        browser = as_tester(lab)
        held = dict(browser.cookies)
        assert browser.get(f"{APP}/orders").status == 200
        assert browser.post(f"{APP}/logout").status == 303
        browser.cookies = held
        assert browser.get(f"{APP}/orders").location == "/login"

    def test_payments_want_a_signature(self, lab: Lab) -> None:
        assert Browser(lab).post(f"{APP}/hooks/payments").status == 401

    def test_the_sign_in_page_reads_no_address_out_of_its_link(self, lab: Lab) -> None:
        assert seen(lab, f"{APP}/login?next=https://evil.test/").status == 200
