"""`secrets scan` as a person, a pipeline and a pre-commit hook start it."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli_door import launchready
from secretscan.corpus import drawn, key

ROOT = Path(__file__).parents[2]
LIVE = key("sk_", "li" + "ve_", length=24)


def entry() -> list[str]:
    """The hook's own command, from its definition."""
    lines = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8").splitlines()
    (line,) = [line for line in lines if line.strip().startswith("entry:")]
    return shlex.split(line.partition(":")[2])


def test_the_hook_stops_a_commit_with_a_secret_and_is_silent_otherwise(tmp_path: Path) -> None:
    (tmp_path / "good file.ts").write_text("export const a = 1;\n")
    (tmp_path / "bad.ts").write_text(f'const k = "{LIVE}";\n')
    program, *args = entry()
    assert program == "launchready"
    good = launchready(*args, "good file.ts", cwd=tmp_path)
    assert (good.code, good.out, good.err) == (0, "", "")
    bad = launchready(*args, "good file.ts", "bad.ts", cwd=tmp_path)
    assert bad.code == 1
    assert "bad.ts:1" in bad.out and LIVE not in bad.out + bad.err


def test_a_stream_and_a_known_file_are_searched(tmp_path: Path) -> None:
    password = "Anker-" + drawn(5) + "!7"
    (tmp_path / "mine.env").write_text(f"DB_PASSWORD={password}\nX_SECRET=changeme\nLOG=info\n")
    said = f"login as desk with {password} please\n"
    asked = ("secrets", "scan", "-", "--format", "json")
    clean = launchready(*asked, stdin=said)
    assert (clean.code, json.loads(clean.out)["verdict"]) == (0, ""), "no word about a launch"
    found = launchready(*asked, "--known", str(tmp_path / "mine.env"), stdin=said)
    report = json.loads(found.out)
    assert found.code == 1
    assert report["findings"][0]["subject"] == "stdin:1"
    assert report["findings"][0]["code"] == "secret-known-value"
    assert report["scan"]["values_searched"] == ["DB_PASSWORD"]
    assert report["scan"]["values_refused"] == ["X_SECRET"]
    assert password not in found.out + found.err


@pytest.mark.parametrize(
    "args",
    [
        ("nowhere",),
        (".", "--baseline", "nowhere"),
        (".", "--baseline", "a.ts"),
        (".", "--known", "nowhere"),
        ("a.ts", "--history"),
        ("one", "two"),
        (".", "-o", "no/folder"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said_with_exit_code_2(
    args: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "a.ts").write_text("1")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    ended = launchready("secrets", "scan", *args, cwd=tmp_path)
    assert ended.code == 2
    assert ended.err.count("\n") <= 3 and "Traceback" not in ended.err


def test_a_part_that_could_not_be_read_is_not_known_and_not_green(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 broken")
    ended = launchready("secrets", "scan", str(tmp_path))
    assert ended.code == 3
    assert "a.zip: an archive that cannot be opened" in " ".join(ended.out.split())
    assert launchready("secrets", "scan", str(tmp_path), "--allow-unknown").code == 0


def test_without_the_engine_it_says_that_the_scan_is_reduced(tmp_path: Path) -> None:
    (tmp_path / "kingfisher_sdk").mkdir()
    (tmp_path / "kingfisher_sdk" / "__init__.py").write_text("raise ImportError('no wheel')\n")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.ts").write_text("1\n")
    command = [sys.executable, "-m", "launchready_tui", "secrets", "scan", "code"]
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 3, run.stderr
    assert "reduced scan" in run.stdout
    (tmp_path / "code" / "a.ts").write_text(f'k = "{LIVE}"\n')
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1, run.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_a_scan_that_waits_for_input() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "launchready_tui", "secrets", "scan", "-"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        # A whole block is taken only when the scan is at work.
        process.stdin.write(b"nothing here\n" * 100_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        process.stdin.close()
        assert process.wait(60) == 130
