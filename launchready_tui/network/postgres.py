"""Signing in to a PostgreSQL database and asking it one question: what may this role do.

The protocol's own few messages (version 3.0), and no driver: a driver reads services, passwords and
certificates from the environment and the home folder, and hands a password in clear text to any
server that asks for it. Here the password leaves as it is only over TLS that was verified; else it
is proved by SCRAM, or nothing is sent. Of what the server says, only codes, numbers and fixed words
are kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import ssl
import struct
from collections.abc import AsyncIterator
from typing import Literal

from launchready_tui.model import Record
from launchready_tui.network import trust, upgrade
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.routes import Route, Routes
from launchready_tui.network.scram import NAME as SCRAM
from launchready_tui.network.scram import NotScram, Scram
from launchready_tui.network.talk import MOST_BYTES, Ended, Ending, conversed, noted, version
from launchready_tui.secret import Secret

MOST_MESSAGES = 500
Encryption = Literal["verified", "encrypted", "none"]
POWERFUL = (
    "azure_pg_admin",
    "cloudsqlsuperuser",
    "neon_superuser",
    "pg_execute_server_program",
    "pg_read_all_data",
    "pg_read_server_files",
    "pg_write_all_data",
    "pg_write_server_files",
    "rds_superuser",
)
"""Roles whose members may do nearly all, by PostgreSQL's or a provider's making."""
QUESTION = (
    "SELECT r.rolsuper, r.rolcreatedb, r.rolcreaterole, r.rolreplication, r.rolbypassrls,"
    " coalesce((SELECT has_schema_privilege(r.oid, n.oid, 'CREATE') FROM pg_namespace n"
    " WHERE n.nspname = 'public'), false),"
    " (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p') AND pg_has_role(r.oid, c.relowner, 'USAGE')"
    " AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),"
    " coalesce((SELECT string_agg(g.rolname::text, ' ' ORDER BY g.rolname) FROM pg_roles g"
    f" WHERE g.rolname IN {POWERFUL}"
    " AND pg_has_role(r.oid, g.oid, 'MEMBER')), ''),"
    " current_setting('server_version') FROM pg_roles r WHERE r.rolname = current_user"
)
"""One line, which a person may also paste where this computer cannot reach the database."""
_WORDS = {
    "28000": "it lets this user not in from here, whatever the password is",
    "3D000": "it took the password, and has no database of this name",
    "42501": "it took the password, and does not let this user into this database",
    "53300": "it has too many connections open",
    "57P03": "it is starting up or shutting down",
}
WRONG_PASSWORD = "28P01"
_STARTUP, _SSL = 196_608, 80_877_103


class DatabaseLogin(Record, frozen=True, kw_only=True):
    """Who signs in where. `encryption`: `verified` wants a certificate that is trusted, `encrypted`
    takes any, `none` asks for no TLS: as the database's own address says.
    """

    user: str
    password: Secret
    database: str
    encryption: Encryption = "verified"


class Role(Record, frozen=True, kw_only=True):
    """What a database's role may do. `member_of` are those of `POWERFUL`."""

    superuser: bool
    creates_databases: bool
    creates_roles: bool
    replicates: bool
    bypasses_rls: bool
    creates_in_public: bool
    owned_tables: int
    member_of: tuple[str, ...] = ()
    server: str = ""
    """The server's version, such as "16.4"."""


class SignedIn(Ending, frozen=True, kw_only=True):
    """What became of it; `code` is the SQLSTATE."""

    role: Role | None = None


def _unknown(cause: str, code: str = "") -> Ended:
    return Ended(SignedIn(outcome="unknown", cause=cause, code=code))


async def sign_in(
    route: Route, login: DatabaseLogin, *, options: Options, routes: Routes, log: RequestLog
) -> SignedIn:
    """Sign in, ask, roll back and leave. Nothing is written: the transaction is read-only."""
    return await noted(
        route,
        SignedIn,
        lambda: _tried(route, login, options),
        request=("SQL", "sign in, and what the role may do", 9),
        options=options,
        routes=routes,
        log=log,
    )


