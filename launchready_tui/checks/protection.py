"""What stands between strangers and the app at the edge, and which routes do without it."""

from __future__ import annotations

from collections.abc import Iterator

from launchready_tui.checks.cloudflare_zone import SOURCE, firewall
from launchready_tui.engine import check
from launchready_tui.facts.cloudflare import Cloudflare
from launchready_tui.facts.cloudflare_rules import FLOODS, MANAGED
from launchready_tui.facts.cloudflare_zone import CloudflareZone
from launchready_tui.facts.dns import host_of
from launchready_tui.given import RouteExceptions, Target
from launchready_tui.model import Finding, Outcome, Seen, Unknown
from launchready_tui.outcomes import failed, passed, unknown

WEAK_FLOOD_SETTINGS = ("eoff", "low")
"""Sensitivities of the flood protection that let most of it through (eoff: essentially off)."""


@check("edge.protection")
def protection(
    edge: Cloudflare,
    account: CloudflareZone | Unknown,
    exceptions: RouteExceptions,
    target: Target,
) -> Outcome:
    """Proven where the account shows all of it; else a person says what the edge does."""
    seen = tuple(_seen(edge, account, exceptions))
    findings = tuple(_undocumented(edge, exceptions, target))
    open_points = tuple(_open(edge, account, target))
    if findings:
        return failed("a webhook route has no exception on record", findings, seen)
    if open_points:
        return unknown("; ".join(open_points), seen)
    return passed("all web names are proxied, and the firewall rules run", seen, proven=True)


def _undocumented(
    edge: Cloudflare, exceptions: RouteExceptions, target: Target
) -> Iterator[Finding]:
    """A webhook that passes Cloudflare needs a way past its puzzles, and somebody who knows it."""
    for url in target.web.webhooks:
        host = edge.of(host_of(url))
        if host and host.state == "proxied" and not exceptions.of(url):
            yield Finding(
                code="cf-webhook-undocumented",
                subject=url,
                observed=f"{url} passes Cloudflare, and no exception for it is on record",
                params={"path": "/" + url.partition("://")[2].partition("/")[2]},
            )


def _open(edge: Cloudflare, account: CloudflareZone | Unknown, target: Target) -> Iterator[str]:
    """What keeps the machine from saying that all is well, in words."""
    for host in edge.hosts:
        if host.state == "unknown":
            yield f"{host.host}: {host.cause}"
        elif host.state == "dns-only":
            yield f"{host.host} goes past Cloudflare: with which reason?"
    if not any(host.state == "proxied" for host in edge.hosts):
        yield "no name passes a Cloudflare zone of yours: say what the host itself protects"
        return
    if isinstance(account, Unknown):
        yield account.cause
        return
    yield from filter(None, map(account.gap, (MANAGED, FLOODS)))
    zone = account.zone
    if zone and zone.paused:
        yield f"Cloudflare is paused for {zone.name}"
    if zone and not account.gap(MANAGED) and not firewall(account) and zone.plan != "free":
        yield "no managed firewall rule runs in the zone (see cloudflare.settings)"
    weak = [
        rule.called
        for rule in account.of(FLOODS)
        if rule.settings.get("overrides.sensitivity_level") in WEAK_FLOOD_SETTINGS
        or rule.settings.get("overrides.action") == "log"
    ]
    if weak:
        yield f"the flood protection is turned down by a rule: {weak[0]}"
    if target.web.webhooks and "fight_mode=true" in account.value("bot_management"):
        yield "Bot Fight Mode is on and no rule can exempt a webhook from it"


def _seen(
    edge: Cloudflare, account: CloudflareZone | Unknown, exceptions: RouteExceptions
) -> Iterator[Seen]:
    proxied = [host.host for host in edge.hosts if host.state == "proxied"]
    yield Seen(label="proxied", value=", ".join(proxied) or "none", source="DNS")
    if isinstance(account, CloudflareZone):
        rules = ", ".join(rule.called for rule in firewall(account)) or "none"
        yield Seen(label="firewall", value=account.gap(MANAGED) or rules, source=SOURCE)
    for one in exceptions.exceptions:
        told = f"bypasses {', '.join(one.bypasses)}: {one.why}"
        yield Seen(label=one.route, value=told, source=f"says {one.by}, owner {one.owner}")
