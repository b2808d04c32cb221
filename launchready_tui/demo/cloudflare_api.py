"""Cloudflare's API as the lab's company finds it: one zone, and a token that does too much.

It answers what is documented at https://developers.cloudflare.com/api/ for reading: GET only, and
only with the lab's token. The zone is a partial one: DNS stays at the company's own servers, and
Cloudflare is set up for the day when names are pointed at it.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from launchready_tui.demo.edge import Receive, Scope, Send, Text

HOST = "api.cloudflare.com"
BASE = "/client/v4"
ZONE_ID = "5b1f6c2a9d3e4f708192a3b4c5d6e7f8"
TOKEN_ID = "90c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5"
ACCOUNT = {"id": "1f2e3d4c5b6a79880716253443526170", "name": "Harbour Operations"}
MANAGED = "http_request_firewall_managed"
LIMITS = "http_ratelimit"
WWW_ADDRESS = "192.0.2.11"
A_WHILE_AGO = timedelta(days=12)
TOKEN_LIFE = timedelta(days=3)

Json = dict[str, Any]


@dataclass(slots=True)
class Account:
    """The company's account at Cloudflare: what its admin can turn, and how it answers."""

    domain: str
    token: str = field(default_factory=lambda: f"cfut_{secrets.token_hex(22)}")
    settings: dict[str, Any] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)
    """When a setting was changed, where that was not long ago."""
    phases: dict[str, list[Json]] = field(default_factory=dict)
    page_rules: list[Json] = field(default_factory=list)
    token_ends: datetime | None = None
    changes: tuple[str, ...] = ()
    """What the token may change; it sees the account and itself as long as there is something."""

    def set(self, name: str, value: object) -> None:
        self.settings[name] = value
        self.since[name] = datetime.now(UTC)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, told = self._told(scope)
        text = told if isinstance(told, str) else json.dumps(told)
        kind = "text/plain" if isinstance(told, str) else "application/json"
        await Text(text, status=status, kind=kind)(scope, receive, send)

    # ------------------------------------------------------------ what it answers

    def _told(self, scope: Scope) -> tuple[int, Json | str]:
        given = next((v for k, v in scope["headers"] if k == b"authorization"), b"")
        if not secrets.compare_digest(given, f"Bearer {self.token}".encode()):
            return 401, _refusal(1000, "Invalid API Token")
        if scope["method"] != "GET":
            return 405, _refusal(10405, "Method not allowed")
        path = scope["path"].removeprefix(BASE)
        phase = path.removeprefix(f"{_ZONE}/rulesets/phases/").removesuffix("/entrypoint")
        if phase in self.phases:
            return 200, _envelope({"id": "x", "phase": phase, "rules": self.phases[phase]})
        if path.endswith("/entrypoint"):
            return 404, _refusal(10003, "could not find entrypoint ruleset in the phase")
        if path == f"{_ZONE}/dns_records/export":
            row = f"www.{self.domain}.\t1\tIN\tA\t{WWW_ADDRESS} ; cf_tags=cf-proxied:true\n"
            return 200, f";; Domain:     {self.domain}.\n;; A Records\n{row}"
        answer = self._plain().get(path)
        return (403, _refusal(10000, "Authentication error")) if answer is None else (200, answer)

    def _plain(self) -> dict[str, Json]:
        wide = bool(self.changes)
        ends = {"expires_on": _shown(self.token_ends)} if self.token_ends else {}
        verified = {"id": TOKEN_ID, "status": "active", **ends}
        groups = [{"id": str(at), "name": name} for at, name in enumerate(self.changes)]
        own = {**verified, "policies": [{"effect": "allow", "permission_groups": groups}]}
        answers = {
            "/user/tokens/verify": _envelope(verified),
            "/zones": _listed([self._zone()]),
            f"{_ZONE}/settings": _envelope([self._setting(name) for name in self.settings]),
            f"{_ZONE}/pagerules": _envelope(self.page_rules),
            f"{_ZONE}/dns_records": _listed([self._record()]),
            f"{_ZONE}/bot_management": _envelope({"fight_mode": False, "enable_js": True}),
            f"{_ZONE}/dnssec": _envelope({"status": "disabled"}),
            f"{_ZONE}/ssl/universal/settings": _envelope({"enabled": True}),
            f"{_ZONE}/ssl/certificate_packs": _envelope(
                [{"type": "universal", "status": "active"}]
            ),
            f"{_ZONE}/origin_tls_client_auth/settings": _envelope({"enabled": False}),
        }
        seen = {"/accounts": _listed([ACCOUNT]), f"/user/tokens/{TOKEN_ID}": _envelope(own)}
        return {**answers, **seen} if wide else {**answers, "/accounts": _listed([])}

    def _zone(self) -> Json:
        return {
            "id": ZONE_ID,
            "name": self.domain,
            "status": "active",
            "type": "partial",
            "paused": False,
            "plan": {"legacy_id": "business", "name": "Business Website"},
            "account": ACCOUNT,
            "name_servers": [],
        }

    def _record(self) -> Json:
        """The one name that is prepared: where Cloudflare will find www."""
        return {
            "id": "d4e5f60718293a4b5c6d7e8f90a1b2c3",
            "name": f"www.{self.domain}",
            "type": "A",
            "content": WWW_ADDRESS,
            "proxiable": True,
            "proxied": True,
            "ttl": 1,
            "modified_on": _shown(_LONG_AGO),
        }

    def _setting(self, name: str) -> Json:
        since = self.since.get(name, _LONG_AGO)
        value = self.settings[name]
        return {"id": name, "value": value, "editable": True, "modified_on": _shown(since)}


