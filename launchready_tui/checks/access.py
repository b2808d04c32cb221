"""Nobody gets in without signing in: private pages, API answers, pages for administrators."""

from __future__ import annotations

from urllib.parse import urlsplit

from launchready_tui.checks.answers import BUSY
from launchready_tui.engine import check
from launchready_tui.facts.admin import AdminPage, AdminPages
from launchready_tui.facts.open_redirect import OpenRedirects
from launchready_tui.facts.private import AnonymousPage, AnonymousPages
from launchready_tui.facts.web import MissingPages, WebHosts
from launchready_tui.given import Target
from launchready_tui.model import Finding, Outcome, Record, Seen, Unknown
from launchready_tui.outcomes import judged
from launchready_tui.text import plural

LITTLE_TEXT = 200
"""A page that says no more than this before its scripts run is a shell."""
ENOUGH_PERSONAL = 2
HEALTH = ("health", "healthz", "livez", "readyz", "ping", "status", "up", "version", "ready")
NOTHING_NAMED = (
    "launchready.toml names no page or API address behind the login ([web] private, api)"
)


@check("access.open-pages")
def open_pages(
    anonymous: AnonymousPages,
    target: Target,
    admin: AdminPages | Unknown,
    web: WebHosts | Unknown,
    missing: MissingPages | Unknown,
    redirects: OpenRedirects | Unknown,
) -> Outcome:
    """What a stranger is given where only signed-in people should be given anything."""
    shells = _Shells(web, missing)
    judgements = [_page(page, shells.of(page.url)) for page in anonymous.pages]
    judgements.append(_admin(admin, shells, _titles(missing)))
    judgements.append(_redirects(redirects))
    findings = [found for judgement in judgements for found in judgement.findings]
    gaps = [gap for judgement in judgements for gap in judgement.gaps]
    doubts = any(judgement.doubt for judgement in judgements)
    if not anonymous.pages:
        gaps.append(NOTHING_NAMED)
    if anonymous.left_out:
        gaps.append(f"{anonymous.left_out} more addresses of launchready.toml were not looked at")
    whole = bool(target.web.private and target.web.api) and not doubts
    return judged(
        tuple(findings),
        clean="nothing behind the login answers strangers",
        seen=tuple(seen for judgement in judgements for seen in judgement.seen),
        gaps=tuple(dict.fromkeys(gaps)),
        proven=whole,
    )


class _Judged(Record, frozen=True, kw_only=True):
    """What one address comes to. `doubt`: a person has to look, although nothing is wrong."""

    seen: tuple[Seen, ...] = ()
    findings: tuple[Finding, ...] = ()
    gaps: tuple[str, ...] = ()
    doubt: bool = False


def _page(page: AnonymousPage, shells: tuple[str, ...]) -> _Judged:
    if page.challenged:
        return _Judged(gaps=(f"{page.url}: a bot challenge answered instead of the app",))
    if page.ended == "ok" and page.status == 200 and page.looks.markers:
        return _open(page, "words that only the test user's own pages carry")
    if page.moved and not (page.named == "private" and page.looks.data):
        return _told(page, f"leads on to {page.at.partition('?')[0]}")
    if page.ended != "ok":
        return _Judged(gaps=(f"{page.url}: {page.cause or page.ended}",))
    if page.status >= 500 or page.status in BUSY:
        return _Judged(gaps=(f"{page.url}: it answers {page.status} without a login",))
    if page.status != 200:
        return _told(page, f"answers {page.status}")
    if page.looks.kind in ("json", "file"):
        return _data(page)
    if page.looks.kind == "html":
        return _html(page, shells)
    return _told(page, "answers nothing of note")


def _html(page: AnonymousPage, shells: tuple[str, ...]) -> _Judged:
    looks = page.looks
    if looks.login:
        return _told(page, "asks for a login")
    if looks.shell in shells or looks.text < LITTLE_TEXT:
        return _told(page, "the app's empty frame, the same for everybody")
    if page.named == "api":
        return _told(page, "answers a page without a login: is it public?", doubt=True)
    gap = (
        f"{page.url}: it answers a page without a login, and whether that shows anybody's data"
        " only the test user's words ([web] markers) or a person can tell"
    )
    return _Judged(gaps=(gap,))


def _data(page: AnonymousPage) -> _Judged:
    looks = page.looks
    if not looks.data:
        return _told(page, "answers, without any data")
    if page.named == "api" and looks.personal < ENOUGH_PERSONAL:
        if _path(page.url).rpartition("/")[2].lower() in HEALTH:
            return _told(page, "says how the app is, and nothing of anybody")
        return _told(page, "answers data without a login: is it meant for everybody?", doubt=True)
    what = "a file" if looks.kind == "file" else "data"
    if looks.personal >= ENOUGH_PERSONAL:
        what += f" with {looks.personal} fields or addresses of people"
    return _open(page, what)


