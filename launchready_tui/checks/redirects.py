"""Old addresses: each arrives at its page, permanently, soon, and with its campaign marks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import SplitResult, urlsplit

from launchready_tui.engine import check
from launchready_tui.facts.redirect_map import GONE
from launchready_tui.facts.redirects import Arrival, OldUrls, Step, marks
from launchready_tui.model import Finding, Outcome, Record, Seen, Severity, State
from launchready_tui.outcomes import judged
from launchready_tui.text import plural, safe

TEMPORARY = (302, 303, 307)
MOST_REDIRECTS = 2
MOST_FINDINGS = 200
"""A list that is wrong as a whole is told by its first findings and a count."""
MOST_GAPS = 20
MOST_SEEN = 100
SIGN_IN = ("login", "signin", "sign-in", "sign_in", "auth", "oauth", "oauth2", "sso", "saml")
_ORDER = ("old-url-broken", "old-url-loop", "old-url-loses-path", "old-url-long")


class Standing(Record, frozen=True, kw_only=True):
    """One old address, judged. With neither findings nor a gap it arrives."""

    findings: tuple[Finding, ...] = ()
    gap: str = ""


@check("redirects.old-urls")
def old_urls(seen: OldUrls) -> Outcome:
    """The whole list; without one the question is a person's."""
    if not seen.name:
        return Outcome(
            state=State.UNKNOWN,
            summary="no list of old addresses",
            cause="answer it, or name a list in launchready.toml: it is followed from then on",
        )
    standings = [standing(arrival, seen.home) for arrival in seen.arrivals]
    findings = sorted((f for s in standings for f in s.findings), key=_weight)
    gaps = tuple(dict.fromkeys(s.gap for s in standings if s.gap))
    count = sum(not arrival.sample for arrival in seen.arrivals)
    failing = sum(bool(s.findings) for s in standings)
    return judged(
        tuple(findings[:MOST_FINDINGS]),
        clean=f"{plural(count, 'old address', 'old addresses')} of {seen.name} arrive",
        dirty=_dirty(findings, failing, count),
        seen=tuple(
            Seen(label=_short(a.entry.old), value=way(a), source=f"GET, {seen.name}")
            for a in seen.arrivals[:MOST_SEEN]
        ),
        gaps=_few(gaps),
    )


def standing(arrival: Arrival, home: str) -> Standing:
    """What one address comes to. Of a sample only the mark counts: its address is listed too."""
    if arrival.sample:
        at = _arrived(arrival, home)
        return Standing(findings=() if at is None else tuple(_marks_lost(arrival, at)))
    gap = _gap(arrival)
    if gap:
        return Standing(gap=f"{_short(arrival.entry.old)}: {gap}")
    if arrival.ended in ("loop", "long"):
        return _found(arrival, "old-url-loop", arrival.cause or "it never arrives")
    if arrival.entry.expected == GONE:
        return _retired(arrival)
    at = _arrived(arrival, home)
    if at is None:
        return _lost(arrival)
    on_the_way = arrival.steps[: at + 1]
    return Standing(
        findings=(
            *_temporary(arrival, on_the_way),
            *_long(arrival, on_the_way),
            *_marks_lost(arrival, at),
        )
    )


def way(arrival: Arrival) -> str:
    """The way in one line: each redirect with its status, and how it ended."""
    steps = [f"{one.status} {_short(other.url)}" for one, other in pairwise(arrival.steps)]
    last = arrival.steps[-1] if arrival.steps else None
    end = str(last.status) if last and arrival.ended == "ok" else arrival.ended
    return " → ".join([*steps, end])


# ---------------------------------------------------------------- what cannot be told


