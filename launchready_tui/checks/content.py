"""What pages load and where their forms go: all of it encrypted, and scripts of others pinned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urljoin, urlsplit

from launchready_tui import csp
from launchready_tui.checks.answers import (
    Document,
    documents_of,
    has_password,
    own,
    unseen,
    visits_of,
)
from launchready_tui.checks.cookies import is_session, read_settings
from launchready_tui.engine import check
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.page import Form, Page
from launchready_tui.facts.site import CanonicalStarts, HostPages, Visit
from launchready_tui.facts.web import WebHosts
from launchready_tui.facts.web_tables import same_site, script_row
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Record, Seen, Severity, Unknown
from launchready_tui.network.hosts import below
from launchready_tui.network.seen import Hop
from launchready_tui.outcomes import judged
from launchready_tui.text import plural, safe

MOST_NAMED = 4


@check("site.content")
def content(
    web: WebHosts, target: Target, starts: CanonicalStarts | Unknown, pages: HostPages | Unknown
) -> Outcome:
    """The front pages of all hosts, and the addresses a person gave."""
    visits = visits_of(starts, pages)
    documents = [d for d in documents_of(web, visits) if d.page is not None]
    findings = [*_open_logins(visits, target, web)]
    seen: list[Seen] = []
    for host in dict.fromkeys(document.host for document in documents):
        here = [document for document in documents if document.host == host]
        findings += _mixed(host, here)
        findings += _printed(host, here)
        foreign = _foreign(here, web.app)
        findings += _unpinned(host, foreign)
        seen += [s.seen for s in foreign if s.changes]
    return judged(
        tuple(findings),
        clean=f"{plural(len(documents), 'page')} load only what is encrypted and known",
        seen=tuple(dict.fromkeys(seen)),
        gaps=unseen(web, starts, pages),
    )


# ---------------------------------------------------------------- logins without encryption


def _open_logins(visits: Sequence[Visit], target: Target, web: WebHosts) -> Iterable[Finding]:
    """A form that asks for a password, or a session, on http; or a form that sends it there."""
    said: dict[str, list[str]] = {}
    for visit in visits:
        for hop in visit.hops:
            if own(host_of(hop.url), target, web) and (name := _open_session(hop)):
                said.setdefault(host_of(hop.url), []).append(
                    f"{_root(hop.url)} sets the session cookie {name} without encryption"
                )
        last = visit.last
        if visit.ended != "ok" or last is None or not own(host_of(last.url), target, web):
            continue
        if last.url.startswith("http:") and has_password(visit.page):
            told = f"{_root(last.url)} asks for a password without encryption"
            said.setdefault(host_of(last.url), []).append(told)
        elif posts := _plain_posts(last.url, visit.page):
            told = f"the form at {_root(last.url)} sends the password to {posts[0]}"
            said.setdefault(host_of(last.url), []).append(told)
    for host, all_ in said.items():
        observed = "; ".join(dict.fromkeys(all_))
        yield Finding(
            code="login-over-http",
            subject=host,
            observed=safe(observed, one_line=True, limit=600),
        )


def _open_session(hop: Hop) -> str:
    """The session cookie of an http answer that is a page. One that only leads on asks nothing."""
    if hop.outcome != "ok" or not hop.url.startswith("http:") or hop.status >= 300:
        return ""
    settings = read_settings([(host_of(hop.url), hop.all("set-cookie"))])
    return next((s.cookie.name for s in settings if is_session(s.cookie)), "")


def _plain_posts(url: str, page: Page | None) -> list[str]:
    forms = page.forms if page else ()
    return [_root(to) for form in forms if form.password and _is_plain(to := _target(url, form))]


def _target(url: str, form: Form) -> str:
    return _joined(url, form.action) if form.action else url


def _printed(host: str, documents: Sequence[Document]) -> Iterable[Finding]:
    """An account with its password in the text of the sign-in page. Whether it opens the app was
    not tried."""
    told = [(d.hop.url, d.page.printed) for d in documents if d.page and d.page.printed]
    for url, account in told[:1]:
        yield Finding(
            code="default-admin-password",
            subject=host,
            observed=f"{_root(url)} prints the account {account} with its password beside the form",
            params={"account": account},
            confidence=Confidence.LIKELY,
        )


# ---------------------------------------------------------------- mixed content


def _mixed(host: str, documents: Sequence[Document]) -> Iterable[Finding]:
    """What https pages load over http. Scripts of other sites are told as such, not here."""
    found: dict[str, None] = {}
    for document in documents:
        page = document.page
        if page is None or csp.upgrades(document.policies):
            continue  # browsers ask for https by themselves
        logins = {form.action for form in page.forms if form.password}
        for entry in page.mixed:
            kind, _, url = entry.partition(" ")
            foreign_script = kind == "script" and not same_site(host_of(url), host)
            if not (_is_local(url) or foreign_script or (kind == "form" and url in logins)):
                found[entry] = None
    if found:
        scripts = any(entry.startswith("script ") for entry in found)
        yield Finding(
            code="mixed-content",
            subject=host,
            observed=f"{_root(documents[0].hop.url)} loads {_few(list(found))}",
            severity=Severity.HIGH if scripts else None,
        )


# ---------------------------------------------------------------- scripts of others


class _Foreign(Record, frozen=True, kw_only=True):
    """A script of another site on a page."""

    url: str
    label: str
    known: bool
    """Served by a public library server, or over http: there is nothing to ask."""
    changes: bool = False
    """Its maker changes it under the same address."""

    @property
    def seen(self) -> Seen:
        what = f"a script of {self.label}, which changes it: it cannot be pinned"
        return Seen(label=host_of(self.url), value=what)


def _foreign(documents: Sequence[Document], app: str) -> list[_Foreign]:
    found: dict[str, _Foreign] = {}
    for document in documents:
        page = document.page
        for script in page.scripts if page else ():
            url = _joined(document.hop.url, script.source)
            host = host_of(url)
            if script.preload or not host or same_site(host, document.host):
                continue
            plain = _is_plain(url) and not csp.upgrades(document.policies)
            row = script_row(host)
            if not plain and (script.pinned or not _has_session(document, app)):
                continue
            found[url] = _Foreign(
                url=url,
                label=row.label if row else host,
                known=plain or (row is not None and not row.changes),
                changes=not plain and row is not None and row.changes,
            )
    return list(found.values())


def _has_session(document: Document, app: str) -> bool:
    """Whether people are signed in there: the app's own host, a login form, a session cookie."""
    settings = read_settings([(document.host, document.hop.all("set-cookie"))])
    return (
        document.host == app
        or has_password(document.page)
        or any(is_session(setting.cookie) for setting in settings)
    )


