"""DMARC as RFC 9989 has it: the walk, the organisation, the policy, the alignment."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mailauth.dmarc import (
    Dmarc,
    evaluate,
    is_dmarc,
    names_of,
    parse,
    walk,
)
from mailauth.suite import Zone

REJECT = "v=DMARC1; p=reject"
RUA = "rua=mailto:dmarc@example.com"


def zone(records: dict[str, str | list[str]], **more: Any) -> Zone:
    """TXT at `_dmarc.` of each name; `more` are other names' items."""
    data: dict[str, list[Any]] = {"example.com": [{"A": "192.0.2.1"}], **more}
    for name, texts in records.items():
        several = [texts] if isinstance(texts, str) else texts
        data[f"_dmarc.{name}"] = [{"TXT": text} for text in several]
    return Zone(data)


# ---------------------------------------------------------------- the walk


@pytest.mark.parametrize(
    ("domain", "names"),
    [
        ("example.com", ["example.com", "com"]),
        ("a.mail.example.com", ["a.mail.example.com", "mail.example.com", "example.com", "com"]),
        (
            "a.b.c.d.e.f.g.h.i.j.mail.example.com",
            [
                "a.b.c.d.e.f.g.h.i.j.mail.example.com",
                "g.h.i.j.mail.example.com",
                "h.i.j.mail.example.com",
                "i.j.mail.example.com",
                "j.mail.example.com",
                "mail.example.com",
                "example.com",
                "com",
            ],
        ),
        (
            "a.b.c.d.e.f.example.com",
            [
                "a.b.c.d.e.f.example.com",
                "b.c.d.e.f.example.com",
                "c.d.e.f.example.com",
                "d.e.f.example.com",
                "e.f.example.com",
                "f.example.com",
                "example.com",
                "com",
            ],
        ),
    ],
)
def test_at_most_eight_names_are_asked(domain: str, names: list[str]) -> None:
    assert list(names_of(domain)) == names


async def test_the_first_record_met_is_not_the_one_that_holds() -> None:
    seen = await walk(
        zone({"mail.example.com": REJECT, "example.com": REJECT}), "a.mail.example.com"
    )
    assert seen.organisation == "example.com"
    assert seen.policy is not None
    assert seen.policy.domain == "example.com"


async def test_psd_n_ends_the_walk_at_the_organisation() -> None:
    data = zone({"mail.example.com": f"{REJECT}; psd=n", "example.com": REJECT})
    seen = await walk(data, "a.mail.example.com")
    assert seen.organisation == "mail.example.com"
    assert seen.queried == ("_dmarc.a.mail.example.com", "_dmarc.mail.example.com")


async def test_below_a_public_suffix_the_organisation_is_one_label_longer() -> None:
    long = ".".join([*"abcdefghij", "example", "bank"])
    seen = await walk(zone({"bank": "v=DMARC1; p=reject; psd=y"}), long)
    assert seen.organisation == "example.bank"
    assert seen.policy is not None
    assert seen.policy.domain == "bank"


async def test_several_records_at_a_name_count_as_none() -> None:
    seen = await walk(zone({"example.com": [REJECT, "v=DMARC1; p=none"]}), "example.com")
    assert (seen.found, seen.several) == ((), ("example.com",))
    assert seen.organisation == "example.com"


async def test_an_answer_that_failed_leaves_the_outcome_unknown() -> None:
    data = zone({"example.com": REJECT})
    data.by_name["_dmarc.mail.example.com"] = {"TXT": None}
    said = await evaluate(data, "mail.example.com", spf=["mail.example.com"])
    assert said.result == "temperror"
    assert "_dmarc.mail.example.com" in said.cause


async def test_what_fails_above_the_end_of_the_walk_does_not_matter() -> None:
    data = zone({"example.com": f"{REJECT}; psd=n"})
    data.by_name["_dmarc.com"] = {"TXT": None}
    assert (await evaluate(data, "example.com", spf=["example.com"])).result == "pass"


