"""Nothing is served that was meant to stay on the server."""

from __future__ import annotations

from launchready_tui.engine import check
from launchready_tui.facts import exposure_rows
from launchready_tui.facts.exposure_rows import ExposureRow
from launchready_tui.facts.exposures import ExposedFiles, Hit, HostExposures
from launchready_tui.facts.graphql import Introspection
from launchready_tui.facts.web import MissingPages, WebHosts, made_up
from launchready_tui.given import Target
from launchready_tui.model import Finding, Outcome, Seen, Severity, Unknown
from launchready_tui.outcomes import judged, not_applicable
from launchready_tui.text import plural


@check("exposure.files")
def files(
    exposed: ExposedFiles,
    web: WebHosts,
    target: Target,
    gone: MissingPages | Unknown,
    graphql: Introspection | Unknown,
) -> Outcome:
    """The table of paths at every host, debug pages where nothing is, and GraphQL's own words."""
    rows = {row.id: row for row in exposure_rows.exposures()}
    findings: list[Finding] = []
    gaps = list(web.gaps)
    seen: list[Seen] = []
    for host in exposed.hosts:
        meant = [hit for hit in host.hits if _address(host, hit.path) in target.urls]
        findings += _found(host, [hit for hit in host.hits if hit not in meant], rows)
        gaps += _gaps(host, rows)
        seen += _seen(host, meant)
    findings += _debug(gone)
    told, asked = _introspected(graphql)
    findings += told
    if not exposed.hosts and not gaps:
        return not_applicable("no host serves pages")
    return judged(
        tuple(findings),
        clean=f"nothing that was asked for is served by {plural(len(exposed.hosts), 'host')}",
        seen=(*seen, asked),
        gaps=tuple(dict.fromkeys(gaps)),
    )


def _found(host: HostExposures, hits: list[Hit], rows: dict[str, ExposureRow]) -> list[Finding]:
    """One finding for each kind of thing at a host, whatever the number of its paths."""
    kinds: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.row in rows:
            kinds.setdefault(hit.row, []).append(hit)
    return [_finding(host, rows[kind], found) for kind, found in kinds.items()]


def _finding(host: HostExposures, row: ExposureRow, hits: list[Hit]) -> Finding:
    first, *more = hits
    url = _address(host, first.path)
    also = f"; so does {', '.join(hit.path for hit in more)}" if more else ""
    paths = ", ".join(hit.path for hit in hits)
    return Finding(
        code=row.code,
        subject=url,
        observed=f"{url} shows {row.shows}{_proof(row, first)}{also}",
        params={"host": host.host, "paths": paths, "what": row.shows},
        severity=_severity(row, hits),
    )


def _proof(row: ExposureRow, hit: Hit) -> str:
    """What was seen of it, in counts and names: never a value."""
    trace = hit.trace
    if row.shape == "settings":
        names = ", ".join(trace.names)
        return f": {plural(trace.count, 'NAME= line')}, among them {names}"
    if row.worse and trace.worse:
        return ", with details that should not be public"
    return ", with secrets in it" if trace.secrets else ""


def _severity(row: ExposureRow, hits: list[Hit]) -> Severity | None:
    if row.with_secrets and any(hit.trace.secrets for hit in hits):
        return row.with_secrets
    if row.worse and any(hit.trace.worse for hit in hits):
        return row.worse
    return row.severity


def _gaps(host: HostExposures, rows: dict[str, ExposureRow]) -> list[str]:
    """What could not be looked at: of what was left out only what every host should be asked."""
    if host.cause:
        return [f"{host.host}: {host.cause}"]
    first = {path for row in rows.values() for path in row.first}
    silent = [line for line in host.unanswered if line.partition(": ")[0] in first]
    return [f"{host.host}: {line}" for line in silent[:1]]


def _seen(host: HostExposures, meant: list[Hit]) -> list[Seen]:
    if host.cause and not host.asked:
        return [Seen(label=host.host, value=f"not looked at: {host.cause}")]
    parts = [f"{plural(host.asked, 'request')}"]
    if host.catch_all:
        parts.append("it answers 200 for made-up names, so only the content counted")
    if host.alike:
        parts.append(f"{', '.join(host.alike)}: the same as a made-up name beside it")
    if host.left_out:
        parts.append(f"{plural(len(host.left_out), 'path')} left out to send no more")
    if host.unanswered:
        parts.append(f"{plural(len(host.unanswered), 'path')} without an answer")
    parts += [f"{hit.path} is named in launchready.toml, so meant" for hit in meant]
    return [Seen(label=host.host, value="; ".join(parts), source="GET")]


def _debug(gone: MissingPages | Unknown) -> list[Finding]:
    """Error pages for developers, at an address that does not exist."""
    return [
        Finding(
            code="debug-exposed",
            subject=page.host,
            observed=f"{page.visit.url} shows: {', '.join(page.debug)}",
            params={
                "host": page.host,
                "paths": f"/{made_up(page.host)}",
                "what": ", ".join(page.debug),
            },
        )
        for page in (gone.pages if isinstance(gone, MissingPages) else ())
        if page.debug and not page.visit.challenged
    ]


def _introspected(graphql: Introspection | Unknown) -> tuple[list[Finding], Seen]:
    if isinstance(graphql, Unknown):
        return [], Seen(label="GraphQL", value=graphql.cause)
    findings = [
        Finding(
            code="ops-endpoint-open",
            probe="graphql-introspection",
            subject=url,
            observed=f"{url} lists every type and field of the API for anybody (introspection)",
            params={"host": url.split("/")[2], "paths": "/" + url.split("/", 3)[3]},
        )
        for url in graphql.open
    ]
    asked = ", ".join(graphql.asked) or "nothing"
    value = "; ".join([f"introspection asked at {asked}", *graphql.unanswered])
    return findings, Seen(label="GraphQL", value=value, source="POST")


def _address(host: HostExposures, path: str) -> str:
    return f"https://{host.host}{path}"
