"""Cookies that carry a login: whether others can read them, and whether browsers keep them.

`cookie_faults` is pure and knows no visit: whoever has seen `Set-Cookie` headers, also of a
signed-in person, has them judged by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from launchready_tui import csp
from launchready_tui.checks.answers import api_hops, documents_of, hops_of, named, unseen, visits_of
from launchready_tui.cookies import Cookie, dropped, read_cookie
from launchready_tui.engine import check
from launchready_tui.facts.api import ApiAnswers
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.login import LoginFlow
from launchready_tui.facts.private_pages import PrivatePages
from launchready_tui.facts.site import CanonicalStarts, HostPages
from launchready_tui.facts.web import MissingPages, WebHosts
from launchready_tui.facts.web_tables import cookie_row, same_site, shared_by_strangers, site_of
from launchready_tui.given import Target
from launchready_tui.model import Finding, Outcome, Record, Seen, Unknown
from launchready_tui.network.hosts import below
from launchready_tui.outcomes import judged
from launchready_tui.text import safe

MOST_DAYS = 30
MOST_TOLD = 20


class Setting(Record, frozen=True, kw_only=True):
    """One host that sets one cookie."""

    host: str
    cookie: Cookie


class Use(Record, frozen=True, kw_only=True):
    """What cookies are needed for: where the app is, and which other hosts take part."""

    app: str = ""
    partners: tuple[str, ...] = ()
    """Hosts that need the login too: the API, the sign-in."""
    embedded: tuple[str, ...] = ()
    """Hosts whose pages other sites show inside their own, by intent."""


@check("site.cookies")
def cookies(
    web: WebHosts,
    target: Target,
    starts: CanonicalStarts | Unknown,
    pages: HostPages | Unknown,
    gone: MissingPages | Unknown,
    api: ApiAnswers | Unknown,
    flow: LoginFlow | Unknown,
    private: PrivatePages | Unknown,
) -> Outcome:
    """Those set before anybody signs in, and where a test user did, those that came with it."""
    visits = visits_of(starts, pages, gone)
    hops = [*hops_of(visits, target, web), *api_hops(api, target, web)]
    inside = list(_signed_in(flow, private))
    settings = read_settings(
        [*((host_of(hop.url), hop.all("set-cookie")) for hop in hops), *inside]
    )
    embedded = [d.host for d in documents_of(web, visits) if csp.framed_by_others(d.enforced)]
    partners = [host_of(url) for url in (*target.web.api, target.web.login) if host_of(url)]
    use = Use(
        app=host_of(target.web.app) or web.app,
        partners=tuple(dict.fromkeys(partners)),
        embedded=tuple(dict.fromkeys(embedded)),
    )
    sessions = [setting for setting in settings if is_session(setting.cookie)]
    seen_at_app = any(same_site(setting.host, web.app) for setting in sessions)
    return judged(
        cookie_faults(settings, use),
        clean=f"{sessions[0].cookie.name} is kept from others"
        if sessions
        else "no session cookie is set before somebody signs in",
        seen=(*_told(settings), *_after(flow, inside)),
        gaps=unseen(web, starts, pages),
        proven=seen_at_app,
    )


_LATER = "cookies that are set at the sign-in are not seen here"
Lines = tuple[str, tuple[str, ...]]
"""A host, and the `Set-Cookie` headers it sent."""


def _signed_in(flow: LoginFlow | Unknown, private: PrivatePages | Unknown) -> Iterable[Lines]:
    if isinstance(flow, LoginFlow):
        yield host_of(flow.login), flow.set_cookies
    for page in private.pages if isinstance(private, PrivatePages) else ():
        yield host_of(page.url), page.first.cookies


def _after(flow: LoginFlow | Unknown, inside: Sequence[Lines]) -> tuple[Seen, ...]:
    names = dict.fromkeys(s.cookie.name for s in read_settings(inside))
    if isinstance(flow, Unknown) and not names:
        return (Seen(label="after signing in", value=_LATER),)
    value = named(list(names)) if names else "no cookie is set"
    return (Seen(label="after signing in", value=value, source="as the test user"),)


def read_settings(answers: Iterable[tuple[str, Iterable[str]]]) -> list[Setting]:
    """The cookies of hosts and their `Set-Cookie` headers, each once; not those taken away."""
    read = [(host, read_cookie(header)) for host, headers in answers for header in headers]
    kept = [Setting(host=h, cookie=c) for h, c in read if c is not None and not c.ended]
    return list(dict.fromkeys(kept))


def is_session(cookie: Cookie) -> bool:
    row = cookie_row(cookie.name)
    return row is not None and row.kind == "session"


def cookie_faults(settings: Sequence[Setting], use: Use) -> tuple[Finding, ...]:
    """One finding per code and host, or for all hosts where the same is wrong with the same cookie.

    Its subject is the app's host where that is among them. Nothing but logins is judged.
    """
    by_host: dict[tuple[str, str], dict[str, list[str]]] = {}
    for setting in settings:
        for code, why in _faults(setting, use):
            by_name = by_host.setdefault((code, setting.host), {})
            by_name.setdefault(setting.cookie.name, []).append(why)
    alike: dict[tuple[str, str, str], list[str]] = {}
    for (code, host), by_name in by_host.items():
        told = "; ".join(f"{n} {', '.join(dict.fromkeys(why))}" for n, why in by_name.items())
        alike.setdefault((code, told, named(list(by_name))), []).append(host)
    return tuple(
        _finding(code, sorted(hosts, key=lambda host: host != use.app), told, cookies)
        for (code, told, cookies), hosts in alike.items()
    )


def _finding(code: str, hosts: Sequence[str], told: str, cookies: str) -> Finding:
    where = f"{named(hosts)}: " if len(hosts) > 1 else ""
    return Finding(
        code=code,
        subject=hosts[0],
        observed=safe(where + told, one_line=True, limit=600),
        params={"cookies": cookies},
    )


def _faults(setting: Setting, use: Use) -> Iterable[tuple[str, str]]:
    cookie = setting.cookie
    row = cookie_row(cookie.name)
    if row is None or row.kind != "session":
        # A name that says nothing, with a token inside: whoever reads that token may be let in.
        if row is None and cookie.token and not cookie.http_only:
            yield "cookie-session-weak", "holds a JSON web token that scripts can read"
        return
    if why := _lost(setting, use):
        yield "cookie-scope-broken", why
    if not cookie.secure:
        yield "cookie-session-insecure", "lacks Secure"
    if not cookie.http_only:
        if not row.readable:
            yield "cookie-session-insecure", "lacks HttpOnly"
        elif cookie.token:
            yield (
                "cookie-session-weak",
                "holds a token that scripts can read, by design",
            )
    for why in _weak(setting, use):
        yield "cookie-session-weak", why


def _lost(setting: Setting, use: Use) -> str:
    """Why a browser does not keep the cookie, or does not send it where it is needed."""
    cookie, host = setting.cookie, setting.host
    if why := dropped(cookie):
        return f"is thrown away: {why}"
    if cookie.domain and not below(host, cookie.domain):
        return f"is thrown away: its Domain {cookie.domain} is not the host's own"
    if cookie.domain and cookie.domain != host and shared_by_strangers(cookie.domain):
        return f"is thrown away: its Domain {cookie.domain} belongs to many owners"
    abroad = host in use.partners and bool(use.app) and not same_site(host, use.app)
    if abroad and cookie.same_site != "none":
        mark = f"SameSite={cookie.same_site.capitalize()}" if cookie.same_site else "no SameSite"
        return f"does not come along from {use.app}, which is another site ({mark})"
    return ""


def _weak(setting: Setting, use: Use) -> Iterable[str]:
    cookie, host = setting.cookie, setting.host
    if not cookie.same_site:
        yield "lacks SameSite"
    elif cookie.same_site == "none" and cookie.secure and not _needed_elsewhere(host, use):
        yield "is sent from every foreign site (SameSite=None)"
    if cookie.domain == site_of(host) and not _shared(cookie.domain, host, use):
        yield f"goes to every name below {cookie.domain}"
    if cookie.days > MOST_DAYS:
        yield f"lasts {cookie.days} days"


def _needed_elsewhere(host: str, use: Use) -> bool:
    """Whether another site has to send it: it shows the page, or the app calls from there."""
    return host in use.embedded or (host in use.partners and not same_site(host, use.app))


def _shared(domain: str, host: str, use: Use) -> bool:
    """Whether several hosts of the product have to know the login."""
    return any(
        other != host and below(other, domain) for other in (use.app, *use.partners) if other
    )


def _told(settings: Sequence[Setting]) -> list[Seen]:
    return [
        Seen(label=f"{setting.cookie.name} at {setting.host}", value=_marks(setting.cookie))
        for setting in settings[:MOST_TOLD]
    ]


def _marks(cookie: Cookie) -> str:
    row = cookie_row(cookie.name)
    marks = [
        row.label if row else "a name that says nothing",
        "Secure" if cookie.secure else "",
        "HttpOnly" if cookie.http_only else "",
        f"SameSite={cookie.same_site.capitalize()}" if cookie.same_site else "",
        f"Domain {cookie.domain}" if cookie.domain else "",
        f"{cookie.days} days" if cookie.days else "",
        "a JSON web token" if cookie.token else "",
    ]
    return ", ".join(mark for mark in marks if mark)
