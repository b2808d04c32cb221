"""How the lab starts, stays on this computer, and ends."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from demo.raw import Browser, values
from demo.raw import ask as asked
from launchready_tui.demo import Lab, LabTrouble

LISTEN = "0A"


def own_sockets() -> dict[str, set[str]]:
    """Local addresses of this process's own sockets: listening TCP and bound UDP, from /proc."""
    inodes = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found: dict[str, set[str]] = {}
    for kind in ("tcp", "tcp6", "udp", "udp6"):
        rows = (line.split() for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:])
        found[kind] = {
            row[1].partition(":")[0]
            for row in rows
            if row[9] in inodes and (kind.startswith("udp") or row[3] == LISTEN)
        }
    return found


def test_every_socket_of_the_lab_is_bound_to_loopback(lab: Lab) -> None:
    found = own_sockets()
    assert found["tcp"] == {"0100007F"}
    assert found["udp"] == {"0100007F"}
    assert found["tcp6"] == found["udp6"] == set()


def test_every_address_of_the_zone_leads_to_this_computer(lab: Lab) -> None:
    pins = dict(pin.split("=") for pin in lab.options.connect)
    for address in lab.company.zone.addresses():
        for port in (80, 443):
            assert pins[f"{address}:{port}"].startswith("127.0.0.1:")
    assert lab.options.resolver.startswith("127.0.0.1:")


def test_two_labs_run_side_by_side_and_do_not_mix(lab: Lab) -> None:
    with Lab.start() as other:
        assert other.options.resolver != lab.options.resolver
        other.fix("dns-name-missing", "admin.harbour-ops.test")
        assert values(asked(other, "admin.harbour-ops.test", "CNAME"), "CNAME")
        assert not values(asked(lab, "admin.harbour-ops.test", "CNAME"), "CNAME")
        assert Browser(other).get("https://harbour-ops.test/").status == 200
    assert Browser(lab).get("https://harbour-ops.test/").status == 200


def test_stopping_ends_every_thread_and_removes_every_trace() -> None:
    before = set(threading.enumerate())
    started = Lab.start()
    folder = started.folder
    Browser(started).post("https://app.harbour-ops.test/login", name="x", password="y")
    begun = time.monotonic()
    started.stop()
    assert time.monotonic() - begun < 3
    assert not folder.exists()
    assert set(threading.enumerate()) <= before
    started.stop()


def test_in_a_given_folder_the_repository_stays_and_the_keys_go(tmp_path: Path) -> None:
    with Lab.start(tmp_path / "lab"):
        assert list((tmp_path / "lab/pki").glob("*.pem"))
    assert [path.name for path in sorted((tmp_path / "lab").iterdir())] == ["inbox", "repository"]
    assert (tmp_path / "lab/repository/berthdesk/application.py").exists()


def test_keys_are_readable_by_their_owner_only(lab: Lab) -> None:
    for path in (lab.folder / "pki").glob("*.pem"):
        if b"PRIVATE KEY" in path.read_bytes():
            assert path.stat().st_mode & 0o077 == 0


def test_the_same_history_has_the_same_commits_everywhere(lab: Lab, own_lab: Lab) -> None:
    def log(of: Lab) -> str:
        command = ["git", "-C", str(of.repo), "log", "--format=%H %an %ad %s"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert log(lab) == log(own_lab)
    assert len(log(lab).splitlines()) == 7


def test_the_persons_own_git_configuration_plays_no_part(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_home / ".gitconfig").write_text(
        "[user]\nname = Somebody\n[commit]\ngpgsign = true\n[core]\nhooksPath = /nowhere\n"
    )
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    with Lab.start() as started:
        started.fix("env-undocumented", "TIDE_API_KEY")
        monkeypatch.delenv("GIT_DIR")
        command = ["git", "-C", str(started.repo), "log", "-1", "--format=%an"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "The lab's admin"


def test_without_git_it_says_so_and_plants_what_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with Lab.start() as started:
        assert "git is not installed" in started.notices[0]
        assert (started.repo / ".env.production").exists()
        assert not (started.repo / ".git").exists()
        assert "secret-committed" not in {fault.code for fault in started.truth.planted}
        assert started.fix("env-undocumented", "TIDE_API_KEY").endswith(".")


def test_a_missing_extra_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "uvicorn" else there(name)
    )
    with pytest.raises(LabTrouble, match=r"needs uvicorn.*pip install 'launchready-tui\[demo\]'"):
        Lab.start()


def test_it_starts_quickly_prints_nothing_and_needs_neither_terminal_nor_home() -> None:
    code = (
        "import time; begun = time.monotonic()\n"
        "from launchready_tui.demo import Lab\n"
        "with Lab.start() as lab: taken = time.monotonic() - begun\n"
        "assert taken < 5, taken\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", code],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        timeout=30,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_importing_the_lab_loads_none_of_its_servers() -> None:
    code = (
        "import sys, launchready_tui.demo\n"
        "print(sorted({'uvicorn', 'starlette', 'cryptography', 'dns', 'h11'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=30,
    )
    assert done.stdout.strip() == "[]"
