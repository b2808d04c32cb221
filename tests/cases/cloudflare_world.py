"""acme.test at Cloudflare, read with a token: in order, but for what an example changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cases.world import DOMAIN, NOW
from launchready_tui.facts.cloudflare import Cloudflare, CloudflareHost
from launchready_tui.facts.cloudflare_rules import (
    CACHE,
    CONFIG,
    FLOODS,
    LIMITS,
    MANAGED,
    PAGE_RULES,
    Limit,
    Rule,
)
from launchready_tui.facts.cloudflare_zone import (
    CloudflareZone,
    DnsRecord,
    NotRead,
    Setting,
    Token,
    Zone,
)

SERVERS = ("ada.ns.cloudflare.com", "bob.ns.cloudflare.com")
LONG_AGO = NOW - timedelta(days=40)
SOUND = {
    "ssl": "strict",
    "always_use_https": "on",
    "min_tls_version": "1.2",
    "development_mode": "off",
    "security_header": "enabled=true, max_age=31536000",
    "bot_management": "fight_mode=false",
}


def edge(state: Any = "proxied", zone: Any = "yes", cause: str = "") -> Cloudflare:
    return Cloudflare(zone=zone, hosts=(CloudflareHost(host=DOMAIN, state=state, cause=cause),))


def token(**changes: Any) -> Token:
    values: dict[str, Any] = {
        "form": "user",
        "verified": True,
        "expires": NOW + timedelta(days=2),
        "zones": 1,
        **changes,
    }
    return Token(**values)


def zone(**changes: Any) -> Zone:
    values: dict[str, Any] = {
        "id": "023e105f",
        "name": DOMAIN,
        "status": "active",
        "type": "full",
        "plan": "pro",
        "name_servers": SERVERS,
        **changes,
    }
    return Zone(**values)


def runs(name: str = "Cloudflare Managed Ruleset", **settings: str) -> Rule:
    return Rule(
        phase=MANAGED,
        action="execute",
        reach="true",
        name=name,
        since=LONG_AGO,
        settings={"id": "efb7b8c9", **{k.replace("__", "."): v for k, v in settings.items()}},
    )


def cached(reach: str, cache: str = "true", name: str = "Cache", **changes: Any) -> Rule:
    return Rule(
        phase=CACHE,
        action="set_cache_settings",
        reach=reach,
        name=name,
        settings={"cache": cache},
        **changes,
    )


def page_rule(pattern: str, **settings: str) -> Rule:
    return Rule(phase=PAGE_RULES, action="page rule", reach=pattern, settings=settings)


def flexible(reach: str = 'http.host eq "old.acme.test"') -> Rule:
    return Rule(phase=CONFIG, action="set_config", reach=reach, settings={"ssl": "flexible"})


def floods(level: str) -> Rule:
    settings = {"overrides.sensitivity_level": level}
    return Rule(phase=FLOODS, action="execute", reach="true", name="DDoS", settings=settings)


LOGIN_LIMIT = Rule(
    phase=LIMITS,
    action="block",
    reach='http.request.uri.path eq "/login"',
    name="Login",
    since=LONG_AGO,
    limit=Limit(requests=10, period=60, timeout=600, by=("ip.src",)),
)
RECORDS = (
    DnsRecord(name=DOMAIN, type="A", content="192.0.2.10", proxied=True, proxiable=True),
    DnsRecord(name=f"direct.{DOMAIN}", type="A", content="192.0.2.10", proxiable=True, ttl=300),
)


def account(
    *rules: Rule, not_read: tuple[str, ...] = (), since: Any = LONG_AGO, **changes: Any
) -> CloudflareZone:
    """The zone in order. Settings are changed by their id; `rules` replace the firewall's."""
    settings = {**SOUND, **{k: v for k, v in changes.items() if k in SOUND}}
    return CloudflareZone(
        token=changes.get("token", token()),
        zone=changes.get("zone", zone()),
        settings=tuple(
            Setting(id=id, value=value, since=since)
            for id, value in settings.items()
            if not (id in SOUND and "settings" in not_read)
        ),
        records=RECORDS,
        rules=rules or (runs(), LOGIN_LIMIT),
        not_read=tuple(
            NotRead(part=part, cause="10000 Authentication error", needs="a permission")
            for part in not_read
        ),
    )