def _unpinned(host: str, foreign: Sequence[_Foreign]) -> Iterable[Finding]:
    left = [script for script in foreign if not script.changes]
    if not left:
        return
    sure = [script for script in left if script.known]
    shown = [script.url.partition("?")[0] for script in (*sure, *left)]
    yield Finding(
        code="script-third-party-unpinned",
        subject=host,
        observed=f"{host} runs {_few(list(dict.fromkeys(shown)))} unchecked",
        params={"script": safe(shown[0], one_line=True, limit=200)},
        confidence=Confidence.CONFIRMED if sure else Confidence.REVIEW,
        severity=None if sure else Severity.MEDIUM,
    )


# ---------------------------------------------------------------- addresses


def _few(entries: Sequence[str]) -> str:
    more = len(entries) - MOST_NAMED
    told = ", ".join(entries[:MOST_NAMED])
    return safe(f"{told} and {more} more" if more > 0 else told, one_line=True, limit=500)


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return ""


def _is_plain(url: str) -> bool:
    return url.lower().startswith("http:") and not _is_local(url)


def _is_local(url: str) -> bool:
    """This computer itself: browsers take it for safe."""
    host = host_of(url)
    return below(host, "localhost") or host.startswith("127.") or host == "::1"


def _root(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return safe(f"{parts.scheme}://{parts.netloc}{parts.path or '/'}", one_line=True, limit=150)
