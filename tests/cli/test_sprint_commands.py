"""A sprint without the wizard: what is acknowledged is on disk, what is refused says what to do."""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli_door import Ended, launchready, started

ASKED = "build.clean"
"""An item that a person answers."""


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    root = tmp_path / "acme"
    ended = launchready(
        "new",
        root,
        "--domain",
        "acme.test",
        "--by",
        "Anna",
        "--consent",
        "passive",
        "--client",
        "Acme",
        "--url",
        "https://old.acme.test/",
        "--repo",
        tmp_path,
    )
    assert ended.code == 0, ended.err
    return root


def attest(sprint: Path, *more: str, item: str = ASKED, says: str = "fail") -> Ended:
    return launchready(
        "attest",
        item,
        "--by",
        "Ben",
        "--says",
        says,
        "--evidence",
        "the log of 2 March",
        *more,
        cwd=sprint,
    )


def until(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def record(sprint: Path, name: str) -> dict[str, object]:
    return tomllib.loads((sprint / ".launchready" / name).read_text("utf-8"))


def test_a_new_sprint_holds_target_and_consent(sprint: Path) -> None:
    settings = tomllib.loads((sprint / "launchready.toml").read_text("utf-8"))
    assert settings["domain"] == "acme.test"
    assert settings["urls"] == ["https://old.acme.test/"]
    consent = next((sprint / ".launchready" / "consent").glob("*.toml"))
    held = tomllib.loads(consent.read_text("utf-8"))
    assert (held["by"], held["level"]) == ("Anna", "passive")


@pytest.mark.parametrize(
    ("domain", "hint"),
    [
        ("https://acme.test/login", "acme.test"),
        ("192.0.2.1", "IP address"),
        ("acme .test", "acme.test"),
        ("acme", "acme.com"),
        ("ac\x1b[2Jme.test", "host name"),
        ("", "no domain"),
    ],
)
def test_what_is_no_domain_is_refused_with_a_suggestion(
    domain: str, hint: str, tmp_path: Path
) -> None:
    for args in (
        ("new", "x", "--domain", domain, "--by", "Anna", "--consent", "passive"),
        ("check", "--domain", domain),
    ):
        if args[0] == "check" and not domain:
            continue
        ended = launchready(*args, cwd=tmp_path)
        assert ended.code == 2
        assert hint in ended.err
        assert "\x1b" not in ended.err
    assert not (tmp_path / "x" / "launchready.toml").exists()


def test_an_international_domain_is_taken_in_its_ascii_form(tmp_path: Path) -> None:
    ended = launchready(
        "new", "x", "--domain", "Bücher.test", "--by", "Anna", "--consent", "passive", cwd=tmp_path
    )
    assert ended.code == 0, ended.err
    settings = tomllib.loads((tmp_path / "x" / "launchready.toml").read_text("utf-8"))
    assert settings["domain"] == "xn--bcher-kva.test"


@pytest.mark.parametrize(
    "change",
    [
        {"--by": ""},
        {"--repo": "/nowhere/at/all"},
        {"--url": "ftp://acme.test"},
        {"--consent": "everything"},
    ],
)
def test_a_sprint_that_cannot_begin_leaves_nothing(change: dict[str, str], tmp_path: Path) -> None:
    given = {"--domain": "acme.test", "--by": "Anna", "--consent": "passive", **change}
    ended = launchready(
        "new", "x", *(word for pair in given.items() for word in pair), cwd=tmp_path
    )
    assert ended.code == 2
    assert ended.err
    assert not (tmp_path / "x" / "launchready.toml").exists()


def test_a_sprint_is_not_begun_twice(sprint: Path) -> None:
    before = (sprint / "launchready.toml").read_bytes()
    again = launchready("new", sprint, "--domain", "b.test", "--by", "B", "--consent", "passive")
    assert again.code == 2
    assert "already" in again.err
    assert (sprint / "launchready.toml").read_bytes() == before


def test_an_answer_is_on_disk_when_it_is_acknowledged(sprint: Path) -> None:
    ended = attest(sprint, "--note", "the pipeline was red")
    assert (ended.code, ended.out) == (0, "")
    assert "Recorded: Ben says fail" in ended.err
    held = record(sprint, f"attest/{ASKED}.toml")
    assert (held["by"], held["says"], held["note"]) == ("Ben", "fail", "the pipeline was red")
    evidence = held["evidence"]
    assert isinstance(evidence, list)
    kept = (sprint / ".launchready" / "evidence" / f"{evidence[0]}.txt").read_bytes()
    assert hashlib.sha256(kept).hexdigest() == evidence[0]


def test_evidence_comes_from_a_file_and_loses_its_secrets(sprint: Path, tmp_path: Path) -> None:
    secret = "gh" + "p_" + "A1b2C3d4" * 5
    (tmp_path / "log.txt").write_text(f"deployed with {secret}\nok\n")
    ended = launchready(
        "attest",
        ASKED,
        "--by",
        "Ben",
        "--says",
        "pass",
        "--dir",
        sprint,
        "--evidence",
        f"@{tmp_path / 'log.txt'}",
        "--note",
        f"used {secret}",
    )
    assert ended.code == 0, ended.err
    out = sprint / "out"
    assert launchready("export", sprint, "-o", out).code == 0
    for path in sprint.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path
    assert "ok" in next((sprint / ".launchready" / "evidence").glob("*.txt")).read_text("utf-8")


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("attest", "build.cleen", "--by", "B", "--says", "pass", "--evidence", "x y z"), ASKED),
        (("attest", ASKED, "--by", " ", "--says", "fail", "--evidence", "x y z"), "name"),
        (("attest", ASKED, "--by", "", "--says", "fail", "--evidence", "x y z"), "--by is empty"),
        (("waive", ASKED, "--by", "", "--why", "a good long reason", "--until", until(9)), "--by"),
        (("attest", ASKED, "--by", "B", "--says", "pass", "--evidence", ""), "evidence"),
        (("attest", ASKED, "--by", "B", "--says", "fail", "--evidence", "@gone.txt"), "gone.txt"),
        (("attest", ASKED, "--by", "B", "--says", "maybe", "--evidence", "x"), "pass"),
        (("waive", ASKED, "--by", "B", "--why", "a good long reason", "--until", "soon"), "2027"),
        (("waive", ASKED, "--by", "B", "--why", "a good long reason", "--until", until(9)), "no "),
    ],
)
def test_a_refused_record_leaves_no_trace(args: tuple[str, ...], hint: str, sprint: Path) -> None:
    ended = launchready(*args, cwd=sprint)
    assert ended.code == 2
    assert hint in ended.err
    assert not list((sprint / ".launchready").glob("attest/*.toml"))
    assert not list((sprint / ".launchready").glob("waive/*.toml"))


