"""What truth.toml says is so, as seen from sockets and files; and all of it can be repaired."""

from __future__ import annotations

import dns.rcode
import pytest
from cryptography import x509

from demo.proofs import PROOFS, life_left
from demo.raw import Browser, ask, believed, certificate, environment, tracked, values
from launchready_tui.demo import Lab
from launchready_tui.demo.truth import Planted, read_truth

PLANTED = [
    pytest.param(fault, id=f"{fault.code} {fault.subject}") for fault in read_truth().planted
]


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_really_there(lab: Lab, fault: Planted) -> None:
    assert PROOFS[fault.code](lab, fault.subject)


def test_the_lab_plants_everything_on_this_machine(lab: Lab) -> None:
    assert lab.truth == read_truth()
    assert lab.notices == []


def test_the_admin_repairs_everything_that_is_planted(own_lab: Lab) -> None:
    for fault in own_lab.truth.planted:
        said = own_lab.fix(fault.code, fault.subject)
        assert said.endswith(".")
        assert not PROOFS[fault.code](own_lab, fault.subject), fault.code
    for fault in own_lab.truth.planted:
        assert not PROOFS[fault.code](own_lab, fault.subject), f"{fault.code} came back"


def test_repairing_twice_does_no_harm(own_lab: Lab) -> None:
    for fault in (*own_lab.truth.planted, *own_lab.truth.planted):
        own_lab.fix(fault.code, fault.subject)
    assert not any(PROOFS[f.code](own_lab, f.subject) for f in own_lab.truth.planted)


def test_what_nobody_planted_is_not_repaired(own_lab: Lab) -> None:
    assert "nothing was changed" in own_lab.fix("no-such-fault", "harbour-ops.test")
    assert "nothing was changed" in own_lab.fix("cert-expiring", "elsewhere.test")


def test_a_repaired_company_still_works(own_lab: Lab) -> None:
    for fault in own_lab.truth.planted:
        own_lab.fix(fault.code, fault.subject)
    browser = Browser(own_lab)
    for scheme in ("http", "https"):
        for host in ("", "www."):
            ways = browser.hops(f"{scheme}://{host}harbour-ops.test/")
            assert ways[-1] == ("https://harbour-ops.test/", 200)
    assert browser.hops("https://admin.harbour-ops.test/")[-1][1] == 200
    assert believed(own_lab, "admin.harbour-ops.test") == ""


class TestLookAlikes:
    """Each of these is as innocent as truth.toml says."""

    def test_the_example_file_is_tracked_and_holds_placeholders_only(self, lab: Lab) -> None:
        assert ".env.example" in tracked(lab)
        assert environment(lab, ".env.example")["API_TOKEN"] == "change-me"

    def test_the_apps_certificate_has_two_fifths_left(self, lab: Lab) -> None:
        assert 0.38 < life_left(lab, "app.harbour-ops.test") < 0.41

    def test_the_app_sends_people_to_its_sign_in_page(self, lab: Lab) -> None:
        hops = Browser(lab).hops("https://app.harbour-ops.test/")
        assert [status for _, status in hops] == [302, 302, 200]
        assert hops[-1][0].endswith("/login")

    def test_two_addresses_of_the_site_serve_the_same(self, lab: Lab) -> None:
        browser, host = Browser(lab), "harbour-ops.test"
        addresses = values(ask(lab, host, "A"), "A")
        assert len(addresses) == 2
        assert len({browser.get(f"https://{host}/", address=a).body for a in addresses}) == 1
        assert len({certificate(lab, host, a).serial_number for a in addresses}) == 1

    def test_a_name_in_a_certificate_that_nobody_counts_on(self, lab: Lab) -> None:
        name = "intranet.harbour-ops.test"
        shown = certificate(lab, "harbour-ops.test").extensions
        names = shown.get_extension_for_class(x509.SubjectAlternativeName).value
        assert name in names.get_values_for_type(x509.DNSName)
        assert ask(lab, name, "A").rcode() == dns.rcode.NXDOMAIN
        assert name not in Browser(lab).get("https://harbour-ops.test/").body

    def test_cloudflares_mark_comes_without_a_zone_at_cloudflare(self, lab: Lab) -> None:
        assert Browser(lab).get("https://app.harbour-ops.test/").headers["cf-ray"]
        assert "cloudflare" not in str(values(ask(lab, "harbour-ops.test", "NS"), "NS"))

    def test_the_chain_of_aliases_ends_at_an_address(self, lab: Lab) -> None:
        found = ask(lab, "status.harbour-ops.test", "A")
        assert len(values(found, "CNAME")) == 2
        assert values(found, "A") == ["198.51.100.60"]

    def test_only_what_nobody_moves_is_kept_for_a_day(self, lab: Lab) -> None:
        assert ask(lab, "harbour-ops.test", "MX").answer[0].ttl == 86_400
        assert ask(lab, "harbour-ops.test", "A").answer[0].ttl == 300

    def test_a_variable_is_read_by_a_name_made_at_run_time(self, lab: Lab) -> None:
        assert environment(lab, ".env.production")["FEATURE_TIDE_TABLE"] == "on"
        assert "FEATURE_{name" in (lab.repo / "berthdesk/settings.py").read_text()
