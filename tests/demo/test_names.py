"""Names, name servers and Cloudflare in the lab: what only looks wrong, and how they answer."""

from __future__ import annotations

import http.client
import json
import socket

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from demo.proofs_names import OWN, REGISTRY, asked, sent_to
from demo.raw import Browser, ask, ask_at, ask_signed, certificate, pinned, trusting, values
from launchready_tui.demo import Lab

DOMAIN = "harbour-ops.test"


class TestLookAlikes:
    """Each of these is as innocent as truth.toml says."""

    def test_an_alias_of_a_surge_page_that_is_alive(self, lab: Lab) -> None:
        alias = values(ask(lab, f"notices.{DOMAIN}", "A"), "CNAME")
        assert alias == ["harbour-notices.surge.sh."]
        assert Browser(lab).get(f"https://notices.{DOMAIN}/").status == 200

    def test_only_certificates_for_patterns_are_forbidden(self, lab: Lab) -> None:
        told = values(ask(lab, DOMAIN, "CAA"), "CAA")
        assert '0 issuewild ";"' in told
        assert '0 issue "pki.harbour-lab.test"' in told
        assert "*" not in certificate(lab, DOMAIN).subject.rfc4514_string()

    def test_an_old_address_leads_to_a_page_that_asks_for_a_sign_in(self, lab: Lab) -> None:
        hops = Browser(lab).hops(f"https://{DOMAIN}/rota-2023")
        assert hops[1] == (f"https://app.{DOMAIN}/orders", 302)
        assert hops[-1][1] == 200

    def test_cloudflares_zone_is_a_partial_one(self, lab: Lab) -> None:
        _, (zone,) = asked(lab, "/zones")
        assert (zone["type"], zone["status"]) == ("partial", "active")
        assert not any("cloudflare" in server for server in sent_to(lab, REGISTRY, DOMAIN))

    def test_the_nameserver_looks_up_nobody_elses_names(self, lab: Lab) -> None:
        told = ask_at(lab, OWN, "example.com", "A")
        assert told.rcode() == dns.rcode.REFUSED
        assert not told.flags & dns.flags.RA


class TestNameServers:
    def test_the_registry_sends_on_with_the_addresses_it_has(self, lab: Lab) -> None:
        told = ask_at(lab, REGISTRY, f"www.{DOMAIN}", "A")
        assert (told.rcode(), told.answer) == (dns.rcode.NOERROR, [])
        assert told.authority[0].name.to_text() == f"{DOMAIN}."
        glue = {found.name.to_text(): found[0].to_text() for found in told.additional}
        assert glue == {f"ns1.{DOMAIN}.": OWN, "ns.quayhost.test.": "203.0.113.54"}

    def test_the_registry_answers_for_its_own_names_and_no_others(self, lab: Lab) -> None:
        assert values(ask_at(lab, REGISTRY, "a.nic.test", "A"), "A") == [REGISTRY]
        assert ask_at(lab, REGISTRY, "no-such.test", "NS").rcode() == dns.rcode.NXDOMAIN
        assert ask_at(lab, REGISTRY, "example.com", "A").rcode() == dns.rcode.REFUSED

    @pytest.mark.parametrize("name", [f"trial.{DOMAIN}", f"x.trial.{DOMAIN}"])
    def test_below_a_cut_that_leads_to_nobody_there_is_no_answer(self, lab: Lab, name: str) -> None:
        assert ask(lab, name, "A").rcode() == dns.rcode.SERVFAIL
        assert sent_to(lab, OWN, name) == ["ns1.linode.com.", "ns2.linode.com."]

    def test_a_zone_is_handed_out_over_tcp_by_its_own_server_alone(self, lab: Lab) -> None:
        assert ask_at(lab, OWN, DOMAIN, "AXFR", tcp=True).rcode() == dns.rcode.NOERROR
        assert ask_at(lab, OWN, DOMAIN, "AXFR").rcode() == dns.rcode.REFUSED
        assert ask_at(lab, OWN, f"www.{DOMAIN}", "AXFR", tcp=True).rcode() == dns.rcode.REFUSED
        assert ask_at(lab, REGISTRY, "test", "AXFR", tcp=True).rcode() == dns.rcode.REFUSED
        assert ask(lab, DOMAIN, "AXFR", tcp=True).rcode() == dns.rcode.REFUSED


