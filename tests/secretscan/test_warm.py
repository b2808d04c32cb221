"""The scan engine is built once a process, in the background, with a cache that is ours alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli_door import environment
from launchready_tui.secretscan.engine import _cache_folder
from secretscan.test_hostile import repo

LOOK = """
import sys, threading
from launchready_tui.secretscan import warm
assert not warm.preparing()
assert "kingfisher_sdk" not in sys.modules
warm.prepare()
warm.prepare()
threads = [thread for thread in threading.enumerate() if thread.name == "scan engine"]
assert len(threads) == 1 and threads[0].daemon
first = warm.engine()
assert first is warm.engine()
assert not warm.preparing()
print(first.info.rules)
"""


def run(code: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=cwd, env=environment(**more), capture_output=True, text=True, check=False
    )


def test_it_is_built_once_in_a_thread_that_holds_up_no_exit(tmp_path: Path) -> None:
    done = run(LOOK, tmp_path)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


def test_who_asked_for_it_and_leaves_at_once_is_not_held_up(tmp_path: Path) -> None:
    code = "from launchready_tui.secretscan import warm; warm.prepare()"
    done = run(code, tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_its_cache_is_private_and_not_in_the_clients_folder(tmp_path: Path) -> None:
    pytest.importorskip("kingfisher_sdk", reason="the reduced engine compiles nothing")
    root = repo(tmp_path / "desk", **{"a.ts": "1\n"})
    before = sorted(root.rglob("*"))
    code = "from launchready_tui.secretscan import warm; warm.engine()"
    done = run(code, root, XDG_CACHE_HOME=str(tmp_path / "cache"), KF_RULE_CACHE_DIR="")
    assert done.returncode == 0, done.stderr
    assert sorted(root.rglob("*")) == before
    folder = tmp_path / "cache" / "launchready" / "rules"
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_a_cache_that_others_may_write_or_a_link_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KF_RULE_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "launchready" / "rules"
    assert _cache_folder() == str(folder)
    folder.chmod(0o777)
    assert _cache_folder() is None
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    assert _cache_folder() is None
