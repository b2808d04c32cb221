"""`env verify` as a user starts it: a line for each credential, and no value anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli_door import Ended, launchready

BODY = "Xk39dkwQpz81" + "mB7vLr20TuYs"
OWNER = f"DATABASE_URL=postgres://postgres:{BODY}@db.acme.example/acme?sslmode=verify-full\n"
WIDE = "STRIPE_SECRET_KEY=" + "sk_" + "live_" + BODY + "\n"
NARROW = "STRIPE_SECRET_KEY=" + "rk_" + "live_" + BODY + "\n"
UNREAD = f"MAIL_TOKEN={BODY}\n"


def run(*args: str | Path) -> Ended:
    ended = launchready(*args)
    for at in range(len(BODY) - 5):
        assert BODY[at : at + 6] not in ended.out + ended.err
    assert "Traceback" not in ended.err
    return ended


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    return folder


def test_a_line_says_kind_verdict_and_that_nobody_tried(repo: Path) -> None:
    (repo / ".env.production").write_text(OWNER + WIDE)
    ended = run("env", "verify", repo)
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert lines[1].split(maxsplit=3) == [
        "DATABASE_URL", "prod", "postgres-url", "db-superuser; not verified live",
    ]  # fmt: skip
    assert "stripe-secret (sk_live_…)" in lines[2]
    assert "high     db-superuser  DATABASE_URL (prod)" in ended.out
    assert "2 credentials, 2 faults." in ended.out
    assert "Nothing was sent" in ended.out


def test_a_weak_signing_secret_is_told_from_the_file(repo: Path) -> None:
    (repo / ".env.production").write_text("SESSION_SECRET=acme-session-secret-2024\n B = 1\n")
    ended = run("env", "verify", repo)
    assert ended.code == 1
    assert "high     cred-weak  .env.production:1  SESSION_SECRET: it is made of words" in ended.out
    assert "it is made of words that everybody tries; not verified live" in ended.out
    assert "dotenv-" not in ended.out
    assert "acme-session" not in ended.out
    (repo / ".env.production").write_text(f"SESSION_SECRET={BODY}{BODY}\n B = 1\n")
    assert run("env", "verify", repo).code == 0


def test_the_severity_that_fails_is_chosen(repo: Path) -> None:
    (repo / ".env.production").write_text(WIDE)
    assert run("env", "verify", repo).code == 1
    assert run("env", "verify", repo, "--fail-on", "high").code == 0


def test_json_holds_a_row_for_each_and_is_stable(repo: Path) -> None:
    (repo / ".env.production").write_text(NARROW)
    first, again = (run("env", "verify", repo, "--format", "json") for _ in range(2))
    assert first.code == 0 and first.out == again.out
    (row,) = json.loads(first.out)["credentials"]
    assert row["kind"] == "stripe-restricted"
    assert (row["shape"], row["mode"], row["privilege"]) == ("rk_live_", "live", "narrow")
    assert row["live"] == "not verified live"


def test_a_question_is_no_failure_and_the_env_map_answers_it(repo: Path, tmp_path: Path) -> None:
    (repo / ".env.production").write_text(UNREAD)
    sprint = tmp_path / "sprint"
    made = run("new", sprint, "--domain", "acme.example", "--by", "Anna", "--repo", repo,
               "--consent", "passive")  # fmt: skip
    assert made.code == 0, made.err
    asked = run("env", "verify", sprint)
    assert asked.code == 0
    assert "cred-privilege-unknown" in asked.out
    assert "nobody has said what 1 of them may do" in asked.out
    told = run("env", "set", "MAIL_TOKEN", "--least-privilege", "sends mail", "--by", "Anna",
               "--dir", sprint)  # fmt: skip
    assert told.code == 0, told.err
    assert "cred-privilege-unknown" not in run("env", "verify", sprint).out


def test_the_shapes_can_be_written_down_and_are_found_in_map_and_record(
    repo: Path, tmp_path: Path
) -> None:
    (repo / ".env.production").write_text(NARROW + UNREAD)
    sprint = tmp_path / "sprint"
    run("new", sprint, "--domain", "acme.example", "--by", "Anna", "--repo", repo,
        "--consent", "passive")  # fmt: skip
    seen = run("env", "map", sprint)
    assert "stripe-restricted" in seen.out
    assert "made and revoked at https://dashboard.stripe.com/apikeys" in seen.out
    first = run("env", "set", "--judged", "--by", "Anna", "--dir", sprint)
    assert first.code == 0 and "Recorded: STRIPE_SECRET_KEY." in first.err
    kept = (sprint / ".launchready/env/STRIPE_SECRET_KEY.toml").read_text()
    assert 'kind = "stripe-restricted"' in kept
    assert 'privilege_basis = "judged"' in kept
    assert BODY[:6] not in kept
    again = run("env", "set", "--judged", "--by", "Anna", "--dir", sprint)
    assert "nothing that is not recorded" in again.err
    refused = run("env", "set", "A_KEY", "--judged", "--by", "Anna", "--dir", sprint)
    assert refused.code == 2


def test_a_key_behind_a_test_is_left_alone_and_nothing_to_read_is_not_known(repo: Path) -> None:
    (repo / ".env.example").write_text(WIDE)
    ended = run("env", "verify", repo)
    assert ended.code == 3
    assert "No credential was found" in ended.out
    assert run("env", "verify", repo, "--allow-unknown").code == 0


def test_an_unreadable_file_is_not_known(repo: Path) -> None:
    (repo / ".env.production").write_bytes(bytes(range(9)) * 40)
    ended = run("env", "verify", repo)
    assert ended.code == 3
    assert "not looked at: .env.production: it is no text" in ended.out


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    ended = run("env", "verify", tmp_path / "nowhere")
    assert ended.code == 2
    assert "expected a folder" in ended.err
