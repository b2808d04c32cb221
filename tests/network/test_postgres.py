"""Signing in to a real PostgreSQL, and to what only says that it is one."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from launchready_tui.model import Level
from launchready_tui.network import Options, Scope, open_network
from launchready_tui.network.postgres import DatabaseLogin, Encryption, SignedIn, role_of
from launchready_tui.secret import Secret
from servers.liar import liar
from servers.pki import Pki
from servers.postgres import Postgres, running_postgres
from servers.processes import free_port

HOST = "db.acme.test"
WORD = "wo" + "rd-ü7Kq2"
STATEMENTS = f"""
CREATE ROLE plain LOGIN PASSWORD '{WORD}';
CREATE ROLE owner LOGIN PASSWORD '{WORD}';
CREATE ROLE boss LOGIN SUPERUSER PASSWORD '{WORD}';
CREATE ROLE bypass LOGIN BYPASSRLS PASSWORD '{WORD}';
CREATE ROLE maker LOGIN CREATEDB CREATEROLE REPLICATION PASSWORD '{WORD}';
CREATE ROLE reader LOGIN PASSWORD '{WORD}';
GRANT pg_read_all_data TO reader;
CREATE ROLE asleep NOLOGIN PASSWORD '{WORD}';
CREATE ROLE trusting LOGIN;
CREATE ROLE open LOGIN PASSWORD '{WORD}';
SET password_encryption = 'md5';
CREATE ROLE hashed LOGIN PASSWORD '{WORD}';
CREATE DATABASE acme;
CREATE DATABASE locked;
\\connect acme
CREATE TABLE notes (id int);
CREATE TABLE jobs (id int);
ALTER TABLE notes OWNER TO owner;
ALTER TABLE jobs OWNER TO owner;
GRANT CREATE ON SCHEMA public TO owner;
"""


@pytest.fixture(scope="module")
def server(pki: Pki) -> Iterator[Postgres]:
    with running_postgres(pki.good(HOST), STATEMENTS) as running:
        yield running


async def tried(
    pki: Pki,
    port: int,
    user: str,
    *,
    password: str = WORD,
    database: str = "acme",
    encryption: Encryption = "verified",
    level: Level = Level.ACTIVE,
    hosts: tuple[str, ...] = (HOST,),
    ca: str = "",
) -> tuple[SignedIn, list[str]]:
    pin = f"{HOST}:5432=127.0.0.1:{port}"
    options = Options(
        ca=ca or str(pki.ca), connect=(pin,), handshake_timeout=2.0, fetch_timeout=4.0
    )
    login = DatabaseLogin(
        user=user, password=Secret(password), database=database, encryption=encryption
    )
    scope = Scope(hosts=hosts, level=level, by="Ana", named=hosts)
    async with open_network(scope, options) as net:
        told = await net.sign_in(HOST, 5432, login)
        return told, [f"{r.method}/{r.level} {r.host} {r.outcome}" for r in net.log.entries]


async def test_a_plain_role_signs_in_over_verified_tls(pki: Pki, server: Postgres) -> None:
    told, log = await tried(pki, server.port, "plain")
    assert (told.outcome, told.verified, told.tls[:4]) == ("works", True, "TLSv")
    assert log == [f"SQL/active {HOST} works"]
    role = told.role
    assert role is not None
    assert role.server
    assert not (role.superuser or role.bypasses_rls or role.creates_roles or role.replicates)
    assert (role.owned_tables, role.member_of, role.creates_in_public) == (0, (), False)


@pytest.mark.parametrize(
    ("user", "may"),
    [
        ("boss", {"superuser"}),
        ("bypass", {"bypasses_rls"}),
        ("maker", {"creates_databases", "creates_roles", "replicates"}),
        ("owner", {"creates_in_public", "owned_tables"}),
        ("reader", {"member_of"}),
    ],
)
async def test_what_a_role_may_do_is_read(
    user: str, may: set[str], pki: Pki, server: Postgres
) -> None:
    told, _ = await tried(pki, server.port, user)
    role = told.role
    assert role is not None
    assert may <= {name for name in role.__struct_fields__ if getattr(role, name)}
    assert role.owned_tables == (2 if user in ("owner", "boss") else 0)


async def test_nothing_is_left_behind_in_the_database(pki: Pki, server: Postgres) -> None:
    counted = (
        "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_database, pg_stat_user_tables;"
    )
    before = server.sql(counted)
    await tried(pki, server.port, "boss")
    assert server.sql(counted) == before
    assert server.sql("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%';") == "0\n"


@pytest.mark.parametrize("user", ["plain", "nobody-of-this-name", "asleep-not", "hashed", "open"])
async def test_a_wrong_password_is_refused_and_stands_nowhere(
    user: str, pki: Pki, server: Postgres
) -> None:
    wrong = "wr" + "ong-secret-1"
    told, log = await tried(pki, server.port, user, password=wrong)
    assert (told.outcome, told.code) == ("refused", "28P01")
    assert wrong not in repr((told, log))


@pytest.mark.parametrize("user", ["hashed", "open"])
async def test_older_ways_of_signing_in_work_over_verified_tls_alone(
    user: str, pki: Pki, server: Postgres, tmp_path: Path
) -> None:
    told, _ = await tried(pki, server.port, user)
    assert told.outcome == "works"
    other = str(Pki(tmp_path).ca)
    told, _ = await tried(pki, server.port, user, encryption="encrypted", ca=other)
    assert told.outcome == "unknown"
    assert "not sent" in told.cause


@pytest.mark.parametrize(
    ("user", "database", "code", "says"),
    [
        ("plain", "gone", "3D000", "took the password"),
        ("plain", "locked", "28000", "from here"),
        ("asleep", "acme", "28000", "from here"),
    ],
)
async def test_what_is_no_word_about_the_password_stays_unknown(
    user: str, database: str, code: str, says: str, pki: Pki, server: Postgres
) -> None:
    told, _ = await tried(pki, server.port, user, database=database)
    assert (told.outcome, told.code) == ("unknown", code)
    assert says in told.cause


async def test_a_server_that_asks_for_no_password_proves_nothing(
    pki: Pki, server: Postgres
) -> None:
    told, _ = await tried(pki, server.port, "trusting", password="any" + "thing")
    assert told.outcome == "open"
    assert told.role is not None


async def test_a_certificate_that_is_not_trusted_stops_it_unless_the_address_takes_any(
    pki: Pki, server: Postgres, tmp_path: Path
) -> None:
    other = str(Pki(tmp_path).ca)
    told, _ = await tried(pki, server.port, "plain", ca=other)
    assert told.outcome == "untrusted"
    told, _ = await tried(pki, server.port, "plain", ca=other, encryption="encrypted")
    assert (told.outcome, told.verified, told.tls[:4]) == ("works", False, "TLSv")


async def test_without_encryption_only_scram_goes_and_only_where_the_address_says_so(
    pki: Pki,
) -> None:
    with running_postgres(None, STATEMENTS) as plain:
        told, _ = await tried(pki, plain.port, "plain")
        assert told.outcome == "plain"
        told, _ = await tried(pki, plain.port, "plain", encryption="none")
        assert (told.outcome, told.tls, told.verified) == ("works", "", False)
        told, _ = await tried(pki, plain.port, "open", encryption="none")
        assert told.outcome == "unknown"
        assert "not sent" in told.cause


async def test_scope_and_level_are_asked_before_anything_leaves(pki: Pki) -> None:
    told, log = await tried(pki, free_port(), "plain", level=Level.PASSIVE)
    assert (told.outcome, log) == ("blocked", [])
    told, log = await tried(pki, free_port(), "plain", hosts=("other.test",))
    assert (told.outcome, log) == ("blocked", [])


async def test_where_nobody_listens_nothing_is_known(pki: Pki) -> None:
    told, _ = await tried(pki, free_port(), "plain")
    assert (told.outcome, told.role) == ("unknown", None)


# ---------------------------------------------------------------- servers that lie


def message(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("!i", len(content) + 4) + content


def auth(way: int, rest: bytes = b"") -> bytes:
    return message(b"R", struct.pack("!i", way) + rest)


async def lied_to(pki: Pki, *answers: bytes) -> tuple[SignedIn, bytes]:
    """What a client makes of a server that says these things, one after each of its messages."""
    async with liar(*answers) as (port, heard):
        told, _ = await tried(pki, port, "plain", encryption="none")
    return told, bytes(heard)


SASL = auth(10, b"SCRAM-SHA-256\0\0")
WELCOME = auth(0) + message(b"Z", b"I")


@pytest.mark.parametrize(
    "answers",
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n",),
        (b"",),
        (b"R" + struct.pack("!i", 2_000_000_000),),
        (b"R" + struct.pack("!i", -5),),
        (message(b"N", b"x") * 2_000,),
        (message(b"R", b""),),
        (auth(3),),
        (auth(5, b"salt"),),
        (auth(7),),
        (SASL, WELCOME),
        (SASL, auth(11, b"r=none-of-ours,s=c2FsdA==,i=4096")),
        (SASL, auth(11, b"nonsense")),
        (SASL, auth(11, b"\xff\xfe")),
        (message(b"E", b"C28P0\0Mfoo\0\0"),),
    ],
    ids=[
        "http", "silence", "huge", "negative", "notices", "short", "clear text", "md5", "gss",
        "welcomes without proof", "foreign nonce", "no challenge", "no ascii", "half a code",
    ],
)  # fmt: skip
async def test_what_lies_or_speaks_otherwise_stays_unknown(
    answers: tuple[bytes, ...], pki: Pki
) -> None:
    told, heard = await lied_to(pki, *answers)
    assert told.outcome == "unknown", told
    assert told.cause
    assert WORD.encode() not in heard
    assert b"md5" not in heard


async def test_a_server_that_takes_every_proof_is_not_believed(pki: Pki) -> None:
    """It repeats our nonce, and cannot show that it knows the password."""
    heard = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.read(4_096))
        writer.write(SASL)
        nonce = (await reader.read(4_096)).partition(b"r=")[2]
        writer.write(auth(11, b"r=" + nonce + b"more,s=c2FsdHNhbHQ=,i=4096"))
        heard.extend(await reader.read(4_096))
        writer.write(auth(12, b"v=" + b"A" * 43 + b"=") + WELCOME)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        told, _ = await tried(pki, port, "plain", encryption="none")
    assert told.outcome == "unknown"
    assert "not the real one" in told.cause
    assert WORD.encode() not in heard


async def test_what_an_error_says_in_words_is_not_kept(pki: Pki) -> None:
    told, _ = await lied_to(
        pki, message(b"E", b"SFATAL\0C28P01\0Msecret-" + WORD.encode() + b"\0\0")
    )
    assert (told.outcome, told.code) == ("refused", "28P01")
    assert "secret-" not in repr(told)


@pytest.mark.parametrize(
    "cells",
    [(), ("t",) * 9, ("t", "f", "f", "f", "f", "x", "0", "", "16"), ("f",) * 6 + ("many", "", "")],
)
def test_an_answer_of_another_form_is_no_role(cells: tuple[str, ...]) -> None:
    assert role_of(cells) is None
