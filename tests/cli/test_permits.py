"""Active probes and secrets on the command line: told first, allowed by a person, never unsaid."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from cli_door import Ended, environment, launchready
from launchready_tui.catalogue import load
from launchready_tui.session import Session

PROBE = load().active[0]
NOBODY = ("--resolver", "127.0.0.1:9")
"""A resolver that is not there: nothing leaves this machine, and every check ends at once."""


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    root = tmp_path / "sprint"
    made = launchready("new", root, "--domain", "acme.test", "--by", "Anna", "--consent", "passive")
    assert made.code == 0, made.err
    return root


def check(sprint: Path, *more: str, **env: str) -> Ended:
    return launchready(
        "check", "--only", PROBE.items[0], *NOBODY, *more, cwd=sprint, env=env or None
    )


def consent(sprint: Path, level: str) -> None:
    assert launchready("consent", "--level", level, "--by", "Ben", cwd=sprint).code == 0


def journal(sprint: Path) -> str:
    return (sprint / ".launchready" / "journal.jsonl").read_text("utf-8")


def test_the_consent_has_to_go_as_far_and_the_refusal_says_how(sprint: Path) -> None:
    ended = check(sprint, "--active", PROBE.id, "--yes")
    assert (ended.code, ended.out) == (2, "")
    assert f"launchready consent --level {PROBE.level}" in ended.err
    assert "checking" not in ended.err


def test_a_consent_is_kept_with_its_name_and_can_be_taken_back(sprint: Path) -> None:
    consent(sprint, "active")
    assert "as far as “active”" in launchready("active", cwd=sprint).out
    consent(sprint, "passive")
    session = Session.open(sprint, read_only=True)
    assert [c.by for c in session.store.consents()] == ["Anna", "Ben", "Ben"]
    assert str(session.scope.level) == "passive"
    session.close()


def test_without_a_yes_nothing_is_sent_where_nobody_can_be_asked(sprint: Path) -> None:
    consent(sprint, str(PROBE.level))
    ended = check(sprint, "--active", PROBE.id)
    assert (ended.code, ended.out) == (2, "")
    assert "--yes" in ended.err
    assert PROBE.title in ended.err
    assert "checking" not in ended.err
    assert "active probes allowed" not in journal(sprint)


def test_each_plan_is_told_before_the_run_and_the_permit_is_journalled(sprint: Path) -> None:
    consent(sprint, str(PROBE.level))
    ended = check(sprint, "--active", PROBE.id, "--yes")
    assert ended.code in (0, 1, 3), ended.err
    told, checking, _ = ended.err.partition("checking acme.test")
    assert checking
    for words in (PROBE.id, PROBE.title, "Sends", "Where", f"{PROBE.seconds} seconds"):
        assert words in told
    assert f"active probes allowed for one run: {PROBE.id}" in journal(sprint)
    assert "active probes allowed" not in ended.out


def test_a_terminal_is_asked_and_no_means_no(sprint: Path) -> None:
    consent(sprint, str(PROBE.level))
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "launchready_tui", "check", "--active", PROBE.id, *NOBODY],
        cwd=sprint,
        env=environment(),
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
    )
    os.close(slave)
    os.write(master, b"n\n")
    assert process.communicate(timeout=60)[0] == b""
    assert process.returncode == 2
    shown = os.read(master, 65_536).decode()
    assert "Send this, for this one run?" in shown
    assert "Nothing was sent." in shown
    os.close(master)


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("--active", PROBE.id[:-1], "--yes"), f"Did you mean {PROBE.id}?"),
        (("--active", "", "--yes"), "--active is empty"),
        (("--active", PROBE.id, "--only", "tls.certificate", "--yes"), "leave out"),
        (("--yes",), "--active"),
        (("--key", "test-session"), "NAME=ENVVAR"),
        (("--key", "test-session=sesame123"), "the name of"),
        (("--key", "test-session=EMPTY"), "empty"),
        (("--facts", "f.json", "--active", "all"), "--domain"),
    ],
)
def test_a_mistake_is_told_before_anything_leaves(
    args: tuple[str, ...], hint: str, tmp_path: Path
) -> None:
    ended = launchready(
        "check", "--domain", "acme.test", *NOBODY, *args, cwd=tmp_path, env={"EMPTY": ""}
    )
    assert (ended.code, ended.out) == (2, "")
    assert hint in ended.err
    assert "checking" not in ended.err
    assert "sesame123" not in ended.err


def test_without_a_sprint_the_typed_yes_is_the_consent(tmp_path: Path) -> None:
    ended = launchready(
        *("check", "--domain", "acme.test", "--only", PROBE.items[0], *NOBODY),
        *("--active", PROBE.id, "--yes"),
        cwd=tmp_path,
    )
    assert ended.code in (0, 1, 3), ended.err
    assert PROBE.title in ended.err
    assert list(tmp_path.iterdir()) == []


def test_active_lists_every_plan_with_its_limits(tmp_path: Path) -> None:
    ended = launchready("active", cwd=tmp_path)
    assert ended.code == 0
    for probe in load().active:
        assert f"{probe.id}: {probe.title}" in ended.out
        assert f"{probe.seconds} seconds" in ended.out
    assert [line for line in ended.out.splitlines() if len(line) > 100] == []


def test_a_secret_from_the_environment_counts_as_there(sprint: Path) -> None:
    consent(sprint, "active")
    ended = check(sprint, "--key", "test-session=TEST_SESSION", TEST_SESSION="sid=opensesame")
    assert ended.code in (0, 1, 3), ended.err
    kept = [path for path in sprint.rglob("*") if path.is_file()]
    assert all(b"opensesame" not in path.read_bytes() for path in kept)
    assert "opensesame" not in ended.err + ended.out


# ---------------------------------------------------------------- the vault


def test_without_a_keyring_set_refuses_to_pretend(sprint: Path) -> None:
    ended = launchready("vault", "set", "test-session", cwd=sprint, stdin="sid=opensesame\n")
    assert (ended.code, ended.out) == (2, "")
    assert "--key test-session=" in ended.err
    assert "opensesame" not in ended.err


def test_list_names_what_could_be_given_and_what_is_missing(sprint: Path) -> None:
    ended = launchready("vault", "list", cwd=sprint)
    assert ended.code == 0
    for key in load().keys:
        assert f"missing  {key.id}" in ended.out


def test_nothing_to_take_away_is_said(sprint: Path) -> None:
    assert launchready("vault", "purge", cwd=sprint).code == 0
    ended = launchready("vault", "delete", "test-session", cwd=sprint)
    assert ended.code == 2
    assert "no test-session" in ended.err


def test_a_vault_belongs_to_a_sprint(tmp_path: Path) -> None:
    ended = launchready("vault", "list", cwd=tmp_path)
    assert ended.code == 2
    assert "launchready new" in ended.err


def test_a_vault_that_cannot_be_asked_does_not_hold_up_a_check(sprint: Path) -> None:
    ended = check(sprint, "--format", "json", LAUNCHREADY_VAULT="nonsense")
    assert ended.code in (0, 1, 3), ended.err
    assert json.loads(ended.out)["coverage"]["error"] == 0
