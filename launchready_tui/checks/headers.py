"""What pages tell browsers to forbid: the headers of every host, on pages, redirects and errors.

The same header missing at many hosts is one fault with one fix, so it is one finding: its subject
is the app's host where that is among them, else the first of them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from launchready_tui import csp
from launchready_tui.checks.answers import (
    BUSY,
    Document,
    api_documents,
    api_gaps,
    api_hops,
    asks_to_sign_in,
    documents_of,
    hops_of,
    lost,
    named,
    not_indexed,
    unseen,
    visits_of,
)
from launchready_tui.engine import check
from launchready_tui.facts import tables
from launchready_tui.facts.api import ApiAnswers
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.site import CanonicalStarts, HostPages, Visit
from launchready_tui.facts.web import MissingPages, WebHosts
from launchready_tui.given import Target
from launchready_tui.model import Finding, Outcome, Record, Seen, Severity, Unknown
from launchready_tui.network.hosts import below, is_address
from launchready_tui.network.seen import Hop
from launchready_tui.outcomes import judged
from launchready_tui.text import safe

HALF_A_YEAR = 15_768_000
DAY = 86_400
REFERRER_POLICIES = {
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
}


class Flaw(Record, frozen=True, kw_only=True):
    """A fault at one host, before it is told together with the others of its kind."""

    code: str
    host: str
    what: str
    severity: Severity | None = None


@check("site.headers")
def headers(
    web: WebHosts,
    target: Target,
    starts: CanonicalStarts | Unknown,
    pages: HostPages | Unknown,
    gone: MissingPages | Unknown,
    api: ApiAnswers | Unknown,
) -> Outcome:
    """Every host's final answers, the redirects before them, the error page, and API answers."""
    visits = visits_of(starts, pages)
    every = visits_of(starts, pages, gone)
    pages_of = documents_of(web, visits)
    apis = api_documents(api, pages_of, target, web)
    documents = [*pages_of, *apis]
    with_pages = {document.host for document in pages_of}
    of_hosts = [*pages_of, *(one for one in apis if one.host not in with_pages)]
    hops = [*hops_of(every, target, web), *api_hops(api, target, web)]
    flaws = [
        *_strict_transport(of_hosts, hops),
        *(flaw for document in documents for flaw in _document(document)),
        *_indexed(documents, visits, web, target),
        *_leaks(hops),
    ]
    return judged(
        together(flaws, web.app),
        clean="browsers are told what to forbid, at every host",
        seen=tuple(_told(document) for document in documents),
        gaps=(*unseen(web, starts, pages, gone), *lost(gone), *api_gaps(api, target, web)),
    )


def together(flaws: Iterable[Flaw], app: str) -> tuple[Finding, ...]:
    """One finding per code: the app's host first, and all others by name."""
    by_code: dict[str, list[Flaw]] = {}
    for flaw in flaws:
        by_code.setdefault(flaw.code, []).append(flaw)
    return tuple(_one(code, alike, app) for code, alike in by_code.items())


def _one(code: str, alike: Sequence[Flaw], app: str) -> Finding:
    ordered = sorted(alike, key=lambda flaw: flaw.host != app)
    hosts = list(dict.fromkeys(flaw.host for flaw in ordered))
    by_what: dict[str, list[str]] = {}
    for flaw in ordered:
        by_what.setdefault(flaw.what, []).append(flaw.host)
    told = "; ".join(f"{named(where)}: {what}" for what, where in list(by_what.items())[:6])
    # Every one is lowered, or none is: the worst of them is what it says.
    lowered = [flaw.severity for flaw in alike if flaw.severity is not None]
    return Finding(
        code=code,
        subject=hosts[0],
        observed=safe(told, one_line=True, limit=600),
        params={"hosts": named(hosts)},
        severity=lowered[0] if len(lowered) == len(alike) else None,
    )


# ---------------------------------------------------------------- Strict-Transport-Security


