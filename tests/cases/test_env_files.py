"""env.files: what programs read differently, and values that are no real ones."""

from __future__ import annotations

import pytest

from cases.env_world import PROD, RANDOM, lint
from cases.examples import Example, examples, judge
from launchready_tui.facts.env_lint import EnvLint
from launchready_tui.model import Outcome, Severity, State

LIVE = "sk_" + "live_" + "51Hq8KzLmN2pQr"
TEST = "sk_" + "test_" + "51Hq8KzLmN2pQr"
PEM = "-----BEGIN " + "PRIVATE KEY-----"


def severity(wanted: Severity | None):  # type: ignore[no-untyped-def]
    def holds(outcome: Outcome) -> None:
        assert outcome.findings[0].severity is wanted

    return holds


def flagged(code: str, says: str, content: str | bytes, line: int = 1, **how: object) -> Example:
    name = str(how.pop("name", PROD))
    also = how.pop("also", lambda outcome: None)
    facts = (lint(content, name, **how),)  # type: ignore[arg-type]
    return Example(says, facts, finds=(f"{code} {name}:{line}",), also=also)  # type: ignore[arg-type]


def innocent(code: str, says: str, content: str | bytes, **how: object) -> Example:
    return Example(says, (lint(content, **how),), not_=(code,))  # type: ignore[arg-type]