def as_left(domain: str) -> Account:
    """The account as somebody left it after a test, with a token made in a hurry."""
    return Account(
        domain,
        settings={
            "ssl": "strict",
            "always_use_https": "on",
            "min_tls_version": "1.0",
            "development_mode": "on",
            "security_header": {
                "strict_transport_security": {"enabled": True, "max_age": 31536000}
            },
        },
        since={"development_mode": datetime.now(UTC).replace(microsecond=0) - A_WHILE_AGO},
        phases={LIMITS: [_login_limit()]},
        page_rules=[page_rule(f"www.{domain}/*", cache_level="cache_everything")],
        changes=("Zone Settings Write", "DNS Write", "Account Settings Read"),
    )


def page_rule(pattern: str, **actions: object) -> Json:
    return {
        "id": "a1b2c3d4e5f60718293a4b5c6d7e8f90",
        "targets": [{"target": "url", "constraint": {"operator": "matches", "value": pattern}}],
        "actions": [{"id": name, "value": value} for name, value in actions.items()],
        "priority": 1,
        "status": "active",
        "modified_on": _shown(_LONG_AGO),
    }


def managed_rules() -> Json:
    """The rule that runs Cloudflare's own rule set."""
    return {
        "id": "b2c3d4e5f60718293a4b5c6d7e8f90a1",
        "action": "execute",
        "expression": "true",
        "enabled": True,
        "description": "Cloudflare Managed Ruleset",
        "action_parameters": {"id": "efb7b8c949ac4650a09736fc376e9aee", "version": "latest"},
        "last_updated": _shown(datetime.now(UTC)),
    }


def _login_limit() -> Json:
    return {
        "id": "c3d4e5f60718293a4b5c6d7e8f90a1b2",
        "action": "block",
        "expression": '(http.request.uri.path eq "/login" and http.request.method eq "POST")',
        "enabled": True,
        "description": "Sign-in: ten tries a minute",
        "last_updated": _shown(_LONG_AGO),
        "ratelimit": {
            "characteristics": ["cf.colo.id", "ip.src"],
            "period": 60,
            "requests_per_period": 10,
            "mitigation_timeout": 600,
        },
    }


_ZONE = f"/zones/{ZONE_ID}"
_LONG_AGO = datetime(2025, 3, 3, 9, 30, tzinfo=UTC)


def _shown(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _envelope(result: object, **info: int) -> Json:
    whole: Json = {"result": result, "success": True, "errors": [], "messages": []}
    return {**whole, "result_info": info} if info else whole


def _listed(rows: list[Json]) -> Json:
    return _envelope(rows, page=1, total_pages=1, total_count=len(rows))


def _refusal(code: int, message: str) -> Json:
    error = {"code": code, "message": message}
    return {"result": None, "success": False, "errors": [error], "messages": []}