def _gap(arrival: Arrival) -> str:
    last = arrival.steps[-1] if arrival.steps else None
    if any(step.challenge for step in arrival.steps):
        return "a bot challenge answered instead of the page"
    if arrival.ended == "loop" and any(step.sets_cookie for step in arrival.steps):
        return "leads in a circle without a cookie; open it in a browser to see"
    if arrival.ended == "blocked" and _reached(arrival, arrival.steps[:-1]) is None:
        return f"leads on to {_short(last.url) if last else 'nowhere'}, which was not followed:" + (
            f" {arrival.cause}"
        )
    if arrival.ended == "unknown" and not arrival.absent:
        return arrival.cause or "no answer"
    if arrival.ended != "ok" or last is None:
        return ""
    if last.status in (401, 403, 429):
        return f"{_short(last.url)} answers {last.status}: open it signed in, in a browser"
    if _ends_at_sign_in(arrival) and _reached(arrival, arrival.steps) is None:
        expected = arrival.entry.expected
        return "a sign-in page stands before the target" if expected else ""
    return ""


def _ends_at_sign_in(arrival: Arrival) -> bool:
    """The way was turned aside to a sign-in page, for now."""
    return any(
        one.status in TEMPORARY and _is_sign_in(other.url) for one, other in pairwise(arrival.steps)
    )


# ---------------------------------------------------------------- where it arrives


def _arrived(arrival: Arrival, home: str) -> int | None:
    """The first step that is the page that was meant, None where it is not reached."""
    if not arrival.steps:
        return None
    end = len(arrival.steps) - 1
    last = arrival.steps[end]
    if arrival.entry.expected:
        at = _reached(arrival, arrival.steps)
        return at if at is not None and (at < end or _works(last)) else None
    fine = arrival.ended == "ok" and _works(last) and _at_home(last.url, home)
    return end if fine else None


def _reached(arrival: Arrival, steps: Sequence[Step]) -> int | None:
    expected = arrival.entry.expected
    if not expected or expected == GONE:
        return None
    return next((n for n, step in enumerate(steps) if _same_page(step.url, expected)), None)


def _works(step: Step) -> bool:
    return step.outcome == "ok" and 200 <= step.status < 300


def _at_home(url: str, home: str) -> bool:
    host = _split(url).hostname or ""
    return (
        not home
        or host == home
        or host.endswith(f".{home.removeprefix('www.')}")
        or (host == home.removeprefix("www."))
    )


def _same_page(url: str, expected: str) -> bool:
    """Whether an address is the one meant: http or https, with or without www and final slash.

    The parameters that the list names have to be there; others may be, such as campaign marks.
    """
    one, other = _split(url), _split(expected)
    same_host = _bare(one.hostname) == _bare(other.hostname) and one.port == other.port
    asked = set(filter(None, other.query.split("&")))
    given = set(filter(None, one.query.split("&")))
    return same_host and _trimmed(one.path) == _trimmed(other.path) and asked <= given


# ---------------------------------------------------------------- what is wrong


def _retired(arrival: Arrival) -> Standing:
    last = arrival.steps[-1] if arrival.steps else None
    if arrival.absent or (last and last.status in (404, 410)):
        return Standing()
    answers = f"answers {last.status}" if last and last.status else arrival.cause
    return _found(arrival, "old-url-broken", f"the list says gone, but it {answers}")


def _lost(arrival: Arrival) -> Standing:
    last = arrival.steps[-1] if arrival.steps else None
    expected = arrival.entry.expected
    if arrival.ended != "ok" or last is None:
        return _found(arrival, "old-url-broken", arrival.cause or arrival.ended)
    if not _works(last):
        return _found(arrival, "old-url-broken", f"ends at {_short(last.url)} with {last.status}")
    if len(arrival.steps) == 1 and expected:
        return _found(arrival, "old-url-broken", f"answers itself, not {_short(expected)}")
    meant = f", not at {_short(expected)}" if expected else ", which is not this domain"
    return _found(arrival, "old-url-broken", f"ends at {_short(last.url)}{meant}")


