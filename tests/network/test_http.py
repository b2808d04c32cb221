"""Requests against real nginx and against a web server that means harm."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from launchready_tui.model import Level
from launchready_tui.network import Scope
from network.conftest import Opener, something_left
from network.hostile import HTTP, HostileHttp, hostile_dns, hostile_tls
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

APP = "app.example.test"
HOSTILE = "hostile.test"
SECRET = "Bearer " + "not-a-" + "real-token"


@dataclass(frozen=True)
class Site:
    pki: Pki
    connect: tuple[str, ...]


@pytest.fixture(scope="module")
def site(pki: Pki) -> Iterator[Site]:
    papers, bad = pki.good(APP, "api.example.test"), pki.expired("old.example.test")
    plain, tls = free_port(), free_port()
    config = f"""
    server {{
        listen 127.0.0.1:{plain};
        return 301 https://{APP}$request_uri;
    }}
    server {{
        listen 127.0.0.1:{tls} ssl;
        server_name {APP};
        ssl_certificate {papers.chain};
        ssl_certificate_key {papers.key};
        location / {{
            add_header X-Host $host;
            add_header X-Agent $http_user_agent;
            add_header X-Encoding $http_accept_encoding;
            add_header X-Cookie "$http_cookie";
            add_header X-Auth "$http_authorization";
            add_header Set-Cookie "a=1";
            add_header Set-Cookie "b=2";
            default_type text/html;
            return 200 "<h1>hello</h1>";
        }}
        location /to-api {{ return 302 https://api.example.test/; }}
        location /to-plain {{ return 302 http://{APP}:8080/; }}
        location /out {{ return 302 https://elsewhere.test/; }}
        location /missing {{ return 404 "not here"; }}
    }}
    server {{
        listen 127.0.0.1:{tls} ssl;
        server_name api.example.test;
        ssl_certificate {papers.chain};
        ssl_certificate_key {papers.key};
        add_header X-Auth "$http_authorization";
        add_header X-Accept "$http_accept";
        return 200 "api";
    }}
    server {{
        listen 127.0.0.1:{tls} ssl;
        server_name old.example.test;
        ssl_certificate {bad.chain};
        ssl_certificate_key {bad.key};
        return 200 "old";
    }}
    """
    with running_nginx(config):
        yield Site(pki, (f"*:80=127.0.0.1:{plain}", f"*:443=127.0.0.1:{tls}"))


def network(site: Site, opened: Opener, **options: object):  # type: ignore[no-untyped-def]
    return opened("example.test", ca=str(site.pki.ca), connect=site.connect, **options)


async def test_every_hop_to_the_page_is_kept(site: Site, opened: Opener) -> None:
    net = network(site, opened)
    fetched = await net.fetch(f"http://{APP}/a?b=c")
    assert [(hop.url, hop.status) for hop in fetched.hops] == [
        (f"http://{APP}/a?b=c", 301),
        (f"https://{APP}/a?b=c", 200),
    ]
    assert (fetched.ended, fetched.body, fetched.truncated) == ("ok", "<h1>hello</h1>", False)
    assert fetched.last.header("x-host") == APP
    assert fetched.last.all("Set-Cookie") == ("a=1", "b=2")
    assert fetched.last.header("x-encoding") == "identity"
    assert fetched.last.header("x-agent").startswith("launchready/")
    assert "+https://" in fetched.last.header("x-agent")
    assert [(r.path, r.round_trips) for r in net.log.entries] == [("/a", 2), ("/a", 3)]
    assert net.log.counts() == {"GET/passive": 2}


async def test_a_redirect_is_shown_and_not_followed_when_asked_so(
    site: Site, opened: Opener
) -> None:
    fetched = await network(site, opened).fetch(f"http://{APP}/", follow=False)
    assert (fetched.status, len(fetched.hops)) == (301, 1)
    assert "301 Moved" in fetched.body


async def test_head_brings_no_body(site: Site, opened: Opener) -> None:
    fetched = await network(site, opened).fetch(f"https://{APP}/", method="HEAD")
    assert (fetched.status, fetched.body, fetched.last.method) == (200, "", "HEAD")


async def test_an_error_page_is_an_answer(site: Site, opened: Opener) -> None:
    fetched = await network(site, opened).fetch(f"https://{APP}/missing")
    assert (fetched.ended, fetched.status, fetched.body) == ("ok", 404, "not here")


async def test_a_redirect_out_of_scope_is_kept_and_not_followed(site: Site, opened: Opener) -> None:
    net = network(site, opened)
    fetched = await net.fetch(f"https://{APP}/out")
    assert (fetched.ended, fetched.last.outcome) == ("blocked", "blocked")
    assert (fetched.last.url, fetched.last.status) == ("https://elsewhere.test/", 0)
    assert "scope" in fetched.cause
    assert {request.host for request in net.log.entries} == {APP}


async def test_a_certificate_that_is_not_trusted_ends_it_before_any_request(
    site: Site, opened: Opener
) -> None:
    net = network(site, opened)
    fetched = await net.fetch("https://old.example.test/", headers={"Authorization": SECRET})
    assert (fetched.ended, fetched.status) == ("tls", 0)
    assert "certificate has expired" in fetched.cause
    assert net.log.entries[-1].outcome == "tls"


async def test_credentials_go_to_the_first_origin_only(site: Site, opened: Opener) -> None:
    given = {"Authorization": SECRET, "Accept": "application/json", "Cookie": "s=1"}
    net = network(site, opened)
    own = await net.fetch(f"https://{APP}/", headers=given)
    assert (own.last.header("x-auth"), own.last.header("x-cookie")) == (SECRET, "s=1")
    away = await net.fetch(f"https://{APP}/to-api", headers=given)
    assert away.last.url == "https://api.example.test/"
    assert (away.last.header("x-auth"), away.last.header("x-accept")) == ("", "application/json")
    assert SECRET not in repr(net.log.entries)


async def test_credentials_are_never_sent_over_http(web: HostileHttp, opened: Opener) -> None:
    net = opened(HOSTILE, connect=(web.connect,))
    fetched = await net.fetch(
        web.url("echo"), headers={"Authorization": SECRET, "X-Probe": "1", "Host": "evil.test"}
    )
    assert "x-probe: 1" in fetched.body.lower()
    assert "authorization" not in fetched.body.lower()
    assert f"host: {HOSTILE}:{web.port}" in fetched.body.lower()
    assert "evil" not in fetched.body


async def test_user_name_and_password_in_a_url_are_dropped(site: Site, opened: Opener) -> None:
    net = network(site, opened)
    fetched = await net.fetch("https://me:" + "pass" + f"word@{APP}/")
    assert (fetched.last.header("x-auth"), fetched.url) == ("", f"https://{APP}/")
    assert "me:" not in repr(fetched) + repr(net.log.entries)


async def test_no_cookie_is_kept_between_requests(site: Site, opened: Opener) -> None:
    net = network(site, opened)
    await net.fetch(f"https://{APP}/")
    assert (await net.fetch(f"https://{APP}/")).last.header("x-cookie") == ""


async def test_an_address_of_the_host_is_asked_by_name(pki: Pki, opened: Opener) -> None:
    port = free_port("127.0.0.2")
    servers = "\n".join(
        f"server {{ listen 127.0.0.{n}:{port}; return 200 'address {n} for $host'; }}"
        for n in (2, 5)
    )
    with running_nginx(servers):
        connect = tuple(f"192.0.2.{n}:80=127.0.0.{n}:{port}" for n in (2, 5))
        net = opened(APP, connect=connect)
        for n in (2, 5):
            fetched = await net.fetch(f"http://{APP}/", address=f"192.0.2.{n}")
            assert fetched.body == f"address {n} for {APP}"
            assert fetched.last.address == f"192.0.2.{n}"


async def test_the_next_address_is_tried_where_nothing_listens(
    web: HostileHttp, opened: Opener
) -> None:
    connect = (f"{HOSTILE}:80=127.0.0.1:{free_port()}", f"{HOSTILE}:80=127.0.0.1:{web.port}")
    fetched = await opened(HOSTILE, connect=connect).fetch(f"http://{HOSTILE}/page")
    assert (fetched.ended, fetched.body) == ("ok", "hello")


async def test_a_port_where_nothing_listens_is_refused(opened: Opener) -> None:
    net = opened(APP, connect=(f"*:80=127.0.0.1:{free_port()}",))
    fetched = await net.fetch(f"http://{APP}/")
    assert (fetched.ended, "nothing listens" in fetched.cause) == ("refused", True)


async def test_an_address_that_cannot_be_reached_is_unknown(opened: Opener) -> None:
    # A broadcast address: the system refuses to connect, and nothing leaves.
    net = opened(APP, connect=("*:80=255.255.255.255:9", "*:443=255.255.255.255:9"))
    fetched = await net.fetch(f"http://{APP}/")
    seen = await net.handshake(APP)
    assert (fetched.ended, seen.outcome) == ("unknown", "unknown")
    assert "cannot be reached from here" in fetched.cause
    assert "cannot be reached from here" in seen.cause


async def test_an_address_may_stand_in_place_of_a_name(web: HostileHttp, opened: Opener) -> None:
    net = opened("::1", "127.0.0.1", connect=(f"[::1]:80=127.0.0.1:{web.port}",))
    fetched = await net.fetch("http://[::1]/echo")
    assert "host: [::1]\n" in fetched.body.lower()
    fetched = await net.fetch(web.url("page", host="127.0.0.1"))
    assert (fetched.ended, fetched.last.address) == ("ok", "127.0.0.1")


async def test_a_name_that_does_not_exist_is_unknown_with_that_cause(opened: Opener) -> None:
    with hostile_dns({}, default="nxdomain") as endpoint:
        fetched = await opened(APP, resolver=endpoint).fetch(f"https://{APP}/")
    assert (fetched.ended, "NXDOMAIN" in fetched.cause) == ("unknown", True)


async def test_a_name_that_leads_to_metadata_is_blocked(opened: Opener) -> None:
    with hostile_dns({APP: "metadata"}) as endpoint:
        net = opened(APP, resolver=endpoint)
        fetched = await net.fetch(f"http://{APP}/")
    assert (fetched.ended, "credentials" in fetched.cause) == ("blocked", True)
    assert net.log.counts() == {"DNS/passive": 2}


@pytest.mark.parametrize("how", ["stall", "garbage", "plain", "alert", "close", "flood"])
async def test_https_to_what_is_not_tls_is_unknown_with_its_cause(opened: Opener, how: str) -> None:
    with hostile_tls(how) as port:
        net = opened(APP, connect=(f"*:443=127.0.0.1:{port}",), connect_timeout=0.4)
        async with asyncio.timeout(20):
            fetched = await net.fetch(f"https://{APP}/")
    assert fetched.ended == "unknown"
    assert fetched.cause


@pytest.mark.parametrize(
    ("path", "ended", "cause"),
    [
        ("slow-headers", "unknown", "no answer within"),
        ("slow-body", "unknown", "the body did not end in time"),
        ("silent", "unknown", "no answer within"),
        ("endless-103", "unknown", "no answer within"),
        ("long-header", "unknown", "not valid HTTP"),
        ("long-status", "unknown", "not valid HTTP"),
        ("garbage", "unknown", "not valid HTTP"),
        ("nothing", "unknown", "not valid HTTP"),
        ("two-lengths", "unknown", "not valid HTTP"),
        ("short-body", "unknown", "the body broke off"),
        ("bad-chunks", "unknown", "the body broke off"),
        ("redirect-loop", "loop", "it leads back to"),
        ("redirect-ping", "loop", "it leads back to"),
        ("redirect-chain/1", "long", "more than 10 requests"),
        ("redirect-loopback", "blocked", "127.0.0.1 is not in the authorised scope"),
        ("redirect-metadata", "blocked", "169.254.169.254 is not in the authorised scope"),
        ("redirect-file", "blocked", "not an http or https address"),
        ("redirect-to/%00", "unknown", "not valid HTTP"),
    ],
)
async def test_a_hostile_server_ends_in_time_and_the_cause_says_what_it_did(
    web: HostileHttp, opened: Opener, path: str, ended: str, cause: str
) -> None:
    seconds = 0.5 if "within" in cause or "in time" in cause else 5.0
    net = opened(HOSTILE, connect=(web.connect,), hop_timeout=seconds)
    async with asyncio.timeout(20):
        fetched = await net.fetch(web.url(path))
    assert fetched.ended == ended
    assert cause in fetched.cause
    assert len(fetched.hops) <= 11


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254"])
async def test_a_redirect_to_a_private_place_is_blocked_even_when_it_is_in_scope(
    web: HostileHttp, opened: Opener, address: str
) -> None:
    scope = Scope(hosts=(HOSTILE, address), named=(HOSTILE,))
    net = opened(scope=scope, connect=(f"{HOSTILE}:80=127.0.0.1:{web.port}",))
    fetched = await net.fetch(f"http://{HOSTILE}/redirect-to/http:%2F%2F{address}%2F")
    assert fetched.ended == "blocked"
    assert "leads to" in fetched.cause


async def test_a_public_server_cannot_lead_to_a_private_place_that_a_person_named(
    web: HostileHttp, opened: Opener
) -> None:
    """The person asked for its front page; which port and path are asked is not for others."""
    net = opened(HOSTILE, "127.0.0.1", connect=(f"93.184.216.34:80=127.0.0.1:{web.port}",))
    there = f"http:%2F%2F127.0.0.1:{web.port}%2Fshutdown"
    fetched = await net.fetch(f"http://{HOSTILE}/redirect-to/{there}", address="93.184.216.34")
    assert (fetched.ended, len(net.log.entries)) == ("blocked", 1)
    assert "by a redirect from a public one" in fetched.cause
    assert (await net.fetch(f"http://127.0.0.1:{web.port}/")).ended == "ok"


async def test_an_address_that_several_visits_come_to_is_asked_once(
    site: Site, opened: Opener
) -> None:
    net = network(site, opened)
    ways = (f"http://{APP}/", f"https://{APP}/", f"http://{APP}/")
    visits = await asyncio.gather(*(net.fetch(url, shared=True) for url in ways))
    assert {visit.last.url for visit in visits} == {f"https://{APP}/"}
    assert [len(visit.hops) for visit in visits] == [2, 1, 2]
    assert {visit.body for visit in visits} == {"<h1>hello</h1>"}
    assert net.log.counts() == {"GET/passive": 2}
    await net.fetch(f"https://{APP}/")
    assert net.log.counts() == {"GET/passive": 3}


async def test_what_is_not_a_visitors_plain_get_is_never_shared(site: Site, opened: Opener) -> None:
    net = network(site, opened)
    with pytest.raises(ValueError, match="plain GET"):
        await net.fetch(f"https://{APP}/", headers={"Cookie": "a=1"}, shared=True)
    with pytest.raises(ValueError, match="plain GET"):
        await net.fetch(f"https://{APP}/", method="HEAD", shared=True)
    assert not net.log.entries


@pytest.mark.parametrize("path", ["redirect-chain/1", "redirect-file", "page"])
async def test_shared_redirects_end_as_others_do(
    web: HostileHttp, opened: Opener, path: str
) -> None:
    net = opened(HOSTILE, connect=(web.connect,))
    alone, shared = await net.fetch(web.url(path)), await net.fetch(web.url(path), shared=True)
    assert (shared.ended, shared.cause, shared.hops) == (alone.ended, alone.cause, alone.hops)


async def test_what_a_person_may_ask_for_is_not_shared_with_a_redirect_that_may_not(
    web: HostileHttp, opened: Opener
) -> None:
    net = opened(HOSTILE, "127.0.0.1", connect=(f"93.184.216.34:80=127.0.0.1:{web.port}",))
    private = f"http://127.0.0.1:{web.port}/"
    there = f"http:%2F%2F127.0.0.1:{web.port}%2F"
    public = f"http://{HOSTILE}/redirect-to/{there}"
    assert (await net.fetch(private, shared=True)).ended == "ok"
    led = await net.fetch(public, address="93.184.216.34", shared=True)
    assert led.ended == "blocked"
    assert "by a redirect from a public one" in led.cause


async def test_an_endless_body_is_read_up_to_the_limit(web: HostileHttp, opened: Opener) -> None:
    net = opened(HOSTILE, connect=(web.connect,))
    fetched = await net.fetch(web.url("endless-body"), body_limit=10_000)
    assert (fetched.ended, len(fetched.body), fetched.truncated) == ("ok", 10_000, True)


async def test_the_body_that_came_before_the_time_was_up_is_kept(
    web: HostileHttp, opened: Opener
) -> None:
    net = opened(HOSTILE, connect=(web.connect,), hop_timeout=0.5)
    fetched = await net.fetch(web.url("slow-body"))
    assert (fetched.last.outcome, fetched.status, fetched.truncated) == ("ok", 200, True)
    assert set(fetched.body) == {"."}


async def test_a_gzip_bomb_is_unpacked_up_to_the_limit(web: HostileHttp, opened: Opener) -> None:
    net = opened(HOSTILE, connect=(web.connect,))
    fetched = await net.fetch(web.url("gzip-bomb"), body_limit=200_000)
    assert (fetched.ended, len(fetched.body), fetched.truncated) == ("ok", 200_000, True)


async def test_compression_that_is_none_is_remarked(web: HostileHttp, opened: Opener) -> None:
    fetched = await opened(HOSTILE, connect=(web.connect,)).fetch(web.url("not-gzip"))
    assert (fetched.ended, fetched.body) == ("ok", "")
    assert "compressed" in fetched.cause


async def test_of_three_thousand_headers_two_hundred_are_shown(
    web: HostileHttp, opened: Opener
) -> None:
    fetched = await opened(HOSTILE, connect=(web.connect,)).fetch(web.url("many-headers"))
    assert (fetched.ended, len(fetched.last.headers)) == ("ok", 200)


async def test_many_early_hints_are_read_past(web: HostileHttp, opened: Opener) -> None:
    fetched = await opened(HOSTILE, connect=(web.connect,)).fetch(web.url("many-103"))
    assert (fetched.ended, fetched.status, fetched.body) == ("ok", 200, "hello")


@pytest.mark.parametrize("charset", ["zlib", "hex", "rot13", "idna", "utf-16"])
async def test_a_charset_that_is_none_does_no_harm(
    web: HostileHttp, opened: Opener, charset: str
) -> None:
    fetched = await opened(HOSTILE, connect=(web.connect,)).fetch(web.url(f"charset/{charset}"))
    assert (fetched.ended, fetched.body) == ("ok", "café \ufffd")


async def test_escape_sequences_are_made_visible(web: HostileHttp, opened: Opener) -> None:
    fetched = await opened(HOSTILE, connect=(web.connect,)).fetch(web.url("escapes"))
    assert fetched.body == "\\x1b[2Jgone\nnext\\x00"
    assert "\x1b" not in repr(fetched)


@pytest.mark.parametrize(
    ("location", "url", "ended"),
    [
        ("/page", "http://hostile.test/page", "ok"),
        ("page", "http://hostile.test/redirect-to/page", "loop"),
        ("//hostile.test/page", "http://hostile.test/page", "ok"),
        ("/\\elsewhere.test/", "http://elsewhere.test/", "blocked"),
        ("http://hostile.test@elsewhere.test/", "http://elsewhere.test/", "blocked"),
        ("http://me:pw@hostile.test/page", "http://hostile.test/page", "ok"),
        ("http://2130706433/", "http://127.0.0.1/", "blocked"),
        ("http://[::1]/", "http://[::1]/", "blocked"),
        ("http://[::1", "http://[::1", "blocked"),
        ("http://hostile.test:99999/", "http://hostile.test:99999/", "blocked"),
        ("http://münchen.hostile.test/page", "http://xn--mnchen-3ya.hostile.test/page", "ok"),
        ("javascript:alert(1)", "javascript:alert(1)", "blocked"),
        ("/page%0d%0aX-Evil:%201", "http://hostile.test/page%0d%0aX-Evil:%201", "ok"),
    ],
)
async def test_odd_locations_are_read_as_browsers_read_them(
    web: HostileHttp, opened: Opener, location: str, url: str, ended: str
) -> None:
    net = opened(HOSTILE, connect=(f"*:80=127.0.0.1:{web.port}",))
    fetched = await net.fetch(f"http://hostile.test/redirect-to/{quote(location, safe='')}")
    assert (fetched.last.url, fetched.ended) == (url, ended)


@pytest.mark.parametrize(
    "url", ["", "app.example.test", "file:///etc/passwd", "http://", "http://[", "https://a b/"]
)
async def test_what_is_no_url_is_blocked_and_nothing_leaves(opened: Opener, url: str) -> None:
    net = opened(APP)
    fetched = await net.fetch(url)
    assert (fetched.ended, fetched.status, net.log.entries) == ("blocked", 0, ())


async def test_what_changes_things_is_not_sent_at_the_passive_level(
    web: HostileHttp, opened: Opener
) -> None:
    net = opened(HOSTILE, connect=(web.connect,))
    fetched = await net.fetch(web.url("page"), method="DELETE")  # type: ignore[arg-type]
    assert (fetched.ended, net.log.entries) == ("blocked", ())
    assert "passive" in fetched.cause
    active = opened(scope=Scope(hosts=(HOSTILE,), level=Level.ACTIVE), connect=(web.connect,))
    await active.fetch(web.url("page"), method="OPTIONS")  # type: ignore[arg-type]
    assert active.log.counts() == {"OPTIONS/active": 1}


async def test_a_header_that_cannot_be_written_is_unknown(web: HostileHttp, opened: Opener) -> None:
    net = opened(HOSTILE, connect=(web.connect,))
    for value in (f"{SECRET}\r\nb: c", f"{SECRET}\x00", f"{SECRET} \ud800"):
        fetched = await net.fetch(web.url("page"), headers={"X-Two": value})
        assert (fetched.ended, "cannot be written" in fetched.cause) == ("unknown", True)
        assert "not-a-" not in repr(fetched)


async def test_no_log_of_the_program_gets_headers(
    site: Site, opened: Opener, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    net = network(site, opened)
    fetched = await net.fetch(f"https://{APP}/", headers={"Authorization": SECRET})
    assert fetched.last.header("x-auth") == SECRET
    assert SECRET not in caplog.text
    assert "Set-Cookie" not in caplog.text


async def test_the_environment_s_proxy_is_not_used(
    web: HostileHttp, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    fetched = await opened(HOSTILE, connect=(web.connect,)).fetch(web.url("page"))
    assert (fetched.ended, fetched.body) == ("ok", "hello")


async def test_a_cancelled_request_is_cancelled_and_stays_in_the_log(
    web: HostileHttp, opened: Opener
) -> None:
    net = opened(HOSTILE, connect=(web.connect,))
    task = asyncio.create_task(net.fetch(web.url("silent")))
    await something_left(net)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [(r.path, r.outcome) for r in net.log.entries] == [("/silent", "unknown")]


def test_every_misbehaviour_is_put_to_the_test() -> None:
    assert len(HTTP) >= 25
