"""One lab for the tests that only look at it; those that change it start their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from launchready_tui.demo import Lab


@pytest.fixture(scope="package")
def lab() -> Iterator[Lab]:
    with Lab.start() as running:
        yield running
        assert running.troubles == []


@pytest.fixture
def own_lab() -> Iterator[Lab]:
    with Lab.start() as running:
        yield running
        assert running.troubles == []
