"""Framework, versions, host files and packages, from manifests in every shape."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.checks.repo import host_config
from launchready_tui.facts import env, repo
from launchready_tui.facts.host_files import declared_in
from launchready_tui.facts.manifests import LOCKS, MANIFESTS, packages
from launchready_tui.model import State


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".").replace("_dash_", "-")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(root: Path, **files: str) -> str:
    write(root, **files)
    return ", ".join(framework.named for framework in repo.look(root).frameworks)


PACKAGE = json.dumps({"dependencies": {"next": "^15.1.0", "react": "19"}})
LOCKED = {
    "package_dash_lock_dot_json": json.dumps(
        {"packages": {"": {}, "node_modules/next": {"version": "15.1.8"}}}
    ),
    "pnpm_dash_lock_dot_yaml": "importers:\n  .:\n    dependencies:\n      next:\n"
    "        specifier: ^15.1.0\n        version: 15.1.8(react@19.0.0)\n",
    "yarn_dot_lock": '"next@^15.1.0":\n  version "15.1.8"\n  resolved "x"\n',
    "bun_dot_lock": '{\n  "packages": {\n    "next": ["next@15.1.8", "", {}]\n  }\n}',
}


@pytest.mark.parametrize("lock", LOCKED)
def test_the_version_is_the_installed_one(tmp_path: Path, lock: str) -> None:
    named = found(tmp_path, package_dot_json=PACKAGE, **{lock: LOCKED[lock]})
    assert named.startswith("Next.js 15.1.8")


def test_a_range_alone_is_no_version(tmp_path: Path) -> None:
    assert found(tmp_path, package_dot_json=PACKAGE).startswith("Next.js, ")


def test_a_lock_file_at_the_top_speaks_for_its_workspaces(tmp_path: Path) -> None:
    named = found(
        tmp_path,
        package_dot_json="{}",
        apps__web__package_dot_json=PACKAGE,
        package_dash_lock_dot_json=LOCKED["package_dash_lock_dot_json"],
    )
    assert named.startswith("Next.js 15.1.8")


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"requirements_dot_txt": "Django==5.1.4\ngunicorn"}, "Django 5.1.4"),
        ({"requirements_dot_txt": "fastapi==0.115.0\nstarlette==0.41.0"}, "FastAPI 0.115.0"),
        (
            {
                "pyproject_dot_toml": '[project]\nname="x"\ndependencies=["flask>=3"]',
                "uv_dot_lock": '[[package]]\nname = "flask"\nversion = "3.1.0"',
            },
            "Flask 3.1.0",
        ),
        (
            {
                "Gemfile": 'gem "rails", "~> 8.0"',
                "Gemfile_dot_lock": "GEM\n  specs:\n    rails (8.0.1)\n",
            },
            "Rails 8.0.1",
        ),
        (
            {
                "composer_dot_json": '{"require": {"laravel/framework": "^11"}}',
                "composer_dot_lock": json.dumps(
                    {"packages": [{"name": "laravel/framework", "version": "v11.2.0"}]}
                ),
            },
            "Laravel 11.2.0",
        ),
        ({"package_dot_json": '{"dependencies": {"express": "4.21.0"}}'}, "Express 4.21.0"),
    ],
)
def test_frameworks_of_every_language(tmp_path: Path, files: dict[str, str], named: str) -> None:
    assert found(tmp_path, **files).split(", ")[0] == named


def test_mail_and_database_packages_are_named(tmp_path: Path) -> None:
    write(tmp_path, package_dot_json=json.dumps({"dependencies": {"resend": "4", "pg": "8"}}))
    told = repo.look(tmp_path)
    assert told.mail == ("Resend",)
    assert told.databases == ("PostgreSQL",)


def test_broken_files_are_said_with_their_line(tmp_path: Path) -> None:
    write(tmp_path, package_dot_json='{\n  "a": ,\n}', fly_dot_toml="app = 'x'\nbroken = \n")
    told = repo.look(tmp_path)
    assert told.problems[0][0] == "package.json"
    assert told.problems[0][1].startswith("line 2")
    assert told.host_files[0].problem.startswith("line 2")


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("render.yaml", "envVars:\n  - key: A_KEY\n    sync: false\n  - key: B\n", ["A_KEY", "B"]),
        ("fly.toml", '[env]\n  LOG_LEVEL = "info"\n', ["LOG_LEVEL"]),
        ("netlify.toml", '[context.production.environment]\n  NODE = "20"\n', ["NODE"]),
        ("wrangler.toml", '[vars]\nA = "1"\n[env.production]\nname = "x"\n', ["A"]),
        ("app.json", '{"env": {"SECRET": {"generator": "secret"}}}', ["SECRET"]),
        (
            "docker-compose.yml",
            "services:\n  web:\n    environment:\n      - A=1\n      - B\n    ports: []\n",
            ["A", "B"],
        ),
        ("compose.yaml", "services:\n  web:\n    environment:\n      A: x\n    image: y\n", ["A"]),
        ("Dockerfile", "FROM x\nENV A=1\nARG B\n", ["A", "B"]),
        ("readme.md", "ENV A=1", []),
    ],
)
def test_what_a_host_is_told_to_set_counts_as_set(path: str, text: str, names: list[str]) -> None:
    assert [entry.name for entry in declared_in(path, path, text)] == names


def test_what_only_tests_read_is_marked(tmp_path: Path) -> None:
    write(
        tmp_path,
        src__app_dot_ts="process.env.REAL_ONE",
        tests__app_dot_test_dot_ts="process.env.ONLY_TEST; process.env.REAL_ONE",
    )
    told = {used.name: used.only_tests for used in env.look(tmp_path, frozenset()).used}
    assert told == {"REAL_ONE": False, "ONLY_TEST": True}


def test_a_name_that_stands_in_a_script_is_mentioned(tmp_path: Path) -> None:
    write(tmp_path, start_dot_sh="exec app --port $APP_PORT", Makefile="all:\n\techo hi")
    names = frozenset({"APP_PORT", "NOWHERE"})
    assert env.look(tmp_path, names).mentioned == ("APP_PORT",)


@given(st.sampled_from(sorted(LOCKS | MANIFESTS | {"requirements.txt"})), st.text())
def test_no_manifest_makes_it_fail(name: str, text: str) -> None:
    packages(name, text)


@given(st.sampled_from(sorted(LOCKS | MANIFESTS)), st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["packages", "dependencies", "default", "require", "version", "x"]), inner),
))  # fmt: skip
def test_no_json_of_another_shape_makes_it_fail(name: str, value: object) -> None:
    packages(name, json.dumps(value))


@pytest.mark.parametrize("name", ["pyproject.toml", "poetry.lock", "Pipfile", "netlify.toml"])
def test_a_line_that_would_keep_the_reader_busy_for_minutes_is_not_read(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("a." * 500_000)
    started = time.monotonic()
    looked = repo.look(tmp_path)
    env.look(tmp_path, frozenset())
    assert time.monotonic() - started < 5
    if name == "netlify.toml":
        outcome = host_config(looked)
        assert (outcome.state, "too long" in outcome.cause) == (State.UNKNOWN, True)
    else:
        assert looked.problems[0][0] == name


@pytest.mark.parametrize("name", sorted(LOCKS | MANIFESTS))
@pytest.mark.parametrize("piece", ["\n", " \n", "a@1:\n\n", "gem 'a'\n", '  "a": ["', "@"])
def test_no_manifest_keeps_a_pattern_busy(name: str, piece: str) -> None:
    """A pattern holds the whole program while it runs: neither screen nor deadline is heard."""
    started = time.monotonic()
    packages(name, piece * (200_000 // len(piece)))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("piece", ["\n", '\\"', "/*", ",", "- key:"])
@pytest.mark.parametrize("name", ["render.yaml", "Dockerfile", "compose.yaml", "wrangler.jsonc"])
def test_no_host_file_keeps_a_pattern_busy(name: str, piece: str) -> None:
    started = time.monotonic()
    declared_in(name, name, piece * (200_000 // len(piece)) + "\\")
    assert time.monotonic() - started < 2


def test_a_long_string_is_no_reason_to_accuse_a_file(tmp_path: Path) -> None:
    (tmp_path / "netlify.toml").write_text(f'[headers]\npolicy = "{"x " * 9_000}"\n')
    assert host_config(repo.look(tmp_path)).state is State.PASS
