"""A second corpus, of other tools' files; rules were written to it afterwards: how much is found,
and that nothing of it that only looks like a secret is told above a note.
"""

from __future__ import annotations

import pytest

from launchready_tui.secretscan.engine import Engine, Full, Reduced
from launchready_tui.secretscan.search import scan_folder
from secretscan.corpus import Made
from secretscan.other_corpus import other

NEARLY_ALL, MOST = 0.95, 0.85


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return other(tmp_path_factory.mktemp("other") / "desk")


@pytest.mark.parametrize(("kind", "share"), [(Full, NEARLY_ALL), (Reduced, MOST)], ids=str)
def test_what_is_planted_is_found_and_nothing_else(
    made: Made, kind: type[Engine], share: float
) -> None:
    engine: Engine = kind()
    told = [leak for leak in scan_folder(made.root, engine).leaks if leak.severity != "info"]
    paths = [leak.path for leak in told]
    missed = {name for name in made.secrets if not any(path.endswith(name) for path in paths)}
    assert len(made.secrets) >= 60 and len(made.innocent) >= 80
    assert len(missed) <= (1 - share) * len(made.secrets), sorted(missed)
    flagged = {
        (leak.path, leak.rule, leak.severity)
        for leak in told
        if leak.severity != "low" and not any(leak.path.endswith(name) for name in made.secrets)
    }
    assert flagged == set()
