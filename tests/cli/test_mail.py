"""`mail DOMAIN`, `mail spf`, `mail dmarc` as a user starts them, at a real nameserver."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from cli_door import launchready
from facts.mail_broken import running_companies
from network.hostile import hostile_dns


@pytest.fixture(scope="module")
def resolver() -> Iterator[str]:
    with running_companies() as options:
        yield options.resolver


def told(resolver: str, *args: str, code: int = 0) -> dict[str, object]:
    ended = launchready("mail", *args, "--resolver", resolver, "--format", "json")
    assert ended.code == code, ended.err
    found = json.loads(ended.out)
    assert isinstance(found, dict)
    return found


def test_a_domain_in_order_is_met(resolver: str) -> None:
    report = told(resolver, "good.test")
    assert report["findings"] == []
    assert [item["id"] for item in report["items"]] == [  # type: ignore[attr-defined]
        "mail.spf",
        "mail.dkim",
        "mail.dmarc",
        "mail.alignment",
        "mail.receiving",
        "mail.transport",
    ]


def test_a_fault_comes_with_the_record_to_publish(resolver: str) -> None:
    [finding] = told(resolver, "nospf.test", code=1)["findings"]  # type: ignore[misc]
    assert finding["code"] == "spf-missing"  # type: ignore[index]
    assert "v=spf1 include:_spf.google.com ~all" in finding["fix"][0]  # type: ignore[index]


def test_a_person_reads_the_record_in_one_line(resolver: str) -> None:
    ended = launchready("mail", "nospf.test", "--resolver", resolver)
    assert ended.code == 1
    steps = ended.out.partition("HOW TO MEND IT")[2].splitlines()
    assert any(line.endswith("value: v=spf1 include:_spf.google.com ~all") for line in steps)


def test_options_may_stand_before_the_domain(resolver: str) -> None:
    ended = launchready("mail", "--resolver", resolver, "good.test")
    assert ended.code == 0, ended.err
    assert "good.test" in ended.out


def test_a_selector_that_is_named_has_to_be_there(resolver: str) -> None:
    findings = told(resolver, "good.test", "--selector", "s9", code=1)["findings"]
    assert [f["code"] for f in findings] == ["dkim-key-missing"]  # type: ignore[attr-defined]
    findings = told(resolver, "revoked.test", "--selector", "google", code=1)["findings"]
    assert [f["code"] for f in findings] == ["dkim-key-revoked"]  # type: ignore[attr-defined]


def test_dns_that_fails_is_not_known(resolver: str) -> None:
    with hostile_dns({}, default="servfail") as ill:
        report = told(ill, "good.test", code=3)
    assert report["findings"] == []
    causes = [item["cause"] for item in report["items"]]  # type: ignore[attr-defined]
    assert all(ill in cause for cause in causes)


def test_spf_of_one_address(resolver: str) -> None:
    found = told(resolver, "spf", "--ip", "35.190.247.9", "--sender", "a@good.test")
    assert found == {
        "result": "pass",
        "explanation": "",
        "term": "include:_spf.google.com",
        "at": "good.test",
        "lookups": 1,
        "voids": 0,
        "why": "",
    }
    assert (
        told(resolver, "spf", "--ip", "2001:db8::1", "--sender", "a@good.test")["result"]
        == "softfail"
    )
    bounce = told(resolver, "spf", "--ip", "192.0.2.1", "--sender", "", "--helo", "good.test")
    assert bounce["result"] == "softfail"
    assert (
        told(resolver, "spf", "--ip", "192.0.2.1", "--sender", "a@twospf.test")["result"]
        == "permerror"
    )


def test_dmarc_of_one_domain(resolver: str) -> None:
    found = told(
        resolver, "dmarc", "--from", "a.b.good.test", "--spf", "send.good.test", "--dkim", "x.test"
    )
    assert found["result"] == "pass"
    assert found["record_domain"] == found["organisation"] == "good.test"
    assert found["queried"] == ["a.b.good.test", "b.good.test", "good.test", "test"]
    assert found["policy"] == "reject"
    aligned = {one["domain"]: one["aligned"] for one in found["alignments"]}  # type: ignore[attr-defined]
    assert aligned == {"send.good.test": True, "x.test": False}
    none = told(resolver, "dmarc", "--from", "nodmarc.test")
    assert (none["result"], none["record"], none["policy"]) == ("none", None, None)


def test_what_failed_on_the_way_is_no_result() -> None:
    with hostile_dns({}, default="servfail") as ill:
        assert told(ill, "spf", "--ip", "192.0.2.1", "--sender", "a@b.test", code=3)["why"]
        assert told(ill, "dmarc", "--from", "b.test", code=3)["cause"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("not a domain",), "domain"),
        (("acme.test", "--sender", "two words"), "sender"),
        (("acme.test", "--resolver", "nowhere"), "resolver"),
        (("spf", "--ip", "nine", "--sender", "a@b.test"), "no IP address"),
        (("spf", "--ip", "192.0.2.1", "--sender", ""), "--helo"),
        (("dmarc", "--from", "."), "--from"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_sent(args: tuple[str, ...], says: str) -> None:
    ended = launchready("mail", *args)
    assert ended.code == 2, ended
    assert says in ended.err
    assert "bug" not in ended.err


def test_help_shows_examples_and_what_else_there_is() -> None:
    for args in ((), ("--help",), ("spf", "--help"), ("dmarc", "--help")):
        ended = launchready("mail", *args)
        assert ended.code == 0
        assert "Examples:" in ended.out
    assert "mail spf, dmarc, verify, report" in launchready("mail", "-h").out


def test_completion_offers_commands_and_options() -> None:
    for typed, offered in (("", "spf"), ("--sel", "--selector")):
        words = {"COMP_WORDS": f"launchready mail {typed}", "COMP_CWORD": "2"}
        ended = launchready(env={"_LAUNCHREADY_COMPLETE": "bash_complete", **words})
        assert offered in ended.out, ended
