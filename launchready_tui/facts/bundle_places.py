"""Addresses in shipped code: the API it calls, the platforms behind it, a developer's computer.

Libraries ship addresses of `localhost` too. What counts is an address with a port and a path, or
one that is handed to a call; what a library is known to ship never does.
"""

from __future__ import annotations

import re

from launchready_tui.facts import tables
from launchready_tui.facts.env_values import secret_in
from launchready_tui.facts.shipped import Hit, Sheet

_QUOTES = b"\"'`"
_SCHEME = re.compile(rb"[\"'`](https?|wss?)\Z")
_HOST = re.compile(rb"(\[::1\]|[A-Za-z0-9.-]{1,120})(?::(\d{1,5}))?((?:/[\w.~%/:@!+,;=-]{0,120})?)")
_PORT = re.compile(r"\w+://(?:\[::1\]|[^:/]+):\d+(.*)")
_LOCAL = re.compile(
    r"localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|\[::1\]|host\.docker\.internal"
    r"|192\.168\.\d{1,3}\.\d{1,3}|10\.\d{1,3}\.\d{1,3}\.\d{1,3}"
)
_CALLED = re.compile(
    rb"(?i)(?:fetch\(|axios(?:\.\w{1,12})?\(|\.open\([^)]{0,16},|websocket\(|eventsource\("
    rb"|(?:base_?ur[il]|api_?(?:base|ur[il]|host|root|server|endpoint)\w{0,12}"
    rb"|endpoint|[A-Z0-9_]{2,40}_(?:URL|URI|HOST|ENDPOINT|API|BASE))[\"']?\s{0,2}[:=]"
    rb"|createclient\()\s{0,2}[\"'`]\w{2,5}\Z"
)
_GUARDED = re.compile(
    rb"(?:hostname|host|origin|href)\)?\s?(?:[!=]==?|\.(?:includes|startsWith|indexOf|match)\()\s?"
    rb"[\"'`/](?:https?://)?(?:localhost|127\.0\.0\.1)|[\"'`]localhost[\"'`]\s?[!=]==?"
)
"""The code asks whether the page itself is on a developer's computer."""
_NAMED = re.compile(rb"(?<![\w$.])([A-Za-z_$][\w$]{0,40})\s?=\s?[\"'`]\w{2,5}\Z")
_DATABASE = re.compile(
    rb"(?<![a-z])(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?)://"
    rb"[^\s\"'`<>]{1,100}:[^\s\"'`<>@]{4,100}@[^\s\"'`<>]{3,200}"
)
_WEBHOOK = re.compile(
    rb"hooks\.slack\.com/services/T[\w]{6,14}/B[\w]{6,14}/[A-Za-z0-9]{16,40}"
    rb"|discord(?:app)?\.com/api/webhooks/\d{15,22}/[\w-]{40,100}"
)
_SUPABASE = re.compile(r"([a-z0-9]{20})\.supabase\.(?:co|in|red)")
_REALTIME = re.compile(
    r"[a-z0-9][a-z0-9-]{3,60}\.(?:firebaseio\.com|[a-z0-9-]{5,30}\.firebasedatabase\.app)"
)
_SENTRY = re.compile(rb"[0-9a-f]{32}@(o\d{1,12}\.ingest(?:\.[a-z]{2})?\.sentry\.io)/\d{1,20}")
_AUTH_DOMAIN = re.compile(rb"[\"'`/.]([a-z0-9][a-z0-9-]{3,40})\Z")
_TABLE = re.compile(rb"\.from\([\"'`]([a-z_][a-z0-9_]{0,62})[\"'`]\)")
_BUCKET = re.compile(rb"/object/public/([A-Za-z0-9][\w-]{0,62})/")
_NOT_TABLES = re.compile(rb"(?<![\w$])(?:storage|gsap|moment|dayjs|[A-Z]\w{3,30}|Set|Map)\Z")
_PATH = re.compile(rb"/[\w.~/-]{0,120}")
_CALL = re.compile(rb"(?:fetch\(|baseURL[\"']?\s{0,2}[:=])\s{0,2}[\"'`](/[\w.~/-]{1,120})")
NEAR = 300
USES = 8_000
GEMINI = "generativelanguage.googleapis.com"


