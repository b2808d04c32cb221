"""Reports given by their paths: cut down to what is kept, told apart by sender, harmless."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases.report_world import OWN, STRANGER, report, said, two_weeks
from cases.world import NOW
from launchready_tui.given import Target
from launchready_tui.mail.dmarc_reading import MOST_ROWS, files_at, read_files
from launchready_tui.mail.dmarc_sources import clean_weeks, questions, sources
from launchready_tui.mailauth.report import MOST_UNPACKED
from launchready_tui.records.dmarc_record import DmarcReports
from mailauth.test_report import BOMB, REPORT, ROW, xml

TARGET = Target(domain="app.acme.test")
AT = datetime(2026, 3, 9, tzinfo=UTC)


def given(folder: Path, **files: bytes) -> Path:
    folder.mkdir()
    for name, data in files.items():
        (folder / f"{name}.xml").write_bytes(data)
    return folder


def test_a_folder_gives_its_reports_each_once(tmp_path: Path) -> None:
    folder = given(tmp_path / "in", a=REPORT, b=gzip.compress(REPORT))
    (folder / "notes.txt").write_text("no report")
    read = read_files(files_at(str(folder)), TARGET, by="Anna", at=AT)
    (kept,) = read.kept
    assert (kept.domain, kept.policy, kept.messages, kept.aligned) == ("acme.test", "none", 47, 5)
    assert kept.id.startswith("receiver-2026-03-01-")
    assert kept.rows[0].spf_domains == ("send.esp.test",)
    assert not kept.rows[0].aligned
    assert kept.rows[1].dkim_domains == ("acme.test",)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (BOMB + b"<feedback>&b;</feedback>", "document type"),
        (gzip.compress(b" " * (MOST_UNPACKED + 10)), "larger than"),
        (b"PK\x03\x04nonsense", "broken"),
        (REPORT.replace(b"Acme.test", b"other.test"), "about other.test"),
        (REPORT.replace(b"1772409600", b"never"), "which days"),
        (REPORT.replace(b"17724", b"19724").replace(b"17723", b"19723"), "not come yet"),
    ],
)
def test_what_is_not_kept_is_told_and_costs_the_others_nothing(
    data: bytes, why: str, tmp_path: Path
) -> None:
    folder = given(tmp_path / "in", bad=data, good=REPORT)
    read = read_files(files_at(str(folder)), TARGET, by="Anna", at=AT)
    assert len(read.kept) == 1
    (refused,) = read.refused
    assert refused.file == "bad.xml"
    assert why in refused.reason


def test_a_path_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    read = read_files(files_at(str(tmp_path / "none.xml")), TARGET, by="Anna", at=AT)
    assert read.refused[0].reason == "No such file or directory"


def test_what_a_stranger_wrote_into_a_report_is_made_harmless(tmp_path: Path) -> None:
    evil = REPORT.replace(b"Receiver", "\u202e[red]../../Bank".encode())
    (kept,) = read_files(files_at(str(given(tmp_path / "in", a=evil))), TARGET, by="A", at=AT).kept
    assert "\u202e" not in kept.organisation
    assert "/" not in kept.id
    assert kept.id.startswith("red-")


def test_rows_beyond_the_limit_count_in_the_sums_and_end_the_clean_weeks(tmp_path: Path) -> None:
    rows = [
        ROW.format(ip=f"192.0.{n // 250}.{n % 250 + 1}", count=1, dkim="pass") for n in range(300)
    ]
    (kept,) = read_files(
        files_at(str(given(tmp_path / "in", a=xml(*rows)))), TARGET, by="A", at=AT
    ).kept
    assert (kept.messages, len(kept.rows), kept.left_out) == (300, MOST_ROWS, 300 - MOST_ROWS)


def test_a_forger_is_not_taken_for_the_service_he_claims_to_be(tmp_path: Path) -> None:
    """Only what authenticated names a sender: his SPF for the service's domain failed."""
    forged = (
        ROW.format(ip="203.0.113.80", count=9, dkim="fail")
        .replace("<domain>send.esp.test</domain>", "<domain>eu.amazonses.com</domain>")
        .replace("<result>pass</result></spf>", "<result>fail</result></spf>")
    )
    (kept,) = read_files(
        files_at(str(given(tmp_path / "in", a=xml(forged)))), TARGET, by="A", at=AT
    ).kept
    (source,) = sources((kept,), DmarcReports(), {"ses"})
    assert (source.key, source.standing) == ("203.0.113.0/24", "unknown")


def test_senders_are_explained_by_the_services_in_use_and_by_people() -> None:
    told = two_weeks(OWN, STRANGER)
    found = sources(told.reports, told, {"resend"})
    assert [(one.key, one.standing) for one in found] == [
        ("ses", "ours"),
        ("198.51.100.0/24", "unknown"),
    ]
    assert [one.key for one in questions(found)] == ["198.51.100.0/24"]
    told = said(told, "198.51.100.0/24", "not ours")
    assert questions(sources(told.reports, told, {"resend"})) == ()


@pytest.mark.parametrize(
    ("told", "weeks"),
    [
        (DmarcReports(), 0),
        (two_weeks(OWN), 2),
        (DmarcReports(reports=(report(1, OWN),)), 0),
        (DmarcReports(reports=tuple(report(ago, OWN) for ago in (9, 7, 5, 3, 1))), 1),
        (DmarcReports(reports=(report(30, OWN), report(1, OWN))), 0),
        (two_weeks(OWN, last=(STRANGER,)), 0),
        (said(two_weeks(OWN, last=(STRANGER,)), "198.51.100.0/24", "not ours"), 2),
    ],
)
def test_clean_weeks_are_whole_unbroken_and_without_an_open_question(
    told: DmarcReports, weeks: int
) -> None:
    assert clean_weeks(told, {"ses"}, NOW) == weeks


def test_reports_of_long_ago_say_nothing_of_today() -> None:
    assert clean_weeks(two_weeks(OWN), {"ses"}, NOW + timedelta(days=15)) == 0
