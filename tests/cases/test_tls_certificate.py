"""tls.certificate: browsers believe every host, and will go on doing so."""

from __future__ import annotations

from datetime import timedelta

from cases.examples import Example, examples
from cases.world import (
    DOMAIN,
    INTERMEDIATE,
    MOMENT,
    NO_MORE,
    NOW,
    SIX,
    certificate,
    handshake,
    starts,
    tls,
    untrusted,
)
from launchready_tui.facts.certificate_names import CertificateNames
from launchready_tui.facts.host import Place, Platforms
from launchready_tui.facts.tls import HostTls, TlsHosts
from launchready_tui.model import Fact, Outcome, Severity, State
from launchready_tui.network.seen import Certificate, Handshake

API = f"api.{DOMAIN}"
RENEWED = Platforms(places=(Place(host=DOMAIN, platform="render", label="Render", renews=True),))


def world(
    *handshakes: Handshake,
    more: CertificateNames = NO_MORE,
    places: Platforms | None = None,
    days_off: int = 0,
) -> tuple[Fact, ...]:
    given = (tls(*handshakes), more, MOMENT, starts(clock_days_off=days_off))
    return (*given, places or Platforms(places=()))


def ends(left: float, stapled: str = "", **changes: object) -> Handshake:
    leaf = certificate(DOMAIN, left=left, **changes)  # type: ignore[arg-type]
    return handshake(leaf=leaf, stapled=stapled)


def severity(wanted: Severity, *words: str) -> object:
    def holds(outcome: Outcome) -> None:
        assert outcome.findings[0].severity is wanted
        assert all(word in outcome.findings[0].observed for word in words)

    return holds


def remarks(outcome: Outcome) -> None:
    assert any("renews it by itself" in seen.value for seen in outcome.seen)


def names_the_issuer(outcome: Outcome) -> None:
    assert "Acme Root" in outcome.findings[0].observed


def alone(leaf: Certificate) -> tuple[Certificate, ...]:
    return (leaf,)


EXPIRED = untrusted(10, "certificate has expired", leaf=certificate(DOMAIN, left=-0.1))
NOT_YET = untrusted(
    9,
    "certificate is not yet valid",
    leaf=certificate(
        DOMAIN, not_before=NOW + timedelta(days=1), not_after=NOW + timedelta(days=91)
    ),
)
WRONG = untrusted(62, "hostname mismatch", leaf=certificate("acme.onrender.com"))
WRONG_AND_OLD = untrusted(62, "hostname mismatch", leaf=certificate("other.test", left=-0.2))
NO_LINK = untrusted(20, "unable to get local issuer certificate", chain=alone(certificate(DOMAIN)))
PRIVATE = untrusted(
    20,
    "unable to get local issuer certificate",
    chain=alone(certificate(DOMAIN, issuer="CN=Acme Root", names_issuer_url=False)),
)
OFFICE = untrusted(
    20,
    "unable to get local issuer certificate",
    chain=alone(certificate(DOMAIN, issuer="CN=Office Proxy", names_issuer_url=False)),
)
SELF_MADE = untrusted(
    18,
    "self-signed certificate",
    chain=alone(certificate(DOMAIN, issuer=f"CN={DOMAIN}", self_issued=True)),
)
REFUSED = handshake(API, outcome="refused", chain=(), alpn="")
TIMED_OUT = handshake(API, outcome="unknown", chain=(), cause="no handshake within 5 s")
NO_SIX = handshake(address=SIX, outcome="unknown", chain=(), cause="cannot be reached from here")
UNTOLD = HostTls(host=DOMAIN, handshakes=(handshake(),), missed=("AAAA: SERVFAIL",))
MANY = certificate(*(f"n{number}.test" for number in range(200)), left=-1)
SOON = ("cert-expiring acme.test",)

