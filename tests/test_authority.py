"""Who authorised what: a run is passive until a consent reaches and a permit was given."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

import launchready_tui.checks  # noqa: F401  registers every check
from launchready_tui import authority, engine
from launchready_tui.authority import UnknownProbe
from launchready_tui.catalogue import load
from launchready_tui.engine import ItemJudged
from launchready_tui.given import NOT_TRIED, Keys, Permits, Target
from launchready_tui.model import Consent, Fact, Level, Outcome, State
from launchready_tui.network import Network, Options, Scope
from launchready_tui.outcomes import passed, unknown
from launchready_tui.secret import Secret
from launchready_tui.session import Session, SessionError
from network.hostile import hostile_http

PROBE = load().active[0]
LOAD = replace(PROBE, id="crowd", level=Level.LOAD, seconds=20)
ITEM = "dns.apex"


def test_all_names_every_probe_and_commas_part_them() -> None:
    catalogue = replace(load(), active=(PROBE, LOAD))
    assert authority.probes_of(catalogue, ["all"]) == (PROBE, LOAD)
    assert authority.probes_of(catalogue, [f"crowd, {PROBE.id}"]) == (PROBE, LOAD)
    assert authority.probes_of(catalogue, []) == ()


def test_an_unknown_probe_gets_a_suggestion() -> None:
    with pytest.raises(UnknownProbe, match=f"Did you mean {PROBE.id}"):
        authority.probes_of(load(), [PROBE.id[:-1]])


@pytest.mark.parametrize(
    ("level", "probes", "reaches"),
    [
        (Level.PASSIVE, (), True),
        (Level.PASSIVE, (PROBE,), False),
        (Level.ACTIVE, (PROBE,), True),
        (Level.ACTIVE, (PROBE, LOAD), False),
        (Level.LOAD, (PROBE, LOAD), True),
    ],
)
def test_a_consent_covers_the_levels_before_it(
    level: Level, probes: tuple[object, ...], reaches: bool
) -> None:
    refused = authority.too_far(level, probes)  # type: ignore[arg-type]
    assert bool(refused) is not reaches
    assert reaches or "launchready consent --level" in refused


@pytest.mark.parametrize(
    ("consent", "probes", "level"),
    [
        (Level.LOAD, (), Level.PASSIVE),
        (Level.LOAD, (PROBE,), Level.ACTIVE),
        (Level.ACTIVE, (LOAD,), Level.ACTIVE),
        (Level.PASSIVE, (PROBE,), Level.PASSIVE),
    ],
)
def test_a_run_goes_no_further_than_its_probes_nor_than_the_consent(
    consent: Level, probes: tuple[object, ...], level: Level
) -> None:
    scope = Scope(hosts=("acme.test",), level=consent)
    assert authority.lowered(scope, probes).level is level  # type: ignore[arg-type]


def test_the_newest_consent_counts() -> None:
    from datetime import UTC, datetime

    at = datetime(2031, 1, 1, tzinfo=UTC)
    consents = [
        Consent(by="Anna", at=at, level=Level.ACTIVE, hosts=("acme.test",)),
        Consent(by="Ben", at=at, level=Level.PASSIVE, hosts=("acme.test",)),
    ]
    scope = authority.scope_of(consents, Target(domain="acme.test"))
    assert (scope.by, scope.level) == ("Ben", Level.PASSIVE)
    assert authority.scope_of([], Target(domain="acme.test")).hosts == ()


# ---------------------------------------------------------------- in a run


class Knocked(Fact, frozen=True, kw_only=True):
    sent: str
    key: str
    permits: tuple[str, ...]


async def knocked(net: Network, permits: Permits, keys: Keys, target: Target) -> Knocked:
    """Knock as an active probe does, whether or not it was allowed: the door has to hold."""
    url = target.urls[0]
    fetched = await net.fetch(url, method="POST", level=Level.ACTIVE, content=b"x")
    secret = keys.get("test-session")
    return Knocked(
        sent=fetched.hops[0].outcome,
        key=secret.reveal() if secret else "",
        permits=permits.probes,
    )


def knocking(fact: Knocked) -> Outcome:
    return passed(f"{fact.sent} {fact.key} {','.join(fact.permits)}")


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A sprint whose item asks a check that knocks at a server of this machine."""
    monkeypatch.setitem(engine.GATHERERS, "Knocked", engine.Gatherer(knocked, 9.0))
    monkeypatch.setitem(engine.FACT_TYPES, "Knocked", Knocked)
    monkeypatch.setitem(engine.CHECKS, ITEM, engine.Check(ITEM, knocking))
    with hostile_http() as server:
        opened = Session.create(
            tmp_path / "acme",
            domain="acme.test",
            by="Anna",
            level=Level.PASSIVE,
            urls=(f"http://acme.test:{server.port}/page",),
            options=Options(connect=(f"acme.test:{server.port}=127.0.0.1:{server.port}",)),
        )
        yield opened
        opened.close()


