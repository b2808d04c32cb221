"""The admin's work on settings and secrets: in env files, in code, in the history, in a build.

A line that is mended stays where it is, so that what is said of the lines below still holds. A
value that was out is replaced too: taking it away from a place does not make it unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from launchready_tui.demo.registry import registering
from launchready_tui.demo.repository import Repository, made_up

if TYPE_CHECKING:
    from launchready_tui.demo.admin import Bench

PROD, STAGING, DEV = (f"notices/.env.{name}" for name in ("production", "staging", "development"))
TIDE = "https://tide.harbour-ops.test"
PUBLISHABLE = f"pk_live_{made_up('publishable key of the fees', 24)}"

Repair = Callable[["Bench"], str]
REPAIRS: dict[str, Repair] = {}
_repairs = registering(REPAIRS)


def _at(subject: str) -> tuple[str, int]:
    path, _, line = subject.rpartition(":")
    return path, int(line)


def _changed(repository: Repository, subject: str, change: Callable[[str], str]) -> str:
    """Write the line of `path:number` anew, without git; gives the name that it sets."""
    path, number = _at(subject)
    lines = repository.read(path).split("\n")
    name = lines[number - 1].partition("=")[0]
    lines[number - 1] = change(lines[number - 1])
    repository.put(path, "\n".join(lines))
    return name


def _set(repository: Repository, path: str, name: str, value: str) -> None:
    """Give a setting another value where it stands, or put it at the end."""
    text = repository.read(path)
    line = f"{name}={value}"
    found = re.compile(rf"^{name}=.*$", re.MULTILINE)
    repository.put(
        path, found.sub(lambda _: line, text) if found.search(text) else f"{text}{line}\n"
    )


# ---------------------------------------------------------------- one line of a settings file


@_repairs("dotenv-hash-cut")
def _quote(bench: Bench) -> str:
    name = _changed(bench.repository, bench.subject, _quoted)
    return f"The value of {name} stands in single quotes: every program reads all of it."


def _quoted(line: str) -> str:
    name, _, value = line.partition("=")
    return line if value.startswith("'") else f"{name}='{value}'"


@_repairs("dotenv-duplicate")
def _one_line(bench: Bench) -> str:
    """The last one counted, so its value stays."""
    path, number = _at(bench.subject)
    last = bench.repository.read(path).split("\n")[number - 1]
    if not last:
        return f"{path} sets it once already."
    name, _, value = last.partition("=")
    _changed(bench.repository, bench.subject, lambda _: "")
    _set(bench.repository, path, name, value)
    return f"{path} sets {name} once, to the value that counted all along."


@_repairs("env-wrapping-quotes")
def _no_quotes(bench: Bench) -> str:
    name = _changed(bench.repository, bench.subject, lambda line: line.replace('"', ""))
    return f"{name} holds the words alone, without quotes around them."


@_repairs("env-whitespace-ends")
def _no_line_break(bench: Bench) -> str:
    name = _changed(bench.repository, bench.subject, lambda line: line.replace("\\n", ""))
    return f"{name} ends with its last letter, without a line break."


@_repairs("env-points-elsewhere")
def _to_production(bench: Bench) -> str:
    name = _changed(bench.repository, bench.subject, lambda line: _valued(line, TIDE))
    return f"{name} leads to {TIDE} now, which is production's."


@_repairs("env-mode-mismatch")
def _live_key(bench: Bench) -> str:
    key = f"rk_live_{made_up('secret key of the fees', 24)}"
    name = _changed(bench.repository, bench.subject, lambda line: _valued(line, key))
    return f"{name} holds the provider's live key."


@_repairs("secret-public-prefix")
def _publishable_key(bench: Bench) -> str:
    name = _changed(bench.repository, bench.subject, lambda line: _valued(line, PUBLISHABLE))
    return f"{name} holds the publishable key, which is made for pages. The secret one was revoked."


@_repairs("cred-weak")
def _long_secret(bench: Bench) -> str:
    long = made_up("a session secret of 64 characters", 64)
    name = _changed(bench.repository, bench.subject, lambda line: _valued(line, long))
    return f"{name} is a random value of 64 characters. Everybody has to sign in once more."


def _valued(line: str, value: str) -> str:
    return f"{line.partition('=')[0]}={value}"


# ---------------------------------------------------------------- between environments


@_repairs("env-same-secret")
def _one_each(bench: Bench) -> str:
    for path in (PROD, DEV):
        _set(bench.repository, path, bench.subject, made_up(f"{bench.subject} of {path}", 36))
    return f"Production and the developers have a {bench.subject} of their own each."


@_repairs("db-shared-across-envs")
def _own_database(bench: Bench) -> str:
    login = "postgres://notices{0}:{1}@db.harbour-ops.test/notices{0}?sslmode=require"
    for path, suffix in ((PROD, ""), (STAGING, "_staging")):
        password = made_up(f"{bench.subject} of {path}", 24)
        _set(bench.repository, path, bench.subject, login.format(suffix, password))
    return "Staging has a database of its own, and production's password is a new one."


@_repairs("env-drift")
def _there_too(bench: Bench) -> str:
    _set(bench.repository, STAGING, bench.subject, "22-06")
    return f"Staging sets {bench.subject} too."


# ---------------------------------------------------------------- where secrets do not belong


@_repairs("env-file-not-ignored")
def _ignore(bench: Bench) -> str:
    path = "notices/.gitignore"
    bench.repository.change(
        "Ignore every settings file", {path: "node_modules/\n.env*\n!.env.example\n"}
    )
    return f"{path} covers {bench.subject}, and every other settings file but the example."


@_repairs("secret-in-tree")
def _read_it(bench: Bench) -> str:
    path, number = _at(bench.subject)
    lines = bench.repository.read(path).split("\n")
    lines[number - 1] = "export const refunds = charges;"
    bench.repository.cleanse("Give fees back with the key of the settings", path, "\n".join(lines))
    return f"{path} reads its key from the settings. The one in the code was revoked, and is gone."


@_repairs("secret-in-history")
def _clean_history(bench: Bench) -> str:
    path, _ = _at(bench.subject)
    bench.repository.cleanse("Send text messages", path, bench.repository.read(path))
    return (
        f"No version of {path} in the history holds the former token. It was revoked at the gateway"
        " first: whoever has a copy of the history has it still."
    )


@_repairs("secret-known-value")
def _quote_nothing(bench: Bench) -> str:
    path, _ = _at(bench.subject)
    old, new = made_up("PUSH_API_KEY", 32), made_up("the next push key", 32)
    text = bench.repository.read(path).replace(old, "the key from the password store")
    bench.repository.cleanse("Quote no key in the runbook", path, text)
    bench.repository.put(PROD, bench.repository.read(PROD).replace(old, new))
    return f"{path} says where the key is kept instead of quoting it, and production has a new one."


@_repairs("secret-in-bundle")
def _build_again(bench: Bench) -> str:
    path, _ = _at(bench.subject)
    bench.repository.put(path, f'const fees=Stripe("{PUBLISHABLE}");export{{fees}};\n')
    return f"{path} was built again, with the publishable key."


@_repairs("secret-fallback-literal")
def _insist(bench: Bench) -> str:
    path, number = _at(bench.subject)
    lines = bench.repository.read(path).split("\n")
    lines[number - 1] = (
        "const signing = process.env.NOTICE_SIGNING_SECRET; if (!signing) process.exit(1);"
    )
    bench.repository.change("Refuse to start without a signing secret", {path: "\n".join(lines)})
    return f"Without NOTICE_SIGNING_SECRET the service refuses to start ({path})."
