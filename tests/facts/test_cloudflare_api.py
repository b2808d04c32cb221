"""The owner's zone by API, against a server that answers as the documentation says, and worse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from launchready_tui.facts import saved
from launchready_tui.facts.cloudflare_api import NO_TOKEN, cloudflare_zone, read_zone
from launchready_tui.facts.cloudflare_client import MOST_CALLS
from launchready_tui.facts.cloudflare_rules import CACHE, LIMITS, MANAGED, limit_of
from launchready_tui.facts.cloudflare_zone import CloudflareZone
from launchready_tui.given import Keys, Target
from launchready_tui.model import CouldNotTell, Unknown
from launchready_tui.network import Options, Scope, open_network
from launchready_tui.network.seen import Request
from launchready_tui.secret import Secret
from launchready_tui.vault.ladder import VaultError
from servers.cloudflare import (
    ACCOUNT,
    BIND,
    DENIED,
    TOKEN_ID,
    VERIFIED,
    ZONE,
    ZONE_ROW,
    FakeCloudflare,
    envelope,
    record,
    refusal,
    rule,
    running_cloudflare,
    setting,
    token_of,
)
from servers.pki import Pki
from servers.processes import free_port

DOMAIN = "acme.test"
AT = f"/zones/{ZONE}"


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("cloudflare"))


@pytest.fixture(scope="module")
def served(pki: Pki) -> Iterator[FakeCloudflare]:
    with running_cloudflare(pki) as api:
        yield api


@pytest.fixture
def api(served: FakeCloudflare) -> FakeCloudflare:
    served.answers.clear()
    served.asked.clear()
    served.methods.clear()
    served.token = token_of()
    return served


class Looked:
    zone: CloudflareZone
    file: str
    requests: tuple[Request, ...]


async def looked(
    api: FakeCloudflare, pki: Pki, token: str = "", *, with_file: bool = False
) -> Looked:
    options = Options(ca=str(pki.ca), connect=(api.pin,))
    seen = Looked()
    async with open_network(Scope(hosts=(DOMAIN,)), options) as net:
        secret = Secret(token or api.token)
        try:
            seen.zone, seen.file = await read_zone(net, secret, DOMAIN, with_file=with_file)
        finally:
            seen.requests = net.log.entries
    return seen


async def test_a_zone_is_read_whole_and_nothing_is_written(api: FakeCloudflare, pki: Pki) -> None:
    seen = await looked(api, pki, with_file=True)
    zone = seen.zone
    assert zone.not_read == ()
    assert zone.zone is not None
    assert (zone.zone.name, zone.zone.status, zone.zone.plan) == (DOMAIN, "active", "pro")
    assert zone.token.verified
    assert zone.token.reads == () and zone.token.zones == 1
    assert zone.value("ssl") == "strict"
    assert zone.value("security_header") == "enabled=true, max_age=31536000, preload=false"
    assert zone.value("dnssec") == "active"
    assert zone.value("certificate_packs") == "universal active"
    assert [r.settings["id"][:8] for r in zone.of(MANAGED)] == ["efb7b8c9"]
    assert [r.settings["cache"] for r in zone.of(CACHE)] == ["true"]
    assert seen.file == BIND
    assert api.methods == {"GET"}
    assert {(r.method, r.level, r.host) for r in seen.requests} == {
        ("GET", "passive", "api.cloudflare.com")
    }
    assert len(seen.requests) <= MOST_CALLS


async def test_all_pages_of_the_records_are_read_with_their_proxied_flags(
    api: FakeCloudflare, pki: Pki
) -> None:
    zone = (await looked(api, pki)).zone
    assert [path for path in api.asked if "page=3" in path]
    assert [(r.name, r.type) for r in zone.records if not r.proxied] == [
        (DOMAIN, "MX"),
        (DOMAIN, "TXT"),
        (f"direct.{DOMAIN}", "A"),
    ]
    assert len(zone.records) == 6


async def test_a_limit_that_is_set_covers_its_route_and_no_other(
    api: FakeCloudflare, pki: Pki
) -> None:
    zone = (await looked(api, pki)).zone
    login, reset = f"https://{DOMAIN}/login", f"https://{DOMAIN}/reset"
    (limit,) = (rule.limit for rule in zone.of(LIMITS))
    assert limit is not None
    assert (limit.requests, limit.period, limit.timeout) == (10, 60, 600)
    assert [bool(limit_of(zone.rules, url)) for url in (login, reset)] == [True, False]


async def test_a_phase_without_an_entry_point_has_no_rules_and_no_gap(
    api: FakeCloudflare, pki: Pki
) -> None:
    zone = (await looked(api, pki)).zone
    assert zone.of("ddos_l7") == () and zone.gap("ddos_l7") == ""


@pytest.mark.parametrize(
    ("path", "part", "needs"),
    [
        (f"{AT}/settings", "settings", "Zone Settings Read"),
        (f"{AT}/dns_records", "DNS records", "DNS Read"),
        (f"{AT}/rulesets/phases/{MANAGED}/entrypoint", MANAGED, "Zone WAF Read"),
        (f"{AT}/pagerules", "page_rules", "Page Rules Read"),
        (f"{AT}/bot_management", "bot_management", "Bot Management Read"),
    ],
)
async def test_a_missing_permission_is_not_readable_and_never_off(
    path: str, part: str, needs: str, api: FakeCloudflare, pki: Pki
) -> None:
    api.answers[path] = DENIED
    zone = (await looked(api, pki)).zone
    assert [(entry.part, entry.needs) for entry in zone.not_read] == [(part, needs)]
    assert zone.gap(part).startswith(f"{part} not readable: the token needs {needs} (10000 ")


async def test_a_short_wait_is_kept_and_the_question_asked_again(
    api: FakeCloudflare, pki: Pki
) -> None:
    def twice(times: int, status: int) -> tuple[int, Any]:
        if times == 1:
            return 429, refusal(10429, "More requests than allowed")
        return 200, envelope([setting("ssl", "full")])

    api.says(f"{AT}/settings", 429, twice, retry_after="0")
    zone = (await looked(api, pki)).zone
    assert zone.value("ssl") == "full"
    assert zone.not_read == ()


async def test_a_long_wait_ends_the_questions_and_says_so(api: FakeCloudflare, pki: Pki) -> None:
    api.says(f"{AT}/settings", 429, refusal(10429, "too many"), retry_after="240")
    zone = (await looked(api, pki)).zone
    assert zone.gap("settings") == (
        "settings not readable (Cloudflare asks to wait 240 s before it answers more)"
    )
    assert len(api.asked) < 15


async def test_a_quota_that_is_nearly_used_up_is_left_to_its_owner(
    api: FakeCloudflare, pki: Pki
) -> None:
    api.says("/user/tokens/verify", 200, VERIFIED, ratelimit='"default";r=2;t=280')
    with pytest.raises(CouldNotTell, match="280 s"):
        seen = await looked(api, pki)
        raise CouldNotTell("; ".join(entry.told for entry in seen.zone.not_read))
    assert len(api.asked) <= 6


@pytest.mark.parametrize("key", ["cfk" + "_" + "A1b2" * 10, "c2547eb7" * 4 + "45e1d"])
async def test_a_global_key_is_refused_before_anything_is_sent(
    key: str, api: FakeCloudflare, pki: Pki
) -> None:
    seen = await looked(api, pki, key)
    assert seen.zone.token.form == "global"
    assert "nothing was sent" in seen.zone.gap("settings")
    assert seen.requests == () and api.asked == []


@pytest.mark.parametrize("odd", ["short", "a b" * 20, "ü" * 40, "x\r\nhost: evil" + "y" * 30])
async def test_what_is_no_token_is_not_sent(odd: str, api: FakeCloudflare, pki: Pki) -> None:
    with pytest.raises(CouldNotTell, match="does not look like a token"):
        await looked(api, pki, odd)
    assert api.asked == []


async def test_a_token_that_cloudflare_does_not_know_is_said(api: FakeCloudflare, pki: Pki) -> None:
    with pytest.raises(CouldNotTell, match=r"does not accept the token: .*Invalid API Token"):
        await looked(api, pki, token_of() + "9")


async def test_an_expired_token_is_said(api: FakeCloudflare, pki: Pki) -> None:
    api.says("/user/tokens/verify", 200, envelope({"id": TOKEN_ID, "status": "expired"}))
    with pytest.raises(CouldNotTell, match="token is expired"):
        await looked(api, pki)


async def test_a_token_of_an_account_is_verified_there(api: FakeCloudflare, pki: Pki) -> None:
    api.token = token_of("cfat")
    zone = (await looked(api, pki)).zone
    assert zone.token.verified and zone.token.form == "account"
    assert f"/accounts/{ACCOUNT}/tokens/verify" in api.asked
    assert not {"/user", "/user/tokens/verify", "/accounts?per_page=1"} & set(api.asked)


async def test_a_token_that_may_not_list_zones_still_finds_its_own(
    api: FakeCloudflare, pki: Pki
) -> None:
    def by_name_only(times: int, status: int) -> tuple[int, Any]:
        asked = api.asked[-1]
        if "name=" in asked:
            return 200, envelope([ZONE_ROW], page=1, total_pages=1, total_count=1)
        return 403, refusal(0, "requires permission 'com.cloudflare.api.account.zone.list'")

    api.says("/zones", 200, by_name_only)
    zone = (await looked(api, pki)).zone
    assert zone.zone is not None and zone.token.zones == 0


async def test_what_a_token_reads_and_need_not_is_counted(api: FakeCloudflare, pki: Pki) -> None:
    api.says("/user", 200, envelope({"id": "7c5dae55", "email": "ana@acme.test"}))
    api.says("/accounts", 200, envelope([{"id": ACCOUNT}], total_count=1))
    groups = [{"id": "1", "name": "DNS Write"}, {"id": "2", "name": "Zone Read"}]
    api.says(
        f"/user/tokens/{TOKEN_ID}", 200, envelope({"policies": [{"permission_groups": groups}]})
    )
    api.says("/zones", 200, envelope([ZONE_ROW, {**ZONE_ROW, "name": "b.test"}], total_count=7))
    token = (await looked(api, pki)).zone.token
    assert token.zones == 7
    assert token.reads == ("the user", "accounts", "tokens")
    assert token.changes == ("DNS Write",)
    assert "ana@acme.test" not in str(token)


async def test_a_token_for_another_zone_is_a_gap_in_everything(
    api: FakeCloudflare, pki: Pki
) -> None:
    api.says("/zones", 200, envelope([], total_count=0))
    zone = (await looked(api, pki)).zone
    assert zone.zone is None
    assert "sees no zone called acme.test" in zone.gap("settings")


async def test_settings_are_asked_one_by_one_where_the_list_is_gone(
    api: FakeCloudflare, pki: Pki
) -> None:
    api.says(f"{AT}/settings", 410, refusal(1, "gone"))
    for id, value in (
        ("ssl", "off"),
        ("always_use_https", "on"),
        ("min_tls_version", "1.0"),
        ("development_mode", "off"),
        ("security_header", {}),
    ):
        api.says(f"{AT}/settings/{id}", 200, envelope(setting(id, value)))
    zone = (await looked(api, pki)).zone
    assert (zone.value("ssl"), zone.value("min_tls_version")) == ("off", "1.0")
    assert zone.not_read == ()


async def test_secrets_in_records_and_rules_are_not_kept(api: FakeCloudflare, pki: Pki) -> None:
    key = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    word = "open" + "sesame"
    api.says(f"{AT}/dns_records", 200, envelope([record(DOMAIN, "TXT", f"key={key}")]))
    api.says(
        f"{AT}/rulesets/phases/http_request_firewall_custom/entrypoint",
        200,
        envelope(
            {"rules": [rule("skip", f'http.request.headers["x-pass"][0] eq "{word}"')]},
        ),
    )
    zone = (await looked(api, pki)).zone
    assert key not in str(zone) and word not in str(zone)
    assert "x-pass" in str(zone)


NONSENSE: list[Any] = [
    None,
    [],
    {},
    "text",
    7,
    [None, 7, "x", [], {"id": 7, "name": {}, "value": [[]]}],
    {"rules": {"a": 1}},
    {"rules": [{"expression": 7, "action_parameters": [], "ratelimit": [], "enabled": "no"}]},
    [{"id": "../../x", "name": DOMAIN, "plan": [], "name_servers": {}}],
    [{"targets": [7], "actions": [None, {"id": {}}], "priority": "high"}],
]


@pytest.mark.parametrize("result", NONSENSE)
async def test_an_answer_of_the_wrong_types_is_survived(
    result: Any, api: FakeCloudflare, pki: Pki
) -> None:
    for path in ("settings", "dns_records", "pagerules", "dnssec", "bot_management"):
        api.says(f"{AT}/{path}", 200, envelope(result, total_pages=1))
    for phase in (MANAGED, LIMITS, CACHE):
        api.says(f"{AT}/rulesets/phases/{phase}/entrypoint", 200, envelope(result))
    await looked(api, pki)
    api.says("/zones", 200, envelope(result))
    assert (await looked(api, pki)).zone.zone is None


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"success": true, "errors": [], "result": ' + '{"a":' * 5_000 + "1" + "}" * 5_001,
        '{"success": true, "errors": [], "result": {}}',
        "<html>bad gateway</html>",
        "",
        '{"success": "yes", "result": []}',
        '{"success": true, "errors": [{"code": 1}], "result": []}',
        '{"success": true, "errors": [], "result": ["' + "a" * 5_000_000 + '"]}',
    ],
    ids=["deep", "deep result", "no list", "a page", "empty", "a word", "errors too", "huge"],
)
async def test_an_answer_that_is_none_is_not_readable(
    body: str, api: FakeCloudflare, pki: Pki
) -> None:
    api.says(f"{AT}/dns_records", 200, body)
    zone = (await looked(api, pki)).zone
    assert zone.records == ()
    assert zone.gap("DNS records").startswith("DNS records not readable")


async def test_a_control_character_from_an_escape_is_made_visible(
    api: FakeCloudflare, pki: Pki
) -> None:
    api.says(f"{AT}/dns_records", 200, envelope([record(DOMAIN, "TXT", "\x1b]0;x\x07\u202e|`")]))
    (kept,) = (await looked(api, pki)).zone.records
    assert kept.content.isprintable() and "\\x1b" in kept.content


async def test_an_api_that_cannot_be_reached_says_nothing_about_the_token(pki: Pki) -> None:
    nowhere = FakeCloudflare(free_port())
    with pytest.raises(CouldNotTell, match="could not be asked: nothing listens"):
        await looked(nowhere, pki)


async def test_the_fact_comes_from_the_vault_s_token_and_is_read_back_the_same(
    api: FakeCloudflare, pki: Pki
) -> None:
    keys = Keys(get=lambda name: Secret(api.token) if name == "cloudflare-token" else None)
    options = Options(ca=str(pki.ca), connect=(api.pin,))
    async with open_network(Scope(hosts=(DOMAIN,)), options) as net:
        first = await cloudflare_zone(net, keys, Target(domain=DOMAIN), Unknown(cause="no DNS"))
        again = await cloudflare_zone(net, keys, Target(domain=DOMAIN), Unknown(cause="no DNS"))
    assert first == again
    kept = saved.encode({"CloudflareZone": first})
    assert saved.decode(kept) == {"CloudflareZone": first}
    assert api.token.encode() not in kept


async def test_a_vault_that_is_locked_says_so() -> None:
    def locked(name: str) -> Secret | None:
        raise VaultError("The keyring refused. Unlock it and try again.")

    async with open_network(Scope(hosts=(DOMAIN,)), Options()) as net:
        with pytest.raises(CouldNotTell, match="Unlock it"):
            await cloudflare_zone(
                net, Keys(get=locked), Target(domain=DOMAIN), Unknown(cause="no DNS")
            )


async def test_without_a_token_the_cause_says_what_to_do() -> None:
    async with open_network(Scope(hosts=(DOMAIN,)), Options()) as net:
        with pytest.raises(CouldNotTell) as told:
            await cloudflare_zone(net, Keys(), Target(domain=DOMAIN), Unknown(cause="no DNS"))
    assert told.value.cause == NO_TOKEN
