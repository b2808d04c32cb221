"""Signing in to a Redis or Valkey server and asking it what its user may do.

The protocol's own few lines (RESP2, https://redis.io/docs/latest/develop/reference/protocol-spec/),
and no driver. A first PING, before anything secret is sent, tells whether the server asks for a
password at all. Redis knows no way to prove a password without sending it, so over a line that
others may read the caller gives none, and nothing but that PING is sent. Of what the server says
only fixed words come out; ACL GETUSER brings hashes of passwords, which are passed over.
"""

from __future__ import annotations

import asyncio
from typing import Literal

from launchready_tui.model import Record
from launchready_tui.network import trust, upgrade
from launchready_tui.network.log import RequestLog
from launchready_tui.network.options import Options
from launchready_tui.network.routes import Route, Routes
from launchready_tui.network.talk import MOST_BYTES, Ended, Ending, conversed, noted, version
from launchready_tui.secret import Secret

MOST_PARTS = 1_000
DEEPEST = 4
WRONG_PASSWORD = "WRONGPASS"
WIDE = ("+@all", "+@admin", "+@dangerous", "+acl", "+config")
"""What of a user's rights reaches the server itself: other users, its settings, all its data."""
_WORDS = {
    "DENIED": "it is in protected mode and talks to its own computer alone",
    "LOADING": "it is still loading its data",
    "MISCONF": "it has a fault of its own, and serves nobody",
    "NOAUTH": "it took the password, and then asked for it again",
    "NOPERM": "its user may not do this",
}
_NO_REDIS = "what answers there does not speak Redis, or too much"
Reply = bytes | int | list["Reply"] | None


class RedisLogin(Record, frozen=True, kw_only=True):
    """Who signs in; without a user it is the one called default. Without a password the server is
    only asked whether it wants one. `encryption` `none` asks for no TLS, as the address says.
    """

    password: Secret | None
    user: str = ""
    encryption: Literal["verified", "none"] = "verified"


class Rights(Record, frozen=True, kw_only=True):
    """What a user may do, as its access control list says. `wide` are those of `WIDE`."""

    default_user: bool
    wide: tuple[str, ...]
    every_key: bool
    no_password: bool
    """Any password would have done."""


class RedisSignedIn(Ending, frozen=True, kw_only=True):
    """What became of it; `code` is the first word of the server's error."""

    rights: Rights | None = None
    untold: str = ""
    """Why the rights are not known, where we got in."""


class _Error(Exception):
    """The server objects. `code` is its first word, `text` all it says: neither is shown."""

    def __init__(self, text: str) -> None:
        super().__init__("the server objects")
        self.text = text
        self.code = text.partition(" ")[0]


def _unknown(cause: str, code: str = "") -> Ended:
    return Ended(RedisSignedIn(outcome="unknown", cause=cause, code=code))


async def sign_in(
    route: Route, login: RedisLogin, *, options: Options, routes: Routes, log: RequestLog
) -> RedisSignedIn:
    """Ask whether a password is wanted, sign in, ask for the rights, leave. Nothing is changed."""
    return await noted(
        route,
        RedisSignedIn,
        lambda: _tried(route, login, options),
        request=("REDIS", "sign in, and what the user may do", 7),
        options=options,
        routes=routes,
        log=log,
    )


async def _tried(route: Route, login: RedisLogin, options: Options) -> RedisSignedIn:
    async def talked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> RedisSignedIn:
        if login.encryption == "verified":
            reader, writer = await upgrade.encrypted(
                writer,
                trust.verifying(options.ca),
                route.host,
                seconds=options.handshake_timeout,
                limit=MOST_BYTES,
            )
        return await _conversation(_Talk(reader, writer), login)

    return await conversed(route, RedisSignedIn, options, talked)


async def _conversation(talk: _Talk, login: RedisLogin) -> RedisSignedIn:
    asked = not await _lets_in_anybody(talk)
    if asked and login.password is None:
        cause = "it asks for a password, and its address has no encryption for it: not sent"
        raise Ended(RedisSignedIn(outcome="plain", cause=cause))
    if asked and login.password is not None:
        await _sign_in(talk, login.user, login.password)
    rights, untold = await _rights(talk)
    wanted = asked and not (rights and rights.no_password)
    tls = version(talk.writer)
    return RedisSignedIn(
        outcome="works" if wanted else "open",
        cause="" if wanted else "it let us in whatever the password is",
        tls=tls,
        verified=bool(tls),
        rights=rights,
        untold=untold,
    )


async def _lets_in_anybody(talk: _Talk) -> bool:
    try:
        answer = await talk.ask("PING")
    except _Error as error:
        # Before Redis 2.8 it was "ERR operation not permitted"; a NOPERM got in, and not far.
        if error.code in ("NOAUTH", "NOPERM") or error.text == "ERR operation not permitted":
            return False
        raise _objects(error) from None
    if answer != b"PONG":
        raise _unknown(_NO_REDIS)
    return True