# ---------------------------------------------------------------- the record


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("v=DMARC1; p=none", True),
        ("v = DMARC1 ;p=none", True),
        ("v=DMARC1", True),
        ("v=dmarc1; p=none", False),
        (" v=DMARC1; p=none", False),
        ("p=none; v=DMARC1", False),
        ("v=DMARC12; p=none", False),
        ("v=DMARC1, p=none", False),
    ],
)
def test_a_record_is_known_by_its_version(text: str, holds: bool) -> None:
    assert is_dmarc(text) is holds


def test_a_policy_falls_back_from_np_to_sp_to_p() -> None:
    only_p = parse("v=DMARC1; P=Reject")
    assert (only_p.own, only_p.below, only_p.missing) == ("reject", "reject", "reject")
    with_sp = parse("v=DMARC1; p=reject; sp=quarantine")
    assert (with_sp.below, with_sp.missing) == ("quarantine", "quarantine")
    with_np = parse("v=DMARC1; p=none; np=reject")
    assert (with_np.below, with_np.missing) == ("none", "reject")


@pytest.mark.parametrize("text", ["v=DMARC1", "v=DMARC1; p=rejct", "v=DMARC1; p=reject; sp=all"])
def test_a_policy_nobody_knows_means_none_with_reports_and_nothing_without(text: str) -> None:
    assert not parse(text).usable
    reported = parse(f"{text}; {RUA}")
    assert reported.usable
    assert (reported.own, reported.below, reported.missing) == ("none", "none", "none")


def test_report_addresses_are_read_one_by_one() -> None:
    record = parse("v=DMARC1; p=none; rua=mailto:a@Example.com!10m, dmarc@example.com ,https://x/")
    assert [report.host for report in record.rua] == ["example.com", "", ""]


@given(st.text())
def test_no_text_makes_the_parser_fail(text: str) -> None:
    parse(f"v=DMARC1;{text}")


# ---------------------------------------------------------------- policy and alignment


async def judged(records: dict[str, str | list[str]], author: str, **given: Any) -> Dmarc:
    return await evaluate(zone(records), author, **given)


async def test_one_aligned_identifier_is_enough() -> None:
    said = await judged(
        {"example.com": REJECT}, "example.com", spf=["esp.net"], dkim=["mail.example.com"]
    )
    assert said.result == "pass"
    assert [(one.by, one.aligned) for one in said.alignments] == [("spf", False), ("dkim", True)]


async def test_strict_alignment_wants_the_very_name() -> None:
    records: dict[str, str | list[str]] = {"example.com": f"{REJECT}; adkim=s; aspf=r"}
    said = await judged(records, "example.com", dkim=["mail.example.com"])
    assert (said.result, said.policy) == ("fail", "reject")
    said = await judged(records, "example.com", spf=["mail.example.com"])
    assert said.result == "pass"


async def test_a_domain_that_does_not_exist_gets_np_and_one_that_does_gets_sp() -> None:
    records: dict[str, str | list[str]] = {
        "example.com": "v=DMARC1; p=none; sp=quarantine; np=reject"
    }
    gone = await judged(records, "nobody.example.com")
    assert (gone.policy, gone.exists) == ("reject", False)
    data = zone(records, **{"app.example.com": [{"MX": [10, "mx.example.com"]}]})
    there = await evaluate(data, "app.example.com")
    assert (there.policy, there.exists) == ("quarantine", True)
    own = await judged(records, "example.com")
    assert (own.policy, own.exists) == ("none", None)


async def test_t_lowers_a_policy_by_one_step() -> None:
    for policy, lower in (("reject", "quarantine"), ("quarantine", "none"), ("none", "none")):
        said = await judged({"example.com": f"v=DMARC1; p={policy}; t=y"}, "example.com")
        assert said.policy == lower


async def test_without_a_record_there_is_nothing_to_fail() -> None:
    said = await judged({}, "example.com", spf=["example.com"])
    assert (said.result, said.policy) == ("none", None)


async def test_names_in_other_scripts_are_the_same_in_any_spelling() -> None:
    said = await judged(
        {"xn--mnchen-3ya.example": REJECT}, "München.example", dkim=["xn--mnchen-3ya.example"]
    )
    assert said.result == "pass"
