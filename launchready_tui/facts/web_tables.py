"""The tables of cookies and foreign scripts: data in checklists/, read once per process."""

from __future__ import annotations

import functools
import re
from datetime import date
from typing import Literal

from launchready_tui.badfile import read_toml
from launchready_tui.catalogue import data_folder
from launchready_tui.facts.dns import registrable
from launchready_tui.facts.tables import ends_with
from launchready_tui.model import Record

_PREFIX = re.compile(r"(?i)__(?:host|secure)-")


class CookieRow(Record, frozen=True, kw_only=True):
    """What a cookie of such a name is for."""

    label: str
    kind: Literal["session", "other"]
    patterns: tuple[str, ...]
    source: str
    seen: date
    readable: bool = False
    """Scripts have to read it, by its maker's design."""
    unconfirmed: tuple[str, ...] = ()


class ScriptRow(Record, frozen=True, kw_only=True):
    """Servers of scripts, and whether a file there `changes` under the same address."""

    label: str
    changes: bool
    hosts: tuple[str, ...]
    source: str
    seen: date
    unconfirmed: tuple[str, ...] = ()


class _Suffixes(Record, frozen=True, kw_only=True):
    source: str
    seen: date
    names: tuple[str, ...]
    unconfirmed: tuple[str, ...] = ()


class _Cookies(Record, frozen=True, kw_only=True):
    cookie: tuple[CookieRow, ...]
    suffixes: _Suffixes


class _Scripts(Record, frozen=True, kw_only=True):
    script: tuple[ScriptRow, ...]


@functools.cache
def _cookies() -> _Cookies:
    return read_toml(data_folder() / "cookies.toml", _Cookies)


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], CookieRow], ...]:
    return tuple(
        (re.compile("|".join(f"(?:{p})" for p in row.patterns)), row) for row in _cookies().cookie
    )


@functools.cache
def _scripts() -> tuple[ScriptRow, ...]:
    return read_toml(data_folder() / "scripts.toml", _Scripts).script


def cookie_row(name: str) -> CookieRow | None:
    """The row that a cookie's name fits; None where the name says nothing."""
    plain = _PREFIX.sub("", name[:200], count=1).lower()
    return next((row for pattern, row in _patterns() if pattern.fullmatch(plain)), None)


def script_row(host: str) -> ScriptRow | None:
    return next((row for row in _scripts() if ends_with(host, row.hosts)), None)


def shared_by_strangers(name: str) -> bool:
    """Whether a name is an ending that many owners register below: no cookie is kept for it."""
    below_it = f"x.{name}"
    return name in _cookies().suffixes.names or registrable(below_it) == below_it


def site_of(host: str) -> str:
    """What browsers call the site of a host: the part that one owner has."""
    suffix = ends_with(host, _cookies().suffixes.names)
    if not suffix:
        return registrable(host)
    if host == suffix:
        return host
    return f"{host.removesuffix(f'.{suffix}').rpartition('.')[2]}.{suffix}"


def same_site(one: str, other: str) -> bool:
    return site_of(one) == site_of(other)