def test_an_accepted_risk_needs_a_reason_and_a_day_within_180(sprint: Path) -> None:
    assert attest(sprint).code == 0
    why = "we deploy by hand until the first"
    far = launchready(
        "waive", ASKED, "--by", "Anna", "--why", why, "--until", until(200), cwd=sprint
    )
    assert far.code == 2 and "180" in far.err
    short = launchready(
        "waive", ASKED, "--by", "Anna", "--why", "ok", "--until", until(9), cwd=sprint
    )
    assert short.code == 2 and "15" in short.err
    good = launchready(
        "waive", ASKED, "--by", "Anna", "--why", why, "--until", until(9), cwd=sprint
    )
    assert good.code == 0
    assert record(sprint, f"waive/{ASKED}.toml")["why"] == why


def test_a_full_or_forbidden_disk_is_no_acknowledgement(sprint: Path) -> None:
    target = sprint / ".launchready" / "attest"
    target.write_text("a file where the folder should be")
    ended = attest(sprint)
    assert ended.code == 2
    assert "Recorded" not in ended.err
    assert "could not be written" in ended.err


def test_status_reads_without_writing(sprint: Path) -> None:
    attest(sprint)
    before = {p: p.read_bytes() for p in sprint.rglob("*") if p.is_file()}
    shown = launchready("status", cwd=sprint / ".launchready")
    assert shown.code == 0
    assert shown.out.startswith("NO-GO: 1 blocker")
    assert "Next: launchready check" in shown.out
    told = json.loads(launchready("status", sprint, "--format", "json").out)
    assert told["verdict"] == "NO-GO"
    assert told["at"] is None
    assert {p: p.read_bytes() for p in sprint.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("command", [("status",), ("check",), ("export", "-o", "out"), ("verify",)])
def test_without_a_sprint_the_way_to_one_is_told(command: tuple[str, ...], tmp_path: Path) -> None:
    ended = launchready(*command, cwd=tmp_path)
    assert ended.code == 2
    assert "launchready new" in ended.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("status", "gone"), ("check", "gone"), ("verify", "gone")])
def test_a_folder_that_is_not_there_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    ended = launchready(*command, cwd=tmp_path)
    assert ended.code == 2
    assert "gone" in ended.err and "no such folder" in ended.err


@pytest.mark.parametrize(
    ("content", "hints"),
    [
        (b'schema = 1\ndomain = "acme.test\n', ("launchready.toml", "line 2")),
        (b'schema = 1\ndomane = "acme.test"\n', ("domane", "Did you mean domain?")),
        (b"schema = 1\ndomain = 7\n", ("domain", "expected text")),
        (b'schema = 1\ndomain = "https://acme.test"\n', ("acme.test",)),
        (b"\xff\xfe", ("launchready.toml",)),
    ],
)
def test_broken_settings_are_told_with_line_key_and_suggestion(
    content: bytes, hints: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "launchready.toml").write_bytes(content)
    for command in (
        ("status",),
        ("check",),
        ("attest", ASKED, "--by", "B", "--says", "fail", "--evidence", "x"),
    ):
        ended = launchready(*command, cwd=tmp_path)
        assert ended.code == 2
        for hint in hints:
            assert hint in ended.err
    assert (tmp_path / "launchready.toml").read_bytes() == content


