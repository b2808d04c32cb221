"""Caches, origins and sessions in one run, from the account in the vault to the outcome."""

from __future__ import annotations

import msgspec
import pytest

from launchready_tui.catalogue import load
from launchready_tui.given import Keys, Permits, Target, Told, Web
from launchready_tui.model import Level, State
from launchready_tui.network import Scope
from launchready_tui.recheck import Answered, Question, look
from launchready_tui.secret import Secret
from servers.desk import BAD, DOMAIN, GOOD, MARKER, PASSWORD, PLACE, USER, Desk
from servers.knot import running_knot

ITEMS = ("cache.public", "cache.private", "cors.origins", "access.session")
ACTIVE = ("login-flow", "cache-deception", "cors-preflight")
ZONE = f"@ A {PLACE}\napp A {PLACE}\nbad A {PLACE}\n"


async def looked(desk: Desk, host: str, *paths: str, probes: tuple[str, ...] = ()) -> Answered:
    """One run as the wizard starts it, with a test user's account and no session."""
    account = Secret(f"{USER}\n{PASSWORD}")
    own = tuple(f"https://{host}{path}" for path in paths)
    catalogue = load()
    with running_knot({DOMAIN: ZONE}) as resolver:
        return await look(
            Question(
                items=tuple(map(catalogue.item, ITEMS)),
                target=Target(
                    domain=DOMAIN,
                    web=Web(app=f"https://{host}", private=own, markers=(MARKER,),
                            login=f"https://{host}/login"),
                ),
                told=Told(),
                scope=Scope(hosts=(DOMAIN,), level=Level.ACTIVE, named=(DOMAIN, GOOD, BAD)),
                options=msgspec.structs.replace(desk.options, resolver=resolver),
                permits=Permits(probes=probes, by="Ana"),
                keys=Keys(lambda: ("test-login",), {"test-login": account}.get),
            )
        )  # fmt: skip


async def test_a_sound_app_is_green_without_a_person(desk: Desk) -> None:
    seen = await looked(desk, GOOD, "/orders", probes=ACTIVE)
    outcomes = seen.run.outcomes
    assert {item: outcomes[item].state for item in ITEMS} == dict.fromkeys(ITEMS, State.PASS)
    assert [item for item in ITEMS if not outcomes[item].proven] == ["cache.public"]


async def test_a_careless_app_is_found_out(desk: Desk) -> None:
    seen = await looked(desk, BAD, "/orders", "/kept/orders", probes=ACTIVE)
    found = {(f.code, f.subject) for o in seen.run.outcomes.values() for f in o.findings}
    assert found >= {
        ("private-page-cached", f"https://{BAD}/kept/orders"),
        ("private-no-cache-control", f"https://{BAD}/orders"),
        ("cache-deception", f"https://{BAD}/orders"),
        ("session-fixation", f"https://{BAD}/login"),
        ("logout-ineffective", f"https://{BAD}/logout"),
    }
    assert not {code for code, _ in found} & {"private-cacheable", "cors-reflect-credentials"}


@pytest.mark.parametrize("host", [GOOD, BAD])
async def test_without_leave_it_only_reads_as_a_stranger(desk: Desk, host: str) -> None:
    seen = await looked(desk, host, "/orders")
    outcomes = seen.run.outcomes
    assert set(seen.counts) <= {"DNS/passive", "TLS/passive", "GET/passive"}
    assert outcomes["access.session"].state is State.UNKNOWN
    assert "vault set test-session" in outcomes["cache.private"].cause
    assert outcomes["cors.origins"].state is State.PASS
    assert not outcomes["cors.origins"].proven
