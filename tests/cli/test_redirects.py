"""`redirects` and `edge` against a real zone in Knot and a real nginx, as a user starts them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli_door import Ended, launchready
from launchready_tui.sprint import launchfile
from servers.knot import running_knot
from servers.nginx import running_nginx
from servers.pki import Pki
from servers.processes import free_port

ZONE = "@ A 192.0.2.10\nwww A 192.0.2.10\napp A 192.0.2.10\nns1 A 192.0.2.53\n"
MANY = 500

LIST = """\
# collected from the old web statistics
old;expected;note
/fine;/new;a bookmark
/fine?utm_source=mail;/new;
/dropped?utm_source=mail;/new;the campaign
/missing;/new;
/temporary;/new;
/round;/new;
/retired;gone;
"http://acme.test/long";/new;three steps
https://old.test/page;/new;the former domain
https://nowhere.test/page;/new;
/away;/new;
/app/report;/app/report;behind a sign-in
"""
SITE = """
    location = /new { return 200 "new"; }
    location = /fine { return 301 /new$is_args$args; }
    location = /dropped { return 301 https://acme.test/new; }
    location = /temporary { return 302 /new; }
    location = /round { return 301 /round2; }
    location = /round2 { return 301 /round; }
    location = /retired { return 410; }
    location = /long { return 301 /long2; }
    location = /long2 { return 301 /long3; }
    location = /long3 { return 301 /new; }
    location = /away { return 301 https://elsewhere.test/; }
    location = /app/report { return 302 /login; }
    location = /login { return 200 "sign in"; }
    location /many/ { return 301 /new; }
    location = / { return 200 "home"; }
"""


class Company(NamedTuple):
    door: tuple[str, ...]
    log: Path


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("acme")
    pki = Pki(folder)
    papers = pki.good("acme.test", "www.acme.test", "app.acme.test", "old.test")
    http, https = free_port(), free_port()
    tls = f"ssl_certificate {papers.chain}; ssl_certificate_key {papers.key};"
    body = f"""
  absolute_redirect off;
  log_format hosts '$request_method $host$request_uri';
  access_log hosts.log hosts;
  server {{ listen 127.0.0.1:{http}; return 301 https://$host$request_uri; }}
  server {{ listen 127.0.0.1:{https} ssl; server_name acme.test app.acme.test; {tls} {SITE} }}
  server {{ listen 127.0.0.1:{https} ssl; server_name www.acme.test; {tls}
    return 301 https://acme.test$request_uri; }}
  server {{ listen 127.0.0.1:{https} ssl; server_name old.test; {tls}
    return 301 https://acme.test/new; }}
"""
    zones = {"acme.test": ZONE, "old.test": "@ A 192.0.2.10\n", "test": "acme NS ns1.acme\n"}
    with running_knot(zones) as resolver, running_nginx(body) as server:
        door = ("--resolver", resolver, "--ca", str(pki.ca))
        pins = (f"192.0.2.10:80=127.0.0.1:{http}", f"192.0.2.10:443=127.0.0.1:{https}")
        yield Company(
            (*door, *(w for pin in pins for w in ("--connect", pin))), server / "hosts.log"
        )


def followed(company: Company, *args: str | Path, **more: Any) -> Ended:
    return launchready("redirects", *args, *company.door, **more)


@pytest.fixture(scope="module")
def told(company: Company, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("list") / "old-urls.csv"
    path.write_bytes(b"\xef\xbb\xbf" + LIST.replace("\n", "\r\n").encode())
    ended = followed(company, path, "--host", "acme.test", "--format", "json")
    assert ended.code == 1, ended.err
    assert "following 12 old addresses" in ended.err
    assert "acme.test (10)" in ended.err and "old.test (1)" in ended.err
    report: dict[str, Any] = json.loads(ended.out)
    return report


def test_each_planted_fault_is_found_at_its_address(told: dict[str, Any]) -> None:
    found = {(f["code"], f["subject"].removeprefix("https://acme.test")) for f in told["findings"]}
    assert found == {
        ("old-url-broken", "/missing"),
        ("old-url-broken", "https://nowhere.test/page"),
        ("old-url-loop", "/round"),
        ("old-url-temporary", "/temporary"),
        ("old-url-loses-path", "/dropped?utm_source=mail"),
        ("old-url-long", "http://acme.test/long"),
    }
    assert all(finding["fix"] and finding["fingerprint"] for finding in told["findings"])


def test_what_cannot_be_followed_is_unknown_with_its_way(told: dict[str, Any]) -> None:
    rows = {row["old"]: row for row in told["redirects"]}
    away = rows["https://acme.test/away"]
    assert away["state"] == "unknown"
    assert away["way"][-1] == "blocked https://elsewhere.test/"
    assert rows["https://acme.test/app/report"]["state"] == "arrives"
    assert rows["https://acme.test/retired"]["state"] == "arrives"
    assert rows["https://old.test/page"]["note"] == "the former domain"


def test_the_envelope_is_that_of_check(told: dict[str, Any]) -> None:
    assert told["schema"] == 1
    assert told["verdict"] == "NO-GO"
    assert [item["id"] for item in told["items"]] == ["redirects.old-urls"]
    assert set(told["requests"]) == {"DNS/passive", "GET/passive"}


def test_the_text_names_the_failing_ones_first_and_counts(company: Company) -> None:
    ended = followed(company, "-", "--host", "acme.test", stdin="/missing,/new\n/fine,/new\n")
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert lines[2:4] == ["DO NOT ARRIVE AS THEY SHOULD", "  https://acme.test/missing"]
    assert "Arrive: 1. Do not: 1. Not known: 0." in lines


def test_a_clean_list_ends_with_zero_and_an_unknown_with_three(company: Company) -> None:
    host = ("--host", "acme.test")
    assert followed(company, "-", *host, stdin="/fine,/new\n").code == 0
    assert followed(company, "-", *host, stdin="/away,/new\n").code == 3
    assert followed(company, "-", *host, "--allow-unknown", stdin="/away,/new\n").code == 0
    assert followed(company, "-", *host, "--fail-on", "high", stdin="/temporary,/new\n").code == 0


def test_a_bad_line_is_told_before_anything_leaves(company: Company, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text("/a,/b\nwww.acme.test/x,/b\n")
    before = company.log.read_text()
    ended = followed(company, path, "--host", "acme.test")
    assert ended.code == 2
    assert "old.csv, line 2" in ended.err
    assert "Did you mean https://www.acme.test/x?" in ended.err
    assert company.log.read_text() == before


def test_a_long_list_costs_two_requests_an_address(company: Company) -> None:
    before = len(company.log.read_text().splitlines())
    text = "".join(f"/many/{n},/new\n" for n in range(MANY))
    ended = followed(company, "-", "--host", "acme.test", "--format", "json", stdin=text)
    assert ended.code == 1  # the sample with a campaign mark loses it
    sent = company.log.read_text().splitlines()[before:]
    assert len(sent) == 2 * (MANY + 1)
    assert {line.split()[0] for line in sent} == {"GET"}
    assert json.loads(ended.out)["requests"]["GET/passive"] == len(sent)


def test_a_sprint_that_names_a_list_has_it_checked(company: Company, tmp_path: Path) -> None:
    root = tmp_path / "acme"
    started = launchready(
        "new", root, "--domain", "acme.test", "--by", "Ana Ruiz", "--consent", "passive"
    )
    assert started.code == 0, started.err
    item = ("--only", "redirects.old-urls", "--format", "json")
    asked = launchready("check", root, *item, *company.door)
    assert json.loads(asked.out)["items"][0]["state"] == "todo"
    settings = root / launchfile.NAME
    text = settings.read_text()
    settings.write_text(text.replace('# redirects = "old-urls.csv"', 'redirects = "old-urls.csv"'))
    (root / "old-urls.csv").write_text("/missing,/new\n")
    failing = json.loads(launchready("check", root, *item, *company.door).out)
    assert failing["items"][0]["state"] == "fail"
    assert failing["findings"][0]["subject"] == "https://acme.test/missing"
    (root / "old-urls.csv").write_text("/fine,/new\n")
    clean = json.loads(launchready("check", root, *item, *company.door).out)
    assert clean["items"][0]["state"] == "todo"
    assert "arrive" in clean["items"][0]["summary"]
    (root / "old-urls.csv").write_text("/fine,new\n")
    broken = json.loads(launchready("check", root, *item, *company.door).out)
    assert "old-urls.csv, line 1" in broken["items"][0]["cause"]


def test_the_edge_of_several_hosts_is_one_report(company: Company) -> None:
    ended = launchready("edge", "acme.test", "app.acme.test", "--format", "json", *company.door)
    assert ended.code in (1, 3), ended.err
    told = json.loads(ended.out)
    assert [report["target"]["domain"] for report in told["reports"]] == [
        "acme.test",
        "app.acme.test",
    ]
    for report in told["reports"]:
        topics = {item["id"].partition(".")[0] for item in report["items"]}
        assert topics >= {"dns", "site", "tls", "cloudflare", "host"}
        assert not topics & {"repo", "env", "redirects", "mail"}
        assert report["coverage"]["total"] == len(report["items"])
        assert report["coverage"]["error"] == 0
        assert all(kind.endswith("/passive") for kind in report["requests"])


def test_the_edge_as_junit_and_as_text(company: Company, tmp_path: Path) -> None:
    out = tmp_path / "edge.xml"
    launchready("edge", "acme.test", "app.acme.test", "--format", "junit", "-o", out, *company.door)
    assert '<testsuite name="app.acme.test: stage 1"' in out.read_text()
    assert "acme.test · checked" in launchready("edge", "acme.test", *company.door).out
    assert launchready("edge", "https://acme.test/").code == 2
