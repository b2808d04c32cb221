"""How little is sent: four hosts side by side, in one zone, each with a site of its own."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator

import pytest

from launchready_tui.commands import edge
from launchready_tui.given import Told
from launchready_tui.model import State
from launchready_tui.network import Options, Scope
from launchready_tui.network.lines import CONNECTIONS_PER_HOST
from launchready_tui.network.seen import Request
from launchready_tui.recheck import Answered, Question, look_together
from servers.knot import running_knot
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

ZONE = "harbour.test"
HERE = "127.0.0.2"
MOST = 120
FAMILY = ("", "www.", "app.", "api.")
STRANGERS = ("crm.", "track.", "docs.", "shop.")
ENV = "MAIL_HOST=mail.harbour.test\\nDB_PASSWORD=" + "Xk29" + "fjw02kdQ\\n"
PAGE = "<title>Desk</title>" + "".join(f"<script src=/static/a-{n}.js></script>" for n in range(9))


@contextlib.contextmanager
def running_hosts(pki: Pki) -> Iterator[Options]:
    """Every host has a page with nine scripts, and one a file that is found; www leads on."""
    tls, plain = free_port(HERE), free_port(HERE)
    labels = (*FAMILY, *STRANGERS)
    papers = pki.good(*(f"{label}{ZONE}" for label in labels))
    serves = f"listen {HERE}:{tls} ssl http2; ssl_certificate {papers.chain}; "
    serves += f"ssl_certificate_key {papers.key};"
    names = " ".join(f"{label}{ZONE}" for label in labels if label not in ("www.", "crm."))
    pages = f"""
        {serves} default_type text/html;
        location = / {{ return 200 "{PAGE}"; }}
        location /static/ {{ default_type text/javascript; return 200 'import("./more.js")'; }}
        location / {{ return 404 "<title>Not found</title>"; }}
    """
    config = f"""
    server {{ listen {HERE}:{plain}; return 301 https://$host$request_uri; }}
    server {{ {serves} server_name www.{ZONE}; return 301 https://{ZONE}$request_uri; }}
    server {{ {pages} server_name {names}; }}
    server {{
        {pages} server_name crm.{ZONE};
        location = /.env {{ default_type text/plain; return 200 "{ENV}"; }}
    }}
    """
    records = [f"@ NS ns1.{ZONE}.", "ns1 A 127.0.0.1", f"@ A {HERE}"]
    records += [f"{label.rstrip('.')} A {HERE}" for label in labels if label]
    pins = (f"{HERE}:443={HERE}:{tls}", f"{HERE}:80={HERE}:{plain}")
    with running_knot({ZONE: "\n".join(records) + "\n"}) as resolver, running_nginx(config):
        yield Options(resolver=resolver, ca=str(pki.ca), connect=pins)


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Options]:
    with running_hosts(Pki(tmp_path_factory.mktemp("economy"))) as served:
        yield served


async def looked(options: Options, labels: tuple[str, ...]) -> tuple[Answered, ...]:
    hosts = tuple(f"{label}{ZONE}" for label in labels)
    items = edge.catalogue(guess=True).items
    return await look_together(
        [
            Question(
                items=items,
                target=target,
                told=Told(),
                scope=Scope(hosts=hosts, named=hosts, by="Ana"),
                options=options,
            )
            for target in edge.targets_of(hosts)
        ]
    )


def most_at_once(requests: list[Request]) -> int:
    """The most connections that one host held at the same moment."""
    most = 0
    for host in {request.host for request in requests}:
        steps = [
            step
            for r in requests
            if r.host == host and r.method != "DNS"
            for step in ((r.at.timestamp(), 1), (r.at.timestamp() + r.seconds, -1))
        ]
        now = 0
        for _, step in sorted(steps):
            now += step
            most = max(most, now)
    return most


@pytest.mark.parametrize("labels", [FAMILY, STRANGERS])
async def test_four_hosts_are_looked_at_with_few_requests(
    options: Options, labels: tuple[str, ...]
) -> None:
    answers = await looked(options, labels)
    sent = [request for answered in answers for request in answered.requests]
    assert {request.level for request in sent} == {"passive"}
    assert len(sent) <= MOST, Counter(request.fact for request in sent)
    assert most_at_once(sent) <= CONNECTIONS_PER_HOST


async def test_what_is_left_out_beside_other_hosts_is_told_and_nothing_is_green_by_it(
    options: Options,
) -> None:
    answers = await looked(options, STRANGERS)
    for answered in answers:
        files = answered.run.outcomes["exposure.files"]
        assert len(files.findings) == (answered.requests[0].target == f"crm.{ZONE}")
        assert any("paths left out to send no more" in seen.value for seen in files.seen)
        scripts = answered.run.outcomes["exposure.javascript"]
        assert scripts.state is State.UNKNOWN
        assert "6 further scripts that pages load not read" in scripts.cause
        admin = answered.run.outcomes["access.open-pages"]
        assert any("not /wp-admin/" in seen.value for seen in admin.seen)
        errors = answered.run.outcomes["site.errors"]
        assert any("security.txt belong to the domain" in seen.value for seen in errors.seen)


async def test_a_host_alone_is_asked_for_everything(options: Options) -> None:
    (answered,) = await looked(options, ("crm.",))
    files = answered.run.outcomes["exposure.files"]
    assert not any("left out" in seen.value for seen in files.seen)
    scripts = answered.run.outcomes["exposure.javascript"]
    assert (scripts.state, scripts.cause) == (State.PASS, "")
    assert len(answered.requests) <= MOST


async def test_two_looks_at_an_unchanged_site_bring_the_same_facts(options: Options) -> None:
    one, other = await looked(options, FAMILY), await looked(options, FAMILY)
    for before, after in zip(one, other, strict=True):
        assert before.run.facts == after.run.facts
