"""Cloudflare in front of the domain, and signs that it talks to the app without encryption."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.engine import check
from launchready_tui.facts.cloudflare import Cloudflare
from launchready_tui.facts.host import host_in
from launchready_tui.facts.site import CanonicalStarts, HostPages, Visit
from launchready_tui.model import Confidence, Finding, Outcome, Seen, Unknown
from launchready_tui.outcomes import judged, not_applicable

ENOUGH_SIGNS = 2


@check("cloudflare.proxy")
def proxy(
    edge: Cloudflare, starts: CanonicalStarts | Unknown, pages: HostPages | Unknown
) -> Outcome:
    """Whether the owner's Cloudflare is in front, and whether two signs say "Flexible"."""
    seen = tuple(
        Seen(label=h.host, value=_WORDS[h.state], source=h.seen or h.cause) for h in edge.hosts
    )
    gaps = [f"{h.host}: {h.cause}" for h in edge.hosts if h.state == "unknown"]
    proxied = [h.host for h in edge.hosts if h.state == "proxied"]
    if not proxied and not gaps:
        if edge.zone == "yes":
            return judged((), clean="Cloudflare answers DNS only; traffic goes past it", seen=seen)
        foreign = any(h.state == "foreign" for h in edge.hosts)
        how = "only as part of the hosting platform" if foreign else "not used"
        return not_applicable(f"Cloudflare is {how}", seen)
    visits = [
        *(starts.starts if isinstance(starts, CanonicalStarts) else ()),
        *(pages.pages if isinstance(pages, HostPages) else ()),
    ]
    findings = []
    for host in proxied:
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
def ssl_mode(edge: Cloudflare) -> Outcome:
    """Whether there is a mode to look up: only what passes Cloudflare has one."""
    seen = tuple(Seen(label=h.host, value=_WORDS[h.state], source=h.seen) for h in edge.hosts)
    proxied = [h.host for h in edge.hosts if h.state == "proxied"]
    gaps = tuple(f"{h.host}: {h.cause}" for h in edge.hosts if h.state == "unknown")
    if not proxied and not gaps:
        return not_applicable("nothing passes a Cloudflare zone of yours", seen)
    return judged((), clean=f"{', '.join(proxied)}: look the mode up", seen=seen, gaps=gaps)


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
