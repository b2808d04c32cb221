"""One canonical address: every way the domain is typed ends at the same https page."""

from __future__ import annotations

from itertools import pairwise
from urllib.parse import SplitResult, urlsplit

from launchready_tui.checks.tls import merged
from launchready_tui.engine import check
from launchready_tui.facts.cloudflare import Cloudflare
from launchready_tui.facts.site import CARRIED, CanonicalStarts, Visit
from launchready_tui.model import Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.network.seen import Hop
from launchready_tui.outcomes import judged
from launchready_tui.text import safe

TEMPORARY = (302, 303, 307)
MOST_REDIRECTS = 2


@check("site.canonical")
def canonical(starts: CanonicalStarts, edge: Cloudflare | Unknown) -> Outcome:
    """The matrix of http and https, with and without www; and http at the app's own host."""
    findings: list[Finding] = []
    gaps: list[str] = []
    for visit in (*starts.starts, *starts.carried, *filter(None, (starts.app,))):
        gap = _gap(visit)
        if gap:
            gaps.append(gap)
            findings += _hops(visit) if visit.ended in ("tls", "blocked", "refused") else []
        else:
            findings += _judged(visit, edge, starts.starts)
    findings += _ends_apart(starts)
    if not starts.starts:
        gaps.append("the domain leads nowhere, so there is nothing to follow")
    if starts.starts and all(visit.ended == "loop" for visit in starts.starts):
        findings = [_raised(f) if f.code == "redirect-loop" else f for f in findings]
    ends = sorted({_origin(visit) for visit in starts.starts if visit.ended == "ok"})
    return judged(
        merged(findings),
        clean=f"every way in ends at {ends[0]}" if ends else "",
        seen=tuple(Seen(label=v.url, value=_told(v), source="GET") for v in starts.starts),
        gaps=tuple(dict.fromkeys(gaps)),
    )


def _gap(visit: Visit) -> str:
    """Why a start says nothing. A certificate that failed is told by tls.certificate."""
    if visit.challenged:
        return f"{visit.url}: a bot challenge answered instead of the site"
    last = visit.last
    if visit.ended == "loop" and any(hop.all("set-cookie") for hop in visit.hops):
        return f"{visit.url}: leads in a circle without a cookie; open it in a browser to see"
    if visit.ended == "tls" and last:
        return f"{visit.url}: stopped at the certificate of {_host(last.url)}"
    if visit.ended == "blocked" and last:
        return f"{visit.url}: {visit.cause or last.cause}"
    if visit.ended == "unknown":
        return f"{visit.url}: {visit.cause}"
    if visit.ended == "refused" and last and last.url.startswith("https:"):
        return f"{visit.url}: nothing answers at {_host(last.url)}, see its certificate"
    return ""


def _judged(visit: Visit, edge: Cloudflare | Unknown, starts: tuple[Visit, ...]) -> list[Finding]:
    """`starts` are those that have to end at a page: no carried path, and no host of its own."""
    if visit.ended in ("loop", "long"):
        return [_loop(visit, edge)]
    if visit.ended == "refused":
        return []  # http is closed: whoever types the name gets https or nothing
    findings = []
    last = visit.last
    if last is None:
        return []
    if visit in starts and last.status >= 400:
        findings.append(
            Finding(
                code="canonical-broken",
                subject=visit.url,
                observed=f"{visit.url} ends at {_short(last.url)} with {last.status}",
            )
        )
    elif last.url.startswith("http:") and last.status < 400:
        findings.append(
            Finding(
                code="no-https-redirect",
                subject=f"http://{_host(last.url)}/",
                observed=f"{_short(last.url)} answers {last.status} without encryption",
                params={"host": _host(last.url)},
            )
        )
    return findings + _hops(visit)


def _hops(visit: Visit) -> list[Finding]:
    """What is wrong on the way: only moves between addresses count, not those to a login page."""
    findings = []
    moves = [
        (hop, after) for hop, after in pairwise(visit.hops) if _base(hop.url) != _base(after.url)
    ]
    for hop, after in moves:
        if not _meant_for_ever(hop.url, after.url):
            continue
        if hop.status in TEMPORARY:
            findings.append(
                Finding(
                    code="redirect-temporary",
                    subject=_root(hop.url),
                    observed=f"{_short(hop.url)} leads to {_short(after.url)} with {hop.status}",
                    params={"status": str(hop.status), "to": _root(after.url)},
                )
            )
        if not _same_rest(hop.url, after.url):
            findings.append(
                Finding(
                    code="redirect-loses-path",
                    subject=_root(hop.url),
                    observed=f"{_short(hop.url)} leads to {_short(after.url)}",
                )
            )
    if moves and moves[0][0].url.startswith("http:"):
        hop, after = moves[0]
        if _host(hop.url) != _host(after.url):
            findings.append(
                Finding(
                    code="redirect-first-hop-other-host",
                    subject=_root(hop.url),
                    observed=f"{_short(hop.url)} leads straight to {_short(after.url)}",
                    params={"host": _host(hop.url)},
                )
            )
    return findings + _too_long(visit)


