"""Previews and staging hosts: who can open them, and whether search engines may list them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from launchready_tui import csp
from launchready_tui.checks.answers import Document, asks_to_sign_in, documents_of, not_indexed
from launchready_tui.engine import check
from launchready_tui.facts.dns import host_of
from launchready_tui.facts.host import Platforms
from launchready_tui.facts.site import HostPages, Visit
from launchready_tui.facts.web import WebHosts
from launchready_tui.facts.web_tables import site_of
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Finding, Outcome, Record, Seen, Unknown
from launchready_tui.network.hosts import below
from launchready_tui.outcomes import judged
from launchready_tui.text import plural

_LABELS = re.compile(
    r"(?:.*-)?(?:staging|stage|stg|preview|previews|dev|develop|development|test|testing|qa|uat|sandbox|preprod|beta)(?:-.*|\d*)"
)
CLOSED = "closed to strangers"
NOWHERE = "no host of the domain serves pages over https"


class Preview(Record, frozen=True, kw_only=True):
    """A host that is not production, and why it is taken for one."""

    host: str
    why: str


@check("access.previews")
def previews(
    pages: HostPages, web: WebHosts, target: Target, places: Platforms | Unknown
) -> Outcome:
    """Those among the known hosts and the given addresses; nobody can list all of them."""
    known = _previews(pages, target, places)
    findings: list[Finding] = []
    seen: list[Seen] = []
    gaps = [*_unlooked(places, target), *(() if web.able else web.gaps or (NOWHERE,))]
    held = bool(known)
    for preview in known:
        visits = [v for v in pages.pages if host_of(v.url) == preview.host]
        lost = [v for v in visits if v.challenged or v.ended not in ("ok", "refused")]
        gaps += [f"{preview.host}: {v.cause or 'a bot challenge answered'}" for v in lost]
        found, told = _judged(preview, [v for v in visits if v not in lost], web, target)
        findings += found
        held = held and told == CLOSED
        seen.append(Seen(label=preview.host, value=f"{preview.why}; {told}", source="GET"))
    what = "protected" if held else "say whose data they show"
    return judged(
        tuple(findings),
        clean=f"{plural(len(known), 'preview')}: {what}" if known else "no preview is known here",
        seen=tuple(seen),
        gaps=tuple(dict.fromkeys(gaps)),
        proven=held,
    )


def _unlooked(places: Platforms | Unknown, target: Target) -> list[str]:
    """Hosts that a person gave or that are called like previews, whose names cannot be told."""
    if isinstance(places, Unknown):
        return [places.cause]
    return [
        f"{place.host}: {place.cause}"
        for place in places.places
        if place.cause and (place.given or place.previews or _LABELS.fullmatch(_label(place.host)))
    ]


def _label(host: str) -> str:
    return host.partition(".")[0]


def _previews(pages: HostPages, target: Target, places: Platforms | Unknown) -> list[Preview]:
    by_platform: dict[str, str] = {}
    for place in places.places if isinstance(places, Platforms) else ():
        for name, label in (*place.previews, *place.dev):
            if name == place.host:
                by_platform[name] = f"a preview at {label}"
    own = (target.domain, f"www.{target.domain}", host_of(target.web.app))
    found = []
    for host in dict.fromkeys(host_of(visit.url) for visit in pages.pages):
        if host in own or not host:
            continue
        if host in by_platform:
            found.append(Preview(host=host, why=by_platform[host]))
        elif _LABELS.fullmatch(_label(host)):
            found.append(Preview(host=host, why="its name says so"))
    return found


def _judged(
    preview: Preview, visits: Sequence[Visit], web: WebHosts, target: Target
) -> tuple[list[Finding], str]:
    """Findings, and in words what visitors meet."""
    answered = [v for v in visits if v.ended == "ok"]
    if not answered:
        return [], "nothing answers"
    if all(asks_to_sign_in(v) or _leaves(v, preview.host) for v in answered):
        return [], CLOSED
    documents = [d for d in documents_of(web, answered) if d.host == preview.host]
    shown = [d for d in documents if d.hop.status < 400]
    if not shown:
        return [], f"answers {answered[0].status}"
    findings = []
    open_ = [d for d in shown if d.page is not None and not not_indexed(d.hop, d.page)]
    if open_:
        findings.append(
            Finding(
                code="staging-indexed",
                subject=preview.host,
                observed=f"{preview.host} opens for everybody and has no noindex",
                params={"why": preview.why},
            )
        )
    back = _production(preview.host, shown, target)
    if back:
        findings.append(
            Finding(
                code="preview-open",
                subject=preview.host,
                observed=f"{preview.host} opens without a login and talks to {back}",
                params={"back": back},
                confidence=Confidence.LIKELY,
            )
        )
    return findings, "opens for everybody"


def _leaves(visit: Visit, host: str) -> bool:
    """Whether it sends visitors away, as a login of the platform does."""
    last = visit.last
    return last is not None and host_of(last.url) != host


def _production(host: str, documents: Sequence[Document], target: Target) -> str:
    """The production back end that a preview's pages talk to, as far as they name it."""
    said = [host_of(url) for url in (*target.web.api, target.web.login, target.web.app)]
    wanted = {name for name in said if name} | {f"api.{target.domain}"}
    reached: list[str] = []
    for document in documents:
        reached += csp.reaches(document.policies)
        for form in document.page.forms if document.page else ():
            reached.append(host_of(form.action))
    for name in reached:
        strange = site_of(name) != site_of(host) or below(name, target.domain)
        if name and name != host and name in wanted and strange:
            return name
    return ""
