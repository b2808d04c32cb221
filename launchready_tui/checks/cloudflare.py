"""Cloudflare in front of the domain, and signs that it talks to the app without encryption."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.engine import check
from launchready_tui.facts.cloudflare import Cloudflare
from launchready_tui.facts.cloudflare_rules import CONFIG
from launchready_tui.facts.cloudflare_zone import CloudflareZone
from launchready_tui.facts.host import host_in
from launchready_tui.facts.site import CanonicalStarts, HostPages, Visit
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Unknown
from launchready_tui.outcomes import failed, judged, not_applicable, passed

ENOUGH_SIGNS = 2
OPEN_MODES = ("off", "flexible")
VERIFIED_MODES = ("strict", "origin_pull")
"""The second is what Enterprise plans call a stricter kind of Full (strict)."""


@check("cloudflare.proxy")
def proxy(
    edge: Cloudflare,
    starts: CanonicalStarts | Unknown,
    pages: HostPages | Unknown,
    account: CloudflareZone | Unknown,
) -> Outcome:
    """Whether the owner's Cloudflare is in front, and whether it reaches the app in clear text:
    the account says so where it may be read, else two signs do."""
    seen = tuple(
        Seen(label=h.host, value=_WORDS[h.state], source=h.seen or h.cause) for h in edge.hosts
    )
    gaps = [f"{h.host}: {h.cause}" for h in edge.hosts if h.state == "unknown"]
    proxied = [h.host for h in edge.hosts if h.state == "proxied"]
    if not proxied and not gaps:
        if edge.zone == "yes":
            return judged((), clean="Cloudflare answers DNS only; traffic goes past it", seen=seen)
        foreign = any(h.state == "foreign" for h in edge.hosts)
        how = "used only as part of the hosting platform" if foreign else "not used"
        return not_applicable(f"Cloudflare is {how}", seen)
    visits = [
        *(starts.starts if isinstance(starts, CanonicalStarts) else ()),
        *(pages.pages if isinstance(pages, HostPages) else ()),
    ]
    mode = mode_of(account)
    findings = list(_said_by_api(account)) if isinstance(account, CloudflareZone) else []
    if mode:
        seen = (*seen, Seen(label="encryption mode", value=mode, source="Cloudflare's API"))
    for host in () if mode else proxied:
        signs = list(dict.fromkeys(flexible_signs(host, visits)))
        if len(signs) >= ENOUGH_SIGNS:
            findings.append(
                Finding(
                    code="cf-ssl-flexible",
                    subject=host,
                    observed=f"{host}: {'; '.join(signs)}",
                    confidence=Confidence.LIKELY,
                )
            )
        elif signs:
            gaps.append(f"{host}: one sign of Flexible mode ({signs[0]}); look at SSL/TLS there")
    gaps += [f"{v.url}: a bot challenge answered" for v in visits if v.challenged]
    gaps += [fact.cause for fact in (starts, pages) if isinstance(fact, Unknown)]
    return judged(
        tuple(findings),
        clean=f"in front of {', '.join(proxied)}; no sign of an unencrypted way to the app",
        seen=seen,
        gaps=tuple(dict.fromkeys(gaps)),
    )


@check("cloudflare.ssl-mode")
def ssl_mode(edge: Cloudflare, account: CloudflareZone | Unknown) -> Outcome:
    """The mode as the account says it; else whether there is one to look up."""
    seen = tuple(Seen(label=h.host, value=_WORDS[h.state], source=h.seen) for h in edge.hosts)
    proxied = [h.host for h in edge.hosts if h.state == "proxied"]
    gaps = tuple(f"{h.host}: {h.cause}" for h in edge.hosts if h.state == "unknown")
    if not proxied and not gaps:
        return not_applicable("nothing passes a Cloudflare zone of yours", seen)
    mode = mode_of(account)
    if mode in OPEN_MODES:
        # The finding stands under cloudflare.proxy: one fault is counted once.
        return failed(f"the mode is {mode}: cloudflare.proxy says what to do", (), seen)
    if mode in VERIFIED_MODES:
        return passed("the mode is Full (strict)", seen, proven=not _said_by_rules(account))
    if mode == "full":
        return passed("the mode is Full: encrypted, but nobody checks the certificate", seen)
    return judged((), clean=f"{', '.join(proxied)}: look the mode up", seen=seen, gaps=gaps)


def mode_of(account: CloudflareZone | Unknown) -> str:
    """The zone's encryption mode by API; empty where it could not be read."""
    return account.value("ssl") if isinstance(account, CloudflareZone) else ""


def _said_by_api(account: CloudflareZone) -> Iterable[Finding]:
    name = account.zone.name if account.zone else ""
    mode = account.value("ssl")
    if mode in OPEN_MODES:
        yield Finding(
            code="cf-ssl-flexible",
            subject=name,
            observed=f"Cloudflare's API says of {name}: ssl = {mode}",
        )
    for rule in _said_by_rules(account):
        yield Finding(
            code="cf-ssl-flexible",
            subject=rule,
            observed=f"a configuration rule turns the encryption off or to flexible: {rule}",
        )


def _said_by_rules(account: CloudflareZone | Unknown) -> tuple[str, ...]:
    """Rules that lower the mode for a part of the zone."""
    rules = account.of(CONFIG) if isinstance(account, CloudflareZone) else ()
    return tuple(rule.called for rule in rules if rule.settings.get("ssl") in OPEN_MODES)


_WORDS = {
    "proxied": "passes Cloudflare",
    "dns-only": "Cloudflare answers DNS, traffic goes past it",
    "foreign": "passes Cloudflare by somebody else's account",
    "none": "no Cloudflare",
    "unknown": "could not be told",
}


def flexible_signs(host: str, visits: Iterable[Visit]) -> Iterable[str]:
    """Signs that the app behind Cloudflare believes it is spoken to over http; none is proof."""
    for visit in visits:
        if visit.challenged:
            continue
        here = [hop for hop in visit.hops if host_in(hop.url) == host]
        secure = [hop for hop in here if hop.url.startswith("https:") and hop.header("cf-ray")]
        for hop in secure:
            location = hop.header("location")
            if location.startswith(f"http://{host}"):
                yield "an https page leads back to http"
            if location and location.rstrip("/") == hop.url.rstrip("/"):
                yield "an https page leads to itself"
            if any("secure" not in cookie.lower() for cookie in hop.all("set-cookie")):
                yield "cookies come without the Secure mark"
        if secure and visit.page and host in visit.page.plain and visit.hops[-1] in secure:
            yield "the https page links to itself over http"
