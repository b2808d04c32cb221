"""What is wrong with a DMARC record, and what only looks wrong."""

from __future__ import annotations

from typing import Any

import pytest

from launchready_tui.mailauth.dmarc.audit import audit, fetch
from launchready_tui.mailauth.dmarc.record import is_dmarc, parse
from launchready_tui.mailauth.flaw import Flaw
from mailauth.suite import Zone

OWN = "rua=mailto:dmarc@acme.test"
HOME: dict[str, list[Any]] = {"acme.test": [{"MX": [10, "mx.acme.test"]}]}
OUTSIDE: dict[str, list[Any]] = {"reports.test": [{"MX": [10, "mx.reports.test"]}]}
ALLOWED = {"acme.test._report._dmarc.reports.test": [{"TXT": "v=DMARC1"}]}

TABLE: list[tuple[str, str | list[str] | None, dict[str, list[Any]], tuple[str, ...]]] = [
    ("enforced and reported", f"v=DMARC1; p=reject; {OWN}", {}, ()),
    ("blanks and capitals", f"v=DMARC1 ; P = Reject ;{OWN}", {}, ()),
    ("psd=n is for anybody", f"v=DMARC1; p=reject; psd=n; {OWN}", {}, ()),
    ("nothing", None, {}, ("dmarc-missing",)),
    ("two records", ["v=DMARC1; p=none", "v=DMARC1; p=reject"], {}, ("dmarc-multiple",)),
    ("another TXT beside it", [f"v=DMARC1; p=reject; {OWN}", "token=1"], {}, ()),
    ("a small version", "v=dmarc1; p=reject", {}, ("dmarc-unrecognised",)),
    ("a comma", "v=DMARC1, p=reject", {}, ("dmarc-unrecognised",)),
    ("a blank first", " v=DMARC1; p=reject", {}, ("dmarc-unrecognised",)),
    ("at the apex", None, {"acme.test": [{"TXT": "v=DMARC1; p=none"}]}, ("dmarc-wrong-place",)),
    ("below itself", None, {"_dmarc._dmarc.acme.test": [{"TXT": "v=DMARC1; p=none"}]},
     ("dmarc-wrong-place",)),
    ("with the domain twice", None, {"_dmarc.acme.test.acme.test": [{"TXT": "v=DMARC1; p=none"}]},
     ("dmarc-wrong-place",)),
    ("none without reports", "v=DMARC1; p=none", {}, ("dmarc-none-no-rua",)),
    ("none with reports", f"v=DMARC1; p=none; {OWN}", {}, ("dmarc-none",)),
    ("reject without reports", "v=DMARC1; p=reject", {}, ("dmarc-no-rua",)),
    ("names below are open", f"v=DMARC1; p=reject; sp=none; {OWN}", {}, ("dmarc-subdomain-open",)),
    ("made-up names are open", f"v=DMARC1; p=quarantine; {OWN}", {}, ("dmarc-np-weak",)),
    ("np is absent, sp rejects", f"v=DMARC1; p=quarantine; sp=reject; {OWN}", {}, ()),
    ("a test", f"v=DMARC1; p=reject; t=y; {OWN}", {}, ("dmarc-testing",)),
    ("a registry's flag", f"v=DMARC1; p=reject; psd=y; {OWN}", {}, ("dmarc-psd",)),
    ("a share of the mail", f"v=DMARC1; p=reject; pct=10; {OWN}", {}, ("dmarc-pct-ignored",)),
    ("no mailto", "v=DMARC1; p=reject; rua=dmarc@acme.test", {}, ("dmarc-no-rua", "dmarc-rua-bad")),
    ("one of two is an address", f"v=DMARC1; p=reject; {OWN}, x@acme.test", {}, ("dmarc-rua-bad",)),
    ("a host that takes no mail", "v=DMARC1; p=reject; rua=mailto:d@sub.acme.test",
     {"sub.acme.test": [{"MX": [0, "."]}]}, ("dmarc-rua-bad",)),
    ("an outside host that agreed", "v=DMARC1; p=reject; rua=mailto:d@reports.test",
     {**OUTSIDE, **ALLOWED}, ()),
    ("an outside host that did not", "v=DMARC1; p=reject; rua=mailto:d@reports.test", OUTSIDE,
     ("dmarc-rua-unauthorised",)),
    ("an outside host that did not answer", "v=DMARC1; p=reject; rua=mailto:d@reports.test",
     {**OUTSIDE, "acme.test._report._dmarc.reports.test": ["TIMEOUT"]}, ()),
]  # fmt: skip


async def flaws(
    texts: str | list[str] | None, more: dict[str, list[Any]], domain: str
) -> list[Flaw]:
    several = [] if texts is None else [texts] if isinstance(texts, str) else texts
    data = {**HOME, "_dmarc.acme.test": [{"TXT": text} for text in several], **more}
    return list(audit(await fetch(Zone(data), domain)))


@pytest.mark.parametrize(("says", "texts", "more", "codes"), TABLE, ids=[row[0] for row in TABLE])
async def test_a_record_is_judged(
    says: str, texts: str | list[str] | None, more: dict[str, list[Any]], codes: tuple[str, ...]
) -> None:
    found = await flaws(texts, more, "acme.test")
    assert sorted(flaw.code for flaw in found) == sorted(codes), found
    for flaw in found:
        if flaw.publish:
            assert is_dmarc(flaw.publish), flaw
            assert parse(flaw.publish).usable


async def test_a_record_of_the_organisation_holds_for_a_name_below() -> None:
    assert await flaws(f"v=DMARC1; p=reject; {OWN}", {}, "app.acme.test") == []


async def test_an_answer_that_failed_is_no_absence() -> None:
    assert await flaws(None, {"_dmarc.acme.test": ["TIMEOUT"]}, "acme.test") == []
