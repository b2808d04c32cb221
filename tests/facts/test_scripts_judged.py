"""From the app's own answers to the outcomes: everything a run needs is wired, and replayable."""

from __future__ import annotations

from pathlib import Path

import msgspec

import launchready_tui.checks  # noqa: F401
from cases.world import DOMAIN, missing, starts
from facts.bundles import ANON, LIVE, REF, SERVICE, clerk, minified
from facts.script_site import APP, DATABASE, PROJECT, pages, running_site
from facts.test_source_map import OWN, source_map
from launchready_tui import engine
from launchready_tui.catalogue import load
from launchready_tui.facts.saved import decode, encode
from launchready_tui.facts.site import CanonicalStarts
from launchready_tui.facts.web import MissingPages, WebHosts
from launchready_tui.given import Permits, Target
from launchready_tui.model import Level, State
from launchready_tui.network import Network

ITEMS = tuple(
    load().item(id)
    for id in (
        "exposure.javascript",
        "config.shipped",
        "login.callbacks",
        "access.signup",
        "access.data-platform",
    )
)
TARGET = Target(domain=DOMAIN)
FILES = {
    "/main.js": minified(
        20_000,
        SERVICE,
        ANON,
        LIVE,
        f"https://{PROJECT}",
        f"https://{DATABASE}",
        "http://localhost:3001/api",
        "https://a1b2.ngrok-free.app/hook",
        clerk("test", "busy-bee-12.clerk.accounts.dev"),
    )
    + b';e.from("orders").select()\n//# sourceMappingURL=main.js.map',
    "/main.js.map": source_map(OWN, ["a"] * 3),
}
PAGE = f'<script src=/main.js></script><script>window.__ENV={{"KEY":"{LIVE}"}}</script>'
RULES = "location = /api/auth/session { return 500 'server configuration'; }"
PLATFORM = """
  location = /auth/v1/settings { return 200 '{"disable_signup":false,"external":{"email":true}}'; }
  location = /rest/v1/orders { add_header Content-Range 0-0/3; return 200 "[]"; }
  location = /.json { return 200 '{"orders":true}'; }
"""


async def test_each_fault_of_a_real_app_is_found(tmp_path: Path) -> None:
    with running_site(tmp_path, FILES, RULES, PLATFORM) as site:
        async with site.opened(PROJECT, DATABASE, level=Level.ACTIVE) as net:
            given = {
                Network: net,
                Target: TARGET,
                Permits: Permits(probes=("supabase-rows", "firebase-shallow"), by="Ana"),
                WebHosts: pages(PAGE),
                MissingPages: missing(),
                CanonicalStarts: starts(),
            }
            run = await engine.run(ITEMS, given)
    found = {f"{f.code} {f.subject}" for o in run.outcomes.values() for f in o.findings}
    script = f"https://{APP}/main.js"
    assert found == {
        f"supabase-service-key-in-bundle {script}",
        f"secret-in-public-env-prefix {script}",
        f"bundle-secret https://{APP}/",
        f"source-maps-public {script}.map",
        f"test-mode-keys-in-production {script}",
        f"localhost-api-in-bundle {script}",
        f"dev-host-in-bundle {script}",
        f"auth-secret-or-host-unset https://{APP}/api/auth/session",
        f"open-signup-internal-tool {PROJECT}",
        f"supabase-rls-disabled {PROJECT}/orders",
        f"firebase-open-rules {DATABASE}",
    }
    saved = encode(run.facts)
    outcomes = msgspec.json.encode(run.outcomes)
    for value in (SERVICE, ANON, LIVE):
        assert value[-20:].encode() not in saved + outcomes
    offline = {key: value for key, value in given.items() if key is not Network}
    again = await engine.run(ITEMS, offline, saved=decode(saved))
    assert msgspec.json.encode(again.outcomes) == outcomes


async def test_a_sound_app_is_not_blamed_and_passive_stays_passive(tmp_path: Path) -> None:
    files = {"/main.js": minified(20_000, ANON, f"https://{REF}.supabase.co")}
    with running_site(tmp_path, files, "location = /api/ { return 404; }") as site:
        async with site.opened() as net:
            given = {
                Network: net,
                Target: TARGET,
                Permits: Permits(),
                WebHosts: pages("<script src=/main.js></script>"),
                MissingPages: missing(),
                CanonicalStarts: starts(),
            }
            run = await engine.run(ITEMS, given)
            counts = net.log.counts()
    assert {item: outcome.state for item, outcome in run.outcomes.items()} == {
        "access.data-platform": State.UNKNOWN,
        "access.signup": State.UNKNOWN,
        "config.shipped": State.PASS,
        "exposure.javascript": State.PASS,
        "login.callbacks": State.NOT_APPLICABLE,
    }
    assert counts == {"GET/passive": 3}
