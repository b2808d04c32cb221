"""What strangers are given by a real server: private pages, administrators' pages, redirects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.examples import judge
from cases.world import DOMAIN, served
from launchready_tui.facts.admin import admin_pages
from launchready_tui.facts.open_redirect import leads_to, open_redirects
from launchready_tui.facts.private import AnonymousPages, anonymous_pages
from launchready_tui.facts.web import WebHosts, missing_pages
from launchready_tui.given import Permits, Target, Web
from launchready_tui.model import CouldNotTell, Level, Outcome, State
from launchready_tui.network import Network, Options, Scope, open_network
from network.hostile import hostile_http
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

HERE = "127.0.0.2"
APP, SHUT = f"app.{DOMAIN}", f"shut.{DOMAIN}"
ROOT = f"https://{APP}"
PEOPLE = '[{"id":1,"email":"ana@acme.test","phone":"1"},{"id":2,"email":"bo@acme.test"}]'
TABLE = "<!doctype html><title>Users</title><table>" + "<tr><td>Ana Lima</td></tr>" * 40
SHELL = "<!doctype html><title>Desk</title><script nonce=$request_id></script><div id=root></div>"
OPEN = f"""
    location / {{ return 404; }}
    location = / {{ return 200 "{SHELL}"; }}
    location = /people {{
        add_header Set-Cookie "seen=private-value; Secure";
        return 200 "{TABLE}";
    }}
    location = /api/people {{ default_type application/json; return 200 '{PEOPLE}'; }}
    location = /api/health {{ default_type application/json; return 200 '{{"status":"ok"}}'; }}
    location = /board {{
        add_header x-vercel-error NOT_FOUND always;
        return 404 "<title>404: NOT_FOUND</title>";
    }}
    location = /hidden {{ return 404 "<title>Page not found</title>"; }}
    location = /old {{ return 302 $scheme://$host/people?token=abcdefabcdefabcdefabcdef; }}
    location = /admin {{ return 200 "{TABLE}"; }}
    location = /_admin {{ return 302 $scheme://$host/people; }}
    location = /signin {{ return 302 /start; }}
    location = /logout {{ return 302 https://$host/?next=$arg_next; }}
"""
SPA = f"""
    location / {{ return 200 "{SHELL}"; }}
    location /api/ {{ default_type application/json; return 401 '{{"error":"no session"}}'; }}
    location = /away {{ return 302 https://login.example/authorize; }}
"""


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Options]:
    papers = Pki(tmp_path_factory.mktemp("open"))
    good = papers.good(APP, SHUT)
    port = free_port(HERE)
    head = f"ssl_certificate {good.chain}; ssl_certificate_key {good.key}; default_type text/html;"
    with hostile_http() as web:
        hostile = "\n".join(
            f"location = /{name} {{ proxy_buffering off;"
            f" proxy_pass http://127.0.0.1:{web.port}/{name}; }}"
            for name in ("endless-body", "garbage", "gzip-bomb", "redirect-loop")
        )
        back = f"http://127.0.0.1:{web.port}/redirect-to/$arg_next"
        login = f"location = /login {{ proxy_redirect off; proxy_pass {back}; }}"
        config = "\n".join(
            f"server {{ listen {HERE}:{port} ssl; server_name {host}; {head} {body} }}"
            for host, body in ((APP, OPEN + login), (SHUT, SPA + hostile))
        )
        with running_nginx(config):
            yield Options(ca=str(papers.ca), connect=(f"*:443={HERE}:{port}",))


def door(options: Options, level: Level = Level.PASSIVE) -> Network:
    return open_network(Scope(hosts=(DOMAIN,), named=(DOMAIN,), level=level), options)


def target(host: str, *private: str, api: tuple[str, ...] = (), **more: object) -> Target:
    at = f"https://{host}"
    return Target(
        domain=DOMAIN,
        web=Web(
            private=tuple(at + path for path in private),
            api=tuple(at + path for path in api),
            **more,  # type: ignore[arg-type]
        ),
    )


async def judged(options: Options, given: Target, host: str) -> Outcome:
    these = WebHosts(hosts=(served(host),), app=host)
    async with door(options) as net:
        facts = (
            await anonymous_pages(net, given),
            await admin_pages(net, these, given),
            await missing_pages(net, these),
        )
    return judge("access.open-pages", given, these, *facts)


def found(outcome: Outcome) -> list[str]:
    return [f"{x.code} {x.subject.removeprefix(ROOT)}" for x in outcome.findings]


async def test_open_data_and_an_open_admin_page_are_found(options: Options) -> None:
    given = target(
        APP, "/people", "/old", api=("/api/people", "/api/health"), markers=("Ana Lima",)
    )
    assert found(await judged(options, given, APP)) == [
        "no-auth /people",
        "no-auth /old",
        "no-auth /api/people",
        "admin-page-open /admin",
    ]


async def test_a_frame_that_answers_every_address_is_sound_and_settled(options: Options) -> None:
    given = target(SHUT, "/people", "/away", api=("/api/people",))
    outcome = await judged(options, given, SHUT)
    assert outcome.state is State.PASS, outcome
    assert outcome.proven


async def test_nothing_of_a_private_page_is_kept(options: Options) -> None:
    given = target(APP, "/people", "/old", markers=("Ana Lima",))
    async with door(options) as net:
        fact = await anonymous_pages(net, given)
        again = await anonymous_pages(net, given)
    assert fact == again
    assert fact.of(f"{ROOT}/people") is fact.pages[0]
    first = fact.pages[0].first
    assert first is not None
    assert first.header("set-cookie") == "seen=…; Secure"
    assert fact.pages[0].looks.markers == 1
    for secret in ("Ana Lima", "private-value", "abcdefabcdef"):
        assert secret not in repr(fact)


async def test_one_request_for_each_address_and_none_for_webhooks(options: Options) -> None:
    hook = f"{ROOT}/api/hook"
    given = target(APP, "/people", api=("/api/people", "/api/hook"), webhooks=(hook,))
    async with door(options) as net:
        await anonymous_pages(net, given)
        assert net.log.counts() == {"GET/passive": 2}


async def test_answers_without_end_or_sense_are_gaps(options: Options) -> None:
    paths = ("/endless-body", "/garbage", "/gzip-bomb", "/redirect-loop")
    async with door(options) as net:
        fact = await anonymous_pages(net, target(SHUT, *paths))
    assert isinstance(fact, AnonymousPages)
    assert not any(page.looks.data for page in fact.pages)


# ---------------------------------------------------------------- open redirects


async def test_a_login_page_that_leads_anywhere_is_found(options: Options) -> None:
    these = WebHosts(hosts=(served(APP),), app=APP)
    permits = Permits(probes=("open-redirect",), by="Ana")
    async with door(options, Level.ACTIVE) as net:
        fact = await open_redirects(net, these, Target(domain=DOMAIN), permits)
        assert net.log.counts() == {"GET/active": 9}
    # /signin stays at home, and /logout keeps the foreign address as words of its own query.
    assert [(went.page, went.parameter) for went in fact.found] == [(f"{ROOT}/login", "next")]
    assert fact.asked == (f"{ROOT}/login", f"{ROOT}/signin", f"{ROOT}/logout")


async def test_each_way_to_write_a_foreign_address_is_understood(options: Options) -> None:
    these = WebHosts(hosts=(), app="")
    given = Target(domain=DOMAIN, web=Web(login=f"{ROOT}/login?lang=en"))
    async with door(options, Level.ACTIVE) as net:
        fact = await open_redirects(net, these, given, Permits(probes=("open-redirect",)))
        went = {entry.path for entry in net.log.entries if entry.outcome == "302"}
    assert went == {"/login"}
    assert fact.found[0].form == "https://…/"


async def test_without_a_permit_no_login_page_is_asked(options: Options) -> None:
    async with door(options, Level.ACTIVE) as net:
        with pytest.raises(CouldNotTell, match="open-redirect"):
            these = WebHosts(hosts=(), app=APP)
            await open_redirects(net, these, Target(domain=DOMAIN), Permits())
        assert net.log.entries == ()


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://evil.example/", "evil.example"),
        ("//evil.example", "evil.example"),
        ("/\\evil.example", "evil.example"),
        ("\\\\evil.example", "evil.example"),
        ("/\t/evil.example", "evil.example"),
        ("https://acme.test@evil.example/", "evil.example"),
        ("///evil.example", "evil.example"),
        ("/dashboard", ""),
        ("/login?next=https://evil.example", ""),
        ("https://acme.test/?next=https://evil.example/", "acme.test"),
        ("evil.example", ""),
        ("", ""),
    ],
)
def test_a_redirect_is_read_as_browsers_read_it(location: str, host: str) -> None:
    assert leads_to(location) == host


@given(st.text(max_size=500))
def test_no_location_upsets_the_reading(location: str) -> None:
    leads_to(location)


async def test_a_platforms_own_not_found_is_told_from_the_apps(options: Options) -> None:
    async with door(options) as net:
        seen = await anonymous_pages(net, target(APP, "/board", "/hidden", "/people"))
    assert [page.nothing_at for page in seen.pages] == ["Vercel", "", ""]