test_examples = examples(
    "tls.certificate",
    [
        Example(
            "two thirds of its time left",
            world(handshake()),
            not_=("cert-expired", "cert-wrong-host", "cert-untrusted", "cert-expiring"),
        ),
        Example("it has ended", world(EXPIRED), finds=(f"cert-expired {DOMAIN}",)),
        Example("it is not valid yet", world(NOT_YET), finds=(f"cert-expired {DOMAIN}",)),
        Example(
            "it ended, says a computer whose clock is three days off",
            world(EXPIRED, days_off=3),
            not_=("cert-expired",),
            state=State.UNKNOWN,
        ),
        Example("it is the platform's own", world(WRONG), finds=(f"cert-wrong-host {DOMAIN}",)),
        Example(
            "it is another host's and has ended: both are said",
            world(WRONG_AND_OLD),
            finds=(f"cert-wrong-host {DOMAIN}", f"cert-expired {DOMAIN}"),
        ),
        Example(
            "a pattern covers one label",
            world(handshake(API, leaf=certificate(f"*.{DOMAIN}"))),
            not_=("cert-wrong-host",),
        ),
        Example(
            "the intermediate is left out",
            world(NO_LINK),
            finds=(f"cert-chain-incomplete {DOMAIN}",),
        ),
        Example(
            "the root is left out, as it should be",
            world(handshake(chain=(certificate(DOMAIN), INTERMEDIATE))),
            not_=("cert-chain-incomplete",),
        ),
        Example(
            "an authority of the company's own: no missing link, but an issuer nobody knows",
            world(PRIVATE),
            finds=(f"cert-untrusted {DOMAIN}",),
            not_=("cert-chain-incomplete",),
            also=names_the_issuer,
        ),
        Example(
            "a proxy in the office made it, so the site's own was not seen",
            world(OFFICE),
            not_=("cert-untrusted", "cert-chain-incomplete"),
            state=State.UNKNOWN,
        ),
        Example("it vouches for itself", world(SELF_MADE), finds=(f"cert-untrusted {DOMAIN}",)),
        Example(
            "less than a third left, and nothing shows that it renews",
            world(ends(0.3)),
            finds=SOON,
            also=severity(Severity.MEDIUM, "27 of 90 days"),  # type: ignore[arg-type]
        ),
        Example(
            "less than a third left at a host that renews it",
            world(ends(0.3), places=RENEWED),
            not_=("cert-expiring",),
            also=remarks,
        ),
        Example(
            "less than a tenth left at a host that should have renewed it",
            world(ends(0.09), places=RENEWED),
            finds=SOON,
            also=severity(Severity.HIGH, "Render should have"),  # type: ignore[arg-type]
        ),
        Example(
            "eleven days left of a month are a third and more",
            world(ends(0.36, days=30)),
            not_=("cert-expiring",),
        ),
        Example(
            "eleven days left of a year are not",
            world(ends(0.03, days=365)),
            finds=SOON,
            also=severity(Severity.HIGH),  # type: ignore[arg-type]
        ),
        Example(
            "nothing listens at 443", world(handshake(), REFUSED), finds=(f"https-refused {API}",)
        ),
        Example(
            "a firewall lets the handshake run into the void",
            world(handshake(), TIMED_OUT),
            not_=("https-refused",),
            state=State.UNKNOWN,
        ),
        Example("an IPv6 address, seen from a place without IPv6", world(handshake(), NO_SIX)),
        Example(
            "an IPv6 address that takes the connection and then says nothing",
            world(
                handshake(),
                handshake(
                    address=SIX,
                    outcome="unknown",
                    chain=(),
                    cause="no handshake within 5 s",
                    reached=True,
                ),
            ),
            state=State.UNKNOWN,
        ),
        Example(
            "whose IPv6 addresses nobody would tell",
            (TlsHosts(hosts=(UNTOLD,)), *world()[1:]),
            state=State.UNKNOWN,
        ),
        Example(
            "more names in the certificates than are looked at",
            world(handshake(), more=CertificateNames(names=(), hosts=(), left_out=3)),
            state=State.UNKNOWN,
        ),
        Example(
            "an ended certificate with more names than are kept",
            world(untrusted(10, "expired", leaf=MANY)),
            finds=(f"cert-expired {DOMAIN}",),
            not_=("cert-wrong-host",),
        ),
        Example(
            "soon to end, by a clock that no server shares",
            world(ends(0.05), days_off=40),
            not_=("cert-expiring",),
            state=State.UNKNOWN,
        ),
        Example("only IPv6, seen from a place without it", world(NO_SIX), state=State.UNKNOWN),
        Example(
            "a host that a certificate gave away has ended",
            world(
                handshake(),
                more=CertificateNames(
                    names=(),
                    hosts=(
                        HostTls(
                            host=API,
                            handshakes=(
                                untrusted(10, "expired", API, leaf=certificate(API, left=-1)),
                            ),
                        ),
                    ),
                ),
            ),
            finds=(f"cert-expired {API}",),
        ),
        Example(
            "the same fault at two addresses is said once",
            world(
                EXPIRED, untrusted(10, "expired", address=SIX, leaf=certificate(DOMAIN, left=-1))
            ),
            finds=(f"cert-expired {DOMAIN}",),
        ),
        Example("no name leads anywhere", world(), state=State.UNKNOWN),
        Example(
            "it ended, says a computer whose clock is exactly one day off",
            world(EXPIRED, days_off=1),
            not_=("cert-expired",),
            state=State.UNKNOWN,
        ),
        Example(
            "the certificate demands a staple, and none comes",
            world(ends(0.66, must_staple=True, names_ocsp=True, stapled="no")),
            finds=(f"must-staple-unstapled {DOMAIN}",),
        ),
        Example(
            "the certificate demands a staple, and it comes",
            world(ends(0.66, must_staple=True, names_ocsp=True, stapled="yes")),
            not_=("must-staple-unstapled",),
        ),
        Example(
            "a certificate that names no place to ask at (no OCSP URI) cannot be stapled",
            world(ends(0.66, must_staple=True)),
            not_=("must-staple-unstapled",),
        ),
        Example(
            "whether a staple comes could not be told",
            world(ends(0.66, must_staple=True, names_ocsp=True, stapled="unknown")),
            not_=("must-staple-unstapled",),
            state=State.UNKNOWN,
        ),
    ],
)
