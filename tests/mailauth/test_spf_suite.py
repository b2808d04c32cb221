"""The RFC 7208 suite, whole: 203 cases."""

from __future__ import annotations

import pytest

from launchready_tui.mailauth.spf import evaluate
from mailauth.suite import FILE, Case, cases

CASES = list(cases())

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"the suite is not here: {FILE.name}")


def test_the_suite_is_whole() -> None:
    assert len(CASES) == 203


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.name}" for n, case in enumerate(CASES)])
async def test_the_result_is_the_suites(case: Case) -> None:
    said = await evaluate(
        case.zone,
        ip=case.ip,
        sender=case.sender,
        helo=case.helo,
        default_explanation="DEFAULT",
    )
    assert said.result in case.results, said
    if case.explanation is not None:
        assert said.explanation == case.explanation
