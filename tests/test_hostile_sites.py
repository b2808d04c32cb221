"""Sites whose front page is in order and whose every other address means harm, or is not theirs.

All gatherers of the web edge run against each of them, the active ones too: the run ends, accuses
nobody, and whatever could not be looked at is told with its cause.
"""

from __future__ import annotations

import asyncio
import time

import pytest

from launchready_tui.catalogue import load
from launchready_tui.given import Keys, Permits, Target, Told, Web
from launchready_tui.model import Kind, Level, Outcome, Severity, State
from launchready_tui.network import Options, Scope
from launchready_tui.recheck import RUN_SECONDS, Answered, Question, look_together
from launchready_tui.secret import Secret
from network.hostile import BEHIND, CHALLENGES, hostile_dns, hostile_site
from servers.pki import Pki

DOMAIN = "hostile.test"
PROBES = tuple(probe.id for probe in load().active if probe.level is not Level.LOAD)
HELD = {"test-session": "session=abcdef0123456789", "test-login": "ann@acme.test\npass word 123"}
BLOCKERS = {f.code for i in load().items for f in i.faults if f.severity is Severity.BLOCKER}
ASSISTED = {item.id for item in load().items if item.kind is Kind.ASSISTED}
NEEDS_ANSWERS = (
    "access.data-platform", "access.open-pages", "access.session", "cache.private",
    "cors.origins", "exposure.files", "exposure.javascript", "limits.auth-routes",
    "login.callbacks", "site.errors", "webhooks.reachable",
)  # fmt: skip
ITEMS = (
    "access.", "cache.", "config.", "cors.", "exposure.", "limits.", "login.", "site.", "webhooks.",
)  # fmt: skip


def question(label: str, options: Options) -> Question:
    host = f"{label}.{DOMAIN}"
    at = f"https://{host}"
    return Question(
        items=tuple(item for item in load().items if item.id.startswith(ITEMS)),
        target=Target(
            domain=host,
            only=True,
            web=Web(
                app=at,
                private=(f"{at}/orders",),
                api=(f"{at}/api/orders",),
                login=f"{at}/login",
                logout=f"{at}/logout",
                webhooks=(f"{at}/hooks/pay",),
                markers=("Ann of Desk",),
            ),
        ),
        told=Told(),
        scope=Scope(hosts=(DOMAIN,), level=Level.ACTIVE, by="a test", named=(DOMAIN,)),
        options=options,
        permits=Permits(probes=PROBES, by="a test"),
        keys=Keys(lambda: HELD, lambda name: Secret(HELD[name]) if name in HELD else None),
    )


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answered]:
    pki = Pki(tmp_path_factory.mktemp("hostile"))
    papers = pki.good(*(f"{label}.{DOMAIN}" for label in BEHIND))
    with (
        hostile_site(str(papers.chain), str(papers.key)) as port,
        hostile_dns({}, default="answer") as resolver,
    ):
        options = Options(
            resolver=resolver,
            ca=str(pki.ca),
            connect=(f"*:443=127.0.0.1:{port}", "*:80=127.0.0.1:9"),
        )
        started = time.monotonic()
        answers = asyncio.run(look_together([question(label, options) for label in BEHIND]))
        assert time.monotonic() - started < RUN_SECONDS + 5
    return dict(zip(BEHIND, answers, strict=True))


UNHEARD = (
    *CHALLENGES, "too-many", "overloaded", "slow-headers", "silent", "long-header",
    "long-status", "endless-103", "garbage", "nothing", "two-lengths",
)  # fmt: skip
"""Sites of which nothing behind the front page can be known."""


def outcomes(answered: dict[str, Answered], label: str) -> dict[str, Outcome]:
    return dict(answered[label].run.outcomes)


@pytest.mark.slow
@pytest.mark.parametrize("label", BEHIND)
def test_the_run_ends_without_an_error_and_tells_every_cause(
    answered: dict[str, Answered], label: str
) -> None:
    found = outcomes(answered, label)
    assert State.ERROR not in {o.state for o in found.values()}, found
    assert all(o.cause for o in found.values() if o.state is State.UNKNOWN)
    assert not [f.code for o in found.values() for f in o.findings if f.code in BLOCKERS]
    inside = [o for item, o in found.items() if item.startswith(("access.", "cache.private"))]
    assert not [f.code for o in inside for f in o.findings]


@pytest.mark.slow
@pytest.mark.parametrize("label", UNHEARD)
def test_what_was_not_heard_is_neither_a_fault_nor_in_order(
    answered: dict[str, Answered], label: str
) -> None:
    found = outcomes(answered, label)
    faults = [f"{f.code}: {f.observed}" for o in found.values() for f in o.findings]
    allowed = "cf-challenge-on-api" if label in CHALLENGES else "-"
    assert not [fault for fault in faults if not fault.startswith(allowed)]
    refuses = {"limits.auth-routes"} if label in (*CHALLENGES, "too-many") else set()
    for item in {*NEEDS_ANSWERS} - refuses:
        assert found[item].state in (State.UNKNOWN, State.FAIL) or not found[item].proven, (
            item,
            found[item],
        )
        assert found[item].state is not State.PASS or item in ASSISTED, (item, found[item])
