"""`env` and `rotate` as a user starts them, on real files and a real git repository."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from cli_door import Ended, launchready

VALUES = {
    "DB_PASSWORD": "Xk39#dkw" + "Qpz81mB7",
    "STRIPE_SECRET_KEY": "sk_" + "live_" + "51Hq8KzLmN2pQrStUv",
    "SESSION_SECRET": "vLr20TuYs" + "/kk+9Zq!hW",
    "DATABASE_URL": "postgres://app:" + "tG5xKe91RbVf" + "@db.acme.example:5432/acme",
    "MAIL_TOKEN": "nW7pXc3" + "dQa9Lz",
}
PROD = "".join(f"{name}={value}\n" for name, value in VALUES.items()) + "APP_URL=http://localhost\n"
STAGING = f"DATABASE_URL={VALUES['DATABASE_URL']}\nMAIL_TOKEN=other-8dK3mQ0pLx2\n"
CODE = """\
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!);
export const db = process.env.DATABASE_URL;
if (!process.env.UNSET_TOKEN) throw new Error();
"""


def forms(value: str) -> Iterator[bytes]:
    """Six ways in which a value could be written down: the pieces of base64 that do not depend on
    what stands before it count as one.
    """
    raw = value.encode()
    yield raw
    yield raw.hex().encode()
    yield quote(value, safe="").encode()
    yield value.encode("utf-16-le")
    yield json.dumps(value)[1:-1].encode()
    for before in range(3):
        piece = base64.b64encode(b" " * before + raw).rstrip(b"=")
        yield piece[4 if before else 0 : -4]


def insist_on_silence(where: str, content: bytes) -> None:
    for name, value in VALUES.items():
        secret = (
            value.removeprefix("postgres://app:").partition("@")[0] if "://" in value else value
        )
        for form in forms(secret):
            assert form not in content, f"{name} is in {where}"


def run(*args: str | Path, stdin: str = "", cwd: Path | None = None) -> Ended:
    ended = launchready(*args, stdin=stdin, cwd=cwd)
    insist_on_silence(" ".join(map(str, args)), (ended.out + ended.err).encode())
    assert "Traceback" not in ended.err
    return ended


def git(folder: Path, *args: str) -> None:
    who = ["-c", "user.name=Anna", "-c", "user.email=anna@acme.example"]
    subprocess.run(["git", *who, *args], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    for name, text in {
        ".env.production": PROD,
        ".env.staging": STAGING,
        ".env.example": "# charges\nSTRIPE_SECRET_KEY=\n",
        "pay.ts": CODE,
        "package.json": '{"dependencies": {"dotenv": "18"}}',
        "requirements.txt": "python-dotenv\n",
    }.items():
        (folder / name).write_text(text)
    git(folder, "init", "-q")
    git(folder, "add", ".env.example", ".env.production", "pay.ts")
    git(folder, "commit", "-qm", "first")
    return folder


@pytest.fixture
def sprint(tmp_path: Path, repo: Path) -> Path:
    folder = tmp_path / "sprint"
    made = run(
        "new", folder, "--domain", "acme.example", "--by", "Anna", "--consent", "passive",
        "--repo", repo,
    )  # fmt: skip
    assert made.code == 0, made.err
    return folder


# ---------------------------------------------------------------- lint


def test_lint_names_file_and_line_and_ends_with_one(repo: Path) -> None:
    ended = run("env", "lint", ".env.production", cwd=repo)
    assert ended.code == 1
    assert ".env.production:1  high     dotenv-hash-cut  DB_PASSWORD" in ended.out
    assert ".env.production:6  high     env-points-elsewhere  APP_URL" in ended.out


def test_lint_as_json_has_the_shape_of_check_and_is_stable(repo: Path) -> None:
    first, again = (
        run("env", "lint", ".env.production", "--format", "json", cwd=repo) for _ in range(2)
    )
    assert first.out == again.out
    told = json.loads(first.out)
    assert (told["verdict"], told["bars"]) == ("", {}), "files alone are no launch"
    assert "GO" not in told["headline"]
    found = told["findings"]
    assert {"code", "severity", "subject", "observed", "fix", "fingerprint"} <= set(found[0])
    assert {one["subject"].rpartition(":")[0] for one in found} == {".env.production"}


def test_one_reader_makes_a_difference_a_remark(repo: Path) -> None:
    (repo / ".env.x").write_text("COLOUR=a#b\n")
    alone = run("env", "lint", ".env.x", "--reader", "npm", cwd=repo)
    two = run("env", "lint", ".env.x", "--reader", "npm", "--reader", "python", cwd=repo)
    assert (alone.code, two.code) == (0, 1)
    assert "info" in alone.out and "medium" in two.out


def test_a_clean_file_is_met(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n")
    ended = run("env", "lint", tmp_path / ".env")
    assert (ended.code, ended.out) == (0, "1 env file without a flaw\n")


def _binary(path: Path) -> None:
    path.write_bytes(os.urandom(4_000) + bytes(200))


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _not_allowed(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "code", "told"),
    [
        (_binary, 3, "it is no text"),
        (_huge, 3, "larger than 1 MiB"),
        (_pipe, 3, "it is no file"),
        (_not_allowed, 2, "no such file"),
        (lambda path: path.mkdir(), 2, "found a folder"),
        (lambda path: None, 2, "no such file"),
    ],
    ids=["binary", "50 MB", "a pipe", "a link to itself", "a folder", "vanished"],
)
def test_what_cannot_be_read_is_told_and_is_never_met(
    make: Any, code: int, told: str, tmp_path: Path
) -> None:
    make(tmp_path / ".env")
    ended = run("env", "lint", tmp_path / ".env")
    assert ended.code == code
    assert told in ended.out + ended.err


def test_a_file_with_escapes_in_its_names_stays_harmless(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\x1b[2JA=1\nB\x1b]0;x=\n")
    ended = run("env", "lint", tmp_path / ".env")
    assert "\x1b" not in ended.out + ended.err


# ---------------------------------------------------------------- map and diff


def test_the_map_joins_code_files_and_example(repo: Path) -> None:
    told = json.loads(run("env", "map", repo, "--format", "json").out)
    rows = {row["name"]: row for row in told["variables"]}
    assert rows["STRIPE_SECRET_KEY"] | {"set_in": [], "purpose": ""} == {
        "name": "STRIPE_SECRET_KEY",
        "referenced_in": ["pay.ts:1"],
        "documented": True,
        "present_in": ["prod"],
        "missing_in": ["preview"],
        "owner": "",
        "sensitive": True,
        "purpose": "",
        "set_in": [],
        "recorded": False,
        "same_in": [],
        "kind": "stripe-secret",
        "issued_at": "https://dashboard.stripe.com/apikeys",
        "may": "everything its account can do",
        "basis": "judged",
    }
    assert rows["UNSET_TOKEN"]["missing_in"] == ["prod", "preview"]
    assert rows["DATABASE_URL"]["sensitive"]


def test_a_link_out_of_the_tree_is_not_followed(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("OUTSIDE_TOKEN=Qq8dK3mQ0pLx2\n")
    (repo / ".env.local").symlink_to(tmp_path / "outside")
    assert "OUTSIDE_TOKEN" not in run("env", "map", repo).out


def test_diff_tells_what_is_equal_and_shows_nothing(repo: Path) -> None:
    ended = run("env", "diff", ".env.production", ".env.staging", cwd=repo)
    assert ended.code == 1
    assert "same secret: DATABASE_URL" in ended.out
    assert "different: MAIL_TOKEN" in ended.out
    assert "only in .env.production: SESSION_SECRET" in ended.out
    (repo / "a").write_text("A_SECRET=abc\n")
    weak = run("env", "diff", "a", "a", "--format", "json", cwd=repo)
    assert json.loads(weak.out)["variables"] == [
        {"name": "A_SECRET", "values": "not compared (weak)"}
    ]


# ---------------------------------------------------------------- the record


def test_owners_are_named_one_by_one_and_for_all_the_rest(sprint: Path) -> None:
    one = run(
        "env", "set", "STRIPE_SECRET_KEY", "--owner", "ana@acme.example", "--purpose", "charges",
        "--by", "Anna", "--dir", sprint,
    )  # fmt: skip
    assert one.code == 0, one.err
    rest = run(
        "env",
        "set",
        "--all-unowned",
        "--owner",
        "ops@acme.example",
        "--by",
        "Anna",
        "--dir",
        sprint,
    )
    assert rest.code == 0, rest.err
    rows = json.loads(run("env", "map", sprint, "--format", "json").out)["variables"]
    owners = {row["name"]: row["owner"] for row in rows}
    assert owners.pop("STRIPE_SECRET_KEY") == "ana@acme.example"
    assert set(owners.values()) == {"ops@acme.example"}


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("A B", "--owner", "Ben"), "letters, digits, _ . and -"),
        (("A=1", "--owner", "Ben"), "letters, digits, _ . and -"),
        (("A",), "nothing to record"),
        (("--owner", "Ben"), "name settings, or say --all-unowned"),
        (("A", "--rotate-every", "0"), "needs a reason"),
        (("A", "--purpose", f"key={VALUES['STRIPE_SECRET_KEY']}"), "seems to hold a secret"),
    ],
)
def test_what_is_no_record_is_refused(args: tuple[str, ...], told: str, sprint: Path) -> None:
    ended = run("env", "set", *args, "--by", "Anna", "--dir", sprint)
    assert ended.code == 2
    assert told in ended.err
    assert not list((sprint / ".launchready").glob("env/*"))


def test_names_are_imported_from_three_kinds_of_files(sprint: Path, repo: Path) -> None:
    (repo / ".env.schema").write_text(
        "# @defaultSensitive=true\n# ---\n\n# sends mail\n# @required=forEnv(production) @docs(https://mail.example/keys)\n"
        "MAIL_TOKEN=\n\n# @public\nAPP_URL=\n\nX=exec('rm -rf /')\n"
    )
    export = json.dumps(VALUES)
    for args, stdin in (
        ((repo / ".env.example",), ""),
        ((repo / ".env.schema",), ""),
        (("-", "--environment", "prod", "--source", "vercel"), export),
        ((repo / ".env.production", "--environment", "prod"), ""),
    ):
        ended = run("env", "import", *args, "--by", "Anna", "--dir", sprint, stdin=stdin)
        assert ended.code == 0, ended.err
    folder = sprint / ".launchready" / "env"
    mail = (folder / "MAIL_TOKEN.toml").read_text()
    assert 'purpose = "sends mail"' in mail
    assert 'required_in = [\n    "prod",\n]' in mail
    assert 'source = "vercel"' in mail
    assert "public = true" in (folder / "APP_URL.toml").read_text()
    assert "rm -rf" not in "".join(path.read_text() for path in folder.iterdir())
    schema = run("env", "export", "--format", "schema", "--dir", sprint).out
    assert (
        "# @required=forEnv(prod) @sensitive @docs(https://mail.example/keys)\nMAIL_TOKEN=\n"
        in schema
    )
    assert "# @public\nAPP_URL=\n" in schema
    example = run("env", "export", "--dir", sprint).out
    assert "# sends mail (required in prod)\nMAIL_TOKEN=\n" in example


def test_an_export_does_not_overwrite_what_is_there(sprint: Path, repo: Path) -> None:
    run("env", "set", "A", "--owner", "Ben", "--by", "Anna", "--dir", sprint)
    target = repo / ".env.production"
    ended = run("env", "export", "-o", target, "--dir", sprint)
    assert ended.code == 2
    assert "stays" in ended.err
    assert target.read_text() == PROD
    assert run("env", "export", "-o", target, "--replace", "--dir", sprint).code == 0
    assert target.read_text().endswith("# A (owner Ben)\nA=\n")


# ---------------------------------------------------------------- rotation


def rotate(sprint: Path, *args: str) -> Ended:
    return run("rotate", "STRIPE_SECRET_KEY", *args, "--by", "Anna", "--dir", sprint)


def test_a_rotation_goes_from_found_to_closed_and_no_step_is_skipped(sprint: Path) -> None:
    assert "begin with" in rotate(sprint, "replaced").err
    assert "Where was it exposed" in rotate(sprint, "found").err
    assert rotate(sprint, "found", "--evidence", "git 3f2c1ab pay.ts:1").code == 0
    assert "the next step is replaced" in rotate(sprint, "closed").err
    assert rotate(sprint, "replaced").code == 0
    assert "In which environments" in rotate(sprint, "deployed").err
    assert rotate(sprint, "deployed", "--env", "prod").code == 0
    assert rotate(sprint, "revoked").code == 0
    assert "How was it proven" in rotate(sprint, "proven").err
    refused = rotate(sprint, "proven", "--proof", "rejected", "--detail", "HTTP 403 from the API")
    assert "403 is no proof" in refused.err
    assert rotate(sprint, "proven", "--proof", "rejected", "--detail", "HTTP 401").code == 0
    assert "Who replaces it the next time" in rotate(sprint, "closed").err
    assert rotate(sprint, "closed", "--owner", "ana@acme.example").code == 0
    assert "begin with" in rotate(sprint, "closed").err
    again = rotate(sprint, "found", "--evidence", "git 9f2c1ab b.ts:1")
    assert "-STRIPE_SECRET_KEY-2 is found" in again.err
    told = json.loads(run("rotate", "--format", "json", "--dir", sprint).out)["rotations"]
    assert [one["status"] for one in told] == ["closed", "found"]


# ---------------------------------------------------------------- nothing leaks


def test_no_value_is_in_any_file_of_the_sprint_or_in_the_guide(sprint: Path, repo: Path) -> None:
    everything = "env.files,env.separation,env.names,env.tracked,config.env-map,secrets.rotation"
    run("env", "import", repo / ".env.production", "--environment", "prod", "--by", "Anna",
        "--dir", sprint)  # fmt: skip
    rotate(sprint, "found", "--evidence", "git pay.ts:1")
    checked = run("check", sprint, "--only", everything, "--format", "json")
    found = {one["code"] for one in json.loads(checked.out)["findings"]}
    assert found >= {
        "dotenv-hash-cut",
        "env-points-elsewhere",
        "db-shared-across-envs",
        "env-owner-missing",
        "rotation-missing",
        "rotation-open",
        "secret-committed",
    }
    run("export", sprint, "-o", sprint / "HANDOVER.md")
    guide = (sprint / "HANDOVER.md").read_text()
    assert "## Rotation log" in guide and "**RISK**: found" in guide
    assert "| `STRIPE_SECRET_KEY` | not recorded | **RISK**: owner not recorded |" in guide
    for path in sprint.rglob("*"):
        if path.is_file():
            insist_on_silence(str(path), path.read_bytes())


@pytest.mark.parametrize("group", ["env", "mail", "secrets", "vault"])
def test_the_help_of_a_group_cuts_no_command_s_line(group: str) -> None:
    told = run(group, "--help").out
    cut = [line for line in told.splitlines()[1:] if line.endswith("...")]
    assert cut == []
