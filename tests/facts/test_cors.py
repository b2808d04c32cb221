"""Origins that attackers have, asked of a real app; and that few are asked where few will do."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.examples import judge
from cases.world import hop, served
from cases.world import visit as visited
from launchready_tui.facts import cors
from launchready_tui.facts.caching import files_of, is_hashed, public_caching
from launchready_tui.facts.cors import (
    FOREIGN,
    MOST_ASKED,
    CorsAnswers,
    CorsPath,
    cors_preflights,
    depends,
    is_listed,
    origins_for,
)
from launchready_tui.facts.page import read_page
from launchready_tui.facts.scripts import ShippedAddresses
from launchready_tui.facts.web import WebHost, WebHosts
from launchready_tui.given import Permits, Target, Web
from launchready_tui.model import CouldNotTell, Level, Unknown
from launchready_tui.network import Network, Scope, open_network
from servers.desk import BAD, DOMAIN, GOOD, Desk

ALL = Permits(probes=("cors-preflight",), by="Ana")
NOTHING = Unknown(cause="no script was read")
PAGE = "<title>Desk</title><script src=/static/app-4f3a9c21.js></script>"


@pytest.fixture
async def net(desk: Desk) -> AsyncIterator[Network]:
    scope = Scope(hosts=(DOMAIN,), level=Level.ACTIVE, named=(DOMAIN, GOOD, BAD))
    async with open_network(scope, desk.options) as opened:
        yield opened


def web(host: str = GOOD, page: str = PAGE) -> WebHosts:
    front = visited(hop(f"https://{host}/"), page=read_page(page))
    return WebHosts(hosts=(WebHost(host=host, front=front),), app=host)


def target(*api: str) -> Target:
    return Target(domain=DOMAIN, web=Web(api=tuple(f"https://{GOOD}/api/{how}" for how in api)))


async def cors_answers(
    net: Network, hosts: WebHosts, about: Target, calls: ShippedAddresses | Unknown = NOTHING
) -> CorsAnswers:
    """By the gatherer, where no script was read."""
    return await cors.cors_answers(net, hosts, about, calls)


def of(seen: CorsAnswers, how: str) -> CorsPath:
    return next(path for path in seen.paths if path.url.endswith(how))


# ---------------------------------------------------------------- which origins


def test_the_ways_of_comparing_wrongly_are_all_there() -> None:
    found = [origin.value for origin in origins_for(f"app.{DOMAIN}", DOMAIN)]
    assert found == [
        "https://app.acme.test.evil.example",
        "https://evilacme.test",
        "https://pp.acme.test",
        "https://appxacme.test",
        "http://app.acme.test",
        "http://localhost:3000",
        "https://lr-check.vercel.app",
        "https://app.acme.test_.evil.example",
        "https://lr-any.acme.test",
        "https://evilapp.acme.test",
        "https://app.acme.test%60.evil.example",
    ]


def test_the_name_above_a_public_suffix_is_never_taken_for_the_company_s() -> None:
    host = "acme.onrender.com"
    below = {o.value for o in origins_for(host, host) if o.who == "below"}
    assert below == {"https://lr-any.acme.onrender.com"}
    assert "https://cme.onrender.com" in {
        o.value for o in origins_for(host, host) if o.who == "stranger"
    }
    other = origins_for("tool.example.co.uk", "acme.test")  # not below the domain
    assert not any(o.who == "below" and "lr-any.co.uk" in o.value for o in other)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_host_has_its_origins(host: str, domain: str) -> None:
    found = origins_for(host, domain)
    assert len({o.value for o in found}) == len(found) <= 11


@pytest.mark.parametrize(
    ("origin", "listed"),
    [
        ("https://a.acme.test", True),
        ("https://acme.test", False),
        ("http://a.acme.test", False),
        ("https://partner.example", True),
        ("https://partner.example.evil.example", False),
    ],
)
def test_a_listed_origin_is_matched_whole(origin: str, listed: bool) -> None:
    assert is_listed(origin, ("https://*.acme.test", "https://Partner.example/")) is listed


# ---------------------------------------------------------------- what a real app answers


async def test_a_silent_app_is_asked_three_times_an_address(net: Network) -> None:
    seen = await cors_answers(net, web(), target("none", "star"))
    assert [len(path.answers) for path in seen.paths] == [3, 3, 3]
    assert not any(depends(path.answers) for path in seen.paths)
    assert len(net.log.entries) == 9
    assert {(r.method, r.level) for r in net.log.entries} == {("GET", "passive")}


async def test_where_nobody_named_an_api_one_that_the_scripts_call_is_asked(net: Network) -> None:
    found = (f"https://{GOOD}/api/auth/logout", f"https://{GOOD}/api/echo", f"https://{GOOD}/api/x")
    calls = ShippedAddresses(api=found)
    seen = await cors_answers(net, web(), target(), calls)
    assert [path.url for path in seen.paths] == [f"https://{GOOD}/", f"https://{GOOD}/api/echo"]
    named = await cors_answers(net, web(), target("none"), calls)
    assert [path.url for path in named.paths] == [f"https://{GOOD}/", f"https://{GOOD}/api/none"]


async def test_an_app_that_compares_is_asked_twelve_times(net: Network) -> None:
    seen = await cors_answers(net, web(), target("begins", "null", "echo"))
    assert len(of(seen, "begins").answers) == MOST_ASKED == len(of(seen, "null").answers)
    assert seen.left_out == (f"https://{GOOD}/api/echo",)
    outcome = judge("cors.origins", target("begins", "null"), seen)
    assert {(f.code, f.subject.rpartition("/")[2]) for f in outcome.findings} == {
        ("cors-reflect-credentials", "begins"),
        ("cors-weak-origin", "null"),
    }


async def test_an_echo_without_vary_is_told_once_as_what_it_is(net: Network) -> None:
    outcome = judge("cors.origins", target(), await cors_answers(net, web(), target("echo")))
    assert [f.code for f in outcome.findings] == ["cors-reflect-credentials"]
    assert FOREIGN in outcome.findings[0].observed


async def test_a_list_of_one_s_own_is_in_order(net: Network) -> None:
    about = target("list", "star")
    seen = await cors_answers(net, web(), about)
    asked = await cors_preflights(net, web(), about, ALL)
    outcome = judge("cors.origins", about, seen, asked)
    assert not outcome.findings
    assert outcome.proven


async def test_leave_to_change_things_is_asked_only_where_allowed(net: Network) -> None:
    about = target("changes")
    seen = await cors_answers(net, web(), about)
    with pytest.raises(CouldNotTell, match="not tried"):
        await cors_preflights(net, web(), about, Permits())
    assert not judge("cors.origins", about, seen).findings
    asked = await cors_preflights(net, web(), about, ALL)
    counts = [r for r in net.log.entries if r.method == "OPTIONS"]
    assert {r.level for r in counts} == {"active"}
    assert len([r for r in counts if r.path == "/api/changes"]) <= 12
    (finding,) = judge("cors.origins", about, seen, asked).findings
    assert finding.code == "cors-reflect-credentials"
    assert "OPTIONS for PUT" in finding.observed  # DELETE is not among the allowed methods
    changes = next(path for path in asked.paths if path.url.endswith("changes"))
    assert {a.method for a in changes.answers if a.reflected} == {"OPTIONS for PUT"}


async def test_a_host_behind_a_challenge_is_not_asked(net: Network) -> None:
    held = WebHosts(hosts=(served(GOOD, cause="a bot challenge"),), app=GOOD)
    assert "a bot challenge" in (await cors_answers(net, held, target())).cause
    assert "a bot challenge" in (await public_caching(net, held, target())).cause
    assert not net.log.entries


async def test_two_looks_at_origins_are_equal(net: Network) -> None:
    about = target("begins", "list")
    assert await cors_answers(net, web(), about) == await cors_answers(net, web(), about, NOTHING)


# ---------------------------------------------------------------- files and pages


async def test_a_file_for_a_year_and_one_without_a_word(net: Network) -> None:
    good, bad = (
        await public_caching(net, web(), target()),
        await public_caching(net, web(BAD), target()),
    )
    (one,), (other,) = good.files, bad.files
    assert (one.hashed, one.encoding, one.text) == (True, "gzip", True)
    assert (other.encoding, other.large, other.head.control) == ("", True, "")
    assert len(net.log.entries) == 4
    assert not judge("cache.public", good).findings
    codes = {finding.code for finding in judge("cache.public", bad).findings}
    assert codes == {"static-not-immutable", "no-compression"}
    assert await public_caching(net, web(), target()) == good


def test_two_files_of_the_own_host_are_enough() -> None:
    page = """<script src="https://cdn.example/x-4f3a9c21.js"></script><script src="/plain.js">
    </script><script src="/assets/index-B7dK2x9f.js"></script><script src="/a-4f3a9c22.js"></script>
    <link rel=stylesheet href="/assets/index-C7dK2x9f.css"><script src="http://[x/y.js"></script>"""
    (host,) = web(page=page).hosts
    assert [url.rpartition("/")[2] for url in files_of(host)] == [
        "index-B7dK2x9f.js",
        "index-C7dK2x9f.css",
    ]


@pytest.mark.parametrize(
    ("path", "hashed"),
    [
        ("/assets/index-4f3a9c21.js", True),
        ("/assets/index-DiwrgTda.js", False),  # no digit: it could be a word
        ("/_next/static/chunks/main-app.js", True),
        ("/main.4f3a9c21.chunk.js", True),
        ("/application-controllers.js", False),
        ("/jquery-3.7.1.min.js", False),
        ("/app.js", False),
    ],
)
def test_a_name_with_a_hash_is_told_from_a_name(path: str, hashed: bool) -> None:
    assert is_hashed(f"https://{GOOD}{path}") is hashed
