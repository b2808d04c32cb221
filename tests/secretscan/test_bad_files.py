"""Env files that are no text, too large or gone, and clones that lack a part: told, never green."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from launchready_tui.secretscan.engine import Reduced
from launchready_tui.secretscan.found import SecretScan
from launchready_tui.secretscan.search import scan_folder
from secretscan.corpus import drawn, key
from secretscan.test_hostile import git, places, repo
from servers.processes import program

ENGINE = Reduced()
LIVE = key("sk_", "li" + "ve_", length=24)
PASSWORD = "Anker-" + drawn(6) + "!7"
ENV = f"# ours\nDB_PASSWORD={PASSWORD}\n"


def scanned(root: Path, **how: bool) -> SecretScan:
    return scan_folder(root, ENGINE, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_env_file_is_read_in_every_encoding_and_its_value_searched_for(
    coding: str, tmp_path: Path
) -> None:
    root = repo(tmp_path / "desk", **{"a.ts": f'login("{PASSWORD}")\n'})
    (root / ".env").write_bytes((ENV + "# more\n" * 9).encode(coding))
    assert [(leak.subject, leak.sort) for leak in scanned(root).leaks] == [
        (".env:2", "named"),
        ("a.ts:1", "known"),
    ]


def test_a_binary_env_file_breaks_nothing_and_hides_no_key(tmp_path: Path) -> None:
    root = repo(tmp_path / "desk", **{"a.ts": "1\n"})
    (root / ".env").write_bytes(bytes(range(256)) * 64 + b"\0" + LIVE.encode() + b"\0")
    assert [leak.path for leak in scanned(root).leaks] == [".env"]


@pytest.mark.parametrize("ignored", [False, True], ids=["seen by git", "ignored by git"])
def test_of_an_env_file_of_50_megabytes_what_was_not_read_is_told(
    ignored: bool, tmp_path: Path
) -> None:
    root = repo(tmp_path / "desk", **{"a.ts": "1\n", ".gitignore": ".env\n" if ignored else "x\n"})
    with (root / ".env").open("wb") as file:
        file.write(ENV.encode() + b"# nothing to see here, either\n" * (50 * 1024**2 // 30))
    told = " ".join(scanned(root).gaps)
    assert ".env: its values were not searched for" in told
    assert (".env: only the settings of its first 1 MiB" in told) is not ignored


def test_a_file_that_vanishes_during_the_scan_is_left_to_the_history(tmp_path: Path) -> None:
    root = repo(tmp_path / "desk", **{"a.ts": "1\n", "b.ts": LIVE, "c.ts": "1\n"})

    def tell(what: str, count: int) -> None:
        (root / "b.ts").unlink(missing_ok=True)

    tree = scan_folder(root, ENGINE, tell=tell, history=False)
    assert tree.leaks == () and "that git holds, but the folder does not" in tree.gaps[0]
    git(root, "checkout", "-q", "b.ts")
    (found,) = scan_folder(root, ENGINE, tell=tell).leaks
    assert (found.path, found.where) == ("b.ts", "history")


def test_a_folder_that_vanishes_during_the_scan_ends_nothing(tmp_path: Path) -> None:
    root = tmp_path / "desk"
    for name in ("a", "b"):
        (root / name).mkdir(parents=True)
        (root / name / "x.ts").write_text(LIVE)

    def tell(what: str, count: int) -> None:
        if (root / "b" / "x.ts").exists():
            (root / "b" / "x.ts").unlink()
            (root / "b").rmdir()

    scan = scan_folder(root, ENGINE, tell=tell)
    assert places(scan) == ["a/x.ts:1"]
    assert scan.gaps


def test_a_version_that_the_clone_lacks_makes_the_history_a_part(tmp_path: Path) -> None:
    root = repo(tmp_path / "desk", **{"a.ts": LIVE, "b.ts": "1\n"})
    command = [program("git"), "-C", str(root), "rev-parse", "HEAD:a.ts"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    git(root, "rm", "-q", "a.ts")
    git(root, "commit", "-qm", "gone")
    name = done.stdout.strip()
    blob = root / ".git" / "objects" / name[:2] / name[2:]
    blob.unlink()
    scan = scanned(root)
    assert scan.history == "part" and scan.leaks == ()
    assert scan.gaps == ("a.ts: git does not have this version here (a partial clone)",)
