"""What the owner's zone at Cloudflare is set to, judged from the account itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from launchready_tui.engine import check
from launchready_tui.facts.caching import PublicCaching
from launchready_tui.facts.cloudflare import Cloudflare
from launchready_tui.facts.cloudflare_expression import asks_for_cookies
from launchready_tui.facts.cloudflare_rules import CACHE, LIMITS, MANAGED, PAGE_RULES, Rule
from launchready_tui.facts.cloudflare_zone import CloudflareZone, Zone
from launchready_tui.facts.dns import DnsSetup, host_of
from launchready_tui.facts.site import CanonicalStarts
from launchready_tui.facts.tls import TlsHosts
from launchready_tui.facts.web import made_up
from launchready_tui.given import Moment, Target
from launchready_tui.model import Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.outcomes import judged, not_applicable, unknown
from launchready_tui.text import plural

OLD_TLS = ("1.0", "1.1")
JUST_NOW = timedelta(hours=1)
"""Development mode ends by itself after three hours; who has just switched it on is at work."""
SHORT_LIVED = timedelta(days=30)
STATIC_LABELS = ("static", "assets", "cdn", "img", "images", "media", "files", "fonts")
"""First labels of hosts that serve files only: caching all of them is what they are for."""
SOURCE = "Cloudflare's API"


@check("cloudflare.settings")
def settings(
    account: CloudflareZone | Unknown,
    edge: Cloudflare,
    tls: TlsHosts | Unknown,
    starts: CanonicalStarts | Unknown,
    dns: DnsSetup | Unknown,
    public: PublicCaching | Unknown,
    target: Target,
    moment: Moment,
) -> Outcome:
    """Every setting that weakens the zone, and a token that could do more than read it."""
    if isinstance(account, Unknown):
        if edge.zone == "no" and not any(h.state == "proxied" for h in edge.hosts):
            return not_applicable("the domain's zone is not at Cloudflare")
        sign = _page_in_cache(public)
        return unknown(account.cause, (sign,) if sign else ())
    caching, puzzles = _cached(account, edge, target)
    findings = (
        *_token(account, moment.at),
        *_zone(account.zone, dns),
        *firewall_off(account),
        *_old_tls(account, edge, tls),
        *_development(account, moment.at),
        *_plain_http(account, starts),
        *caching,
    )
    parts = ("settings", MANAGED, CACHE, PAGE_RULES)
    gaps = [
        *filter(None, map(account.gap, parts)),
        *_untold(account),
        *puzzles,
        *_unruled(account, edge, public),
    ]
    return judged(
        findings,
        clean=f"{account.zone.name if account.zone else 'the zone'} is set as it should be",
        seen=tuple(_seen(account)),
        gaps=tuple(dict.fromkeys(gaps)),
        proven=True,
    )


def _untold(account: CloudflareZone) -> Iterator[str]:
    """What a readable zone should have said and did not."""
    if not account.gap("settings"):
        for id in ("min_tls_version", "development_mode", "always_use_https"):
            if not account.value(id):
                yield f"Cloudflare did not tell {id}"
    zone = account.zone
    if zone and not account.gap(MANAGED) and not firewall(account):
        if zone.plan == "enterprise":
            yield "no firewall rule set in the zone; a rule of the whole account may run one"
        elif not zone.plan:
            yield "Cloudflare did not tell the plan, so which firewall rules belong to it"
    if zone and not account.token.verified:
        yield "the token was not verified: when it ends is not known"


def _seen(account: CloudflareZone) -> Iterator[Seen]:
    if account.zone:
        told = f"{account.zone.status or 'status not told'}, plan {account.zone.plan or 'not told'}"
        yield Seen(label=account.zone.name, value=told, source=SOURCE)
    for id, label in _LABELS.items():
        if value := account.value(id):
            yield Seen(label=label, value=value, source=SOURCE)
    for phase, label in ((MANAGED, "firewall rule sets"), (LIMITS, "rate limits")):
        names = ", ".join(rule.called for rule in account.of(phase)) or "none"
        yield Seen(label=label, value=account.gap(phase) or names, source=SOURCE)


_LABELS = {
    "ssl": "encryption mode",
    "always_use_https": "always use https",
    "min_tls_version": "oldest TLS version",
    "security_header": "HSTS",
    "bot_management": "bots",
    "dnssec": "DNSSEC",
    "certificate_packs": "certificates at the edge",
    "origin_pulls": "client certificate to the app",
}


# ---------------------------------------------------------------- token and zone


def _token(account: CloudflareZone, now: datetime) -> Iterator[Finding]:
    token = account.token
    wide = []
    if token.form == "global":
        wide.append("it is a global API key, which may do everything; it was refused, and not sent")
    if token.zones > 1:
        wide.append(f"it sees {plural(token.zones, 'zone')}")
    if token.reads:
        wide.append(f"it reads {', '.join(token.reads)}")
    if token.changes:
        wide.append(f"it may change things: {', '.join(token.changes[:4])}")
    if token.verified and token.expires is None:
        wide.append("it never ends")
    elif token.expires and token.expires - now > SHORT_LIVED:
        wide.append(f"it lasts until {token.expires:%Y-%m-%d}")
    if wide:
        observed = f"the token in the vault: {'; '.join(wide)}"
        yield Finding(code="cf-token-wide", subject="cloudflare-token", observed=observed)


def _zone(zone: Zone | None, dns: DnsSetup | Unknown) -> Iterator[Finding]:
    if zone is None or zone.type in ("partial", "secondary"):
        return
    if zone.status and zone.status != "active":
        observed = f"{zone.name}: Cloudflare says {zone.status}"
        yield Finding(code="cf-zone-not-active", subject=zone.name, observed=observed)
        return
    if isinstance(dns, Unknown) or dns.zone != zone.name or dns.ns.outcome != "ok":
        return
    named = {server.lower() for server in dns.ns.records}
    if zone.name_servers and not named & set(zone.name_servers):
        yield Finding(
            code="cf-zone-not-active",
            subject=zone.name,
            observed=f"{zone.name} is delegated to {', '.join(sorted(named))}, not to Cloudflare's"
            f" {', '.join(zone.name_servers)}",
        )


# ---------------------------------------------------------------- settings


def firewall(account: CloudflareZone) -> tuple[Rule, ...]:
    """Rules that run a managed rule set, without turning all of it off or down to a log."""
    return tuple(
        rule
        for rule in account.of(MANAGED)
        if rule.action == "execute"
        and rule.settings.get("overrides.enabled") != "false"
        and rule.settings.get("overrides.action") != "log"
    )


def firewall_off(account: CloudflareZone) -> Iterator[Finding]:
    zone = account.zone
    if zone is None or account.gap(MANAGED) or firewall(account):
        return
    if zone.plan in ("", "free", "enterprise"):
        return  # free: Cloudflare runs its free rule set by itself; else nobody can tell from here
    muted = any(rule.action == "execute" for rule in account.of(MANAGED))
    how = "every managed rule set only logs, or is overridden to off" if muted else "none runs"
    yield Finding(
        code="cf-waf-off",
        subject=zone.name,
        observed=f"{zone.name}, plan {zone.plan}: managed firewall rules: {how}",
    )


def _old_tls(
    account: CloudflareZone, edge: Cloudflare, tls: TlsHosts | Unknown
) -> Iterator[Finding]:
    oldest = account.value("min_tls_version")
    if oldest not in OLD_TLS or account.zone is None:
        return
    proxied = {host.host for host in edge.hosts if host.state == "proxied"}
    told = isinstance(tls, TlsHosts) and any(
        offer.outcome == "accepted" and offer.version in ("TLSv1", "TLSv1.1")
        for host in tls.hosts
        if host.host in proxied
        for offer in host.versions
    )
    yield Finding(
        code="cf-min-tls",
        subject=account.zone.name,
        observed=f"Cloudflare accepts TLS from {oldest} on"
        + ("; the handshakes of tls.versions show it" if told else ""),
        severity=Severity.LOW if told else None,
    )


def _development(account: CloudflareZone, now: datetime) -> Iterator[Finding]:
    found = account.setting("development_mode")
    if found is None or found.value != "on" or account.zone is None:
        return
    if found.since is not None and timedelta(0) <= now - found.since < JUST_NOW:
        return
    since = f" since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else ""
    yield Finding(
        code="cf-development-mode",
        subject=account.zone.name,
        observed=f"development mode is on{since}: nothing is cached",
    )


def _plain_http(account: CloudflareZone, starts: CanonicalStarts | Unknown) -> Iterator[Finding]:
    if account.value("always_use_https") != "off" or isinstance(starts, Unknown):
        return
    for visit in starts.starts:
        first = visit.hops[0] if visit.hops else None
        if first and first.url.startswith("http:") and 200 <= first.status < 300:
            host = host_of(first.url)
            observed = f"{host} answers {first.status} over http, and the switch is off"
            yield Finding(code="cf-always-https-off", subject=host, observed=observed)


# ---------------------------------------------------------------- what is cached


def _cached(
    account: CloudflareZone, edge: Cloudflare, target: Target
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Rules that keep whatever passes, and those of which only Cloudflare could tell."""
    hosts = [target.domain, host_of(target.web.app), *(host.host for host in edge.hosts)]
    pages = tuple(
        f"https://{host}/{made_up(host)}"
        for host in dict.fromkeys(hosts)
        if host and host.partition(".")[0] not in STATIC_LABELS
    )
    findings: list[Finding] = []
    puzzles: list[str] = []
    for rule in keepers(account):
        private = [url for url in target.web.private if kept_by(account, rule, url)]
        anywhere = any(kept_by(account, rule, url) for url in pages)
        if private or anywhere:
            also = f"; it keeps {private[0]}" if private else ""
            findings.append(
                Finding(
                    code="cf-cache-everything",
                    subject=rule.called,
                    observed=f"cached whatever it is: {rule.reach}{also}",
                    severity=Severity.HIGH if private else None,
                )
            )
        elif any(rule.covers(url) is None for url in (*target.web.private, *pages)):
            puzzles.append(f"cache rule “{rule.called}”: look whether it reaches a private page")
    return tuple(findings), tuple(puzzles)


