"""Secrets of env files, code and people: none of them rests in what is kept, said or drawn.

A repository holds one of each sort. Scan, map, drift, rotation, vault and wizard go over it, and
everything they leave behind is searched for each, in the ways that bytes are written down.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_door import Ended, launchready
from screen_sprints import RUN, wizard
from secretscan.corpus import drawn, key, pem
from secretscan.test_hostile import git, repo
from test_planted_secrets import forms

URL_PASSWORD, HOME_MADE, OLD = drawn(20), "Herbst&" + drawn(6) + "#9", "Moewen!" + drawn(6) + "_4"
LIVE, TOKEN = key("sk_", "li" + "ve_", length=24), key("gh", "p_", length=36)
VAULT, TYPED, PASTED = drawn(40), drawn(32), key("whs", "ec_", length=32)
KEY, CODE = pem(), key("sk_", "li" + "ve_", length=40)
SECRETS = {
    "a database's password": URL_PASSWORD,
    "a home-made password": HOME_MADE,
    "a password of an old version": OLD,
    "a live key": LIVE,
    "a token in code": TOKEN,
    "a key in code alone": CODE,
    "a private key": KEY.splitlines()[3],
    "a secret piped into the vault": VAULT,
    "a secret typed in the wizard": TYPED,
    "a secret pasted as evidence": PASTED,
}
ENV = (
    f"DATABASE_URL=postgres://app:{URL_PASSWORD}@db.acme-desk.io/app\nSTRIPE_SECRET_KEY={LIVE}\n"
    f'ADMIN_PASSWORD={HOME_MADE}\nTLS_KEY="{KEY}"\nUNUSED_TOKEN={TOKEN}\n'
)
FILES = {
    ".gitignore": ".env\n",
    "app.ts": f'const a = process.env.DATABASE_URL;\nlogin("{HOME_MADE}");\nconst t = "{TOKEN}";\n',
    ".env.production": ENV,
    ".env.staging": ENV.replace("TLS_KEY", "OTHER_KEY"),
    "config.yml": f"db:\n  password: {HOME_MADE}\n",
    "pay.ts": f'const k = "{CODE}";\n',
    "old.py": f'MAIL_PASSWORD = "{OLD}"\n',
}
CRASH = """
import sys
from pathlib import Path
from launchready_screens import run, sprint_page

def broken(self, *args):
    held = Path(sys.argv[1]).joinpath("launchready.toml").parent.parent / "desk" / ".env.production"
    typed = held.read_text()
    raise ValueError(f"not good: {typed}")

