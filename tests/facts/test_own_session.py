"""The test user's session: where it comes from, where it goes, and that it stays out of facts."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from cases.world import hop
from cases.world import visit as visited
from launchready_tui.facts.deception import deceptions
from launchready_tui.facts.login import KEY, SESSION, login_flow
from launchready_tui.facts.own_session import OwnSession, own_session
from launchready_tui.facts.page import Page
from launchready_tui.facts.private_pages import PrivatePages, private_pages
from launchready_tui.facts.web import WebHost, WebHosts
from launchready_tui.given import Keys, Permits, Target, Web
from launchready_tui.model import CouldNotTell, Level, Unknown
from launchready_tui.network import Network, Scope, open_network
from launchready_tui.secret import Secret
from servers.desk import BAD, DOMAIN, GOOD, MARKER, PASSWORD, USER, Desk

NOT_TRIED = Unknown(cause="not tried: allow it")
ALL = Permits(probes=("login-flow", "cache-deception", "cors-preflight"), by="Ana")
OPAQUE = "Zx9Qw7Lm2Pk5" + "Rt8Vb3Nc6"


@pytest.fixture
async def net(desk: Desk) -> AsyncIterator[Network]:
    scope = Scope(hosts=(DOMAIN,), level=Level.ACTIVE, named=(DOMAIN, GOOD, BAD))
    async with open_network(scope, desk.options) as opened:
        yield opened


def held(**values: str) -> Keys:
    names = {name.replace("_", "-"): Secret(value) for name, value in values.items()}
    return Keys(lambda: tuple(names), names.get)


def target(host: str, *private: str, **changes: object) -> Target:
    urls = tuple(f"https://{host}{path}" for path in private)
    web = Web(app=f"https://{host}", private=urls, markers=(MARKER,), **changes)  # type: ignore[arg-type]
    return Target(domain=DOMAIN, web=web)


def web(host: str, path: str = "/login") -> WebHosts:
    front = visited(hop(f"https://{host}{path}"), page=Page(title="Desk"))
    return WebHosts(hosts=(WebHost(host=host, front=front),), app=host)


async def read(net: Network, desk: Desk, about: Target) -> PrivatePages:
    keys = held(test_session=desk.app.sign_in())
    session = await own_session(keys, about, NOT_TRIED)
    return await private_pages(net, about, session, keys)


# ---------------------------------------------------------------- the session itself


@pytest.mark.parametrize(
    ("value", "kind"),
    [("sid=a; b=c", "cookie"), ("Cookie: sid=a", "cookie"), ("Bearer abc.def", "token")],
)
async def test_a_pasted_session_is_a_cookie_or_a_token(value: str, kind: str) -> None:
    keys = held(test_session=f" {value}\n")
    found = await own_session(keys, target(GOOD), NOT_TRIED)
    assert found == OwnSession(kind=kind, source="vault")  # type: ignore[arg-type]
    assert keys.lent[SESSION].reveal() == value.removeprefix("Cookie: ")


@pytest.mark.parametrize("value", [f"sid={OPAQUE}\r\nx: y", f"sid={OPAQUE}é", OPAQUE, "sid=\x1b"])
async def test_what_no_header_can_carry_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(CouldNotTell) as told:
        await own_session(held(test_session=value), target(GOOD), NOT_TRIED)
    assert OPAQUE not in told.value.cause


async def test_without_a_session_it_is_said_how_to_give_one() -> None:
    with pytest.raises(CouldNotTell, match="launchready vault set test-session"):
        await own_session(Keys(), target(GOOD), NOT_TRIED)
    with pytest.raises(CouldNotTell, match="the login failed: signing in answers 403"):
        await own_session(Keys(), target(GOOD), Unknown(cause="signing in answers 403"))


async def test_it_goes_to_its_own_host_over_https_and_nowhere_else(
    net: Network, desk: Desk
) -> None:
    about = target(GOOD, "/orders")
    others = (f"https://{BAD}/orders", f"http://{GOOD}/orders", "https://evil.example/orders")
    urls = (*about.web.private, *others)
    about = Target(domain=DOMAIN, web=Web(app=f"https://{GOOD}", private=urls))
    before = len(desk.app.seen)
    seen = await read(net, desk, about)
    assert [bool(page.cause) for page in seen.pages] == [False, True, True, True]
    assert {line.split()[1] for line in desk.app.seen[before:]} == {GOOD}
    assert {request.host for request in net.log.entries} == {GOOD}


# ---------------------------------------------------------------- private pages


async def test_pages_that_nobody_keeps_are_read_in_order(net: Network, desk: Desk) -> None:
    before = len(desk.app.seen)
    seen = await read(net, desk, target(GOOD, "/orders", "/api/orders"))
    orders, records = seen.pages
    got = [line for line in desk.app.seen[before:] if "/api/" not in line]
    line = f"GET {GOOD} /orders"
    assert got == [line, f"{line}*", f"{line}*", line, f"{line}*"]
    assert (orders.bare.status, orders.stranger.status, records.stranger.status) == (302, 302, 401)
    assert all(r.marked for page in seen.pages for r in page.signed_in)
    assert orders.first.head.edge == "dynamic"
    assert (orders.first.kind, records.first.kind) == ("html", "json")
    assert orders.first.cookies == ("seen=…; Secure",)
    assert {request.level for request in net.log.entries} == {"passive"}
    assert not any("?" in request.path for request in net.log.entries)


async def test_two_looks_at_an_unchanged_app_are_equal(net: Network, desk: Desk) -> None:
    about = target(GOOD, "/orders", "/api/orders")
    assert await read(net, desk, about) == await read(net, desk, about)


async def test_a_real_cache_hands_a_stranger_the_user_s_page(net: Network, desk: Desk) -> None:
    (page,) = (await read(net, desk, target(BAD, "/kept/orders"))).pages
    assert page.bare.status == 302
    assert page.stranger.marked
    assert page.second.head.kept == page.stranger.head.kept == "cf-cache-status: HIT"
    assert page.control is not None
    assert not page.control.marked


async def test_a_shell_is_the_same_for_everybody(net: Network, desk: Desk) -> None:
    (page,) = (await read(net, desk, target(GOOD, "/shell"))).pages
    assert page.alike
    assert not page.first.marked
    assert page.second.head.kept


async def test_an_ended_session_is_told_and_read_no_further(net: Network, desk: Desk) -> None:
    about = target(GOOD, "/orders", "/api/orders")
    keys = held(test_session="sid=sid-of-nobody")
    seen = await private_pages(net, about, await own_session(keys, about, NOT_TRIED), keys)
    away, refused = (page.cause for page in seen.pages)
    assert "sends the test session on to /login" in away
    assert "answers 401 to the test session" in refused


# ---------------------------------------------------------------- disguised addresses


async def test_a_cache_that_goes_by_the_ending_is_found_out(net: Network, desk: Desk) -> None:
    about = target(BAD, "/orders")
    keys = held(test_session=desk.app.sign_in())
    session = await own_session(keys, about, NOT_TRIED)
    (page,) = (await deceptions(net, about, ALL, session, keys)).pages
    assert {t.shape: t.result for t in page.tries} == {
        "/lr-*.css": "stored",
        ";lr-*.js": "stored",
        "%2f..%2flr-*.css": "stored",
    }
    assert page.by_marker
    assert len(net.log.entries) <= 8
    assert {request.level for request in net.log.entries} == {"active"}


async def test_an_app_that_answers_404_is_not(net: Network, desk: Desk) -> None:
    about = target(GOOD, "/orders")
    keys = held(test_session=desk.app.sign_in())
    session = await own_session(keys, about, NOT_TRIED)
    (page,) = (await deceptions(net, about, ALL, session, keys)).pages
    assert {t.result for t in page.tries} == {"clean"}
    assert {t.status for t in page.tries} == {404}
    with pytest.raises(CouldNotTell, match="not tried"):
        await deceptions(net, about, Permits(), session, keys)


# ---------------------------------------------------------------- signing in and out


def account(password: str = PASSWORD) -> Keys:
    return held(**{KEY.replace("-", "_"): f"{USER}\n{password}"})


async def test_a_login_that_renews_and_ends_its_sessions(net: Network, desk: Desk) -> None:
    keys, about = account(), target(GOOD, "/orders")
    flow = await login_flow(net, web(GOOD), about, ALL, keys)
    assert (flow.by, flow.before, flow.kept) == ("form", ("sid",), ())
    assert (flow.old_id_inside, flow.ended_id_inside, flow.gaps) == ("no", "no", ())
    assert flow.logout == f"https://{GOOD}/logout"
    assert any(line.startswith("sid=…;") and "HttpOnly" in line for line in flow.set_cookies)
    assert len(net.log.entries) <= 14
    assert {request.level for request in net.log.entries} == {"active"}
    session = await own_session(keys, about, flow)
    assert session == OwnSession(kind="cookie", source="login")
    (page,) = (await private_pages(net, about, session, keys)).pages
    assert page.first.marked


async def test_a_login_that_keeps_the_id_and_never_ends_it(net: Network, desk: Desk) -> None:
    flow = await login_flow(net, web(BAD), target(BAD, "/orders"), ALL, account())
    assert flow.kept == ("sid",)
    assert (flow.old_id_inside, flow.ended_id_inside) == ("yes", "yes")


async def test_a_login_by_json_gives_a_token(net: Network, desk: Desk) -> None:
    about = target(GOOD, "/api/orders", login=f"https://{GOOD}/api/login")
    keys = account()
    flow = await login_flow(net, web(GOOD, "/shell"), about, ALL, keys)
    assert (flow.by, flow.after, flow.old_id_inside) == ("json", (), "no")
    assert flow.gaps == ("no way to sign out was found; name it as logout under [web]",)
    session = await own_session(keys, about, flow)
    assert session == OwnSession(kind="token", source="login")
    (page,) = (await private_pages(net, about, session, keys)).pages
    assert page.first.marked


async def test_a_named_way_out_is_tried_as_a_form_and_then_as_a_link(
    net: Network, desk: Desk
) -> None:
    about = target(GOOD, "/api/orders", logout=f"https://{GOOD}/gone")
    flow = await login_flow(net, web(GOOD), about, ALL, account())
    assert [r.method for r in net.log.entries if r.path == "/gone"] == ["POST", "GET"]
    assert flow.gaps == (f"https://{GOOD}/gone: signing out answers 404",)


async def test_a_wrong_password_is_tried_once(net: Network, desk: Desk) -> None:
    with pytest.raises(CouldNotTell, match="signing in answers 403"):
        await login_flow(net, web(GOOD), target(GOOD, "/orders"), ALL, account("no"))
    assert [r.method for r in net.log.entries].count("POST") == 1


async def test_nothing_is_sent_without_leave_or_an_account(net: Network) -> None:
    about = target(GOOD, "/orders")
    with pytest.raises(CouldNotTell, match="not tried"):
        await login_flow(net, web(GOOD), about, Permits(), account())
    for keys in (Keys(), held(test_login="mia")):
        with pytest.raises(CouldNotTell, match="vault set test-login"):
            await login_flow(net, web(GOOD), about, ALL, keys)
    assert not net.log.entries


async def test_an_account_goes_to_the_named_host_alone(net: Network, desk: Desk) -> None:
    about = target(GOOD, "/orders", login=f"http://{GOOD}/login")
    with pytest.raises(CouldNotTell, match="not encrypted"):
        await login_flow(net, web(GOOD), about, ALL, account())
    assert not net.log.entries


# ---------------------------------------------------------------- nothing secret is kept


def spellings(value: str) -> set[str]:
    raw = value.encode()
    return {
        value,
        quote(value, safe=""),
        json.dumps(value)[1:-1],
        base64.b64encode(raw).decode().rstrip("="),
        raw.hex(),
        value[::-1],
    }


async def test_no_fact_log_or_cause_holds_what_lets_somebody_in(
    net: Network, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    told: list[object] = []
    for host in (GOOD, BAD):
        keys, about = account(), target(host, "/orders", "/api/orders", "/kept/orders")
        flow = await login_flow(net, web(host), about, ALL, keys)
        session = await own_session(keys, about, flow)
        told += [flow, session, keys.lent, await private_pages(net, about, session, keys)]
        told.append(await deceptions(net, about, ALL, session, keys))
        with pytest.raises(CouldNotTell) as error:
            await login_flow(net, web(host), about, ALL, account(OPAQUE))
        told.append(error.value)
    written = repr(told) + repr(net.log.entries) + caplog.text
    assert "sid" in written
    for secret in (PASSWORD, OPAQUE, *desk.app.users, *desk.app.anonymous):
        assert not any(form in written for form in spellings(secret))
