"""A burst at a real server: what is sent, where it stops, and that nothing of it is kept."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest

from cases.world import DOMAIN, served, web
from launchready_tui.facts.api import api_answers
from launchready_tui.facts.limit_headers import announced
from launchready_tui.facts.page import Form, Page
from launchready_tui.facts.private import anonymous_pages
from launchready_tui.facts.tries import MOST_FORMS, AuthTries, Route, auth_tries, routes, tried
from launchready_tui.given import Permits, Target, Web
from launchready_tui.model import CouldNotTell, Level, Unknown
from launchready_tui.network import Network, Options, Scope, open_network
from launchready_tui.network.seen import Hop
from servers.scripted import Answer, Asked, Desk, Reply, running_script

HOST = f"app.{DOMAIN}"
ALLOWED = Permits(probes=("login-burst",), by="Ana")
NO_NOISE = Unknown(cause="not allowed")


def network(desk: Desk, level: Level = Level.ACTIVE) -> Network:
    scope = Scope(hosts=(DOMAIN,), named=(HOST,), level=level)
    return open_network(scope, Options(connect=(desk.connect,)))


async def burst(answer: Answer, path: str = "/login", **given: Any) -> tuple[AuthTries, Desk]:
    with running_script(answer) as desk:
        async with network(desk) as net:
            route = Route(**{"kind": "login", "url": desk.url(path), **given})
            return await tried(net, (route,), DOMAIN), desk


async def test_twenty_wrong_passwords_of_one_made_up_account_and_no_more() -> None:
    tries, desk = await burst(lambda asked, before: Reply(401))
    (route,) = tries.routes
    assert (route.tries, route.statuses, route.stopped_by, route.gap) == (20, ((401, 20),), "", "")
    assert route.firm
    sent = [parse_qs(asked.body.decode()) for asked in desk.asked]
    accounts = {fields["email"][0] for fields in sent}
    assert len(desk.asked) == 20
    assert len(accounts) == 1
    assert re.fullmatch(rf"lr-[0-9a-f]{{8}}@{re.escape(DOMAIN)}", accounts.pop())
    assert len({fields["password"][0] for fields in sent}) == 20
    assert {asked.method for asked in desk.asked} == {"POST"}
    assert all("launchready" in asked.headers["user-agent"] for asked in desk.asked)
    kept = msgspec.json.encode(tries).decode()
    assert "@" not in kept
    assert not any(fields["password"][0] in kept for fields in sent)


async def test_it_stops_at_the_first_429_and_says_what_was_announced() -> None:
    def limited(asked: Asked, before: int) -> Reply:
        headers = {"x-ratelimit-limit": "5", "x-ratelimit-remaining": str(5 - before)}
        return Reply(429 if before > 4 else 401, {**headers, "retry-after": str(60 - before)})

    tries, desk = await burst(limited)
    (route,) = tries.routes
    assert (route.stopped_by, route.tries, len(desk.asked)) == ("429", 6, 6)
    assert route.announced == ("retry-after", "x-ratelimit-limit: 5", "x-ratelimit-remaining")


async def test_an_app_that_takes_json_is_asked_in_json() -> None:
    def picky(asked: Asked, before: int) -> Reply:
        return Reply(401 if asked.headers["content-type"] == "application/json" else 415)

    tries, desk = await burst(picky)
    assert tries.routes[0].statuses == ((401, 19), (415, 1))
    assert not tries.routes[0].gap
    assert json.loads(desk.asked[1].body)["email"].endswith(f"@{DOMAIN}")
    _, api = await burst(picky, "/api/login")
    assert {asked.headers["content-type"] for asked in api.asked} == {"application/json"}


async def test_a_form_is_filled_as_it_asks() -> None:
    form = Form(method="post", fields=("csrfmiddlewaretoken", "username", "passwd"), password=True)
    tries, desk = await burst(lambda asked, before: Reply(200), form=form)
    fields = parse_qs(desk.asked[0].body.decode(), keep_blank_values=True)
    assert set(fields) == set(form.fields)
    assert fields["csrfmiddlewaretoken"] == [""]
    assert fields["username"][0].startswith("lr-")
    assert not tries.routes[0].firm, "without its token the form may never have been read"


async def test_sign_up_gets_a_password_that_no_app_takes_and_an_api_is_only_read() -> None:
    _, desk = await burst(lambda asked, before: Reply(400), "/signup", kind="signup")
    assert {parse_qs(asked.body.decode())["password"][0] for asked in desk.asked} == {"x"}
    _, desk = await burst(lambda asked, before: Reply(200), "/api/orders", kind="api")
    assert {(asked.method, asked.body) for asked in desk.asked} == {("GET", b"")}


@pytest.mark.parametrize(
    "reply", [Reply(401), Reply(302, {"location": "/login?next=%2Finvite"})], ids=["401", "302"]
)
async def test_an_invite_behind_a_sign_in_is_out_of_reach(reply: Reply) -> None:
    tries, desk = await burst(lambda asked, before: reply, "/invite", kind="invite")
    assert "asks for a sign-in first" in tries.routes[0].gap
    assert len(desk.asked) == 1


async def test_a_redirect_with_a_lock_out_in_it_is_one() -> None:
    def flashed(asked: Asked, before: int) -> Reply:
        error = "Too+many%20attempts" if before > 3 else "Wrong+password"
        return Reply(302, {"location": f"/login?error={error}"})

    tries, _ = await burst(flashed)
    assert (tries.routes[0].stopped_by, tries.routes[0].tries) == ("lock-out", 5)


async def test_what_is_not_reached_in_time_is_a_gap() -> None:
    with running_script(lambda asked, before: Reply(401)) as desk:
        async with network(desk) as net:
            url = desk.url("/login")
            tries = await tried(net, (Route(kind="login", url=url),), DOMAIN, seconds=0.0)
    assert "only 0 tries" in tries.routes[0].gap
    assert not desk.asked


async def test_nothing_is_sent_without_leave_or_out_of_scope() -> None:
    with running_script() as desk:
        target = Target(domain=DOMAIN, web=Web(login=desk.url("/login")))
        async with network(desk) as net:
            with pytest.raises(CouldNotTell, match="login-burst"):
                await auth_tries(net, web(), target, Permits(), NO_NOISE)
            away = Target(domain=DOMAIN, web=Web(login=desk.url("/login", "id.other.test")))
            tries = await auth_tries(net, web(), away, ALLOWED, NO_NOISE)
            assert "not in the authorised scope" in tries.routes[0].gap
        async with network(desk, Level.PASSIVE) as net:
            tries = await auth_tries(net, web(), target, ALLOWED, NO_NOISE)
            assert "not sent at the passive level" in tries.routes[0].gap
    assert not desk.asked


def test_listed_routes_and_sign_in_forms_are_tried_and_no_others() -> None:
    login = Form(action="/session", method="post", fields=("email", "password"), password=True)
    sign_up = Form(
        action="/users",
        method="post",
        fields=("email", "password", "password_confirmation"),
        password=True,
    )
    search = Form(action="/search", fields=("q",))
    forms = (search, sign_up, login, *(Form(action=f"/f{n}", method="post", fields=("password",),
                                            password=True) for n in range(9)))  # fmt: skip
    page = web(served(HOST, Page(title="Desk", forms=forms)))
    listed = Web(reset=f"https://{HOST}/reset", api=(f"https://{HOST}/api/a", "https://b.test/"))
    found = routes(Target(domain=DOMAIN, web=listed), page)
    assert [(route.kind, route.url) for route in found] == [
        ("login", f"https://{HOST}/session"),
        ("login", f"https://{HOST}/f0"),
        ("reset", f"https://{HOST}/reset"),
        ("api", f"https://{HOST}/api/a"),
    ]
    assert MOST_FORMS == 2
    named = Target(domain=DOMAIN, web=Web(login=f"https://{HOST}/session"))
    assert [r.url for r in routes(named, page)][:2] == [
        f"https://{HOST}/session",
        f"https://{HOST}/f0",
    ]
    assert routes(Target(domain=DOMAIN), Unknown(cause="no DNS")) == ()


async def test_api_addresses_are_read_once_and_their_limits_told() -> None:
    limited = Reply(200, {"ratelimit-policy": '"default";q=100;w=60', "ratelimit": '"default";r=9'})
    with running_script(lambda asked, before: limited) as desk:
        urls = tuple(desk.url(f"/api/{n}") for n in range(6))
        async with network(desk, Level.PASSIVE) as net:
            named = Target(domain=DOMAIN, web=Web(api=urls))
            answers = (await api_answers(await anonymous_pages(net, named), named)).answers
    assert len(answers) == len(desk.asked) == 6
    assert {a.announced for a in answers} == {
        ("ratelimit", 'ratelimit-policy: "default";q=100;w=60')
    }


def test_what_is_left_of_a_limit_is_not_kept() -> None:
    headers = (("x-ratelimit-remaining", "17"), ("retry-after", "9"), ("x-rate-limit-limit", "60"))
    hop = Hop(url="https://a.test/", method="GET", outcome="ok", headers=headers)
    assert announced(hop) == ("retry-after", "x-rate-limit-limit: 60", "x-ratelimit-remaining")