async def _sign_in(talk: _Talk, user: str, password: Secret) -> None:
    try:
        answer = await talk.ask("AUTH", *([user] if user else []), password.reveal())
    except _Error as error:
        # Before Redis 6 a wrong password was "ERR invalid password".
        if error.code == WRONG_PASSWORD or error.text == "ERR invalid password":
            cause = "wrong password, or the user is gone"
            told = RedisSignedIn(outcome="refused", code=WRONG_PASSWORD, cause=cause)
            raise Ended(told) from None
        raise _objects(error) from None
    if answer != b"OK":
        raise _unknown(_NO_REDIS)


async def _rights(talk: _Talk) -> tuple[Rights | None, str]:
    """What the user may do; else why that is not known."""
    try:
        name = await talk.ask("ACL", "WHOAMI")
        if not isinstance(name, bytes):
            return None, "it says nothing of its user"
        told = await talk.ask("ACL", "GETUSER", name.decode("utf-8", "surrogateescape"))
    except _Error as error:
        if error.code == "NOPERM":
            return None, "its user may not ask what it may do (NOPERM)"
        return None, "it does not tell what its user may do"
    rights = rights_of(name, told)
    return rights, "" if rights else "it does not tell what its user may do"


def rights_of(name: bytes, told: Reply) -> Rights | None:
    """The rights in an answer of ACL GETUSER: labels, each followed by what it holds.

    Redis 6 has keys as a list of bare patterns, later ones as a text such as "~cache:*"; since 7
    further sets of rights may stand under "selectors".
    """
    held = _labelled(told)
    selectors = held.get(b"selectors")
    sets = [held, *(_labelled(one) for one in (selectors if isinstance(selectors, list) else []))]
    if not isinstance(held.get(b"commands"), bytes) or b"keys" not in held:
        return None
    wide = {word for one in sets for word in _wide(one.get(b"commands"))}
    flags = held.get(b"flags")
    return Rights(
        default_user=name == b"default",
        wide=tuple(word for word in WIDE if word in wide),
        every_key=any(_every_key(one.get(b"keys")) for one in sets),
        no_password=isinstance(flags, list) and b"nopass" in flags,
    )


def _labelled(told: Reply) -> dict[bytes, Reply]:
    parts = told if isinstance(told, list) else []
    pairs = zip(parts[::2], parts[1::2], strict=False)
    return {label: value for label, value in pairs if isinstance(label, bytes)}


def _wide(commands: Reply) -> list[str]:
    """What of `WIDE` is given and not taken away by a later word."""
    words = commands.decode("latin-1").split() if isinstance(commands, bytes) else []
    found = []
    for at, word in enumerate(words):
        gone = {"-@all", "-@admin", "-@dangerous", f"-{word[1:]}"}
        if word in WIDE and not gone & {*words[at + 1 :]}:
            found.append(word)
    return found


def _every_key(keys: Reply) -> bool:
    patterns = keys.split() if isinstance(keys, bytes) else keys
    return isinstance(patterns, list) and any(one in (b"~*", b"*") for one in patterns)


def _objects(error: _Error) -> Ended:
    """What an error says of the server, by its first word: what follows is the server's own."""
    code = error.code if error.code.isalpha() and error.code.isupper() else ""
    code = code if len(code) <= 20 else ""
    words = _WORDS.get(code) or f"it objects ({code or 'without a code'})"
    return _unknown(words, code)


class _Talk:
    """Questions and answers, one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._left = MOST_PARTS
        self._bytes = MOST_BYTES

    async def ask(self, *words: str) -> Reply:
        """Raises _Error where the server objects, Ended where it is no Redis."""
        raw = [word.encode("utf-8", "surrogateescape") for word in words]
        parts = b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in raw)
        self.writer.write(b"*%d\r\n%b" % (len(raw), parts))
        await self.writer.drain()
        return await self._reply(0)

    async def _reply(self, depth: int) -> Reply:
        """RESP2: the first byte is the type. Of an array no part may be an error here."""
        line = await self._line()
        kind, rest = line[:1], line[1:]
        if kind == b"+":
            return rest
        if kind == b"-":
            raise _Error(rest.decode("latin-1"))
        if kind not in (b":", b"$", b"*"):
            raise _unknown(_NO_REDIS)
        number = _number(rest)
        if kind == b":":
            return number
        if number == -1:
            return None
        if number < 0 or depth >= DEEPEST:
            raise _unknown(_NO_REDIS)
        if kind == b"*":
            self._spend(number, 0)
            return [await self._reply(depth + 1) for _ in range(number)]
        self._spend(0, number)
        return (await self.reader.readexactly(number + 2))[:-2]

    async def _line(self) -> bytes:
        try:
            line = await self.reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError:
            raise _unknown(_NO_REDIS) from None
        self._spend(0, len(line))
        return line[:-2]

    def _spend(self, parts: int, size: int) -> None:
        """Raises Ended where the server says more in all than any Redis would."""
        self._left -= parts
        self._bytes -= size
        if self._left < 0 or self._bytes < 0:
            raise _unknown(_NO_REDIS)


def _number(text: bytes) -> int:
    if not 0 < len(text) <= 10 or not text.removeprefix(b"-").isdigit():
        raise _unknown(_NO_REDIS)
    return int(text)
