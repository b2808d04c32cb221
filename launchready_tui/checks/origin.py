"""Nobody gets around Cloudflare: its server is not to be found, or lets no stranger in."""

from __future__ import annotations

from collections.abc import Iterable

from launchready_tui.checks.tls import merged
from launchready_tui.engine import check
from launchready_tui.facts.cloudflare import Cloudflare
from launchready_tui.facts.origin import OriginLook, OriginLooks
from launchready_tui.facts.origin_candidates import Candidate, Source
from launchready_tui.model import Finding, Outcome, Seen, Unknown
from launchready_tui.outcomes import judged, not_applicable, unknown
from launchready_tui.text import plural

NOT_KNOWN = (
    "nobody said where the server behind Cloudflare is; write its address as"
    " [web] origin_addresses, to have it tried"
)


@check("edge.origin")
def origin(edge: Cloudflare, looks: OriginLooks | Unknown) -> Outcome:
    """What answers at the addresses that a person named or that records give away."""
    gaps = [f"{host.host}: {host.cause}" for host in edge.hosts if host.state == "unknown"]
    if not any(host.state == "proxied" for host in edge.hosts):
        if gaps:
            return unknown("; ".join(gaps))
        return not_applicable("no host passes a Cloudflare zone of yours")
    if isinstance(looks, Unknown):
        return unknown(looks.cause)
    gaps += [*looks.causes, *_gaps(looks.looks), *_left_out(looks.left_out)]
    if not any(_told_where(look.candidate) or _is_origin(look) for look in looks.looks):
        gaps.append(NOT_KNOWN)
    findings = [*_bypassed(looks.looks), *_exposed(looks.looks)]
    return judged(
        merged(findings),
        clean=f"{', '.join(looks.hosts)}: no way around Cloudflare at"
        f" {plural(len({look.candidate.address for look in looks.looks}), 'address', 'addresses')}",
        seen=tuple(_seen(looks)),
        gaps=tuple(dict.fromkeys(gaps)),
    )


def _is_origin(look: OriginLook) -> bool:
    """Whether it is certain that the app's own server is at this address."""
    return look.came == "same" or look.named


def _told_where(candidate: Candidate) -> bool:
    """Whether a person or the account says that this is where the proxy goes."""
    return any(source.how in ("given", "zone") for source in candidate.sources)


def _bypassed(looks: Iterable[OriginLook]) -> list[Finding]:
    return [
        Finding(
            code="cf-origin-bypass",
            subject=look.host,
            observed=f"{look.host} at {look.candidate.address} ({_known_by(look.candidate)}):"
            f" the same app {look.told}, and not through Cloudflare",
            params={"address": look.candidate.address},
        )
        for look in looks
        if look.came == "same"
    ]


def _exposed(looks: Iterable[OriginLook]) -> list[Finding]:
    """A record that anybody can look up leads to the server that Cloudflare should hide."""
    findings = []
    for look in looks:
        source = look.candidate.published
        if source is None or not _is_origin(look):
            continue
        how = "the same app answers" if look.came == "same" else f"a certificate for {look.host}"
        findings.append(
            Finding(
                code="dns-origin-exposed",
                subject=source.name,
                observed=f"{_words(source)} gives away {look.candidate.address}: {how} there,"
                f" while {look.host} passes Cloudflare",
                params={"address": look.candidate.address, "host": look.host},
            )
        )
    return findings


def _gaps(looks: Iterable[OriginLook]) -> list[str]:
    """What could not be told; of an address that is only guessed at, nothing is missed."""
    gaps = []
    for look in looks:
        if look.came == "untrusted" and (look.named or _told_where(look.candidate)):
            gaps.append(f"{look.cause}; whether the app answers there was not asked")
        elif look.came == "unknown" and _told_where(look.candidate):
            gaps.append(look.cause)
    return gaps


def _left_out(candidates: Iterable[Candidate]) -> list[str]:
    return [f"{c.address}: not tried, to send no more" for c in candidates if _told_where(c)]


def _seen(looks: OriginLooks) -> Iterable[Seen]:
    for look in looks.looks:
        value = f"{_CAME[look.came]}{f' ({look.told})' if look.told else ''}"
        label = f"{look.host} at {look.candidate.address}"
        yield Seen(label=label, value=value, source=_known_by(look.candidate))
    others = [c for c in looks.left_out if not _told_where(c)]
    if others:
        value = f"{plural(len(others), 'more address', 'more addresses')} not tried"
        yield Seen(label="records", value=value)


_CAME = {
    "same": "the app itself answers",
    "other": "not the app",
    "no": "refuses",
    "closed": "lets nobody in",
    "untrusted": "a certificate that is not trusted",
    "unknown": "could not be told",
}


def _known_by(candidate: Candidate) -> str:
    return "; ".join(dict.fromkeys(map(_words, candidate.sources)))


def _words(source: Source) -> str:
    match source.how:
        case "given":
            return "launchready.toml"
        case "mx":
            return f"the mail server {source.name}"
        case "spf":
            return f"the SPF record of {source.name}"
        case "zone":
            return f"the proxied record of {source.name}, read by API"
        case _:
            return f"the record of {source.name}"
