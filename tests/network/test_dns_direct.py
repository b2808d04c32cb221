"""Nameservers asked in person: without checking, anew, for a referral, for the whole zone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from launchready_tui.model import Level
from launchready_tui.network import Scope
from network.conftest import Opener
from network.hostile import hostile_dns
from servers.knot import running_knot
from servers.moving_dns import moving_dns
from servers.processes import free_port

ZONE = (
    "@ A 192.0.2.1\nwww A 192.0.2.1\nteam NS ns1.team\nteam NS ns.away.test.\nns1.team A 192.0.2.9"
)
ACTIVE = Scope(hosts=("acme.test",), named=("acme.test",), level=Level.ACTIVE)


@pytest.fixture(scope="module")
def closed() -> Iterator[str]:
    with running_knot({"acme.test": ZONE}) as endpoint:
        yield endpoint


async def test_without_checking_a_zone_with_wrong_signatures_answers(opened: Opener) -> None:
    with moving_dns({"A acme.test": "unchecked 60 192.0.2.1"}) as server:
        net = opened(resolver=server.endpoint)
        checked = await net.lookup("acme.test", "A")
        unchecked = await net.lookup("acme.test", "A", unchecked=True)
    assert (checked.outcome, checked.rcode) == ("unknown", "SERVFAIL")
    assert (unchecked.outcome, unchecked.records) == ("ok", ("192.0.2.1",))


async def test_a_known_answer_is_asked_for_again_only_on_purpose(opened: Opener) -> None:
    with moving_dns({"A acme.test": ["60 192.0.2.1", "60 192.0.2.2"]}) as server:
        net = opened(resolver=server.endpoint)
        first = await net.lookup("acme.test", "A")
        known = await net.lookup("acme.test", "A")
        fresh = await net.lookup("acme.test", "A", fresh=True)
    assert known is not None and known.records == first.records == ("192.0.2.1",)
    assert fresh.records == ("192.0.2.2",)
    assert server.count("A acme.test") == 2


async def test_a_referral_tells_whom_it_names_and_where_they_are(
    closed: str, opened: Opener
) -> None:
    answer = await opened(resolver=closed).lookup("team.acme.test", "NS", server=closed)
    assert answer.outcome == "unknown"
    assert answer.referral == ("ns.away.test", "ns1.team.acme.test")
    assert answer.glue == (("ns1.team.acme.test", "192.0.2.9"),)


async def test_an_answer_is_no_referral(closed: str, opened: Opener) -> None:
    answer = await opened(resolver=closed).lookup("www.acme.test", "A")
    assert (answer.referral, answer.glue) == ((), ())


async def test_a_zone_that_is_handed_out_is_counted_and_not_kept(opened: Opener) -> None:
    with running_knot({"acme.test": ZONE}, transfers=True) as endpoint:
        net = opened(scope=ACTIVE, resolver=endpoint)
        told = await net.transfer("acme.test", endpoint)
    assert told.outcome == "open"
    assert told.records > 5
    assert "www" not in repr(told)
    assert net.log.counts() == {"AXFR/active": 1}


async def test_a_refused_transfer_is_told_as_refused(closed: str, opened: Opener) -> None:
    told = await opened(scope=ACTIVE, resolver=closed).transfer("acme.test", closed)
    assert told.outcome == "refused"
    assert told.cause


@pytest.mark.parametrize("manner", ["truncated-silent", "truncated-closed"])
async def test_a_server_that_says_nothing_of_the_zone_proves_nothing(
    opened: Opener, manner: str
) -> None:
    with hostile_dns({}, default=manner) as endpoint:
        net = opened(scope=ACTIVE, resolver=endpoint, dns_wait=0.05)
        told = await net.transfer("acme.test", endpoint)
    assert told.outcome == "unknown"
    assert endpoint in told.cause


@pytest.mark.parametrize("manner", ["servfail", "formerr", "nodata", "cname-loop"])
async def test_whatever_else_a_server_says_is_no_zone(opened: Opener, manner: str) -> None:
    with hostile_dns({}, default=manner) as endpoint:
        told = await opened(scope=ACTIVE, resolver=endpoint).transfer("acme.test", endpoint)
    assert told.outcome == "refused"


async def test_a_transfer_leaves_only_as_far_as_was_authorised(closed: str, opened: Opener) -> None:
    passive = opened("acme.test", resolver=closed)
    elsewhere = opened(scope=Scope(hosts=("other.test",), level=Level.ACTIVE), resolver=closed)
    for net, words in ((passive, "passive"), (elsewhere, "scope")):
        told = await net.transfer("acme.test", closed)
        assert (told.outcome, words in told.cause) == ("unknown", True)
        assert not net.log.entries


async def test_a_question_that_probes_leaves_only_with_the_level_for_it(
    closed: str, opened: Opener
) -> None:
    passive = opened("acme.test", resolver=closed)
    answer = await passive.lookup("acme.test", "A", level=Level.ACTIVE)
    assert answer.outcome == "unknown"
    assert not passive.log.entries
    active = opened(scope=ACTIVE, resolver=closed)
    await active.lookup("acme.test", "A", level=Level.ACTIVE)
    assert active.log.counts() == {"DNS/active": 1}


async def test_a_server_that_is_not_there_is_told(opened: Opener) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    told = await opened(scope=ACTIVE, resolver=nowhere).transfer("acme.test", nowhere)
    assert told.outcome == "unknown"
