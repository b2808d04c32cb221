"""`launchready check` against a real zone in Knot and a real nginx: judged rightly."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servers.knot import running_knot
from servers.nginx import running_nginx
from servers.pki import Papers, Pki
from servers.processes import free_port

ROOT = Path(__file__).parent.parent
ZONE = """
$TTL 300
@      SOA ns1.acme.test. hostmaster.acme.test. 1 7200 3600 1209600 300
@      NS  ns1.acme.test.
@      NS  ns2.acme.test.
ns1    A   192.0.2.53
ns2    A   198.51.100.53
@      A   192.0.2.10
www    A   192.0.2.11
app    86400 A 192.0.2.12
api    A   192.0.2.13
"""


def server(port: int, name: str, papers: Papers, body: str) -> str:
    return f"""
  server {{
    listen 127.0.0.1:{port} ssl http2;
    server_name {name};
    ssl_certificate {papers.chain};
    ssl_certificate_key {papers.key};
    ssl_protocols TLSv1.2 TLSv1.3;
    {body}
  }}"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What `check` says of a company with five faults and as many innocent details."""
    folder = tmp_path_factory.mktemp("acme")
    pki = Pki(folder)
    ports = {name: free_port() for name in ("http", "apex", "www", "app", "api")}
    body = f"""
  server {{ listen 127.0.0.1:{ports["http"]}; return 302 https://$host$request_uri; }}
  {server(ports["apex"], "acme.test", pki.good("acme.test", "www.acme.test"), 'return 200 "hi";')}
  {server(ports["www"], "www.acme.test", pki.wrong_name(), "return 301 https://acme.test$uri;")}
  {server(ports["app"], "app.acme.test", pki.good("app.acme.test"), "return 302 /login;")}
  {server(ports["api"], "api.acme.test", pki.expired("api.acme.test"), 'return 200 "{{}}";')}
"""
    pins = [f"*:80=127.0.0.1:{ports['http']}"]
    hosts = {"apex": "acme.test", "www": "www.acme.test", "app": "app.acme.test"}
    pins += [f"{host}:443=127.0.0.1:{ports[key]}" for key, host in hosts.items()]
    pins.append(f"api.acme.test:443=127.0.0.1:{ports['api']}")
    with running_knot({"acme.test": ZONE}) as resolver, running_nginx(body):
        command = [sys.executable, "-P", "-m", "launchready_tui", "check", "--domain", "acme.test"]
        command += ["--resolver", resolver, "--ca", str(pki.ca), "--format", "json"]
        command += [word for pin in pins for word in ("--connect", pin)]
        outputs = [
            subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90)
            for _ in range(2)
        ]
    assert [done.returncode for done in outputs] == [1, 1], outputs[0].stderr
    first, again = (json.loads(done.stdout) for done in outputs)
    again["at"] = first["at"]
    assert first == again, "unchanged input differs in more than the one timestamp"
    yield first


def found(report: dict[str, Any]) -> set[tuple[str, str]]:
    return {(f["code"], f["subject"]) for f in report["findings"]}


@pytest.mark.parametrize(
    ("code", "subject"),
    [
        ("cert-wrong-host", "www.acme.test"),
        ("cert-expired", "api.acme.test"),
        ("ttl-before-cutover", "app.acme.test"),
        ("redirect-temporary", "http://acme.test/"),
    ],
)
def test_a_planted_fault_is_found(report: dict[str, Any], code: str, subject: str) -> None:
    assert (code, subject) in found(report)


def test_what_is_innocent_is_not_flagged(report: dict[str, Any]) -> None:
    codes = {code for code, _ in found(report)}
    assert not codes & {"cert-untrusted", "cert-chain-incomplete", "dns-wildcard", "redirect-loop"}
    assert ("dns-name-missing", "admin.acme.test") not in found(report)
    assert ("cert-expiring", "acme.test") not in found(report)
    assert "dns-one-nameserver" not in codes


def test_the_verdict_says_how_much_it_rests_on(report: dict[str, Any]) -> None:
    assert report["verdict"] == "NO-GO"
    assert report["schema"] == 1
    assert report["coverage"]["needs_you"] > 20
    blockers = [f for f in report["findings"] if f["severity"] == "blocker"]
    assert [f["rank"] for f in blockers] == list(range(1, len(blockers) + 1))
    assert all(f["fix"] and f["fingerprint"] for f in report["findings"])


def test_without_a_repository_its_items_are_unknown_and_never_green(
    report: dict[str, Any],
) -> None:
    items = {item["id"]: item for item in report["items"]}
    assert items["env.names"]["state"] == "unknown"
    assert items["env.names"]["cause"]


def test_only_questions_handshakes_and_reading_requests_left(report: dict[str, Any]) -> None:
    assert set(report["requests"]) <= {"DNS/passive", "TLS/passive", "GET/passive", "HEAD/passive"}
