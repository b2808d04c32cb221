"""Mail servers that cannot be reached as the standard wants, and those that can."""

from __future__ import annotations

from typing import Any

import pytest

from launchready_tui.mailauth import mx
from mailauth.suite import Zone

TWO = [{"MX": [10, "a.acme.test"]}, {"MX": [20, "b.acme.test"]}]
HOSTS: dict[str, list[Any]] = {
    "a.acme.test": [{"A": "192.0.2.1"}],
    "b.acme.test": [{"AAAA": "2001:db8::1"}],
}

TABLE: list[tuple[str, dict[str, list[Any]], bool, tuple[str, ...]]] = [
    ("two servers", {"acme.test": TWO, **HOSTS}, True, ()),
    ("none", {"acme.test": [{"TXT": "x"}]}, True, ("mx-missing",)),
    ("none, but an address", {"acme.test": [{"A": "192.0.2.9"}]}, True, ("mx-missing",)),
    ("none, and nothing sent", {"acme.test": [{"A": "192.0.2.9"}]}, False, ()),
    ("null on a sender", {"acme.test": [{"MX": [0, "."]}]}, True, ("mx-null-on-sender",)),
    ("null where nothing is sent", {"acme.test": [{"MX": [0, "."]}]}, False, ()),
    ("null beside others", {"acme.test": [*TWO, {"MX": [0, "."]}], **HOSTS}, True,
     ("mx-null-mixed",)),
    ("an alias", {"acme.test": TWO, **HOSTS, "a.acme.test": [{"CNAME": "b.acme.test"}]}, True,
     ("mx-bad-target", "mx-single")),
    ("an address", {"acme.test": [*TWO, {"MX": [5, "192.0.2.1"]}], **HOSTS}, True,
     ("mx-bad-target",)),
    ("a name that is gone", {"acme.test": [*TWO, {"MX": [5, "c.gone.test"]}], **HOSTS}, True,
     ("mx-bad-target",)),
    ("a name that did not answer", {"acme.test": [*TWO, {"MX": [5, "c.acme.test"]}],
     "c.acme.test": ["TIMEOUT"], **HOSTS}, True, ()),
    ("one server", {"acme.test": TWO[:1], **HOSTS}, True, ("mx-single",)),
    ("the same preference", {"acme.test": [{"MX": [10, f"{n}.acme.test"]} for n in "ab"], **HOSTS},
     True, ("mx-preference-ties",)),
    ("no answer", {"acme.test": ["TIMEOUT"]}, True, ()),
]  # fmt: skip


@pytest.mark.parametrize(("says", "data", "sends", "codes"), TABLE, ids=[row[0] for row in TABLE])
async def test_mail_servers_are_judged(
    says: str, data: dict[str, list[Any]], sends: bool, codes: tuple[str, ...]
) -> None:
    exchange = await mx.fetch(Zone(data), "acme.test")
    found = mx.audit(exchange, sends=sends)
    assert sorted(flaw.code for flaw in found) == sorted(codes), found


async def test_two_vendors_split_the_mail_and_one_is_no_risk() -> None:
    data = {"acme.test": [{"MX": [1, "a.acme.test"]}, {"MX": [1, "b.acme.test"]}], **HOSTS}
    exchange = await mx.fetch(Zone(data), "acme.test")
    split = mx.audit(exchange, vendor=lambda host: host[0].upper())
    assert [flaw.code for flaw in split] == ["mx-two-vendors"]
    alone = await mx.fetch(Zone({"acme.test": TWO[:1], **HOSTS}), "acme.test")
    assert [f.severity for f in mx.audit(alone, vendor=lambda host: "Google")] == ["info"]


async def test_a_question_that_failed_is_named() -> None:
    exchange = await mx.fetch(Zone({"acme.test": ["TIMEOUT"]}), "acme.test")
    assert exchange.causes
