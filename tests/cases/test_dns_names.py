"""dns.names: www and every name somebody counts on resolve, to the right kind of address."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.world import (
    ADDRESS,
    DOMAIN,
    HOME,
    NO_MORE,
    answer,
    dns,
    gone,
    hop,
    name,
    starts,
    unknown_name,
    visit,
)
from cases.zone_world import said, server
from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.dangling import Dangling, DanglingName
from launchready_tui.facts.dns import NameRecords, probe_name
from launchready_tui.facts.host import Place, Platforms
from launchready_tui.facts.page import Page
from launchready_tui.facts.site import CanonicalStarts
from launchready_tui.facts.takeover import Claims, QuietAddress, Subzone, UnclaimedPage
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Fact, Outcome, Severity, State, Unknown

SOUND = Dangling(names=())
NO_CLAIMS = Claims()
NOWHERE_KNOWN = Platforms(places=())
NO_WWW = name(f"www.{DOMAIN}", wanted="people type www")
FILES = f"files.{DOMAIN}"
PROBE = probe_name(DOMAIN)


def world(
    *names: NameRecords,
    lost: Dangling | Unknown = SOUND,
    traits: dict[str, bool] | None = None,
    more: Fact = NO_MORE,
    pages: CanonicalStarts | None = None,
    claims: Fact = NO_CLAIMS,
    places: Fact = NOWHERE_KNOWN,
    **changes: object,
) -> tuple[Fact, ...]:
    target = Target(domain=DOMAIN, traits=traits or {})
    return (dns(*names, **changes), target, more, lost, pages or starts(), claims, places)


def claiming(status: int = 404, *, unclaimed: bool = True, **changes: object) -> tuple[Fact, ...]:
    values: dict[str, object] = {
        "name": FILES,
        "target": "acme.surge.sh",
        "service": "Surge",
        "kind": "fingerprint",
        "status": status,
        "unclaimed": unclaimed,
        **changes,
    }
    return world(claims=Claims(pages=(UnclaimedPage(**values),)))  # type: ignore[arg-type]


def delegated(*rcodes: str, service: str = "DigitalOcean", left_out: int = 0) -> tuple[Fact, ...]:
    servers = (
        server(f"ns{n}.digitalocean.com", said(rcode)) if rcode else server("ns1.digitalocean.com")
        for n, rcode in enumerate(rcodes, start=1)
    )
    zone = Subzone(name=FILES, servers=tuple(servers), service=service, left_out=left_out)
    return world(claims=Claims(zones=(zone,)))


def two_sites(bare: str, www: str, **changes: object) -> tuple[Fact, ...]:
    return world(
        name(f"www.{DOMAIN}", "93.184.216.99", wanted="people type www"),
        pages=starts(
            visit(hop(HOME), page=Page(title=bare)),
            visit(hop(f"https://www.{DOMAIN}/"), page=Page(title=www)),
        ),
        **changes,  # type: ignore[arg-type]
    )


def placed(bare: str, www: str) -> Platforms:
    return Platforms(
        places=(
            Place(host=DOMAIN, platform=bare.lower(), label=bare),
            Place(host=f"www.{DOMAIN}", platform=www.lower(), label=www),
        )
    )


def to_confirm(outcome: Outcome) -> None:
    (finding,) = outcome.findings
    assert finding.confidence is not Confidence.CONFIRMED
    assert "confirm by hand" in finding.observed


def is_weaker(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.MEDIUM
    to_confirm(outcome)


def is_blocker(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.BLOCKER


def is_high(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.HIGH


def lost(target: str, **how: object) -> tuple[NameRecords, Dangling]:
    values = {"name": FILES, "target": target, **how}
    return name(FILES, alias=(target,)), Dangling(names=(DanglingName(**values),))  # type: ignore[arg-type]


def bought(registrable: str, outcome: str, ending: str = "ok") -> tuple[NameRecords, Dangling]:
    return lost(
        f"app.{registrable}",
        registrable=registrable,
        bought=answer(registrable, "SOA", outcome=outcome),
        ending=answer(registrable.partition(".")[2], "SOA", outcome=ending),
    )


def with_cause(outcome: Outcome) -> None:
    assert "SERVFAIL" in outcome.cause


LINKING = starts(visit(hop(HOME), page=Page(links=(f"admin.{DOMAIN}",))))
GONE_ADMIN = name(f"admin.{DOMAIN}")
HEROKU, AT_HEROKU = lost("acme.herokuapp.com", service="Heroku", claimable=True)
VERCEL, AT_VERCEL = lost("acme.vercel.app", service="Vercel", claimable=False)
BUYABLE, GONE_DOMAIN = bought("gone-company.com", "nxdomain")
SILENT, SILENT_DOMAIN = bought("gone-company.com", "unknown")
ALIVE, LIVE_DOMAIN = bought("company.com", "ok")
TYPO, NO_ENDING = bought("vercel-dns.con", "nxdomain", ending="nxdomain")
WILD = {"probe": name(PROBE, ADDRESS)}

test_examples = examples(
    "dns.names",
    [
        Example("the usual names resolve", world(), not_=("dns-name-missing", "dns-wildcard")),
        Example("www does not exist", world(NO_WWW), finds=(f"dns-name-missing www.{DOMAIN}",)),
        Example(
            "www has no address",
            world(NameRecords(name=f"www.{DOMAIN}", a=answer("www"), aaaa=answer("www", "AAAA"))),
            finds=(f"dns-name-missing www.{DOMAIN}",),
        ),
        Example(
            "the owner does without www",
            world(NO_WWW, traits={"www": False}),
            not_=("dns-name-missing",),
        ),
        Example(
            "a domain below another zone needs no www",
            world(NO_WWW, zone="test"),
            not_=("dns-name-missing",),
        ),
        Example(
            "many sites have an api name; this one need not",
            world(name(f"api.{DOMAIN}")),
            not_=("dns-name-missing",),
        ),
        Example(
            "an address that was given does not exist",
            world(name(f"desk.{DOMAIN}", wanted=f"desk.{DOMAIN} was given")),
            finds=(f"dns-name-missing desk.{DOMAIN}",),
        ),
        Example(
            "the front page links to a name that does not exist",
            world(GONE_ADMIN, pages=LINKING),
            finds=(f"dns-name-missing admin.{DOMAIN}",),
        ),
        Example(
            "nobody answered for www, which proves nothing",
            world(unknown_name(f"www.{DOMAIN}")),
            not_=("dns-name-missing",),
            state=State.UNKNOWN,
            also=with_cause,
        ),
        Example(
            "a chain of aliases that ends well",
            world(name(f"status.{DOMAIN}", ADDRESS, alias=("edge.acme.test", "x.netlify.app"))),
            not_=("takeover-claimable", "dns-name-missing"),
        ),
        Example(
            "an alias to a name that anybody can claim at Heroku",
            world(HEROKU, lost=AT_HEROKU),
            finds=(f"takeover-claimable {FILES}",),
        ),
        Example(
            "an alias that leads nowhere at a host that checks who owns a domain",
            world(VERCEL, lost=AT_VERCEL),
            not_=("takeover-claimable", "takeover-buyable-domain"),
        ),
        Example(
            "an alias to a domain that nobody owns",
            world(BUYABLE, lost=GONE_DOMAIN),
            finds=(f"takeover-buyable-domain {FILES}",),
        ),
        Example(
            "an alias into a domain that somebody owns",
            world(ALIVE, lost=LIVE_DOMAIN),
            not_=("takeover-buyable-domain",),
        ),
        Example(
            "an alias to a domain whose servers are silent",
            world(SILENT, lost=SILENT_DOMAIN),
            not_=("takeover-buyable-domain",),
        ),
        Example(
            "an alias with a typing mistake: such domains cannot be bought",
            world(TYPO, lost=NO_ENDING),
            not_=("takeover-buyable-domain",),
        ),
        Example(
            "a name in a certificate points to a private address",
            world(
                more=CertificateNames(names=(name(f"db.{DOMAIN}", "10.0.0.7"),), hosts=()),
            ),
            finds=(f"dns-private-address db.{DOMAIN}",),
        ),
        Example(
            "the app points to the visitor's own computer",
            world(name(f"app.{DOMAIN}", "127.0.0.1")),
            finds=(f"dns-private-address app.{DOMAIN}",),
        ),
        Example(
            "a product for one private network",
            world(name(f"app.{DOMAIN}", "10.0.0.7"), traits={"private": True}),
            not_=("dns-private-address",),
        ),
        Example(
            "an address that only looks private",
            world(name(f"app.{DOMAIN}", "172.32.0.1")),
            not_=("dns-private-address",),
        ),
        Example("a made-up name answers", world(**WILD), finds=(f"dns-wildcard *.{DOMAIN}",)),
        Example(
            "a made-up name answers with text records",
            world(probe_text=answer(PROBE, "TXT", "v=spf1 -all")),
            finds=(f"dns-wildcard *.{DOMAIN}",),
        ),
        Example(
            "the owner gives every customer a name",
            world(traits={"wildcard": True}, **WILD),
            not_=("dns-wildcard",),
        ),
        Example(
            "a made-up name exists without records (an empty branch of the zone)",
            world(probe=NameRecords(name=PROBE, a=answer(PROBE), aaaa=gone(PROBE, "AAAA"))),
            not_=("dns-wildcard",),
        ),
        Example(
            "the dangling names could not be looked up",
            world(lost=Unknown(cause="the resolver is silent")),
            state=State.UNKNOWN,
        ),
        Example(
            "a service that says nobody has this name",
            claiming(),
            finds=(f"takeover-fingerprint {FILES}",),
            also=to_confirm,
        ),
        Example(
            "the same at a provider that checks who owns a domain",
            claiming(kind="edge", service="Vercel"),
            finds=(f"takeover-fingerprint {FILES}",),
            also=is_weaker,
        ),
        Example(
            "the app's own branded 404 at such a service",
            claiming(unclaimed=False),
            not_=("takeover-fingerprint",),
        ),
        Example(
            "a sign-in page at such a service",
            claiming(401, unclaimed=False),
            not_=("takeover-fingerprint",),
        ),
        Example(
            "a live page at such a service is not asked for again",
            world(name(FILES, ADDRESS, alias=("acme.surge.sh",))),
            not_=("takeover-fingerprint",),
        ),
        Example(
            "the service did not answer",
            claiming(0, unclaimed=False, cause="no answer within 8 s"),
            not_=("takeover-fingerprint",),
            state=State.UNKNOWN,
        ),
        Example(
            "delegated to servers of a provider that all refuse",
            delegated("REFUSED", "REFUSED"),
            finds=(f"takeover-ns {FILES}",),
            also=is_blocker,
        ),
        Example(
            "delegated to servers of nobody in particular that all fail",
            delegated("SERVFAIL", "REFUSED", service=""),
            finds=(f"takeover-ns {FILES}",),
            also=is_high,
        ),
        Example("one of the servers fails", delegated("", "REFUSED"), not_=("takeover-ns",)),
        Example(
            "all that were asked refuse, and one was not asked",
            delegated("REFUSED", left_out=1),
            not_=("takeover-ns",),
        ),
        Example(
            "an address in a cloud where nothing answers",
            world(
                claims=Claims(quiet=(QuietAddress(name=FILES, address="3.4.5.6", cloud="a cloud"),))
            ),
            finds=(f"takeover-dead-ip {FILES}",),
        ),
        Example(
            "an address where something answers",
            world(name(FILES, "3.4.5.6")),
            not_=("takeover-dead-ip",),
        ),
        Example(
            "with and without www at two hosts",
            two_sites("Acme", "Acme", places=placed("Vercel", "Wix")),
            finds=(f"dns-apex-www-differ {DOMAIN}",),
        ),
        Example(
            "with and without www two different sites",
            two_sites("Acme", "Acme (old)"),
            finds=(f"dns-apex-www-differ {DOMAIN}",),
        ),
        Example(
            "a redirect host on one side",
            world(
                name(f"www.{DOMAIN}", "93.184.216.99", wanted="people type www"),
                places=placed("Vercel", "Wix"),
            ),
            not_=("dns-apex-www-differ",),
        ),
        Example(
            "the same site behind two addresses",
            two_sites("Acme", "Acme", places=placed("Vercel", "Vercel")),
            not_=("dns-apex-www-differ",),
        ),
        Example(
            "the claims could not be looked at",
            world(claims=Unknown(cause="the gatherer was stopped")),
            state=State.UNKNOWN,
        ),
    ],
)
