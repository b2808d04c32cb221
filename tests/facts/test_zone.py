"""Nameservers in knot and servers that misbehave, judged as a run does: delegation, DNSSEC, CAA."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import dns.dnssec
import dns.rdata
import pytest
from hypothesis import given
from hypothesis import strategies as st

import launchready_tui.checks  # noqa: F401
from launchready_tui.catalogue import load
from launchready_tui.facts.caa import read
from launchready_tui.facts.delegation import PROBE
from launchready_tui.facts.dnssec import key_tag
from launchready_tui.given import Permits, Target, Told
from launchready_tui.model import Level, Outcome, State
from launchready_tui.network import Options, Scope
from launchready_tui.network.seen import Request
from launchready_tui.recheck import Question, look
from network.hostile import hostile_dns
from servers.knot import running_knot
from servers.moving_dns import moving_dns

DOMAIN = "acme.test"
PARENT, ONE, TWO = "127.0.0.20", "127.0.0.21", "127.0.0.22"
PARENT_ZONE = "@ NS a.nic.test.\na.nic A 127.0.0.20\n"
BOTH = "acme NS ns1.acme\nacme NS ns2.acme\n"
GLUE = f"ns1.acme A {ONE}\nns2.acme A {TWO}\n"
SOA = "@ SOA ns1.acme.test. hostmaster.acme.test. {} 3600 900 1209600 300\n"
ZONE = f"@ NS ns1\n@ NS ns2\nns1 A {ONE}\nns2 A {TWO}\n@ A 192.0.2.1\n"


@contextlib.contextmanager
def served(
    parent: str = BOTH + GLUE,
    *,
    above: str = "",
    one: str = "",
    two: str = "",
    zone: str = ZONE,
    transfers: bool = False,
) -> Iterator[Options]:
    """The zone at two servers of its own, the zone above at a third, and a resolver of them all.

    `above`, `one`, `two` are endpoints of servers that take the place of the ordinary ones.
    """
    zones: Mapping[str, str] = {DOMAIN: SOA.format(7) + zone}
    with (
        running_knot({**zones, "test": PARENT_ZONE}) as resolver,
        running_knot({"test": PARENT_ZONE + parent}) as upper,
        running_knot(zones, transfers=transfers) as own,
    ):
        places = ((PARENT, above or upper), (ONE, one or own), (TWO, two or own))
        pins = tuple(f"{address}:53={end}" for address, end in places)
        yield Options(resolver=resolver, connect=pins, dns_wait=0.3)


async def judged(
    options: Options,
    item: str = "dns.delegation",
    permits: Permits | None = None,
    urls: tuple[str, ...] = (),
) -> tuple[Outcome, tuple[Request, ...]]:
    level = Level.ACTIVE if permits else Level.PASSIVE
    question = Question(
        items=(load().item(item),),
        target=Target(domain=DOMAIN, urls=urls),
        told=Told(),
        scope=Scope(hosts=(DOMAIN,), named=(DOMAIN,), level=level, by="Ana"),
        options=options,
        at=datetime(2026, 3, 1, tzinfo=UTC),
        permits=permits or Permits(),
    )
    answered = await look(question)
    return answered.run.outcomes[item], answered.requests


def found(outcome: Outcome) -> set[str]:
    return {f"{finding.code} {finding.subject}" for finding in outcome.findings}


async def test_a_zone_in_order_passes_and_costs_few_questions() -> None:
    with served() as options:
        outcome, requests = await judged(options)
    assert outcome.state is State.PASS, outcome
    own = [r for r in requests if r.fact == "Delegation"]
    assert len(own) <= 9
    assert {r.level for r in requests} == {"passive"}


async def test_a_registry_that_lists_a_former_server_is_seen() -> None:
    parent = "acme NS ns1.acme\nacme NS old.former\nold.former A 127.0.0.29\n" + GLUE
    with hostile_dns({}, default="refused") as old, served(parent) as options:
        pins = (*options.connect, f"127.0.0.29:53={old}")
        outcome, _ = await judged(Options(resolver=options.resolver, connect=pins, dns_wait=0.3))
    assert found(outcome) == {
        "dns-lame old.former.test",
        f"dns-parent-child-differ {DOMAIN}",
    }


async def test_one_server_that_refuses_is_told_and_all_of_them_are_an_outage() -> None:
    with hostile_dns({}, default="refused") as lame:
        with served(two=lame) as options:
            outcome, _ = await judged(options)
        assert found(outcome) == {"dns-lame ns2.acme.test"}
        with served(one=lame, two=lame) as options:
            outcome, _ = await judged(options)
        assert found(outcome) == {f"dns-lame {DOMAIN}"}


async def test_a_silent_server_proves_nothing() -> None:
    with hostile_dns({}, default="silent") as silent, served(two=silent) as options:
        quick = Options(resolver=options.resolver, connect=options.connect, dns_wait=0.05)
        outcome, _ = await judged(quick)
    assert outcome.state is State.UNKNOWN
    assert "ns2.acme.test" in outcome.cause


async def test_a_network_that_answers_for_every_server_is_no_fault_of_the_zone() -> None:
    questions = {
        f"NS {DOMAIN}": "60 ns1.acme.test., ns2.acme.test.",
        f"SOA {DOMAIN}": "60 ns1.acme.test. hostmaster.acme.test. 7 3600 900 1209600 300",
    }
    with moving_dns(questions) as box, served(above=box.endpoint, one=box.endpoint) as options:
        outcome, _ = await judged(options)
    assert outcome.state is State.UNKNOWN, outcome
    assert "in the place of" in outcome.cause


async def test_a_domain_that_the_registry_does_not_know_is_gone() -> None:
    with served(parent="other A 192.0.2.1") as options:
        outcome, _ = await judged(options)
    assert found(outcome) == {f"dns-domain-gone {DOMAIN}"}


@pytest.mark.parametrize("catches_up", [False, True])
async def test_a_server_that_lags_is_asked_twice(catches_up: bool) -> None:
    old, new = (SOA.format(n).split(" ", 2)[2].strip() for n in (7, 8))
    questions = {
        f"SOA {DOMAIN}": [f"300 {new}", f"300 {old if not catches_up else new}"],
        f"NS {DOMAIN}": "300 ns1.acme.test., ns2.acme.test.",
    }
    later = [f"300 {old}", f"300 {new if catches_up else old}"]
    questions[f"SOA {DOMAIN}"] = later
    ahead = {**questions, f"SOA {DOMAIN}": f"300 {new}"}
    with (
        moving_dns(ahead, authoritative=True) as first,
        moving_dns(questions, authoritative=True) as second,
        served(one=first.endpoint, two=second.endpoint) as options,
    ):
        quick = Options(resolver=options.resolver, connect=options.connect, dns_wait=0.1)
        outcome, _ = await judged(quick)
    assert second.count(f"SOA {DOMAIN}") == 2
    expected = set() if catches_up else {f"dns-parent-child-differ {DOMAIN}"}
    assert found(outcome) == expected, outcome


@pytest.mark.parametrize("opens", [False, True])
async def test_strangers_are_tried_only_by_permission(opens: bool) -> None:
    with served(transfers=opens) as options:
        outcome, requests = await judged(options, permits=Permits(probes=(PROBE,), by="Ana"))
    codes = {finding.code for finding in outcome.findings}
    assert codes == ({"dns-axfr-open"} if opens else set()), outcome
    probes = [r for r in requests if r.level == "active"]
    assert {r.method for r in probes} == {"AXFR", "DNS"}
    assert len(probes) <= next(p.most for p in load().active if p.id == PROBE)


async def test_a_server_that_resolves_for_everybody_is_found() -> None:
    own = {
        f"SOA {DOMAIN}": "300 ns1.acme.test. hostmaster.acme.test. 7 3600 900 1209600 300",
        f"NS {DOMAIN}": "300 ns1.acme.test., ns2.acme.test.",
        "A example.com": "300 192.0.2.80",
    }
    with moving_dns(own, authoritative=False) as server, served(two=server.endpoint) as options:
        outcome, _ = await judged(options, permits=Permits(probes=(PROBE,), by="Ana"))
    assert "dns-recursion-open ns2.acme.test" in found(outcome)


# ---------------------------------------------------------------- signatures and CAA


async def test_a_signed_zone_without_a_promise_above_is_not_signed() -> None:
    with running_knot({DOMAIN: ZONE, "test": PARENT_ZONE}, signed=(DOMAIN,)) as resolver:
        outcome, _ = await judged(Options(resolver=resolver), "dns.security")
    assert f"dns-dnssec-absent {DOMAIN}" in found(outcome)


async def test_a_promise_that_no_key_of_the_zone_keeps_is_broken() -> None:
    promise = f"acme DS 4711 13 2 {'ab' * 32}\nacme NS ns1.acme\n"
    zones = {DOMAIN: ZONE, "test": PARENT_ZONE + promise}
    with running_knot(zones, signed=(DOMAIN,)) as resolver:
        outcome, _ = await judged(Options(resolver=resolver), "dns.security")
    assert f"dns-dnssec-broken {DOMAIN}" in found(outcome), outcome


async def test_a_zone_that_only_the_unchecking_can_read_is_broken() -> None:
    soa = "60 ns1.acme.test. hostmaster.acme.test. 7 3600 900 1209600 300"
    answers = {f"SOA {DOMAIN}": f"unchecked {soa}", f"A {DOMAIN}": "unchecked 60 192.0.2.1"}
    with moving_dns(answers) as resolver:
        outcome, _ = await judged(Options(resolver=resolver.endpoint), "dns.security")
    assert f"dns-dnssec-broken {DOMAIN}" in found(outcome)


async def test_a_plain_servfail_is_no_broken_signature() -> None:
    with hostile_dns({}, default="servfail") as resolver:
        outcome, _ = await judged(Options(resolver=resolver), "dns.security")
    assert outcome.state is State.UNKNOWN
    assert "SERVFAIL" in outcome.cause


async def test_caa_is_found_by_climbing_and_at_the_target_of_an_alias() -> None:
    zone = ZONE + '@ CAA 0 issue "letsencrypt.org"\napp A 192.0.2.1\nwww CNAME shop.host.test.\n'
    host = 'shop A 192.0.2.1\nshop CAA 0 issue "digicert.com"\n'
    with running_knot({DOMAIN: zone, "host.test": host, "test": PARENT_ZONE}) as resolver:
        outcome, requests = await judged(Options(resolver=resolver), "dns.security")
    told = {seen.label: seen.value for seen in outcome.seen}
    assert told[f"CAA of app.{DOMAIN}"] == f"issue letsencrypt.org (at {DOMAIN})"
    assert told[f"CAA of www.{DOMAIN}"] == "issue digicert.com (at shop.host.test)"
    assert "caa-missing" not in {finding.code for finding in outcome.findings}
    assert sum(r.fact in ("CaaSets", "Dnssec") for r in requests) <= 6


async def test_a_company_with_six_hosts_is_asked_about_all_of_them() -> None:
    hosts = [f"{label}.{DOMAIN}" for label in ("www", "app", "api", "old", "shop", "status")]
    zone = ZONE + '@ CAA 0 issue "letsencrypt.org"\n'
    zone += "".join(f"{host.partition('.')[0]} A 192.0.2.1\n" for host in hosts)
    with running_knot({DOMAIN: zone, "test": PARENT_ZONE}) as resolver:
        urls = tuple(f"https://{host}/" for host in hosts)
        outcome, _ = await judged(Options(resolver=resolver), "dns.security", urls=urls)
    labels = {seen.label for seen in outcome.seen}
    assert {f"CAA of {host}" for host in hosts} <= labels


@given(st.integers(0, 0xFFFF), st.integers(0, 255), st.integers(0, 255), st.binary(min_size=1))
def test_the_tag_of_a_key_is_what_dnspython_says(
    flags: int, protocol: int, algorithm: int, key: bytes
) -> None:
    rdata = dns.rdata.from_wire(
        "IN",
        "DNSKEY",
        flags.to_bytes(2) + bytes((protocol, algorithm)) + key,
        0,
        4 + len(key),
    )
    told = key_tag(rdata.to_text())
    assert told is not None
    if algorithm != 1:  # RSA/MD5 has a rule of its own, and nobody may use it any more
        assert told == (dns.dnssec.key_id(rdata), algorithm)  # type: ignore[arg-type]


@given(st.text(max_size=80))
def test_no_text_of_a_record_raises(text: str) -> None:
    key_tag(text)
    read((text, f'0 issue "{text}"'))
