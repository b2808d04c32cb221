"""The data platforms behind the app, asked as any visitor of the page may ask them.

Supabase says with one GET whether strangers may sign up. How many rows of a table a stranger can
read, and whether a Firebase database is open, is asked only with permission, and only counts are
read: of a row count one header, of a database the number of its top-level keys.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Literal

from launchready_tui.engine import fact
from launchready_tui.facts.bundle import Scanner
from launchready_tui.facts.scripts import PlatformIds, ShippedScripts, public_keys
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Permits
from launchready_tui.model import Fact, Level, Record
from launchready_tui.network import Network
from launchready_tui.network.seen import Fetched

ROWS, SHALLOW = "supabase-rows", "firebase-shallow"
MOST_TABLES = 20
MOST_PROJECTS = 3
BODY = 65_536
_COUNT = re.compile(r"(?:\d+-\d+|\*)/(\d{1,18})")

_WAY = re.compile(r"[\w-]{2,30}")


class SignUp(Record, frozen=True, kw_only=True):
    """Whether strangers may create an account, as the login service says itself."""

    host: str
    state: Literal["open", "closed", "unknown"]
    unconfirmed: bool = False
    """Addresses are not confirmed by a mail: an invented one gets in."""
    ways: tuple[str, ...] = ()
    """How one signs up: "email", "google" …"""
    cause: str = ""


class TableRows(Record, frozen=True, kw_only=True):
    """What a table answers to a stranger who asks how many rows there are."""

    host: str
    table: str
    state: Literal["counted", "refused", "absent", "unknown"]
    rows: int = 0
    cause: str = ""


class OpenDatabase(Record, frozen=True, kw_only=True):
    """A Firebase database, asked for its top-level keys."""

    host: str
    state: Literal["open", "closed", "empty", "absent", "unknown"]
    keys: int = 0
    cause: str = ""


class DataPlatform(Fact, frozen=True, kw_only=True):
    """`projects` are the platforms recognised, as "supabase REF". `untried` names what would have
    needed permission."""

    projects: tuple[str, ...]
    sign_up: tuple[SignUp, ...] = ()
    rows: tuple[TableRows, ...] = ()
    databases: tuple[OpenDatabase, ...] = ()
    untried: tuple[str, ...] = ()


@fact
async def data_platform(
    net: Network, ids: PlatformIds, shipped: ShippedScripts, web: WebHosts, permits: Permits
) -> DataPlatform:
    supabase = _named(ids, "supabase")
    databases = _databases(ids)
    keys = await _keys(net, web) if supabase else {}
    tables = shipped.tables[:MOST_TABLES]
    count = permits.allows(ROWS)
    look = permits.allows(SHALLOW)
    with net.log.side_by_side():
        signs, rows, seen = await asyncio.gather(
            asyncio.gather(*(_sign_up(net, ref, _key(keys, ref)) for ref in supabase)),
            asyncio.gather(
                *(
                    _rows(net, ref, table, _key(keys, ref))
                    for ref in supabase
                    for table in tables[: MOST_TABLES // len(supabase)]
                    if count
                )
            ),
            asyncio.gather(*(_shallow(net, host) for host in databases if look)),
        )
    untried = [ROWS] if supabase and tables and not count else []
    untried += [SHALLOW] if databases and not look else []
    return DataPlatform(
        projects=(
            *(f"supabase {ref}" for ref in supabase),
            *(f"firebase {host}" for host in databases),
        ),
        sign_up=tuple(signs),
        rows=tuple(rows),
        databases=tuple(seen),
        untried=tuple(untried),
    )


def _named(ids: PlatformIds, platform: str) -> list[str]:
    names = {found.name for found in ids.ids if found.platform == platform and found.name}
    return sorted(names)[:MOST_PROJECTS]


def _databases(ids: PlatformIds) -> list[str]:
    """Hosts of Firebase databases: as the code names them, else by the project's own name."""
    named = _named(ids, "firebase")
    hosts = [name for name in named if "." in name]
    return hosts or [f"{name}-default-rtdb.firebaseio.com" for name in named]


async def _keys(net: Network, web: WebHosts) -> Mapping[str, str]:
    """The public keys that this run read; where they stand in a page, the page is read again."""
    keys = public_keys(net)
    host = web.of(web.app)
    if keys or host is None or host.page is None:
        return keys
    if not any(hit.platform == "supabase" for hit in host.page.inline):
        return keys
    scanner = Scanner()
    await net.fetch(f"{host.root}/", sink=scanner.feed)
    return scanner.end().keys


