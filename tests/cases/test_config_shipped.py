"""config.shipped: production's scripts carry production's settings."""

from __future__ import annotations

from cases.examples import Example, examples
from cases.js_world import APP, MAIN, PAGE, hit, key, local, script, shipped
from cases.world import DOMAIN, TARGET, web
from launchready_tui.facts.scripts import ShippedScripts
from launchready_tui.facts.shipped import Hit
from launchready_tui.given import Target
from launchready_tui.model import Confidence, Fact, Outcome, State

CLERK = key("clerk", "test", "busy-bee-12.clerk.accounts.dev")
STRIPE = key("stripe", "test")
TUNNEL = hit(
    "dev-host",
    "https://a1b2.ngrok-free.app, which ngrok gives to unfinished work",
    name="a1b2.ngrok-free.app",
    platform="ngrok",
)


def facts(found: ShippedScripts, target: Target = TARGET) -> tuple[Fact, ...]:
    return (found, web(), target)


def one(*hits: Hit, **more: object) -> tuple[Fact, ...]:
    return facts(shipped(script(*hits, **more)))


def to_be_looked_at(outcome: Outcome) -> None:
    assert outcome.findings[0].confidence is Confidence.REVIEW


def mixed(outcome: Outcome) -> None:
    assert "beside a live key of Clerk" in outcome.findings[0].observed


def remarked(outcome: Outcome) -> None:
    assert any("production does not seem to call" in seen.value for seen in outcome.seen)


ALL = ("test-mode-keys-in-production", "localhost-api-in-bundle", "dev-host-in-bundle")

test_examples = examples(
    "config.shipped",
    [
        Example("live keys and own addresses", one(key("stripe", "live")), not_=ALL),
        Example(
            "a development instance of the login provider",
            one(CLERK),
            finds=(f"test-mode-keys-in-production {MAIN}",),
        ),
        Example(
            "test payments beside a live login",
            one(STRIPE, key("clerk", "live", f"clerk.{DOMAIN}")),
            finds=(f"test-mode-keys-in-production {MAIN}",),
            also=mixed,
        ),
        Example(
            "both modes are shipped, and the host decides",
            one(STRIPE, key("stripe", "live")),
            finds=(f"test-mode-keys-in-production {MAIN}",),
            also=to_be_looked_at,
        ),
        Example(
            "the launch goes without payments",
            facts(shipped(script(STRIPE)), Target(domain=DOMAIN, traits={"payments": False})),
            not_=("test-mode-keys-in-production",),
        ),
        Example(
            "a staging address, and a preview that a person gave",
            facts(
                shipped(
                    script(STRIPE, local("http://localhost:3000/x"), pages=(f"staging.{DOMAIN}",)),
                    script(CLERK, url=f"{MAIN}2", pages=("acme-git-x.vercel.app",)),
                    script(TUNNEL, url=f"{MAIN}3", pages=(f"app-preview.{DOMAIN}",)),
                )
            ),
            not_=ALL,
        ),
        Example(
            "an API on the developer's computer",
            one(local("http://localhost:3001/api")),
            finds=(f"localhost-api-in-bundle {MAIN}",),
        ),
        Example(
            "one inside the page, handed to a call",
            facts(shipped(inline=(local("http://127.0.0.1:8000", "call"),))),
            finds=(f"localhost-api-in-bundle {PAGE}",),
        ),
        Example(
            "an address without a path that nothing calls",
            one(local("http://localhost:4000", "bare")),
            not_=("localhost-api-in-bundle",),
            also=remarked,
        ),
        Example(
            "a tunnel",
            one(TUNNEL),
            finds=(f"dev-host-in-bundle {MAIN}",),
        ),
        Example(
            "a tunnel that a person gave as an address of the launch",
            facts(
                shipped(script(TUNNEL)),
                Target(domain=DOMAIN, urls=("https://a1b2.ngrok-free.app/",)),
            ),
            not_=("dev-host-in-bundle",),
        ),
        Example(
            "a script that could not be read",
            one(read="unknown", size=0, cause="answered 403"),
            state=State.UNKNOWN,
        ),
        Example(
            "a page could not be read, but what was read is wrong",
            facts(shipped(script(CLERK), script(url=f"https://{APP}/b.js", read="unknown"))),
            finds=(f"test-mode-keys-in-production {MAIN}",),
        ),
    ],
)
