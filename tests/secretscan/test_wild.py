"""Forms that were collected from real code without a look at the rules: how many are told, and that
nothing is told of what only looks like one. Rules were written to the misses afterwards.
"""

from __future__ import annotations

import io

import pytest

from launchready_tui.secretscan.engine import Engine, Full, Reduced
from launchready_tui.secretscan.known import KnownValues
from launchready_tui.secretscan.search import Search
from secretscan.wild_places import Place, places

NEARLY_ALL, MOST = 0.95, 0.9


def told(engine: Engine, place: Place) -> set[tuple[str, int]]:
    search = Search(engine, KnownValues([]))
    search.stream(place.path, io.BytesIO(place.text.encode()))
    leaks = search.result().leaks
    return {(leak.rule, leak.line) for leak in leaks if leak.severity not in ("low", "info")}


@pytest.mark.parametrize(("kind", "share"), [(Full, NEARLY_ALL), (Reduced, MOST)], ids=str)
def test_most_is_told_and_nothing_else(kind: type[Engine], share: float) -> None:
    engine: Engine = kind()
    found = {place: told(engine, place) for place in places()}
    secrets = [place for place in found if place.secret]
    missed = [f"{place.area}: {place.path}" for place in secrets if not found[place]]
    assert len(secrets) >= 120 and len(found) >= 2 * len(secrets) - 20
    assert len(missed) <= (1 - share) * len(secrets), missed
    flagged = {place.path: hits for place, hits in found.items() if hits and not place.secret}
    assert flagged == {}