def _strict_transport(documents: Sequence[Document], hops: Sequence[Hop]) -> Iterable[Flaw]:
    """Weak where a host's own page lacks it; partial where only redirects or errors do."""
    final = {d.hop.url for d in documents}
    weak: set[str] = set()
    strong: dict[str, bool] = {}
    for document in documents:
        if is_address(document.host):
            continue
        seconds, below_too = _max_age(document.hop)
        if seconds >= HALF_A_YEAR:
            strong[document.host] = strong.get(document.host, False) or below_too
        else:
            weak.add(document.host)
            yield Flaw(code="hsts-weak", host=document.host, what=_age_told(document.hop))
    for hop in hops:
        host = host_of(hop.url)
        if not hop.url.startswith("https:") or hop.url in final or is_address(host):
            continue
        if _max_age(hop)[0] > 0 or hop.status in BUSY or host in weak or not strong:
            continue
        if hop.status >= 400 and host not in strong:
            continue
        if any(whole and below(host, parent) for parent, whole in strong.items()):
            continue  # another answer has bound this name already
        kind = "redirects" if 300 <= hop.status < 400 else f"answers with {hop.status}"
        yield Flaw(code="hsts-partial", host=host, what=f"{kind} come without it")


def _max_age(hop: Hop) -> tuple[int, bool]:
    """The seconds a browser remembers, and whether for names below too; 0 for what it ignores."""
    value = hop.header("strict-transport-security").lower()  # only the first one counts, RFC 6797
    parts = [part.strip() for part in value.split(";")]
    match = next((m for part in parts if (m := _MAX_AGE.fullmatch(part))), None)
    return (int(match[1]) if match else 0), "includesubdomains" in parts


_MAX_AGE = re.compile(r'max-age\s{0,5}=\s{0,5}"?(\d{1,12})"?')


def _age_told(hop: Hop) -> str:
    seconds = _max_age(hop)[0]
    if seconds:
        return f"Strict-Transport-Security holds for {seconds // DAY} days only"
    if hop.header("strict-transport-security"):
        return "Strict-Transport-Security is there, but switches itself off"
    return "no Strict-Transport-Security"


# ---------------------------------------------------------------- one document


def _document(document: Document) -> Iterable[Flaw]:
    host, hop, page = document.host, document.hop, document.page
    if (hop.header("x-content-type-options").split(",")[0].strip().lower()) != "nosniff":
        yield Flaw(code="nosniff-missing", host=host, what="no X-Content-Type-Options: nosniff")
    if page is None or hop.status >= 400:
        return  # the rest is about pages that a browser shows
    yield from _policy(document)
    if not _frames_limited(document):
        yield Flaw(code="frame-unprotected", host=host, what=_framing(document))
    if not _referrers(hop, page.referrer) & REFERRER_POLICIES:
        yield Flaw(code="referrer-policy-missing", host=host, what="no Referrer-Policy")
    if not hop.header("permissions-policy"):
        yield Flaw(code="permissions-policy-missing", host=host, what="no Permissions-Policy")


def _referrers(hop: Hop, meta: str) -> set[str]:
    values = [*hop.all("referrer-policy"), meta]
    return {word.strip().lower() for value in values for word in value.split(",")}


def _policy(document: Document) -> Iterable[Flaw]:
    policies = document.policies
    if not policies:
        trial = document.hop.header("content-security-policy-report-only")
        yield Flaw(
            code="csp-missing",
            host=document.host,
            what="the Content-Security-Policy only reports"
            if trial
            else "no Content-Security-Policy",
            severity=Severity.LOW if trial else None,
        )
        return
    weak = csp.weaknesses(policies)
    if _cut(document):
        weak = tuple(w for w in weak if not w.startswith("no-"))  # it may stand in what is lost
    if weak:
        told = ", ".join(_WEAK[weakness] for weakness in weak)
        yield Flaw(code="csp-weak", host=document.host, what=f"its policy {told}")


def _cut(document: Document) -> bool:
    """Whether a policy is longer than what is kept of a header."""
    meta = document.page.csp if document.page else ()
    return any("… (+" in text for text in (*document.hop.all("content-security-policy"), *meta))


_WEAK: dict[csp.Weakness, str] = {
    "open-scripts": "does not limit scripts",
    "unsafe-inline": "allows any script inside the page ('unsafe-inline')",
    "wildcard": "allows scripts of any site",
    "no-object-src": "lacks object-src",
    "no-base-uri": "lacks base-uri",
    "no-form-action": "lacks form-action",
}


