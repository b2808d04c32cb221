"""Reading from Cloudflare's API with a token: a few at a time, politely, and never writing.

What comes back is judged by its HTTP status first and by the envelope second. A verify that went
well carries code 10000 among its `messages`, where the same code among `errors` is a missing
permission: only `success` and `errors` count.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from launchready_tui.model import Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched
from launchready_tui.redact import redact
from launchready_tui.secret import Secret
from launchready_tui.text import safe

HOST = "api.cloudflare.com"
BASE = f"https://{HOST}/client/v4"
AT_ONCE = 4
MOST_CALLS = 35
LONGEST_WAIT = 10.0
"""Seconds that all pauses together may take; who is asked to wait longer stops instead."""
BLOCKED = 300
"""What a 429 without a number means: all calls are refused for five minutes."""
BODY = 4 * 1_048_576

Form = Literal["user", "account", "global", "unmarked"]
_GLOBAL = re.compile(r"cfk_.*|[0-9a-f]{37,45}")
_TOKEN = re.compile(r"[\x21-\x7e]{20,400}")
_QUOTA = re.compile(r";\s*r=(\d{1,9})\s*;\s*t=(\d{1,9})")
_WRONG_HEADER = {6003, 6103, 6111}
_NO_PERMISSION = {9109, 10000}
_NO_ROUTE = {7000, 7003}


class NoToken(ValueError):
    """What is kept is no token, in words."""


class Reply(Record, frozen=True, kw_only=True):
    """What one call brought. `cause` is empty where `result` may be believed."""

    status: int = 0
    result: Any = None
    pages: int = 1
    total: int = 0
    cause: str = ""
    absent: bool = False
    """404: nothing is there, which for a phase of rules means that it has none."""
    denied: bool = False
    """The token works, and may not read this."""

    @property
    def read(self) -> bool:
        return not self.cause

    def fields(self) -> dict[str, Any]:
        return self.result if self.read and isinstance(self.result, dict) else {}

    def rows(self) -> list[dict[str, Any]]:
        listed = self.result if self.read and isinstance(self.result, list) else []
        return [row for row in listed if isinstance(row, dict)]


def form_of(token: Secret) -> Form:
    """By its look, before anything is sent. Raises NoToken.

    https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/
    """
    value = token.reveal().strip()
    if _GLOBAL.fullmatch(value):
        return "global"
    if not _TOKEN.fullmatch(value):
        raise NoToken("what the vault keeps as cloudflare-token does not look like a token")
    if value.startswith("cfat_"):
        return "account"
    return "user" if value.startswith("cfut_") else "unmarked"


class Api:
    """The calls of one look. `net` has to admit the service first."""

    def __init__(self, net: Network, token: Secret) -> None:
        self._net = net
        self._token = token
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._calls = 0
        self._pause_until = 0.0
        self._paused = 0.0
        self._stopped = ""

    async def get(self, path: str) -> Reply:
        """One answer as JSON; what went wrong stands in its cause."""
        fetched = await self._ask(path)
        return reply_of(fetched) if isinstance(fetched, Fetched) else Reply(cause=fetched)

    async def text(self, path: str) -> Reply:
        """One answer that is plain text when all is well, and an envelope otherwise."""
        fetched = await self._ask(path)
        if not isinstance(fetched, Fetched):
            return Reply(cause=fetched)
        if fetched.ended != "ok" or fetched.status != 200:
            return reply_of(fetched)
        if fetched.truncated:
            return Reply(status=200, cause=f"it is larger than {BODY >> 20} MiB")
        return Reply(status=200, result=fetched.body)

    async def listed(self, path: str, most_pages: int) -> Reply:
        """All pages of a list, as far as `most_pages`; the first that cannot be read tells why."""
        first = await self.get(path)
        if not first.read or not isinstance(first.result, list):
            return first
        joined = "&" if "?" in path else "?"
        numbers = range(2, min(first.pages, most_pages) + 1)
        more = await asyncio.gather(*(self.get(f"{path}{joined}page={n}") for n in numbers))
        rows = list(first.result)
        for reply in more:
            if not reply.read:
                return reply
            rows += reply.rows()
        return msgspec.structs.replace(first, result=rows)

    async def _ask(self, path: str) -> Fetched | str:
        async with self._turn:
            for _ in range(2):
                if (refused := await self._not_now()) is not None:
                    return refused
                self._calls += 1
                fetched = await self._net.fetch(
                    BASE + path,
                    headers={
                        "authorization": f"Bearer {self._token.reveal().strip()}",
                        "accept": "application/json, text/plain",
                    },
                    follow=False,
                    body_limit=BODY,
                )
                self._heed(fetched)
                if fetched.status != 429:
                    return fetched
            return self._stopped or "Cloudflare refuses more questions for now (429)"

    async def _not_now(self) -> str | None:
        """Wait for our turn; in words why there is none."""
        clock = asyncio.get_running_loop().time
        if not self._stopped and (pause := self._pause_until - clock()) > 0:
            await asyncio.sleep(pause)
        if self._calls >= MOST_CALLS:
            self._stopped = self._stopped or f"left out after {MOST_CALLS} questions"
        return self._stopped or None

    def _heed(self, fetched: Fetched) -> None:
        """The limit is shared with the dashboard: leave the owner some of it."""
        if not fetched.hops:
            return
        if fetched.status == 429:
            self._pause(_seconds(fetched.last.header("retry-after")))
            return
        for left, reset in _QUOTA.findall(fetched.last.header("ratelimit")):
            if int(left) < AT_ONCE:
                self._pause(int(reset))

    def _pause(self, seconds: int) -> None:
        now = asyncio.get_running_loop().time()
        added = max(0.0, now + seconds - max(self._pause_until, now))
        if self._paused + added > LONGEST_WAIT:
            self._stopped = f"Cloudflare asks to wait {seconds} s before it answers more"
            return
        self._paused += added
        self._pause_until = max(self._pause_until, now + seconds)


def _seconds(header: str) -> int:
    return int(header) if header.isascii() and header.isdigit() and len(header) < 9 else BLOCKED


def reply_of(fetched: Fetched) -> Reply:
    """What an answer says, by its status first. Never raises."""
    if fetched.ended != "ok":
        return Reply(cause=fetched.cause or f"the request ended: {fetched.ended}")
    return read_reply(fetched.status, fetched.body, truncated=fetched.truncated)


def read_reply(status: int, body: str, *, truncated: bool = False) -> Reply:
    envelope = _envelope(body)
    said = _errors(envelope)
    told = "; ".join(f"{code} {message}".strip() for code, message in said)
    codes = {code for code, _ in said}
    if status == 200 and envelope.get("success") is True and not said:
        info = envelope.get("result_info")
        info = info if isinstance(info, dict) else {}
        return Reply(
            status=status,
            result=envelope.get("result"),
            pages=max(1, number(info.get("total_pages"), 1)),
            total=number(info.get("total_count")),
        )
    if status == 200 and truncated:
        return Reply(status=status, cause=f"the answer is larger than {BODY >> 20} MiB")
    if status == 404 and not codes & _NO_ROUTE:
        return Reply(status=status, cause=told or "nothing is there (404)", absent=True)
    if codes & _WRONG_HEADER:
        cause = f"Cloudflare does not take it for a token ({told})"
        return Reply(status=status, cause=cause)
    denied = status == 403 or bool(codes & _NO_PERMISSION)
    if denied:
        return Reply(status=status, cause=told or f"refused ({status})", denied=True)
    if status == 200:
        return Reply(status=status, cause=told or "the answer is none that Cloudflare documents")
    return Reply(status=status, cause=f"Cloudflare answered {status}{f' ({told})' if told else ''}")


def _envelope(body: str) -> dict[str, Any]:
    try:
        read = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _errors(envelope: dict[str, Any]) -> list[tuple[int, str]]:
    """Codes and messages, those of the chain below each too; at most a handful."""
    found: list[tuple[int, str]] = []
    listed = envelope.get("errors")
    waiting = list(listed[:5]) if isinstance(listed, list) else []
    while waiting and len(found) < 6:
        error = waiting.pop(0)
        if isinstance(error, dict):
            found.append((number(error.get("code")), text(error.get("message"), 160)))
            chain = error.get("error_chain")
            waiting += chain[:3] if isinstance(chain, list) else []
    return found


# ---------------------------------------------------------------- values out of foreign JSON


def text(value: Any, limit: int) -> str:
    """A string on one line, harmless and without secrets; empty for anything else.

    An escape in JSON becomes a control character only now, behind the door: `safe` again.
    """
    if not isinstance(value, str):
        return ""
    return safe(redact(value[: 8 * limit]), one_line=True, limit=limit)


def number(value: Any, otherwise: int = 0) -> int:
    fine = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12
    return value if fine else otherwise


def flag(value: Any, otherwise: bool = False) -> bool:
    return value if isinstance(value, bool) else otherwise


def when(value: Any) -> datetime | None:
    """An instant in whole UTC seconds, or None for what is none."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        read = datetime.fromisoformat(value)
        return (
            (read if read.tzinfo else read.replace(tzinfo=UTC))
            .astimezone(UTC)
            .replace(microsecond=0)
        )
    except (ValueError, OverflowError):
        return None
