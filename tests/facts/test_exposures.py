"""What a real server gives away, and what only looks like it: nginx, and behind it our hostile one.

Every path is asked of the same kinds of sites that made other tools cry wolf.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from cases.examples import judge
from cases.world import DOMAIN, TARGET, served
from launchready_tui.facts.exposures import (
    MOST,
    MOST_A_HOST,
    MOST_HOSTS,
    ExposedFiles,
    exposed_files,
    made_up_files,
)
from launchready_tui.facts.graphql import introspection
from launchready_tui.facts.web import MissingPages, WebHosts, missing_pages
from launchready_tui.given import Permits, Target, Web
from launchready_tui.model import CouldNotTell, Level, Outcome, State
from launchready_tui.network import Network, Options, Scope, open_network
from network.hostile import hostile_http
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

HERE = "127.0.0.2"
KEY = "sk_" + "live_" + "51HxYzAbCdEfGhIjKlMnOp"
ENV = f"# live\\nSTRIPE_SECRET_KEY={KEY}\\nDATABASE_URL=postgres://desk@db/desk\\n"
SHELL = (
    "<!doctype html><html><head><title>Desk</title>"
    "<script nonce=$request_id>window.__CONFIG={}</script></head><body><div id=root></div></body>"
)
HOSTS = {
    "plain": "location / { return 404 'no such page'; } location = / { return 200 hello; }",
    "spa": f'location / {{ return 200 "{SHELL}"; }}',
    "planted": f"""
        location / {{ return 200 "{SHELL}"; }}
        location = /.env {{ default_type text/html; return 200 "{ENV}"; }}
    """,
    "bare": f"""
        location / {{ return 404; }}
        location ~ /\\.env {{ return 200 "{ENV}"; }}
        location = /.git/HEAD {{ return 200 "ref: refs/heads/main\\n"; }}
        location = /metrics {{ return 200 "# HELP up Up\\n# TYPE up gauge\\n"; }}
        location = /debug/pprof/ {{
            return 200 "<html><head><title>/debug/pprof/</title></head></html>";
        }}
    """,
    "guarded": """
        location / { return 404; }
        location ~ /\\. { return 403; }
        location = /metrics { return 401; }
        location = /docs { return 302 https://$host/login; }
        location = /dump.sql { return 500 "CREATE TABLE people (id int);"; }
    """,
    "login": "location / { return 302 https://accounts.example/login; }",
    "lying": f'location / {{ return 200 "{ENV}"; }}',
    "dots": f"""
        location / {{ return 404; }}
        location ~ /\\. {{ return 200 "{ENV}"; }}
    """,
    "challenge": "location / { add_header cf-mitigated challenge always; return 403 wait; }",
    "limited": "location / { return 404; } location = /.git/HEAD { return 429; }",
    "example": """
        location / { return 404; }
        location = /.env { return 200 "SECRET_KEY=changeme\\nAPI_TOKEN=\\nPORT=3000\\n"; }
    """,
}


@dataclass(frozen=True)
class Sites:
    options: Options

    @contextlib.asynccontextmanager
    async def opened(self, level: Level = Level.PASSIVE):  # type: ignore[no-untyped-def]
        scope = Scope(hosts=(DOMAIN,), named=(DOMAIN,), level=level)
        async with open_network(scope, self.options) as net:
            yield net


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    papers = Pki(tmp_path_factory.mktemp("exposures"))
    names = {name: f"{name}.{DOMAIN}" for name in (*HOSTS, "hostile", "graphql", "shy")}
    good = papers.good(*names.values())
    port = free_port(HERE)
    head = f"ssl_certificate {good.chain}; ssl_certificate_key {good.key};"
    with hostile_http() as web:
        hostile = f"""
            proxy_buffering off;
            location / {{ return 404; }}
            location = /.env {{ proxy_pass http://127.0.0.1:{web.port}/endless-body; }}
            location = /.git/HEAD {{ proxy_pass http://127.0.0.1:{web.port}/garbage; }}
            location = /dump.sql {{ proxy_pass http://127.0.0.1:{web.port}/gzip-bomb; }}
            location = /backup.sql {{ proxy_pass http://127.0.0.1:{web.port}/escapes; }}
            location = /metrics {{ proxy_pass http://127.0.0.1:{web.port}/short-body; }}
            location = /docs {{ proxy_pass http://127.0.0.1:{web.port}/charset/zlib; }}
        """
        graphql = """
            location / { return 404; }
            location = /graphql {
                if ($request_method != POST) { return 405; }
                return 200 '{"data":{"__schema":{"queryType":{"name":"Query"}}}}';
            }
        """
        shy = """
            location / { return 404; }
            location = /graphql { return 200 '{"errors":[{"message":"__schema is not allowed"}]}'; }
        """
        bodies = {**HOSTS, "hostile": hostile, "graphql": graphql, "shy": shy}
        config = "\n".join(
            f"server {{ listen {HERE}:{port} ssl; server_name {names[name]}; {head}"
            f" default_type text/plain; {body} }}"
            for name, body in bodies.items()
        )
        with running_nginx(config):
            pins = (f"*:443={HERE}:{port}",)
            yield Sites(Options(ca=str(papers.ca), connect=pins, hop_timeout=8.0))


def hosts(*names: str) -> WebHosts:
    given = tuple(served(f"{name}.{DOMAIN}") for name in names)
    return WebHosts(hosts=given, app=given[-1].host)


async def looked(net: Network, these: WebHosts) -> ExposedFiles:
    return await exposed_files(
        net, these, await missing_pages(net, these), await made_up_files(net, these), TARGET
    )


async def judged(sites: Sites, *names: str) -> Outcome:
    these = hosts(*names)
    async with sites.opened() as net:
        return judge("exposure.files", await looked(net, these), these, TARGET)


def codes(outcome: Outcome) -> list[str]:
    return [
        f"{finding.code} {finding.subject.partition(DOMAIN)[2]}" for finding in outcome.findings
    ]


@pytest.mark.parametrize("name", ["plain", "spa", "guarded", "login", "lying", "dots", "example"])
async def test_a_sound_site_and_its_look_alikes_give_nothing_away(sites: Sites, name: str) -> None:
    outcome = await judged(sites, name)
    assert outcome.state is State.PASS, outcome


async def test_one_planted_file_in_a_site_that_answers_everything_is_one_finding(
    sites: Sites,
) -> None:
    outcome = await judged(sites, "planted")
    assert codes(outcome) == ["exposed-secret-file /.env"]
    assert "among them STRIPE_SECRET_KEY, DATABASE_URL" in outcome.findings[0].observed


async def test_each_kind_of_thing_is_found_once_for_all_its_paths(sites: Sites) -> None:
    outcome = await judged(sites, "bare")
    assert codes(outcome) == [
        "exposed-secret-file /.env",
        "exposed-repo /.git/HEAD",
        "ops-endpoint-open /metrics",
        "ops-endpoint-open /debug/pprof/",
    ]


async def test_nothing_secret_is_kept_of_a_hit(sites: Sites) -> None:
    these = hosts("bare")
    async with sites.opened() as net:
        fact = await looked(net, these)
        again = await looked(net, these)
    assert fact == again
    assert KEY not in repr(fact)
    assert "desk@db" not in repr(fact)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("challenge", "a bot challenge answered for a made-up page"),
        ("limited", "it turned us away (429) at /.git/HEAD"),
    ],
)
async def test_a_site_that_turns_us_away_is_not_green(sites: Sites, name: str, cause: str) -> None:
    outcome = await judged(sites, name)
    assert outcome.state is State.UNKNOWN
    assert cause in outcome.cause


async def test_answers_without_end_or_sense_are_neither_hits_nor_our_end(sites: Sites) -> None:
    these = hosts("hostile")
    async with sites.opened() as net:
        fact = await looked(net, these)
    assert fact.hosts[0].hits == ()


async def test_a_host_sees_forty_requests_at_most_and_reads_only_the_start(sites: Sites) -> None:
    these = hosts("planted")
    async with sites.opened() as net:
        fact = await looked(net, these)
        sent = [request for request in net.log.entries if request.method == "GET"]
    assert len(sent) == fact.hosts[0].asked <= MOST_A_HOST
    assert net.log.counts() == {"GET/passive": len(sent)}
    assert fact.hosts[0].left_out == ()


async def test_many_hosts_share_what_goes_beyond_the_short_list(sites: Sites) -> None:
    these = hosts("plain", "spa", "planted", "guarded")
    async with sites.opened() as net:
        fact = await looked(net, these)
        sent = [request for request in net.log.entries if request.method == "GET"]
    # What `MissingPages` sends is not ours; a hit is measured once more.
    assert len(sent) - len(these.hosts) <= MOST + 1
    by_host = {host.host: host for host in fact.hosts}
    assert not by_host[f"guarded.{DOMAIN}"].left_out
    assert [hit.path for hit in by_host[f"planted.{DOMAIN}"].hits] == ["/.env"]
    assert "/.env" not in by_host[f"spa.{DOMAIN}"].left_out
    assert "/docs" in by_host[f"spa.{DOMAIN}"].left_out


async def test_hosts_beyond_what_a_run_asks_are_told(sites: Sites) -> None:
    many = hosts(*(f"h{number}" for number in range(MOST_HOSTS + 1)))
    async with sites.opened() as net:
        fact = await looked(net, many)
    assert fact.hosts[-1].cause == "too many hosts for one run"
    assert fact.hosts[-1].asked == 0


async def test_without_a_measure_nothing_is_asked(sites: Sites) -> None:
    these = hosts("planted")
    async with sites.opened() as net:
        files = await made_up_files(net, these)
        fact = await exposed_files(net, these, MissingPages(pages=()), files, TARGET)
        sent = [request for request in net.log.entries if request.method == "GET"]
    assert len(sent) == 1
    assert fact.hosts[0].hits == ()
    assert fact.hosts[0].cause


# ---------------------------------------------------------------- introspection


async def asked(sites: Sites, name: str, *probes: str, level: Level = Level.ACTIVE) -> Outcome:
    these = hosts(name)
    target = Target(domain=DOMAIN, web=Web(api=(f"https://{name}.{DOMAIN}/v1/graphql",)))
    async with sites.opened(level) as net:
        permits = Permits(probes=probes, by="Ana")
        told = await introspection(net, these, target, permits)
        return judge("exposure.files", await looked(net, these), these, target, told)


async def test_introspection_is_found_where_it_is_allowed_to_look(sites: Sites) -> None:
    outcome = await asked(sites, "graphql", "graphql-introspection")
    assert codes(outcome) == ["ops-endpoint-open /graphql"]


async def test_a_server_that_refuses_introspection_is_left_alone(sites: Sites) -> None:
    assert (await asked(sites, "shy", "graphql-introspection")).state is State.PASS


async def test_without_a_permit_nothing_is_sent(sites: Sites) -> None:
    with pytest.raises(CouldNotTell, match="graphql-introspection"):
        await asked(sites, "graphql")


async def test_a_permit_alone_does_not_open_a_passive_door(sites: Sites) -> None:
    outcome = await asked(sites, "graphql", "graphql-introspection", level=Level.PASSIVE)
    assert outcome.state is State.PASS
    assert "not sent at the passive level" in str(outcome.seen)
