"""The way from the domain to the app in one sentence, each part with where it was read.

What a person says overrides what was seen, and carries that person's name.
"""

from __future__ import annotations

from launchready_tui.engine import fact
from launchready_tui.facts.cloudflare import Cloudflare
from launchready_tui.facts.dns import DnsSetup
from launchready_tui.facts.host import Place, Platforms
from launchready_tui.facts.providers import dns_named, mailboxes, senders
from launchready_tui.facts.repo import RepoFacts
from launchready_tui.given import Target, Told
from launchready_tui.model import Fact, Record, Unknown
from launchready_tui.text import safe

LABELS: dict[str, str] = {
    "entry": "entry",
    "dns": "DNS",
    "proxy": "proxy",
    "host": "host",
    "environment": "environment",
    "framework": "framework",
    "mail": "mail",
    "registrar": "registrar",
    "database": "database",
}
NO_PROXY = "none"


class Part(Record, frozen=True, kw_only=True):
    """One part of the way. An empty `value` is unknown; `by` names the person who said it."""

    key: str
    label: str
    value: str
    source: str = ""
    by: str = ""


class TrafficPath(Fact, frozen=True, kw_only=True):
    sentence: str
    parts: tuple[Part, ...]
    platform: str = ""
    """The host's id in checklists/hosts.toml, for fixes worded for it."""

    def of(self, key: str) -> Part:
        """The part of a key; an unknown one where nothing is held under it."""
        empty = Part(key=key, label=LABELS.get(key, key), value="")
        return next((part for part in self.parts if part.key == key), empty)

    @property
    def unknown(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.value)


@fact
async def traffic_path(
    target: Target,
    told: Told,
    dns: DnsSetup | Unknown,
    places: Platforms | Unknown,
    edge: Cloudflare | Unknown,
    repo: RepoFacts | Unknown,
) -> TrafficPath:
    return path_of(target, told, dns, places, edge, repo)


def path_of(
    target: Target,
    told: Told,
    dns: DnsSetup | Unknown,
    places: Platforms | Unknown,
    edge: Cloudflare | Unknown,
    repo: RepoFacts | Unknown,
) -> TrafficPath:
    """The path that follows from these facts and sayings. Pure: no I/O, same in, same out."""
    main = _main(places, target.domain)
    seen = {
        "entry": _entry(main, target.domain),
        "dns": _dns(dns),
        "proxy": _proxy(edge, main),
        "host": (main.label, main.by) if main else ("", ""),
        "environment": _environment(main),
        "framework": _framework(repo),
        "mail": _mail(dns, repo),
        "registrar": ("", ""),
        "database": _database(repo),
    }
    parts = tuple(_part(key, *seen[key], told) for key in LABELS)
    by_key = {part.key: part for part in parts}
    return TrafficPath(
        sentence=sentence(by_key),
        parts=parts,
        platform=main.platform if main and not by_key["host"].by else "",
    )


def sentence(parts: dict[str, Part]) -> str:
    """ "acme.test → Cloudflare (proxied) → Vercel → Next.js 15; mail by Google; DNS at …"."""
    way = [parts["entry"].value or "unknown domain"]
    if parts["proxy"].value != NO_PROXY:
        way.append(parts["proxy"].value or "unknown proxy")
    way.append(parts["host"].value or "unknown host")
    way.append(parts["framework"].value or "unknown framework")
    if parts["database"].value:
        way.append(parts["database"].value)
    rest = [
        f"mail by {parts['mail'].value}" if parts["mail"].value else "mail unknown",
        f"DNS at {parts['dns'].value}" if parts["dns"].value else "DNS unknown",
        f"registrar {parts['registrar'].value or 'unknown'}",
    ]
    return f"{' → '.join(way)}; {'; '.join(rest)}"


def _part(key: str, value: str, source: str, told: Told) -> Part:
    saying = told.get(key)
    if saying:
        value = safe(saying.value, one_line=True, limit=200)
        return Part(key=key, label=LABELS[key], value=value, source="told", by=saying.by)
    return Part(key=key, label=LABELS[key], value=value, source=source if value else "")


def _main(places: Platforms | Unknown, domain: str) -> Place | None:
    """The host where the app most likely is: the first known one of app., the domain, www."""
    if isinstance(places, Unknown):
        return None
    order = [places.of(name) for name in (f"app.{domain}", domain, f"www.{domain}")]
    usual = [place for place in order if place]
    return next((place for place in usual if place.platform), usual[0] if usual else None)


def _entry(main: Place | None, domain: str) -> tuple[str, str]:
    return (main.host if main else domain), "DNS" if main else "as typed"


def _dns(dns: DnsSetup | Unknown) -> tuple[str, str]:
    if isinstance(dns, Unknown) or dns.ns.outcome != "ok":
        return "", ""
    return dns_named(dns), f"NS of {dns.ns.name}"


def _proxy(edge: Cloudflare | Unknown, main: Place | None) -> tuple[str, str]:
    if isinstance(edge, Unknown) or main is None:
        return "", ""
    entry = edge.of(main.host)
    if entry is None or entry.state == "unknown":
        return "", ""
    if entry.state == "proxied":
        return "Cloudflare (proxied)", entry.seen
    other = next((label for label in main.edges if label != "Cloudflare"), "")
    if other and other != main.label:
        return other, "headers"
    return NO_PROXY, "nameservers and headers"


def _environment(main: Place | None) -> tuple[str, str]:
    if main is None or not main.answers:
        return "", ""
    if main.dev:
        return "development", main.dev[0][0]
    if main.previews:
        return "preview", main.previews[0][0]
    return "production", f"{main.host} answers"


def _framework(repo: RepoFacts | Unknown) -> tuple[str, str]:
    if isinstance(repo, Unknown) or not repo.frameworks:
        return "", ""
    first = repo.frameworks[0]
    return first.named, first.where


def _mail(dns: DnsSetup | Unknown, repo: RepoFacts | Unknown) -> tuple[str, str]:
    boxes, sources, also = "", [], list(repo.mail) if isinstance(repo, RepoFacts) else []
    if isinstance(dns, DnsSetup):
        boxes = mailboxes(dns.mx.records)
        also = [*senders(dns.txt.records), *also]
        sources = ["MX"] if boxes else []
    sent = [label for label in dict.fromkeys(also) if label != boxes]
    if sent:
        sources.append("SPF or packages")
    if not boxes and not sent:
        none = isinstance(dns, DnsSetup) and dns.mx.outcome in ("nodata", "nxdomain")
        return ("nobody (no MX record)", "MX") if none else ("", "")
    return ", sent with ".join(filter(None, (boxes, " and ".join(sent)))), " and ".join(sources)


def _database(repo: RepoFacts | Unknown) -> tuple[str, str]:
    if isinstance(repo, Unknown) or not repo.databases:
        return "", ""
    return repo.databases[0], "packages"
