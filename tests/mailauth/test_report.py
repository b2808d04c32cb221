"""Aggregate reports: who sent, how much of it passed; and files that mean harm."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mailauth.report import MOST_UNPACKED, BadReport, parse, senders

ROW = """<record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated>
<disposition>none</disposition><dkim>{dkim}</dkim><spf>fail</spf></policy_evaluated></row>
<identifiers><header_from>acme.test</header_from><envelope_from>send.esp.test</envelope_from>
</identifiers><auth_results><dkim><domain>acme.test</domain><selector>s1</selector>
<result>{dkim}</result></dkim><spf><domain>send.esp.test</domain><scope>mfrom</scope>
<result>pass</result></spf></auth_results></record>"""
HEAD = """<?xml version="1.0"?><feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"><report_metadata>
<org_name>Receiver</org_name><report_id>r1</report_id><date_range><begin>1772323200</begin>
<end>1772409600</end></date_range></report_metadata><policy_published><domain>Acme.test</domain>
<p>none</p></policy_published>"""


def xml(*rows: str) -> bytes:
    return f"{HEAD}{''.join(rows)}</feedback>".encode()


def zipped(data: bytes, name: str = "report.xml") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return held.getvalue()


REPORT = xml(
    ROW.format(ip="192.0.2.1", count=5, dkim="pass"),
    ROW.format(ip="198.51.100.9", count=40, dkim="fail"),
    ROW.format(ip="192.0.2.1", count=2, dkim="fail"),
)


@pytest.mark.parametrize("packed", [REPORT, gzip.compress(REPORT), zipped(REPORT)])
def test_a_report_is_read_however_it_is_packed(packed: bytes) -> None:
    report = parse(packed)
    assert (report.organisation, report.domain, report.policy) == ("Receiver", "acme.test", "none")
    assert report.begin is not None
    assert report.begin.isoformat() == "2026-03-01T00:00:00+00:00"
    first = report.rows[0]
    assert first.passed
    assert first.dkim_domains == (("acme.test", "s1", "pass"),)
    assert first.spf_domains == (("send.esp.test", "pass"),)


def test_senders_are_added_up_the_busiest_first() -> None:
    busiest, other = senders([parse(REPORT)])
    assert (busiest.ip, busiest.count, busiest.passed) == ("198.51.100.9", 40, 0)
    assert (other.ip, other.count, other.passed) == ("192.0.2.1", 7, 5)
    assert other.selectors == ("s1",)


BOMB = b"<!DOCTYPE x [<!ENTITY a '" + b"a" * 100 + b"'><!ENTITY b '" + b"&a;" * 100 + b"'>]>"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (BOMB + b"<feedback>&b;</feedback>", "document type"),
        (b"<!DOCTYPE f SYSTEM 'file:///etc/passwd'><feedback/>", "document type"),
        (b"<html><body/></html>", "not feedback"),
        (b"<feedback>", "no XML"),
        (b"<feedback/>", "names no domain"),
        (b"\x1f\x8bnonsense", "gzip file is broken"),
        (b"PK\x03\x04nonsense", "zip file is broken"),
        (gzip.compress(b" " * (MOST_UNPACKED + 10)), "larger than"),
        (zipped(b" " * (MOST_UNPACKED + 10)), "larger than"),
        (b"<feedback>" + b"<a>" * 100, "too deep"),
    ],
)
def test_a_file_that_is_no_report_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(BadReport, match=why):
        parse(data)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_otherwise(data: bytes) -> None:
    for form in (data, b"<feedback>" + data + b"</feedback>"):
        try:
            parse(form)
        except BadReport:
            continue
