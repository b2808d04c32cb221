"""Data platforms are asked what the page's own code may ask, and only where a person said so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from cases.world import DOMAIN
from facts.bundles import ANON, REF, minified
from facts.script_site import DATABASE, PROJECT, Site, pages, running_site
from launchready_tui.facts.data_platform import DataPlatform, data_platform
from launchready_tui.facts.scripts import platform_ids, shipped_scripts
from launchready_tui.given import Permits, Target
from launchready_tui.model import Level

CODE = minified(5_000, f"https://{REF}.supabase.co", ANON, f"https://{DATABASE}") + (
    b'e.from("orders").select();e.from("people").select();e.from("empty").select();'
    b'e.from("odd").select()'
)
PAGE = "<script src=/a.js></script>"
SETTINGS = (
    '{"external":{"email":true,"google":true,"apple":false},"disable_signup":false,'
    '"mailer_autoconfirm":true}'
)
KEYED = f'if ($http_apikey != "{ANON}") {{ return 401; }}'
PLATFORM = f"""
  location = /auth/v1/settings {{ default_type application/json; {KEYED} return 200 '{SETTINGS}'; }}
  location = /rest/v1/orders {{ {KEYED} add_header Content-Range 0-0/812; return 200 "[1]"; }}
  location = /rest/v1/empty {{ add_header Content-Range */0; return 200 "[]"; }}
  location = /rest/v1/people {{ return 401; }}
  location = /rest/v1/odd {{ return 200 "<html>"; }}
  location = /.json {{ return 200 '{{"orders":true,"users":true}}'; }}
"""
NONE = Permits()
ALL = Permits(probes=("supabase-rows", "firebase-shallow"), by="Ana")


async def looked(
    site: Site, *scope: str, permits: Permits = NONE, page: str = PAGE, level: Any = None
) -> tuple[DataPlatform, list[str]]:
    web = pages(page)
    async with site.opened(*scope, level=level or Level.PASSIVE) as net:
        shipped = await shipped_scripts(net, web, Target(domain=DOMAIN))
        before = len(net.log.entries)
        ids = await platform_ids(shipped)
        found = await data_platform(net, ids, shipped, web, permits)
        log = [f"{e.method} {e.level} {e.host}{e.path}" for e in net.log.entries[before:]]
    return found, log


async def test_sign_up_is_told_by_one_passive_get(tmp_path: Path) -> None:
    with running_site(tmp_path, {"/a.js": CODE}, platform=PLATFORM) as site:
        found, log = await looked(site, PROJECT, DATABASE)
    (sign,) = found.sign_up
    assert (sign.state, sign.unconfirmed, sign.ways) == ("open", True, ("email", "google"))
    assert log == [f"GET passive {PROJECT}/auth/v1/settings"]
    assert found.untried == ("supabase-rows", "firebase-shallow")
    assert (found.rows, found.databases) == ((), ())


async def test_with_permission_counts_are_read_and_nothing_else(tmp_path: Path) -> None:
    with running_site(tmp_path, {"/a.js": CODE}, platform=PLATFORM) as site:
        found, log = await looked(site, PROJECT, DATABASE, permits=ALL, level=Level.ACTIVE)
    assert {row.table: (row.state, row.rows) for row in found.rows} == {
        "orders": ("counted", 812),
        "empty": ("counted", 0),
        "people": ("refused", 0),
        "odd": ("unknown", 0),
    }
    assert [(d.host, d.state, d.keys) for d in found.databases] == [(DATABASE, "open", 2)]
    assert sorted(log) == [
        f"GET active {DATABASE}/.json",
        f"GET passive {PROJECT}/auth/v1/settings",
        *(f"HEAD active {PROJECT}/rest/v1/{name}" for name in ("empty", "odd", "orders", "people")),
    ]
    saved = msgspec.json.encode(found).decode()
    assert ANON not in saved
    assert "users" not in saved


async def test_a_platform_outside_of_the_scope_is_not_asked(tmp_path: Path) -> None:
    with running_site(tmp_path, {"/a.js": CODE}, platform=PLATFORM) as site:
        found, log = await looked(site, permits=ALL, level=Level.ACTIVE)
    assert log == []
    assert found.projects == (f"supabase {REF}", f"firebase {DATABASE}")
    assert found.sign_up[0].cause == f"not asked: add https://{PROJECT} to urls in launchready.toml"
    assert {row.state for row in (*found.rows, *found.databases)} == {"unknown"}


async def test_a_key_inside_the_page_is_read_from_it_once_more(tmp_path: Path) -> None:
    body = f'<script>window.c={{u:"https://{PROJECT}",k:"{ANON}"}}</script>'
    with running_site(tmp_path, {"/index.html": body}, platform=PLATFORM) as site:
        found, log = await looked(site, PROJECT, page=body)
    assert found.sign_up[0].state == "open"
    assert log == ["GET passive app.acme.test/", f"GET passive {PROJECT}/auth/v1/settings"]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ('return 200 \'{"disable_signup":true,"external":{"email":true}}\';', "closed"),
        ('return 200 \'{"disable_signup":false,"external":{"email":false}}\';', "closed"),
        ("return 200 '[1]';", "unknown"),
        ('return 200 \'{"disable_signup":"no"}\';', "unknown"),
        ("return 200 'null';", "unknown"),
        ("return 503;", "unknown"),
        ("return 302 https://elsewhere.example/;", "unknown"),
    ],
)
async def test_only_a_plain_answer_counts(tmp_path: Path, answer: str, state: str) -> None:
    platform = f"location = /auth/v1/settings {{ {answer} }}"
    with running_site(tmp_path, {"/a.js": CODE}, platform=platform) as site:
        found, _ = await looked(site, PROJECT)
    assert found.sign_up[0].state == state
    assert bool(found.sign_up[0].cause) == (state == "unknown")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ('return 401 \'{"error":"Permission denied"}\';', "closed"),
        ("return 404;", "absent"),
        ("return 200 null;", "empty"),
        ("return 200 '<html>';", "unknown"),
        ("return 500;", "unknown"),
    ],
)
async def test_a_database_is_open_only_when_it_shows_keys(
    tmp_path: Path, answer: str, state: str
) -> None:
    platform = f"location = /.json {{ {answer} }}"
    with running_site(tmp_path, {"/a.js": CODE}, platform=platform) as site:
        found, _ = await looked(site, DATABASE, permits=ALL, level=Level.ACTIVE)
    assert found.databases[0].state == state
