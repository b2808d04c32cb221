"""Trying Redis logins: what is planned by the address, and what a real server's answer comes to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from launchready_tui.facts.trial_plan import Plan, Tried
from launchready_tui.facts.trials import plan_of
from launchready_tui.network import Options
from launchready_tui.recording.trial_recording import not_proven, sent
from servers.pki import Pki
from servers.processes import free_port
from servers.redis import Redis, running_redis

HOST = "cache.acme.test"
WORD = "wo" + "rd-7Kq2xZ9"
USERS = (
    f"user default on >{WORD} ~* &* +@all",
    f"user app on >{WORD} ~app:* +@read +@write +acl|whoami +acl|getuser",
    f"user quiet on >{WORD} ~* +@read",
    "user anybody on nopass ~* +@read",
)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def server(pki: Pki) -> Iterator[Redis]:
    with running_redis(pki.good(HOST), USERS, WORD) as running:
        yield running


def plan(url: str) -> Plan:
    return plan_of("REDIS_URL", url, {})


async def tried(pki: Pki, url: str, port: int) -> Tried:
    held = plan(url)
    pin = f"{held.host}:{held.port}=127.0.0.1:{port}"
    told, requests = await sent(held, Options(ca=str(pki.ca), connect=(pin,)), "Ana")
    assert WORD[:6] not in repr((told, requests, held))
    assert [(r.method, r.level) for r in requests] == [("REDIS", "active")]
    return told


@pytest.mark.parametrize(
    ("url", "where", "words"),
    [
        (f"rediss://:{WORD}@{HOST}", f"{HOST} port 6379", "certificate that is trusted"),
        (f"valkeys://app:{WORD}@{HOST}:6380/1", f"{HOST} port 6380", "certificate that is trusted"),
        (f"redis://:{WORD}@localhost", "127.0.0.1 port 6379", "stays on this computer"),
        (f"redis://:{WORD}@{HOST}", f"{HOST} port 6379", "password is not sent"),
        (f"redis://:{WORD}@10.0.0.9", "10.0.0.9 port 6379", "password is not sent"),
        (f"rediss://{HOST}", f"{HOST} port 6379", "its address has none"),
    ],
)
def test_a_plan_says_over_which_line_the_password_goes(url: str, where: str, words: str) -> None:
    held = plan(url)
    assert (held.way, held.where) == ("REDIS", where)
    assert words in held.sends
    assert bool(held.secret) == ("not sent" not in words and "none" not in words)
    assert held.scope("Ana").named == (held.host,)


async def test_a_user_with_little_power_works_and_is_told_apart(pki: Pki, server: Redis) -> None:
    told = await tried(pki, f"rediss://app:{WORD}@{HOST}", server.port)
    assert (told.result, told.role_seen, told.powers) == ("works", True, ())
    assert "signed in at cache.acme.test (TLSv1." in told.detail
    assert "still works" in not_proven(told)


async def test_the_user_called_default_is_told_by_what_was_seen(pki: Pki, server: Redis) -> None:
    told = await tried(pki, f"rediss://:{WORD}@{HOST}", server.port)
    assert told.powers == (
        "its user is the one called default",
        "it may use +@all on every key (~*)",
    )


async def test_rights_that_may_not_be_asked_for_stay_open(pki: Pki, server: Redis) -> None:
    told = await tried(pki, f"rediss://quiet:{WORD}@{HOST}", server.port)
    assert (told.result, told.role_seen, told.powers) == ("works", False, ())
    assert "NOPERM" in told.detail


async def test_a_dead_password_is_refused_and_that_is_a_proof(pki: Pki, server: Redis) -> None:
    told = await tried(pki, f"rediss://app:{WORD[::-1]}@{HOST}", server.port)
    assert (told.result, told.detail) == ("refused", f"WRONGPASS from {HOST}")
    assert not_proven(told) == ""


async def test_a_password_that_was_not_sent_proves_nothing(pki: Pki) -> None:
    with running_redis(None, USERS, WORD) as plain:
        told = await tried(pki, f"redis://app:{WORD[::-1]}@{HOST}", plain.port)
        assert told.result == "unknown"
        assert "not sent" in told.detail
        assert not_proven(told).startswith("Not known")
        told = await tried(pki, f"redis://app:{WORD}@127.0.0.1", plain.port)
        assert told.result == "works"
        assert "without encryption" in told.detail


async def test_a_server_that_is_open_to_all_is_told_without_a_password(pki: Pki) -> None:
    with running_redis(None, ["user default on nopass ~* +@all"], WORD) as plain:
        told = await tried(pki, f"redis://:{WORD}@{HOST}", plain.port)
    assert told.result == "open"
    assert "without asking" in told.detail


async def test_where_nobody_listens_nothing_is_known(pki: Pki) -> None:
    told = await tried(pki, f"rediss://app:{WORD}@{HOST}", free_port())
    assert told.result == "unknown"
