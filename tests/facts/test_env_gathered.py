"""Linting and comparing the env files of a folder: real files, links, vanished ones, readers."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from cases.examples import judge
from launchready_tui.facts import env, env_drift, env_files, env_lint, env_map
from launchready_tui.facts.env_fingerprint import Fingerprints, weak
from launchready_tui.facts.env_readers import readers_in
from launchready_tui.facts.env_values import secret_in
from launchready_tui.given import Target
from launchready_tui.records.env_record import EnvVariable, EnvVariables

KEY = "Xk39dkwQpz81" + "mB7vLr20"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def test_files_are_linted_and_compared_where_git_holds_them_too(tmp_path: Path) -> None:
    write(tmp_path, __env__production=f"API_KEY={KEY}\nB = 1\n", __env__staging=f"API_KEY={KEY}\n")
    for args in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *args], cwd=tmp_path, check=True, capture_output=True)
    files = env_files.look(tmp_path)
    lint = env_lint.look(tmp_path, files)
    assert [(f.path, [flaw.code for flaw in f.flaws]) for f in lint.files] == [
        (".env.production", ["dotenv-spaces"]),
        (".env.staging", []),
    ]
    drift = env_drift.look(tmp_path, files)
    assert [(s.name, s.environment, s.other_environment) for s in drift.same] == [
        ("API_KEY", "prod", "preview")
    ]
    assert [one.name for one in drift.lacking] == ["B"]
    assert KEY not in repr(lint) + repr(drift)


def test_two_looks_are_equal_although_each_has_its_own_key(tmp_path: Path) -> None:
    write(tmp_path, __env__production=f"API_KEY={KEY}", __env__dev=f"API_KEY={KEY}")
    files = env_files.look(tmp_path)
    first = env_drift.look(tmp_path, files)
    assert first.same and first == env_drift.look(tmp_path, files)


FIXTURES = ("tests/fixtures/.env.production", "examples/shop/.env", "docs/.env.staging")


def test_files_of_tests_and_examples_are_no_environments(tmp_path: Path) -> None:
    for path in (*FIXTURES, "apps/web/.env.production", "latest/.env.staging"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"B = 1\nAPI_KEY={KEY}\n{path[0].upper()}_ONLY=a\n")
    files = env_files.look(tmp_path)
    assert sorted(files.left_out) == sorted(FIXTURES)
    lint, drift = env_lint.look(tmp_path, files), env_drift.look(tmp_path, files)
    assert [file.path for file in lint.files] == ["apps/web/.env.production", "latest/.env.staging"]
    assert drift.environments == ("prod", "preview")
    assert {(one.place, one.other_place) for one in drift.same} == {
        ("apps/web/.env.production:2", "latest/.env.staging:2")
    }
    assert sorted(lint.left_out) == sorted(drift.left_out) == sorted(FIXTURES)
    names = env.look(tmp_path, frozenset(n for file in files.files for n in file.names))
    rows = [row.name for row in env_map.rows(files, names, EnvVariables())]
    assert rows == ["API_KEY", "A_ONLY", "B", "L_ONLY"]


def test_what_was_left_out_is_told_where_the_files_are_judged(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    write(tmp_path / "tests", __env__production=f"API_KEY={KEY}")
    files = env_files.look(tmp_path)
    lint, drift = env_lint.look(tmp_path, files), env_drift.look(tmp_path, files)
    assert "but those of tests" in judge("env.files", lint).summary
    told = judge("env.separation", lint, drift, EnvVariables(), Target(domain="acme.test")).seen
    assert [(one.value, one.source) for one in told if one.label == "left out"] == [
        ("1 env file among tests, examples or documentation", "tests/.env.production")
    ]


def test_a_file_that_vanished_between_two_looks_is_a_gap(tmp_path: Path) -> None:
    write(tmp_path, __env__production="A=1")
    files = env_files.look(tmp_path)
    (tmp_path / ".env.production").unlink()
    (lint,) = env_lint.look(tmp_path, files).files
    assert lint.problem == "it cannot be read: No such file or directory"
    assert env_drift.look(tmp_path, files).missed == (
        ".env.production: it cannot be read: No such file or directory",
    )


def test_a_file_that_became_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "app"
    inside.mkdir()
    write(inside, __env__production="A=1")
    files = env_files.look(inside)
    (inside / ".env.production").unlink()
    (tmp_path / "outside").write_text(f"API_KEY={KEY}")
    (inside / ".env.production").symlink_to(tmp_path / "outside")
    (lint,) = env_lint.look(inside, files).files
    assert lint.problem == "a link leads out of the folder"


@pytest.mark.parametrize(
    ("name", "text", "readers"),
    [
        ("package.json", '{"dependencies": {"dotenv": "18"}}', ("npm",)),
        ("package.json", '{"scripts": {"start": "node --env-file=.env a.js"}}', ("node",)),
        ("requirements.txt", "python-dotenv==1.2\n", ("python",)),
        ("pyproject.toml", 'dependencies = ["pydantic-settings"]', ("python",)),
        ("compose.yaml", "services:\n  web:\n    env_file: .env\n", ("compose",)),
        ("run.sh", "set -a\n. ./.env\n", ("bash",)),
        ("Makefile", "run:\n\tdocker run --env-file=.env app\n", ("docker",)),
        ("package.json", '{"name": "dotenv"}', ()),
        ("notes.txt", "source .env", ()),
    ],
)
def test_readers_are_known_by_manifests_and_scripts(
    name: str, text: str, readers: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    assert readers_in(tmp_path) == readers


def test_services_of_a_compose_file_are_hosts_of_their_own(tmp_path: Path) -> None:
    write(tmp_path, compose__yaml="services:\n  test-db:\n    image: x\n")
    assert "test-db" in env_lint.services_in(tmp_path)


# ---------------------------------------------------------------- fingerprints


def test_a_fingerprint_is_of_its_key_and_ignores_stray_blanks() -> None:
    one, other = Fingerprints(), Fingerprints()
    assert one.of("API_KEY", KEY) == one.of("B_KEY", f" {KEY}\n")
    assert one.of("API_KEY", KEY) != other.of("API_KEY", KEY)
    assert len(one.of("API_KEY", KEY)) == 12


@pytest.mark.parametrize("value", ["", "abc", "password", "changeme", "aaaaaaaaaaaa", "12345678"])
def test_what_could_be_guessed_gets_none(value: str) -> None:
    assert weak("DB_PASSWORD", value)
    assert Fingerprints().of("DB_PASSWORD", value) == "weak"


@pytest.mark.parametrize("value", [KEY, f"sk_live_{KEY}", "correct-horse-battery-staple"])
def test_what_could_not_be_guessed_gets_one(value: str) -> None:
    assert secret_in("DB_PASSWORD", value)
    assert not weak("DB_PASSWORD", value)


PARTS = {
    ".env.production": "DESK_URL=a\n",
    "mail/.env.production": "FROM=a\nQUIET=a\nSHARED=a\n",
    "mail/.env.staging": "FROM=b\n",
    "mail/.env": "SHARED=c\n",
    "mail/src/send.py": 'import os\nos.environ["FROM"]\nos.environ["NOWHERE"]\n',
    "desk.py": 'import os\nos.environ["DESK_URL"]\nos.environ["UNSET"]\n',
}


def parts(root: Path) -> Path:
    for path, text in PARTS.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def test_a_part_of_the_product_is_compared_with_itself_alone(tmp_path: Path) -> None:
    drift = env_drift.look(parts(tmp_path), env_files.look(tmp_path))
    assert [(one.name, one.missing_in) for one in drift.lacking] == [("QUIET", ("preview",))]


def test_files_that_stand_alone_are_compared_with_each_other(tmp_path: Path) -> None:
    for path in ("live/.env.production", "trial/.env.staging"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(f"BOTH=a\n{path[0].upper()}_ONLY=a\n")
    drift = env_drift.look(tmp_path, env_files.look(tmp_path))
    assert [one.name for one in drift.lacking] == ["L_ONLY", "T_ONLY"]


def test_the_map_misses_a_setting_where_its_own_part_has_a_file(tmp_path: Path) -> None:
    files = env_files.look(parts(tmp_path))
    names = env.look(tmp_path, frozenset(n for file in files.files for n in file.names))
    missing = {row.name: row.missing_in for row in env_map.rows(files, names, EnvVariables())}
    assert missing == {
        "DESK_URL": (),
        "FROM": (),
        "NOWHERE": ("prod", "preview"),
        "QUIET": ("preview",),
        "SHARED": (),
        "UNSET": ("prod",),
    }


def test_a_row_says_what_nobody_wrote_down_yet() -> None:
    def needs(**fields: object) -> tuple[str, ...]:
        record = EnvVariable(name="API_KEY", **{"sensitive": True, **fields})  # type: ignore[arg-type]
        (row,) = env_map.rows(None, None, EnvVariables(variables=(record,)))
        return row.needs

    assert needs() == ("owner", "second owner", "purpose", "replacement day")
    assert needs(sensitive=False, purpose="colour") == ("owner",)
    whole = {"owner": "Ann", "backup_owner": "Ben", "purpose": "sends mail"}
    assert needs(**whole, rotate_every_days=90) == ("replacement day",)
    assert needs(**whole, rotate_every_days=90, last_rotated=date(2026, 2, 1)) == ()
    assert needs(**whole, rotate_every_days=0) == ()
