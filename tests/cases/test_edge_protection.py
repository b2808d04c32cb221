"""edge.protection: proven by the account, told by a person else; webhooks have an exception."""

from __future__ import annotations

from typing import Any

from cases.cloudflare_world import LOGIN_LIMIT, account, edge, floods, runs, zone
from cases.examples import Example, examples
from cases.world import DOMAIN, NOW
from launchready_tui.facts.cloudflare import Cloudflare, CloudflareHost
from launchready_tui.facts.cloudflare_rules import MANAGED
from launchready_tui.given import RouteException, RouteExceptions, Target, Web
from launchready_tui.model import Fact, Outcome, State

HOOK = f"https://{DOMAIN}/webhooks/payments"
HOOKED = Target(domain=DOMAIN, web=Web(webhooks=(HOOK,)))
FOUND = (f"cf-webhook-undocumented {HOOK}",)
CODE = ("cf-webhook-undocumented",)


def recorded(route: str) -> RouteExceptions:
    one = RouteException(
        route=route,
        bypasses=("bot rules",),
        why="the provider cannot solve a puzzle",
        owner="Ben",
        by="Anna",
        at=NOW,
    )
    return RouteExceptions(exceptions=(one,))


def at(*facts: Fact) -> tuple[Fact, ...]:
    usual: tuple[Fact, ...] = (edge(), account(), RouteExceptions(), Target(domain=DOMAIN))
    return tuple(({type(f): f for f in usual} | {type(f): f for f in facts}).values())


def proven(outcome: Outcome) -> None:
    assert outcome.proven


def asks(words: str) -> Any:
    def also(outcome: Outcome) -> None:
        assert words in outcome.cause and not outcome.proven

    return also


PAST = Cloudflare(
    zone="yes",
    hosts=(
        CloudflareHost(host=DOMAIN, state="proxied"),
        CloudflareHost(host=f"direct.{DOMAIN}", state="dns-only"),
    ),
)

test_examples = examples(
    "edge.protection",
    [
        Example("all of it is seen in the account", at(), also=proven, not_=CODE),
        Example("a webhook without an exception", at(HOOKED), finds=FOUND),
        Example(
            "an exception for another route",
            at(HOOKED, recorded("/webhooks/mail")),
            finds=FOUND,
        ),
        Example(
            "the exception is on record", at(HOOKED, recorded("/webhooks/payments")), not_=CODE
        ),
        Example("one for all routes below", at(HOOKED, recorded("/webhooks/*")), not_=CODE),
        Example(
            "the webhook does not pass Cloudflare",
            at(HOOKED, edge("dns-only")),
            not_=CODE,
            state=State.UNKNOWN,
        ),
        Example(
            "no Cloudflare: a person says what the host does",
            at(HOOKED, edge("none", zone="no")),
            not_=CODE,
            state=State.UNKNOWN,
            also=asks("say what the host itself protects"),
        ),
        Example(
            "no token: a person looks",
            (edge(), RouteExceptions(), Target(domain=DOMAIN)),
            state=State.UNKNOWN,
        ),
        Example("a name goes past it", at(PAST), state=State.UNKNOWN, also=asks("direct.")),
        Example(
            "the rules are not readable, which is not off",
            at(account(not_read=(MANAGED,))),
            state=State.UNKNOWN,
            also=asks("not readable"),
        ),
        Example(
            "no rule set runs: cloudflare.settings has the fault",
            at(account(LOGIN_LIMIT)),
            state=State.UNKNOWN,
        ),
        Example("the free plan's own rules", at(account(LOGIN_LIMIT, zone=zone(plan="free")))),
        Example(
            "flood protection turned down",
            at(account(runs(), floods("eoff"))),
            state=State.UNKNOWN,
            also=asks("turned down"),
        ),
        Example("flood protection at its usual level", at(account(runs(), floods("default")))),
        Example("paused", at(account(zone=zone(paused=True))), state=State.UNKNOWN),
        Example(
            "a bot mode that no rule can skip",
            at(
                HOOKED,
                recorded("/webhooks/*"),
                account(bot_management="enable_js=true, fight_mode=true"),
            ),
            state=State.UNKNOWN,
            also=asks("Bot Fight Mode"),
        ),
    ],
)