def test_a_record_that_cannot_be_read_is_told_and_kept(sprint: Path) -> None:
    attest(sprint)
    path = sprint / ".launchready" / "attest" / f"{ASKED}.toml"
    path.write_text("item = [")
    ended = launchready("status", cwd=sprint)
    assert ended.code == 0
    assert path.name in ended.err
    assert path.read_text() == "item = ["
    assert launchready("verify", cwd=sprint).code == 1


@pytest.mark.parametrize(
    "command",
    [
        ("check", "--only", "dns.apex", "--resolver", "127.0.0.1:1"),
        ("export", "-o", "-"),
        ("attest", "secrets.chat", "--by", "B", "--says", "fail", "--evidence", "a key was posted"),
    ],
)
def test_whatever_is_judged_without_a_damaged_record_says_so(
    command: tuple[str, ...], sprint: Path
) -> None:
    consent = next((sprint / ".launchready" / "consent").glob("*.toml"))
    consent.write_text(consent.read_text() + "[[[")
    ended = launchready(*command, cwd=sprint)
    assert consent.name in ended.err
    assert ended.err.count("could not be read") == 1


def test_the_guide_is_written_with_a_checksum_and_the_same_twice(sprint: Path) -> None:
    attest(sprint)
    first = launchready("export", "-o", "out", cwd=sprint)
    assert first.code == 0
    assert "draft" in first.err
    guide = sprint / "out" / "HANDOVER.md"
    content = guide.read_bytes()
    assert (
        hashlib.sha256(content).hexdigest() in (sprint / "out" / "HANDOVER.md.sha256").read_text()
    )
    assert started("export", "-o", "again.md", cwd=sprint).code == 0
    assert (sprint / "again.md").read_bytes() == content
    assert launchready("export", "-o", "-", cwd=sprint).out.encode() == content


def test_what_comes_due_is_written_beside_the_guide_or_by_itself(sprint: Path) -> None:
    attest(sprint)
    assert launchready("export", "-o", "out", cwd=sprint).code == 0
    content = (sprint / "out" / "launch-dates.ics").read_bytes()
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"The handover guide grows old" in content.replace(b"\r\n ", b"")
    alone = launchready("export", "--format", "ics", "-o", "dates.ics", cwd=sprint)
    assert alone.code == 0
    assert "Written: dates.ics" in alone.err
    assert (sprint / "dates.ics").read_bytes() == content
    shown = launchready("export", "--format", "ics", "-o", "-", cwd=sprint).out
    assert shown.replace("\r\n", "\n").encode() == content.replace(b"\r\n", b"\n")


def test_a_guide_edited_by_hand_and_evidence_changed_by_a_byte_are_noticed(sprint: Path) -> None:
    attest(sprint)
    assert launchready("export", "-o", ".", cwd=sprint).code == 0
    assert launchready("verify", cwd=sprint).code == 0
    guide = sprint / "HANDOVER.md"
    guide.write_text(guide.read_text("utf-8") + "all is well\n", "utf-8")
    evidence = next((sprint / ".launchready" / "evidence").iterdir())
    evidence.write_bytes(evidence.read_bytes() + b"!")
    ended = launchready("verify", cwd=sprint)
    assert ended.code == 1
    assert "HANDOVER.md was changed" in ended.out
    assert evidence.name in ended.out


def test_a_guide_older_than_the_record_is_told_but_is_no_fault(sprint: Path) -> None:
    assert launchready("export", "-o", ".", cwd=sprint).code == 0
    attest(sprint)
    ended = launchready("verify", cwd=sprint)
    assert ended.code == 0
    assert "older than the record" in ended.err


def test_paths_names_the_sprint_it_stands_in(sprint: Path) -> None:
    rows = dict(line.split("\t") for line in launchready("paths", cwd=sprint).out.splitlines())
    assert Path(rows["sprint"]) == sprint
    assert Path(rows["checklists"]).is_dir()


def test_doctor_says_what_is_missing_and_ends_well() -> None:
    ended = started("doctor", env={"LANG": "C.UTF-8"})
    assert ended.code == 0
    for word in ("python", "terminal", "secrets", "resolver", "git", "clock"):
        assert word in ended.out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (ASKED, "Question"),
        ("B3", "minimum bar"),
        ("b3", "minimum bar"),
        ("A3", "worth automating"),
        ("N1", "not in a first launch"),
        ("S1.2", "Items that cover it"),
        ("S7.F1", "Items that cover it"),
    ],
)
def test_explain_knows_items_and_every_kind_of_roadmap_id(name: str, words: str) -> None:
    ended = launchready("explain", name)
    assert ended.code == 0
    assert words in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


def test_explain_knows_every_fault_of_the_checklists() -> None:
    from click.testing import CliRunner

    from launchready_tui.catalogue import load
    from launchready_tui.commands.explain import command

    for item in load().items:
        for fault in item.faults:
            shown = CliRunner().invoke(command, [fault.code])
            assert fault.code in shown.output and item.id in shown.output


def test_explain_of_something_unknown_names_what_is_close() -> None:
    ended = launchready("explain", "build.cleen")
    assert ended.code == 2
    assert ASKED in ended.err