def _meant_for_ever(one: str, other: str) -> bool:
    """From http to https, or between a name and its www form: not to a login or another app."""
    upgrade = one.startswith("http:") and other.startswith("https:")
    return upgrade or _host(one).removeprefix("www.") == _host(other).removeprefix("www.")


def _too_long(visit: Visit) -> list[Finding]:
    urls = [hop.url for hop in visit.hops]
    steps = list(pairwise(urls))
    moved = [n for n, (one, other) in enumerate(steps, start=1) if _base(one) != _base(other)]
    arrived = max((n for n in moved if _meant_for_ever(*steps[n - 1])), default=0)
    back = next((other for one, other in steps if _is_https(one) and not _is_https(other)), "")
    if arrived <= MOST_REDIRECTS and not back:
        return []
    why = f"{arrived} redirects" if arrived > MOST_REDIRECTS else f"back to http at {_short(back)}"
    return [
        Finding(
            code="redirect-long",
            subject=_root(visit.url),
            observed=f"{visit.url}: {why}",
            params={"to": _root(urls[-1])},
        )
    ]


def _loop(visit: Visit, edge: Cloudflare | Unknown) -> Finding:
    host = _host(visit.url)
    entry = edge.of(host) if isinstance(edge, Cloudflare) else None
    behind = any(hop.header("cf-ray") for hop in visit.hops) or (
        entry is not None and entry.state in ("proxied", "foreign")
    )
    cause = "; Cloudflare is on the way, whose Flexible mode does this" if behind else ""
    way = visit.cause or "it never arrives"
    return Finding(
        code="redirect-loop",
        subject=_root(visit.url),
        observed=f"{visit.url}: {way}{cause}",
    )


def _raised(finding: Finding) -> Finding:
    """Where no way in works, nobody can open the site at all."""
    return Finding(
        code=finding.code,
        subject=finding.subject,
        observed=finding.observed,
        params=finding.params,
        severity=Severity.BLOCKER,
    )


def _ends_apart(starts: CanonicalStarts) -> list[Finding]:
    """Two addresses that both serve the site are two sites to cookies and search engines."""
    ends: dict[str, list[str]] = {}
    for visit in starts.starts:
        if visit.ended == "ok" and not visit.challenged and visit.status < 400:
            ends.setdefault(_host(visit.hops[-1].url), []).append(visit.url)
    if len(ends) < 2:
        return []
    told = "; ".join(f"{starts_[0]} ends at {host}" for host, starts_ in sorted(ends.items()))
    first = starts.starts[0].url
    return [Finding(code="canonical-broken", subject=_root(first), observed=told)]


# ---------------------------------------------------------------- addresses


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _host(url: str) -> str:
    return _split(url).hostname or ""


def _base(url: str) -> str:
    """Scheme, host and port: what has to stay the same for a move not to be one."""
    parts = _split(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_https(url: str) -> bool:
    return _split(url).scheme == "https"


def _root(url: str) -> str:
    return f"{_base(url)}/"


def _origin(visit: Visit) -> str:
    return _root(visit.hops[-1].url) if visit.hops else ""


def _same_rest(one: str, other: str) -> bool:
    a, b = _split(one), _split(other)
    return ((a.path or "/"), a.query) == ((b.path or "/"), b.query)


def _short(url: str) -> str:
    return safe(url.removesuffix(CARRIED) + ("/…" if url.endswith(CARRIED) else ""), one_line=True,
                limit=150)  # fmt: skip


def _told(visit: Visit) -> str:
    steps = [f"{hop.status} {_short(_next(visit, i))}" for i, hop in enumerate(visit.hops[:-1])]
    last: Hop | None = visit.last
    end = str(last.status) if last and visit.ended == "ok" else visit.ended
    return " → ".join([*steps, end])


def _next(visit: Visit, index: int) -> str:
    return visit.hops[index + 1].url
