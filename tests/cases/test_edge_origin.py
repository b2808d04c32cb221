"""edge.origin: a way around Cloudflare, records that show it, and addresses that only look so."""

from __future__ import annotations

from typing import Any

from cases.examples import Example, examples
from cases.exposure_world import APP
from cases.world import ADDRESS, DOMAIN
from launchready_tui.facts.cloudflare import Cloudflare, CloudflareHost
from launchready_tui.facts.origin import OriginLook, OriginLooks
from launchready_tui.facts.origin_candidates import Candidate, Source
from launchready_tui.model import Fact, Outcome, State

GIVEN = Source(how="given")
DIRECT = Source(how="record", name=f"direct.{DOMAIN}")
MAIL = Source(how="mx", name=f"mail.{DOMAIN}")
SPF = Source(how="spf", name=DOMAIN)
ZONE = Source(how="zone", name=APP)
BOTH = ("cf-origin-bypass", "dns-origin-exposed")


def edge(state: Any = "proxied", cause: str = "") -> Cloudflare:
    return Cloudflare(zone="yes", hosts=(CloudflareHost(host=APP, state=state, cause=cause),))


def look(came: Any, *sources: Source, address: str = ADDRESS, **how: Any) -> OriginLook:
    return OriginLook(
        host=APP, candidate=Candidate(address=address, sources=sources), came=came, **how
    )


def tried(*looks: OriginLook, **changes: Any) -> tuple[Fact, ...]:
    return (edge(), OriginLooks(hosts=(APP,), looks=looks, **changes))


def no_finding_of_records(outcome: Outcome) -> None:
    assert {finding.code for finding in outcome.findings} == {"cf-origin-bypass"}


SHUT = look("closed", GIVEN, told="takes no connection")
MORE = (Candidate(address="93.184.216.99", sources=(GIVEN,)),)

test_examples = examples(
    "edge.origin",
    [
        Example("the server lets nobody in", tried(SHUT), not_=BOTH),
        Example(
            "the app answers at the address that a person gave",
            tried(look("same", GIVEN, told="answers 200")),
            finds=(f"cf-origin-bypass {APP}",),
            also=no_finding_of_records,
        ),
        Example(
            "the app answers where the zone's own proxied record leads",
            tried(look("same", ZONE, told="answers 200")),
            finds=(f"cf-origin-bypass {APP}",),
            also=no_finding_of_records,
        ),
        Example("the zone's own address lets nobody in", tried(look("closed", ZONE)), not_=BOTH),
        Example(
            "a record beside the proxy leads to the app",
            tried(look("same", DIRECT, told="answers 200")),
            finds=(f"cf-origin-bypass {APP}", f"dns-origin-exposed direct.{DOMAIN}"),
        ),
        Example(
            "the mail server is the app's server as well",
            tried(SHUT, look("same", MAIL, told="over http", address="93.184.216.35")),
            finds=(f"cf-origin-bypass {APP}", f"dns-origin-exposed mail.{DOMAIN}"),
        ),
        Example(
            "the SPF record names a machine with the app's certificate",
            tried(look("untrusted", SPF, named=True, told="unable to get local issuer")),
            finds=(f"dns-origin-exposed {DOMAIN}",),
        ),
        Example(
            "it refuses, as it should",
            tried(look("no", GIVEN, told="answers 403")),
            not_=BOTH,
        ),
        Example(
            "a default page, or another app",
            tried(look("other", GIVEN, DIRECT, told="answers with something else")),
            not_=BOTH,
        ),
        Example(
            "an address that serves mail only",
            tried(SHUT, look("closed", MAIL, SPF, address="93.184.216.35")),
            not_=("dns-origin-exposed",),
        ),
        Example(
            "a stranger's certificate at a mail server",
            tried(SHUT, look("untrusted", MAIL, told="self-signed", address="93.184.216.35")),
            not_=("dns-origin-exposed",),
        ),
        Example(
            "nobody said where the server is, and no record tells",
            tried(look("closed", MAIL)),
            not_=BOTH,
            state=State.UNKNOWN,
        ),
        Example("nothing to try", tried(), not_=BOTH, state=State.UNKNOWN),
        Example(
            "a certificate that is not trusted keeps us from asking",
            tried(look("untrusted", GIVEN, named=True, told="self-signed")),
            not_=("cf-origin-bypass",),
            state=State.UNKNOWN,
        ),
        Example(
            "the given address could not be told",
            tried(look("unknown", GIVEN, told="no answer within 8 s")),
            state=State.UNKNOWN,
        ),
        Example(
            "a given address beyond what is tried", tried(SHUT, left_out=MORE), state=State.UNKNOWN
        ),
        Example(
            "the front page is behind a challenge, so nothing can be compared",
            tried(causes=(f"{APP}: a bot challenge answered instead of the site",)),
            not_=BOTH,
            state=State.UNKNOWN,
        ),
        Example(
            "Cloudflare answers DNS only, so there is nothing to walk around",
            (edge("dns-only"), OriginLooks(hosts=())),
            not_=BOTH,
            state=State.NOT_APPLICABLE,
        ),
        Example(
            "nobody could say who answers for the zone",
            (edge("unknown", cause="SERVFAIL"), OriginLooks(hosts=())),
            state=State.UNKNOWN,
        ),
        Example("the looks could not be told", (edge(),), state=State.UNKNOWN),
    ],
)