def _temporary(arrival: Arrival, steps: Sequence[Step]) -> list[Finding]:
    for one, other in pairwise(steps):
        if one.status in TEMPORARY and not _is_sign_in(other.url):
            observed = f"{_short(one.url)} leads to {_short(other.url)} with {one.status}"
            return [_finding(arrival, "old-url-temporary", observed, status=str(one.status))]
    return []


def _long(arrival: Arrival, steps: Sequence[Step]) -> list[Finding]:
    back = next(
        (other for one, other in pairwise(steps) if _secure(one.url) and not _secure(other.url)),
        None,
    )
    if back is not None:
        return [_finding(arrival, "old-url-long", f"goes back to http at {_short(back.url)}")]
    redirects = len(steps) - 1
    if redirects > MOST_REDIRECTS and not any(_is_sign_in(step.url) for step in steps):
        return [_finding(arrival, "old-url-long", f"{redirects} redirects until it arrives")]
    return []


def _marks_lost(arrival: Arrival, at: int) -> list[Finding]:
    """Campaign marks that do not arrive; and a page that became the front page."""
    if at == 0:
        return []
    end = arrival.steps[at].url
    kept = marks(end)
    lost = [key for key, value in marks(arrival.entry.old) if (key, value) not in kept]
    if lost and not _is_sign_in(end):
        names = ", ".join(dict.fromkeys(lost))
        observed = f"ends at {_short(end)} without {safe(names, one_line=True, limit=100)}"
        return [_finding(arrival, "old-url-loses-path", observed)]
    page, front = _trimmed(_split(arrival.entry.old).path), _trimmed(_split(end).path)
    if not arrival.entry.expected and front == "/" and page not in _FRONTS:
        observed = f"ends at the front page {_short(end)}"
        return [_finding(arrival, "old-url-loses-path", observed)]
    return []


_FRONTS = ("/", "/index.html", "/index.htm", "/index.php", "/home", "/default.aspx")


def _found(arrival: Arrival, code: str, observed: str) -> Standing:
    return Standing(findings=(_finding(arrival, code, observed),))


def _finding(arrival: Arrival, code: str, observed: str, *, status: str = "") -> Finding:
    expected = arrival.entry.expected
    target = "its new page" if expected in ("", GONE) else _short(expected)
    return Finding(
        code=code,
        subject=_short(arrival.entry.old),
        observed=f"{observed} ({way(arrival)})" if len(arrival.steps) > 1 else observed,
        params={"to": target, "status": status},
        severity=Severity.MEDIUM if arrival.entry.expected == GONE else None,
    )


def _weight(finding: Finding) -> int:
    return _ORDER.index(finding.code) if finding.code in _ORDER else len(_ORDER)


def _dirty(findings: Sequence[Finding], failing: int, count: int) -> str:
    codes = Counter(finding.code for finding in findings)
    told = ", ".join(f"{n} {_WORDS[code]}" for code, n in sorted(codes.items()))
    rest = len(findings) - MOST_FINDINGS
    more = f"; the first {MOST_FINDINGS} faults are listed" if rest > 0 else ""
    return f"{failing} of {count} old addresses: {told}{more}"


_WORDS = {
    "old-url-broken": "do not arrive",
    "old-url-loop": "go in a circle",
    "old-url-temporary": "are temporary",
    "old-url-long": "take too long a way",
    "old-url-loses-path": "lose page or campaign",
}


def _few(gaps: tuple[str, ...]) -> tuple[str, ...]:
    rest = len(gaps) - MOST_GAPS
    return (*gaps[:MOST_GAPS], f"and {rest} more") if rest > 0 else gaps


# ---------------------------------------------------------------- addresses


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def _bare(host: str | None) -> str:
    return (host or "").removeprefix("www.")


def _trimmed(path: str) -> str:
    return path.rstrip("/") or "/"


def _secure(url: str) -> bool:
    return _split(url).scheme == "https"


def _is_sign_in(url: str) -> bool:
    return any(part in SIGN_IN for part in _split(url).path.lower().split("/"))


def _short(url: str) -> str:
    return safe(url, one_line=True, limit=200)
