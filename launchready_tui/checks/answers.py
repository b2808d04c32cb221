"""What own hosts answered, brought together from the visits of several facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from launchready_tui import csp
from launchready_tui.facts.api import ApiAnswers
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.page import Page
from launchready_tui.facts.site import CanonicalStarts, HostPages, Visit
from launchready_tui.facts.web import MissingPages, WebHosts
from launchready_tui.given import Target
from launchready_tui.model import Record, Unknown
from launchready_tui.network.hosts import below
from launchready_tui.network.seen import Hop

_SIGN_IN = re.compile(r"(?i)(?:^|[/._-])(?:log[-_]?in|sign[-_]?in|sso|auth|authorize)(?:$|[/._?-])")
MOST_NAMED = 6
BUSY = (429, 502, 503, 504)
"""What a limiter or a gateway answers while the app is not asked: it says nothing of the app."""


class Document(Record, frozen=True, kw_only=True):
    """What an own host answered in the end, over https. `page` is there where it was HTML."""

    host: str
    hop: Hop
    page: Page | None = None

    @property
    def policies(self) -> tuple[csp.Policy, ...]:
        """The enforced content security policies, of headers and page."""
        meta = csp.in_meta(self.page.csp) if self.page else ()
        return (*self.enforced, *meta)

    @property
    def enforced(self) -> tuple[csp.Policy, ...]:
        """Those of headers alone."""
        return csp.in_headers(self.hop.all("content-security-policy"))


def visits_of(
    starts: CanonicalStarts | Unknown,
    pages: HostPages | Unknown,
    gone: MissingPages | Unknown | None = None,
) -> list[Visit]:
    """Everything that was followed and not met by a bot challenge, each address once."""
    visits = [
        *(starts.starts if isinstance(starts, CanonicalStarts) else ()),
        *(pages.pages if isinstance(pages, HostPages) else ()),
        *([starts.app] if isinstance(starts, CanonicalStarts) and starts.app else ()),
        *([page.visit for page in gone.pages] if isinstance(gone, MissingPages) else ()),
    ]
    return [visit for visit in visits if visit.hops and not visit.challenged]


def documents_of(web: WebHosts, visits: Iterable[Visit]) -> list[Document]:
    """Where the visits ended at hosts of ours, each address once; no failures of the server."""
    able = {entry.host for entry in web.able}
    found: dict[str, Document] = {}
    for visit in visits:
        last = visit.last
        if visit.ended != "ok" or last is None or not last.url.startswith("https:"):
            continue
        host = host_of(last.url)
        if host in able and last.status < 500 and last.status not in BUSY:
            found.setdefault(last.url, Document(host=host, hop=last, page=visit.page))
    return list(found.values())


def hops_of(visits: Iterable[Visit], target: Target, web: WebHosts) -> list[Hop]:
    """Every answer of an own host on the way, the same one once."""
    hops = dict.fromkeys(hop for visit in visits for hop in visit.hops if hop.outcome == "ok")
    return [hop for hop in hops if own(host_of(hop.url), target, web)]


def api_hops(api: ApiAnswers | Unknown, target: Target, web: WebHosts) -> list[Hop]:
    """What the named API addresses of our own answered a stranger, over https."""
    answers = api.answers if isinstance(api, ApiAnswers) else ()
    return [
        answer.hop
        for answer in answers
        if answer.hop is not None
        and not answer.challenge
        and answer.hop.url.startswith("https:")
        and own(host_of(answer.url), target, web)
    ]


def api_documents(
    api: ApiAnswers | Unknown, pages: Sequence[Document], target: Target, web: WebHosts
) -> list[Document]:
    """Final answers of the API. `page` is None: what is said of pages is not asked of data."""
    known = {document.hop.url for document in pages}
    return [
        Document(host=host_of(hop.url), hop=hop)
        for hop in api_hops(api, target, web)
        if hop.url not in known
        and not 300 <= hop.status < 400
        and hop.status < 500
        and hop.status not in BUSY
    ]


def api_gaps(api: ApiAnswers | Unknown, target: Target, web: WebHosts) -> tuple[str, ...]:
    """Which of our own API addresses could not be seen, and why."""
    answers = api.answers if isinstance(api, ApiAnswers) else ()
    causes = {a.url: a.cause or (a.challenge and "a bot challenge answered") for a in answers}
    return tuple(
        f"{url}: {cause}"
        for url, cause in causes.items()
        if cause and own(host_of(url), target, web)
    )


def own(host: str, target: Target, web: WebHosts) -> bool:
    """Whether a host is of this product: below the domain, or named by a person."""
    return below(host, target.domain) or web.of(host) is not None


def unseen(web: WebHosts, *facts: object) -> tuple[str, ...]:
    """Why some answers are not there: what befell single hosts and whole facts."""
    causes = [fact.cause for fact in facts if isinstance(fact, Unknown)]
    failed = [
        f"{entry.host}: its front page answers {entry.front.status}"
        for entry in web.able
        if entry.front.status >= 500
    ]
    nothing = [] if web.hosts else ["no host of the domain serves pages over https"]
    return tuple(dict.fromkeys([*web.gaps, *failed, *causes, *nothing]))


def lost(gone: MissingPages | Unknown) -> tuple[str, ...]:
    """Which error pages could not be seen, and why."""
    if isinstance(gone, Unknown):
        return ()
    return tuple(
        f"{page.host}: {why} at a made-up address"
        for page in gone.pages
        if (why := unheard(page.visit))
    )


def unheard(visit: Visit) -> str:
    """Why a visit tells nothing of what the app answers; empty where it does."""
    if visit.challenged:
        return "a bot challenge answered"
    if visit.ended != "ok":
        return visit.cause or f"the visit ended: {visit.ended}"
    return f"{visit.status} was answered" if visit.status in BUSY else ""


def asks_to_sign_in(visit: Visit) -> bool:
    """Whether an address shows nothing before somebody signs in, as far as its answer tells."""
    last = visit.last
    if last is None:
        return False
    if last.status in (401, 403) or has_password(visit.page):
        return True
    moved = len(visit.hops) > 1 and host_of(last.url) != host_of(visit.url)
    path = urlsplit(last.url).path
    return bool(_SIGN_IN.search(path)) or (moved and bool(_SIGN_IN.search(host_of(last.url))))


def has_password(page: Page | None) -> bool:
    return page is not None and any(form.password for form in page.forms)


def not_indexed(hop: Hop, page: Page | None) -> bool:
    """Whether search engines are told to leave an answer out of their results."""
    said = [word for value in hop.all("x-robots-tag") for word in _for_all(value)]
    said += (page.robots.lower().replace(",", " ").split()) if page else []
    return bool({"noindex", "none"} & {*said})


def _for_all(value: str) -> list[str]:
    """The words of an X-Robots-Tag that hold for every search engine, or for Google's."""
    agent, colon, rest = (part.strip() for part in value.lower().partition(":"))
    if colon and _AGENT.fullmatch(agent) and not _DIRECTIVE.match(agent):
        return rest.replace(",", " ").split() if agent == "googlebot" else []
    return value.lower().replace(",", " ").split()


_AGENT = re.compile(r"[a-z0-9_-]+")
_DIRECTIVE = re.compile(r"unavailable_after|max-")


def named(hosts: Sequence[str]) -> str:
    """A few of them by name, and how many more there are."""
    shown = list(dict.fromkeys(hosts))
    more = len(shown) - MOST_NAMED
    told = ", ".join(shown[:MOST_NAMED])
    return f"{told} and {more} more" if more > 0 else told
