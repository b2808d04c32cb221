"""The small world of the examples: acme.test, and facts about it that are in order.

Each builder makes something sound; an example changes the one thing it is about.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.dns import DnsSetup, NameRecords, host_of, probe_name
from launchready_tui.facts.page import Page
from launchready_tui.facts.site import CanonicalStarts, Visit
from launchready_tui.facts.tls import HostTls, TlsHosts
from launchready_tui.facts.web import Missing, MissingPages, WebHost, WebHosts, made_up
from launchready_tui.given import Moment, Target
from launchready_tui.network.seen import Alias, Answer, Certificate, Handshake, Hop, VersionOffer

DOMAIN = "acme.test"
NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ADDRESS = "93.184.216.34"
SIX = "2606:2800:220:1::1"
MOMENT = Moment(at=NOW)
TARGET = Target(domain=DOMAIN)
NO_MORE = CertificateNames(names=(), hosts=())
Versions = Literal["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]


# ---------------------------------------------------------------- DNS


def answer(name: str, rdtype: str = "A", *records: str, **changes: Any) -> Answer:
    """Records, or NODATA without any. `alias` leads to the names it lists."""
    alias = changes.pop("alias", ())
    chain = tuple(
        Alias(name=owner, target=target, ttl=changes.get("ttl", 300))
        for owner, target in zip((name, *alias), alias, strict=False)
    )
    values: dict[str, Any] = {
        "outcome": "ok" if records else "nodata",
        "target": alias[-1] if alias else name,
        "records": records,
        "ttl": 300 if records else 0,
        "chain": chain,
        **changes,
    }
    return Answer(name=name, rdtype=rdtype, **values)


def gone(name: str, rdtype: str = "A", *, alias: tuple[str, ...] = ()) -> Answer:
    return answer(name, rdtype, outcome="nxdomain", alias=alias)


def silent(name: str, rdtype: str = "A") -> Answer:
    cause = f"{name} {rdtype}: SERVFAIL from 192.0.2.1"
    return answer(name, rdtype, outcome="unknown", cause=cause)


def name(
    host: str, *addresses: str, wanted: str = "", echo: bool = False, **how: Any
) -> NameRecords:
    """A name with addresses; without any it does not exist."""
    four = [a for a in addresses if ":" not in a]
    six = [a for a in addresses if ":" in a]
    if not addresses:
        alias = how.get("alias", ())
        return NameRecords(
            name=host,
            a=gone(host, alias=alias),
            aaaa=gone(host, "AAAA", alias=alias),
            wanted=wanted,
        )
    return NameRecords(
        name=host,
        a=answer(host, "A", *four, **how),
        aaaa=answer(host, "AAAA", *six, **(how if six else {})),
        wanted=wanted,
        echo=echo,
    )


def unknown_name(host: str, wanted: str = "") -> NameRecords:
    return NameRecords(name=host, a=silent(host), aaaa=silent(host, "AAAA"), wanted=wanted)


APEX = name(DOMAIN, ADDRESS, wanted="the domain itself")
WWW = name(f"www.{DOMAIN}", ADDRESS, wanted="people type www")
APP = name(f"app.{DOMAIN}", ADDRESS)


def dns(*names: NameRecords, **changes: Any) -> DnsSetup:
    """The zone of acme.test; `names` replace the usual ones of the same name."""
    kept = {n.name: n for n in (APEX, WWW, APP)} | {n.name: n for n in names}
    probe = probe_name(DOMAIN)
    values: dict[str, Any] = {
        "domain": DOMAIN,
        "zone": DOMAIN,
        "names": tuple(kept.values()),
        "probe": name(probe),
        "probe_text": gone(probe, "TXT"),
        "probe_mail": gone(probe, "MX"),
        "ns": answer(DOMAIN, "NS", "ns1.dns.test", "ns2.dns.example"),
        "soa": answer(DOMAIN, "SOA", "ns1.dns.test hostmaster.acme.test 1 3600 900 604800 300"),
        "mx": answer(DOMAIN, "MX"),
        "txt": answer(DOMAIN, "TXT"),
        "caa": answer(DOMAIN, "CAA"),
        "max_ttl": 300,
        **changes,
    }
    return DnsSetup(**values)


# ---------------------------------------------------------------- TLS


def certificate(*names: str, left: float = 0.66, days: float = 90, **changes: Any) -> Certificate:
    """A leaf for these names with a part of its lifetime left; below 0 it has ended."""
    until = NOW + timedelta(days=days * left)
    values: dict[str, Any] = {
        "subject": f"CN={names[0] if names else ''}",
        "issuer": "CN=R11,O=Test Authority",
        "names": names,
        "not_before": until - timedelta(days=days),
        "not_after": until,
        "serial": "01",
        "sha256": f"{'-'.join(names)}:{left}:{changes.get('serial', '')}",
        "key": "EC secp256r1",
        "names_issuer_url": True,
        **changes,
    }
    return Certificate(**values)


INTERMEDIATE = certificate(days=1000, subject="CN=R11,O=Test Authority", issuer="CN=Root")


def handshake(host: str = DOMAIN, address: str = ADDRESS, **changes: Any) -> Handshake:
    leaf = changes.pop("leaf", None) or certificate(host)
    values: dict[str, Any] = {
        "host": host,
        "address": address,
        "port": 443,
        "outcome": "trusted",
        "version": "TLSv1.3",
        "alpn": "h2",
        "chain": (leaf, INTERMEDIATE),
        **changes,
    }
    return Handshake(**values)


def untrusted(code: int, message: str, host: str = DOMAIN, **changes: Any) -> Handshake:
    """What OpenSSL did not believe, and why it said so first."""
    return handshake(
        host, outcome="untrusted", verify_code=code, verify_message=message, alpn="", **changes
    )


def offers(*accepted: Versions, untested: tuple[Versions, ...] = ()) -> tuple[VersionOffer, ...]:
    every: tuple[Versions, ...] = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
    return tuple(
        VersionOffer(version=v, outcome="unknown", cause=f"this client cannot test {v}")
        if v in untested
        else VersionOffer(version=v, outcome="accepted" if v in accepted else "refused")
        for v in every
    )


MODERN = offers("TLSv1.2", "TLSv1.3")


def tls(*handshakes: Handshake, versions: tuple[VersionOffer, ...] = MODERN) -> TlsHosts:
    """One host for all handshakes with the same name."""
    hosts = list(dict.fromkeys(h.host for h in handshakes))
    return TlsHosts(
        hosts=tuple(
            HostTls(
                host=host,
                handshakes=tuple(h for h in handshakes if h.host == host),
                versions=versions,
            )
            for host in hosts
        )
    )


# ---------------------------------------------------------------- HTTP


def hop(url: str, status: int = 200, location: str = "", **headers: str) -> Hop:
    pairs = [(key.replace("_", "-"), value) for key, value in headers.items()]
    if location:
        pairs.append(("location", location))
    return Hop(url=url, method="GET", outcome="ok", status=status, headers=tuple(pairs))


def visit(*hops: Hop, ended: Any = "ok", cause: str = "", page: Page | None = None) -> Visit:
    return Visit(url=hops[0].url, hops=hops, ended=ended, cause=cause, page=page)


def way(*urls: str, status: int = 301, end: int = 200, ended: Any = "ok", **headers: str) -> Visit:
    """A visit along these URLs, each leading to the next."""
    hops = [hop(url, status, location=after, **headers) for url, after in itertools.pairwise(urls)]
    return visit(*hops, hop(urls[-1], end, **headers), ended=ended)


HOME = f"https://{DOMAIN}/"


def starts(*visits: Visit, carried: tuple[Visit, ...] = (), **changes: Any) -> CanonicalStarts:
    """All four ways in, in order, but for the given ones."""
    in_order = (
        way(f"http://{DOMAIN}/", HOME),
        way(f"http://www.{DOMAIN}/", f"https://www.{DOMAIN}/", HOME),
        way(HOME),
        way(f"https://www.{DOMAIN}/", HOME),
    )
    kept = {v.url: v for v in in_order} | {v.url: v for v in visits}
    return CanonicalStarts(starts=tuple(kept.values()), carried=carried, **changes)


# ---------------------------------------------------------------- pages


def served(
    host: str = DOMAIN, page: Page | None = None, cause: str = "", **headers: str
) -> WebHost:
    """A host whose front page answers by itself."""
    front = visit(hop(f"https://{host}/", **headers), page=page or Page(title="Acme"))
    return WebHost(host=host, front=front, cause=cause)


def web(*hosts: WebHost, app: str = "") -> WebHosts:
    """The domain's host and the app's, but for the given ones; `app` is the app's by default."""
    kept = {h.host: h for h in (served(), served(f"app.{DOMAIN}"))} | {h.host: h for h in hosts}
    return WebHosts(hosts=tuple(kept.values()), app=app or f"app.{DOMAIN}")


def missing(*visits: Visit) -> MissingPages:
    """A plain 404 of both hosts, but for the given visits (each to a host's made-up page)."""
    plain = (
        visit(hop(f"https://{host}/{made_up(host)}", 404), page=Page(title="Not found"))
        for host in (DOMAIN, f"app.{DOMAIN}")
    )
    kept = {host_of(v.url): v for v in plain} | {host_of(v.url): v for v in visits}
    return MissingPages(pages=tuple(Missing(host=h, visit=v) for h, v in kept.items()))