def summary(session: Session, permits: Permits | None = None) -> str:
    done = threading.Event()
    given = {"permits": permits} if permits is not None else {}
    session.recheck([ITEM], done=lambda trouble: done.set(), **given)  # type: ignore[arg-type]
    assert done.wait(30)
    return session.outcomes[ITEM].summary


def test_without_a_permit_the_door_holds_although_the_consent_reaches(session: Session) -> None:
    session.consent(Level.ACTIVE, "Anna")
    assert summary(session) == "blocked  "
    assert all(kind.endswith("/passive") for kind in session.counts)


def test_a_permit_opens_the_door_for_one_run_and_is_counted(session: Session) -> None:
    session.consent(Level.ACTIVE, "Anna")
    session.keychain.put("test-session", Secret("sesame"))
    permits = session.allow([PROBE.id], "Ben")
    assert summary(session, permits).endswith(f"sesame {PROBE.id}")
    assert session.counts == {"POST/active": 1}
    told = session.store.journal()[-1]
    assert (told.by, told.action) == ("Ben", f"active probes allowed for one run: {PROBE.id}")
    assert summary(session) == "blocked sesame "


def test_a_permit_is_refused_where_the_consent_does_not_reach(session: Session) -> None:
    with pytest.raises(SessionError, match="launchready consent --level"):
        session.allow([PROBE.id], "Ben")
    assert session.store.journal()[-1].action.startswith("consent")


def test_a_vault_that_hangs_or_fails_leaves_the_run_without_secrets(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT", "nonsense")
    assert summary(session) == "blocked  "
    assert "nonsense" in session.keychain.notice


def test_what_was_tried_is_not_forgotten_by_a_run_that_may_not_try(session: Session) -> None:
    tried, not_tried = passed("tried"), unknown(f"{NOT_TRIED}; allow “knock”")
    session.seen.judged(ItemJudged(item=ITEM, outcome=not_tried))
    assert session.outcomes[ITEM].state is State.UNKNOWN
    session.seen.judged(ItemJudged(item=ITEM, outcome=tried))
    session.seen.judged(ItemJudged(item=ITEM, outcome=not_tried))
    assert session.outcomes[ITEM] == tried
    session.seen.judged(ItemJudged(item=ITEM, outcome=unknown("timed out")))
    assert session.outcomes[ITEM].state is State.UNKNOWN


def test_a_question_that_several_facts_have_is_asked_once() -> None:
    asked: list[str] = []

    async def main() -> list[str]:
        async with Network(Scope(hosts=()), Options()) as net:

            async def ask() -> str:
                asked.append("asked")
                await asyncio.sleep(0)
                return "answer"

            return list(await asyncio.gather(*(net.once("key", ask) for _ in range(3))))

    assert asyncio.run(main()) == ["answer"] * 3
    assert asked == ["asked"]
