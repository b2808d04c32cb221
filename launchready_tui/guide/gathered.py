"""From an opened sprint to the guide's state: the newest date in the record, never the present."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from launchready_tui import __version__
from launchready_tui.catalogue import Catalogue
from launchready_tui.guide.state import (
    CertificateEnds,
    DnsLine,
    EnvName,
    GuideState,
    Header,
    OldAddress,
    Reach,
)
from launchready_tui.mail.dmarc_sources import senders_of
from launchready_tui.model import Fact, fact_of
from launchready_tui.sprint import clock, keys
from launchready_tui.verdict import Verdict

if TYPE_CHECKING:
    from launchready_tui.facts.cloudflare import Cloudflare
    from launchready_tui.facts.cloudflare_zone import CloudflareZone
    from launchready_tui.facts.dns import DnsSetup, NameRecords
    from launchready_tui.facts.redirects import OldUrls
    from launchready_tui.facts.tls import TlsHosts
    from launchready_tui.facts.web import WebHosts
    from launchready_tui.network.seen import Answer
    from launchready_tui.sprint.store import SavedRun, Store

MOST_PLACES = 3


def state_of(
    catalogue: Catalogue,
    store: Store,
    facts: Mapping[str, Fact],
    verdict_at: Callable[[datetime], Verdict],
) -> GuideState:
    """All that the guide needs of a sprint, judged at the newest date in its record."""
    from launchready_tui.facts.certificate_names import CertificateNames
    from launchready_tui.facts.cloudflare import Cloudflare
    from launchready_tui.facts.cloudflare_zone import CloudflareZone
    from launchready_tui.facts.dns import DnsSetup
    from launchready_tui.facts.redirects import OldUrls
    from launchready_tui.facts.tls import TlsHosts
    from launchready_tui.facts.traffic import TrafficPath
    from launchready_tui.facts.web import WebHosts

    run = store.last_run()
    at = _newest(store, run)
    dns, old = fact_of(facts, DnsSetup), fact_of(facts, OldUrls)
    zone, web = fact_of(facts, CloudflareZone), fact_of(facts, WebHosts)
    edge, tls = fact_of(facts, Cloudflare), fact_of(facts, TlsHosts)
    certified = fact_of(facts, CertificateNames)
    observed = _dns_lines(dns, certified.names if certified else ()) if dns else ()
    return GuideState(
        version=__version__,
        at=at,
        catalogue=catalogue,
        target=store.target,
        verdict=verdict_at(at),
        seen_at=run.at if run else None,
        facts=run.facts if run else "",
        traffic=fact_of(facts, TrafficPath),
        sayings=store.sayings(),
        dns=tuple(_exported(zone) if zone and zone.is_the_zone else observed),
        old_addresses=tuple(_old_addresses(old)) if old else (),
        redirect_list=old.name if old else "",
        zone=zone,
        reach=_reach(edge) if edge else None,
        headers=tuple(_headers(web)) if web else (),
        certificates=tuple(_ending(tls)) if tls else (),
        app=web.app if web else "",
        exceptions=store.exceptions(),
        mails=store.mails(),
        reports=store.reports(),
        mail_senders=tuple(sorted(senders_of(facts.get("MailSetup")))),
        env=tuple(_env_names(facts)),
        variables=store.variables(),
        rotations=store.rotations(),
        ignored=store.ignored(),
        keys=keys.standing(store.journal()),
        trials=store.trials(),
        notes=store.notes(),
        requests=store.scope_requests(),
        consents=store.consents(),
        texts=_texts(store),
        counts=dict(run.requests) if run else {},
        clock=_clock(store, at),
    )


def _newest(store: Store, run: SavedRun | None) -> datetime:
    dated: list[datetime | None] = [
        run.at if run else None,
        store.clock().newest,
        *(record.at for record in store.attestations().values()),
        *(record.at for record in store.waivers().values()),
        *(record.at for record in store.sayings().sayings),
        *(record.at for record in store.notes()),
        *(record.at for record in store.exceptions().exceptions),
        *(record.at for record in store.ignored().hits),
        *(record.at for record in store.mails().proofs),
        *(record.at for record in store.trials().trials),
        *(record.at for record in store.mails().sendings),
        *(record.at for record in store.reports().reports),
        *(word.at for word in store.reports().words),
        *(record.at for record in store.scope_requests()),
        *(record.at for record in store.consents()),
    ]
    known = [when.astimezone(UTC) for when in dated if when is not None]
    return max(known, default=datetime(1970, 1, 1, tzinfo=UTC))


def _texts(store: Store) -> dict[str, str]:
    """What answers rest on, as far as it is there and unchanged."""
    texts: dict[str, str] = {}
    for answer in store.attestations().values():
        for id in answer.evidence:
            try:
                texts[id] = store.evidence(id).decode("utf-8", "replace")
            except (OSError, ValueError):
                continue  # `launchready verify` says which one and why
    return texts


def _clock(store: Store, at: datetime) -> str:
    state = store.clock()
    if state.started is None:
        return ""
    seen = clock.view(state, at)
    return (
        f"The sprint's 48 hours began on {state.started:%Y-%m-%d %H:%M} UTC; at the date above"
        f" {_hours(at - state.started)} had passed, {_hours(seen.ours)} of them at work."
    )


def _hours(span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds() // 60))
    return f"{minutes // 60} h {minutes % 60:02d} min"


# ---------------------------------------------------------------- records and names


def _dns_lines(dns: DnsSetup, certified: Iterable[NameRecords]) -> Iterator[DnsLine]:
    """Names that lead somewhere or could not be told; a name nobody uses is left out."""
    for records in (*dns.names, *certified):
        if records.absent or (records.echo and not records.wanted):
            continue
        for answer in (records.a, records.aaaa):
            yield from _answered(answer)
    for answer in (dns.ns, dns.mx, dns.txt, dns.caa):
        yield from _answered(answer)


def _answered(answer: Answer) -> Iterator[DnsLine]:
    for alias in answer.chain if answer.rdtype != "AAAA" else ():
        yield DnsLine(name=alias.name, rdtype="CNAME", value=alias.target, ttl=alias.ttl)
    if answer.outcome == "unknown":
        yield DnsLine(name=answer.name, rdtype=answer.rdtype, value="", cause=answer.cause)
    for value in answer.records:
        name = answer.target or answer.name
        yield DnsLine(name=name, rdtype=answer.rdtype, value=value, ttl=answer.ttl)


def _exported(zone: CloudflareZone) -> Iterator[DnsLine]:
    """The zone's records as its owner wrote them; a TTL of 1 means that Cloudflare chooses."""
    for record in zone.records:
        yield DnsLine(
            name=record.name,
            rdtype=record.type,
            value=record.content,
            ttl=record.ttl if record.ttl > 1 else 0,
            proxied=record.proxied if record.proxiable or record.proxied else None,
        )


