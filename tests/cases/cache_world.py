"""Answers about caches, origins and sessions that are in order; an example changes one of them."""

from __future__ import annotations

from typing import Any

from cases.world import DOMAIN
from launchready_tui.facts.cache_signs import CacheHead, cache_head
from launchready_tui.facts.caching import PublicCaching, StaticFile
from launchready_tui.facts.cors import (
    FOREIGN,
    Allowed,
    CorsAnswers,
    CorsPath,
    CorsPreflights,
    Origin,
    first_origins,
    origins_for,
)
from launchready_tui.facts.deception import SHAPES, DeceivedPage, Deceiving, Deceptions, Result
from launchready_tui.facts.login import LoginFlow
from launchready_tui.facts.private_pages import PrivatePage, PrivatePages, Reading
from launchready_tui.given import Target, Web
from launchready_tui.network.seen import Hop

APP = f"https://app.{DOMAIN}"
FRONT, API, ORDERS = f"{APP}/", f"{APP}/api/orders", f"{APP}/orders"
SCRIPT = f"{APP}/assets/index-4f3a9c21.js"
NAMED = Target(domain=DOMAIN, web=Web(api=(API,), private=(ORDERS,), markers=("mia@acme.test",)))


def head(**headers: str) -> CacheHead:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return cache_head(Hop(url=FRONT, method="GET", outcome="ok", status=200, headers=pairs))


# ---------------------------------------------------------------- public files and pages

FOR_A_YEAR = head(cache_control="public, max-age=31536000, immutable", cf_cache_status="HIT")


def static(url: str = SCRIPT, *, hashed: bool = True, **changes: Any) -> StaticFile:
    values: dict[str, Any] = {
        "status": 200,
        "text": True,
        "large": True,
        "encoding": "br",
        "head": FOR_A_YEAR,
        **changes,
    }
    return StaticFile(url=url, hashed=hashed, **values)


def caching(*files: StaticFile, **changes: Any) -> PublicCaching:
    values: dict[str, Any] = {
        "host": f"app.{DOMAIN}",
        "page": FRONT,
        "page_head": head(cache_control="no-cache", cf_cache_status="DYNAMIC"),
        "files": files or (static(),),
        **changes,
    }
    return PublicCaching(**values)


# ---------------------------------------------------------------- private pages

NO_STORE = head(cache_control="private, no-store", cf_cache_status="DYNAMIC")


def got(status: int = 200, *, marked: bool = False, **headers: str) -> Reading:
    kept = head(**headers) if headers else NO_STORE
    return Reading(status=status, kind="html", marked=marked, head=kept)


def mine(**headers: str) -> Reading:
    return got(marked=True, **headers)


AWAY = got(302)


def page(url: str = ORDERS, *, user: Reading | None = None, **changes: Any) -> PrivatePage:
    """The user gets their own page and a stranger is sent to the sign-in."""
    seen = user or mine()
    values: dict[str, Any] = {
        "bare": AWAY, "first": seen, "second": seen, "stranger": AWAY, "again": seen, **changes
    }  # fmt: skip
    return PrivatePage(url=url, **values)


def pages(*read: PrivatePage, marks: bool = True, **changes: Any) -> PrivatePages:
    return PrivatePages(pages=read or (page(),), marks=marks, **changes)


def tricks(*results: Result, status: int = 404, **changes: Any) -> Deceptions:
    """One result for each disguise; all clean without any."""
    tries = tuple(
        Deceiving(shape=shape, result=result, status=status)
        for shape, result in zip(SHAPES, results or ("clean",) * 3, strict=True)
    )
    values: dict[str, Any] = {"tries": tries, "by_marker": True, **changes}
    return Deceptions(pages=(DeceivedPage(url=ORDERS, **values),))


# ---------------------------------------------------------------- origins

OWN = APP
EVERY: tuple[Origin, ...] = (*first_origins(OWN), *origins_for(f"app.{DOMAIN}", DOMAIN))
NULL, PLAIN, LOCAL = "null", f"http://app.{DOMAIN}", "http://localhost:3000"
BELOW, LISTED = f"https://lr-any.{DOMAIN}", f"https://admin.{DOMAIN}"


def allowed(origin: str, allow: str = "", **changes: Any) -> Allowed:
    """What an origin is answered; nothing without `allow`, and `Vary` as it should be."""
    known = {o.value: o for o in EVERY}
    asked = known.get(origin) or Origin(value=origin, who="below")
    return Allowed(origin=asked, status=200, allow=allow, **{"varies": True, **changes})


def answers(*let_in: str, url: str = API, private: bool = False, **changes: Any) -> CorsPath:
    """Each of these origins comes back, with credentials; the app's own always does."""
    values = {"credentials": True, **changes}
    told = [allowed(o.value, o.value if o.value in (*let_in, OWN) else "", **values) for o in EVERY]
    return CorsPath(url=url, private=private, answers=tuple(told))


def silent(url: str = FRONT, allow: str = "", **changes: Any) -> CorsPath:
    """The same answer to whoever asks."""
    told = (allowed(o.value, allow, **{"varies": False, **changes}) for o in first_origins(OWN))
    return CorsPath(url=url, answers=tuple(told))


def cors(*paths: CorsPath, **changes: Any) -> CorsAnswers:
    return CorsAnswers(paths=(silent(), *paths), **changes)


def preflights(*let_in: str, credentials: bool = True) -> CorsPreflights:
    told = tuple(
        allowed(o, o if o in let_in else "", credentials=credentials, method="OPTIONS for PUT")
        for o in (FOREIGN, NULL, PLAIN, LOCAL)
    )
    return CorsPreflights(paths=(CorsPath(url=API, answers=told),))


# ---------------------------------------------------------------- sessions

LOGIN, LOGOUT = f"{APP}/login", f"{APP}/logout"


def flow(**changes: Any) -> LoginFlow:
    values: dict[str, Any] = {
        "login": LOGIN,
        "by": "form",
        "before": ("sid",),
        "after": ("sid",),
        "private": ORDERS,
        "old_id_inside": "no",
        "logout": LOGOUT,
        "logout_status": 302,
        "ended_id_inside": "no",
        **changes,
    }
    return LoginFlow(**values)
