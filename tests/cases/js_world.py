"""What pages ship, for the examples: sound scripts, and one thing changed in each."""

from __future__ import annotations

from typing import Any

from cases.world import DOMAIN
from launchready_tui.facts.data_platform import DataPlatform, OpenDatabase, SignUp, TableRows
from launchready_tui.facts.scripts import InlineScripts, ShippedScript, ShippedScripts
from launchready_tui.facts.shipped import Hit
from launchready_tui.facts.sign_in import Callback, SignIn

APP = f"app.{DOMAIN}"
MAIN = f"https://{APP}/assets/index-1.js"
ENV = f"https://{APP}/env.js"
PAGE = f"https://{APP}/"
MAP = f"{MAIN}.map"
REF = "abcdefghijklmnopqrst"
SUPABASE = f"{REF}.supabase.co"
FIREBASE = "acme-desk-default-rtdb.firebaseio.com"
ANON = Hit(kind="id", detail="anon key", at=9, platform="supabase", name=REF)


def script(*hits: Hit, url: str = MAIN, pages: tuple[str, ...] = (APP,), **more: Any) -> Any:
    return ShippedScript(url=url, pages=pages, hits=hits, **{"read": "all", "size": 9_000, **more})


def shipped(*scripts: ShippedScript, inline: tuple[Hit, ...] = (), **more: Any) -> ShippedScripts:
    """One sound script of the app, unless others are given."""
    pages = (InlineScripts(host=APP, hits=inline),) if inline else ()
    return ShippedScripts(scripts=scripts or (script(ANON),), inline=pages, **more)


def hit(kind: Any, detail: str, **more: Any) -> Hit:
    return Hit(kind=kind, detail=detail, **{"at": 120, **more})


def key(platform: str, mode: str, name: str = "") -> Hit:
    return hit("id", "publishable key", platform=platform, mode=mode, name=name)


def local(address: str, mode: str = "path") -> Hit:
    return hit("local", address, mode=mode)


def data(**more: Any) -> DataPlatform:
    return DataPlatform(**{"projects": (f"supabase {REF}",), **more})


def rows(table: str, count: int, state: Any = "counted", cause: str = "") -> TableRows:
    return TableRows(host=SUPABASE, table=table, state=state, rows=count, cause=cause)


def database(state: Any, keys: int = 0, cause: str = "") -> OpenDatabase:
    return OpenDatabase(host=FIREBASE, state=state, keys=keys, cause=cause)


def sign_up(state: Any, *ways: str, **more: Any) -> SignUp:
    return SignUp(host=SUPABASE, state=state, ways=ways, **more)


def back(address: str, where: str = "/api/auth/providers", to: str = "") -> Callback:
    scheme, _, rest = address.partition("://")
    host, _, path = rest.partition("/")
    return Callback(where=where, scheme=scheme, host=host, path=f"/{path}", to=to)


def signing(*callbacks: Callback, **more: Any) -> SignIn:
    return SignIn(app=APP, callbacks=callbacks, **{"session": 404, "providers": 404, **more})
