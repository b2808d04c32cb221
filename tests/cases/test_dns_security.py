"""dns.security: signatures hold, and the authorities in use may issue the next certificate."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.world import DOMAIN, answer, certificate, handshake, silent, tls, untrusted
from cases.zone_world import DS, caa, caa_set, signed
from launchready_tui.facts.caa import CaaSets
from launchready_tui.facts.dnssec import Dnssec
from launchready_tui.facts.tls import TlsHosts
from launchready_tui.model import Fact, Outcome, State
from launchready_tui.network.seen import Handshake

LETS_ENCRYPT = "CN=R11,O=Let's Encrypt,C=US"
ALLOWED = ('0 issue "letsencrypt.org"', '0 iodef "mailto:ana@acme.test"')
APP = f"app.{DOMAIN}"


def world(
    told: Dnssec | None = None, sets: CaaSets | None = None, hosts: TlsHosts | None = None
) -> tuple[Fact, ...]:
    return (told or signed(), sets or caa(*ALLOWED), hosts or served())


def shown(*names: str, host: str = DOMAIN, issuer: str = LETS_ENCRYPT) -> Handshake:
    return handshake(host, leaf=certificate(*names or (host,), issuer=issuer))


def served(*names: str, host: str = DOMAIN, issuer: str = LETS_ENCRYPT) -> TlsHosts:
    return tls(shown(*names, host=host, issuer=issuer))


def only(*records: str) -> CaaSets:
    return caa(*records, '0 iodef "mailto:ana@acme.test"')


def names_issuer(outcome: Outcome) -> None:
    assert outcome.findings[0].params["issuer"] == "letsencrypt.org"


def names_those_in_use(outcome: Outcome) -> None:
    assert outcome.findings[0].params["issuers"] == "letsencrypt.org"


BROKEN = (f"dns-dnssec-broken {DOMAIN}",)
NOT_BROKEN = ("dns-dnssec-broken",)
FORBIDS = (f"caa-forbids-current {DOMAIN}",)
NOT_FORBIDDEN = ("caa-forbids-current",)
FAILED = answer(DOMAIN, "SOA", outcome="unknown", rcode="SERVFAIL", cause="SERVFAIL")
STILL = answer(DOMAIN, "SOA", outcome="unknown", rcode="SERVFAIL", cause="SERVFAIL with CD too")
OTHER_DS = DS.replace("55648", "2371")

test_examples = examples(
    "dns.security",
    [
        Example(
            "signed, and the authority in use is allowed",
            world(),
            not_=(
                *NOT_BROKEN,
                *NOT_FORBIDDEN,
                "dns-dnssec-absent",
                "caa-missing",
                "caa-iodef",
            ),
        ),
        Example(
            "only a resolver that does not check gets an answer",
            world(signed(failed=FAILED, unchecked=answer(DOMAIN, "SOA", "a b 1 2 3 4 5"))),
            finds=BROKEN,
        ),
        Example(
            "nobody gets an answer: a plain SERVFAIL",
            world(signed(answer(DOMAIN, "DS"), silent(DOMAIN), failed=FAILED, unchecked=STILL)),
            finds=(f"dns-dnssec-absent {DOMAIN}",),
            not_=NOT_BROKEN,
        ),
        Example(
            "promised above, and without a key",
            world(signed(keys=answer(DOMAIN, "DNSKEY"))),
            finds=BROKEN,
        ),
        Example(
            "the promise of the former provider stands above",
            world(signed(answer(DOMAIN, "DS", OTHER_DS))),
            finds=BROKEN,
        ),
        Example(
            "two promises during a change of keys, of which one holds",
            world(signed(answer(DOMAIN, "DS", OTHER_DS, DS))),
            not_=NOT_BROKEN,
        ),
        Example(
            "the key could not be asked for",
            world(signed(keys=silent(DOMAIN, "DNSKEY"))),
            not_=NOT_BROKEN,
            state=State.UNKNOWN,
        ),
        Example(
            "not signed",
            world(signed(answer(DOMAIN, "DS"), answer(DOMAIN, "DNSKEY"))),
            finds=(f"dns-dnssec-absent {DOMAIN}",),
        ),
        Example(
            "nobody could say whether it is signed",
            world(signed(silent(DOMAIN, "DS"), silent(DOMAIN, "DNSKEY"))),
            not_=("dns-dnssec-absent", *NOT_BROKEN),
            state=State.UNKNOWN,
        ),
        Example(
            "a key that nobody can read",
            world(signed(keys=answer(DOMAIN, "DNSKEY", "257 3 13 %%%"))),
            not_=NOT_BROKEN,
        ),
        Example(
            "CAA names another authority than the one in use",
            world(sets=only('0 issue "digicert.com"')),
            finds=FORBIDS,
            also=names_issuer,
        ),
        Example("CAA allows nobody", world(sets=only('0 issue ";"')), finds=FORBIDS),
        Example(
            "several authorities, of which one fits",
            world(sets=only('0 issue "pki.goog"', '0 issue "letsencrypt.org; accounturi=x"')),
            not_=NOT_FORBIDDEN,
        ),
        Example(
            "a host beyond those that CAA was asked for",
            world(hosts=served(host=APP)),
            not_=NOT_FORBIDDEN,
            state=State.UNKNOWN,
        ),
        Example(
            "a pattern's certificate, and patterns are for somebody else",
            (
                signed(),
                caa(
                    *ALLOWED,
                    hosts=(
                        caa_set(APP, '0 issue "letsencrypt.org"', '0 issuewild "digicert.com"'),
                    ),
                ),
                served(f"*.{DOMAIN}", host=APP),
            ),
            finds=(f"caa-forbids-current {APP}",),
        ),
        Example(
            "a name's own certificate, and only patterns are for somebody else",
            world(sets=only('0 issue "letsencrypt.org"', '0 issuewild ";"')),
            not_=NOT_FORBIDDEN,
        ),
        Example(
            "the target of an alias allows its own authority",
            (
                signed(),
                caa(
                    '0 issue "digicert.com"',
                    '0 iodef "mailto:a@acme.test"',
                    hosts=(caa_set(APP, '0 issue "letsencrypt.org"', at="acme.host.test"),),
                ),
                served(host=APP),
            ),
            not_=NOT_FORBIDDEN,
        ),
        Example(
            "an issuer that no table knows is no fault",
            world(hosts=served(issuer="CN=X,O=New Authority")),
            not_=NOT_FORBIDDEN,
            state=State.UNKNOWN,
        ),
        Example(
            "a certificate that no public authority made",
            world(
                sets=only('0 issue "digicert.com"'),
                hosts=tls(untrusted(18, "self-signed certificate")),
            ),
            not_=NOT_FORBIDDEN,
        ),
        Example(
            "a critical property that no authority understands",
            world(sets=only('0 issue "letsencrypt.org"', '128 strange "x"')),
            finds=FORBIDS,
        ),
        Example(
            "CAA limits nothing but where to report",
            world(sets=caa('0 iodef "mailto:ana@acme.test"')),
            not_=(*NOT_FORBIDDEN, "caa-missing"),
        ),
        Example(
            "no CAA anywhere",
            world(sets=caa()),
            finds=(f"caa-missing {DOMAIN}",),
            also=names_those_in_use,
        ),
        Example(
            "an alias has the set of its target",
            world(
                sets=CaaSets(
                    domain=caa_set(DOMAIN, *ALLOWED, at="acme.host.test"),
                    hosts=(),
                )
            ),
            not_=("caa-missing",),
        ),
        Example(
            "nobody answered for CAA",
            world(sets=caa(cause="CAA: SERVFAIL")),
            not_=("caa-missing",),
            state=State.UNKNOWN,
        ),
        Example(
            "CAA without an address for reports",
            world(sets=caa('0 issue "letsencrypt.org"')),
            finds=(f"caa-iodef {DOMAIN}",),
        ),
        Example(
            "nothing of it could be told",
            (),
            state=State.UNKNOWN,
        ),
    ],
)
