"""Whether guessing and abuse meet resistance, route by route."""

from __future__ import annotations

from launchready_tui.engine import check
from launchready_tui.facts.api import ApiAnswers, announced
from launchready_tui.facts.tries import AuthTries, Tried
from launchready_tui.facts.web import WebHosts
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Unknown
from launchready_tui.outcomes import judged, unknown
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
    tries: AuthTries | Unknown, api: ApiAnswers | Unknown, web: WebHosts | Unknown
) -> Outcome:
    """A route that takes twenty wrong tries takes twenty thousand."""
    passive = _announcing(api, web)
    if isinstance(tries, Unknown):
        return unknown(tries.cause, passive)
    if not tries.routes:
        cause = "no sign-in route is known; name it under [web] login in launchready.toml"
        return unknown(cause, passive)
    unlimited = [r for r in tries.routes if not r.stopped_by and not r.gap and r.kind != "api"]
    held = [route for route in tries.routes if route.stopped_by]
    return judged(
        tuple(map(_finding, unlimited)),
        clean=f"{plural(len(held), 'route')} held back a burst of tries",
        dirty=f"{plural(len(unlimited), 'route')} took every try",
        seen=(*(_told(route) for route in tries.routes), *passive),
        gaps=tuple(f"{route.url}: {route.gap}" for route in tries.routes if route.gap),
        proven=all(route.stopped_by in _SURE for route in tries.routes),
    )


def _finding(route: Tried) -> Finding:
    limit = next((a for a in route.announced if "limit:" in a), "")
    told = f"; it announces {limit}" if limit else ""
    count = plural(route.tries, "try", "tries")
    return Finding(
        code="no-rate-limit",
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
