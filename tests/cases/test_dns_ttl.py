"""dns.ttl: a change of address reaches everybody soon."""

from __future__ import annotations

from msgspec.structs import replace

from cases.examples import Example, examples
from cases.world import ADDRESS, DOMAIN, NO_MORE, answer, dns, name, unknown_name
from launchready_tui.facts.dns import NameRecords
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Fact, Outcome, State

APP = f"app.{DOMAIN}"


def world(*names: NameRecords, traits: dict[str, bool] | None = None) -> tuple[Fact, ...]:
    return (dns(*names), Target(domain=DOMAIN, traits=traits or {}), NO_MORE)


def app(ttl: int, *alias: str, sure: bool = True) -> NameRecords:
    return name(APP, ADDRESS, ttl=ttl, alias=alias, authoritative=sure)


def hesitant(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.REVIEW
    assert "cache" in outcome.findings[0].observed


BEHIND_AN_ALIAS = NameRecords(
    name=APP,
    a=replace(answer(APP, "A", ADDRESS, alias=("x.onrender.com",)), ttl=30),
    aaaa=answer(APP, "AAAA"),
)
SLOW = (f"ttl-before-cutover {APP}",)
TINY = (f"ttl-tiny {APP}",)

test_examples = examples(
    "dns.ttl",
    [
        Example("five minutes", world(), not_=("ttl-before-cutover", "ttl-tiny")),
        Example("an hour, to the second", world(app(3600)), not_=("ttl-before-cutover",)),
        Example("a day", world(app(86_400)), finds=SLOW),
        Example("two days", world(app(172_800)), finds=SLOW),
        Example(
            "an alias that may be kept for a day", world(app(86_400, "x.onrender.com")), finds=SLOW
        ),
        Example(
            "a day, where nothing will be moved",
            world(app(86_400), traits={"cutover": False}),
            not_=("ttl-before-cutover",),
        ),
        Example(
            "two days are too long even where nothing will be moved",
            world(app(172_800), traits={"cutover": False}),
            finds=SLOW,
        ),
        Example(
            "the host's own records behind a short alias are the host's business",
            world(BEHIND_AN_ALIAS),
            not_=("ttl-tiny", "ttl-before-cutover"),
        ),
        Example(
            "mail and nameserver records may be kept for days: nobody moves them",
            (
                dns(
                    mx=answer(DOMAIN, "MX", "10 mx.test", ttl=172_800),
                    ns=answer(DOMAIN, "NS", "ns1.test", ttl=172_800),
                ),
                *world()[1:],
            ),
            not_=("ttl-before-cutover",),
        ),
        Example("half a minute, says the zone's own server", world(app(30)), finds=TINY),
        Example(
            "half a minute, says a cache that counts down",
            world(app(30, sure=False)),
            finds=TINY,
            also=hesitant,
        ),
        Example("a minute, as load balancers have it", world(app(60)), not_=("ttl-tiny",)),
        Example("nobody answered for app", world(unknown_name(APP)), state=State.UNKNOWN),
    ],
)
