"""A real zone in knot and a real nginx, judged from the domain alone, then again from JSON."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

import launchready_tui.checks  # noqa: F401
from facts.company import DOMAIN, Company
from launchready_tui import engine
from launchready_tui.catalogue import load
from launchready_tui.facts.saved import BadFacts, decode, encode
from launchready_tui.facts.traffic import TrafficPath
from launchready_tui.given import Moment, Target, Told
from launchready_tui.model import State, Unknown
from launchready_tui.network import Network, Options, Scope, open_network
from launchready_tui.network.hosts import below
from launchready_tui.recheck import Question, look
from servers.knot import running_knot

TARGET = Target(domain=DOMAIN)


def question(company: Company, **changes: object) -> Question:
    values: dict[str, object] = {
        "items": load().of_stage(1),
        "target": TARGET,
        "told": Told(),
        "scope": Scope(hosts=company.scope, named=company.scope, by="Ana"),
        "options": company.options,
        **changes,
    }
    return Question(**values)  # type: ignore[arg-type]


async def test_every_fault_of_the_company_is_found_and_nothing_else(company: Company) -> None:
    run = (await look(question(company))).run
    found = {f"{f.code} {f.subject}" for outcome in run.outcomes.values() for f in outcome.findings}
    private = {
        "dns-private-address acme.test",
        "dns-private-address www.acme.test",
        "dns-private-address app.acme.test",
        "dns-private-address api.acme.test",
        "dns-private-address hidden.acme.test",
    }
    assert found - private == {
        "ttl-before-cutover app.acme.test",
        "production-on-preview api.acme.test",
        "redirect-temporary http://acme.test/",
        "redirect-temporary http://www.acme.test/",
        "redirect-temporary http://app.acme.test/",
        "cert-expiring app.acme.test",
        "address-differs app.acme.test",
        "caa-missing acme.test",
        "dns-dnssec-absent acme.test",
        "ipv6-absent acme.test",
    }
    assert private <= found
    assert not [i for i, outcome in run.outcomes.items() if outcome.state is State.ERROR]


async def test_names_in_a_certificate_are_looked_at_too(company: Company) -> None:
    run = (await look(question(company))).run
    more = run.facts["CertificateNames"]
    assert [records.name for records in more.names] == [f"hidden.{DOMAIN}"]  # type: ignore[attr-defined]
    assert more.hosts[0].handshakes[0].outcome == "trusted"  # type: ignore[attr-defined]


async def test_an_alias_that_leads_nowhere_is_told_apart_by_whose_it_would_be(
    company: Company,
) -> None:
    urls = (f"https://files.{DOMAIN}/", f"https://docs.{DOMAIN}/")
    names = load().item("dns.names")
    target = Target(domain=DOMAIN, urls=urls)
    run = (await look(question(company, target=target, items=(names,)))).run
    codes = {f.code: f.subject for f in run.outcomes["dns.names"].findings}
    assert codes["takeover-claimable"] == f"files.{DOMAIN}"
    assert codes["takeover-buyable-domain"] == f"docs.{DOMAIN}"


async def test_the_way_is_one_sentence_with_sources(company: Company) -> None:
    run = (await look(question(company))).run
    traffic = run.facts["TrafficPath"]
    assert isinstance(traffic, TrafficPath)
    assert traffic.sentence.startswith(f"app.{DOMAIN} → ")
    assert traffic.sentence.endswith("registrar unknown")
    assert traffic.of("mail").value == "Google, sent with Postmark"
    assert traffic.of("dns").value == "nameservers of its own"
    assert all(part.source for part in traffic.parts if part.value)
    assert "registrar" in [part.key for part in traffic.unknown]


async def test_facts_judged_again_give_the_same_bytes(company: Company) -> None:
    first = await look(question(company))
    saved = encode(first.run.facts)
    assert encode(decode(saved)) == saved
    again = await look(question(company, saved=decode(saved), at=first.at))
    as_bytes = msgspec.json.encode(first.run.outcomes)
    assert msgspec.json.encode(again.run.outcomes) == as_bytes
    assert not again.requests


async def test_no_cookie_value_is_kept(company: Company) -> None:
    run = (await look(question(company))).run
    saved = encode(run.facts)
    assert b"very-private-value" not in saved
    assert "session=…".encode() in saved


async def test_only_what_the_level_allows_leaves_and_only_for_the_domain(company: Company) -> None:
    answered = await look(question(company))
    web = [r for r in answered.requests if r.method not in ("DNS", "TLS")]
    assert {r.method for r in web} == {"GET"}
    assert {r.host for r in answered.requests if r.method != "DNS"} <= {
        f"{label}{DOMAIN}" for label in ("", "www.", "app.", "api.", "hidden.", "old.")
    }


async def test_all_questions_about_the_zone_leave_at_once(company: Company) -> None:
    async with open_network(
        Scope(hosts=company.scope, named=company.scope), company.options
    ) as net:
        await engine.run(
            [load().item("dns.apex")],
            {Network: net, Target: TARGET, Told: Told(), Moment: Moment(at=datetime.now(UTC))},
        )
        own = [request for request in net.log.entries if below(request.host, DOMAIN)]
        assert len(own) > 15
        assert {request.after for request in own} == {0}


async def test_a_resolver_that_is_not_there_makes_nothing_a_fault(company: Company) -> None:
    dead = msgspec.structs.replace(company.options, resolver="127.0.0.1:1", dns_wait=0.05)
    run = (await look(question(company, options=dead))).run
    probes = [i.id for i in load().of_stage(1) if i.needs == "domain"]
    for item in probes:
        outcome = run.outcomes.get(item)
        if outcome is not None:
            assert outcome.state is State.UNKNOWN, (item, outcome)
            assert outcome.cause


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no file that --facts-out wrote"),
        (b"[" * 10_000, "no file that --facts-out wrote"),
        (b'{"schema": 9, "facts": {}}', "schema 9"),
        (b'{"schema": 1, "facts": {"Nonsense": {}}}', "Nonsense is no fact"),
        (b'{"schema": 1, "facts": {"TlsHosts": {"type": "TlsHosts", "hosts": 3}}}', "TlsHosts"),
    ],
)
def test_a_file_that_holds_no_facts_is_said_in_words(data: bytes, words: str) -> None:
    with pytest.raises(BadFacts, match=words):
        decode(data)


def test_what_could_not_be_told_keeps_its_cause() -> None:
    facts = {"TlsHosts": Unknown(cause="no network")}
    assert decode(encode(facts)) == facts


async def test_a_bare_domain_that_is_an_alias_is_seen_through_its_silence_about_itself() -> None:
    zones = {"test": f"alias CNAME {DOMAIN}.", DOMAIN: "@ A 127.0.0.2"}
    apex = load().item("dns.apex")
    with running_knot(zones) as resolver:
        scope = Scope(hosts=("alias.test",), named=("alias.test",))
        asked = Question(
            items=(apex,),
            target=Target(domain="alias.test"),
            told=Told(),
            scope=scope,
            options=Options(resolver=resolver),
        )
        run = (await look(asked)).run
    assert [f.code for f in run.outcomes["dns.apex"].findings] == ["dns-apex-cname"], run
