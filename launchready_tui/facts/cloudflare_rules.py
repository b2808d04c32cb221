"""Rules at Cloudflare as values, whichever of its generations they were written for.

What a rule carries beyond its expression and its action is kept where it is known to be no secret:
from an allow-list of parameters, and from the expression without what it compares headers with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from launchready_tui.facts.cloudflare_client import flag, number, text, when
from launchready_tui.facts.cloudflare_expression import (
    LONGEST,
    Truth,
    fits,
    reaches,
    without_values,
)
from launchready_tui.model import Record

MANAGED = "http_request_firewall_managed"
CUSTOM = "http_request_firewall_custom"
LIMITS = "http_ratelimit"
CACHE = "http_request_cache_settings"
CONFIG = "http_config_settings"
FLOODS = "ddos_l7"
PAGE_RULES = "page_rules"
"""The generation before rule sets: a pattern instead of an expression, the first that fits wins."""

MOST_RULES = 200
_STOPS = ("block", "challenge", "js_challenge", "managed_challenge")
_KNOWN = (
    "id", "ruleset", "phases", "products", "cache", "edge_ttl.mode", "edge_ttl.default",
    "browser_ttl.mode", "browser_ttl.default", "ssl", "security_level", "host_header",
    "origin.host", "origin.port", "sni.value", "from_value.status_code",
    "from_value.target_url.value", "from_value.target_url.expression",
    "from_value.preserve_query_string", "overrides.action", "overrides.enabled",
    "overrides.sensitivity_level",
)  # fmt: skip


class Limit(Record, frozen=True, kw_only=True):
    """So many requests in so many seconds, counted by what, and how long the client is held."""

    requests: int
    period: int
    timeout: int = 0
    by: tuple[str, ...] = ()


class Rule(Record, frozen=True, kw_only=True):
    """One rule of a phase, in the order in which they apply.

    `reach` is the expression, or the pattern of a page rule. `settings` is what it does, in the
    API's own names.
    """

    phase: str
    action: str
    reach: str
    name: str = ""
    enabled: bool = True
    since: datetime | None = None
    settings: dict[str, str] = {}
    limit: Limit | None = None

    @property
    def called(self) -> str:
        return self.name or self.reach

    def covers(self, url: str, method: str = "GET") -> Truth:
        """Whether it applies to a request; None where only Cloudflare could tell."""
        if self.phase == PAGE_RULES:
            return fits(self.reach, url)
        return reaches(self.reach, url, method)

    @property
    def stops(self) -> bool:
        return self.enabled and self.action in _STOPS


def rules_of(phase: str, result: Any) -> tuple[Rule, ...]:
    """The rules of an entry point's answer. Whatever is no rule in it is left out."""
    rules = result.get("rules") if isinstance(result, dict) else None
    listed = rules[:MOST_RULES] if isinstance(rules, list) else []
    return tuple(_rule(phase, rule) for rule in listed if isinstance(rule, dict))


def page_rules_of(result: Any) -> tuple[Rule, ...]:
    listed = result[:MOST_RULES] if isinstance(result, list) else []
    rules = [rule for rule in listed if isinstance(rule, dict)]
    rules.sort(key=lambda rule: number(rule.get("priority")), reverse=True)
    return tuple(_page_rule(rule) for rule in rules)


def limit_of(rules: Iterable[Rule], url: str, method: str = "POST") -> Rule | None:
    """The strictest rate-limit rule that stops requests to an address: a limit read, not guessed.

    One that lets more than a request a second through holds back noise, and no guessing.
    """
    limits = [(r.limit, r) for r in rules if r.phase == LIMITS and r.stops and r.limit is not None]
    strict = [
        (limit.requests / limit.period, rule)
        for limit, rule in limits
        if 0 < limit.requests <= limit.period and rule.covers(url, method) is True
    ]
    return min(strict, key=lambda found: found[0])[1] if strict else None


def _rule(phase: str, rule: dict[str, Any]) -> Rule:
    parameters = rule.get("action_parameters")
    return Rule(
        phase=phase,
        action=text(rule.get("action"), 60),
        reach=text(without_values(_string(rule.get("expression"))), LONGEST),
        name=text(rule.get("description"), 200),
        enabled=flag(rule.get("enabled"), True),
        since=when(rule.get("last_updated")),
        settings=dict(_settings(parameters)) if isinstance(parameters, dict) else {},
        limit=_limit(rule.get("ratelimit")),
    )


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _settings(parameters: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in _KNOWN:
        value: Any = parameters
        for part in key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        shown = _shown(value)
        if shown:
            yield key, shown
    headers = parameters.get("headers")
    if isinstance(headers, dict):
        yield "headers", ", ".join(sorted(text(name, 60) for name in list(headers)[:20]))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return text(f"{value:g}", 40)
    if isinstance(value, list):
        return ", ".join(text(one, 60) for one in value[:20] if isinstance(one, str))
    return text(value, 300)


def _limit(value: Any) -> Limit | None:
    if not isinstance(value, dict):
        return None
    by = value.get("characteristics")
    return Limit(
        requests=number(value.get("requests_per_period")),
        period=number(value.get("period")),
        timeout=number(value.get("mitigation_timeout")),
        by=tuple(text(one, 80) for one in by[:10]) if isinstance(by, list) else (),
    )


def _page_rule(rule: dict[str, Any]) -> Rule:
    targets = rule.get("targets")
    first = targets[0] if isinstance(targets, list) and targets else {}
    constraint = first.get("constraint") if isinstance(first, dict) else {}
    pattern = constraint.get("value") if isinstance(constraint, dict) else ""
    actions = rule.get("actions")
    settings = {}
    for action in actions[:30] if isinstance(actions, list) else ():
        if isinstance(action, dict) and (name := text(action.get("id"), 60)):
            settings[name] = _shown(action.get("value")) or "on"
    return Rule(
        phase=PAGE_RULES,
        action="page rule",
        reach=text(pattern, 300),
        enabled=rule.get("status") == "active",
        since=when(rule.get("modified_on")),
        settings=settings,
    )
