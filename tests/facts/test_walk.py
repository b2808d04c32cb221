"""A client's folder is hostile ground: bounded, never led astray, honest about what it missed."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from launchready_tui.facts import env, env_files, repo
from launchready_tui.facts.env_files import EnvFiles
from launchready_tui.facts.walk import Walk, root_of
from launchready_tui.given import Target
from launchready_tui.model import CouldNotTell


def paths(walk: Walk) -> list[str]:
    return [file.path for file in walk]


def test_files_come_in_the_same_order_every_time(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "src/z.py", "src/a/deep.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert paths(Walk(tmp_path)) == ["a.py", "b.py", "src/z.py", "src/a/deep.py"]


def test_what_tools_made_is_left_out(tmp_path: Path) -> None:
    for name in (".git/config", "node_modules/x/index.js", "dist/app.js", "app.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert paths(Walk(tmp_path)) == ["app.js"]


def test_links_are_not_followed_in_circles_or_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "repo"
    inside.mkdir()
    (tmp_path / "outside.env").write_text("TOKEN=1")
    (inside / "loop").symlink_to(inside)
    (inside / "out").symlink_to(tmp_path)
    (inside / ".env").symlink_to(tmp_path / "outside.env")
    (inside / "real.py").write_text("")
    assert paths(Walk(inside)) == ["real.py"]


def test_a_pipe_does_not_hold_it_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    started = time.monotonic()
    assert env_files.look(tmp_path).files == ()
    assert time.monotonic() - started < 5


def test_what_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "open.py").write_text("")
    scandir = os.scandir

    def refuses(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)
    walk = Walk(tmp_path)
    assert paths(walk) == ["open.py"]
    assert walk.missed == ("1 file or folder could not be read",)


def test_a_huge_folder_ends_at_its_bound_and_says_so(tmp_path: Path) -> None:
    for number in range(2_000):
        (tmp_path / f"{number:05}.py").touch()
    walk = Walk(tmp_path, most_files=1_000)
    assert len(paths(walk)) == 1_000
    assert walk.missed == ("only the first 1,000 files were looked at",)


@pytest.mark.slow
def test_a_hundred_thousand_files_are_read_within_the_time_of_a_fact(tmp_path: Path) -> None:
    for folder in range(101):
        inside = tmp_path / f"{folder:03}"
        inside.mkdir()
        first = inside / "0.py"
        first.write_text("import os\nos.environ['A']\n")
        for number in range(1, 1_000):
            os.link(first, inside / f"{number}.py")
    started = time.monotonic()
    names = env.look(tmp_path, frozenset())
    assert time.monotonic() - started < 30
    assert [used.name for used in names.used] == ["A"]
    assert "files were looked at" in names.missed[0]


def test_a_slow_disk_ends_at_its_time_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    walk = Walk(tmp_path, seconds=0.0)
    time.sleep(0.001)
    assert paths(walk) == []
    assert "after 0 s only 0 files" in walk.missed[0]


def test_names_that_are_attacks_are_made_visible(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\nb.env").write_text("TOKEN=" + "x1Y2z3W4" * 4)
    (tmp_path / os.fsdecode(b"caf\xe9.env")).write_text("A=1")
    found = env_files.look(tmp_path)
    shown = "".join(file.path for file in found.files)
    assert len(found.files) == 2
    assert "\x1b" not in shown
    assert "\n" not in shown
    assert "caf\ufffd.env" in shown


def test_a_file_beyond_its_size_is_not_read_and_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=1\n" * 300_000)
    found = env_files.look(tmp_path)
    assert found.files[0].problem == "larger than 1 MiB"
    assert found.files[0].entries == ()


@pytest.mark.parametrize("name", ["", "/does/not/exist"])
def test_a_folder_that_is_not_there_is_told_in_words(name: str) -> None:
    with pytest.raises(CouldNotTell) as told:
        root_of(Target(domain="acme.test", repo=name))
    assert "choose" in told.value.cause


def test_a_file_instead_of_a_folder_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CouldNotTell, match="is not a folder"):
        root_of(Target(domain="acme.test", repo=str(tmp_path / "file")))


def test_an_empty_folder_is_no_failure(tmp_path: Path) -> None:
    assert repo.look(tmp_path).frameworks == ()
    assert env.look(tmp_path, frozenset()).used == ()
    assert isinstance(env_files.look(tmp_path), EnvFiles)


def test_a_bare_repository_is_no_folder_of_code(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "acme.git")], check=True)
    with pytest.raises(CouldNotTell, match=r"bare git repository.*clone it"):
        root_of(Target(domain="acme.test", repo=str(tmp_path / "acme.git")))


def test_code_beside_folders_that_bare_repositories_have_is_still_code(tmp_path: Path) -> None:
    for name in ("objects", "refs"):
        (tmp_path / name).mkdir()
    (tmp_path / "HEAD").mkdir()
    assert root_of(Target(domain="acme.test", repo=str(tmp_path))) == tmp_path
