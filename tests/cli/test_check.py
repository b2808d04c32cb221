"""`check` against real servers on loopback: data on stdout, exit codes, replay, being stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cli_door import Ended, environment, launchready, started
from launchready_tui.demo import Lab
from launchready_tui.demo.truth import place


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab.start(tmp_path_factory.mktemp("lab")) as running:
        yield running


def door(lab: Lab) -> list[str]:
    """The options that make the lab's names resolve and its certificates count."""
    options = ["--resolver", lab.options.resolver, "--ca", lab.options.ca]
    return [*options, *(word for pin in lab.options.connect for word in ("--connect", pin))]


def once(lab: Lab, *more: str | Path, run: Callable[..., Ended] = launchready) -> Ended:
    urls = [word for url in lab.urls for word in ("--url", url)]
    return run("check", "--domain", lab.domain, "--repo", lab.repo, *urls, *door(lab), *more)


@pytest.fixture(scope="module")
def gathered(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Facts of one run, and its report."""
    facts = tmp_path_factory.mktemp("facts") / "facts.json"
    ended = once(lab, "--format", "json", "--facts-out", facts)
    assert ended.code == 1, ended.err
    return facts, json.loads(ended.out)


def test_a_domain_is_checked_without_a_sprint_and_nothing_is_left_behind(
    lab: Lab, tmp_path: Path, gathered: tuple[Path, dict[str, Any]]
) -> None:
    told = gathered[1]
    assert told["verdict"] == "NO-GO"
    assert told["target"]["domain"] == lab.domain
    assert told["coverage"]["error"] == 0
    assert {finding["item"] for finding in told["findings"]} <= {i["id"] for i in told["items"]}
    assert [f["rank"] for f in told["findings"]] == sorted(f["rank"] for f in told["findings"])
    assert all(kind.endswith("/passive") for kind in told["requests"])
    assert list(tmp_path.iterdir()) == []


def test_what_was_planted_is_reported(lab: Lab, gathered: tuple[Path, dict[str, Any]]) -> None:
    findings = gathered[1]["findings"]
    found = {(finding["code"], place(finding["subject"])) for finding in findings}
    planted = {(fault.code, fault.subject) for fault in lab.truth.plain().planted}
    assert planted - found == set()


def test_two_runs_of_an_unchanged_company_differ_in_the_timestamp_only(
    lab: Lab, gathered: tuple[Path, dict[str, Any]]
) -> None:
    again = json.loads(once(lab, "--format", "json", run=started).out)
    assert {**again, "at": ""} == {**gathered[1], "at": ""}


def test_saved_facts_are_judged_again_to_the_same_bytes_and_nothing_leaves(
    gathered: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    facts, told = gathered
    first, second = (
        run("check", "--facts", facts, "--format", "json", cwd=tmp_path)
        for run in (launchready, started)
    )
    assert first.code == 1
    assert first.out == second.out
    again = json.loads(first.out)
    assert again["requests"] == {}
    assert {**again, "requests": {}} == {**told, "requests": {}}


def test_saved_facts_hold_no_home_folder(lab: Lab, gathered: tuple[Path, dict[str, Any]]) -> None:
    assert str(lab.repo.parent) not in gathered[0].read_text("utf-8")


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\x00", b'{"schema": 1, "facts": {}}', b"[" * 9_999]
)
def test_what_is_no_file_of_facts_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(content)
    ended = launchready("check", "--facts", path, cwd=tmp_path)
    assert ended.code == 2
    assert "facts.json" in ended.err and "--facts-out" in ended.err


def test_facts_of_one_domain_are_not_judged_for_another(
    gathered: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    held = json.loads(gathered[0].read_text("utf-8"))
    held["target"]["domain"] = "other.test"
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(held), "utf-8")
    ended = launchready("check", "--facts", path, cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "other.test" in ended.err


def test_data_goes_to_stdout_and_narration_to_stderr(
    gathered: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    ended = launchready("check", "--facts", gathered[0], cwd=tmp_path)
    assert ended.out.startswith("NO-GO: ")
    assert "checking" in ended.err and "stage 1" in ended.err
    assert "checking" not in ended.out
    assert "\x1b" not in ended.out + ended.err


def test_narrowing_decides_the_exit_code_but_not_the_headline(
    gathered: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    facts, told = gathered
    passing = next(item["id"] for item in told["items"] if item["state"] == "pass")
    failing = next(
        item["id"]
        for item in told["items"]
        if item["severity"] == "blocker" and item["state"] == "fail"
    )
    for item, code in ((passing, 0), (failing, 1)):
        ended = launchready("check", "--facts", facts, "--only", item, cwd=tmp_path)
        assert ended.code == code, ended.out
    skipped = launchready(
        "check", "--facts", facts, "--only", f"{passing},{failing}", "--skip", failing, cwd=tmp_path
    )
    assert skipped.code == 0


def test_an_unanswered_blocker_ends_with_three(
    gathered: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    asked = ("check", "--facts", gathered[0], "--only", "build.clean")
    assert launchready(*asked, cwd=tmp_path).code == 3
    assert launchready(*asked, "--allow-unknown", cwd=tmp_path).code == 0


def test_only_what_is_new_fails_against_a_baseline(
    gathered: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    facts, told = gathered
    one = next(finding for finding in told["findings"] if finding["severity"] == "blocker")
    older = {**told, "findings": [f for f in told["findings"] if f is not one]}
    (tmp_path / "old.json").write_text(json.dumps(older), "utf-8")
    ended = launchready(
        "check",
        "--facts",
        facts,
        "--baseline",
        tmp_path / "old.json",
        "--new-only",
        "--format",
        "json",
        cwd=tmp_path,
    )
    assert ended.code == 1
    listed = json.loads(ended.out)["findings"]
    assert one["fingerprint"] in {finding["fingerprint"] for finding in listed}
    assert len(listed) < len(told["findings"])


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("--only", "tls.certficate"), "tls.certificate"),
        (("--skip", "nope"), "nope"),
        (("--only", ""), "--only is empty"),
        (("--stage", "9"), "expected one of"),
        (("--stage", "1", "--only", "build.clean"), "no item"),
        (("--resolver", "not an address"), "9.9.9.9:53"),
        (("--connect", "acme.test=1"), "HOST:PORT=IP:PORT"),
        (("--ca", "/nowhere.pem"), "PEM"),
        (("--baseline", "/nowhere.json"), "nowhere.json"),
        (("--new-only",), "--baseline"),
        (("--facts", "/nowhere.json"), "--domain"),
        (("-o", "/nowhere/report.json"), "/nowhere"),
        (("--facts-out", "/nowhere/facts.json"), "/nowhere"),
        (("--repo", "/nowhere"), "/nowhere"),
        (("--url", "ftp://x"), "web address"),
        (("--fail-on", "always"), "blocker"),
        (("somewhere",), "--domain"),
    ],
)
def test_a_mistake_is_told_before_anything_leaves(
    args: tuple[str, ...], hint: str, tmp_path: Path
) -> None:
    ended = launchready("check", "--domain", "acme.test", *args, cwd=tmp_path)
    assert ended.code == 2
    assert hint in ended.err
    assert "checking" not in ended.err
    assert ended.out == ""


def test_a_report_is_written_whole_or_not_at_all(
    gathered: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    out = tmp_path / "report.xml"
    ended = launchready(
        "check", "--facts", gathered[0], "--format", "junit", "-o", out, cwd=tmp_path
    )
    assert (ended.code, ended.out) == (1, "")
    assert out.read_text("utf-8").startswith("<?xml")
    assert [path.name for path in tmp_path.iterdir()] == ["report.xml"]


@pytest.fixture
def sprint(lab: Lab, tmp_path: Path) -> Path:
    root = tmp_path / "sprint"
    urls = [word for url in lab.urls for word in ("--url", url)]
    made = launchready(
        "new",
        root,
        "--domain",
        lab.domain,
        "--repo",
        lab.repo,
        *urls,
        "--by",
        "Anna",
        "--consent",
        "passive",
    )
    assert made.code == 0, made.err
    return root


def test_a_check_in_a_sprint_is_kept_and_stands_in_the_guide(lab: Lab, sprint: Path) -> None:
    ended = launchready("check", *door(lab), cwd=sprint)
    assert ended.code == 1, ended.err
    status = launchready("status", "--format", "json", cwd=sprint)
    assert json.loads(status.out)["verdict"] == "NO-GO"
    guide = launchready("export", "-o", "-", cwd=sprint).out
    assert "DRAFT" in guide
    assert f"{lab.domain} →" in guide.partition("How traffic flows")[2].splitlines()[0]
    assert "## Domains and DNS" in guide and "`192.0.2." in guide
    assert launchready("verify", cwd=sprint).code == 0


def test_an_unchanged_run_is_a_short_diff_in_the_record(lab: Lab, sprint: Path) -> None:
    runs = []
    for run in (launchready, started):
        run("check", *door(lab), cwd=sprint)
        runs.append((sprint / ".launchready" / "runs" / "last.toml").read_text("utf-8"))
        time.sleep(1.0)
    first, second = (run.splitlines() for run in runs)
    differing = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    assert [pair for pair in differing if not pair[0].startswith("at = ")] == []


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_stopped_check_ends_soon_and_keeps_what_it_learnt(
    number: signal.Signals, code: int, lab: Lab, sprint: Path
) -> None:
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 0))  # takes every question and answers none
    options = [*door(lab)]
    options[1] = f"127.0.0.1:{silent.getsockname()[1]}"
    process = subprocess.Popen(
        [sys.executable, "-m", "launchready_tui", "check", *options],
        cwd=sprint,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "checking" in process.stderr.readline()
    time.sleep(0.3)
    os.kill(process.pid, number)
    began = time.monotonic()
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - began < 8
    assert process.returncode == code
    assert out == ""
    assert "stopped after" in err and "stopped after 16 items" not in err
    assert "16 checked" not in err  # what was ended before it was judged is not counted
    assert "kept in the record" in err
    assert "Traceback" not in err
    silent.close()
    assert launchready("status", cwd=sprint).code == 0


def test_a_second_window_reads_and_says_who_writes(lab: Lab, sprint: Path) -> None:
    from launchready_tui.sprint.store import Store

    held = Store.open(sprint)
    try:
        shown = launchready("status", cwd=sprint)
        assert shown.code == 0
        refused = launchready(
            "attest", "build.clean", "--by", "B", "--says", "fail", "--evidence", "log", cwd=sprint
        )
        assert refused.code == 2
        assert f"process {os.getpid()}" in refused.err
    finally:
        held.close()


def test_a_live_counter_is_shown_to_a_person_only(
    gathered: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    import pty

    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "launchready_tui", "check", "--facts", str(gathered[0])],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=slave,
    )
    out = process.communicate(timeout=60)[0]
    os.close(slave)
    painted = os.read(master, 65_536)
    os.close(master)
    assert b" checked" in painted
    assert b"\x1b" not in out
