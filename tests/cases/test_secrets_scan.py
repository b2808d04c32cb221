"""secrets.scan: no file, no old version and no build output holds a secret that may work."""

from __future__ import annotations

import io
from base64 import b64decode
from datetime import date
from typing import Any

from msgspec.structs import replace

from cases.examples import Example, examples
from cases.world import MOMENT, NOW
from launchready_tui.facts.env_files import EnvEntry, EnvFile, EnvFiles
from launchready_tui.model import Confidence, Outcome, Severity, State
from launchready_tui.records.ignore_record import IgnoredHit, IgnoredHits
from launchready_tui.secretscan.engine import Reduced
from launchready_tui.secretscan.found import Leak, SecretScan, Where
from launchready_tui.secretscan.known import KnownValues
from launchready_tui.secretscan.search import Search

RANDOM = b64decode("cTdHeFI5dkwyd1pwNEtzOE5tMVRiNUpjM1lk").decode()
"""Random letters that look like a key and are none."""
LIVE = "_".join(("sk", "live", RANDOM))
PLACE = "src/pay.ts"


def scan(*leaks: Leak, history: Any = "whole", **more: Any) -> tuple[SecretScan]:
    told: dict[str, Any] = {"engine": "engine 1.0", "rules": 500, "reduced": False, "files": 9}
    told |= {"commits": 3, "versions": 12, **more}
    return (SecretScan(history=history, leaks=leaks, **told),)


def leak(path: str = PLACE, **more: Any) -> Leak:
    told: dict[str, Any] = {"sort": "shape", "where": "tree", "line": 4, "rule": "github-pat"}
    told |= {"what": "a GitHub token", "severity": "blocker", **more}
    return Leak(path=path, **told)


def read(text: str, path: str = PLACE, where: Where = "tree") -> tuple[SecretScan]:
    """What a scan makes of a file's text."""

    search = Search(Reduced(), KnownValues(()))
    search._read(path, io.BytesIO(text.encode()), where)
    return scan(*search.result().leaks)


def with_env(path: str = ".env", *, tracked: bool) -> EnvFiles:
    entry = EnvEntry(name="A_SECRET", line=4, secret="real")
    file = EnvFile(path=path, environment="any", entries=(entry,), tracked=tracked)
    return EnvFiles(files=(file,), git="repository")


def proven(outcome: Outcome) -> None:
    assert outcome.proven


def unproven(outcome: Outcome) -> None:
    assert not outcome.proven


def nameless(outcome: Outcome) -> None:
    assert RANDOM not in repr(outcome)


