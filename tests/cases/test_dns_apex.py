"""dns.apex: the bare domain leads somewhere, by records it may have."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.world import ADDRESS, DOMAIN, answer, dns, gone, name, unknown_name
from launchready_tui.facts.dns import NameRecords
from launchready_tui.model import State

FLATTENED = name(DOMAIN, ADDRESS, wanted="the domain itself", ttl=60)
ONLY_SIX = name(DOMAIN, "2606:2800:220:1::1", wanted="the domain itself")
ALIASED = name(DOMAIN, ADDRESS, alias=("cname.vercel-dns.com",))
BELOW = name(f"app.{DOMAIN}", ADDRESS, alias=("cname.vercel-dns.com",))
HALF_SILENT = NameRecords(
    name=DOMAIN,
    a=answer(DOMAIN, "A", ADDRESS),
    aaaa=answer(DOMAIN, "AAAA", outcome="unknown", cause="time-out"),
)
EMPTY = NameRecords(name=DOMAIN, a=answer(DOMAIN), aaaa=answer(DOMAIN, "AAAA"))

test_examples = examples(
    "dns.apex",
    [
        Example("an A record is enough", (dns(),), not_=("dns-apex-missing",)),
        Example("an AAAA record alone leads somewhere too", (dns(ONLY_SIX),)),
        Example(
            "the bare domain does not exist",
            (dns(name(DOMAIN)),),
            finds=(f"dns-apex-missing {DOMAIN}",),
        ),
        Example(
            "the bare domain exists for mail only",
            (dns(EMPTY),),
            finds=(f"dns-apex-missing {DOMAIN}",),
        ),
        Example(
            "nobody answered for the bare domain, which proves nothing",
            (dns(unknown_name(DOMAIN)),),
            not_=("dns-apex-missing",),
            state=State.UNKNOWN,
        ),
        Example("one address known and one question unanswered", (dns(HALF_SILENT),)),
        Example(
            "the bare domain is an alias",
            (dns(ALIASED),),
            finds=(f"dns-apex-cname {DOMAIN}",),
        ),
        Example(
            "the bare domain is an alias, and so its zone cannot be seen any more",
            (dns(ALIASED, zone="test"),),
            finds=(f"dns-apex-cname {DOMAIN}",),
        ),
        Example(
            "a provider that flattens the alias shows addresses",
            (dns(FLATTENED),),
            not_=("dns-apex-cname",),
        ),
        Example(
            "a sprint about a name below the zone may be an alias",
            (dns(BELOW, domain=f"app.{DOMAIN}"),),
            not_=("dns-apex-cname",),
        ),
        Example(
            "an alias of the bare domain that leads nowhere is said once",
            (dns(NameRecords(name=DOMAIN, a=gone(DOMAIN, alias=("x.test",)), aaaa=gone(DOMAIN))),),
            finds=(f"dns-apex-cname {DOMAIN}",),
        ),
    ],
)