def _frames_limited(document: Document) -> bool:
    """By `frame-ancestors` where a header has it, which then counts alone; else by the old one."""
    allowed = csp.frames(document.enforced)
    if allowed:
        return allowed != "any"
    old = {
        word.strip().lower()
        for value in document.hop.all("x-frame-options")
        for word in value.split(",")
    }
    return bool(old & {"deny", "sameorigin"})


def _framing(document: Document) -> str:
    if csp.frames(document.enforced) == "any":
        return "frame-ancestors lets every site in"
    if (old := document.hop.header("x-frame-options").lower()).startswith("allow-from"):
        return "X-Frame-Options: ALLOW-FROM, which browsers ignore"
    if old:
        return "an X-Frame-Options that browsers ignore"
    return "neither frame-ancestors nor X-Frame-Options in the headers"


# ---------------------------------------------------------------- search engines, versions


def _indexed(
    documents: Sequence[Document], visits: Sequence[Visit], web: WebHosts, target: Target
) -> Iterable[Flaw]:
    """Pages of the internal tool that search engines may list; not those made for the public."""
    inside = {host_of(v.hops[-1].url) for v in visits if v.ended == "ok" and asks_to_sign_in(v)}
    said = host_of(target.web.app)
    if web.app not in (target.domain, f"www.{target.domain}") or web.app == said:
        inside.add(web.app)
    for document in documents:
        if document.host not in inside or document.page is None or document.hop.status >= 400:
            continue
        if not not_indexed(document.hop, document.page):
            yield Flaw(code="noindex-missing", host=document.host, what="pages without noindex")


_VERSION = re.compile(r"\d+\.\d+|/\d")
_HARMLESS_POWER = ("wp engine", "shopify")
_INNER = (
    "x-runtime",
    "x-aspnet-version",
    "x-aspnetmvc-version",
    "x-debug-token",
    "x-debug-token-link",
    "x-backend-server",
    "x-b3-traceid",
    "traceparent",
    "x-datadog-trace-id",
)


def _leaks(hops: Iterable[Hop]) -> Iterable[Flaw]:
    """Headers that tell a stranger versions or the inside; a bare product name tells nothing."""
    for hop in hops:
        told: list[str] = []
        server = hop.header("server")
        if _VERSION.search(server) and not server.lower().startswith(_platforms()):
            told.append(f"Server: {server[:60]}")
        power = hop.header("x-powered-by")
        if power and not power.lower().startswith(_HARMLESS_POWER):
            told.append(f"X-Powered-By: {power[:60]}")
        told += [name for name in _INNER if hop.header(name)]
        if any(_about_inside(value) for value in hop.all("server-timing")):
            told.append("Server-Timing")
        if told:
            yield Flaw(code="version-leak", host=host_of(hop.url), what=", ".join(told))


@functools.cache
def _platforms() -> tuple[str, ...]:
    """How platforms call themselves in `Server`: no version of the app, and not to be changed."""
    named = [header for row in tables.hosts() for header in row.headers]
    return ("awselb", *(h[8:].lower() for h in named if h.startswith("server: ")))


def _about_inside(timing: str) -> bool:
    """Whether a Server-Timing is the app's own; networks add theirs (cf…, cdn…) to every answer."""
    metrics = [metric.strip().lower() for metric in timing.split(",") if metric.strip()]
    return any(not metric.startswith(("cf", "cdn", "edge", "origin")) for metric in metrics)


def _told(document: Document) -> Seen:
    hop = document.hop
    parts = [
        name
        for name, header in (
            ("HSTS", "strict-transport-security"),
            ("CSP", "content-security-policy"),
            ("X-Frame-Options", "x-frame-options"),
            ("nosniff", "x-content-type-options"),
            ("Referrer-Policy", "referrer-policy"),
            ("Permissions-Policy", "permissions-policy"),
            ("X-Robots-Tag", "x-robots-tag"),
        )
        if hop.header(header)
    ]
    return Seen(label=hop.url, value=", ".join(parts) or "none of these headers", source="GET")
