"""DNS against a real authoritative server, and against one that lies."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import dns.message
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.network import dns as resolving
from launchready_tui.network import udp
from launchready_tui.network.options import Endpoint
from network.conftest import Opener
from network.hostile import hostile_dns
from servers.knot import running_knot
from servers.processes import free_port

COMPANY = """\
@ A 192.0.2.1
@ AAAA 2001:db8::1
@ MX 20 mx2
@ MX 10 Mx1.Example.TEST.
@ TXT "v=spf1 include:_spf.example.test" " ~all"
@ TXT "caf\\195\\169 \\"quoted\\""
@ CAA 0 issue "letsencrypt.org"
null MX 0 .
www 60 CNAME app
app 120 A 192.0.2.3
app 120 A 192.0.2.2
dangling CNAME nothing-here
away CNAME host.other.test.
a.b.ent A 192.0.2.9
_sip._tcp SRV 1 2 5060 sip
*.tenants A 192.0.2.8
delegated NS ns.delegated
ns.delegated A 192.0.2.54
"""
LONG = "\n".join(f'@ TXT "{n} {"x" * 200}"' for n in range(49))


@pytest.fixture(scope="module")
def knot() -> Iterator[str]:
    zones = {"example.test": COMPANY, "long.test": LONG, "other.test": "host 30 A 192.0.2.77"}
    with running_knot(zones) as endpoint:
        yield endpoint


@pytest.mark.parametrize(
    ("question", "records"),
    [
        ("A example.test", ("192.0.2.1",)),
        ("AAAA example.test", ("2001:db8::1",)),
        ("MX example.test", ("10 mx1.example.test", "20 mx2.example.test")),
        ("MX null.example.test", ("0 .",)),
        ("NS example.test", ("ns1.example.test",)),
        ("CAA example.test", ('0 issue "letsencrypt.org"',)),
        ("CNAME www.example.test", ("app.example.test",)),
        ("SRV _sip._tcp.example.test", ("1 2 5060 sip.example.test",)),
        ("A anyone.tenants.example.test", ("192.0.2.8",)),
        ("a EXAMPLE.test.", ("192.0.2.1",)),
        (
            "TXT example.test",
            ('café "quoted"', "v=spf1 include:_spf.example.test ~all"),
        ),
        (
            "SOA example.test",
            ("ns1.example.test hostmaster.example.test 1 3600 900 1209600 300",),
        ),
    ],
)
async def test_records_come_in_presentation_form_sorted(
    knot: str, opened: Opener, question: str, records: tuple[str, ...]
) -> None:
    rdtype, name = question.split()
    answer = await opened(resolver=knot).lookup(name, rdtype)
    assert (answer.outcome, answer.records) == ("ok", records)
    assert (answer.rcode, answer.authoritative) == ("NOERROR", True)


async def test_an_alias_is_followed_and_kept(knot: str, opened: Opener) -> None:
    answer = await opened(resolver=knot).lookup("www.example.test", "A")
    assert answer.records == ("192.0.2.2", "192.0.2.3")
    assert (answer.target, answer.ttl) == ("app.example.test", 120)
    assert [(a.name, a.target, a.ttl) for a in answer.chain] == [
        ("www.example.test", "app.example.test", 60)
    ]


async def test_an_alias_into_another_zone_is_asked_for_anew(knot: str, opened: Opener) -> None:
    answer = await opened(resolver=knot).lookup("away.example.test", "A")
    assert (answer.outcome, answer.target) == ("ok", "host.other.test")
    assert (answer.records, answer.ttl) == (("192.0.2.77",), 30)


async def test_a_missing_name_and_a_name_without_records_are_told_apart(
    knot: str, opened: Opener
) -> None:
    net = opened(resolver=knot)
    assert (await net.lookup("gone.example.test", "A")).outcome == "nxdomain"
    assert (await net.lookup("app.example.test", "AAAA")).outcome == "nodata"
    assert (await net.lookup("b.ent.example.test", "A")).outcome == "nodata"  # empty non-terminal


async def test_an_alias_to_a_missing_name_is_absent_with_its_chain(
    knot: str, opened: Opener
) -> None:
    answer = await opened(resolver=knot).lookup("dangling.example.test", "A")
    assert (answer.outcome, answer.target) == ("nxdomain", "nothing-here.example.test")
    assert len(answer.chain) == 1


async def test_a_referral_is_no_answer(knot: str, opened: Opener) -> None:
    answer = await opened(resolver=knot).lookup("x.delegated.example.test", "A")
    assert answer.outcome == "unknown"
    assert "referral" in answer.cause


async def test_a_long_answer_comes_over_tcp(knot: str, opened: Opener) -> None:
    net = opened(resolver=knot)
    answer = await net.lookup("long.test", "TXT")
    assert (answer.outcome, len(answer.records)) == ("ok", 49)
    assert [request.round_trips for request in net.log.entries] == [3]


async def test_each_question_leaves_once_however_many_ask(knot: str, opened: Opener) -> None:
    net = opened(resolver=knot)
    answers = await asyncio.gather(*(net.lookup("example.test", "A") for _ in range(20)))
    answers.append(await net.lookup("Example.TEST.", "a"))
    assert len(set(answers)) == 1
    assert net.log.counts() == {"DNS/passive": 1}


async def test_a_named_server_is_asked_instead_of_the_resolver(knot: str, opened: Opener) -> None:
    ip, _, port = knot.partition(":")
    with hostile_dns({}, default="servfail") as liar:
        net = opened(resolver=liar, connect=(f"192.0.2.53:53={ip}:{port}",))
        assert (await net.lookup("example.test", "A")).outcome == "unknown"
        answer = await net.lookup("example.test", "A", server="192.0.2.53")
    assert (answer.outcome, answer.server) == ("ok", "192.0.2.53:53")
    refused = await net.lookup("example.test", "A", server="169.254.169.254")
    assert (refused.outcome, "credentials" in refused.cause) == ("unknown", True)


async def test_both_kinds_of_address_are_asked_for_at_once(knot: str, opened: Opener) -> None:
    net = opened(resolver=knot)
    four, six = await net.addresses("example.test")
    assert (four.records, six.records) == (("192.0.2.1",), ("2001:db8::1",))
    assert {request.after for request in net.log.entries} == {0}
    four, six = await net.addresses("192.0.2.1")
    assert (four.records, six.outcome) == (("192.0.2.1",), "nodata")


@pytest.mark.parametrize(
    ("manner", "cause"),
    [
        ("silent", "did not answer within"),
        ("wrong-id", "sent an answer with a wrong id, and did not answer within"),
        ("wrong-question", "answered another question than the one asked, and did not answer"),
        ("other-port", "did not answer within"),
        ("garbage", "sent an answer that cannot be read, and did not answer within"),
        ("servfail", "it answered SERVFAIL"),
        ("refused", "it answered REFUSED"),
        ("formerr", "it answered FORMERR"),
        ("cname-loop", "a CNAME loop"),
        ("cname-to-itself", "a CNAME loop"),
        ("long-chain", "more than 10 aliases"),
        ("truncated-closed", "too long for UDP, and it did not answer over TCP"),
        ("truncated-silent", "too long for UDP, and it did not answer over TCP within"),
    ],
)
async def test_a_lying_server_makes_the_answer_unknown_and_the_cause_says_how(
    opened: Opener, manner: str, cause: str
) -> None:
    with hostile_dns({"liar.test": manner}) as endpoint:
        wait = 0.1 if "did not answer" in cause else 1.0
        async with asyncio.timeout(20):
            answer = await opened(resolver=endpoint, dns_wait=wait).lookup("liar.test", "A")
    assert answer.outcome == "unknown"
    assert cause in answer.cause
    assert "liar.test" in answer.cause
    assert endpoint in answer.cause or "alias" in answer.cause
    assert len(answer.chain) <= 10


@pytest.mark.parametrize("manner", ["first-lost", "wrong-then-right", "truncated"])
async def test_what_goes_wrong_on_the_way_does_not_spoil_the_answer(
    opened: Opener, manner: str
) -> None:
    with hostile_dns({"app.test": manner}) as endpoint:
        net = opened(resolver=endpoint, dns_wait=0.2)
        answer = await net.lookup("app.test", "TXT" if manner == "truncated" else "A")
    assert answer.outcome == "ok"
    assert net.log.counts() == {"DNS/passive": 1}


async def test_a_port_where_nothing_listens_is_said_at_once(opened: Opener) -> None:
    net = opened(resolver=f"127.0.0.1:{free_port()}", dns_wait=30.0)
    async with asyncio.timeout(20):
        answer = await net.lookup("app.test", "A")
    assert (answer.outcome, "nothing listens" in answer.cause) == ("unknown", True)


async def test_an_escape_sequence_in_a_record_is_made_visible(opened: Opener) -> None:
    with hostile_dns({"app.test": "escapes"}) as endpoint:
        answer = await opened(resolver=endpoint).lookup("app.test", "TXT")
    assert answer.records == ("a\\x1b[2Jbc",)


@pytest.mark.parametrize(
    ("name", "rdtype"),
    [("a..b", "A"), ("a" * 64 + ".test", "A"), ("app.test", "NONSENSE"), ("é" * 300, "A")],
)
async def test_what_is_no_question_is_unknown_and_nothing_leaves(
    opened: Opener, name: str, rdtype: str
) -> None:
    net = opened(resolver=f"127.0.0.1:{free_port()}")
    answer = await net.lookup(name, rdtype)
    assert (answer.outcome, net.log.entries) == ("unknown", ())


async def test_a_second_server_is_asked_when_the_first_one_fails(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        hostile_dns({"app.test": "silent", "two.test": "servfail"}) as bad,
        hostile_dns({}) as good,
    ):
        both = tuple(_endpoint(text) for text in (bad, good))
        monkeypatch.setattr(resolving, "system_resolvers", lambda: both)
        net = opened(dns_wait=0.2)
        for name in ("app.test", "two.test"):
            answer = await net.lookup(name, "A")
            assert (answer.outcome, answer.server) == ("ok", good)
    assert net.log.counts() == {"DNS/passive": 2}


async def test_a_server_that_never_answers_does_not_hold_up_every_question(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hostile_dns({}, default="silent") as dead, hostile_dns({}) as good:
        net = opened(resolver=dead, dns_wait=0.1)
        first = await net.lookup("one.test", "A")
        assert "did not answer within 0.6 s" in first.cause
        assert "did not answer within 0.1 s" in (await net.lookup("two.test", "A")).cause
        both = tuple(_endpoint(text) for text in (dead, good))
        monkeypatch.setattr(resolving, "system_resolvers", lambda: both)
        net = opened(dns_wait=0.1)
        await net.lookup("one.test", "A")
        second = await net.lookup("two.test", "A")
        assert (second.outcome, second.server) == ("ok", good)
        assert net.log.entries[1].seconds < net.log.entries[0].seconds


def test_the_system_s_servers_are_read_from_its_own_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "resolv.conf"
    monkeypatch.setattr(resolving, "RESOLV_CONF", file)
    file.write_text("# nameserver 9.9.9.9\nsearch corp\nnameserver 10.0.0.1\nnameserver ::1\n")
    assert [str(e) for e in resolving.system_resolvers()] == ["10.0.0.1:53", "[::1]:53"]
    file.write_text("nameserver nonsense\nnameserver\n")
    assert [str(e) for e in resolving.system_resolvers()] == ["127.0.0.1:53"]


async def test_an_ipv6_server_is_asked_as_well(opened: Opener) -> None:
    try:
        with running_knot({"six.test": "@ A 192.0.2.6"}, address="::1") as endpoint:
            ip, port = endpoint.rsplit(":", 1)
            answer = await opened(resolver=f"[{ip}]:{port}").lookup("six.test", "A")
    except OSError:
        pytest.skip("this computer has no IPv6 loopback")
    assert answer.records == ("192.0.2.6",)


@given(st.binary(max_size=600), st.booleans())
def test_no_packet_breaks_the_socket(data: bytes, fits: bool) -> None:
    server = udp.Server(Endpoint(ip="127.0.0.1", port=53))

    async def receive() -> None:
        query = dns.message.make_query("app.test.", "A")
        waiting = udp._Waiting(query)
        server._waiting[query.id] = waiting
        server.datagram_received(query.id.to_bytes(2) + data if fits else data, ("", 0))

    asyncio.run(receive())


def _endpoint(text: str) -> Endpoint:
    ip, _, port = text.partition(":")
    return Endpoint(ip=ip, port=int(port))
