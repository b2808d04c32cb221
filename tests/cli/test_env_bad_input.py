"""What a tired person gives to env, rotate, secrets and vault by mistake, and what is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli_door import Ended, launchready

BODY = "Xk39dkwQpz81" + "mB7vLr20TuYs"
BY = ("--by", "Anna")


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    """A sprint beside the repository it is about."""
    repo = tmp_path / "app"
    (repo / "tests").mkdir(parents=True)
    (repo / "a.js").write_text("process.env.MAIL_TOKEN; process.env.APP_NAME\n")
    (repo / ".env.production").write_text(f"MAIL_TOKEN={BODY}\nAPP_NAME=acme\n")
    (repo / "tests" / ".env.staging").write_text("ONLY_IN_TESTS=1\n")
    root = tmp_path / "sprint"
    made = launchready(
        *("new", root, "--domain", "acme.test", *BY, "--repo", repo, "--consent", "passive")
    )
    assert made.code == 0, made.err
    return root


def run(sprint: Path, *args: str, **env: str) -> Ended:
    ended = launchready(*args, cwd=sprint, env=env)
    assert "Traceback" not in ended.err
    assert BODY not in ended.out + ended.err
    return ended


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ("env lint ../app/.env.prod", "no such file. Did you mean .env.production?"),
        ("env lint ../app", "expected a file, found a folder"),
        ("env map ../nothing", "../nothing: expected a folder, and there is none."),
        ("env map ../app/a.js", "../app/a.js: expected a folder, found a file."),
        ("env verify ../app/a.js", "expected a folder, found a file"),
        ("env import -", "stdin: no name of a setting was found in it: expected NAME=value"),
        ("env set MAIL_TOKEN --required-in live", "live is no environment here: they are dev,"),
        ("env set MAIL_TOKEN --optional-in live", "live is no environment here: they are dev,"),
        ("env set MAIL_TOKEN --last-rotated soon", "'soon': expected a day such as 2027-01-31"),
        ("rotate MAIL_TOKEN found --next-due soon", "'soon': expected a day such as 2027-01-31"),
        ("secrets ignore a:1 --until soon", "'soon': expected a day such as 2027-01-31"),
        ("secrets ignore a:1 --owner Ben", "--reason and --until: say why a:1 is no secret"),
        ("secrets scan ../nothing", "there is no such file or folder"),
        ("vault set a/b", "“a/b” cannot name a secret"),
    ],
)
def test_it_says_what_was_expected(sprint: Path, args: str, said: str) -> None:
    takes_name = args.startswith(("env import", "env set", "rotate", "secrets ignore"))
    ended = run(sprint, *args.split(), *(BY if takes_name else ()))
    assert ended.code == 2
    assert said in " ".join(ended.err.split())


def test_a_misspelt_setting_is_recorded_and_told(sprint: Path) -> None:
    ended = run(sprint, "env", "set", "MAIL_TOKN", "--owner", "Ben", *BY)
    assert ended.code == 0
    assert "MAIL_TOKN: no code here reads it and no env file sets it." in ended.err
    assert "Did you mean MAIL_TOKEN?" in ended.err
    for name in ("MAIL_TOKEN", "MAIL_TOKN"):
        again = run(sprint, "env", "set", name, "--purpose", "sends mail", *BY)
        assert (again.code, again.err) == (0, f"launchready: Recorded: {name}.\n")


def test_a_value_of_an_env_file_is_refused_in_a_note(sprint: Path) -> None:
    for name in ("MAIL_TOKEN", "APP_NAME"):
        ended = run(sprint, "env", "set", name, "--notes", f"the token is {BODY}", *BY)
        assert ended.code == 2
        assert f"The record of {name} would hold a secret. Nothing was written" in ended.err
    assert run(sprint, "env", "set", "MAIL_TOKEN", "--notes", "sends for acme", *BY).code == 0
    assert not any(BODY in path.read_text() for path in sprint.rglob("*.toml"))


def test_a_rotation_of_a_misspelt_name_is_not_there(sprint: Path) -> None:
    begun = ("rotate", "MAIL_TOKEN", "found", "--why", "exposed", "--evidence", "a.js:1", *BY)
    assert run(sprint, *begun).code == 0
    ended = run(sprint, "rotate", "MAIL_TOKN")
    assert "No rotation of MAIL_TOKN is on record. Did you mean MAIL_TOKEN?" in ended.err


def test_real_values_are_expected_in_an_env_file_and_not_in_an_example(sprint: Path) -> None:
    held = sprint.parent / "app" / ".env.production"
    ended = run(sprint, "env", "import", str(held), *BY)
    assert ended.code == 0
    assert "Of values nothing was recorded (MAIL_TOKEN)" in ended.err
    example = sprint / ".env.example"
    example.write_bytes(held.read_bytes())
    ended = run(sprint, "env", "import", ".env.example", *BY)
    assert "is an example, and holds what looks like real secrets: MAIL_TOKEN" in ended.err


def test_the_map_says_which_files_it_left_out(sprint: Path) -> None:
    ended = run(sprint, "env", "map")
    assert "ONLY_IN_TESTS" not in ended.out
    assert "left out, as part of tests, examples or documentation: tests/.env.staging" in ended.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_with_nobody_at_its_end_is_not_waited_for(sprint: Path) -> None:
    os.mkfifo(sprint / "pipe")
    for args in (["pipe"], [".", "--known", "pipe"]):
        ended = run(sprint, "secrets", "scan", *args)
        assert ended.code == 2
        assert "found a device or a pipe" in ended.err
    assert run(sprint, "secrets", "scan", "/dev/stdin").code == 0


def test_known_values_come_from_text(sprint: Path) -> None:
    (sprint / "known.env").write_bytes(bytes(range(256)) * 20)
    ended = run(sprint, "secrets", "scan", ".", "--known", "known.env")
    assert ended.code == 2
    assert "--known known.env: it is no text" in ended.err


def test_what_a_vault_that_cannot_be_asked_holds_is_not_known(sprint: Path) -> None:
    ended = run(sprint, "vault", "list", LAUNCHREADY_VAULT="fille")
    assert ended.code == 3
    assert "missing" not in ended.out
    assert "unknown  test-session" in ended.out
    assert "Use keyring, file or memory" in ended.err
    listed = run(sprint, "vault", "list", LAUNCHREADY_VAULT="memory")
    assert (listed.code, "missing  test-session" in listed.out) == (0, True)
