"""A domain's mail at a real nameserver: one good company, and one for each fault."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from facts.mail_company import BROKEN, running_companies
from launchready_tui.commands.mail import catalogue, target_of
from launchready_tui.facts import saved
from launchready_tui.given import Told
from launchready_tui.model import Level, State
from launchready_tui.network import Options, Scope
from launchready_tui.recheck import Answered, Question, look
from network.hostile import hostile_dns

ITEMS = catalogue().items


@pytest.fixture(scope="module")
def options() -> Iterator[Options]:
    with running_companies() as served:
        yield served


async def looked(options: Options, domain: str, **said: tuple[str, ...]) -> Answered:
    question = Question(
        items=ITEMS,
        target=target_of(domain, **said),
        told=Told(),
        scope=Scope(hosts=(domain,), named=(domain,), level=Level.PASSIVE, by="Ana"),
        options=options,
    )
    return await look(question)


def found(answered: Answered) -> set[str]:
    outcomes = answered.run.outcomes.values()
    told = {f"{f.code} {f.subject}" for outcome in outcomes for f in outcome.findings}
    return {one for one in told if not one.startswith(("spf-notes", "dmarc-no-ruf"))}


async def test_a_good_company_passes(options: Options) -> None:
    answered = await looked(options, "good.test", senders=("google",))
    assert found(answered) == set()
    states = {id: outcome.state for id, outcome in answered.run.outcomes.items()}
    assert set(states.values()) == {State.PASS}, answered.run.outcomes
    assert {request.level for request in answered.requests} == {"passive"}
    not_run = [seen.value for seen in answered.run.outcomes["mail.transport"].seen]
    assert any(value.startswith("not run here") for value in not_run)


@pytest.mark.parametrize("label", BROKEN)
async def test_a_fault_is_found_and_nothing_else(options: Options, label: str) -> None:
    answered = await looked(options, f"{label}.test")
    assert found(answered) >= set(BROKEN[label][1]), answered.run.outcomes
    for outcome in answered.run.outcomes.values():
        assert outcome.state is not State.ERROR, outcome
        for finding in outcome.findings:
            assert "host field" in finding.params["publish"]


async def test_facts_can_be_kept_and_judged_again(options: Options) -> None:
    answered = await looked(options, "good.test", senders=("google",))
    again = await looked(options, "good.test", senders=("google",))
    assert saved.encode(answered.run.facts) == saved.encode(again.run.facts)
    assert saved.decode(saved.encode(answered.run.facts)) == dict(answered.run.facts)


@pytest.mark.parametrize("way", ["servfail", "refused", "silent"])
async def test_a_nameserver_that_fails_says_nothing_about_the_domain(way: str) -> None:
    with hostile_dns({}, default=way) as resolver:
        answered = await looked(Options(resolver=resolver, dns_wait=0.05), "acme.test")
    assert found(answered) == set()
    for id, outcome in answered.run.outcomes.items():
        assert outcome.state is State.UNKNOWN, (id, outcome)
        assert resolver in outcome.cause, (id, outcome.cause)
