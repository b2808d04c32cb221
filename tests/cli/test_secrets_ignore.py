"""`secrets ignore`: a hit that is none is set aside by name, with a reason and a last day."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli_door import Ended, launchready
from secretscan.corpus import drawn, key
from secretscan.test_hostile import git, repo

LIVE = key("sk_", "li" + "ve_", length=24)
MADE_UP = "Tr0ub4" + "dor&3x"
UNTIL = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
GIVEN = {
    "--owner": "Ben",
    "--until": UNTIL,
    "--reason": "the made-up password of our tutorial",
    "--by": "Anna",
}


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    """A repository that is its own sprint, looked at once."""
    files = {"login.py": f'password = "{MADE_UP}"\n', "pay.ts": f'k = "{LIVE}"\n'}
    root = repo(tmp_path / "desk", **files)
    made = launchready(
        "new", root, "--domain", "acme.test", "--repo", root, "--by", "Anna", "--consent", "passive"
    )
    assert made.code == 0, made.err
    git(root, "add", "-A")
    git(root, "commit", "-qm", "sprint")
    look(root)
    return root


def look(root: Path) -> Ended:
    return launchready("check", "--only", "secrets.scan", cwd=root)


def ignore(root: Path, *place: str, **changes: str) -> Ended:
    given = {**GIVEN, **{f"--{name}": value for name, value in changes.items()}}
    options = [part for pair in given.items() for part in pair]
    return launchready("secrets", "ignore", *place, *options, cwd=root)


def files(root: Path) -> list[Path]:
    return sorted((root / ".launchready" / "ignore").glob("*.toml"))


def test_a_hit_is_set_aside_and_counts_again_when_the_note_is_gone(sprint: Path) -> None:
    assert "login.py:1" in launchready("secrets", "scan", ".", cwd=sprint).out
    kept = ignore(sprint, "login.py:1")
    assert kept.code == 0, kept.err
    (file,) = files(sprint)
    held = tomllib.loads(file.read_text("utf-8"))
    assert (held["path"], held["owner"], held["by"]) == ("login.py", "Ben", "Anna")
    assert held["expires"].isoformat() == UNTIL
    assert MADE_UP not in file.read_text("utf-8")
    assert "login.py:1" not in launchready("secrets", "scan", ".", cwd=sprint).out
    assert "login.py:1" not in launchready("secrets", "scan", "login.py", cwd=sprint).out
    assert "login.py:1" not in look(sprint).out
    listed = launchready("secrets", "ignore", cwd=sprint)
    assert held["id"] in listed.out and GIVEN["--reason"] in listed.out
    assert launchready("secrets", "ignore", "--end", held["id"], "--by", "A", cwd=sprint).code == 0
    assert files(sprint) == []
    assert "login.py:1" in launchready("secrets", "scan", ".", cwd=sprint).out


def test_a_note_of_another_sprint_says_nothing_about_this_folder(sprint: Path) -> None:
    assert ignore(sprint, "login.py:1").code == 0
    (sprint / "sub").mkdir()
    (sprint / "sub" / "login.py").write_text((sprint / "login.py").read_text())
    assert "login.py:1" in launchready("secrets", "scan", "sub", cwd=sprint).out


@pytest.mark.parametrize(
    ("place", "changes", "why"),
    [
        ("pay.ts:1", {}, "cannot be set aside"),
        ("nowhere.ts:1", {}, "found nothing at"),
        ("login.py:1", {"reason": "too short"}, "at least 15 characters"),
        ("login.py:1", {"owner": " "}, "Name an owner"),
        ("login.py:1", {"until": "2020-01-01"}, "between today and"),
        ("login.py:1", {"until": "2999-01-01"}, "between today and"),
        ("login.py:1", {"until": "soon"}, "expected a day"),
        ("login.py:1", {"by": ""}, "--by is empty"),
    ],
)
def test_what_is_refused_is_not_written(
    place: str, changes: dict[str, str], why: str, sprint: Path
) -> None:
    ended = ignore(sprint, place, **changes)
    assert ended.code == 2
    assert why in " ".join(ended.err.split())
    assert LIVE not in ended.err and "Traceback" not in ended.err
    assert files(sprint) == []


def test_a_secret_in_the_reason_is_refused_without_being_repeated(sprint: Path) -> None:
    secret = "gh" + "p_" + drawn(36)
    ended = ignore(sprint, "login.py:1", reason=f"it is only the key {secret}")
    assert ended.code == 2 and "seems to hold a secret" in ended.err
    assert secret not in ended.out + ended.err
    assert files(sprint) == []
