"""Signing in to a real Redis, and to what only says that it is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from launchready_tui.model import Level
from launchready_tui.network import Options, Scope, open_network
from launchready_tui.network.redis import RedisLogin, RedisSignedIn, Reply, rights_of
from launchready_tui.secret import Secret
from servers.liar import liar
from servers.pki import Pki
from servers.processes import free_port
from servers.redis import Redis, running_redis

HOST = "cache.acme.test"
WORD = "wo" + "rd-ü7Kq2"
USERS = (
    f"user default on >{WORD} ~* &* +@all",
    f"user app on >{WORD} ~cache:* -@all +@read +@write +acl|whoami +acl|getuser",
    f"user most on >{WORD} ~* +@all -@admin -@dangerous +acl|getuser",
    f"user every on >{WORD} ~cache:* +@all",
    f"user settings on >{WORD} ~cache:* -@all +@read +config +acl",
    f"user chosen on >{WORD} ~cache:* -@all +@read +acl|whoami +acl|getuser (~* +@all)",
    f"user quiet on >{WORD} ~* +@read",
    f"user asleep off >{WORD} ~* +@all",
    "user anybody on nopass ~* -@all +@read +acl|whoami +acl|getuser",
)


@pytest.fixture(scope="module")
def server(pki: Pki) -> Iterator[Redis]:
    with running_redis(pki.good(HOST), USERS, WORD) as running:
        yield running


@pytest.fixture(scope="module")
def plain() -> Iterator[Redis]:
    with running_redis(None, USERS, WORD) as running:
        yield running


async def tried(
    pki: Pki,
    port: int,
    user: str = "",
    *,
    password: str | None = WORD,
    encryption: Literal["verified", "none"] = "verified",
    level: Level = Level.ACTIVE,
    hosts: tuple[str, ...] = (HOST,),
    ca: str = "",
) -> tuple[RedisSignedIn, list[str]]:
    pin = f"{HOST}:6379=127.0.0.1:{port}"
    options = Options(
        ca=ca or str(pki.ca), connect=(pin,), handshake_timeout=2.0, fetch_timeout=4.0
    )
    secret = None if password is None else Secret(password)
    login = RedisLogin(user=user, password=secret, encryption=encryption)
    scope = Scope(hosts=hosts, level=level, by="Ana", named=hosts)
    async with open_network(scope, options) as net:
        told = await net.sign_in_redis(HOST, 6379, login)
        return told, [f"{r.method}/{r.level} {r.host} {r.outcome}" for r in net.log.entries]


async def test_a_user_signs_in_over_verified_tls_and_its_rights_are_read(
    pki: Pki, server: Redis
) -> None:
    told, log = await tried(pki, server.port, "app")
    assert (told.outcome, told.verified, told.tls[:4]) == ("works", True, "TLSv")
    assert log == [f"REDIS/active {HOST} works"]
    assert told.rights is not None
    assert (told.rights.wide, told.rights.every_key, told.rights.default_user) == ((), False, False)


@pytest.mark.parametrize(
    ("user", "wide", "every_key"),
    [
        ("", ("+@all",), True),
        ("default", ("+@all",), True),
        ("every", ("+@all",), False),
        ("settings", ("+acl", "+config"), False),
        ("chosen", ("+@all",), True),
        ("most", (), True),
    ],
)
async def test_what_reaches_the_server_itself_is_told_by_its_own_words(
    user: str, wide: tuple[str, ...], every_key: bool, pki: Pki, server: Redis
) -> None:
    told, _ = await tried(pki, server.port, user)
    assert told.outcome == "works"
    assert told.rights is not None
    assert (told.rights.wide, told.rights.every_key) == (wide, every_key)
    assert told.rights.default_user == (user in ("", "default"))


async def test_a_user_who_may_not_ask_what_it_may_do_leaves_that_open(
    pki: Pki, server: Redis
) -> None:
    told, _ = await tried(pki, server.port, "quiet")
    assert (told.outcome, told.rights) == ("works", None)
    assert "NOPERM" in told.untold


@pytest.mark.parametrize("user", ["", "app", "nobody-of-this-name", "asleep"])
async def test_a_wrong_password_is_refused_and_stands_nowhere(
    user: str, pki: Pki, server: Redis
) -> None:
    wrong = "wr" + "ong-secret-1"
    told, log = await tried(pki, server.port, user, password=wrong)
    assert (told.outcome, told.code) == ("refused", "WRONGPASS")
    assert wrong not in repr((told, log))


async def test_a_user_who_needs_no_password_proves_nothing(pki: Pki, server: Redis) -> None:
    told, _ = await tried(pki, server.port, "anybody", password="any" + "thing")
    assert told.outcome == "open"
    told, _ = await tried(pki, server.port, "app")
    assert told.outcome == "works"


async def test_a_server_that_asks_for_no_password_is_told_before_one_is_sent(pki: Pki) -> None:
    with running_redis(None, ["user default on nopass ~* &* +@all"], WORD) as server:
        told, _ = await tried(pki, server.port, password=None, encryption="none")
        assert (told.outcome, told.tls) == ("open", "")
        assert told.rights is not None
        assert server.ask("ACL", "LOG") == ""


async def test_a_default_user_who_may_do_nothing_lets_nobody_in(pki: Pki) -> None:
    users = ["user default on nopass -@all", f"user app on >{WORD} ~* +@read"]
    with running_redis(None, users, WORD) as server:
        told, _ = await tried(pki, server.port, "app", encryption="none")
        assert told.outcome == "works"
        told, _ = await tried(pki, server.port, "app", password="another", encryption="none")
        assert told.outcome == "refused"


async def test_without_encryption_and_without_leave_no_password_is_sent(
    pki: Pki, plain: Redis
) -> None:
    told, _ = await tried(pki, plain.port, "app", password=None, encryption="none")
    assert told.outcome == "plain"
    assert "not sent" in told.cause
    told, _ = await tried(pki, plain.port, "app", encryption="none")
    assert (told.outcome, told.tls, told.verified) == ("works", "", False)


async def test_nothing_is_changed_by_a_trial(pki: Pki, server: Redis) -> None:
    before = server.ask("INFO", "keyspace"), server.ask("ACL", "LIST")
    await tried(pki, server.port)
    assert (server.ask("INFO", "keyspace"), server.ask("ACL", "LIST")) == before


async def test_a_certificate_that_is_not_trusted_stops_it(
    pki: Pki, server: Redis, tmp_path: Path
) -> None:
    told, _ = await tried(pki, server.port, ca=str(Pki(tmp_path).ca))
    assert told.outcome == "untrusted"


async def test_a_server_without_tls_gets_no_word_where_tls_was_wanted(
    pki: Pki, plain: Redis
) -> None:
    told, _ = await tried(pki, plain.port)
    assert told.outcome == "unknown"


async def test_scope_and_level_are_asked_before_anything_leaves(pki: Pki) -> None:
    told, log = await tried(pki, free_port(), level=Level.PASSIVE)
    assert (told.outcome, log) == ("blocked", [])
    told, log = await tried(pki, free_port(), hosts=("other.test",))
    assert (told.outcome, log) == ("blocked", [])


async def test_where_nobody_listens_nothing_is_known(pki: Pki) -> None:
    told, _ = await tried(pki, free_port())
    assert (told.outcome, told.rights) == ("unknown", None)


# ---------------------------------------------------------------- servers that lie


async def lied_to(pki: Pki, *answers: bytes) -> tuple[RedisSignedIn, bytes]:
    """What a client makes of a server that says these things, one after each of its messages."""
    async with liar(*answers) as (port, heard):
        told, _ = await tried(pki, port, "app", encryption="none")
    return told, bytes(heard)


NOAUTH = b"-NOAUTH Authentication required.\r\n"
NAME = b"$3\r\napp\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"",
        b"$2000000000\r\n",
        b"$-5\r\n",
        b"*900000000\r\n",
        b"*1\r\n" * 2_000,
        b"+" + b"x" * 100_000,
        b":one\r\n",
        b"+PANG\r\n",
        b"-DENIED Redis is running in protected mode\r\n",
        b"-LOADING Redis is loading the dataset in memory\r\n",
        b"-" + b"\xff\xfe\x00" * 9 + b"\r\n",
    ],
    ids=[
        "http", "silence", "huge", "negative", "many", "deep", "endless", "no number", "other",
        "protected", "loading", "bytes",
    ],
)  # fmt: skip
async def test_what_lies_or_speaks_otherwise_stays_unknown_and_hears_no_password(
    answer: bytes, pki: Pki
) -> None:
    told, heard = await lied_to(pki, answer)
    assert told.outcome == "unknown", told
    assert told.cause
    assert WORD.encode() not in heard


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"-WRONGPASS invalid username-password pair or user is disabled.\r\n", "refused"),
        (b"-ERR invalid password\r\n", "refused"),
        (b"-ERR wrong number of arguments for 'auth' command\r\n", "unknown"),
        (b"-ERR invalid password for now\r\n", "unknown"),
        (b"-NOPERM this user has no permissions to run the 'auth' command\r\n", "unknown"),
        (b"-WRONGPASSWORD\r\n", "unknown"),
        (b"+NO\r\n", "unknown"),
        (b":1\r\n", "unknown"),
        (b"", "unknown"),
    ],
)
async def test_only_the_documented_words_are_a_refusal(
    answer: bytes, outcome: str, pki: Pki
) -> None:
    told, _ = await lied_to(pki, NOAUTH, answer)
    assert told.outcome == outcome, told
    assert told.rights is None


@pytest.mark.parametrize(
    "answers",
    [
        (b"-ERR unknown command 'ACL'\r\n",),
        (b":1\r\n",),
        (NAME, b"$-1\r\n"),
        (NAME, b"+all\r\n"),
        (NAME, b"*2\r\n$8\r\ncommands\r\n$5\r\n+@all\r\n"),
        (NAME, b"-ERR " + WORD.encode() + b"\r\n"),
    ],
    ids=["before 6", "number", "gone", "text", "half", "error"],
)
async def test_rights_that_are_not_told_are_not_guessed(
    answers: tuple[bytes, ...], pki: Pki
) -> None:
    told, _ = await lied_to(pki, NOAUTH, b"+OK\r\n", *answers)
    assert (told.outcome, told.rights) == ("works", None)
    assert told.untold
    assert WORD not in repr(told)


@pytest.mark.parametrize(
    ("commands", "keys", "wide", "every_key"),
    [
        (b"+@all", [b"*"], ("+@all",), True),
        (b"-@all +@all", [b"cache:*"], ("+@all",), False),
        (b"+@all -keys", b"~*", ("+@all",), True),
        (b"+@all -@dangerous", b"~*", (), True),
        (b"+@all -@all +get", b"%R~*", (), False),
        (b"-@all +config -config", b"", (), False),
        (b"-@all +config|get", b"", (), False),
        (b"-@all +@dangerous", b"", ("+@dangerous",), False),
    ],
)
def test_a_later_word_takes_away_what_an_earlier_one_gave(
    commands: bytes, keys: Reply, wide: tuple[str, ...], every_key: bool
) -> None:
    rights = rights_of(b"app", [b"flags", [b"on"], b"commands", commands, b"keys", keys])
    assert rights is not None
    assert (rights.wide, rights.every_key) == (wide, every_key)
