"""Evaluation beside the suite: what it tells, what it costs, and that it always ends."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready_tui.mailauth.lookup import Reply
from launchready_tui.mailauth.spf import evaluate
from mailauth.suite import Zone


class Counted:
    """A zone that counts what it is asked."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.asked: list[tuple[str, str]] = []

    async def __call__(self, name: str, rdtype: str) -> Reply:
        self.asked.append((name, rdtype))
        return await self.zone(name, rdtype)


def zone(**names: str) -> Zone:
    return Zone({name.replace("_", "."): [{"TXT": text}] for name, text in names.items()})


async def test_it_names_the_term_that_matched_and_the_record_that_holds_it() -> None:
    said = await evaluate(
        zone(
            acme_test="v=spf1 include:spf.esp.test -all",
            spf_esp_test="v=spf1 ip4:192.0.2.0/24 ~all",
        ),
        ip="192.0.2.7",
        sender="ana@acme.test",
    )
    assert (said.result, said.term, said.at) == ("pass", "include:spf.esp.test", "acme.test")
    assert said.lookups == 1


async def test_an_answer_that_failed_is_no_verdict_and_says_what_was_asked() -> None:
    silent = Zone({"acme.test": ["TIMEOUT"]})
    said = await evaluate(silent, ip="192.0.2.7", sender="ana@acme.test")
    assert said.result == "temperror"
    assert "TXT of acme.test" in said.why


async def test_a_wrong_term_behind_a_match_is_an_error_all_the_same() -> None:
    said = await evaluate(
        zone(acme_test="v=spf1 +all inlcude:x.test"), ip="::1", sender="@acme.test"
    )
    assert said.result == "permerror"
    assert "inlcude" in said.why


async def test_an_empty_sender_is_the_postmaster_of_helo() -> None:
    data = zone(mail_acme_test="v=spf1 exists:%{l}.ok.test -all")
    data.by_name["postmaster.ok.test"] = {"A": ["127.0.0.2"]}
    said = await evaluate(data, ip="192.0.2.7", sender="", helo="mail.acme.test")
    assert said.result == "pass"


async def test_a_mapped_address_is_an_ipv4_address() -> None:
    data = zone(acme_test="v=spf1 ip4:192.0.2.7 -all")
    assert (await evaluate(data, ip="::ffff:192.0.2.7", sender="a@acme.test")).result == "pass"


async def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="acme"):
        await evaluate(zone(), ip="acme.test", sender="a@acme.test")


NAMES = ("a.test", "b.test", "c.test", "gone.test")
TERMS = st.sampled_from(
    [
        *(f"{kind}:{name}" for kind in ("include", "a", "mx", "exists", "ptr") for name in NAMES),
        *(f"redirect={name}" for name in NAMES),
        "exp=a.test", "ptr", "mx", "a", "ip4:203.0.113.1", "exists:%{p}.b.test", "-all", "?all",
    ]
)  # fmt: skip
RECORDS = st.lists(TERMS, max_size=14).map(lambda terms: {"TXT": " ".join(["v=spf1", *terms])})
ITEMS = st.one_of(
    RECORDS,
    st.sampled_from([{"A": "203.0.113.9"}, {"MX": [10, "a.test"]}, {"CNAME": "b.test"}, "TIMEOUT"]),
)
ZONES = st.dictionaries(st.sampled_from(NAMES), st.lists(ITEMS, max_size=3))


@settings(max_examples=300)
@given(data=ZONES, ip=st.ip_addresses().map(str))
async def test_no_zone_makes_it_exceed_its_limits(data: dict[str, list[object]], ip: str) -> None:
    counted = Counted(Zone(data))
    said = await evaluate(counted, ip=ip, sender="x@a.test", helo="h.test")
    assert said.lookups <= 11
    assert said.voids <= 3
    # Each of ten terms costs at most one question and, for mx and ptr, ten more; and what macros
    # and explanations ask.
    assert len(counted.asked) <= 10 * 11 + 25
