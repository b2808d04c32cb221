"""Every dependency is tried with its oldest release."""

from __future__ import annotations

from pathlib import Path

from lowest import TRIED_BY, paths, wanted

ROOT = Path(__file__).parent.parent


def test_each_dependency_names_the_tests_that_try_it() -> None:
    assert set(TRIED_BY) == set(wanted((ROOT / "pyproject.toml").read_text("utf-8")))


def test_what_is_named_is_there_and_named_once() -> None:
    named = paths()
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert [path for path in named if str(Path(path).parent) in named] == []
