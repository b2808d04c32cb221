"""The company is served once for all tests of the facts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from facts.company import Company, running_company
from servers.desk import Desk, running_desk
from servers.pki import Pki
from servers.processes import program

Commit = Callable[..., None]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with running_company(Pki(tmp_path_factory.mktemp("company"))) as served:
        yield served


@pytest.fixture
def commit(tmp_path: Path) -> Commit:
    """Makes `tmp_path` a repository and commits the given paths."""
    git = program("git")

    def committed(*paths: str) -> None:
        person = ("-c", "user.name=Ana", "-c", "user.email=ana@acme.test")
        for command in (("init", "-q"), ("add", "-f", "--", *paths), ("commit", "-qm", "one")):
            subprocess.run(
                [git, "-C", str(tmp_path), *person, *command], check=True, capture_output=True
            )

    return committed


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running_desk(Pki(tmp_path_factory.mktemp("desk"))) as served:
        yield served
