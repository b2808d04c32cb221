"""dns.delegation: the nameservers answer for the zone, alike, and for nobody else."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.world import DOMAIN, answer
from cases.zone_world import (
    NAMES,
    NS1,
    NS2,
    above,
    delegation,
    named,
    said,
    server,
    start,
    strangers,
)
from launchready_tui.facts.delegation import PROBE, Above, Delegation, ZoneTransfers
from launchready_tui.given import Permits
from launchready_tui.model import Fact, Outcome, Severity, State

NOT_ALLOWED = Permits()
ALLOWED = Permits(probes=(PROBE,), by="Ana")


def world(
    told: Delegation, transfers: ZoneTransfers | None = None, permits: Permits = NOT_ALLOWED
) -> tuple[Fact, ...]:
    return (told, permits, *((transfers,) if transfers else ()))


def odd(record: str, **changes: object) -> tuple[Fact, ...]:
    both = (server(name, start(record=record, **changes)) for name in NAMES)
    return world(delegation(*both))


def is_blocker(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.BLOCKER


def is_high(outcome: Outcome) -> None:
    assert outcome.findings[0].severity is Severity.HIGH


def is_told(outcome: Outcome) -> None:
    assert any("Route 53 sets this" in seen.value for seen in outcome.seen)


def not_sent(outcome: Outcome) -> None:
    assert any(seen.source == "not sent" for seen in outcome.seen)


LAME = ("dns-lame",)
DIFFER = ("dns-parent-child-differ",)
CACHED = start(authoritative=False)
NO_PARENT = Above(parent="test", cause="no nameserver of test has an address")
GONE = above(answer=answer(DOMAIN, "NS", outcome="nxdomain", authoritative=True))
ASIDE = above(answer=named(*NAMES, authoritative=False))
AHEAD = (
    server(NS1, start(8), again="8"),
    server(NS2, start(7), again="7"),
)
ON_ITS_WAY = (
    server(NS1, start(8), again="8"),
    server(NS2, start(7), again="8"),
)
RESOLVED = answer("example.com", "A", "192.0.2.80")
ODD = "ns1.dns.test hostmaster.acme.test 7 600 900 1000 86400"

test_examples = examples(
    "dns.delegation",
    [
        Example(
            "both servers answer alike, as the zone above says",
            world(delegation()),
            not_=(*LAME, *DIFFER, "dns-domain-gone", "soa-values"),
            also=not_sent,
        ),
        Example(
            "the zone above says that there is no such domain",
            world(delegation(server(NS1, said("REFUSED")), parent=GONE)),
            finds=(f"dns-domain-gone {DOMAIN}",),
        ),
        Example(
            "a resolver between us and the zone above says that there is no such domain",
            world(delegation(parent=above(answer=answer(DOMAIN, "NS", outcome="nxdomain")))),
            not_=("dns-domain-gone",),
            state=State.UNKNOWN,
        ),
        Example(
            "one server refuses",
            world(delegation(server(NS2, said("REFUSED")))),
            finds=(f"dns-lame {NS2}",),
            also=is_high,
        ),
        Example(
            "all servers refuse",
            world(delegation(*(server(name, said("REFUSED")) for name in NAMES))),
            finds=(f"dns-lame {DOMAIN}",),
            also=is_blocker,
        ),
        Example(
            "a server answers from a cache",
            world(delegation(server(NS2, CACHED))),
            finds=(f"dns-lame {NS2}",),
        ),
        Example(
            "a server's own name does not exist",
            world(delegation(server(NS2, answer(NS2, outcome="nxdomain"), address=""))),
            finds=(f"dns-lame {NS2}",),
        ),
        Example(
            "all that were asked fail, and not all were asked",
            world(delegation(*(server(n, said("SERVFAIL")) for n in NAMES), left_out=1)),
            finds=(f"dns-lame {NS1}", f"dns-lame {NS2}"),
            also=is_high,
        ),
        Example(
            "one server was silent, which proves nothing",
            world(delegation(server(NS2, said("")))),
            not_=LAME,
            state=State.UNKNOWN,
        ),
        Example(
            "every server was silent, as behind a strict firewall",
            world(delegation(*(server(n, said("")) for n in NAMES), parent=NO_PARENT)),
            not_=LAME,
            state=State.UNKNOWN,
        ),
        Example(
            "a network that answers in the place of every server",
            world(delegation(*(server(n, CACHED) for n in NAMES), parent=ASIDE)),
            not_=LAME,
            state=State.UNKNOWN,
        ),
        Example(
            "answers from a cache everywhere, and nobody to compare them with",
            world(delegation(*(server(n, CACHED) for n in NAMES), parent=NO_PARENT)),
            not_=LAME,
            state=State.UNKNOWN,
        ),
        Example(
            "a network that refuses every question to others, the zone above included",
            world(
                delegation(
                    *(server(n, said("REFUSED")) for n in NAMES),
                    parent=Above(parent="test", server="a.nic.test", cause="it answered REFUSED"),
                )
            ),
            not_=LAME,
            state=State.UNKNOWN,
        ),
        Example(
            "a server that does not understand the question",
            world(delegation(server(NS2, said("FORMERR")))),
            not_=LAME,
            state=State.UNKNOWN,
        ),
        Example(
            "a server whose own name could not be looked up",
            world(delegation(server(NS2, said("SERVFAIL"), address=""))),
            not_=LAME,
            state=State.UNKNOWN,
        ),
        Example(
            "the zone above could not be asked",
            world(delegation(parent=NO_PARENT)),
            not_=DIFFER,
            state=State.UNKNOWN,
        ),
        Example(
            "the registrar still lists a server of the former provider",
            world(delegation(parent=above(NS1, "ns9.former.test"))),
            finds=(f"dns-parent-child-differ {DOMAIN}",),
        ),
        Example(
            "the same servers in another order",
            world(delegation(parent=above(NS2, NS1))),
            not_=DIFFER,
        ),
        Example(
            "one server is a version behind at both looks",
            world(delegation(*AHEAD)),
            finds=(f"dns-parent-child-differ {DOMAIN}",),
        ),
        Example(
            "a transfer was in progress: at the second look both agree",
            world(delegation(*ON_ITS_WAY)),
            not_=DIFFER,
        ),
        Example(
            "servers of a large provider that are never quite at the same version",
            world(delegation(*AHEAD, provider="Cloudflare", large=True)),
            not_=DIFFER,
        ),
        Example("values out of order", odd(ODD), finds=(f"soa-values {DOMAIN}",)),
        Example(
            "the contact is written like a mail address",
            odd(r"ns1.dns.test host\@acme.test 7 3600 900 1209600 300"),
            finds=(f"soa-values {DOMAIN}",),
        ),
        Example(
            "the record itself is forgotten before its long negative time is over",
            odd("ns1.dns.test h.acme.test 7 3600 900 1209600 86400", ttl=900),
            not_=("soa-values",),
        ),
        Example(
            "values that the DNS provider sets and nobody else can",
            (
                delegation(
                    *(server(n, start(record=ODD)) for n in NAMES), provider="Amazon Route 53"
                ),
                NOT_ALLOWED,
            ),
            not_=("soa-values",),
            also=is_told,
        ),
        Example(
            "a server sends the whole zone",
            world(delegation(), strangers("open"), ALLOWED),
            finds=(f"dns-axfr-open {NS1}",),
        ),
        Example(
            "a server looks up a foreign name",
            world(delegation(), strangers(recursion=RESOLVED), ALLOWED),
            finds=(f"dns-recursion-open {NS1}",),
        ),
        Example(
            "a server refuses both",
            world(delegation(), strangers(), ALLOWED),
            not_=("dns-axfr-open", "dns-recursion-open"),
        ),
        Example(
            "a server that answers for the foreign name itself",
            world(
                delegation(),
                strangers(recursion=answer("example.com", "A", "192.0.2.80", authoritative=True)),
                ALLOWED,
            ),
            not_=("dns-recursion-open",),
        ),
        Example(
            "the transfer was neither begun nor refused",
            world(delegation(), strangers("unknown"), ALLOWED),
            not_=("dns-axfr-open",),
            state=State.UNKNOWN,
        ),
        Example(
            "it was allowed to ask and could not be asked",
            world(delegation(), None, ALLOWED),
            state=State.UNKNOWN,
        ),
        Example(
            "no server at all",
            world(Delegation(zone=DOMAIN, above=above(), servers=())),
            state=State.UNKNOWN,
        ),
    ],
)