def _told(page: AnonymousPage, value: str, *, doubt: bool = False) -> _Judged:
    return _Judged(seen=(Seen(label=page.url, value=value, source="GET"),), doubt=doubt)


def _open(page: AnonymousPage, what: str) -> _Judged:
    finding = Finding(
        code="no-auth",
        subject=page.url,
        observed=f"{page.url} answers {page.status} with {what}, without a login",
    )
    return _Judged(
        seen=(Seen(label=page.url, value=f"answers {what}", source="GET"),), findings=(finding,)
    )


# ---------------------------------------------------------------- administrators, login pages


def _admin(admin: AdminPages | Unknown, shells: _Shells, titles: dict[str, str]) -> _Judged:
    if isinstance(admin, Unknown):
        return _Judged(gaps=(f"pages for administrators: {admin.cause}",))
    findings: list[Finding] = []
    gaps: list[str] = []
    for page in admin.pages:
        if page.cause:
            gaps.append(f"{page.url}: {page.cause}")
        elif page.status in BUSY:
            gaps.append(f"{page.url}: it answers {page.status}")
        elif page.host not in titles:
            gaps.append(f"{page.host}: a made-up page could not be measured")
        elif _stands_open(page, shells.of(page.url), titles[page.host]):
            findings.append(_administers(page))
    value = f"{plural(len(admin.pages), 'usual address', 'usual addresses')} asked"
    if admin.left_out:
        value += f"; not {', '.join(admin.left_out)}, to send no more to several hosts at once"
    seen = Seen(label="pages for administrators", value=value, source="GET")
    return _Judged(seen=(seen,), findings=tuple(findings), gaps=tuple(gaps))


def _stands_open(page: AdminPage, shells: tuple[str, ...], title: str) -> bool:
    """A page of its own that shows or changes something, and asks nobody who is there."""
    looks = page.looks
    if page.status != 200 or looks.kind != "html" or looks.login:
        return False
    if looks.shell in shells or (looks.title and looks.title == title):
        return False
    return bool(page.known or looks.markers or (looks.cells and looks.text >= LITTLE_TEXT))


def _administers(page: AdminPage) -> Finding:
    what = page.known or "a page with tables or forms"
    named = f" (“{page.looks.title}”)" if page.looks.title else ""
    return Finding(
        code="admin-page-open",
        subject=page.url,
        observed=f"{page.url} shows {what}{named} without a login",
    )


def _redirects(redirects: OpenRedirects | Unknown) -> _Judged:
    if isinstance(redirects, Unknown):
        return _Judged(seen=(Seen(label="open redirects", value=redirects.cause),))
    findings = tuple(
        Finding(
            code="open-redirect",
            probe="open-redirect",
            subject=went.page,
            observed=f"{went.page}?{went.parameter}={went.form} leads to that foreign site",
            params={"parameter": went.parameter},
        )
        for went in redirects.found
    )
    value = "; ".join([f"asked at {', '.join(redirects.asked)}", *redirects.unanswered])
    return _Judged(
        seen=(Seen(label="open redirects", value=value, source="GET"),), findings=findings
    )


# ---------------------------------------------------------------- what a host's other pages are


class _Shells:
    """The skeletons of a host's front page and of its page for what does not exist."""

    def __init__(self, web: WebHosts | Unknown, missing: MissingPages | Unknown) -> None:
        hosts = web.hosts if isinstance(web, WebHosts) else ()
        pages = missing.pages if isinstance(missing, MissingPages) else ()
        self._fronts = {host.host: host.page.shell for host in hosts if host.page}
        self._missing = {page.host: page.visit.page.shell for page in pages if page.visit.page}

    def of(self, url: str) -> tuple[str, ...]:
        host = _host(url)
        front = self._fronts.get(host, "") if _path(url) else ""  # it is no measure of itself
        return tuple(filter(None, (front, self._missing.get(host, ""))))


def _titles(missing: MissingPages | Unknown) -> dict[str, str]:
    """By host, the title of a page that does not exist; without the hosts that told nothing."""
    pages = missing.pages if isinstance(missing, MissingPages) else ()
    return {
        page.host: page.visit.page.title if page.visit.page else ""
        for page in pages
        if page.visit.hops and page.visit.hops[0].outcome == "ok" and not page.visit.challenged
    }


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _path(url: str) -> str:
    """The path without its last slash; empty for a front page."""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
