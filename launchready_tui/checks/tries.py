"""Whether guessing and abuse meet resistance, route by route."""

from __future__ import annotations

from collections.abc import Sequence

from launchready_tui.engine import check
from launchready_tui.facts.api import ApiAnswers
from launchready_tui.facts.cloudflare import Cloudflare
from launchready_tui.facts.cloudflare_rules import LIMITS, Rule, limit_of
from launchready_tui.facts.cloudflare_zone import CloudflareZone
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.limit_headers import announced
from launchready_tui.facts.site import without_secrets
from launchready_tui.facts.tries import AuthTries, Route, Tried, routes
from launchready_tui.facts.web import WebHosts
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Unknown
from launchready_tui.outcomes import judged, passed, unknown
from launchready_tui.text import plural

NAMES = {
    "login": "sign-in",
    "reset": "password reset",
    "signup": "sign-up",
    "invite": "invite",
    "api": "API read",
}
_SURE = {"429", "403", "challenge", "captcha", "lock-out"}
"""What nobody takes for a slow moment."""
_HOW = {
    "429": "answered 429",
    "403": "refused with 403",
    "challenge": "a bot challenge",
    "captcha": "asked for a captcha",
    "lock-out": "said that the account or the address is held back",
    "delay": "answered later and later",
}


@check("limits.auth-routes")
def auth_routes(
    tries: AuthTries | Unknown,
    api: ApiAnswers | Unknown,
    web: WebHosts | Unknown,
    edge: Cloudflare | Unknown,
    account: CloudflareZone | Unknown,
    target: Target,
) -> Outcome:
    """What takes twenty wrong tries takes twenty thousand. A rule at the edge is proof as well."""
    passive = _announcing(api, web)
    rules = _Rules(edge, account)
    if isinstance(tries, Unknown):
        return _by_rules(tries.cause, routes(target, web), rules, passive)
    if not tries.routes:
        cause = "no sign-in route is known; name it under [web] login in launchready.toml"
        return unknown(cause, passive)
    ruled = [route for route in tries.routes if route.gap and rules.of(route.url)]
    unlimited = [r for r in tries.routes if not r.stopped_by and not r.gap and r.kind != "api"]
    held = [route for route in tries.routes if route.stopped_by]
    return judged(
        tuple(map(_finding, unlimited)),
        clean=_held(len(held), len(ruled)),
        dirty=f"{plural(len(unlimited), 'route')} took every try",
        seen=(*(_told(route) for route in tries.routes), *rules.seen(ruled), *passive),
        gaps=tuple(
            f"{route.url}: {route.gap}"
            for route in tries.routes
            if route.gap and route not in ruled
        ),
        proven=all(route.stopped_by in _SURE or route in ruled for route in tries.routes),
    )


class _Rules:
    """Rate-limit rules of the owner's Cloudflare, for the hosts whose traffic passes it."""

    def __init__(self, edge: Cloudflare | Unknown, account: CloudflareZone | Unknown) -> None:
        hosts = edge.hosts if isinstance(edge, Cloudflare) else ()
        self._passing = {host.host for host in hosts if host.state == "proxied"}
        self._rules = account.of(LIMITS) if isinstance(account, CloudflareZone) else ()

    def of(self, url: str) -> Rule | None:
        return limit_of(self._rules, url) if host_of(url) in self._passing else None

    def seen(self, known: Sequence[Route | Tried]) -> tuple[Seen, ...]:
        found = [(route, rule) for route in known if (rule := self.of(route.url))]
        return tuple(
            Seen(
                label=f"{NAMES[route.kind]} {without_secrets(route.url)}",
                value=f"the rule “{rule.called}” allows {rule.limit.requests} requests in"
                f" {plural(rule.limit.period, 'second')}",
                source="Cloudflare's API",
            )
            for route, rule in found
            if rule.limit
        )


def _by_rules(
    cause: str, known: Sequence[Route], rules: _Rules, passive: tuple[Seen, ...]
) -> Outcome:
    """Without a try: what the edge is set to, where that could be read, and nothing else."""
    wanted = [route for route in known if route.kind != "api"]
    ruled = [route for route in wanted if rules.of(route.url)]
    seen = (*rules.seen(ruled), *passive)
    if not wanted or len(ruled) < len(wanted):
        return unknown(cause, seen)
    return passed(_held(0, len(ruled)), seen, proven=any(r.kind == "login" for r in ruled))


def _held(burst: int, ruled: int) -> str:
    told = [f"{plural(burst, 'route')} held back a burst of tries"] if burst or not ruled else []
    told += [f"a rule at the edge limits {plural(ruled, 'route')}"] if ruled else []
    return "; ".join(told)


def _finding(route: Tried) -> Finding:
    limit = next((a for a in route.announced if "limit:" in a), "")
    told = f"; it announces {limit}" if limit else ""
    count = plural(route.tries, "try", "tries")
    return Finding(
        code="no-rate-limit",
        probe="login-burst",
        subject=route.url,
        observed=f"{NAMES[route.kind]}: nothing held back {count} ({_statuses(route)}){told}",
        params={"what": NAMES[route.kind], "count": str(route.tries)},
        confidence=Confidence.CONFIRMED if route.firm else Confidence.LIKELY,
    )


def _told(route: Tried) -> Seen:
    count = plural(route.tries, "try", "tries")
    if route.stopped_by:
        value = f"{_HOW[route.stopped_by]} after {count}"
    elif route.kind == "api" and not route.gap:
        value = f"no limit within {count}, which a busy page may need too"
    else:
        value = route.gap or f"nothing within {count}"
    return Seen(label=f"{NAMES[route.kind]} {route.url}", value=value, source=_statuses(route))


def _statuses(route: Tried) -> str:
    return ", ".join(f"{status or 'no answer'} × {n}" for status, n in route.statuses)


def _announcing(api: ApiAnswers | Unknown, web: WebHosts | Unknown) -> tuple[Seen, ...]:
    """Limits that ordinary answers tell of."""
    found: dict[str, tuple[str, ...]] = {}
    for host in web.able if isinstance(web, WebHosts) else ():
        if host.front.hops:
            found[f"{host.root}/"] = announced(host.front.hops[-1])
    for answer in api.answers if isinstance(api, ApiAnswers) else ():
        found[answer.url] = answer.announced
    return tuple(
        Seen(label="limits announced", value=", ".join(headers), source=url)
        for url, headers in found.items()
        if headers
    )