def _reach(edge: Cloudflare) -> Reach:
    return Reach(
        passing=tuple(host.host for host in edge.hosts if host.state == "proxied"),
        untold=tuple(host.host for host in edge.hosts if host.state == "unknown"),
    )


def _old_addresses(old: OldUrls) -> Iterator[OldAddress]:
    from launchready_tui.checks.redirects import standing

    for arrival in old.arrivals:
        if arrival.sample:
            continue
        judged = standing(arrival, old.home)
        wrong = "; ".join(finding.observed for finding in judged.findings)
        statuses = ", ".join(str(step.status or step.outcome) for step in arrival.steps)
        yield OldAddress(
            old=arrival.entry.old,
            expected=arrival.entry.expected,
            ends=arrival.steps[-1].url if arrival.steps else "",
            how=judged.gap or wrong or statuses or arrival.cause,
            arrives=not judged.findings and not judged.gap,
        )


PROTECTING = (
    "strict-transport-security",
    "content-security-policy",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
)


def _headers(web: WebHosts) -> Iterator[Header]:
    """What the app's own front page sends; nothing where it could not be looked at."""
    app = web.of(web.app)
    if app is None or app.cause or not app.front.hops:
        return
    for name in PROTECTING:
        yield Header(name=name, value=app.front.hops[-1].header(name))


def _ending(tls: TlsHosts) -> Iterator[CertificateEnds]:
    """Of the certificates that browsers accept: the others are faults already."""
    for host in tls.hosts:
        trusted = [shake for shake in host.handshakes if shake.outcome == "trusted"]
        shown = [shake.chain[0] for shake in trusted if shake.chain]
        if shown:
            yield CertificateEnds(host=host.host, day=min(leaf.not_after for leaf in shown).date())


def _env_names(facts: Mapping[str, Fact]) -> Iterator[EnvName]:
    """Every name that code reads or a file sets, with where; never a value."""
    from launchready_tui.facts.credentials import Credentials
    from launchready_tui.facts.env import EnvNames
    from launchready_tui.facts.env_drift import EnvDrift
    from launchready_tui.facts.env_files import EnvFiles
    from launchready_tui.facts.env_map import rows
    from launchready_tui.records.env_record import EnvVariables

    drift = fact_of(facts, EnvDrift)
    same: dict[tuple[str, str], list[str]] = {}
    for one in drift.same if drift else ():
        if one.kind != "names":
            same.setdefault((one.kind, one.name), []).append(one.other_environment)
    files, names = fact_of(facts, EnvFiles), fact_of(facts, EnvNames)
    for row in rows(files, names, EnvVariables(), fact_of(facts, Credentials)):
        set_in = (place.rpartition(":")[0] or place for place in row.set_in)
        where = [*_some("read in", row.referenced_in), *_some("set in", set_in)]
        yield EnvName(
            name=row.name,
            where="; ".join(where),
            secret=row.sensitive,
            set_for=row.present_in,
            same=tuple(dict.fromkeys(same.get(("secret", row.name), ()))),
            same_database=tuple(dict.fromkeys(same.get(("database", row.name), ()))),
            kind=row.kind,
        )


def _some(verb: str, places: Iterable[str]) -> Iterator[str]:
    listed = list(dict.fromkeys(places))
    if listed:
        more = f" and {len(listed) - MOST_PLACES} more" if len(listed) > MOST_PLACES else ""
        yield f"{verb} {', '.join(listed[:MOST_PLACES])}{more}"
