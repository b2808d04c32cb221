"""What is wrong with a published record, and what only looks wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mailauth.spf import parse
from launchready_tui.mailauth.spf.audit import audit, causes
from launchready_tui.mailauth.spf.mend import mended
from launchready_tui.mailauth.spf.tree import gather
from mailauth.suite import Zone

GOOD = "v=spf1 ip4:192.0.2.0/24 -all"
ESP = {"spf.esp.test": [{"TXT": "v=spf1 ip4:198.51.100.0/24 ~all"}]}
WIDE = "v=spf1 include:a.esp.test include:b.esp.test -all"


def named(*names: str) -> dict[str, list[Any]]:
    return {name: [{"TXT": "v=spf1 a:h.esp.test a:h.esp.test a:h.esp.test"}] for name in names}


HOSTS: dict[str, list[Any]] = {"h.esp.test": [{"A": "192.0.2.1"}], **ESP}

TABLE: list[tuple[str, str | list[str], dict[str, list[Any]], tuple[str, ...]]] = [
    ("in order", GOOD, {}, ()),
    ("in order, with a provider", "v=spf1 include:spf.esp.test ~all", ESP, ()),
    ("no record", "token=1", {}, ("spf-missing",)),
    ("two records", [GOOD, "v=spf1 include:spf.esp.test ~all"], ESP, ("spf-multiple-records",)),
    ("two records, one of them older still", [GOOD, "spf2.0/pra -all"], {}, ()),
    ("a blank before the version", f" {GOOD}", {}, ("spf-unrecognised",)),
    ("a semicolon after the version", "v=spf1; ip4:192.0.2.1 -all", {}, ("spf-unrecognised",)),
    ("a misspelt name", "v=spf1 inlcude:spf.esp.test -all", ESP, ("spf-syntax",)),
    ("upper case, many blanks, unknown name=value", "V=SPF1  IP4:192.0.2.1   x=y -ALL ", {}, ()),
    ("a colon inside a name", "v=spf1 exists:%{i}.a:b.esp.test -all", {}, ()),
    ("strings without a blank", "v=spf1 ip4:192.0.2.1include:spf.esp.test -all", ESP,
     ("spf-strings-glued",)),
    ("twelve lookups", "v=spf1 include:a.esp.test include:b.esp.test include:c.esp.test -all",
     {**HOSTS, **named("a.esp.test", "b.esp.test", "c.esp.test")},
     ("spf-too-many-lookups",)),
    ("nine lookups", "v=spf1 mx include:a.esp.test include:b.esp.test -all",
     {**HOSTS, **named("a.esp.test", "b.esp.test"), "acme.test.": [{"MX": [1, "h.esp.test"]}]},
     ("spf-lookups-near-limit",)),
    ("eleven addresses, which cost nothing",
     "v=spf1 " + " ".join(f"ip4:192.0.2.{n}" for n in range(11)) + " -all", {}, ()),
    ("three names that lead nowhere", "v=spf1 a:x.test a:y.test mx:z.test -all", {},
     ("spf-void-lookups",)),
    ("two names that lead nowhere", "v=spf1 a:x.test a:y.test -all", {}, ()),
    ("an include that does not exist", "v=spf1 include:gone.test -all", {}, ("spf-target-broken",)),
    ("an include that comes back", "v=spf1 include:acme.test -all", {}, ("spf-target-broken",)),
    ("an include with macros", "v=spf1 include:%{i}.esp.test -all", {}, ()),
    ("everybody", "v=spf1 +all", {}, ("spf-allows-everyone",)),
    ("everybody by a range", "v=spf1 ip4:0.0.0.0/0 -all", {}, ("spf-allows-everyone",)),
    ("everybody by somebody else", "v=spf1 include:open.test -all",
     {"open.test": [{"TXT": "v=spf1 all"}]}, ("spf-allows-everyone",)),
    ("everybody but who is excluded", "v=spf1 -include:open.test -all",
     {"open.test": [{"TXT": "v=spf1 all"}]}, ()),
    ("neutral at the end", "v=spf1 ip4:192.0.2.1 ?all", {}, ("spf-no-final-policy",)),
    ("nothing at the end", "v=spf1 ip4:192.0.2.1", {}, ("spf-no-final-policy",)),
    ("a redirect at the end", "v=spf1 redirect=spf.esp.test", ESP, ()),
    ("a range of a continent", "v=spf1 ip4:44.0.0.0/9 -all", {}, ("spf-range-too-wide",)),
    ("a range of a provider", "v=spf1 ip4:44.0.0.0/16 ip6:2600:1f00::/32 -all", {}, ()),
    ("a private range", "v=spf1 ip4:10.0.0.0/24 -all", {}, ("spf-private-range",)),
    ("reverse names", "v=spf1 ptr ip4:192.0.2.1 -all", {}, ("spf-ptr",)),
    ("terms behind the end", "v=spf1 -all ip4:192.0.2.1", {}, ("spf-terms-after-all",)),
    ("a modifier behind the end", "v=spf1 ip4:192.0.2.1 -all x=y", {}, ()),
    ("a redirect beside the end", "v=spf1 redirect=spf.esp.test -all", ESP,
     ("spf-redirect-ignored",)),
    ("twice the same", "v=spf1 ip4:192.0.2.1 IP4:192.0.2.1 -all", {}, ("spf-duplicate-term",)),
    ("too many mail servers", "v=spf1 mx:many.test -all",
     {"many.test": [{"MX": [n, f"m{n}.test"]} for n in range(11)]}, ("spf-mx-over-10",)),
    ("a long record", "v=spf1 " + " ".join(f"ip4:192.0.2.{n}" for n in range(40)) + " -all", {},
     ("spf-size",)),
]  # fmt: skip


async def flaws(texts: str | list[str], more: dict[str, list[Any]]) -> list[Any]:
    several = [texts] if isinstance(texts, str) else texts
    more = dict(more)
    own = [{"TXT": text} for text in several] + more.pop("acme.test.", [])
    return list(audit(await gather(Zone({"acme.test": own, **more}), "acme.test")))


# Documentation ranges are private to Python, and stand here for public ones.
EXAMPLES = ("192.0.2.", "198.51.100.")


@pytest.mark.parametrize(("says", "texts", "more", "codes"), TABLE, ids=[row[0] for row in TABLE])
async def test_a_record_is_judged(
    says: str, texts: str | list[str], more: dict[str, list[Any]], codes: tuple[str, ...]
) -> None:
    found = [f for f in await flaws(texts, more) if not any(e in f.observed for e in EXAMPLES)
             or f.code != "spf-private-range"]  # fmt: skip
    assert sorted(flaw.code for flaw in found) == sorted(codes), found
    for flaw in found:
        if flaw.publish:
            assert not parse(flaw.publish).problems
            again = await flaws(flaw.publish, more)
            assert flaw.code not in {f.code for f in again}, flaw.publish


async def test_what_failed_is_a_cause_and_no_flaw() -> None:
    zone = Zone({"acme.test": [{"TXT": "v=spf1 include:slow.test a:slow.test -all"}],
                 "slow.test": ["TIMEOUT"]})  # fmt: skip
    node = await gather(zone, "acme.test")
    assert audit(node) == ()
    assert len(causes(node)) == 2


async def test_each_name_is_asked_once_and_a_bush_of_includes_ends() -> None:
    asked: list[tuple[str, str]] = []
    zone = Zone({f"n{n}.test": [{"TXT": "v=spf1 " + " ".join(
        f"include:n{m}.test" for m in range(8) if m != n)}] for n in range(8)})  # fmt: skip

    async def lookup(name: str, rdtype: str) -> Any:
        asked.append((name, rdtype))
        return await zone(name, rdtype)

    node = await gather(lookup, "n0.test")
    assert len(asked) == len(set(asked)) == 8
    assert node.cost > 10


@pytest.mark.parametrize(
    ("texts", "better"),
    [
        (["v=spf1 inlcude:spf.esp.test -all"], "v=spf1 include:spf.esp.test -all"),
        (["v=spf1 ipv4:192.0.2.1 -all;"], "v=spf1 ip4:192.0.2.1 -all"),
        (["v=spf1 “include:spf.esp.test” -all"], "v=spf1 include:spf.esp.test -all"),
        (["v=spf1 include:spf.esp.test-all"], "v=spf1 include:spf.esp.test -all"),
        (["v=spf1 a -all", "v=spf1 mx ~all"], "v=spf1 a mx ~all"),
        (["v=spf1 ip4:192.0.2.1 +all"], "v=spf1 ip4:192.0.2.1 ~all"),
        (["v=spf1 mx ptr"], "v=spf1 mx ~all"),
        (["v=spf1 include: spf.esp.test -all"], "v=spf1 include:spf.esp.test -all"),
    ],
)
def test_the_record_to_publish_instead(texts: list[str], better: str) -> None:
    assert mended(tuple(texts)) == better


@given(st.lists(st.text(max_size=60), min_size=1, max_size=3))
def test_whatever_is_proposed_is_valid(texts: list[str]) -> None:
    proposed = mended(tuple(f"v=spf1 {text}" for text in texts))
    assert not proposed or not parse(proposed).problems
