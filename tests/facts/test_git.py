"""git is asked in a repository whose own settings may be an attack."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from launchready_tui.facts import env_files, git
from launchready_tui.facts.git import tracked_env_files

Commit = Callable[..., None]


def test_tracked_and_untracked_env_files_are_told_apart(tmp_path: Path, commit: Commit) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / ".env.example").write_text("A=")
    (tmp_path / "web" / ".env.production").write_text("A=1")
    (tmp_path / ".env").write_text("A=1")
    commit(".env.example", "web/.env.production")
    found = env_files.look(tmp_path)
    assert {file.path: file.tracked for file in found.files} == {
        ".env": False,
        ".env.example": True,
        "web/.env.production": True,
    }


def test_a_tracked_file_in_a_folder_nobody_walks_is_read_all_the_same(
    tmp_path: Path, commit: Commit
) -> None:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / ".env").write_text("A=1")
    commit("vendor/.env")
    assert [file.path for file in env_files.look(tmp_path).files] == ["vendor/.env"]


def test_a_tracked_file_that_was_deleted_is_missed_and_not_forgotten(
    tmp_path: Path, commit: Commit
) -> None:
    (tmp_path / ".env").write_text("A=1")
    commit(".env")
    (tmp_path / ".env").unlink()
    assert "git still tracks" in env_files.look(tmp_path).missed[0]


def test_what_git_tracks_never_leads_out_of_the_clients_folder(
    tmp_path: Path, commit: Commit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A folder that became a link, or an index written by hand, may name the reader's own files."""
    mine = tmp_path_factory.mktemp("mine")
    (mine / ".env").write_text("MY_OWN_NAME=1")
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / ".env").write_text("A=1")
    commit("vendor/.env")
    (tmp_path / "vendor" / ".env").unlink()
    (tmp_path / "vendor").rmdir()
    (tmp_path / "vendor").symlink_to(mine)
    found = env_files.look(tmp_path)
    assert found.files == ()
    assert "git still tracks" in found.missed[0]


@pytest.mark.parametrize("outside", ["../mine/.env", "{mine}/.env"])
def test_a_path_out_of_the_folder_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outside: str
) -> None:
    mine, root = tmp_path / "mine", tmp_path / "client"
    mine.mkdir()
    root.mkdir()
    (mine / ".env").write_text("MY_OWN_NAME=1")
    lying = git.Tracked(state="repository", paths=(outside.format(mine=mine),))
    monkeypatch.setattr(env_files, "tracked_env_files", lambda root: lying)
    assert env_files.look(root).files == ()


def test_a_clone_that_lacks_what_git_would_have_to_list_is_not_called_clean(
    tmp_path: Path, commit: Commit
) -> None:
    for folder in ("kept", "sparse"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / ".env").write_text("A=1")
    commit("kept/.env", "sparse/.env")
    for asked in (("init", "--cone", "--sparse-index"), ("set", "kept")):
        command = ["git", "-C", str(tmp_path), "sparse-checkout", *asked]
        subprocess.run(command, check=True, capture_output=True)
    for folder in (tmp_path / ".git" / "objects").glob("??"):
        shutil.rmtree(folder)
    told = tracked_env_files(tmp_path)
    assert (told.state, "git could not tell" in told.cause) == ("failed", True)


def test_a_name_in_capitals_is_tracked_all_the_same(tmp_path: Path, commit: Commit) -> None:
    (tmp_path / "PROD.ENV").write_text("A=1")
    (tmp_path / ".Env").write_text("A=1")
    commit("PROD.ENV", ".Env")
    assert [file.tracked for file in env_files.look(tmp_path).files] == [True, True]


def test_an_env_file_that_is_not_read_to_its_end_says_so(tmp_path: Path, commit: Commit) -> None:
    lines = [f"NAME_{number}=1" for number in range(env_files.MOST_ENTRIES + 1)]
    (tmp_path / ".env").write_text("\n".join(lines))
    commit(".env")
    (file,) = env_files.look(tmp_path).files
    assert "only the first" in file.problem


def test_a_folder_without_repository_is_told_apart_from_a_machine_without_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tracked_env_files(tmp_path).state == "none"
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    missing = tracked_env_files(tmp_path)
    assert missing.state == "missing"
    assert "not installed" in missing.cause


def test_a_broken_repository_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere/at/all\n")
    told = tracked_env_files(tmp_path)
    assert told.state in ("none", "failed")
    assert told.cause


def test_programs_named_in_the_repository_are_not_run(tmp_path: Path, commit: Commit) -> None:
    (tmp_path / ".env").write_text("A=1")
    commit(".env")
    proof = tmp_path / "proof"
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {proof}\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor"):
        subprocess.run(["git", "-C", str(tmp_path), "config", key, str(trap)], check=True)
    hooks = tmp_path / ".git" / "hooks"
    for hook in ("post-index-change", "fsmonitor-watchman", "post-checkout"):
        (hooks / hook).write_text(f"#!/bin/sh\ntouch {proof}\n")
        (hooks / hook).chmod(0o755)
    assert tracked_env_files(tmp_path).paths == (".env",)
    assert not proof.exists()


def test_a_git_that_lies_in_the_clients_folder_is_not_run(
    tmp_path: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_path = tmp_path / "bin"
    commit_path.mkdir()
    fake = commit_path / "git"
    fake.write_text(f"#!/bin/sh\ntouch {tmp_path}/proof\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{commit_path}:.")
    assert tracked_env_files(tmp_path).state == "missing"
    assert not (tmp_path / "proof").exists()


def test_a_git_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    slow = elsewhere / "git"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    root = tmp_path / "repo"
    root.mkdir()
    monkeypatch.setenv("PATH", f"{elsewhere}:/usr/bin:/bin")
    monkeypatch.setattr(git, "SECONDS", 0.2)
    told = tracked_env_files(root)
    assert told.state == "failed"
    assert "no answer" in told.cause