async def _tried(route: Route, login: DatabaseLogin, options: Options) -> SignedIn:
    """With a certificate that is trusted; without, only where the address asks for no better."""
    wants = login.encryption
    context = None if wants == "none" else trust.verifying(options.ca)
    told = await _connected(route, login, options, context)
    if told.outcome == "untrusted" and wants == "encrypted":
        return await _connected(route, login, options, trust.looking())
    return told


async def _connected(
    route: Route, login: DatabaseLogin, options: Options, context: ssl.SSLContext | None
) -> SignedIn:
    async def talked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> SignedIn:
        talk = _Talk(reader, writer)
        if context is not None:
            await talk.encrypt(context, route.host, options.handshake_timeout)
        return await _conversation(talk, login)

    return await conversed(route, SignedIn, options, talked)


class _Talk:
    """Messages of the protocol, one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.verified = False
        self._left = MOST_MESSAGES

    async def encrypt(self, context: ssl.SSLContext, host: str, seconds: float) -> None:
        self.writer.write(struct.pack("!ii", 8, _SSL))
        answer = await self.reader.readexactly(1)
        if answer == b"N":
            cause = f"{host} offers no encryption, so no password was sent"
            raise Ended(SignedIn(outcome="plain", cause=cause))
        if answer != b"S":
            raise _unknown("what answers there does not speak PostgreSQL")
        self.reader, self.writer = await upgrade.encrypted(
            self.writer, context, host, seconds=seconds, limit=MOST_BYTES
        )
        self.verified = context.verify_mode is ssl.CERT_REQUIRED

    async def send(self, kind: bytes, content: bytes) -> None:
        self.writer.write(kind + struct.pack("!i", len(content) + 4) + content)
        await self.writer.drain()

    async def messages(self) -> AsyncIterator[tuple[bytes, bytes]]:
        """What the server says, until nobody asks for more. Notices are left out."""
        while True:
            self._left -= 1
            kind, size = struct.unpack("!ci", await self.reader.readexactly(5))
            if not 4 <= size <= MOST_BYTES or self._left < 0 or not kind.isalpha():
                raise _unknown("what answers there does not speak PostgreSQL, or too much")
            content = await self.reader.readexactly(size - 4)
            if kind not in (b"N", b"A"):
                yield kind, content


async def _conversation(talk: _Talk, login: DatabaseLogin) -> SignedIn:
    pairs = ("user", login.user, "database", login.database, "application_name", "launchready")
    if any("\0" in text for text in pairs):
        raise _unknown("the address holds what no user or database is called")
    content = b"".join(text.encode("utf-8", "replace") + b"\0" for text in pairs) + b"\0"
    await talk.send(b"", struct.pack("!i", _STARTUP) + content)
    asked = await _let_in(talk, login)
    await _ready(talk)
    role = await _role(talk)
    with contextlib.suppress(OSError):
        await talk.send(b"X", b"")
    return SignedIn(
        outcome="works" if asked else "open",
        cause="" if asked else "it let us in without asking for a password",
        tls=version(talk.writer),
        verified=talk.verified,
        role=role,
    )


async def _let_in(talk: _Talk, login: DatabaseLogin) -> bool:
    """Sign in; whether a password was asked for. Raises Ended where that ends otherwise."""
    scram: Scram | None = None
    asked = proved = False
    async for kind, content in talk.messages():
        if kind == b"E":
            raise _refusal(content, after=False)
        if kind != b"R":
            continue
        (way,) = struct.unpack("!i", content[:4])
        rest = content[4:]
        if way == 0:
            if scram is not None and not proved:
                raise _unknown("it lets us in without knowing the password: it is not the real one")
            return asked
        asked = True
        try:
            if way == 10 and SCRAM.encode() in rest.split(b"\0"):
                scram = Scram(login.password)
                first = scram.first()
                await talk.send(
                    b"p", SCRAM.encode() + b"\0" + struct.pack("!i", len(first)) + first
                )
            elif way == 11 and scram is not None:
                await talk.send(b"p", scram.final(rest))
            elif way == 12 and scram is not None:
                proved = scram.knows(rest)
            else:
                await talk.send(b"p", _in_the_open(talk, way, rest, login))
        except NotScram as error:
            raise _unknown(f"what answers there is no real server: {error}") from error
    raise AssertionError("messages end by raising")


def _in_the_open(talk: _Talk, way: int, salt: bytes, login: DatabaseLogin) -> bytes:
    """The password, or its hash that is as good: over TLS that was verified alone."""
    if way not in (3, 5):
        raise _unknown("it asks for a way of signing in that is not spoken here")
    if not talk.verified:
        raise _unknown(
            "it asks for the password itself over a connection nobody verified: not sent"
        )
    password = login.password.reveal().encode("utf-8", "surrogatepass")
    if way == 3:
        return password + b"\0"
    inner = hashlib.md5(password + login.user.encode(), usedforsecurity=False).hexdigest()
    outer = hashlib.md5(inner.encode() + salt[:4], usedforsecurity=False).hexdigest()
    return b"md5" + outer.encode() + b"\0"


async def _ready(talk: _Talk) -> None:
    async for kind, content in talk.messages():
        if kind == b"E":
            raise _refusal(content, after=True)
        if kind == b"Z":
            return


async def _role(talk: _Talk) -> Role | None:
    """What the role may do; None where the database does not tell."""
    await _rows(talk, "BEGIN TRANSACTION READ ONLY")
    await _rows(talk, "SET LOCAL statement_timeout = 5000")
    rows = await _rows(talk, QUESTION)
    await _rows(talk, "ROLLBACK")
    return role_of(rows[0]) if len(rows) == 1 else None


def role_of(cells: tuple[str, ...]) -> Role | None:
    """A role from the nine cells of the answer (`t`, `f`, numbers, names); None for any other."""
    if len(cells) != 9 or not {*cells[:6]} <= {"t", "f"} or not re.fullmatch(r"\d{1,9}", cells[6]):
        return None
    server = re.match(r"\d{1,3}(?:\.\d{1,3}){0,2}", cells[8])
    yes = [cell == "t" for cell in cells[:6]]
    return Role(
        superuser=yes[0],
        creates_databases=yes[1],
        creates_roles=yes[2],
        replicates=yes[3],
        bypasses_rls=yes[4],
        creates_in_public=yes[5],
        owned_tables=int(cells[6]),
        member_of=tuple(name for name in cells[7].split() if name in POWERFUL),
        server=server[0] if server else "",
    )


async def _rows(talk: _Talk, statement: str) -> list[tuple[str, ...]]:
    """The rows of a statement; none where the server objects."""
    await talk.send(b"Q", statement.encode() + b"\0")
    rows: list[tuple[str, ...]] = []
    async for kind, content in talk.messages():
        if kind == b"Z":
            break
        if kind == b"D":
            rows.append(_cells(content))
    return rows


def _cells(content: bytes) -> tuple[str, ...]:
    (count,) = struct.unpack("!h", content[:2])
    cells, place = [], 2
    for _ in range(max(0, count)):
        (size,) = struct.unpack("!i", content[place : place + 4])
        place += 4
        cells.append(content[place : place + max(0, size)].decode("utf-8", "replace"))
        place += max(0, size)
    return tuple(cells)


def _refusal(content: bytes, *, after: bool) -> Ended:
    """What an error means, by its SQLSTATE: the words beside it are the server's own.

    `after`: the password was taken already.
    """
    fields = {field[:1]: field[1:].decode("latin-1") for field in content.split(b"\0")}
    code = fields.get(b"C", "")
    code = code if re.fullmatch(r"[0-9A-Z]{5}", code) else ""
    if code == WRONG_PASSWORD and not after:
        cause = "wrong password, or the user is gone"
        return Ended(SignedIn(outcome="refused", code=code, cause=cause))
    took = "it took the password, and then stopped" if after else "it stopped before it let us in"
    return _unknown(_WORDS.get(code) or f"{took} (error {code or 'without a code'})", code)
