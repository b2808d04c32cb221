"""tls.addresses: chance does not decide which app a visitor gets."""

from __future__ import annotations

from datetime import timedelta

from cases.examples import Example, examples
from cases.world import (
    ADDRESS,
    DOMAIN,
    MOMENT,
    NO_MORE,
    NOW,
    SIX,
    answer,
    certificate,
    dns,
    handshake,
    hop,
    name,
    silent,
    tls,
    untrusted,
    visit,
)
from launchready_tui.facts.dns import NameRecords
from launchready_tui.facts.page import Page
from launchready_tui.facts.site import AddressPages, HostAddresses, Visit
from launchready_tui.facts.tls import HostTls, TlsHosts
from launchready_tui.model import Confidence, Fact, Outcome, State
from launchready_tui.network.seen import Certificate, Handshake

HOME = f"https://{DOMAIN}/"
SECOND = "93.184.216.35"
DIFFERS = (f"address-differs {DOMAIN}",)
NOT = ("address-differs",)


def world(*handshakes: Handshake, pages: tuple[Visit, Visit] | None = None) -> tuple[Fact, ...]:
    visits = tuple(zip((ADDRESS, SECOND), pages, strict=True)) if pages else ()
    hosts = (HostAddresses(host=DOMAIN, visits=visits),) if pages else ()
    return (tls(*handshakes or BOTH), NO_MORE, AddressPages(hosts=hosts), MOMENT)


def page(status: int = 200, **changes: object) -> Visit:
    if status >= 400:
        return visit(hop(HOME, status))
    values = {"title": "Desk", "versions": ("2.4.1",), "assets": ("/app-1.js",), **changes}
    return visit(hop(HOME), page=Page(**values))  # type: ignore[arg-type]


def issued(days_ago: float, **changes: object) -> Certificate:
    since = NOW - timedelta(days=days_ago)
    return certificate(
        DOMAIN,
        serial=str(days_ago),
        not_before=since,
        not_after=since + timedelta(days=90),
        **changes,  # type: ignore[arg-type]
    )


def only_likely(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.LIKELY


def sized(length: str) -> Visit:
    return visit(hop(HOME, content_length=length), page=Page(title="Desk"))


def dead_six(outcome: str = "unknown") -> Handshake:
    return handshake(address=SIX, outcome=outcome, chain=(), cause="no connection within 3 s")


BOTH = (handshake(), handshake(address=SECOND))
CHALLENGED = visit(hop(HOME, 403, cf_mitigated="challenge"))

test_examples = examples(
    "tls.addresses",
    [
        Example("one address", world(handshake())),
        Example("two addresses, one app", world(pages=(page(), page())), not_=NOT),
        Example("another title", world(pages=(page(), page(title="Old desk"))), finds=DIFFERS),
        Example(
            "an older release", world(pages=(page(), page(versions=("1.9.0",)))), finds=DIFFERS
        ),
        Example("other scripts", world(pages=(page(), page(assets=("/old.js",)))), finds=DIFFERS),
        Example("an error at the second", world(pages=(page(), page(502))), finds=DIFFERS),
        Example("a missing page at the second", world(pages=(page(), page(404))), finds=DIFFERS),
        Example(
            "a banner of the region changes no title, release or script",
            world(pages=(page(), page(links=("de.acme.test",)))),
            not_=NOT,
        ),
        Example(
            "a bot challenge at the second address",
            world(pages=(page(), CHALLENGED)),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example(
            "the second presents an expired certificate",
            world(handshake(), untrusted(10, "expired", address=SECOND)),
            finds=DIFFERS,
        ),
        Example(
            "nothing listens at the second",
            world(handshake(), handshake(address=SECOND, outcome="refused", chain=())),
            finds=DIFFERS,
        ),
        Example(
            "both certificates are weeks old and differ",
            world(handshake(leaf=issued(54)), handshake(address=SECOND, leaf=issued(18))),
            finds=DIFFERS,
            also=only_likely,
        ),
        Example(
            "a renewal from this morning has not reached every address",
            world(handshake(leaf=issued(60)), handshake(address=SECOND, leaf=issued(0.1))),
            not_=NOT,
        ),
        Example(
            "one certificate for each kind of key, as some networks have it",
            world(
                handshake(leaf=issued(54)),
                handshake(address=SECOND, leaf=issued(18, key="RSA 2048")),
            ),
            not_=NOT,
        ),
        Example(
            "IPv6, seen from a place without it",
            world(
                handshake(),
                handshake(
                    address=SIX, outcome="unknown", chain=(), cause="not reachable from here"
                ),
            ),
            not_=NOT,
        ),
        Example(
            "the second shakes hands and sends no page in time",
            world(pages=(page(), visit(hop(HOME), ended="unknown", cause="no answer within 8 s"))),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example(
            "more addresses than pages are fetched from",
            world(*BOTH, handshake(address="93.184.216.36"), pages=(page(), page())),
            not_=NOT,
            state=State.UNKNOWN,
        ),
        Example(
            "whose IPv6 addresses nobody would tell",
            (
                TlsHosts(
                    hosts=(
                        HostTls(host=DOMAIN, handshakes=(handshake(),), missed=("AAAA: SERVFAIL",)),
                    )
                ),
                *world()[1:],
            ),
            state=State.UNKNOWN,
        ),
        Example("no name leads anywhere", (TlsHosts(hosts=()), *world()[1:]), state=State.UNKNOWN),
        Example(
            "a name that nobody answered for",
            (TlsHosts(hosts=(HostTls(host=DOMAIN, cause="SERVFAIL"),)), *world()[1:]),
            state=State.UNKNOWN,
        ),
        Example(
            "a page of another length",
            world(pages=(sized("60000"), sized("9000"))),
            finds=DIFFERS,
            also=only_likely,
        ),
        Example(
            "a page with a banner more", world(pages=(sized("60000"), sized("72000"))), not_=NOT
        ),
        Example("a length that is none", world(pages=(sized("60000"), sized("9" * 40))), not_=NOT),
        Example(
            "nothing listens at the IPv6 address",
            world(handshake(), dead_six(outcome="refused")),
            finds=(f"dns-aaaa-dead {DOMAIN}",),
            not_=NOT,
        ),
        Example(
            "an IPv6 address that cannot be reached, from a place where IPv6 works",
            world(
                handshake(),
                dead_six(),
                handshake(f"app.{DOMAIN}"),
                handshake(f"app.{DOMAIN}", SIX),
            ),
            finds=(f"dns-aaaa-dead {DOMAIN}",),
        ),
        Example(
            "an IPv6 address that cannot be reached, from a place without IPv6",
            world(handshake(), dead_six()),
            not_=("dns-aaaa-dead",),
        ),
        Example(
            "the IPv6 address presents the same as the other",
            world(handshake(), handshake(address=SIX)),
            not_=("dns-aaaa-dead",),
        ),
        Example(
            "no name has an IPv6 address",
            (*world(handshake()), dns()),
            finds=(f"ipv6-absent {DOMAIN}",),
        ),
        Example(
            "the app has an IPv6 address",
            (*world(handshake()), dns(name(f"app.{DOMAIN}", ADDRESS, SIX))),
            not_=("ipv6-absent",),
        ),
        Example(
            "whether there is an IPv6 address could not be told",
            (
                *world(handshake()),
                dns(
                    NameRecords(
                        name=DOMAIN,
                        a=answer(DOMAIN, "A", ADDRESS),
                        aaaa=silent(DOMAIN, "AAAA"),
                        wanted="the domain itself",
                    )
                ),
            ),
            not_=("ipv6-absent",),
        ),
    ],
)