def _key(keys: Mapping[str, str], ref: str) -> str:
    return keys.get(ref) or keys.get("", "")


def supabase_host(ref: str) -> str:
    return f"{ref}.supabase.co"


def _barred(net: Network, host: str) -> str:
    """Why a platform's host is not asked; empty where it may be."""
    if net.scope.covers(host):
        return ""
    return f"not asked: add https://{host} to urls in launchready.toml"


# ---------------------------------------------------------------- Supabase


async def _sign_up(net: Network, ref: str, key: str) -> SignUp:
    host = supabase_host(ref)
    cause = _barred(net, host) or ("" if key else "no public key was found in the code")
    if cause:
        return SignUp(host=host, state="unknown", cause=cause)
    url = f"https://{host}/auth/v1/settings"
    fetched = await net.fetch(url, headers={"apikey": key}, follow=False, body_limit=BODY)
    settings = _object(fetched)
    disabled = settings.get("disable_signup")
    if not isinstance(disabled, bool):
        return SignUp(host=host, state="unknown", cause=_why(fetched))
    external = settings.get("external")
    ways = external.items() if isinstance(external, dict) else ()
    on = sorted(
        name for name, value in ways if value is True and re.fullmatch(r"[\w-]{2,30}", name)
    )
    return SignUp(
        host=host,
        state="closed" if disabled or not on else "open",
        unconfirmed=settings.get("mailer_autoconfirm") is True,
        ways=tuple(on),
    )


async def _rows(net: Network, ref: str, table: str, key: str) -> TableRows:
    host = supabase_host(ref)
    cause = _barred(net, host) or ("" if key else "no public key was found in the code")
    if cause:
        return TableRows(host=host, table=table, state="unknown", cause=cause)
    headers = {"apikey": key, "prefer": "count=exact", "range-unit": "items", "range": "0-0"}
    if key.startswith("eyJ"):  # the newer keys are none that may stand for a user
        headers["authorization"] = f"Bearer {key}"
    fetched = await net.fetch(
        f"https://{host}/rest/v1/{table}",
        method="HEAD",
        headers=headers,
        follow=False,
        level=Level.ACTIVE,
    )
    if fetched.status in (401, 403):
        return TableRows(host=host, table=table, state="refused")
    if fetched.status in (400, 404):
        return TableRows(host=host, table=table, state="absent")
    said = fetched.hops[-1].header("content-range") if fetched.hops else ""
    counted = _COUNT.fullmatch(said.strip())
    if fetched.status not in (200, 206, 416) or not counted:
        return TableRows(host=host, table=table, state="unknown", cause=_why(fetched))
    return TableRows(host=host, table=table, state="counted", rows=int(counted[1]))


# ---------------------------------------------------------------- Firebase


async def _shallow(net: Network, host: str) -> OpenDatabase:
    cause = _barred(net, host)
    if cause:
        return OpenDatabase(host=host, state="unknown", cause=cause)
    url = f"https://{host}/.json?shallow=true"
    fetched = await net.fetch(url, follow=False, body_limit=BODY, level=Level.ACTIVE)
    if fetched.status in (401, 403):
        return OpenDatabase(host=host, state="closed")
    if fetched.status in (404, 423):
        return OpenDatabase(host=host, state="absent")
    if fetched.status != 200:
        return OpenDatabase(host=host, state="unknown", cause=_why(fetched))
    if fetched.body.strip() == "null":
        return OpenDatabase(host=host, state="empty")
    if fetched.truncated and fetched.body.lstrip().startswith("{"):
        return OpenDatabase(host=host, state="open", keys=fetched.body.count('":true'))
    found = _object(fetched)
    if not found:
        return OpenDatabase(host=host, state="unknown", cause="the answer is not a database's")
    return OpenDatabase(host=host, state="open", keys=len(found))


def _object(fetched: Fetched) -> dict[str, object]:
    if fetched.status != 200:
        return {}
    try:
        read = json.loads(fetched.body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _why(fetched: Fetched) -> str:
    if fetched.ended == "ok":
        return f"answered {fetched.status}" if fetched.status != 200 else "not the answer expected"
    return without_secrets(fetched.cause)