test_examples = examples(
    "env.files",
    [
        flagged(
            "dotenv-hash-cut", "an unquoted # inside a value", "COLOUR=a#b", also=severity(None)
        ),
        flagged(
            "dotenv-hash-cut",
            "an unquoted # inside a password",
            "DB_PASSWORD=pa#ss9Wq2Lz",
            also=severity(Severity.HIGH),
        ),
        flagged(
            "dotenv-hash-cut",
            "a # where one reader alone is in use",
            "COLOUR=a#b",
            readers=("npm",),
            also=severity(Severity.INFO),
        ),
        innocent("dotenv-hash-cut", "a quoted #", "COLOUR='a#b'"),
        innocent("dotenv-hash-cut", "a comment behind the value", "COLOUR=red # warm"),
        flagged("dotenv-dollar", "a $ before letters", "A=pa$w0rd"),
        flagged("dotenv-dollar", "a $ in double quotes", 'A="pa$w0rd"'),
        innocent("dotenv-dollar", "a $ in single quotes", "A='pa$w0rd'"),
        innocent("dotenv-dollar", "a $ at the end", "A=cost$"),
        flagged("dotenv-interpolation", "a reference in double quotes", 'A="${B}/x"'),
        flagged("dotenv-interpolation", "a reference in single quotes, for Python", "A='${B}'"),
        innocent(
            "dotenv-interpolation",
            "a reference in single quotes where Python reads nothing",
            "A='${B}'",
            readers=("npm", "bash"),
        ),
        flagged("dotenv-default-form", "a default in a reference", 'A="${B:-c}"'),
        innocent("dotenv-default-form", "a dash in a value", "A=b-c"),
        flagged("dotenv-escape", "an escaped quote", r'A="a\"b"'),
        innocent("dotenv-escape", "a key of several lines, with \\n", rf'A="{PEM}\nabc\nend"'),
        flagged("dotenv-quote-junk", "a quote that is not closed", 'A="abc\nB=1'),
        flagged("dotenv-quote-junk", "text behind the closing quote", 'A="1"x'),
        flagged("dotenv-quote-junk", "a line that is no setting", "A=1\n=x", line=2),
        innocent("dotenv-quote-junk", "a value of two lines", 'A="one\ntwo"\nB=1'),
        innocent("dotenv-quote-junk", "an = in a value", "A=b=c=="),
        flagged("dotenv-backtick", "backticks around a value", "A=`x`"),
        innocent("dotenv-backtick", "a backtick in quotes", "A='a`b'"),
        flagged("dotenv-colon", "a colon", "A: 1"),
        innocent("dotenv-colon", "a colon in a value", "A=b:1"),
        flagged("dotenv-bare", "a name alone", "ALONE"),
        innocent("dotenv-bare", "an export with a value", "export A=1"),
        flagged("dotenv-spaces", "blanks around the =", "A = 1"),
        innocent("dotenv-spaces", "export is no blank too many", "export A=1"),
        flagged("dotenv-shell-unsafe", "an ampersand", "A=a&b"),
        innocent("dotenv-shell-unsafe", "an ampersand in quotes", "A='a&b'"),
        flagged("dotenv-key-name", "a dash in a name", "MY-NAME=1"),
        innocent("dotenv-key-name", "an ordinary name", "MY_NAME2=1"),
        flagged("dotenv-bom", "a byte order mark", b"\xef\xbb\xbfA=1"),
        innocent("dotenv-bom", "letters beyond ASCII", "A=grün"),
        flagged("dotenv-encoding", "UTF-16", "A=1\n".encode("utf-16")),
        flagged("dotenv-encoding", "Latin-1", "A=gr\xfcn".encode("latin-1")),
        innocent("dotenv-encoding", "UTF-8", "A=grün"),
        flagged("dotenv-line-ends", "CR LF", b"A=1\r\nB=2\r\n"),
        flagged("dotenv-line-ends", "CR alone", b"A=1\rB=2\r"),
        innocent("dotenv-line-ends", "no newline at the end", b"A=1\nB=2"),
        flagged("dotenv-nul", "a NUL byte", b"A=a\0b\n"),
        innocent("dotenv-nul", "a backslash and a zero", rb"A='\0'"),
        flagged("dotenv-duplicate", "a name twice", "A=1\nA=1", line=2, also=severity(None)),
        flagged(
            "dotenv-duplicate",
            "a secret twice with two values",
            f"DB_PASSWORD={RANDOM}\nDB_PASSWORD={RANDOM}x",
            line=2,
            also=severity(Severity.HIGH),
        ),
        innocent("dotenv-duplicate", "two names", "A=1\nB=1"),
        flagged(
            "dotenv-docker-quotes",
            "quotes where docker reads the file",
            "A='1'",
            readers=("docker",),
        ),
        innocent("dotenv-docker-quotes", "quotes where docker does not", "A='1'"),
        flagged("env-whitespace-ends", "a literal \\n at the end", r'A="abc\n"'),
        flagged("env-whitespace-ends", "a blank at the end", "A='abc '"),
        innocent("env-whitespace-ends", "a line break inside a key", rf'A="{PEM}\nabc\n"'),
        flagged("env-wrapping-quotes", "quotes in quotes", "A='\"abc\"'"),
        innocent("env-wrapping-quotes", "a JSON object", 'A=\'{"a": "b"}\''),
        flagged("env-url-scheme", "an address without a scheme", "API_URL=api.acme.example"),
        flagged(
            "env-url-scheme",
            "a slash at the end of one of two addresses",
            "APP_URL=https://acme.example/\nAUTH_URL=https://acme.example",
            line=2,
        ),
        innocent("env-url-scheme", "a word where an address could be", "DOCS_URL=none"),
        innocent("env-url-scheme", "an endpoint without a scheme", "S3_ENDPOINT=minio:9000"),
        innocent("env-url-scheme", "a host", "DB_HOST=db.acme.example"),
        flagged(
            "secret-public-prefix",
            "a secret under a public prefix",
            f"NEXT_PUBLIC_SERVICE_ROLE_SECRET={RANDOM}",
        ),
        flagged(
            "secret-public-prefix", "a secret's shape under a public prefix", f"VITE_PAY={LIVE}"
        ),
        innocent(
            "secret-public-prefix", "a browser's own key", "VITE_FIREBASE_API_KEY=AIzaSyD9kq2"
        ),
        innocent(
            "secret-public-prefix", "an anonymous key", "NEXT_PUBLIC_SUPABASE_ANON_KEY=eyJhbGci"
        ),
        flagged("cred-weak", "a short signing secret", "SESSION_SECRET=kZ9"),
        flagged("cred-weak", "words in a row", "JWT_SECRET=my-super-secret-key-of-acme"),
        flagged("cred-weak", "words without a gap", "APP_KEY=supersecretproductionkey2024"),
        flagged("cred-weak", "a random secret of 24 bytes", f"SESSION_SECRET={RANDOM}"),
        innocent("cred-weak", "a long signing secret", f"SESSION_SECRET={RANDOM * 2}"),
        flagged("cred-weak", "what startproject wrote", f"SECRET_KEY=django-insecure-{RANDOM * 2}"),
        innocent("cred-weak", "one that was drawn", f"SECRET_KEY=django-{RANDOM * 2}"),
        innocent(
            "cred-weak",
            "a phrase of chosen words",
            "JWT_SECRET=correct-horse-battery-staple-in-acre",
        ),
        innocent("cred-weak", "a secret that an issuer made", f"GOOGLE_CLIENT_SECRET={RANDOM}"),
        innocent("cred-weak", "a bearer's token", f"CRON_SECRET={RANDOM}"),
        innocent("cred-weak", "where the secret is", "JWT_SECRET_FILE=/run/secrets/jwt"),
        Example(
            "what other items say of a repository is not said twice",
            (lint("A=\nAPI_URL=http://localhost", alone=False),),
            not_=("env-empty", "env-points-elsewhere"),
        ),
        Example("an example file may be empty", (lint("A=", ".env.example"),), not_=("env-empty",)),
        Example("no env file at all", (EnvLint(files=()),), state=State.NOT_APPLICABLE),
        Example("a file that is no text", (lint(bytes(range(32)) * 40),), state=State.UNKNOWN),
    ],
)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("API_URL=http://localhost:3000", "env-points-elsewhere"),
        ("DATABASE_URL=postgres://a:b@localhost/x", "db-localhost-in-prod"),
        (f"STRIPE_SECRET_KEY={TEST}", "env-mode-mismatch"),
        ("A=", "env-empty"),
        ("API_KEY=your-api-key-here", "env-placeholder"),
    ],
)
def test_of_files_by_themselves_all_is_said_here(content: str, wanted: str) -> None:
    assert [one.code for one in judge("env.files", lint(content)).findings] == [wanted]
    assert not judge("env.files", lint(content, alone=False)).findings
