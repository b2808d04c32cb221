"""The oldest release that pyproject.toml allows of each direct dependency, and what tries it.

`lowest.py pyproject.toml` prints the releases, as constraints; `lowest.py --tests` the tests. A
lower bound is wrong where an interface that we use is not there yet or behaves otherwise: the tests
named here go through every module that imports the dependency. What a test of our own rules says
is the same with either release, and is said once, with the pinned ones.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

TRIED_BY = {
    "aiosmtpd": ("cli/test_mail_send.py", "network/test_smtp_send.py", "demo/test_lab.py"),
    "certifi": ("network",),
    "click": (
        "cli/test_front_door.py", "cli/test_permits.py", "cli/test_secrets.py",
        "cli/test_sprint_commands.py", "cli/test_vault.py",
    ),
    "cryptography": ("demo", "mailauth/test_dkim_verify.py", "network", "test_sealed_file.py"),
    "dnspython": ("demo", "facts/test_zone.py", "network"),
    "filelock": ("sprint", "test_sealed_file.py"),
    "h11": ("facts/test_noisy.py", "network"),
    "h2": ("demo/test_http2.py", "network/test_tls.py"),
    "icalendar": ("guide/test_due.py",),
    "idna": ("mailauth/test_oracles.py", "network", "test_domain.py"),
    "keyring": ("test_keychain.py", "test_vault.py"),
    "markdown-it-py": ("guide/test_handover.py", "guide/test_markdown.py", "screens"),
    "msgspec": (
        "cli/test_cloudflare.py", "exports", "sprint", "test_badfile.py", "test_catalogue.py",
        "test_observations.py", "test_received.py", "test_watch.py",
    ),
    "platformdirs": ("cli/test_sprint_commands.py", "sprint/test_launchfile.py"),
    "python-dotenv": (
        "demo/test_planted_env.py", "facts/test_env_values.py", "secretscan/test_other_forms.py",
    ),
    "starlette": ("demo", "network/test_tls.py"),
    "textual": ("screens",),
    "tomli": ("test_badfile.py", "test_catalogue.py"),
    "tomli-w": ("cli/test_cloudflare.py", "sprint"),
    "uvicorn": ("demo", "network/test_tls.py"),
}  # fmt: skip
"""For each dependency files and folders of tests."""


def wanted(pyproject: str) -> dict[str, str]:
    """The lower bound of each direct dependency."""
    project = tomllib.loads(pyproject)["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["demo"]]
    matches = (re.match(r"([A-Za-z0-9._-]+)>=([0-9.]+)", line) for line in lines)
    return {match[1]: match[2] for match in matches if match}


def paths() -> list[str]:
    """Where to look for tests: nothing twice, and no file of a folder that is named."""
    named = {path for paths in TRIED_BY.values() for path in paths}
    return sorted(f"tests/{path}" for path in named if str(Path(path).parent) not in named)


if __name__ == "__main__":
    if sys.argv[1] == "--tests":
        print("\n".join(paths()))
    else:
        bounds = wanted(Path(sys.argv[1]).read_text("utf-8"))
        print("\n".join(sorted(f"{name}=={release}" for name, release in bounds.items())))
