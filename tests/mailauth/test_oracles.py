"""What others make of the same records: pyspf, checkdmarc and authres agree, or it is told why not.

Each difference stands in a table with the words of the standard that decide it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import dns.resolver
import pytest

from facts.mail_broken import BROKEN, running_companies
from launchready_tui.facts.mail_lookup import lookup_of
from launchready_tui.mailauth import authres as ours
from launchready_tui.mailauth import dmarc
from launchready_tui.mailauth.lookup import Lookup
from launchready_tui.mailauth.spf import evaluate
from launchready_tui.mailauth.spf.tree import Node, gather
from launchready_tui.network import Options, Scope, open_network
from mailauth.suite import Case, Zone, cases

spf = pytest.importorskip("spf", reason="pyspf is in the dev extra")
authres = pytest.importorskip("authres", reason="authres is in the dev extra")

CASES = list(cases())


@pytest.fixture(scope="module")
def checkdmarc() -> Any:
    return pytest.importorskip("checkdmarc", reason="checkdmarc is in the extra oracle")


PYSPF_DIFFERS: dict[str, str] = {
    "invalid-domain-long": "4.3: results of a name that cannot be are left to the reader",
    "invalid-domain-long-via-macro": "4.3, and 4.8: the same for a name that a macro made",
    "ptr-cname-loop": "5.5: a name whose addresses cannot be had is skipped; pyspf skips it where"
    " its own resolver follows the aliases, which is not the one that answers here",
    "multispf1": "4.5: permerror; fail is accepted by the suite for older readers",
}
"""By case, what the standard says; ours is the result that the suite prefers."""


def pyspf_lookup(zone: Zone) -> Any:
    """A zone in memory as pyspf asks it."""

    def lookup(name: str, qtype: str, *rest: Any, **more: Any) -> list[Any]:
        reply = asyncio.run(zone(str(name).lower().rstrip("."), qtype))
        if reply.status == "failed":
            raise spf.TempError("DNS timeout")
        found: list[Any] = []
        for record in reply.records:
            value: Any = record
            if qtype in ("TXT", "SPF"):
                value = (record.encode("latin-1"),)
            elif qtype == "MX":
                preference, _, host = record.partition(" ")
                value = (int(preference), host)
            elif qtype == "PTR":
                value = record.rstrip(".")
            found.append(((name, qtype), value))
        return found

    return lookup


@pytest.mark.skipif(not CASES, reason="the suite is not here")
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_pyspf_agrees(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spf, "DNSLookup", pyspf_lookup(case.zone))
    said = asyncio.run(evaluate(case.zone, ip=case.ip, sender=case.sender, helo=case.helo))
    query = spf.query(i=case.ip, s=case.sender, h=case.helo, strict=True)
    theirs = query.check()[0]
    if said.result != theirs:
        assert case.name in PYSPF_DIFFERS, (said, theirs)
        assert said.result == case.results[0], "the first result is the preferred one"


# ---------------------------------------------------------------- checkdmarc


@pytest.fixture(scope="module")
def options() -> Iterator[Options]:
    with running_companies() as served:
        yield served


@pytest.fixture(scope="module")
def resolver(options: Options) -> Any:
    ip, _, port = options.resolver.partition(":")
    made = dns.resolver.Resolver(configure=False)
    made.nameservers, made.port = [ip], int(port)
    return made


def asked(options: Options, ask: Any) -> Any:
    async def run() -> Any:
        async with open_network(Scope(hosts=(), named=()), options) as net:
            return await ask(lookup_of(net))

    return asyncio.run(run())


CHECKDMARC_ACCEPTS: dict[str, str] = {
    "open": "5.1: “+all” is legal grammar; that it lets everybody in is a judgement of ours",
    "wide": "5.6: a /8 is legal grammar",
    "inner": "5.6: a private range is legal grammar",
    "noend": "4.7: a record without “all” is legal and says neutral",
    "ptr": "5.5: ptr SHOULD NOT be published, and is legal",
    "legacy": "3.1: a record of type 99 changes nothing",
    "exp": "6.2: an exp that cannot be had is ignored",
    "bounce": "4.3: the record of another name is asked for",
    "odd": "4.5: “v=spf1;” is no SPF record",
}
"""Valid to checkdmarc, and a finding here: it validates, we judge as well."""
LEGAL = ("void", "dead", "loop", "typo", "twospf", "nospf", "chain")
"""What both call broken."""


@pytest.mark.house
@pytest.mark.parametrize("label", LEGAL)
def test_checkdmarc_finds_the_same_records_broken(
    checkdmarc: Any, resolver: Any, label: str
) -> None:
    result = checkdmarc.check_spf(f"{label}.test", resolver=resolver)
    assert result["valid"] is False, result
    assert BROKEN[label].found


@pytest.mark.house
@pytest.mark.parametrize("label", CHECKDMARC_ACCEPTS)
def test_what_checkdmarc_lets_pass_is_judged_here(
    checkdmarc: Any, resolver: Any, label: str
) -> None:
    result = checkdmarc.check_spf(f"{label}.test", resolver=resolver)
    assert result["valid"] is (label != "odd"), result
    assert any(one.startswith("spf-") for one in BROKEN[label].found)


@pytest.mark.house
@pytest.mark.parametrize("label", ["good", "short", "wide", "chain5"])
def test_checkdmarc_counts_the_same_lookups(
    checkdmarc: Any, options: Options, resolver: Any, label: str
) -> None:
    domain = "c7.chain.test" if label == "chain5" else f"{label}.test"
    result = checkdmarc.check_spf(domain, resolver=resolver)

    async def ask(lookup: Lookup) -> Node:
        return await gather(lookup, domain)

    node = asked(options, ask)
    assert result["dns_lookups"] == node.cost
    assert result["void_dns_lookups"] == node.void_count


@pytest.mark.house
@pytest.mark.parametrize("label", ["good", "watching", "below", "blind", "away"])
def test_checkdmarc_reads_the_same_policy(
    checkdmarc: Any, options: Options, resolver: Any, label: str
) -> None:
    result = checkdmarc.check_dmarc(f"{label}.test", resolver=resolver)

    async def ask(lookup: Lookup) -> dmarc.Walk:
        return await dmarc.walk(lookup, f"{label}.test")

    held = asked(options, ask).policy
    assert held is not None
    assert result["location"] == held.domain
    assert result["record"] == held.record.text
    tags = result["tags"]
    assert tags["p"]["value"] == held.record.own
    assert tags["sp"]["value"] == held.record.below


# ---------------------------------------------------------------- authres

HEADERS = [
    "mx.google.com; spf=pass smtp.mailfrom=a@acme.test; dkim=pass header.d=acme.test",
    "example.org 1; none",
    'example.com; dkim=fail reason="bad signature" header.i=@acme.io; dmarc=fail header.from=x.io',
    "example.com; auth=pass (cram-md5) smtp.auth=a@example.net; spf=fail smtp.mailfrom=x.test",
]


@pytest.mark.parametrize("text", HEADERS)
def test_authres_reads_the_same(text: str) -> None:
    theirs = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {text}")
    mine = ours.parse(text)
    assert mine.authserv_id == theirs.authserv_id
    assert [(r.method, r.result) for r in mine.results] == [
        (r.method, r.result) for r in theirs.results if r.method != "none"
    ]
    for one, other in zip(mine.results, theirs.results, strict=False):
        for prop in other.properties:
            assert one.properties[f"{prop.type}.{prop.name}"] == prop.value