def lowered(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.HIGH
    assert "not committed yet" in outcome.findings[0].observed


def reviewed(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.REVIEW


def dated(outcome: Outcome) -> None:
    assert "2025-03-04" in outcome.findings[0].observed


def harmless(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.INFO
    assert "2026-03-02-API_KEY" in outcome.findings[0].observed


def aside(path: str = PLACE, **more: Any) -> IgnoredHits:
    """A note that a weak hit of this file is none."""
    told: dict[str, Any] = {"rule": "quoted-secret", "reason": "a made-up one of the docs"}
    told |= {"owner": "Ben", "by": "Anna", "at": NOW, "expires": date(2026, 6, 1), **more}
    return IgnoredHits(hits=(IgnoredHit(id="one", path=path, **told),))


def told_aside(outcome: Outcome) -> None:
    (seen,) = [seen for seen in outcome.seen if seen.label == "set aside on record"]
    assert seen.source == "Ben" and "a made-up one of the docs" in seen.value


WEAK = leak(rule="quoted-secret", sort="named", severity="high")
NOTE = ".launchready/ignore/one.toml"
OLD = leak("gone.py", where="history", commit="0a1b2c3d4e", written="2025-03-04", first="x")
FALLBACK = 'const key = process.env.JWT_SECRET || "{}";\n'

test_examples = examples(
    "secrets.scan",
    [
        Example("nothing anywhere", scan(), also=proven),
        Example(
            "nothing in the tree, whose history nobody asked for",
            scan(history="not asked"),
            also=unproven,
        ),
        Example(
            "a live key in code",
            read(f'const k = "{LIVE}";\n'),
            finds=(f"secret-in-tree {PLACE}:1",),
            also=nameless,
        ),
        Example(
            "a key in a file that is not committed yet",
            scan(leak(pending=True)),
            finds=(f"secret-in-tree {PLACE}:4",),
            also=lowered,
        ),
        Example(
            "a form that settles nothing",
            scan(leak(sure=False, severity="medium")),
            finds=(f"secret-in-tree {PLACE}:4",),
            also=reviewed,
        ),
        Example(
            "a placeholder in code",
            read('const k = "sk_' + 'live_xxxxxxxxxxxxxxxxxxxx";\n'),
            not_=("secret-in-tree",),
        ),
        Example(
            "a reference to the environment",
            read("const password = process.env.DB_PASSWORD;\n"),
            not_=("secret-in-tree", "secret-fallback-literal"),
        ),
        Example(
            "a made-up password of a test",
            read('login("ana", { password: "' + 'Tr0ub4dor&3x" });\n', "tests/login.test.ts"),
            not_=("secret-in-tree",),
        ),
        Example(
            "a settings file that is told as a whole already",
            (*scan(leak(".env", rule="env-setting")), with_env(tracked=True)),
            not_=("secret-in-tree",),
        ),
        Example(
            "a key in an old version",
            scan(OLD),
            finds=("secret-in-history 0a1b2c3d4e:gone.py:4",),
            also=dated,
        ),
        Example(
            "a key in an old version that was replaced and is dead",
            scan(replace(OLD, rotated="2026-03-02-API_KEY")),
            finds=("secret-in-history 0a1b2c3d4e:gone.py:4",),
            also=harmless,
        ),
        Example(
            "a key of the history that still stands in the tree is told there",
            scan(leak(first="2025-03-04 (0a1b2c3d4e)")),
            finds=(f"secret-in-tree {PLACE}:4",),
            not_=("secret-in-history",),
            also=dated,
        ),
        Example(
            "a value of the settings in code",
            scan(leak(sort="known", rule="known-value", name="DB_PASSWORD")),
            finds=(f"secret-known-value {PLACE}:4",),
        ),
        Example(
            "a value that is too short to be searched for",
            scan(refused=("DB_PASSWORD",)),
            not_=("secret-known-value",),
        ),
        Example(
            "a key in what a build put out",
            scan(leak("dist/app.js", where="build")),
            finds=("secret-in-bundle dist/app.js:4",),
        ),
        Example(
            "a key of a build that is public by design",
            read(f'loadStripe("pk_{"live"}_{RANDOM}")', "dist/app.js", "build"),
            not_=("secret-in-bundle",),
        ),
        Example(
            "a secret that code falls back to",
            read(FALLBACK.format("desk-session-19")),
            finds=(f"secret-fallback-literal {PLACE}:1",),
        ),
        Example(
            "a fallback for development only",
            read("if (process.env.NODE_ENV === 'development') " + FALLBACK.format("dev-key-1")),
            not_=("secret-fallback-literal",),
        ),
        Example(
            "a secret's name with a public prefix",
            read("const s = import.meta.env.VITE_STRIPE_SECRET_KEY;\n"),
            finds=(f"secret-prefix-in-code {PLACE}:1",),
            also=reviewed,
        ),
        Example(
            "a public key with a public prefix",
            read("const s = import.meta.env.VITE_FIREBASE_API_KEY;\n"),
            not_=("secret-prefix-in-code",),
        ),
        Example(
            "a settings file that nothing keeps out of the repository",
            scan(leak(".env", rule="env-setting", pending=True)),
            finds=("env-file-not-ignored .env",),
        ),
        Example("a settings file that git ignores", scan(), not_=("env-file-not-ignored",)),
        Example(
            "a hit that a note sets aside",
            (*scan(WEAK), aside(), MOMENT),
            not_=("secret-in-tree", "secret-ignore-stale"),
            also=told_aside,
        ),
        Example(
            "a key that works, beside a note about it",
            (*scan(leak()), aside(rule="github-pat"), MOMENT),
            finds=(f"secret-in-tree {PLACE}:4", f"secret-ignore-stale {NOTE}"),
        ),
        Example(
            "a note that has ended",
            (*scan(WEAK), aside(expires=date(2026, 2, 28)), MOMENT),
            finds=(f"secret-in-tree {PLACE}:4", f"secret-ignore-stale {NOTE}"),
        ),
        Example(
            "a note on its last day",
            (*scan(WEAK), aside(expires=NOW.date()), MOMENT),
            not_=("secret-in-tree", "secret-ignore-stale"),
        ),
        Example(
            "a second hit in the file of a note",
            (*scan(WEAK, replace(WEAK, line=9)), aside(), MOMENT),
            finds=(
                f"secret-in-tree {PLACE}:4",
                f"secret-in-tree {PLACE}:9",
                f"secret-ignore-stale {NOTE}",
            ),
        ),
        Example(
            "a hit of the same rule in another file",
            (*scan(WEAK, replace(WEAK, path="other.ts")), aside(), MOMENT),
            finds=("secret-in-tree other.ts:4",),
        ),
        Example(
            "a note without a hit",
            (*scan(), aside(), MOMENT),
            finds=(f"secret-ignore-stale {NOTE}",),
        ),
        Example(
            "a note whose hit may stand in what was not read",
            (*scan(gaps=("a part was not read",)), aside(), MOMENT),
            not_=("secret-ignore-stale",),
            state=State.UNKNOWN,
        ),
        Example("nothing found by a reduced scan", scan(reduced=True), state=State.UNKNOWN),
        Example("nothing found in a shallow clone", scan(gaps=("shallow",)), state=State.UNKNOWN),
        Example("no repository, so no history", scan(history="none"), state=State.UNKNOWN),
        Example(
            "a settings file in a folder that is no repository: there it belongs",
            (*scan(leak(".env"), history="none"), with_env(tracked=False)),
            not_=("secret-in-tree",),
            state=State.UNKNOWN,
        ),
    ],
)
