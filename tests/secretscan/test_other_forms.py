"""Secrets as other tools and languages write them, each beside a line that only looks like one."""

from __future__ import annotations

import io
import random
import string

import pytest

from launchready_tui.secretscan.engine import Engine, Full, Reduced
from launchready_tui.secretscan.known import KnownValues
from launchready_tui.secretscan.search import Search

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
DRAW = random.Random(41)


def drawn(length: int, letters: str = ALNUM) -> str:
    return "".join(DRAW.choice(letters) for _ in range(length - 2)) + "k7"


WORD = "Hafen" + "Kran-7731"
FORMS = {
    "mailgun": (
        "a.js",
        "mg('ke" + "y-" + drawn(31, HEX)[:-2] + "a07')",
        "see key-management-in-2024",
    ),
    "sentry": ("a.sh", "export T=sntr" + "ys_" + drawn(60), "sntrys_ tokens begin so"),
    "telegram": ("a.py", "bot = '58302917" + "46:AA" + drawn(33) + "'", "at 12345678:AA the clock"),
    "laravel": (".env", "APP_KEY=base" + "64:" + drawn(43) + "=", "APP_KEY=base64:generate-me"),
    "azure": (
        "a.cs",
        '"AccountName=x;Account' + "Key=" + drawn(86) + '=="',
        "AccountKey=<your key>",
    ),
    "npm": (
        ".npmrc",
        "//packages.acme.test/:_auth" + "Token=" + drawn(36),
        ":_authToken=${NPM_TOKEN}",
    ),
    "header": (
        "a.ts",
        "{'Authori" + f"zation': 'Bearer {drawn(40)}'}}",
        "Authorization: Bearer <token>",
    ),
    "dotnet": (
        "a.json",
        '"Server=db;User Id=a;Pass' + f'word={WORD};"',
        "Server=db;Password=changeme;",
    ),
    "php": (
        "wp.php",
        "define('DB_PASS" + f"WORD', '{WORD}');",
        "define('AUTH_KEY', 'put your phrase here');",
    ),
    "netrc": (
        ".netrc",
        "machine git.acme.test login ana pass" + f"word {WORD}",
        'machine x login y password "PASSWORD"',
    ),
    "element": (
        "a.xml",
        "<db.pass" + f"word>{WORD}</db.password>",
        "<password>password</password>",
    ),
    "attribute": (
        "b.xml",
        '<add key="SmtpPass' + f'word" value="{WORD}"/>',
        '<add key="Password" value="true"/>',
    ),
    "json": (
        "c.json",
        '{"user": "ana", "pa' + f'ss": "{WORD}"}}',
        '{"pass": "password", "auth": "required"}',
    ),
    "new relic": (
        "a.js",
        "license: '" + drawn(34, HEX)[:-2] + "a07b" + "NR" + "AL'",
        "so NRAL",
    ),
    "notion": ("a.py", "n = 'nt" + "n_" + drawn(46) + "'", "ntn_ is how they begin"),
    "pgpass": (".pgpass", f"db.acme.test:5432:desk:ana:{WORD}", "localhost:5432:desk:ana:password"),
    "curl": (
        "a.sh",
        "curl -s -" + f"u ana:{WORD} https://acme.test",
        "curl -u $USER:$PASSWORD https://acme.test",
    ),
}


@pytest.fixture(params=[Full, Reduced], ids=["full", "reduced"], scope="module")
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.param()
    return made


def lines(engine: Engine, path: str, content: str) -> set[int]:
    search = Search(engine, KnownValues([]))
    search.stream(path, io.BytesIO(content.encode()))
    return {leak.line for leak in search.result().leaks}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_found_and_its_look_alike_is_not(engine: Engine, form: str) -> None:
    path, secret, innocent = FORMS[form]
    assert lines(engine, path, f"first\n{secret}\n{innocent}\n") == {2}


@pytest.mark.parametrize("form", FORMS)
def test_in_a_test_a_made_up_value_is_no_alarm(engine: Engine, form: str) -> None:
    path, secret, _ = FORMS[form]
    search = Search(engine, KnownValues([]))
    search.stream(f"tests/{path}", io.BytesIO(f"{secret}\n".encode()))
    assert {leak.severity for leak in search.result().leaks} <= {"low", "info"}