def _page_in_cache(public: PublicCaching | Unknown) -> Seen | None:
    """A page out of Cloudflare's cache: it keeps no pages unless a rule tells it to."""
    if not isinstance(public, PublicCaching) or not public.page_kept:
        return None
    value = f"came out of the cache ({public.page_head.kept}): look which rule keeps pages"
    return Seen(label=public.page, value=value, source="GET") if public.page_head.edge else None


def _unruled(
    account: CloudflareZone, edge: Cloudflare, public: PublicCaching | Unknown
) -> Iterator[str]:
    """A page that is kept, and no rule that was read keeps any."""
    sign = _page_in_cache(public)
    told = any(rule.settings.get("cache") == "true" for rule in account.of(CACHE)) or any(
        rule.settings.get("cache_level") == "cache_everything" for rule in account.of(PAGE_RULES)
    )
    passing = {host.host for host in edge.hosts if host.state == "proxied"}
    if (
        sign
        and host_of(sign.label) in passing
        and not told
        and not account.gap(CACHE)
        and not account.gap(PAGE_RULES)
    ):
        yield f"{sign.label}: {sign.value}; no rule that was read does"


def keepers(account: CloudflareZone) -> Iterable[Rule]:
    """Rules that cache without looking at cookies."""
    for rule in account.of(CACHE):
        if rule.settings.get("cache") == "true" and not asks_for_cookies(rule.reach):
            yield rule
    for rule in account.of(PAGE_RULES):
        everything = rule.settings.get("cache_level") == "cache_everything"
        if everything and "bypass_cache_on_cookie" not in rule.settings:
            yield rule


def is_kept(account: CloudflareZone, url: str) -> bool:
    """Whether some rule keeps an address, whoever asks for it."""
    return any(kept_by(account, rule, url) for rule in keepers(account))


def kept_by(account: CloudflareZone, rule: Rule, url: str) -> bool:
    """Whether a rule keeps an address and no later one takes it out; cache rules overrule pages."""
    if rule.covers(url) is not True:
        return False
    rules = account.of(CACHE)
    later = rules[rules.index(rule) + 1 :] if rule in rules else rules
    if any(r.settings.get("cache") == "false" and _takes_out(r, url) for r in later):
        return False
    pages = account.of(PAGE_RULES)
    first = next((r for r in pages if r.covers(url) is True), None)
    return rule not in pages or first == rule


def _takes_out(rule: Rule, url: str) -> bool:
    return rule.covers(url) is True or asks_for_cookies(rule.reach)
