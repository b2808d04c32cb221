"""Proofs of the planted faults of settings and secrets: files and git, read without our checks."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from urllib.parse import urlsplit

from demo.raw import environment
from launchready_tui.demo import Lab
from launchready_tui.demo.registry import registering
from launchready_tui.demo.repository import made_up

Proof = Callable[[Lab, str], bool]
PROOFS: dict[str, Proof] = {}
PROD, STAGING, DEV = (f"notices/.env.{name}" for name in ("production", "staging", "development"))
proves = registering(PROOFS)


def line(lab: Lab, subject: str) -> str:
    path, _, number = subject.rpartition(":")
    return (lab.repo / path).read_text().split("\n")[int(number) - 1]


def value(lab: Lab, subject: str) -> str:
    return line(lab, subject).partition("=")[2]


def git(lab: Lab, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(lab.repo), *words], capture_output=True, text=True, check=False
    )
    return done.stdout


def history(lab: Lab) -> str:
    """Every version of every file, as one text."""
    return git(lab, "log", "--all", "-p", "--format=%H")


@proves("dotenv-hash-cut")
def bare_hash(lab: Lab, subject: str) -> bool:
    return re.fullmatch(r"\w+#\w+", value(lab, subject)) is not None


@proves("dotenv-duplicate")
def twice(lab: Lab, subject: str) -> bool:
    path, name = subject.rpartition(":")[0], line(lab, subject).partition("=")[0]
    held = [one for one in (lab.repo / path).read_text().split("\n") if one.startswith(f"{name}=")]
    return bool(name) and len(set(held)) == 2


@proves("env-wrapping-quotes")
def quotes_inside(lab: Lab, subject: str) -> bool:
    return value(lab, subject).startswith("'\"")


@proves("env-whitespace-ends")
def line_break(lab: Lab, subject: str) -> bool:
    return value(lab, subject).endswith('\\n"')


@proves("secret-public-prefix")
def secret_for_pages(lab: Lab, subject: str) -> bool:
    name, _, held = line(lab, subject).partition("=")
    assert name.startswith("VITE_")
    return held.startswith("rk_live_")


@proves("cred-weak")
def few_letters(lab: Lab, subject: str) -> bool:
    return len(value(lab, subject)) < 8


@proves("env-same-secret")
def one_for_both(lab: Lab, subject: str) -> bool:
    held = [environment(lab, path)[subject] for path in (PROD, DEV)]
    assert all(len(one) == 36 for one in held)
    return held[0] == held[1]


@proves("db-shared-across-envs")
def one_database(lab: Lab, subject: str) -> bool:
    held = [urlsplit(environment(lab, path)[subject]) for path in (PROD, STAGING)]
    return len({(one.hostname, one.path) for one in held}) == 1


@proves("env-points-elsewhere")
def at_staging(lab: Lab, subject: str) -> bool:
    return ".staging." in value(lab, subject)


@proves("env-mode-mismatch")
def key_of_the_test_mode(lab: Lab, subject: str) -> bool:
    return value(lab, subject).startswith("sk_test_")


@proves("env-drift")
def not_at_staging(lab: Lab, subject: str) -> bool:
    assert all(subject in environment(lab, path) for path in (PROD, DEV))
    return subject not in environment(lab, STAGING)


@proves("env-file-not-ignored")
def unignored(lab: Lab, subject: str) -> bool:
    return subject in git(lab, "ls-files", "--others", "--exclude-standard").split()


@proves("secret-in-tree")
def key_in_code(lab: Lab, subject: str) -> bool:
    key = f"sk_live_{made_up('REFUND_KEY', 24)}"
    held = key in line(lab, subject)
    assert held == (key in history(lab))
    return held


@proves("secret-in-history")
def key_in_history(lab: Lab, subject: str) -> bool:
    token = made_up("FORMER_GATEWAY_TOKEN", 40)
    assert token not in (lab.repo / subject.rpartition(":")[0]).read_text()
    return token in history(lab)


@proves("secret-known-value")
def key_in_runbook(lab: Lab, subject: str) -> bool:
    key = environment(lab, PROD)["PUSH_API_KEY"].strip('"').removesuffix("\\n")
    assert len(key) == 32
    return key in line(lab, subject)


@proves("secret-in-bundle")
def key_in_build(lab: Lab, subject: str) -> bool:
    assert "dist" not in git(lab, "ls-files")
    return "rk_live_" in line(lab, subject)


@proves("secret-fallback-literal")
def fallback(lab: Lab, subject: str) -> bool:
    return re.search(r'process\.env\.\w+ \|\| "\w{16}"', line(lab, subject)) is not None
