"""Names that strangers could take, with real servers: a service's pages, servers that refuse."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import launchready_tui.checks  # noqa: F401
from launchready_tui.catalogue import load
from launchready_tui.facts import tables
from launchready_tui.facts.takeover import Claims
from launchready_tui.given import Target, Told
from launchready_tui.network import Options, Scope
from launchready_tui.recheck import Answered, Question, look
from network.hostile import hostile_dns
from servers.knot import running_knot
from servers.moving_dns import moving_dns
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

DOMAIN = "acme.test"
HERE, AT_SERVICE = "127.0.0.2", "127.0.0.3"
ZONE = f"""\
@ A {HERE}
www CNAME acme.test.
app CNAME acme-gone.surge.sh.
api CNAME acme-own.surge.sh.
admin CNAME acme-live.surge.sh.
"""
SERVICE = f"acme-gone A {AT_SERVICE}\nacme-own A {AT_SERVICE}\nacme-live A {AT_SERVICE}\n"


async def looked(options: Options, *urls: str) -> tuple[Answered, Claims]:
    answered = await look(
        Question(
            items=(load().item("dns.names"),),
            target=Target(domain=DOMAIN, urls=urls),
            told=Told(),
            scope=Scope(hosts=(DOMAIN,), named=(DOMAIN,), by="Ana"),
            options=options,
            at=datetime(2026, 3, 1, tzinfo=UTC),
        )
    )
    claims = answered.run.facts["Claims"]
    assert isinstance(claims, Claims), claims
    return answered, claims


def taken(answered: Answered) -> set[str]:
    outcome = answered.run.outcomes["dns.names"]
    return {f"{f.code} {f.subject}" for f in outcome.findings if f.code.startswith("takeover-")}


async def test_only_the_page_that_says_nobody_has_the_name_is_told(tmp_path: Path) -> None:
    pki = Pki(tmp_path)
    papers = pki.good(DOMAIN, f"*.{DOMAIN}")
    tls, plain = free_port(HERE), free_port(HERE)
    keys = f"ssl_certificate {papers.chain}; ssl_certificate_key {papers.key};"
    body = f"""
    default_type text/html;
    server {{ listen {HERE}:{tls} ssl; {keys} return 200 "<title>Acme</title>"; }}
    server {{ listen {HERE}:{plain}; return 301 https://$host$request_uri; }}
    server {{ listen {AT_SERVICE}:{tls} ssl; server_name app.{DOMAIN}; {keys}
        return 404 "<h1>project not found</h1>"; }}
    server {{ listen {AT_SERVICE}:{tls} ssl; server_name api.{DOMAIN}; {keys}
        return 404 "<title>Acme: page not there</title>"; }}
    server {{ listen {AT_SERVICE}:{tls} ssl; server_name admin.{DOMAIN}; {keys}
        return 200 "<h1>project not found</h1>"; }}
    """
    pins = tuple(
        f"{address}:{port}={address}:{there}"
        for address in (HERE, AT_SERVICE)
        for port, there in ((443, tls), (80, plain))
    )
    zones = {DOMAIN: ZONE, "surge.sh": SERVICE}
    with running_knot(zones) as resolver, running_nginx(body):
        options = Options(resolver=resolver, ca=str(pki.ca), connect=pins, dns_wait=0.1)
        answered, claims = await looked(options)
    assert taken(answered) == {f"takeover-fingerprint app.{DOMAIN}"}
    assert {page.name: page.unclaimed for page in claims.pages} == {
        f"app.{DOMAIN}": True,
        f"api.{DOMAIN}": False,
    }
    fetched = [r for r in answered.requests if r.fact == "Claims" and r.method == "GET"]
    assert len(fetched) == 2
    assert "project" not in repr(claims)


@pytest.mark.parametrize(("second", "finds"), [("refused", True), ("answer", False)])
async def test_a_delegated_name_is_told_when_all_its_servers_refuse(
    second: str, finds: bool
) -> None:
    team = f"team.{DOMAIN}"
    known = {
        f"SOA {DOMAIN}": "60 ns1.acme.test. hostmaster.acme.test. 7 3600 900 1209600 300",
        f"NS {DOMAIN}": "60 ns1.acme.test.",
        "A ns1.acme.test": "60 127.0.0.21",
        f"A {team}": "servfail",
        f"AAAA {team}": "servfail",
        "A ns1.digitalocean.com": "60 127.0.0.31",
        "A ns2.digitalocean.com": "60 127.0.0.32",
    }
    zone = "@ A 127.0.0.9\nteam NS ns1.digitalocean.com.\nteam NS ns2.digitalocean.com.\n"
    with (
        moving_dns(known) as resolver,
        running_knot({DOMAIN: zone}) as own,
        hostile_dns({}, default="refused") as one,
        hostile_dns({}, default=second) as two,
    ):
        pins = (
            f"127.0.0.21:53={own}",
            f"127.0.0.31:53={one}",
            f"127.0.0.32:53={two}",
        )
        options = Options(resolver=resolver.endpoint, connect=pins, dns_wait=0.1)
        answered, claims = await looked(options, f"https://{team}/")
    (subzone,) = claims.zones
    assert (subzone.name, subzone.service) == (team, "DigitalOcean")
    assert len(subzone.servers) == 2
    assert taken(answered) == ({f"takeover-ns {team}"} if finds else set())


@contextlib.contextmanager
def nobody_answers() -> Iterator[int]:
    """A port where connections neither stand nor are refused: its queue is full."""
    with contextlib.ExitStack() as held:
        deaf = held.enter_context(socket.socket())
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(4):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(deaf.getsockname())
        yield deaf.getsockname()[1]


async def test_a_cloud_address_where_nothing_answers_is_told_with_its_owner(
    tmp_path: Path,
) -> None:
    pki = Pki(tmp_path)
    papers = pki.good(DOMAIN)
    port = free_port(HERE)
    known = {
        f"A {DOMAIN}": f"60 {HERE}",
        f"A app.{DOMAIN}": "60 127.0.0.77",
        "PTR 77.0.0.127.in-addr.arpa": "60 ec2-7-7-7-7.eu-west-1.compute.amazonaws.com.",
    }
    keys = f"ssl_certificate {papers.chain}; ssl_certificate_key {papers.key};"
    body = f'server {{ listen {HERE}:{port} ssl; {keys} return 200 "x"; }}'
    with moving_dns(known) as resolver, running_nginx(body), nobody_answers() as deaf:
        pins = (f"{HERE}:443={HERE}:{port}", f"127.0.0.77:443=127.0.0.1:{deaf}")
        options = Options(
            resolver=resolver.endpoint,
            ca=str(pki.ca),
            connect=pins,
            dns_wait=0.1,
            connect_timeout=0.3,
            handshake_timeout=0.5,
        )
        answered, claims = await looked(options)
    assert [(dead.name, dead.cloud) for dead in claims.quiet] == [
        (f"app.{DOMAIN}", "Amazon Web Services")
    ]
    assert taken(answered) == {f"takeover-dead-ip app.{DOMAIN}"}


def test_every_row_of_the_table_names_its_source_and_says_something_that_is_its_own() -> None:
    table = tables.takeover()
    assert len({row.id for row in table.service}) == len(table.service) >= 30
    for row in table.service:
        assert row.source.startswith("https://")
        assert row.suffixes
        assert bool(row.says) == (row.kind in ("fingerprint", "edge")), row.id
        assert all(len(text) > 8 for text in row.says), row.id
    kinds = {row.kind for row in table.service}
    assert kinds == {"fingerprint", "edge", "delegation", "safe"}
    assert all(row.source.startswith("https://") and row.reverse for row in table.cloud)


def test_a_safe_ending_is_none_of_the_others() -> None:
    rows = tables.takeover().service
    safe = [end for row in rows if row.kind == "safe" for end in row.suffixes]
    others = [end for row in rows if row.kind != "safe" for end in row.suffixes]
    assert not [end for end in safe if tables.ends_with(end, tuple(others))]


def test_every_authority_has_a_source_and_a_domain() -> None:
    rows = tables.authorities()
    assert len({row.id for row in rows}) == len(rows) >= 15
    names = [name.casefold() for row in rows for name in row.organisations]
    assert len(names) == len(set(names))
    for row in rows:
        assert row.source.startswith("https://")
        assert row.domains and all("." in domain for domain in row.domains)
