"""tls.versions: nothing outdated, and HTTP/2."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.world import DOMAIN, MODERN, NO_MORE, handshake, offers, tls
from launchready_tui.facts.tls import HostTls, TlsHosts
from launchready_tui.model import Fact, State
from launchready_tui.network.seen import Handshake, VersionOffer


def world(*handshakes: Handshake, versions: tuple[VersionOffer, ...] = MODERN) -> tuple[Fact, ...]:
    return (tls(*handshakes or (handshake(),), versions=versions), NO_MORE)


OLD = (f"tls-old-version {DOMAIN}",)
REFUSED = handshake(outcome="refused", chain=())

test_examples = examples(
    "tls.versions",
    [
        Example("TLS 1.2 and 1.3", world(), not_=("tls-old-version", "http2-absent")),
        Example("TLS 1.3 alone", world(versions=offers("TLSv1.3"))),
        Example("TLS 1.0 too", world(versions=offers("TLSv1", "TLSv1.2")), finds=OLD),
        Example("TLS 1.1 too", world(versions=offers("TLSv1.1", "TLSv1.2")), finds=OLD),
        Example(
            "this computer cannot try TLS 1.0, so nobody knows",
            world(versions=offers("TLSv1.2", "TLSv1.3", untested=("TLSv1",))),
            not_=("tls-old-version",),
            state=State.UNKNOWN,
        ),
        Example("no HTTP/2", world(handshake(alpn="http/1.1")), finds=(f"http2-absent {DOMAIN}",)),
        Example("no ALPN at all", world(handshake(alpn="")), finds=(f"http2-absent {DOMAIN}",)),
        Example(
            "a host whose certificate is not believed says nothing of HTTP/2",
            world(handshake(outcome="untrusted", alpn="http/1.1")),
            not_=("http2-absent",),
        ),
        Example(
            "nothing listens: tls.certificate tells it",
            world(REFUSED, versions=offers(untested=("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"))),
            not_=("tls-old-version", "http2-absent"),
        ),
        Example("no name leads anywhere", (TlsHosts(hosts=()), *world()[1:]), state=State.UNKNOWN),
        Example(
            "a name that nobody answered for",
            (TlsHosts(hosts=(HostTls(host=DOMAIN, cause="SERVFAIL"),)), *world()[1:]),
            state=State.UNKNOWN,
        ),
    ],
)
