"""`launchready.toml`: what the sprint is about. People write it; the tool creates it once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import tomli_w

from launchready_tui.badfile import BadFile, read_toml
from launchready_tui.domain import BadInput, domain_of, url_of
from launchready_tui.model import Record, Target
from launchready_tui.sprint import atomic
from launchready_tui.text import safe

NAME = "launchready.toml"


class LaunchFile(Record, frozen=True, kw_only=True):
    """The keys of launchready.toml. `repo` and `redirects` are relative to the file."""

    schema: Literal[1]
    domain: str
    client: str = ""
    repo: str = ""
    urls: tuple[str, ...] = ()
    environments: tuple[str, ...] = ("dev", "preview", "prod")
    traits: dict[str, bool] = {}
    redirects: str = ""


def find_sprint(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds a launchready.toml."""
    start = start.absolute()
    return next((f for f in (start, *start.parents) if (f / NAME).is_file()), None)


def read_target(root: Path) -> Target:
    """What launchready.toml in `root` says. Raises BadFile with what to mend."""
    path = root / NAME
    given = read_toml(path, LaunchFile)
    try:
        domain = domain_of(given.domain)
        urls = tuple(url_of(url) for url in given.urls)
    except BadInput as error:
        key = error.field
        raise BadFile(
            path, error.message.rstrip("."), key=key, suggestion=error.suggestion
        ) from None
    return Target(
        domain=domain,
        client=safe(given.client, one_line=True, limit=100),
        repo=os.path.normpath(root / given.repo) if given.repo else "",
        urls=urls,
        environments=given.environments,
        traits=given.traits,
        redirects=os.path.normpath(root.absolute() / given.redirects) if given.redirects else "",
    )


def create(root: Path, *, domain: str, repo: str, client: str, urls: tuple[str, ...]) -> None:
    """Write launchready.toml into `root`. Raises BadInput for what cannot be used."""
    path = root / NAME
    if path.exists():
        raise BadInput(
            "folder",
            f"{safe(str(root), one_line=True)} already holds a sprint.",
            "Open it with `launchready`, or choose another folder.",
        )
    name = domain_of(domain)
    addresses = tuple(dict.fromkeys(url_of(url) for url in urls if url.strip()))
    folder = _repo_folder(root, repo)
    atomic.write(path, _template(name, client.strip(), folder, addresses).encode())


def _repo_folder(root: Path, repo: str) -> str:
    """The code's folder relative to the sprint's. Raises BadInput if it cannot be read."""
    if not repo.strip():
        return ""
    folder = Path(repo.strip()).expanduser().absolute()
    shown = safe(str(folder), one_line=True)
    if not folder.exists():
        raise BadInput("repo", f"there is no folder {shown}.", "Give the folder of the code.")
    if not folder.is_dir():
        raise BadInput("repo", f"{shown} is a file.", "Give the folder that holds it.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise BadInput("repo", f"{shown} may not be read.", "Check its permissions.")
    try:
        return os.path.relpath(folder.resolve(), root.resolve())
    except ValueError:  # another drive has no relative path
        return str(folder.resolve())


def _template(domain: str, client: str, repo: str, urls: tuple[str, ...]) -> str:
    def line(key: str, value: object) -> str:
        return tomli_w.dumps({key: value}).rstrip("\n")

    return f"""\
# What this launch is about. Yours to edit: launchready reads this file and never rewrites it.
schema = 1

# The domain people type, without www.
{line("domain", domain)}

# Whom the sprint is for, as it stands on the handover guide.
{line("client", client)}

# The folder of the code, relative to this file. Empty: nothing about the code can be checked.
{line("repo", repo)}

# Other addresses that belong to the launch, such as a preview.
{line("urls", list(urls))}

environments = ["dev", "preview", "prod"]

# A list of old addresses and where each should lead, relative to this file, for stage 3.
# redirects = "old-urls.csv"

# What is true of this launch; false takes the items that do not apply out of the count.
[traits]
# sends_email = true
"""