class TestSigning:
    """What a resolver that checks signatures would see once the admin has signed the zone."""

    @pytest.fixture
    def signed(self, own_lab: Lab) -> Lab:
        own_lab.fix("dns-dnssec-absent", DOMAIN)
        return own_lab

    def keys(self, lab: Lab) -> dict[dns.name.Name, dns.rrset.RRset]:
        key = ask(lab, DOMAIN, "DNSKEY").answer[0]
        return {key.name: key}

    def checked(self, lab: Lab, section: list[dns.rrset.RRset]) -> list[str]:
        """Types whose signatures hold."""
        parts = [found for found in section if found.rdtype != dns.rdatatype.RRSIG]
        for found in parts:
            made = next(
                s
                for s in section
                if (s.rdtype, s.covers) == (dns.rdatatype.RRSIG, found.rdtype)
                and s.name == found.name
            )
            dns.dnssec.validate(found, made, self.keys(lab))
        return [dns.rdatatype.to_text(found.rdtype) for found in parts]

    def test_the_promise_above_is_of_the_key_below(self, signed: Lab) -> None:
        key = ask(signed, DOMAIN, "DNSKEY").answer[0]
        made = dns.dnssec.make_ds(dns.name.from_text(DOMAIN), key[0], "SHA256")
        assert values(ask(signed, DOMAIN, "DS"), "DS") == [made.to_text()]
        assert self.checked(signed, ask_signed(signed, DOMAIN, "DNSKEY").answer) == ["DNSKEY"]

    def test_what_is_there_is_signed(self, signed: Lab) -> None:
        assert self.checked(signed, ask_signed(signed, DOMAIN, "MX").answer) == ["MX"]
        assert self.checked(signed, ask_signed(signed, f"www.{DOMAIN}", "A").answer) == ["A"]

    def test_what_is_not_there_is_proved(self, signed: Lab) -> None:
        for name, kind in ((f"nothing.{DOMAIN}", "A"), (f"www.{DOMAIN}", "TXT")):
            told = ask_signed(signed, name, kind)
            assert (told.rcode(), told.answer) == (dns.rcode.NOERROR, [])
            assert self.checked(signed, told.authority) == ["SOA", "NSEC"]
            types = told.authority[1][0].to_text().split()[1:]
            assert kind not in types
            assert ("A" in types) == (name == f"www.{DOMAIN}")

    def test_who_does_not_ask_for_signatures_gets_none(self, signed: Lab) -> None:
        assert [found.rdtype for found in ask(signed, DOMAIN, "MX").answer] == [dns.rdatatype.MX]
        assert ask(signed, f"nothing.{DOMAIN}", "A").rcode() == dns.rcode.NXDOMAIN

    def test_other_peoples_zones_stay_unsigned(self, signed: Lab) -> None:
        told = ask_signed(signed, f"app.{DOMAIN}", "A")
        signatures = [found for found in told.answer if found.rdtype == dns.rdatatype.RRSIG]
        assert [found.name.to_text() for found in signatures] == [f"app.{DOMAIN}."]


class TestCloudflareApi:
    def test_without_the_token_nothing_is_told(self, lab: Lab) -> None:
        for headers in ({}, {"Authorization": "Bearer " + "x" * 40}):
            status, told = self.sent(lab, "GET", "/zones", headers)
            assert (status, told["success"], told["result"]) == (401, False, None)

    def test_it_only_reads(self, lab: Lab) -> None:
        token = lab.secrets["cloudflare-token"]
        headers = {"Authorization": f"Bearer {token}"}
        status, told = self.sent(lab, "PATCH", "/zones", headers)
        assert (status, told["success"]) == (405, False)

    def test_what_it_does_not_know_the_token_may_not_read(self, lab: Lab) -> None:
        status, told = asked(lab, "/accounts/1/members")
        assert (status, told) == (403, None)

    def test_two_labs_have_two_tokens(self, lab: Lab, own_lab: Lab) -> None:
        first, second = (one.secrets["cloudflare-token"] for one in (lab, own_lab))
        assert first != second
        assert first.startswith("cfut_")

    @staticmethod
    def sent(
        lab: Lab, method: str, path: str, headers: dict[str, str]
    ) -> tuple[int, dict[str, object]]:
        host = "api.cloudflare.com"
        connection = http.client.HTTPConnection(host, timeout=5)
        sock = socket.create_connection(pinned(lab, host, 443), 5)
        connection.sock = trusting(lab).wrap_socket(sock, server_hostname=host)
        try:
            connection.request(method, f"/client/v4{path}", headers=headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()
