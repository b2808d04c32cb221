"""Files of mail on the command line: verified, added up, kept as proof; and hostile files."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cases.proof_world import RESULTS, TOKEN, mail, zone
from cli_door import ROOT, Ended, environment, launchready
from mailauth.test_report import HEAD, ROW, xml, zipped
from mailauth.udp_zone import serving

GROUP = """
import sys, click
from launchready_tui import cli
from launchready_tui.commands import mail_message, mail_reports
mail = click.Group("mail", {
    "verify": mail_message.verify, "report": mail_reports.report, "sender": mail_reports.sender,
})
cli.cli = click.Group("x", {"mail": mail})
code = cli.run()
status = open("/proc/self/status").read()
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024, file=sys.stderr)
sys.exit(code)
"""
"""The commands in a group of their own; the last line of stderr is the memory taken, in MB."""


@pytest.fixture(scope="module")
def dns() -> Iterator[str]:
    with serving(zone()) as resolver:
        yield resolver


def ran(*args: str | Path, stdin: bytes = b"") -> Ended:
    done = subprocess.run(
        [sys.executable, "-c", GROUP, "mail", *map(str, args)],
        cwd=ROOT,
        env=environment(),
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def verified(file: Path, dns: str, *more: str) -> tuple[int, dict[str, Any]]:
    ended = ran("verify", file, "--resolver", dns, "--format", "json", *more)
    assert ended.out, ended.err
    return ended.code, json.loads(ended.out)


def written(folder: Path, data: bytes, name: str = "mail.eml") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


# ---------------------------------------------------------------- verify


def test_a_sound_message_meets_it(tmp_path: Path, dns: str) -> None:
    code, told = verified(written(tmp_path, mail()), dns, "--receiver", "google.com")
    assert (code, told["findings"], told["unknown"]) == (0, [], [])
    (signature,) = told["dkim"]
    assert (signature["domain"], signature["selector"]) == ("acme.test", "s1")
    assert (signature["result"], signature["reason"]) == ("pass", "")
    assert (told["spf"]["result"], told["spf"]["ip"]) == ("pass", "192.0.2.7")
    dmarc = told["dmarc"]
    assert (dmarc["result"], dmarc["from"], dmarc["aligned"]) == ("pass", "acme.test", True)
    assert {
        "authserv_id": "mx.google.com",
        "method": "dkim",
        "result": "pass",
        "trusted": True,
    } in (told["authentication_results"])
    (link,) = told["links"]
    assert (link["scheme"], link["host"], link["count"]) == ("https", "app.acme.test", 1)


def test_a_finding_has_the_shape_of_check_and_the_process_says_so(tmp_path: Path, dns: str) -> None:
    data = mail(link=f"http://localhost:3000/reset?token={TOKEN}")
    file = written(tmp_path, data)
    code, told = verified(file, dns)
    assert code == 1
    (finding,) = told["findings"]
    assert (finding["code"], finding["severity"]) == ("reset-link-not-canonical", "blocker")
    assert (finding["item"], finding["subject"]) == ("mail.system-mails", "localhost")
    assert set(finding) >= {"observed", "fix", "confidence", "rank", "fingerprint", "impact"}
    assert told["authentication_results"][0]["trusted"] is False
    for form in ("text", "json"):
        ended = ran("verify", file, "--resolver", dns, "--format", form)
        assert TOKEN not in ended.out + ended.err


def test_a_message_comes_by_stdin_and_is_told_in_words(dns: str) -> None:
    ended = ran("verify", "-", "--resolver", dns, stdin=mail(signers=("esp.test",)))
    assert "DKIM   pass for esp.test" in ended.out
    assert "not signed with your domain" in ended.out
    assert "not trusted" in ended.out


def test_a_forged_result_is_nobodys_word(tmp_path: Path, dns: str) -> None:
    forged = "Authentication-Results: mx.google.com.evil.test; dkim=pass; dmarc=pass"
    data = mail(signers=(), ip="198.51.100.9", results=forged)
    code, told = verified(written(tmp_path, data), dns, "--receiver", "google.com")
    assert code == 1
    assert {finding["code"] for finding in told["findings"]} == {
        "dkim-not-own-domain",
        "dmarc-alignment",
    }
    assert not any(claim["trusted"] for claim in told["authentication_results"])


def test_where_dns_is_silent_nothing_is_said_of_the_domain(tmp_path: Path) -> None:
    ended = ran(
        "verify", written(tmp_path, mail()), "--resolver", "127.0.0.1:9", "--format", "json"
    )
    told = json.loads(ended.out)
    assert ended.code == 3
    assert told["findings"] == []
    assert (told["spf"]["result"], told["dkim"][0]["result"]) == ("temperror", "temperror")
    assert told["dmarc"]["result"] == "temperror"
    assert any("s1._domainkey.acme.test" in cause for cause in told["unknown"])


def test_a_bounce_is_put_into_words(tmp_path: Path) -> None:
    ended = ran("verify", written(tmp_path, b"550-5.7.26 DMARC policy\n550 5.7.26 x - gsmtp"))
    assert ended.code == 1
    assert "DMARC policy" in ended.out
    assert "Fix:" in ended.out


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no e-mail message"),
        (b"hello\n", "no e-mail message"),
        (b"\x00\xff" * 500, "no e-mail message"),
        (None, "No such file"),
    ],
)
def test_what_is_no_message_is_refused_by_name(
    data: bytes | None, reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "odd.eml" if data is None else written(tmp_path, data, "odd.eml")
    ended = ran("verify", file)
    assert ended.code == 2
    assert "odd.eml" in ended.err
    assert reason in ended.err


def test_broken_mime_is_read_as_far_as_it_goes(tmp_path: Path, dns: str) -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(300)
    )
    data = b"From: Acme <hello@acme.test>\r\nSubject: x\r\n" + nested + b"\xff\xfe \x1b[31m"
    ended = ran("verify", written(tmp_path, data), "--resolver", dns)
    assert ended.code == 1
    assert "\x1b" not in ended.out


def test_fifty_megabytes_are_verified_and_more_are_refused(tmp_path: Path, dns: str) -> None:
    line = b"a line of seventy characters that is repeated until it is too large\r\n"
    big = mail() + line * 770_000
    assert len(big) > 50 * 1024 * 1024
    ended = ran("verify", written(tmp_path, big), "--resolver", dns, "--format", "json")
    told = json.loads(ended.out)
    assert told["dkim"][0]["reason"].startswith("the body was changed")
    assert int(ended.err.split()[-1]) < 700
    with (tmp_path / "huge.eml").open("wb") as file:
        os.truncate(file.fileno(), 61 * 1024 * 1024)
    ended = ran("verify", tmp_path / "huge.eml")
    assert ended.code == 2
    assert "huge.eml: larger than 60 MiB" in ended.err


# ---------------------------------------------------------------- report


REPORT = xml(
    ROW.format(ip="192.0.2.1", count=5, dkim="pass"),
    ROW.format(ip="198.51.100.9", count=40, dkim="fail"),
)


def test_reports_in_every_packing_are_added_up_once_each(tmp_path: Path) -> None:
    other = REPORT.replace(b"r1", b"r2")
    files = [
        written(tmp_path, REPORT, "one.xml"),
        written(tmp_path, gzip.compress(REPORT), "again.xml.gz"),
        written(tmp_path, zipped(other), "two.zip"),
    ]
    ended = ran("report", *files, "--format", "json")
    told = json.loads(ended.out)
    assert ended.code == 0
    assert (told["messages"], told["aligned"], len(told["reports"])) == (90, 10, 2)
    busiest = told["senders"][0]
    assert (busiest["ip"], busiest["messages"], busiest["aligned"]) == ("198.51.100.9", 80, 0)
    assert len(told["questions"]) == 1
    assert "198.51.100.9" in told["questions"][0]
    assert "is this a service of yours?" in ran("report", files[0]).out


def test_bad_files_are_named_with_their_reason_and_the_others_still_read(tmp_path: Path) -> None:
    entities = b'<!DOCTYPE x [<!ENTITY a "b">]><feedback>&a;</feedback>'
    bomb = gzip.compress(HEAD.encode() + b" " * (200 * 1024 * 1024))
    bad = {
        "entities.xml": (entities, "document type"),
        "bomb.gz": (bomb, "larger than 20 MiB"),
        "bomb.zip": (zipped(b" " * (64 * 1024 * 1024)), "larger than 20 MiB"),
        "torn.gz": (b"\x1f\x8b torn", "gzip file is broken"),
        "note.txt": (b"hello", "no XML"),
        "missing.xml": (None, "No such file"),
    }
    files = [
        written(tmp_path, data, name) if data is not None else tmp_path / name
        for name, (data, _) in bad.items()
    ]
    ended = ran("report", *files, written(tmp_path, REPORT, "good.xml"), "--format", "json")
    told = json.loads(ended.out)
    assert ended.code == 2
    assert told["messages"] == 45
    reasons = {Path(one["file"]).name: one["reason"] for one in told["unreadable"]}
    for name, (_, reason) in bad.items():
        assert reason in reasons[name]
        assert name in ended.err
    assert int(ended.err.split()[-1]) < 400


# ---------------------------------------------------------------- attest


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    root = tmp_path / "acme"
    ended = launchready(
        "new", root, "--domain", "acme.test", "--by", "Anna", "--consent", "passive"
    )
    assert ended.code == 0, ended.err
    return root


def attest(sprint: Path, file: Path, kind: str, dns: str, *more: str) -> Ended:
    return launchready(
        "attest", "mail.system-mails", "--by", "Ben", "--says", "pass", "--evidence", f"@{file}",
        "--kind", kind, "--resolver", dns, *more, cwd=sprint,
    )  # fmt: skip


def test_a_folder_of_reports_is_kept_once_and_its_strangers_are_asked_about(
    sprint: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    written(folder, REPORT, "r.xml")
    written(folder, gzip.compress(REPORT), "again.xml.gz")
    keep = ("report", folder, "--keep", "--by", "Ben", "--dir", sprint)
    ended = ran(*keep)
    assert ended.code == 0, ended.err
    assert "reports: 1 kept" in ended.err
    assert "launchready mail sender esp.test --ours NAME" in ended.err
    (kept,) = (sprint / ".launchready" / "reports").glob("receiver-2026-03-01-*.toml")
    assert "messages = 45\naligned = 5" in kept.read_text("utf-8")
    assert "0 kept, 1 on record already" in ran(*keep).err
    whose = ("sender", "esp.test", "--by", "Ben", "--dir", sprint)
    assert ran(*whose).code == 2
    ended = ran(*whose, "--ours", "the shop")
    assert (ended.code, "esp.test is ours, says Ben" in ended.err) == (0, True)
    assert "launchready mail sender" not in ran(*keep).err
    ended = ran("sender", "nobody.test", "--not-ours", "--by", "Ben", "--dir", sprint)
    assert "No report names the sender nobody.test. There are: 192.0.2.0/24, esp.test." in ended.err


def test_reports_that_mean_harm_or_are_of_others_are_not_kept(sprint: Path, tmp_path: Path) -> None:
    bomb = written(tmp_path, gzip.compress(HEAD.encode() + b" " * (64 * 1024 * 1024)), "bomb.gz")
    other = written(tmp_path, REPORT.replace(b"Acme.test", b"other.test"), "other.xml")
    ended = ran("report", bomb, other, "--keep", "--by", "Ben", "--dir", sprint)
    assert ended.code == 2
    assert "other.xml: not kept: it is about other.test, not about acme.test" in ended.err
    assert "reports: 0 kept, 1 left out" in ended.err
    assert not list((sprint / ".launchready" / "reports").glob("*"))
    assert "add --keep" in ran("report", other, "--by", "Ben", "--dir", sprint).err


def test_three_mails_in_the_inbox_settle_the_item_and_no_token_is_kept(
    sprint: Path, tmp_path: Path, dns: str
) -> None:
    file = written(tmp_path, mail())
    for kind in ("invite", "reset", "notification"):
        ended = attest(sprint, file, kind, dns, "--folder", "inbox")
        assert ended.code == 0, ended.err
    assert "pass, invite, reset and notification arrived" in ended.err
    record = sprint / ".launchready"
    kept = [p.read_text("utf-8", "replace") for p in record.rglob("*") if p.is_file()]
    assert not any(TOKEN in text or "ana@example.com" in text for text in kept)
    assert any("DKIM: pass for acme.test" in text for text in kept)
    assert (record / "mails" / "invite.toml").is_file()
    assert launchready("verify", cwd=sprint).code == 0


def test_a_mail_in_spam_fails_the_item_and_trips_the_signal(
    sprint: Path, tmp_path: Path, dns: str
) -> None:
    ended = attest(sprint, written(tmp_path, mail()), "invite", dns, "--folder", "spam")
    assert ": fail, 1 fault" in ended.err
    check = launchready(
        "check", "--only", "mail.system-mails,mail.invites-in-spam", "--format", "json", cwd=sprint
    )
    told = json.loads(check.out)
    assert [finding["code"] for finding in told["findings"]] == ["mail-in-spam"]
    states = {item["id"]: item["state"] for item in told["items"]}
    assert states == {"mail.system-mails": "fail", "mail.invites-in-spam": "fail"}


def test_a_mail_has_a_kind_and_a_folder_and_plain_words_are_still_an_answer(
    sprint: Path, tmp_path: Path, dns: str
) -> None:
    file = written(tmp_path, mail(results=RESULTS))
    base = ("attest", "mail.system-mails", "--by", "Ben", "--says", "pass", "--evidence")
    assert "--kind invite" in launchready(*base, f"@{file}", cwd=sprint).err
    ended = launchready(*base, f"@{file}", "--kind", "invite", cwd=sprint)
    assert (ended.code, "--folder inbox" in ended.err) == (2, True)
    ended = launchready(*base, "three mails at three providers, all in the inbox", cwd=sprint)
    assert "Recorded: Ben says pass" in ended.err
