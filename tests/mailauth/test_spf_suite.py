"""The RFC 7208 suite, whole: 203 cases."""

from __future__ import annotations

import pytest

from launchready_tui.facts.mail_lookup import lookup_of
from launchready_tui.mailauth.lookup import Lookup
from launchready_tui.mailauth.spf import Evaluation, evaluate
from launchready_tui.network import Options, Scope, open_network
from mailauth.suite import FILE, Case, cases
from mailauth.udp_zone import serving

CASES = list(cases())

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"the suite is not here: {FILE.name}")


def test_the_suite_is_whole() -> None:
    assert len(CASES) == 203


async def test_the_suite_passes_over_a_real_socket() -> None:
    """Every case through the door: our own resolver, UDP, and TCP where an answer is long."""
    wrong = []
    for zone in dict.fromkeys(case.zone for case in CASES):
        with serving(zone) as endpoint:
            for case in (case for case in CASES if case.zone is zone):
                scope = Scope(hosts=(), named=())
                async with open_network(scope, Options(resolver=endpoint)) as net:
                    said = await judged(lookup_of(net), case)
                if said.result not in case.results:
                    wrong.append((case.name, said))
    assert wrong == []


async def judged(lookup: Lookup, case: Case) -> Evaluation:
    return await evaluate(
        lookup, ip=case.ip, sender=case.sender, helo=case.helo, default_explanation="DEFAULT"
    )


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.name}" for n, case in enumerate(CASES)])
async def test_the_result_is_the_suites(case: Case) -> None:
    said = await judged(case.zone, case)
    assert said.result in case.results, said
    if case.explanation is not None:
        assert said.explanation == case.explanation
