"""The lab's name servers, asked over UDP and TCP."""

from __future__ import annotations

import socket

import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import pytest

from demo.raw import ask, ask_at, values
from launchready_tui.demo import Lab
from launchready_tui.demo.dns import Authority as Apex
from launchready_tui.demo.dns import RecordSet, Zone, ZoneFile, answer

OWN = "192.0.2.53"


@pytest.mark.parametrize("tcp", [False, True], ids=["UDP", "TCP"])
def test_an_alias_is_followed_to_its_addresses(lab: Lab, tcp: bool) -> None:
    found = ask(lab, "app.harbour-ops.test", "A", tcp=tcp)
    assert found.rcode() == dns.rcode.NOERROR
    assert values(found, "CNAME") == ["harbour-ops.onrender.com."]
    assert values(found, "A") == ["198.51.100.20", "198.51.100.21"]


def test_names_are_compared_without_case(lab: Lab) -> None:
    assert values(ask(lab, "HARBOUR-ops.TEST", "A"), "A") == ["192.0.2.10", "192.0.2.12"]


def test_a_name_that_is_not_there_and_a_type_that_is_not_there_differ(lab: Lab) -> None:
    gone = ask(lab, "nothing.harbour-ops.test", "A")
    empty = ask(lab, "harbour-ops.test", "AAAA")
    assert gone.rcode() == dns.rcode.NXDOMAIN
    assert empty.rcode() == dns.rcode.NOERROR
    for absent in (gone, empty):
        assert not absent.answer
        assert absent.authority[0].name.to_text() == "harbour-ops.test."
        assert absent.authority[0].rdtype == dns.rdatatype.SOA


def test_a_name_with_something_below_it_exists(lab: Lab) -> None:
    between = ask(lab, "edge.harbour-ops.test", "A")
    assert (between.rcode(), between.answer) == (dns.rcode.NOERROR, [])


def test_every_name_of_the_world_has_an_answer_here(lab: Lab) -> None:
    elsewhere = ask(lab, "www.example.org", "A")
    assert elsewhere.rcode() == dns.rcode.NXDOMAIN
    assert elsewhere.authority[0].name.to_text() == "."


def test_the_companys_server_is_authoritative_for_its_zone_alone(lab: Lab) -> None:
    own = ask_at(lab, OWN, "harbour-ops.test", "NS")
    assert own.flags & dns.flags.AA
    assert not own.flags & dns.flags.RA
    alias = ask_at(lab, OWN, "app.harbour-ops.test", "A")
    assert values(alias, "CNAME") == ["harbour-ops.onrender.com."]
    assert values(alias, "A") == []
    assert ask_at(lab, OWN, "harbour-ops.onrender.com", "A").rcode() == dns.rcode.REFUSED
    resolved = ask(lab, "harbour-ops.test", "NS")
    assert resolved.flags & dns.flags.RA
    assert not resolved.flags & dns.flags.AA


def test_the_zone_has_one_start_and_is_not_handed_out(lab: Lab) -> None:
    assert len(values(ask(lab, "harbour-ops.test", "SOA"), "SOA")) == 1
    transfer = dns.message.make_query("harbour-ops.test", "AXFR")
    given = answer(lab.company.zone, transfer.to_wire())
    assert given
    assert dns.message.from_wire(given).rcode() == dns.rcode.REFUSED


def test_what_is_no_question_is_answered_shortly_or_not_at_all(lab: Lab) -> None:
    zone = lab.company.zone
    assert answer(zone, b"") is None
    assert answer(zone, b"\xff" * 40) is None
    update = dns.message.make_query("harbour-ops.test", "SOA")
    update.set_opcode(dns.opcode.NOTIFY)
    notified = answer(zone, update.to_wire())
    assert notified
    assert dns.message.from_wire(notified).rcode() == dns.rcode.NOTIMP
    response = dns.message.make_response(dns.message.make_query("harbour-ops.test", "A"))
    assert answer(zone, response.to_wire()) is None


def test_a_long_answer_is_cut_over_udp_and_whole_over_tcp() -> None:
    texts = tuple(f'"{"x" * 200}{n}"' for n in range(20))
    zone = Zone(
        ZoneFile(
            zone=(Apex(origin="", soa="a. b. 1 2 3 4 5"),),
            record=(RecordSet(name="long.test", type="TXT", ttl=60, values=texts),),
        )
    )
    query = dns.message.make_query("long.test", "TXT").to_wire()
    short = answer(zone, query, room=1232)
    whole = answer(zone, query)
    assert short
    assert whole
    assert len(short) <= 512
    assert dns.message.from_wire(short).flags & dns.flags.TC
    assert len(dns.message.from_wire(whole).answer[0]) == 20


def test_aliases_in_a_circle_are_a_server_failure() -> None:
    circle = (
        RecordSet(name="a.test", type="CNAME", ttl=60, values=("b.test.",)),
        RecordSet(name="b.test", type="CNAME", ttl=60, values=("a.test.",)),
    )
    zone = Zone(ZoneFile(zone=(Apex(origin="", soa="a. b. 1 2 3 4 5"),), record=circle))
    given = answer(zone, dns.message.make_query("a.test", "A").to_wire())
    assert given
    assert dns.message.from_wire(given).rcode() == dns.rcode.SERVFAIL


def test_garbage_on_the_wire_does_not_stop_the_server(lab: Lab) -> None:
    host, _, port = lab.options.resolver.partition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dirt:
        for junk in (b"", b"\0" * 12, b"\xff" * 500):
            dirt.sendto(junk, (host, int(port)))
    with socket.create_connection((host, int(port)), 5) as stream:
        stream.sendall(b"\xff\xff")
    assert values(ask(lab, "harbour-ops.test", "A"), "A") == ["192.0.2.10", "192.0.2.12"]
