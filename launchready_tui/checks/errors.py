"""What a page that does not exist answers, and two files that machines look for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from launchready_tui.checks.answers import asks_to_sign_in, lost, named, unheard, unseen
from launchready_tui.checks.headers import Flaw, together
from launchready_tui.engine import check
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.private import AnonymousPages
from launchready_tui.facts.site import Visit
from launchready_tui.facts.web import Missing, MissingPages, WebHosts
from launchready_tui.facts.wellknown import WellKnown
from launchready_tui.given import Target
from launchready_tui.model import Finding, Outcome, Seen, Unknown
from launchready_tui.outcomes import judged
from launchready_tui.text import safe

_DEFAULTS = (
    "welcome to nginx",
    "apache2 ubuntu default page",
    "apache2 debian default page",
    "test page for the",
    "iis windows",
    "caddy works",
    "site not found · github pages",
    "default web site page",
    "no such app",
    "heroku | welcome to your new app",
)
"""How the start pages of servers and hosts are titled, that nobody has replaced."""
_ADMIN = re.compile(
    r"(?i)/(?:[\w.-]{1,40}[/_-])?(?:admin(?:s|istrator|istration|panel)?|backend|backoffice|internal|intern"
    r"|private|staging|secrets?|backups?|dumps?|phpmyadmin|debug|superuser|management)(?:[/._*$-]|$)"
)
_KNOWN_TO_ALL = ("/wp-admin",)


@check("site.errors")
def errors(
    web: WebHosts,
    gone: MissingPages,
    files: WellKnown | Unknown,
    private: AnonymousPages | Unknown,
    target: Target,
) -> Outcome:
    """One made-up address at each host, and robots.txt and security.txt at one of them."""
    flaws: list[Flaw] = []
    seen: list[Seen] = []
    for page in gone.pages:
        if unheard(page.visit):
            continue
        found, remark = _judged(page, web)
        flaws += found
        seen.append(Seen(label=page.visit.url, value=remark, source="GET"))
    told, public = _files(files, web, target)
    findings = [*together(flaws, web.app), *public, *_deep_links(private)]
    return judged(
        tuple(findings),
        clean="an address that does not exist is refused",
        seen=(*seen, *told),
        gaps=(*unseen(web), *lost(gone), *_not_asked(files)),
    )


# ---------------------------------------------------------------- a page that should exist


def _deep_links(private: AnonymousPages | Unknown) -> list[Finding]:
    """Pages of the app that a person named, and of which the host itself says they are not there.

    An app that hides its pages from strangers answers 404 too, but by itself.
    """
    if isinstance(private, Unknown):
        return []
    return [
        Finding(
            code="deep-link-404",
            subject=page.url,
            observed=f"{page.url} is answered by {page.nothing_at} with 404, not by the app",
            params={"platform": page.nothing_at},
        )
        for page in private.pages
        if page.named == "private" and page.nothing_at
    ]


# ---------------------------------------------------------------- a page that does not exist


def _judged(page: Missing, web: WebHosts) -> tuple[list[Flaw], str]:
    """What is wrong with a host's error page, and in words what it does."""
    visit, host = page.visit, page.host
    last, status = visit.hops[-1], visit.status
    entry = web.of(host)
    front = entry.front if entry else None
    if _is_default(visit):
        title = visit.page.title if visit.page else ""
        return [_flaw(host, f"shows a server's own start page (“{title}”)")], "a start page"
    if status >= 500:
        if front is None or front.status >= 500:
            return [], f"answers {status}, as the front page does"
        return [_flaw(host, f"answers {status} instead of 404")], f"answers {status}"
    if status >= 400:
        return [], f"answers {status}"
    if asks_to_sign_in(visit):
        return [], "asks to sign in"
    if host_of(last.url) != host:
        return [], f"leads to {host_of(last.url)}"
    if front is not None and _is_app_shell(visit, front):
        return [], f"answers {status} with the app's shell, which decides in the browser"
    if len(visit.hops) > 1 and urlsplit(last.url).path in ("", "/"):
        return [_flaw(host, "leads to the front page instead of 404")], "leads to the front page"
    return [_flaw(host, f"answers {status} instead of 404")], f"answers {status}"


def _flaw(host: str, what: str) -> Flaw:
    return Flaw(code="error-page-soft-404", host=host, what=f"a made-up address {what}")


def _is_default(visit: Visit) -> bool:
    return visit.page is not None and visit.page.title.lower().startswith(_DEFAULTS)


def _is_app_shell(visit: Visit, front: Visit) -> bool:
    """Whether every address brings the same page, whose scripts find out what to show."""
    one, other = visit.page, front.page
    if one is None or other is None or len(visit.hops) > 1:
        return False
    return bool(one.scripts) and one.shell == other.shell


# ---------------------------------------------------------------- robots.txt, security.txt


def _not_asked(files: WellKnown | Unknown) -> Iterable[str]:
    if isinstance(files, Unknown):
        yield files.cause
        return
    for name, wanted in (("robots.txt", files.robots), ("security.txt", files.contact)):
        if wanted.state == "unknown":
            yield f"{files.host}: {name} could not be read: {wanted.cause}"


def _files(
    files: WellKnown | Unknown, web: WebHosts, target: Target
) -> tuple[list[Seen], list[Finding]]:
    """Faults where the public comes; of a tool behind a login they are only mentioned."""
    if isinstance(files, Unknown):
        return [], []
    if files.contact.state == "not-asked":
        value = "robots.txt and security.txt belong to the domain, and were not asked for here"
        return [Seen(label=files.host, value=value)], []
    entry = web.of(files.host)
    inside = (entry is not None and asks_to_sign_in(entry.front)) or (
        files.host == web.app and files.host not in (target.domain, f"www.{target.domain}")
    )
    findings = []
    if files.contact.state == "absent":
        findings.append(
            Finding(
                code="no-security-txt",
                subject=files.host,
                observed=f"{files.host} has no /.well-known/security.txt",
            )
        )
    admin = [p for p in files.hidden if _ADMIN.search(p) and not p.startswith(_KNOWN_TO_ALL)]
    if admin:
        findings.append(
            Finding(
                code="robots-lists-admin",
                subject=files.host,
                observed=safe(f"robots.txt names {named(admin)}", one_line=True, limit=400),
                params={"paths": named(admin)},
            )
        )
    if inside:
        why = "of no weight behind a login"
        return [Seen(label=files.host, value=f"{f.observed}: {why}") for f in findings], []
    return [], findings