sprint_page.SprintPage.action_env_map = broken
sys.exit(run(Path(sys.argv[1])))
"""


def desk(folder: Path) -> Path:
    root = repo(folder / "desk", **FILES)
    git(root, "rm", "-q", "old.py")
    git(root, "commit", "-qm", "gone")
    (root / ".env").write_text(ENV)
    return root


def commands(root: Path, sprint: Path, out: Path) -> Iterator[tuple[tuple[str | Path, ...], str]]:
    """What is run, and what is piped into it."""
    prod, staging = root / ".env.production", root / ".env.staging"
    items = "secrets.scan,env.names,env.files,env.separation,env.tracked,config.env-map"
    items += ",secrets.rotation"
    kept = ("--facts-out", out / "facts.json", "--format", "json", "-o", out / "report.json")
    yield ("check", "--only", items, *kept), ""
    yield ("check", "--facts", out / "facts.json"), ""
    for form in ("text", "json", "sarif"):
        yield ("secrets", "scan", root, "--history", "--known", prod, "--format", form), ""
    yield ("secrets", "scan", "-", "--known", prod), f"login as desk with {HOME_MADE}\n"
    yield ("env", "lint", prod, staging, "--format", "json"), ""
    yield ("env", "diff", staging, prod), ""
    yield ("env", "map"), ""
    yield ("env", "import", prod, "--environment", "prod", "--by", "Anna"), ""
    yield ("env", "import", "-", "--source", "vercel", "--by", "Anna"), ENV
    yield ("env", "set", "ADMIN_PASSWORD", "--notes", f"it is {LIVE}", "--by", "Anna"), ""
    yield ("env", "export", "--format", "schema"), ""
    begun = ("rotate", "ADMIN_PASSWORD", "found", "--why", "exposed", "--by", "Anna")
    yield (*begun, "--evidence", f"in the chat: {PASTED}"), ""
    yield (*begun, "--evidence", "git app.ts:2"), ""
    yield ("rotate", "ADMIN_PASSWORD", "replaced", "--detail", f"now {LIVE}", "--by", "Anna"), ""
    yield ("vault", "set", "cloudflare-token"), VAULT
    yield ("attest", "secrets.chat", "--says", "fail", "--evidence", f"it was {PASTED}",
           "--note", f"Ben sent {PASTED}", "--by", "Anna"), ""  # fmt: skip
    yield ("waive", "env.names", "--why", f"we know about {PASTED} for now", "--until",
           "2999-01-01", "--by", "Anna"), ""  # fmt: skip
    yield ("status",), ""
    yield ("export", "-o", out / "guide"), ""


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("planted")
    root, sprint, out, home = desk(folder), folder / "sprint", folder / "out", folder / "home"
    for made in (out, home):
        made.mkdir()
    env = {"LAUNCHREADY_VAULT": "memory", "HOME": str(home)}
    env |= {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("STATE", "CACHE", "CONFIG")}
    left: dict[str, bytes] = {}

    def said(what: str, ended: Ended) -> None:
        assert ended.code in (0, 1, 2, 3), f"{what}: {ended.err}"
        left[f"what {what} said"] = (ended.out + ended.err).encode()

    made_up = ("--domain", "acme.test", "--repo", root, "--by", "Anna", "--consent", "passive")
    said("new", launchready("new", sprint, *made_up, env=env))
    for number, (command, stdin) in enumerate(commands(root, sprint, out)):
        ended = launchready(*command, cwd=sprint, env=env, stdin=stdin, seconds=120)
        said(f"{number} {' '.join(str(part) for part in command[:2])}", ended)
    for name, code in (("wizard", RUN + "sys.exit(run(Path(sys.argv[1])))"), ("crash", CRASH)):
        left[f"the bytes of the {name}"] = sat_through(sprint, code, env, crash=name == "crash")
    for base in (sprint, out, home):
        for path in base.rglob("*"):
            if path.is_file():
                left[str(path.relative_to(folder))] = path.read_bytes()
    return left


def sat_through(sprint: Path, code: str, env: dict[str, str], *, crash: bool) -> bytes:
    """A person looks at the map and the hits, types a secret, and leaves; or it crashes."""
    with wizard(sprint, code, size=(120, 40), **env) as terminal:
        terminal.until("Quick audit|Config")
        if crash:
            terminal.press("v")
            assert terminal.ended() == 70
            return bytes(terminal.raw)
        terminal.press("/")
        terminal.quiet()
        terminal.press(*"history", "enter")
        terminal.until("Secrets were found in code or history.*pay.ts:1")
        terminal.press("r")
        terminal.until("checking|engine")
        terminal.press("v")
        terminal.until("DATABASE_URL")
        terminal.press("esc", "s")
        terminal.quiet()
        terminal.press("enter")
        terminal.until("not shown while you type")
        terminal.press(*TYPED, "f2")
        terminal.until("kept in")
        terminal.press("esc", "g")
        terminal.quiet()
        terminal.press("esc", "q")
        assert terminal.ended() == 0
        return bytes(terminal.raw)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal of POSIX")
def test_what_was_planted_was_found_and_done(left_behind: dict[str, bytes]) -> None:
    report = left_behind["out/report.json"]
    for code in ("in-tree", "known-value", "in-history", "committed"):
        assert f"secret-{code}".encode() in report, code
    assert b"env-same-secret" in report
    names = set(left_behind)
    assert "sprint/.launchready/env/ADMIN_PASSWORD.toml" in names
    assert any(name.startswith("sprint/.launchready/rotations/") for name in names)
    assert any("/crashes/" in name for name in names)
    assert "out/guide/HANDOVER.md" in names


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal of POSIX")
def test_no_secret_is_left_anywhere(left_behind: dict[str, bytes]) -> None:
    found = sorted(
        f"{what}: {form} in {name}"
        for what, secret in SECRETS.items()
        for form, written in forms(secret).items()
        for name, content in left_behind.items()
        if written in content
    )
    assert not found, "\n".join(found)


def test_the_desk_itself_holds_each(tmp_path: Path) -> None:
    """What is searched for stands there: a test that plants nothing finds nothing."""
    root = desk(tmp_path)
    shown = subprocess.run(
        ["git", "-C", str(root), "log", "-p"], capture_output=True, check=True
    ).stdout
    theirs = ("a secret piped", "a secret typed", "a secret pasted")
    for what, secret in SECRETS.items():
        if not what.startswith(theirs):
            assert secret.encode() in shown, what
