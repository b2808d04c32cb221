"""Answers of a real server: two files, an error page, and headers that change with every answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest

from cases.headers_world import shown
from launchready_tui.facts.site import visit
from launchready_tui.facts.web import WebHost, WebHosts, missing_pages
from launchready_tui.facts.wellknown import CONTACT, ROBOTS, well_known
from launchready_tui.given import Target
from launchready_tui.model import CouldNotTell
from launchready_tui.network import Network, Options, Scope, open_network
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

DOMAIN, ADDRESS = "files.test", "127.0.0.5"
SHELL, BARE, BROKEN = f"shell.{DOMAIN}", f"bare.{DOMAIN}", f"broken.{DOMAIN}"
TARGET = Target(domain=DOMAIN)
TRACE = "Traceback (most recent call last) File &quot;/srv/app.py&quot; token=very-private-value"


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Options]:
    pki = Pki(tmp_path_factory.mktemp("files"))
    names = (DOMAIN, SHELL, BARE, BROKEN)
    good, port = pki.good(*names), free_port(ADDRESS)
    served = {
        DOMAIN: f"""
            location = {ROBOTS} {{ default_type text/plain;
                return 200 "User-agent: *\\nDisallow: /admin # x\\ndisallow:/cart\\n"; }}
            location = {CONTACT} {{ default_type text/plain;
                return 200 "# hello\\nContact: mailto:a@files.test\\n"; }}
            location / {{ return 404; }}""",
        SHELL: """location / { default_type text/html;
            add_header Content-Security-Policy
                "script-src 'nonce-$request_id' 'self'; report-uri https://r.test/?key=$request_id";
            add_header Set-Cookie "sid=$request_id; Max-Age=60; Secure";
            return 200 "<title>User-agent: Contact: x</title>"; }""",
        BARE: f"location / {{ default_type text/html; return 404 '{TRACE}'; }}",
        BROKEN: "location / { return 503; }",
    }
    body = "".join(
        f"""server {{ listen {ADDRESS}:{port} ssl; server_name {name};
            ssl_certificate {good.chain}; ssl_certificate_key {good.key}; {locations} }}"""
        for name, locations in served.items()
    )
    with running_nginx(body):
        pins = tuple(f"{name}:443={ADDRESS}:{port}" for name in names)
        yield Options(ca=str(pki.ca), connect=pins)


@pytest.fixture
async def net(options: Options) -> AsyncIterator[Network]:
    async with open_network(Scope(hosts=(DOMAIN,), named=(DOMAIN,)), options) as opened:
        yield opened


def web(*hosts: str) -> WebHosts:
    return WebHosts(hosts=tuple(WebHost(host=h, front=shown(h)) for h in hosts), app=hosts[-1])


async def test_the_two_files_are_read_at_the_domains_host_only(net: Network) -> None:
    found = await well_known(net, web(DOMAIN, SHELL, BARE), TARGET)
    assert (found.host, found.robots.state, found.contact.state) == (DOMAIN, "there", "there")
    assert found.hidden == ("/admin", "/cart")
    assert sorted(r.path for r in net.log.entries) == [CONTACT, ROBOTS]


@pytest.mark.parametrize(
    ("host", "state"), [(SHELL, "absent"), (BARE, "absent"), (BROKEN, "unknown")]
)
async def test_a_page_for_every_address_is_no_such_file(
    net: Network, host: str, state: str
) -> None:
    found = await well_known(net, web(host), TARGET)
    assert (found.host, found.robots.state, found.contact.state) == (host, state, state)
    assert found.hidden == ()
    assert bool(found.robots.cause) == (state == "unknown")


async def test_without_a_host_that_answers_nothing_is_asked(net: Network) -> None:
    with pytest.raises(CouldNotTell, match="no host"):
        await well_known(net, WebHosts(hosts=()), TARGET)
    assert not net.log.entries


async def test_an_error_page_keeps_the_name_of_what_it_shows_and_no_word_of_it(
    net: Network,
) -> None:
    gone = await missing_pages(net, web(DOMAIN, BARE))
    assert [(page.host, page.debug) for page in gone.pages] == [
        (DOMAIN, ()),
        (BARE, ("Python stack trace",)),
    ]
    assert b"very-private-value" not in msgspec.json.encode(gone)


async def test_two_looks_at_an_unchanged_page_are_the_same(net: Network) -> None:
    url = f"https://{SHELL}/"
    one, other = await visit(net, url), await visit(net, url)
    assert one == other
    last = one.hops[-1]
    assert last.header("content-security-policy") == (
        "script-src 'nonce-…' 'self'; report-uri https://r.test/?key=…"
    )
    assert last.header("set-cookie") == "sid=…; Max-Age=60; Secure"
