"""The baseline: what is on and since when, exceptions with owners, records and old addresses."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from cases.cloudflare_world import account, cached, edge, page_rule, runs, zone
from cases.test_edge_protection import recorded
from cases.world import served, web
from guide.test_gathered import CATALOGUE, dns, gathered
from guide.test_gathered import store as store
from guide_sprint import make_state
from launchready_tui.facts.redirect_map import MapEntry
from launchready_tui.facts.redirects import Arrival, OldUrls, Step
from launchready_tui.guide.handover import handover
from launchready_tui.guide.state import GuideState
from launchready_tui.model import Fact
from launchready_tui.sprint.store import Store

assert CATALOGUE


def part(text: str, title: str, mark: str = "##") -> str:
    return text.partition(f"\n{mark} {title}\n")[2].partition("\n## ")[0]


@pytest.fixture
def state() -> GuideState:
    return make_state()


def test_each_protection_says_where_it_is_set_and_since_when(state: GuideState) -> None:
    text = part(handover(state), "Protection")
    assert (
        "| Encryption on the way to the app | `plain` | Cloudflare, setting `ssl` |"
        " 2 March 2026 or before |" in text
    )
    assert "| Rate limit | plain: `plain` after 10 requests in 60 s, for 0 s |" in text
    assert "| Flood protection | on, as Cloudflare ships it |" in text
    assert "| Header `content-security-policy` | `plain` | answers of `plain` |" in text
    assert "| Header `x-frame-options` | not sent |" in text


def test_what_was_not_readable_is_said_and_never_off(state: GuideState) -> None:
    text = part(handover(state), "Protection")
    assert "- page_rules not readable: the token needs Page Rules Read (plain)" in text


def test_an_exception_has_route_reason_and_owner(state: GuideState) -> None:
    text = part(handover(state), "Exceptions", "###")
    row = "| `plain` | cache, waf | plain | plain | told by plain, 2 March 2026 |"
    assert row in text
    none = handover(replace(state, exceptions=replace(state.exceptions, exceptions=())))
    assert "None recorded, because nobody has written one down" in part(none, "Exceptions", "###")


def test_a_caching_rule_has_its_reason_or_is_a_risk(store: Store) -> None:
    facts: dict[str, Fact] = {
        "CloudflareZone": account(
            runs(), cached("true", name="Shop pictures"), page_rule("*x/*", cache_level="basic")
        )
    }
    text = part(handover(gathered(store, facts)), "Caching rules", "###")
    assert "| `true` | `cache=true` | Shop pictures |" in text
    assert "| `*x/*` | `cache_level=basic` | **RISK**: reason not recorded |" in text
    facts["CloudflareZone"] = account()
    text = part(handover(gathered(store, facts)), "Caching rules", "###")
    assert "Cloudflare holds no cache rule and no page rule" in text
    facts["CloudflareZone"] = account(not_read=("page_rules",))
    text = part(handover(gathered(store, facts)), "Caching rules", "###")
    assert "holds no cache rule" not in text


def test_records_come_from_the_export_with_their_proxied_flags(store: Store) -> None:
    facts: dict[str, Fact] = {"DnsSetup": dns(), "CloudflareZone": account()}
    text = part(handover(gathered(store, facts)), "Domains and DNS")
    assert "Exported from Cloudflare" in text
    assert "| `acme.test` | `A` | `192.0.2.10` | yes | – |" in text
    assert "| `direct.acme.test` | `A` | `192.0.2.10` | no | 300 |" in text
    assert "192.0.2.9" not in text
    del facts["CloudflareZone"]
    text = part(handover(gathered(store, facts)), "Domains and DNS")
    assert "Observed from outside" in text
    assert "| `edge.host.test` | `A` | `192.0.2.9` | – |" in text


def arrival(old: str, *statuses: int, expected: str = "", ends: str = "") -> Arrival:
    ways = [f"https://acme.test{old}", *([ends] if ends else [])]
    steps = tuple(Step(url=u, status=s) for u, s in zip(ways, statuses, strict=True))
    entry = MapEntry(old=ways[0], expected=expected)
    return Arrival(entry=entry, steps=steps, ended="ok")


def test_old_addresses_are_listed_with_their_ends_and_the_broken_ones_first(store: Store) -> None:
    new = "https://acme.test/new"
    old = OldUrls(
        name="old.csv",
        home="acme.test",
        arrivals=(
            arrival("/a", 301, 200, expected=new, ends=new),
            arrival("/b", 404, expected=new),
        ),
    )
    text = part(handover(gathered(store, {"OldUrls": old})), "Old addresses", "###")
    assert "The list `old.csv`: 1 of 2 arrive (" in text
    rows = [line for line in text.splitlines() if line.startswith("| `https")]
    assert rows == [
        f"| `https://acme.test/b` | `{new}` | `https://acme.test/b` |"
        " ends at `https://acme.test/b` with 404 | ✗ no |",
        f"| `https://acme.test/a` | `{new}` | `{new}` | 301, 200 | ✓ yes |",
    ]


def test_headers_are_those_of_the_app(store: Store) -> None:
    page = served("app.acme.test", strict_transport_security="max-age=31536000")
    state = gathered(store, {"WebHosts": web(page)})
    assert state.app == "app.acme.test"
    assert {header.name: header.value for header in state.headers} == {
        "strict-transport-security": "max-age=31536000",
        "content-security-policy": "",
        "x-frame-options": "",
        "x-content-type-options": "",
        "referrer-policy": "",
    }


def test_exceptions_come_from_the_record_and_date_the_guide(store: Store, tmp_path: Path) -> None:
    one = recorded("/webhooks/*").exceptions[0]
    store.except_route(replace(one, at=one.at.replace(month=6)))
    state = gathered(store)
    assert [held.route for held in state.exceptions.exceptions] == ["/webhooks/*"]
    assert state.at.month == 6


def test_settings_are_said_as_people_say_them(store: Store) -> None:
    facts: dict[str, Fact] = {
        "CloudflareZone": account(
            security_header="enabled=true, max_age=31536000, include_subdomains=false",
            bot_management="fight_mode=false, crawlers=block",
        )
    }
    text = part(handover(gathered(store, facts)), "Protection")
    assert "| Full (strict): encrypted, the certificate is checked |" in text
    assert "| Always use https | `on` |" in text
    assert "| on, for 365 days, include subdomains off |" in text
    assert "| fight mode off, crawlers block |" in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("none", "No host passes Cloudflare today: what is set there protects nothing"),
        ("proxied", "holds only for the hosts that pass it: `acme.test`."),
        ("unknown", "Whether these pass Cloudflare could not be told: `acme.test`."),
    ],
)
def test_it_is_said_whom_the_settings_at_cloudflare_protect(
    store: Store, state: str, said: str
) -> None:
    facts: dict[str, Fact] = {"CloudflareZone": account(), "Cloudflare": edge(state)}
    assert said in part(handover(gathered(store, facts)), "Protection")
    del facts["CloudflareZone"]
    assert "pass Cloudflare" not in handover(gathered(store, facts))


def test_of_a_partial_zone_the_records_are_those_that_dns_shows(store: Store) -> None:
    facts: dict[str, Fact] = {
        "DnsSetup": dns(),
        "CloudflareZone": account(zone=zone(type="partial", name_servers=())),
    }
    text = part(handover(gathered(store, facts)), "Domains and DNS")
    assert "Observed from outside" in text
    assert "| `edge.host.test` | `A` | `192.0.2.9` | – |" in text
    assert "direct.acme.test" not in text