def address(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """Anything with `://`: which host is it, and what does the code want there?"""
    match = _HOST.match(window, at + 3)
    if not match:
        _with_user(sheet, window, at, start)
        return
    host = match[1].decode("ascii").lower().strip(".")
    scheme = _SCHEME.search(window, max(0, at - 6), at)
    if webhook := _WEBHOOK.match(window, at + 3):
        words = f"the address of a {'Slack' if webhook[0].startswith(b'hooks') else 'Discord'} hook"
        sheet.hit(Hit(kind="secret", detail=words, at=start + at))
    elif host == GEMINI:
        sheet.calls_gemini = True
    elif not scheme or window[match.end() : match.end() + 1] == b"@":
        _with_user(sheet, window, at, start)
    elif _LOCAL.fullmatch(host):
        _local(sheet, window, at, (scheme[1] + window[at : match.end()]).decode("ascii"), start)
    elif supabase := _SUPABASE.fullmatch(host):
        detail = "project address"
        sheet.hit(
            Hit(kind="id", detail=detail, at=start + at, platform="supabase", name=supabase[1])
        )
    elif _REALTIME.fullmatch(host):
        detail = "database address"
        sheet.hit(Hit(kind="id", detail=detail, at=start + at, platform="firebase", name=host))
    elif label := _unfinished(host):
        detail = f"{scheme[1].decode()}://{host}, which {label} gives to unfinished work"
        sheet.hit(Hit(kind="dev-host", detail=detail, at=start + at, name=host, platform=label))
    else:
        shown = f"{scheme[1].decode()}://{host}{f':{match[2].decode()}' if match[2] else ''}"
        sheet.name(sheet.api, f"{shown}{match[3].decode('ascii')}")


def _with_user(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """Addresses with a user: Sentry's is public, a database's is not."""
    if sentry := _SENTRY.match(window, at + 3):
        host = sentry[1].decode("ascii")
        sheet.hit(Hit(kind="id", detail="DSN", at=start + at, platform="sentry", name=host))
        return
    database = _DATABASE.search(window, max(0, at - 14), at + 420)
    if database and secret_in("DATABASE_URL", database[0].decode("utf-8", "replace")) == "real":
        words = "the address of a database with its password"
        sheet.hit(Hit(kind="secret", detail=words, at=start + at))


def _local(sheet: Sheet, window: bytes, at: int, whole: str, start: int) -> None:
    """An address of this computer: with a port and a path, or used for a call, it is the app's."""
    end = at + len(whole) - whole.index("://")
    near = window[max(0, at - NEAR) : end + NEAR]
    if any(whole == row.address and row.near.encode() in near for row in tables.libraries()):
        return
    before = window[max(0, at - 80) : at]
    rest = _PORT.match(whole)
    if _GUARDED.search(window, max(0, at - 160), at):
        how = "bare"
    elif _CALLED.search(before) or (rest and _used(window, before, end)):
        how = "call"
    elif rest and len(rest[1]) > 1:
        how = "path"
    elif rest:
        how = "bare"
    else:
        return  # without a port it is a placeholder for `new URL`, in every library
    sheet.hit(Hit(kind="local", detail=whole[:80], at=start + at, mode=how))


def _used(window: bytes, before: bytes, end: int) -> bool:
    """Whether the address is put in front of a path later on: `${a}/orders`, a+"/orders"."""
    named = _NAMED.search(before)
    if not named:
        return False
    name, after = named[1], window[end : end + USES]
    uses = (b"${" + name + b"}/", name + b'+"/', name + b"+'/", b"concat(" + name + b',"/')
    return any(use in after for use in uses)


def _unfinished(host: str) -> str:
    """The label of the tunnel or development host that an own name lies under, or nothing."""
    for row in tables.hosts():
        ending = tables.ends_with(host, row.suffixes if row.tunnel else row.dev_only)
        if ending and host != ending and not host.startswith("www."):
            return row.label
    return ""


def firebase(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """The project that a Firebase app signs in at: `authDomain`."""
    match = _AUTH_DOMAIN.search(window, max(0, at - 50), at)
    if match:
        name = match[1].decode("ascii")
        hit = Hit(kind="id", detail="project", at=start + at, platform="firebase", name=name)
        sheet.hit(hit)


def table(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """`.from("orders")`: a table, unless it is the method of something else by that name."""
    match = _TABLE.match(window, at)
    if match and not _NOT_TABLES.search(window, max(0, at - 40), at):
        sheet.name(sheet.tables, match[1].decode("ascii"))


def bucket(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """`/storage/v1/object/public/invoices/…`: files that need no key."""
    if match := _BUCKET.match(window, at):
        sheet.name(sheet.buckets, match[1].decode("ascii", "replace"))


def path(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """A literal that begins with /api/."""
    if window[at - 1 : at] and window[at - 1] in _QUOTES and (match := _PATH.match(window, at)):
        sheet.name(sheet.api, _cut(match[0]))


def call(sheet: Sheet, window: bytes, at: int, start: int) -> None:
    """What is fetched, or what an HTTP client is told to put in front of every path."""
    if match := _CALL.match(window, at):
        sheet.name(sheet.api, _cut(match[1]))


def _cut(path: bytes) -> str:
    return path.decode("ascii", "replace")
